package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/importer"
)

type answerOutput struct {
	Body answer
}

// An answer is a page of rows with the query that finds it in Neo4j.
type answer struct {
	graph.Answer
	Cypher  cypher.Query `json:"cypher" doc:"The same question as Cypher, from its first row"`
	Browser string       `json:"browser" doc:"That query without parameters, to paste into Neo4j Browser"`
}

func newAnswer(found graph.Answer, query cypher.Query) *answerOutput {
	return &answerOutput{answer{found, query, query.Browser()}}
}

type questionsOutput struct {
	Body struct {
		Questions []questionSummary `json:"questions"`
	}
}

type questionSummary struct {
	Name  string            `json:"name"`
	Asks  string            `json:"asks"`
	Takes []graph.Parameter `json:"takes"`
	Needs []graph.Parameter `json:"needs,omitempty"`
}

type askInput struct {
	Name       string `path:"name" doc:"The question's name" example:"breached-promises"`
	By         string `query:"by" doc:"Actor who bears the obligation: id or name"`
	To         string `query:"to" doc:"Actor who is owed it, or is the victim: id or name" example:"Ukraine"`
	About      string `query:"about" doc:"Actor, instrument or other node: id or name"`
	Kind       string `query:"kind" doc:"Kind of obligation"`
	Instrument string `query:"instrument" doc:"Instrument that creates the obligation: id or name"`
	Status     string `query:"status" doc:"agreed or proposed"`
	Basis      string `query:"basis" doc:"What a breach rests on: stated, coded or inferred"`
	Outcome    string `query:"outcome" doc:"honoured, violated or unknown"`
	AsOf       string `query:"asOf" doc:"Only what had happened by that day, month or year" example:"2014-12-31"`
	Hops       int    `query:"hops" minimum:"0" maximum:"8" doc:"Longest path, in hops"`
	pageInput
}

type pageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"25" doc:"Rows at most"`
	Cursor string `query:"cursor" doc:"The answer's next, to go on where it ended"`
}

func (in askInput) arguments() graph.Arguments {
	given := graph.Arguments{
		graph.By: in.By, graph.Toward: in.To, graph.About: in.About, graph.OfKind: in.Kind, graph.Under: in.Instrument,
		graph.WithStatus: in.Status, graph.OnBasis: in.Basis, graph.WithOutcome: in.Outcome, graph.AsOfDay: in.AsOf,
	}
	if in.Hops > 0 {
		given[graph.MaxHopCount] = strconv.Itoa(in.Hops)
	}
	for parameter, value := range given {
		if value == "" {
			delete(given, parameter)
		}
	}
	return given
}

func (s *server) registerQuestions(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "list-questions", Method: http.MethodGet, Path: "/v1/questions", Summary: "List the named questions",
	}, func(context.Context, *struct{}) (*questionsOutput, error) {
		out := &questionsOutput{}
		for _, q := range graph.Questions {
			out.Body.Questions = append(out.Body.Questions, questionSummary{q.Name, q.Asks, q.Takes, q.Needs})
		}
		return out, nil
	})
	huma.Register(api, huma.Operation{
		OperationID: "ask", Method: http.MethodGet, Path: "/v1/questions/{name}", Summary: "Ask a named question",
		Description: "Each row is a path through the graph; each hop carries the passages that prove it.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, func(ctx context.Context, in *askInput) (*answerOutput, error) {
		question, err := graph.QuestionNamed(in.Name)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		arguments := in.arguments()
		for parameter, value := range arguments {
			if !parameter.IsNode() {
				continue
			}
			node, err := importer.Lookup(ctx, s.options.Store, s.options.Lexicon, value)
			if err != nil {
				return nil, s.problem(ctx, fmt.Errorf("%s: %w", parameter, err))
			}
			arguments[parameter] = node.ID
		}
		found, err := question.Ask(ctx, s.options.Store, arguments, in.Limit, in.Cursor)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		query, err := cypher.Question(question, arguments, in.Limit)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return newAnswer(found, query), nil
	})
}
