package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/importer"
)

type pathsInput struct {
	From     string           `query:"from" required:"true" doc:"Where the paths begin: id or name" example:"Russia"`
	To       string           `query:"to" required:"true" doc:"Where they end: id or name" example:"Ukraine"`
	Types    []graph.EdgeType `query:"types" doc:"Edge types to follow; all between facts where none is given"`
	Directed bool             `query:"directed" doc:"Follow edges from source to target alone"`
	Hops     int              `query:"hops" minimum:"1" maximum:"8" default:"5" doc:"Longest path, in hops"`
	Limit    int              `query:"limit" minimum:"1" maximum:"100" default:"5" doc:"Paths at most"`
}

func (s *server) registerPaths(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "paths", Method: http.MethodGet, Path: "/v1/paths", Summary: "Find the shortest paths between two nodes",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, func(ctx context.Context, in *pathsInput) (*answerOutput, error) {
		query := graph.PathQuery{Types: in.Types, Directed: in.Directed, MaxHops: in.Hops, Limit: in.Limit}
		for _, end := range []struct {
			name string
			id   *string
		}{{in.From, &query.From}, {in.To, &query.To}} {
			node, err := importer.Lookup(ctx, s.options.Store, s.options.Lexicon, end.name)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			*end.id = node.ID
		}
		found, err := graph.AnswerPaths(ctx, s.options.Store, query)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return newAnswer(found, cypher.Paths(query)), nil
	})
}
