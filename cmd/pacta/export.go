package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/importer"
)

func newExport(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Print all claims in a fixed order, as JSONL that import reads",
		Long: `Export prints one line for each document and extractor, with the document's text
so that every quote can be checked elsewhere. Two graphs that hold the same
documents export the same bytes.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := s.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer store.Close()
			out := bufio.NewWriter(cmd.OutOrStdout())
			err = store.Batches(cmd.Context(), func(b *graph.Batch) error {
				return importer.WriteClaims(out, importer.ClaimsOf(b))
			})
			if err != nil {
				return err
			}
			return out.Flush()
		},
	}
}
