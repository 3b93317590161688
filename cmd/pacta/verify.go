package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"pacta/graph"
)

var errUnproved = errors.New("some facts are not proved; withdraw and import their documents again")

func newVerify(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Check that every quote stands in its document",
		Long:  "Verify reads every batch of the graph and checks it as if it were imported now:\neach quote stands verbatim at its offsets, each word is in its vocabulary, each\nreference is to something that is there.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := s.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer store.Close()
			if err := store.Check(cmd.Context()); err != nil {
				return err
			}
			batches, claims, broken := 0, 0, 0
			err = store.Batches(cmd.Context(), func(b *graph.Batch) error {
				batches++
				claims += b.ClaimCount()
				if err := b.Validate(); err != nil {
					broken++
					fmt.Fprintf(cmd.OutOrStdout(), "%s, read by %s:\n%v\n", b.Document.URI, b.Extractor, err)
				}
				return nil
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d claims in %d readings of documents: %d readings with mistakes\n", claims, batches, broken)
			if broken > 0 {
				return errUnproved
			}
			return nil
		},
	}
}
