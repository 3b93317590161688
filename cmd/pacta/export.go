package main

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/graph/neo4jadmin"
	"pacta/importer"
)

// The formats of an export.
const (
	formatClaims = "claims"
	formatAdmin  = "neo4j-admin"
)

func newExport(s *settings) *cobra.Command {
	var format, folder string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the whole graph, as claims that import reads or as files for neo4j-admin",
		Long: `Export prints one line for each document and extractor, with the document's text
so that every quote can be checked elsewhere. Two graphs that hold the same
documents export the same bytes.

With --format neo4j-admin it writes files into a new folder instead, of which
"neo4j-admin database import full" makes a database: the fast way to bring a
large graph into Neo4j. It prints the commands. They run on the server's
machine, as the user that Neo4j runs as, while the server is stopped. The
database is then like one that pacta filled itself; the first pacta that opens
it makes the indexes, which takes a while in a large graph.`,
		Example: `  pacta export > all.jsonl
  pacta export --format neo4j-admin --output /tmp/graph`,
		Args: cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error {
			switch {
			case format != formatClaims && format != formatAdmin:
				return fmt.Errorf("%w: format %q; one of %s, %s", graph.ErrInvalid, format, formatClaims, formatAdmin)
			case format == formatAdmin && folder == "":
				return fmt.Errorf("%w: name the folder to write to with --output", graph.ErrInvalid)
			case format == formatClaims && folder != "":
				return fmt.Errorf("%w: claims go to standard output, which can be sent to a file; --output is for --format %s", graph.ErrInvalid, formatAdmin)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := s.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer store.Close()
			if format == formatAdmin {
				return s.exportFiles(cmd, store, folder)
			}
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
	cmd.Flags().StringVarP(&format, "format", "f", formatClaims, "claims or neo4j-admin")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{formatClaims, formatAdmin}, cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().StringVarP(&folder, "output", "o", "", "with --format neo4j-admin: the folder to write to, a new or an empty one")
	_ = cmd.MarkFlagDirname("output")
	return cmd
}

// exportFiles writes files for neo4j-admin, and prints what to do with them.
func (s *settings) exportFiles(cmd *cobra.Command, store graph.Store, folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	bar := newBar(cmd.ErrOrStderr(), "writing", 0)
	files, err := neo4jadmin.Export(cmd.Context(), store, folder, func(done, of int) {
		bar.ChangeMax(of)
		_ = bar.Set(done)
	})
	_ = bar.Finish()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	printImport(cmd.OutOrStdout(), files, folder, s.config.Neo4j.Database)
	return nil
}

// printImport prints the commands that make a database of the files.
func printImport(w io.Writer, files *neo4jadmin.Writer, folder, database string) {
	var command strings.Builder
	for i, word := range files.Command(database) {
		switch {
		case strings.HasPrefix(word, "--"):
			command.WriteString(" \\\n    ") // an option a line
		case i > 0:
			command.WriteString(" ")
		}
		command.WriteString(quoted(word))
	}
	fmt.Fprintf(w, `%d nodes and %d relationships are in %s.
On the server's machine, as the user that Neo4j runs as:

  neo4j stop
  cd %s
  %s
  neo4j start

Where the server has a database %[6]s already, as after its first start, add
--overwrite-destination to the third: all that it holds is deleted.
`, files.Nodes(), files.Relationships(), folder, quoted(folder), command.String(), database)
}

var harmless = regexp.MustCompile(`^[A-Za-z0-9_./:=,+-]+$`)

// quoted is a word as a shell reads it.
func quoted(word string) string {
	if harmless.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
