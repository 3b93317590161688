package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/importer"
)

// patience is how long an import waits for a server that does not answer.
const patience = 5 * time.Minute

func newImport(s *settings) *cobra.Command {
	var dryRun bool
	var format string
	cmd := &cobra.Command{
		Use:   "import PATH…",
		Short: "Read documents and claims files into the graph",
		Long: `Import reads plain text, Markdown, HTML and claims files (JSON, JSONL): files,
folders with all that is below them, globs, or "-" for standard input.

Each document is written whole or not at all. Importing the same document again
changes nothing, so an import that was stopped goes on where it was. What is not
read is listed with the reason; then the exit code is 3. A Neo4j server that
does not answer is waited for, five minutes at most.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			sources, unreadable, err := sourcesOf(cmd, paths)
			if err != nil {
				return err
			}
			var store graph.Store
			if !dryRun {
				if store, err = s.openStore(cmd.Context(), false); err != nil {
					return err
				}
				defer store.Close()
			}
			bar := newBar(cmd.ErrOrStderr(), "importing", len(sources))
			im, err := s.newImporter(importer.Options{
				Store:    store,
				Progress: func(importer.Result) { _ = bar.Add(1) },
				Patience: patience,
				Waiting: func(waiting bool) {
					_ = bar.Clear()
					if waiting {
						fmt.Fprintln(cmd.ErrOrStderr(), "the store does not answer; waiting…")
					} else {
						fmt.Fprintln(cmd.ErrOrStderr(), "going on")
					}
				},
			})
			if err != nil {
				return err
			}
			report, importError := im.Import(cmd.Context(), sources)
			_ = bar.Finish()
			report.Results = append(report.Results, unreadable...)
			if err := printReport(cmd.OutOrStdout(), report, dryRun, format); err != nil {
				return err
			}
			if importError == nil && report.Failed() {
				return errPartly
			}
			return importError
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "read and check everything, write nothing")
	cmd.Flags().Int("workers", 0, "documents read at once; 0 for one a processor")
	s.flags["import.workers"] = cmd.Flags().Lookup("workers")
	addFormat(cmd, &format)
	return cmd
}

// sourcesOf finds the sources at the paths; "-" is standard input.
func sourcesOf(cmd *cobra.Command, paths []string) ([]importer.Source, []importer.Result, error) {
	var sources []importer.Source
	files := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "-" })
	if len(files) < len(paths) {
		data, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), importer.MaxDocumentBytes+1))
		if err != nil {
			return nil, nil, fmt.Errorf("standard input: %w", err)
		}
		name := "stdin"
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
			name = "stdin.jsonl"
		}
		sources = append(sources, importer.Bytes(name, data))
	}
	found, unreadable, err := importer.Files(files)
	return append(sources, found...), unreadable, err
}

// newBar shows progress on a terminal and nothing elsewhere.
func newBar(w io.Writer, doing string, of int) *progressbar.ProgressBar {
	if !isTerminal(w) {
		return progressbar.DefaultSilent(int64(of))
	}
	return progressbar.NewOptions(of, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(doing),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
}

func printReport(w io.Writer, report importer.Report, dryRun bool, format string) error {
	if format == formatJSON {
		return printJSON(w, report)
	}
	if dryRun {
		fmt.Fprintln(w, "dry run: nothing was written")
	}
	fmt.Fprintf(w, "%d imported, %d replaced, %d unchanged, %d skipped, %d refused; %d claims\n",
		report.Count(importer.Imported), report.Count(importer.Replaced), report.Count(importer.Unchanged),
		report.Count(importer.Skipped), report.Count(importer.Refused), report.Claims())
	notFacts := report.NotFacts()
	if len(notFacts) > 0 {
		fmt.Fprintln(w, "\nread, but no fact:")
		for _, reason := range slices.Sorted(maps.Keys(notFacts)) {
			fmt.Fprintf(w, "  %6d  %s\n", notFacts[reason], reason)
		}
	}
	if report.Failed() {
		fmt.Fprintln(w, "\nnot imported:")
		for _, r := range report.Results {
			if r.Outcome == importer.Skipped || r.Outcome == importer.Refused {
				fmt.Fprintf(w, "  %s %s: %s\n", r.Outcome, r.Source, r.Reason)
			}
		}
	}
	return nil
}
