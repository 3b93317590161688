package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pacta/graph"
)

func newSearch(s *settings) *cobra.Command {
	var limit int
	var format string
	cmd := &cobra.Command{
		Use:   "search WORDS…",
		Short: "Find actors, instruments and passages by their words",
		Long:  "Search finds the actors and instruments in whose names, and the passages in whose\nquote, all the words stand, the best first. Letter case and accents do not count.",
		Example: "  pacta search Budapest memorandum\n" +
			"  pacta search annexed crimea --format json",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			store, err := s.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer store.Close()
			hits, err := graph.AnswerSearch(cmd.Context(), store, strings.Join(words, " "), limit)
			if err != nil {
				return err
			}
			if format == formatJSON {
				return printJSON(cmd.OutOrStdout(), hits)
			}
			return printHits(cmd.OutOrStdout(), hits)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", graph.DefaultLimit, "results at most")
	addFormat(cmd, &format)
	return cmd
}

// printHits prints what was found as a table and, below it, the passages whole.
func printHits(w io.Writer, hits []graph.Hit) error {
	if len(hits) == 0 {
		fmt.Fprintln(w, "nothing found")
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tlabel\tname\tid")
	for i, h := range hits {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", i+1, h.Node.Label, plain(h.Node.Name), h.Node.ID)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, h := range hits {
		if h.Document == nil {
			continue
		}
		d := h.Document.Properties
		p := graph.Proof{Title: d.Text(graph.Title), URI: d.Text(graph.URI)}
		fmt.Fprintf(w, "\n%d. “%s”\n   %s, bytes %v to %v\n", i+1, plain(h.Node.Properties.Text(graph.Quote)), plain(source(p)),
			h.Node.Properties[graph.Start], h.Node.Properties[graph.End])
	}
	return nil
}
