package main

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/importer"
	"pacta/testdata"
)

func newDemo(s *settings) *cobra.Command {
	var once bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Import the bundled documents, answer a question and serve the graph",
		Long: `Demo reads short documents that come with the program into a fresh local store,
asks who broke which promise, and serves the graph until it is interrupted. The
store is a temporary file; your own graph is not touched.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := os.MkdirTemp("", "pacta-demo-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			path := filepath.Join(folder, "pacta.db")
			store, err := localstore.Open(cmd.Context(), path, localstore.Options{})
			if err != nil {
				return err
			}
			defer func() { _ = store.Close() }()
			if err := s.tell(cmd, store); err != nil || once {
				return err
			}
			listener, err := listen(cmd.Context(), s.config.Serve.Address)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), `
The graph is served on http://%s until you press Ctrl-C. Try:
  curl 'http://%[1]s/v1/questions/timeline?about=Germany'
  pacta --store local:%s ask promises --to Belgium
`, listener.Addr(), path)
			return s.serve(cmd.Context(), store, listener, cmd.ErrOrStderr())
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "answer and stop, do not serve")
	return cmd
}

// tell imports the bundled documents and answers a question.
func (s *settings) tell(cmd *cobra.Command, store graph.Store) error {
	im, err := s.newImporter(importer.Options{Store: store})
	if err != nil {
		return err
	}
	sources, err := bundled()
	if err != nil {
		return err
	}
	report, err := im.Import(cmd.Context(), sources)
	if err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	if err := printReport(w, report, false, formatTable); err != nil {
		return err
	}
	const name = "breached-promises"
	question, err := graph.QuestionNamed(name)
	if err != nil {
		return err
	}
	answer, err := question.Ask(cmd.Context(), store, nil, graph.DefaultLimit, "")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n$ pacta ask %s\n", name)
	return printAnswer(w, answer, formatTable)
}

// bundled are the documents that come with the program.
func bundled() ([]importer.Source, error) {
	names, err := fs.Glob(testdata.Documents, "documents/*")
	if err != nil {
		return nil, err
	}
	var sources []importer.Source
	for _, name := range names {
		data, err := fs.ReadFile(testdata.Documents, name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, importer.Bytes(name, data))
	}
	return sources, nil
}

// listen takes the address, or a free port where it is taken.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	if listener, err := config.Listen(ctx, "tcp", address); err == nil {
		return listener, nil
	}
	return config.Listen(ctx, "tcp", "127.0.0.1:0")
}
