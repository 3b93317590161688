package main

import (
	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/importer"
	"pacta/importer/lexicon"
)

func newPath(s *settings) *cobra.Command {
	var query graph.PathQuery
	var types []string
	var format string
	var asCypher bool
	cmd := &cobra.Command{
		Use:               "path FROM TO",
		Short:             "Show the shortest paths between two nodes",
		Long:              "Path shows how two nodes are connected, the shortest paths first, each hop with\nits passages. Nodes are given by id or name.",
		Example:           `  pacta path Russia Ukraine --hops 3`,
		Args:              cobra.ExactArgs(2),
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
			for i, end := range []*string{&query.From, &query.To} {
				node, err := importer.Lookup(cmd.Context(), store, lex, args[i])
				if err != nil {
					return err
				}
				*end = node.ID
			}
			for _, t := range types {
				query.Types = append(query.Types, graph.EdgeType(t))
			}
			if asCypher {
				if err := query.Validate(); err != nil {
					return err
				}
				return printCypher(cmd.OutOrStdout(), cypher.Paths(query))
			}
			answer, err := graph.AnswerPaths(cmd.Context(), store, query)
			if err != nil {
				return err
			}
			return printAnswer(cmd.OutOrStdout(), answer, format)
		},
	}
	cmd.Flags().IntVar(&query.MaxHops, "hops", graph.DefaultHops, "longest path, in hops")
	cmd.Flags().IntVar(&query.Limit, "limit", graph.DefaultPaths, "paths at most")
	cmd.Flags().BoolVar(&query.Directed, "directed", false, "follow edges from source to target alone")
	cmd.Flags().StringSliceVar(&types, "types", nil, "edge types to follow (default all between facts)")
	var names []string
	for _, rule := range graph.EdgeRules {
		names = append(names, string(rule.Type))
	}
	_ = cmd.RegisterFlagCompletionFunc("types", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	addFormat(cmd, &format)
	addCypher(cmd, &asCypher)
	return cmd
}
