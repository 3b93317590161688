package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
)

func (s *server) registerMatch(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "match", Method: http.MethodPost, Path: "/v1/match", Summary: "Match a pattern of your own",
		Description: "A pattern names nodes and the edges between them, with conditions on both and sub-patterns that must be absent.",
		Errors:      []int{http.StatusUnprocessableEntity},
	}, func(ctx context.Context, in *struct{ Body graph.Pattern }) (*answerOutput, error) {
		answer, err := graph.AnswerPattern(ctx, s.options.Store, in.Body)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &answerOutput{answer}, nil
	})
}
