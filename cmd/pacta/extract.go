package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pacta/importer"
)

func newExtract(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "extract FILE…",
		Short: "Print the claims that documents make, without a graph",
		Long: `Extract reads documents as import does and prints their claims as JSONL, one
line a document, in the format that import reads. Each claim names the rule that
made it. "-" reads standard input.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			sources, unreadable, err := sourcesOf(cmd, paths)
			if err != nil {
				return err
			}
			im, err := s.newImporter(importer.Options{})
			if err != nil {
				return err
			}
			failed := len(unreadable) > 0
			for _, source := range sources {
				claims, _, err := im.Extract(cmd.Context(), source)
				if err != nil {
					fmt.Fprintf(cmd.ErrOrStderr(), "%s: %v\n", source.URI, err)
					failed = true
					continue
				}
				for _, c := range claims {
					if err := importer.WriteClaims(cmd.OutOrStdout(), c); err != nil {
						return err
					}
				}
			}
			for _, r := range unreadable {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", r.Source, r.Reason)
			}
			if failed {
				return errPartly
			}
			return nil
		},
	}
}
