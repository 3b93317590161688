package neo4jtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"
)

// startGrace is how long a server may take to answer; it takes a quarter of a
// minute on a quiet machine.
const startGrace = 5 * time.Minute

// Start returns a running server of the test's own, which ends with the test.
// Where Neo4j is not installed the test is skipped, and in CI it fails. A
// benchmark wants New with other options.
func Start(tb testing.TB) *Server {
	tb.Helper()
	server := New(tb, Options{})
	server.Restart(tb)
	return server
}

// New returns a server of the test's own that has a password and does not run
// yet, so that neo4j-admin can fill its database. Restart starts it; it ends
// with the test. An empty home is a temporary one.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	if o.Home == "" {
		o.Home = tb.TempDir()
	}
	server, err := Prepare(tb.Context(), o)
	demand(tb, err)
	tb.Cleanup(server.Kill)
	return server
}

// Restart starts the server again on its home and its ports, and returns when
// it answers. A server that runs is stopped before.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	s.Stop()
	ctx, cancel := context.WithTimeout(tb.Context(), startGrace)
	defer cancel()
	demand(tb, s.Launch(ctx))
}

// demand ends the test where there is an error: a machine without Neo4j skips
// it, unless the machine is CI's.
func demand(tb testing.TB, err error) {
	tb.Helper()
	switch {
	case errors.Is(err, ErrMissing) && os.Getenv("CI") == "":
		tb.Skip(err)
	case err != nil:
		tb.Fatal(err)
	}
}

// shared is the one server of a test process.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Shared returns the one running server of this test process. The first call
// starts it. A test that kills it must restart it, and cleans up what it wrote.
// The package's TestMain must call Main, or use M, to end it.
func Shared(tb testing.TB) *Server {
	tb.Helper()
	shared.once.Do(func() {
		shared.server, shared.err = launchShared()
	})
	demand(tb, shared.err)
	return shared.server
}

func launchShared() (*Server, error) {
	home, err := os.MkdirTemp("", "pacta-neo4j-")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startGrace)
	defer cancel()
	server, err := Prepare(ctx, Options{Home: home})
	if err == nil {
		err = server.Launch(ctx)
	}
	if err != nil {
		os.RemoveAll(home)
		return nil, err
	}
	return server, nil
}

// M is a testing.M whose Run ends the shared server. It is for a TestMain that
// gives its M to another package.
type M struct{ *testing.M }

// Run runs the tests, then ends the shared server and removes its home.
func (m M) Run() int {
	defer func() {
		if server := shared.server; server != nil {
			server.Kill()
			os.RemoveAll(server.Home)
		}
	}()
	return m.M.Run()
}

// Main is a TestMain that ends the shared server.
func Main(m *testing.M) { os.Exit(M{m}.Run()) }
