package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
	"pacta/importer"
)

// resources are the kinds of node that have a collection of their own.
var resources = []struct {
	path  string
	name  string
	label graph.Label
}{
	{"/v1/actors", "actor", graph.ActorLabel},
	{"/v1/instruments", "instrument", graph.InstrumentLabel},
	{"/v1/obligations", "obligation", graph.ObligationLabel},
	{"/v1/violations", "violation", graph.ViolationLabel},
	{"/v1/documents", "document", graph.DocumentLabel},
}

// proofsShown bounds the passages of a single resource; the question evidence
// gives them all.
const proofsShown = 100

type nodesOutput struct {
	Body struct {
		Nodes []graph.Node `json:"nodes"`
		Next  string       `json:"next,omitempty"`
	}
}

type nodeOutput struct {
	Body struct {
		graph.Node
		Evidence []graph.Proof `json:"evidence"`
	}
}

type nodeInput struct {
	ID string `path:"id" doc:"Its id or, of an actor or instrument, its name"`
}

func (s *server) registerResources(api huma.API) {
	for _, r := range resources {
		huma.Register(api, huma.Operation{
			OperationID: "list-" + r.name + "s", Method: http.MethodGet, Path: r.path, Summary: "List " + r.name + "s by name",
			Errors: []int{http.StatusUnprocessableEntity},
		}, func(ctx context.Context, in *pageInput) (*nodesOutput, error) {
			return s.list(ctx, r.label, in)
		})
		huma.Register(api, huma.Operation{
			OperationID: "get-" + r.name, Method: http.MethodGet, Path: r.path + "/{id}",
			Summary: "Get one " + r.name + " with the passages that prove it",
			Errors:  []int{http.StatusNotFound},
		}, func(ctx context.Context, in *nodeInput) (*nodeOutput, error) {
			return s.get(ctx, r.label, in.ID)
		})
	}
	huma.Register(api, huma.Operation{
		OperationID: "withdraw-document", Method: http.MethodDelete, Path: "/v1/documents/{id}",
		Summary: "Withdraw a document with exactly what only it supported", DefaultStatus: http.StatusNoContent,
		Errors: []int{http.StatusNotFound},
	}, func(ctx context.Context, in *nodeInput) (*struct{}, error) {
		if err := s.options.Store.Withdraw(ctx, in.ID); err != nil {
			return nil, s.problem(ctx, err)
		}
		return nil, nil
	})
}

func (s *server) list(ctx context.Context, label graph.Label, in *pageInput) (*nodesOutput, error) {
	page, err := s.options.Store.Match(ctx, graph.Pattern{
		Nodes: []graph.NodePattern{{As: "node", Label: label}},
		Order: []graph.Order{{Of: "node", Property: graph.Name}},
		Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &nodesOutput{}
	out.Body.Nodes = make([]graph.Node, len(page.Matches))
	for i, m := range page.Matches {
		out.Body.Nodes[i] = m.Nodes["node"]
	}
	out.Body.Next = page.Next
	return out, nil
}

func (s *server) get(ctx context.Context, label graph.Label, id string) (*nodeOutput, error) {
	node, err := importer.Lookup(ctx, s.options.Store, s.options.Lexicon, id)
	if err == nil && node.Label != label {
		err = fmt.Errorf("%w: %s is of kind %s", graph.ErrNotFound, id, node.Label)
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	proofs, err := s.options.Store.Evidence(ctx, node.Facts(), proofsShown)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &nodeOutput{}
	out.Body.Node, out.Body.Evidence = node, []graph.Proof{}
	for _, fact := range node.Facts() {
		out.Body.Evidence = append(out.Body.Evidence, proofs[fact]...)
	}
	return out, nil
}
