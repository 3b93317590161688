package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/importer"
	"pacta/importer/lexicon"
)

func newAsk(s *settings) *cobra.Command {
	var limit int
	var cursor, format string
	var asCypher bool
	values := map[graph.Parameter]*string{}
	cmd := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Ask a question by name",
		Long:  "Ask answers a named question with paths through the graph and the passages\nthat prove each hop.\n\n" + questionList(),
		Example: `  pacta ask breached-promises --to Ukraine
  pacta ask tested-guarantees --by "United Kingdom" --format json
  pacta ask timeline --about Poland --cypher`,
		Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, q := range graph.Questions {
				names = append(names, q.Name+"\t"+q.Asks)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			question, err := graph.QuestionNamed(args[0])
			if err != nil {
				return err
			}
			store, err := s.openStore(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer store.Close()
			arguments, err := argumentsOf(cmd.Context(), store, values)
			if err != nil {
				return err
			}
			if asCypher {
				query, err := cypher.Question(question, arguments, limit)
				if err != nil {
					return err
				}
				return printCypher(cmd.OutOrStdout(), query)
			}
			answer, err := question.Ask(cmd.Context(), store, arguments, limit, cursor)
			if err != nil {
				return err
			}
			return printAnswer(cmd.OutOrStdout(), answer, format)
		},
	}
	for _, term := range graph.ParameterMeanings {
		flag := kebab(string(term.Name))
		values[term.Name] = cmd.Flags().String(flag, "", term.Meaning)
		_ = cmd.RegisterFlagCompletionFunc(flag, s.completeParameter(term.Name))
	}
	cmd.Flags().IntVar(&limit, "limit", graph.DefaultLimit, "rows at most")
	cmd.Flags().StringVar(&cursor, "cursor", "", "go on where an answer ended")
	addFormat(cmd, &format)
	addCypher(cmd, &asCypher)
	cmd.MarkFlagsMutuallyExclusive("cypher", "cursor")
	return cmd
}

// argumentsOf are the parameters that were given, with nodes by id.
func argumentsOf(ctx context.Context, store graph.Store, values map[graph.Parameter]*string) (graph.Arguments, error) {
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	arguments := graph.Arguments{}
	for _, parameter := range slices.Sorted(maps.Keys(values)) {
		value := *values[parameter]
		if value == "" {
			continue
		}
		if parameter.IsNode() {
			node, err := importer.Lookup(ctx, store, lex, value)
			if err != nil {
				return nil, fmt.Errorf("--%s: %w", kebab(string(parameter)), err)
			}
			value = node.ID
		}
		arguments[parameter] = value
	}
	return arguments, nil
}

// completeParameter completes a parameter: words of its vocabulary, or names in
// the store.
func (s *settings) completeParameter(p graph.Parameter) cobra.CompletionFunc {
	if words := p.Words(); words != nil {
		return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
	}
	if !p.IsNode() {
		return cobra.NoFileCompletions
	}
	return s.completeNames
}

// completionTime is how long a shell may wait for a store.
const completionTime = 3 * time.Second

func (s *settings) completeNames(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	if err := cmd.Root().PersistentPreRunE(cmd, nil); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	ctx, stop := context.WithTimeout(cmd.Context(), completionTime)
	defer stop()
	store, err := s.openStore(ctx, true)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	defer store.Close()
	var names []string
	err = store.Names(ctx, func(name string) bool {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(begun)) {
			names = append(names, name)
		}
		return len(names) < 50
	})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func questionList() string {
	var b strings.Builder
	b.WriteString("Questions:\n")
	for _, q := range graph.Questions {
		var takes []string
		for _, p := range q.Takes {
			takes = append(takes, "--"+kebab(string(p)))
		}
		fmt.Fprintf(&b, "  %-28s %s\n  %-28s %s\n", q.Name, q.Asks, "", strings.Join(takes, " "))
	}
	return b.String()
}

// kebab is a parameter's name as a flag: "as-of" for "asOf".
func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
