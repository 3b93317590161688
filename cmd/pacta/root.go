package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"pacta/config"
	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/graph/neo4jstore"
	"pacta/importer"
	"pacta/importer/lexicon"
	"pacta/importer/rules"
)

// settings are what every subcommand shares.
type settings struct {
	file   string // the configuration file, "" for the default one
	flags  map[string]*pflag.Flag
	config config.Config
}

func newRoot() *cobra.Command {
	s := &settings{flags: map[string]*pflag.Flag{}}
	root := &cobra.Command{
		Use:   "pacta",
		Short: "Who promised what to whom, what became of it, and the sentence that proves it",
		Long: `Pacta reads documents into a graph of actors, commitments and breaches, and
answers questions about it. Every answer carries the sentences that prove it.

  pacta import FOLDER                         read documents into the graph
  pacta ask breached-promises --to Ukraine    ask who broke which promise to whom
  pacta demo                                  try it on the bundled documents

Environment:
  PACTA_STORE           the graph, where --store does not name it
  PACTA_NEO4J_USER      who a Neo4j server takes us for (default neo4j)
  PACTA_NEO4J_PASSWORD  that user's password`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			s.config, err = config.Load(s.file, s.flags)
			if err != nil {
				return fmt.Errorf("configuration:\n%w", err)
			}
			return nil
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w; %w", err, errUsage) })
	root.PersistentFlags().StringVar(&s.file, "config", "", "configuration file (default "+config.DefaultFile()+")")
	root.PersistentFlags().String("store", "", "the graph: local:PATH or neo4j://HOST (default "+config.Default().Store+")")
	s.flags["store"] = root.PersistentFlags().Lookup("store")
	_ = root.RegisterFlagCompletionFunc("store", completeStore)
	root.AddCommand(
		newDemo(s), newImport(s), newExtract(s), newAsk(s), newPath(s), newSearch(s), newShow(s),
		newWithdraw(s), newExport(s), newCopy(s), newVerify(s), newServe(s), newHealth(s), newEval(s),
	)
	return root
}

// openStore opens the store that the configuration names. It is the only
// switch on the kind of store.
func (s *settings) openStore(ctx context.Context, readOnly bool) (graph.Store, error) {
	c := s.config
	kind, err := c.StoreKind()
	if err != nil {
		return nil, err
	}
	if kind == config.Neo4jStore {
		return openNeo4j(ctx, neo4jstore.Options{
			URI: c.Store, User: c.Neo4j.User, Password: string(c.Neo4j.Password), Database: c.Neo4j.Database, ReadOnly: readOnly,
		})
	}
	path, err := c.LocalPath()
	if err != nil {
		return nil, err
	}
	return localstore.Open(ctx, path, localstore.Options{ReadOnly: readOnly})
}

// openNeo4j opens a database. One that neo4j-admin has just filled is made ready
// first, whatever it is opened for.
func openNeo4j(ctx context.Context, o neo4jstore.Options) (graph.Store, error) {
	store, err := neo4jstore.Open(ctx, o)
	if !errors.Is(err, neo4jstore.ErrBare) {
		return store, err
	}
	writer := o
	writer.ReadOnly = false
	if store, err = neo4jstore.Open(ctx, writer); err != nil {
		return nil, err
	}
	_ = store.Close()
	return neo4jstore.Open(ctx, o)
}

// completeStore completes how the name of a store begins.
func completeStore(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"local:", "neo4j://", "bolt://"}, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// workers is how many documents are read at once.
func (s *settings) workers() int {
	if s.config.Import.Workers > 0 {
		return s.config.Import.Workers
	}
	return runtime.NumCPU()
}

// newImporter returns an importer that reads by the rules extractor, with what
// else the options say.
func (s *settings) newImporter(o importer.Options) (*importer.Importer, error) {
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	reader, err := importer.NewReader(lex)
	if err != nil {
		return nil, err
	}
	extractor, err := rules.New(reader)
	if err != nil {
		return nil, err
	}
	o.Lexicon, o.Extractors, o.Workers = lex, []importer.Extractor{extractor}, s.workers()
	return importer.New(o), nil
}

// isTerminal reports whether w is a terminal, where colours and progress help.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
