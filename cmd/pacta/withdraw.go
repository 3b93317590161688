package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pacta/graph"
)

func newWithdraw(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "withdraw DOCUMENT…",
		Short: "Take documents back, with exactly what only they supported",
		Long:  "Withdraw removes documents from the graph as if they had never been imported.\nA document is given by its id (doc:…), or by the path it was imported from.",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, documents []string) error {
			store, err := s.openStore(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer store.Close()
			for _, document := range documents {
				id := document
				if !strings.HasPrefix(id, "doc:") {
					page, err := store.Match(cmd.Context(), graph.Pattern{Nodes: []graph.NodePattern{
						{As: "document", Label: graph.DocumentLabel, Where: []graph.Filter{graph.Is(graph.URI, document)}},
					}})
					if err != nil {
						return err
					}
					if len(page.Matches) == 0 {
						return fmt.Errorf("%w: no document was imported from %q", graph.ErrNotFound, document)
					}
					id = page.Matches[0].Nodes["document"].ID
				}
				if err := store.Withdraw(cmd.Context(), id); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "withdrew %s\n", document)
			}
			return nil
		},
	}
}
