package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/importer"
	"pacta/importer/lexicon"
)

// proofsShown is how many passages show prints; ask evidence prints more.
const proofsShown = 10

func newShow(s *settings) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:               "show ID",
		Short:             "Show a node with its properties and passages",
		Long:              "Show prints what all documents say together about an actor, instrument,\nobligation, violation or document, and the passages that prove it. The node is\ngiven by id or name.",
		Example:           "  pacta show budapest-memorandum\n  pacta show Turkey",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: s.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := s.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer store.Close()
			lex, err := lexicon.Default()
			if err != nil {
				return err
			}
			node, err := importer.Lookup(cmd.Context(), store, lex, args[0])
			if err != nil {
				return err
			}
			proofs, err := store.Evidence(cmd.Context(), node.Facts(), proofsShown)
			if err != nil {
				return err
			}
			var evidence []graph.Proof
			for _, fact := range node.Facts() {
				evidence = append(evidence, proofs[fact]...)
			}
			w := cmd.OutOrStdout()
			if format == formatJSON {
				return printJSON(w, graph.Row{Nodes: []graph.Node{node}, Evidence: evidence})
			}
			fmt.Fprintf(w, "%s %s\n  id: %s\n", node.Label, plain(node.Name), node.ID)
			for _, property := range slices.Sorted(maps.Keys(node.Properties)) {
				value := node.Properties[property]
				if list, ok := value.([]string); ok {
					value = strings.Join(list, ", ")
				}
				fmt.Fprintf(w, "  %s: %s\n", property, plain(fmt.Sprint(value)))
			}
			printProofs(w, evidence)
			return nil
		},
	}
	addFormat(cmd, &format)
	return cmd
}
