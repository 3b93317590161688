// Command pacta builds and asks a graph of who promised what to whom, what
// became of it, and the passage that proves each fact.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"pacta/graph"
)

// The exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // it could not be done
	exitUsage   = 2 // it was asked for wrongly
	exitPartly  = 3 // some of it was done: sources were skipped or refused
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: it returns the exit code and never exits.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	command := newRoot()
	command.SetArgs(args)
	command.SetIn(stdin)
	command.SetOut(stdout)
	command.SetErr(stderr)
	err := command.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if !errors.Is(err, errPartly) {
		fmt.Fprintf(stderr, "pacta: %v\n", err)
	}
	switch {
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, errUsage), errors.Is(err, graph.ErrInvalid):
		return exitUsage
	}
	return exitFailure
}

var (
	// errUsage marks a command line that cannot be understood.
	errUsage = errors.New("see --help")
	// errPartly marks an import of which something was left out; the report has
	// said what.
	errPartly = errors.New("not all sources were imported")
)
