package graph

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// A hub is a source in which every node has more edges than a search may read.
type hub struct{}

func (hub) Nodes(_ context.Context, ids []string) (map[string]Node, error) {
	nodes := map[string]Node{}
	for _, id := range ids {
		nodes[id] = Node{ID: id}
	}
	return nodes, nil
}

func (hub) EdgesAt(_ context.Context, nodes []string, _ Direction, _ []EdgeType, yield func(string, Edge) error) error {
	for i := range maxEdgesRead + 1 {
		if err := yield(nodes[0], Edge{From: nodes[0], Type: Owes, To: fmt.Sprint(i)}); err != nil {
			return err
		}
	}
	return nil
}

func (hub) FillIn(context.Context, []Edge) error { return nil }

func TestPathSearchIsBounded(t *testing.T) {
	if _, err := SearchPaths(context.Background(), hub{}, PathQuery{From: "a", To: "b"}); !errors.Is(err, ErrTooCostly) {
		t.Errorf("got %v", err)
	}
}
