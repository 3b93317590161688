package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"pacta/graph"
)

var errDiffers = errors.New("the copy is not the same graph; if nobody wrote to either meanwhile, copy to a fresh store, and report it")

func newCopy(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "copy FROM TO",
		Short: "Copy a whole graph into another store",
		Long: `Copy writes all that one store holds into another, of the same or another kind:
from a local file to a Neo4j server, or back. Each is named as --store names it;
a Neo4j server is used as the configuration says.

TO can hold documents already; then both graphs become one there, and where both
hold a reading of one document by one extractor, that of FROM stays. A copy that
was stopped goes on where it was. Where TO was empty before, the two graphs are
compared at the end, node by node and edge by edge.`,
		Example: `  pacta copy local:graph.db neo4j://localhost
  pacta copy bolt://localhost:7687 local:backup.db`,
		Args: cobra.ExactArgs(2),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 2 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeStore(cmd, args, begun)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			source, target := s.at(args[0]), s.at(args[1])
			if sameStore(source, target) {
				return fmt.Errorf("%w: %s and %s are the same store", graph.ErrInvalid, args[0], args[1])
			}
			from, err := source.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer from.Close()
			to, err := target.openStore(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer to.Close()
			before, err := to.Statistics(cmd.Context())
			if err != nil {
				return err
			}
			if err := copyBatches(cmd, from, to); err != nil {
				return err
			}
			if before.Batches > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "%s held documents before, so the graphs are not compared\n", args[1])
				return nil
			}
			return compare(cmd, from, to)
		},
	}
}

// at are the settings with another store.
func (s *settings) at(store string) *settings {
	other := *s
	other.config.Store = store
	return &other
}

// sameStore reports whether both name one store.
func sameStore(a, b *settings) bool {
	first, err := a.config.LocalPath()
	if err != nil {
		return a.config.Store == b.config.Store
	}
	second, err := b.config.LocalPath()
	if err != nil {
		return false
	}
	one, err := os.Stat(first)
	if err != nil {
		return false // opening it will fail
	}
	two, err := os.Stat(second)
	return err == nil && os.SameFile(one, two)
}

// copyBatches applies all batches of a store to another.
func copyBatches(cmd *cobra.Command, from, to graph.Store) error {
	held, err := from.Statistics(cmd.Context())
	if err != nil {
		return err
	}
	bar := newBar(cmd.ErrOrStderr(), "copying", held.Batches)
	var copied, replaced, unchanged, claims int
	err = from.Batches(cmd.Context(), func(b *graph.Batch) error {
		change, err := to.Apply(cmd.Context(), b)
		switch {
		case err != nil:
			return err
		case change.Unchanged:
			unchanged++
		case change.Replaced:
			replaced++
		default:
			copied++
		}
		claims += change.Claims
		_ = bar.Add(1)
		return nil
	})
	_ = bar.Finish()
	fmt.Fprintf(cmd.OutOrStdout(), "%d readings of documents copied, %d replaced, %d unchanged; %d claims\n", copied, replaced, unchanged, claims)
	if err != nil {
		return fmt.Errorf("%w; copy again to go on", err)
	}
	return nil
}

// compare returns errDiffers where the stores do not show the same graph.
func compare(cmd *cobra.Command, from, to graph.Store) error {
	want, err := fingerprintOf(cmd.Context(), from)
	if err != nil {
		return err
	}
	got, err := fingerprintOf(cmd.Context(), to)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%w: it has %d nodes and %d edges, the other %d and %d", errDiffers, got.nodes, got.edges, want.nodes, want.edges)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "both graphs are the same: %d nodes, %d edges\n", got.nodes, got.edges)
	return nil
}

// A fingerprint tells two graphs apart.
type fingerprint struct {
	nodes, edges int
	sum          [sha256.Size]byte
}

// fingerprintOf reads all that the store shows.
func fingerprintOf(ctx context.Context, store graph.Store) (fingerprint, error) {
	var f fingerprint
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	err := store.Export(ctx, func(n graph.Node) error {
		f.nodes++
		return encoder.Encode(n)
	}, func(e graph.Edge) error {
		f.edges++
		return encoder.Encode(e)
	})
	f.sum = [sha256.Size]byte(hash.Sum(nil))
	return f, err
}
