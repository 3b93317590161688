package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/graph/localstore"
)

// forgetful is a store that takes batches and shows one node less.
type forgetful struct{ graph.Store }

func (f forgetful) Export(ctx context.Context, node func(graph.Node) error, edge func(graph.Edge) error) error {
	first := true
	return f.Store.Export(ctx, func(n graph.Node) error {
		if first {
			first = false
			return nil
		}
		return node(n)
	}, edge)
}

func TestACopyThatDiffersIsAnError(t *testing.T) {
	open := func() graph.Store {
		store, err := localstore.Open(context.Background(), filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		return store
	}
	from, to := open(), open()
	text := "Peru signed the Lima Pact."
	_, err := from.Apply(context.Background(), &graph.Batch{
		Extractor: "test", Document: graph.Document{SHA256: strings.Repeat("a", 64), URI: "a.txt", Text: text},
		Instruments: []graph.InstrumentClaim{{
			ID: "lima-pact", Name: "Lima Pact", Kind: graph.Treaty, Binding: graph.LegallyBinding, Status: graph.Agreed,
			Evidence: []graph.Evidence{{Quote: text, End: len(text), Extractor: "test", Stance: graph.Supports}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := &cobra.Command{}
	cmd.SetContext(context.Background())
	cmd.SetOut(io.Discard)
	cmd.SetErr(io.Discard)
	if err := copyBatches(cmd, from, to); err != nil {
		t.Fatal(err)
	}
	if err := compare(cmd, from, to); err != nil {
		t.Error(err)
	}
	if err := compare(cmd, from, forgetful{to}); !errors.Is(err, errDiffers) || !strings.Contains(err.Error(), "2 nodes") {
		t.Errorf("a copy without a node: %v", err)
	}
}
