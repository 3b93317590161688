package importer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pacta/graph"
	"pacta/importer/lexicon"
)

// Lookup finds the node that people mean by an id or a name: as the store
// knows it, or as the lexicon does. It returns graph.ErrNotFound, with names
// that are near, where the store holds no such node.
func Lookup(ctx context.Context, store graph.Store, lex *lexicon.Lexicon, name string) (graph.Node, error) {
	node, err := store.Node(ctx, name)
	if err == nil || !errors.Is(err, graph.ErrNotFound) {
		return node, err
	}
	found, err := store.Find(ctx, name)
	if err != nil {
		return graph.Node{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	known, ok := lex.ActorByName(name)
	if !ok {
		known, ok = lex.InstrumentByName(name)
	}
	if !ok {
		return graph.Node{}, fmt.Errorf("%w: %q is no id and no name of an actor or instrument%s", graph.ErrNotFound, name, suggestion(lex.Near(name, 3)))
	}
	node, err = store.Node(ctx, known)
	if errors.Is(err, graph.ErrNotFound) {
		return graph.Node{}, fmt.Errorf("%w: no imported document speaks of %q (%s)", graph.ErrNotFound, name, known)
	}
	return node, err
}

func suggestion(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}
