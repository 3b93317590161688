package neo4jtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childVariable makes TestDiesWithItsParent the process that is killed.
const childVariable = "PACTA_TEST_NEO4J_CHILD"

// TestDiesWithItsParent kills a test process that starts a server.
func TestDiesWithItsParent(t *testing.T) {
	if home := os.Getenv(childVariable); home != "" {
		server := New(t, Options{Home: home})
		server.Restart(t)
		select {} // until it is killed
	}
	_, err := find()
	demand(t, err)
	home := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestDiesWithItsParent$")
	child.Env = append(os.Environ(), childVariable+"="+home)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the child's server", func() bool { return runs(home) })
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	waitFor(t, "the end of the server", func() bool { return !runs(home) })
}

// runs reports whether there is a server with this home, in whatever state.
func runs(home string) bool {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		if text, _ := os.ReadFile(file); strings.Contains(string(text), "\x00--home-dir="+home+"\x00") {
			return true
		}
	}
	return false
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(startGrace); !done(); time.Sleep(pause) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
