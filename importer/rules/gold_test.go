package rules

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pacta/importer"
	"pacta/importer/eval"
	"pacta/importer/lexicon"
)

// The least that the rules must reach on the gold documents, as means over them.
const (
	leastF1        = 0.50
	leastPrecision = 0.80
)

// TestGold reads the gold documents with the real lexicon, prints the table of
// scores, and fails where they fall.
func TestGold(t *testing.T) {
	const shared = "../../../shared"
	golds, _ := filepath.Glob(shared + "/gold/*.json")
	if len(golds) == 0 {
		t.Skip("no gold documents at " + shared)
	}
	x := withLexicon(t)
	var pairs []eval.Pair
	for _, path := range golds {
		gold, err := eval.ReadGold(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".json") + ".txt"
		d := parse(t, filepath.Join(shared, "documents", name))
		claims, refused, err := x.Extract(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		checkLaw(t, d.Text, claims)
		t.Log(name, "refused", refused)
		pairs = append(pairs, eval.Pair{Name: name, Gold: gold, Predicted: claims, Text: d.Text})
	}
	report := eval.Score(pairs)
	var table strings.Builder
	if err := report.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	for _, each := range report.Each {
		for _, wrong := range each.Wrong {
			t.Log(each.Name, "wrong", wrong.Type, wrong.Atom)
		}
	}
	if f := report.Documents; f.F1 < leastF1 || f.Precision < leastPrecision {
		t.Errorf("documents F1 %.3f, precision %.3f; want at least %.2f and %.2f", f.F1, f.Precision, leastF1, leastPrecision)
	}
}

func withLexicon(t testing.TB) *Extractor {
	t.Helper()
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := importer.NewReader(lex)
	if err != nil {
		t.Fatal(err)
	}
	x, err := New(reader)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func parse(t testing.TB, path string) *importer.Document {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := importer.Parse(path, data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
