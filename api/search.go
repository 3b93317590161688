package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
)

type searchInput struct {
	Q     string `query:"q" required:"true" maxLength:"500" doc:"Words that must all stand in a name or quote; letter case and accents do not count" example:"Budapest memorandum"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"25" doc:"Results at most"`
}

type searchOutput struct {
	Body struct {
		Found []graph.Hit `json:"found"`
	}
}

func (s *server) registerSearch(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/v1/search",
		Summary: "Find actors, instruments and passages by their words, the best first",
		Errors:  []int{http.StatusUnprocessableEntity},
	}, func(ctx context.Context, in *searchInput) (*searchOutput, error) {
		hits, err := graph.AnswerSearch(ctx, s.options.Store, in.Q, in.Limit)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		out := &searchOutput{}
		out.Body.Found = hits
		return out, nil
	})
}
