package neo4jstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/neo4jstore"
	"pacta/graph/storetest"
	neo4jtest "pacta/testdata/neo4j"
)

func options(server *neo4jtest.Server) neo4jstore.Options {
	return neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password}
}

// execute runs a statement on the server, beside the store.
func execute(tb testing.TB, server *neo4jtest.Server, statement string, parameters map[string]any) []*neo4j.Record {
	tb.Helper()
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		tb.Fatal(err)
	}
	defer driver.Close(context.Background())
	result, err := neo4j.ExecuteQuery(context.Background(), driver, statement, parameters, neo4j.EagerResultTransformer)
	if err != nil {
		tb.Fatal(err)
	}
	return result.Records
}

// open empties the server's one database and opens it. The plan of every pattern
// that is asked of it is read.
func open(tb testing.TB) graph.Store {
	tb.Helper()
	server := neo4jtest.Shared(tb)
	empty(tb, server)
	s, err := neo4jstore.Open(context.Background(), options(server))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return watched{s, tb, newPlanner(tb)}
}

func empty(tb testing.TB, server *neo4jtest.Server) {
	tb.Helper()
	execute(tb, server, "MATCH (n) WHERE NOT n:Pacta DETACH DELETE n", nil)
}

func TestStore(t *testing.T) { storetest.Run(t, open) }

func TestDatabasesThatAreNoStore(t *testing.T) {
	server := neo4jtest.Shared(t)
	for name, c := range map[string]struct {
		spoil func(*neo4jstore.Options)
		want  error
		says  string
	}{
		"server down":      {func(o *neo4jstore.Options) { o.URI = "bolt://127.0.0.1:9" }, graph.ErrUnreachable, "start Neo4j, or check the address"},
		"wrong password":   {func(o *neo4jstore.Options) { o.Password = "s3cret-guess" }, graph.ErrDenied, "PACTA_NEO4J_PASSWORD"},
		"missing database": {func(o *neo4jstore.Options) { o.Database = "nowhere" }, graph.ErrNotFound, `no database "nowhere"`},
		"no address":       {func(o *neo4jstore.Options) { o.URI = "http://127.0.0.1" }, graph.ErrInvalid, "http"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(server)
			c.spoil(&o)
			_, err := neo4jstore.Open(context.Background(), o)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			if err != nil && (strings.Contains(err.Error(), o.Password) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("the message holds the password, or more than a line: %v", err)
			}
		})
	}
}

// TestForeignDatabase opens databases that hold something else, nothing, or a
// newer graph, on a server that no store has seen.
func TestForeignDatabase(t *testing.T) {
	server := neo4jtest.Start(t)
	ctx := context.Background()
	reader := options(server)
	reader.ReadOnly = true
	if _, err := neo4jstore.Open(ctx, reader); !errors.Is(err, graph.ErrNotFound) || !strings.Contains(err.Error(), "import a document") {
		t.Errorf("reading an empty database: %v", err)
	}
	execute(t, server, "CREATE (:Customer {name: 'theirs'})", nil)
	if _, err := neo4jstore.Open(ctx, options(server)); !errors.Is(err, graph.ErrCorrupt) || !strings.Contains(err.Error(), "not Pacta's") {
		t.Errorf("somebody else's database: %v", err)
	}
	if left := execute(t, server, "SHOW CONSTRAINTS", nil); len(left) > 0 {
		t.Errorf("%d constraints were made in somebody else's database", len(left))
	}
	execute(t, server, "MATCH (n:Customer) DELETE n", nil)
	execute(t, server, "CREATE (:Pacta {id: 'pacta', name: 'Pacta', version: 0, writes: 0}), (:Actor:State {id: 'state:AAA', name: 'Land AAA', kind: 'state'})", nil)
	if _, err := neo4jstore.Open(ctx, reader); !errors.Is(err, neo4jstore.ErrBare) || !strings.Contains(err.Error(), "open it once for writing") {
		t.Errorf("reading what neo4j-admin made: %v", err)
	}
	s, err := neo4jstore.Open(ctx, options(server))
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	if reading, err := neo4jstore.Open(ctx, reader); err != nil {
		t.Errorf("reading what was made ready: %v", err)
	} else {
		if _, err := reading.Node(ctx, "state:AAA"); err != nil {
			t.Error(err)
		}
		_ = reading.Close()
	}
	execute(t, server, "MATCH (p:Pacta) SET p.version = 99", nil)
	if _, err := neo4jstore.Open(ctx, options(server)); !errors.Is(err, graph.ErrVersion) || !strings.Contains(err.Error(), "newer pacta") {
		t.Errorf("a newer graph: %v", err)
	}
}

func TestTooOldServers(t *testing.T) {
	for version, old := range map[string]bool{
		"4.4.40": true, "5.25.1": true, "5.26.0": false, "5.26.25": false, "2025.01.0": false, "unknown": true, "": true,
	} {
		if neo4jstore.TooOld(version) != old {
			t.Errorf("%q: too old is not %t", version, old)
		}
	}
}
