package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
	"pacta/graph/cypher"
)

func (s *server) registerMatch(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "match", Method: http.MethodPost, Path: "/v1/match", Summary: "Match a pattern of your own",
		Description: "A pattern names nodes and the edges between them, with conditions on both and sub-patterns that must be absent.",
		Errors:      []int{http.StatusUnprocessableEntity},
	}, func(ctx context.Context, in *struct{ Body graph.Pattern }) (*answerOutput, error) {
		pattern := in.Body
		pattern.Limit = cmp.Or(pattern.Limit, graph.DefaultLimit)
		found, err := graph.AnswerPattern(ctx, s.options.Store, pattern)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		pattern.Cursor = ""
		query, err := cypher.Match(pattern)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return newAnswer(found, query), nil
	})
}
