package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/graph/cypher"
)

// The formats of what is printed.
const (
	formatTable = "table"
	formatJSON  = "json"
)

func addFormat(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVarP(format, "format", "f", formatTable, "table or json")
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if *format != formatTable && *format != formatJSON {
			return fmt.Errorf("%w: format %q; one of table, json", graph.ErrInvalid, *format)
		}
		if check != nil {
			return check(cmd, args)
		}
		return nil
	}
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{formatTable, formatJSON}, cobra.ShellCompDirectiveNoFileComp))
}

// addCypher adds the flag that prints the Cypher of a question, in place of its
// answer.
func addCypher(cmd *cobra.Command, asCypher *bool) {
	cmd.Flags().BoolVar(asCypher, "cypher", false, "print the Cypher to paste into Neo4j Browser, not the answer")
	cmd.MarkFlagsMutuallyExclusive("cypher", "format")
}

// printCypher prints the query as Neo4j Browser takes it.
func printCypher(w io.Writer, query cypher.Query) error {
	_, err := fmt.Fprintln(w, query.Browser())
	return err
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// printAnswer prints the rows as a table and, below it, every row's path with
// the passages that prove each hop.
func printAnswer(w io.Writer, answer graph.Answer, format string) error {
	if format == formatJSON {
		return printJSON(w, answer)
	}
	if len(answer.Rows) == 0 {
		fmt.Fprintln(w, "nothing found")
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\t%s\n", strings.Join(answer.Columns, "\t"))
	for i, row := range answer.Rows {
		cells := make([]string, len(row.Values))
		for j, value := range row.Values {
			cells[j] = plain(value)
		}
		fmt.Fprintf(table, "%d\t%s\n", i+1, strings.Join(cells, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for i, row := range answer.Rows {
		fmt.Fprintf(w, "%d.\n", i+1)
		printRow(w, row)
	}
	if answer.Next != "" {
		fmt.Fprintf(w, "\nmore: --cursor %s\n", answer.Next)
	}
	return nil
}

// printRow prints the path hop by hop, each with the numbers of the passages
// that prove it, and then the passages.
func printRow(w io.Writer, row graph.Row) {
	names := map[string]string{}
	for _, n := range row.Nodes {
		names[n.ID] = n.Name
	}
	proofs := row.Proofs()
	for _, hop := range row.Hops {
		var notes strings.Builder
		for i, p := range proofs {
			if slices.ContainsFunc(hop.Evidence, func(q graph.Proof) bool { return q.Passage == p.Passage }) {
				fmt.Fprintf(&notes, " [%d]", i+1)
			}
		}
		fmt.Fprintf(w, "   %s -%s%s-> %s%s\n", plain(names[hop.From]), hop.Type, detail(hop.Edge), plain(names[hop.To]), notes.String())
	}
	printProofs(w, proofs)
}

// detail is what an edge says beside its type.
func detail(e graph.Edge) string {
	var parts []string
	for _, property := range []graph.Property{graph.RoleOf, graph.Kind, graph.BasisOf, graph.OutcomeOf} {
		if value := e.Properties.Text(property); value != "" {
			parts = append(parts, value)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func printProofs(w io.Writer, proofs []graph.Proof) {
	for i, p := range proofs {
		stance := ""
		if p.Stance == graph.Denies {
			stance = "denied: "
		}
		fmt.Fprintf(w, "   [%d] %s“%s”\n       %s, bytes %d to %d, read by %s\n",
			i+1, stance, plain(p.Quote), plain(source(p)), p.Start, p.End, plain(by(p)))
	}
}

func source(p graph.Proof) string {
	if p.Title == "" || p.Title == p.URI {
		return p.URI
	}
	return p.Title + " (" + p.URI + ")"
}

func by(p graph.Proof) string {
	if p.Rule == "" {
		return p.Extractor
	}
	return p.Extractor + ", rule " + p.Rule
}

// plain makes text from a document safe for a terminal: white space becomes
// one space, and control characters become visible.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u00a0':
			b.WriteByte(' ')
		case r < ' ' || r >= 0x7f && r < 0xa0:
			fmt.Fprintf(&b, "\\x%02x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
