//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	neo4jtest "pacta/testdata/neo4j"
)

// TestUpTwiceThenDown is the user's story.
func TestUpTwiceThenDown(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	home := filepath.Join(os.Getenv("XDG_DATA_HOME"), "pacta", "neo4j")
	do := func(command string) (string, string) {
		t.Helper()
		var out, notes strings.Builder
		err := run(t.Context(), []string{command}, &out, &notes)
		if errors.Is(err, neo4jtest.ErrMissing) && os.Getenv("CI") == "" {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.String(), notes.String()
	}
	if out, notes := do("down"); out != "" || notes != "Neo4j does not run.\n" {
		t.Errorf("down before up printed %q, %q", out, notes)
	}
	first, notes := do("up")
	t.Cleanup(func() { do("down") })
	if !regexp.MustCompile(`\Aexport PACTA_STORE=neo4j://127\.0\.0\.1:\d+
export PACTA_NEO4J_USER=neo4j
export PACTA_NEO4J_PASSWORD=[A-Z2-7]+
\z`).MatchString(first) {
		t.Errorf("up printed\n%s", first)
	}
	if !strings.Contains(notes, "/browser/") {
		t.Errorf("up noted\n%s", notes)
	}
	if info, err := os.Stat(secretsFile(home)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("secrets: %v, %v", info, err)
	}
	if again, _ := do("up"); again != first {
		t.Errorf("up printed\n%s and then\n%s", first, again)
	}
	if _, notes := do("down"); !strings.Contains(notes, "kept in "+home) {
		t.Errorf("down noted %q", notes)
	}
	if pid, err := holder(home); pid != 0 || err != nil {
		t.Errorf("after down: process %d, %v", pid, err)
	}
}

func TestDataWithoutPassword(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := loadSecrets(home); err == nil {
		t.Error("no error")
	}
}
