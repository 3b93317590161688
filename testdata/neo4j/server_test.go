package neo4jtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

func ask(t *testing.T, s *Server, cypher string) any {
	t.Helper()
	value, err := s.query(t.Context(), cypher)
	if err != nil {
		t.Fatalf("%s: %v", cypher, err)
	}
	return value
}

// TestLife is one story, since a start takes long: fill the database while the
// server is stopped, start, write, kill, restart, stop.
func TestLife(t *testing.T) {
	server := New(t, Options{})
	if server.Ready(t.Context()) == nil {
		t.Fatal("a new server runs")
	}
	nodes := filepath.Join(t.TempDir(), "nodes.csv")
	if err := os.WriteFile(nodes, []byte("id:ID,name\n1,Chile\n2,Peru\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := server.Admin(t.Context(), "database", "import", "full", "neo4j", "--nodes=Actor="+nodes, "--overwrite-destination"); err != nil {
		t.Fatal(err)
	}
	server.Restart(t)
	if err := server.shakeHands(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := ask(t, server, "MATCH (a:Actor) RETURN count(a)"); n != 2.0 {
		t.Errorf("%v actors were imported", n)
	}
	ask(t, server, "CREATE (:Actor {name: 'Bolivia'})")
	if err := server.Launch(t.Context()); err == nil {
		t.Error("a server that runs was launched again")
	}

	server.Kill()
	if err := server.shakeHands(t.Context()); err == nil {
		t.Error("a killed server answers")
	}
	server.Kill() // nothing happens
	uri := server.URI
	server.Restart(t)
	if server.URI != uri {
		t.Errorf("the address changed from %s to %s", uri, server.URI)
	}
	if n := ask(t, server, "MATCH (a:Actor) RETURN count(a)"); n != 3.0 {
		t.Errorf("%v actors after kill and restart", n)
	}
	server.Stop()
	if err := server.shakeHands(t.Context()); err == nil {
		t.Error("a stopped server answers")
	}
}

func TestSharedIsOne(t *testing.T) {
	one, two := Shared(t), Shared(t)
	if one != two {
		t.Error("two servers")
	}
	if n := ask(t, one, "RETURN 6 * 7"); n != 42.0 {
		t.Errorf("got %v", n)
	}
}

func TestErrorsSayWhatWentWrong(t *testing.T) {
	server := New(t, Options{})
	err := server.Admin(t.Context(), "database", "import", "nonsense")
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("neo4j-admin: %v", err)
	}
	file := filepath.Join(server.Home, "conf", "neo4j.conf")
	if err := os.WriteFile(file, []byte("browser.nonsense=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = server.Launch(t.Context())
	if err == nil || !strings.Contains(err.Error(), "browser.nonsense") {
		t.Errorf("the server: %v", err)
	}
}

func TestMissingJarsSkip(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv(jarsVariable, t.TempDir())
	skipped := t.Run("skips", func(t *testing.T) {
		Start(t)
		t.Error("it started without jars")
	})
	if !skipped {
		t.Error("it failed and did not skip")
	}
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "make neo4j-jars") {
		t.Errorf("got %v", err)
	}
}
