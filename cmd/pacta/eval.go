package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pacta/importer"
	"pacta/importer/eval"
)

func newEval(s *settings) *cobra.Command {
	var differences bool
	var format string
	cmd := &cobra.Command{
		Use:   "eval GOLD…",
		Short: "Score the extractor against annotated documents",
		Long: `Eval reads annotations (claims files made by careful readers), extracts the same
documents, and prints precision, recall and F1 for each type of fact, for each
document, and the mean over documents. An annotation's document stands beside it
or in a folder "documents" beside its folder.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			sources, unreadable, err := importer.Files(paths)
			if err != nil {
				return err
			}
			for _, r := range unreadable {
				return fmt.Errorf("%s: %s", r.Source, r.Reason)
			}
			im, err := s.newImporter(importer.Options{})
			if err != nil {
				return err
			}
			pairs, err := eval.Pairs(cmd.Context(), im, sources)
			if err != nil {
				return err
			}
			report := eval.Score(pairs)
			if format == formatJSON {
				return printJSON(cmd.OutOrStdout(), report)
			}
			if differences {
				for _, d := range report.Each {
					for _, m := range d.Missed {
						fmt.Fprintf(cmd.OutOrStdout(), "missed %s: %s   [%s]\n", m.Type, m.Atom, d.Name)
					}
					for _, w := range d.Wrong {
						fmt.Fprintf(cmd.OutOrStdout(), "wrong  %s: %s   [%s]\n", w.Type, w.Atom, d.Name)
					}
				}
			}
			return report.WriteTable(cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&differences, "misses", false, "list what was missed and what was wrong")
	addFormat(cmd, &format)
	return cmd
}
