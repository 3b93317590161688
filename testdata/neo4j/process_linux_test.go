package neo4jtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// childVariable makes TestDiesWithItsParent the process that is killed.
const childVariable = "PACTA_TEST_NEO4J_CHILD"

// TestDiesWithItsParent kills a test process and looks for its server.
func TestDiesWithItsParent(t *testing.T) {
	if home := os.Getenv(childVariable); home != "" {
		server := New(t, Options{Home: home})
		server.Restart(t)
		if err := os.WriteFile(filepath.Join(home, "pid"), []byte(strconv.Itoa(server.running.pid())), 0o600); err != nil {
			t.Fatal(err)
		}
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
	var pid int
	waitFor(t, "the child's server", func() bool {
		text, _ := os.ReadFile(filepath.Join(home, "pid"))
		pid, _ = strconv.Atoi(string(text))
		return pid != 0
	})
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	waitFor(t, "the end of the server", func() bool {
		return gone(pid)
	})
}

// gone reports whether the process has ended, though nobody may have waited for
// it.
func gone(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, state, found := strings.Cut(string(text), ") ")
	return err != nil || found && strings.HasPrefix(state, "Z")
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(startGrace); !done(); time.Sleep(pause) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
