package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"pacta/api"
	"pacta/config"
	"pacta/graph"
	"pacta/importer"
	"pacta/importer/lexicon"
)

// shutdownGrace is how long open requests may take when the server stops.
const shutdownGrace = 10 * time.Second

func newServe(s *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the HTTP API",
		Long:  "Serve answers the questions over HTTP, and imports what is sent to it, until it\nis interrupted. It is reachable from this machine alone.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := s.openStore(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer store.Close()
			var listen net.ListenConfig
			listener, err := listen.Listen(cmd.Context(), "tcp", s.config.Serve.Address)
			if err != nil {
				return fmt.Errorf("%w; choose another address with --address", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "serving on http://%s, documentation at http://%[1]s/openapi.json\n", listener.Addr())
			if kind, err := s.config.StoreKind(); err == nil && kind == config.Neo4jStore {
				printBrowserCommands(cmd.OutOrStdout(), listener.Addr())
			}
			return s.serve(cmd.Context(), store, listener, cmd.ErrOrStderr())
		},
	}
	cmd.Flags().String("address", "", "host:port to listen on (default "+config.Default().Serve.Address+")")
	s.flags["serve.address"] = cmd.Flags().Lookup("address")
	return cmd
}

// printBrowserCommands prints what to type into Neo4j Browser, which takes
// guides and styles from a host called localhost.
func printBrowserCommands(w io.Writer, listening net.Addr) {
	_, port, _ := net.SplitHostPort(listening.String()) // an address that listens has a port
	fmt.Fprintf(w, "in Neo4j Browser type\n  :style http://localhost:%s%s\n  :play http://localhost:%[1]s%s\n", port, api.StylePath, api.GuidePath)
}

// serve answers requests until the context ends, then lets open ones finish.
func (s *settings) serve(ctx context.Context, store graph.Store, listener net.Listener, logs io.Writer) error {
	lex, err := lexicon.Default()
	if err != nil {
		return err
	}
	im, err := s.newImporter(importer.Options{Store: store})
	if err != nil {
		return err
	}
	handler, err := api.New(api.Options{
		Store: store, Importer: im, Lexicon: lex,
		UploadBytes: int64(s.config.Serve.UploadMiB) << 20,
		Logger:      slog.New(slog.NewTextHandler(logs, nil)),
	})
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute,
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       time.Minute,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		stopped <- server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
