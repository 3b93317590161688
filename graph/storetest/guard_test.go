package storetest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoCaseIsSkipped holds that the suite runs whole, whatever the store: no
// case skips itself, and none looks at which store it was given.
func TestNoCaseIsSkipped(t *testing.T) {
	files := 0
	for path, file := range parsed(t, ".") {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files++
		for _, spec := range file.Imports {
			if strings.HasPrefix(spec.Path.Value, `"pacta/`) && spec.Path.Value != `"pacta/graph"` {
				t.Errorf("%s imports %s: the suite knows no store", path, spec.Path.Value)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				switch n.Sel.Name {
				case "Skip", "Skipf", "SkipNow", "Short":
					t.Errorf("%s: %s leaves a case out", path, n.Sel.Name)
				}
			case *ast.TypeAssertExpr:
				if name, ok := n.X.(*ast.Ident); ok && name.Name == "s" {
					t.Errorf("%s: a case asks which store it has", path)
				}
			}
			return true
		})
	}
	if files < 5 {
		t.Errorf("only %d files were read", files)
	}
}

// TestEveryStoreRunsTheSuite holds that each package with a store has a test
// that runs the suite on it as it is.
func TestEveryStoreRunsTheSuite(t *testing.T) {
	stores, suites := map[string]bool{}, map[string]int{}
	for path, file := range parsed(t, "..") {
		folder := filepath.Dir(path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(path, "_test.go") && strings.Contains(string(text), "var _ graph.Store = (*Store)(nil)") {
			stores[folder] = true
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "TestStore" && len(f.Body.List) == 1 && strings.Contains(string(text), "storetest.Run(t, open)") {
				suites[folder]++
			}
			return true
		})
	}
	if len(stores) < 2 {
		t.Fatalf("only %d stores were found", len(stores))
	}
	for folder := range stores {
		if suites[folder] != 1 {
			t.Errorf("%s has %d tests that run the suite and nothing else, want 1", folder, suites[folder])
		}
	}
}

func parsed(t *testing.T, root string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || root == "." && filepath.Dir(path) != "." {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		files[path] = file
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
