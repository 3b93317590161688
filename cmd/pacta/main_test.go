package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	neo4jtest "pacta/testdata/neo4j"
)

func TestMain(m *testing.M) {
	testscript.Main(neo4jtest.M{M: m}, map[string]func(){"pacta": main})
}

func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CONFIG_HOME", env.WorkDir)
			env.Setenv("PACTA_STORE", "local:"+filepath.Join(env.WorkDir, "graph.db"))
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE_STORIES") != "",
	})
}

// rooms says which of Pacta's packages each may import.
var rooms = map[string][]string{
	"config":                  {},
	"graph":                   {},
	"graph/cypher":            {"graph"},
	"graph/localstore":        {"graph"},
	"graph/neo4jadmin":        {"graph", "graph/neo4jstore/layout"},
	"graph/neo4jstore":        {"graph", "graph/cypher", "graph/neo4jstore/layout"},
	"graph/neo4jstore/layout": {"graph", "graph/cypher"},
	"graph/storetest":         {"graph"},
	"importer":                {"graph", "importer/html", "importer/lexicon"},
	"importer/html":           {},
	"importer/lexicon":        {},
	"importer/rules":          {"graph", "importer", "importer/lexicon"},
	"importer/eval":           {"importer"},
	"api":                     {"graph", "graph/cypher", "importer", "importer/lexicon"},
	"testdata":                {},
	"testdata/neo4j":          {},
	"testdata/neo4j/cmd":      {"testdata/neo4j"},
	"cmd/pacta":               {"config", "graph", "graph/cypher", "graph/localstore", "graph/neo4jadmin", "graph/neo4jstore", "importer", "importer/eval", "importer/lexicon", "importer/rules", "api", "testdata"},
}

// TestRoomsImportOnlyWhatTheyMay walks all Go files but tests. The graph
// imports the standard library alone.
func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		room := filepath.ToSlash(folder)
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is no room: add it to the table", room)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			inner, ours := strings.CutPrefix(imported, "pacta/")
			if ours && !slices.Contains(allowed, inner) {
				t.Errorf("%s imports %s", path, imported)
			}
			if room == "graph" && strings.Contains(imported, ".") {
				t.Errorf("%s imports %s, which is not of the standard library", path, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 30 {
		t.Errorf("only %d files were looked at", files)
	}
}
