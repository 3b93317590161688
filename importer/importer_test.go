package importer_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/graph/storetest"
	"pacta/importer"
	"pacta/importer/lexicon"
	"pacta/importer/rules"
)

func openStore(t *testing.T) graph.Store {
	t.Helper()
	s, err := localstore.Open(context.Background(), filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// extractor reads by the rules; making it takes a while.
var extractor = sync.OnceValues(func() (importer.Extractor, error) {
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	reader, err := importer.NewReader(lex)
	if err != nil {
		return nil, err
	}
	return rules.New(reader)
})

// options are those of an importer that reads by the rules.
func options(t *testing.T, store graph.Store) importer.Options {
	t.Helper()
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	extractor, err := extractor()
	if err != nil {
		t.Fatal(err)
	}
	return importer.Options{Store: store, Lexicon: lex, Extractors: []importer.Extractor{extractor}, Workers: 3}
}

func newImporter(t *testing.T, store graph.Store, progress func(importer.Result)) *importer.Importer {
	t.Helper()
	o := options(t, store)
	o.Progress = progress
	return importer.New(o)
}

func importAll(t *testing.T, store graph.Store, sources []importer.Source) importer.Report {
	t.Helper()
	report, err := newImporter(t, store, nil).Import(context.Background(), sources)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func filesIn(t *testing.T, paths ...string) []importer.Source {
	t.Helper()
	sources, unreadable, err := importer.Files(paths)
	if err != nil || len(unreadable) > 0 {
		t.Fatal(unreadable, err)
	}
	return sources
}

// TestOrderRepetitionAndInterruptionChangeNothing imports the bundled documents
// and, where they are, the shared ones.
func TestOrderRepetitionAndInterruptionChangeNothing(t *testing.T) {
	paths := []string{"../testdata/documents"}
	if _, err := os.Stat("../../shared/documents"); err == nil {
		paths = append(paths, "../../shared/documents", "../../shared/gold")
	} else if os.Getenv("CI") != "" {
		t.Fatal("../../shared/documents is missing")
	}
	sources := filesIn(t, paths...)
	once := openStore(t)
	importAll(t, once, sources)
	want := storetest.Dump(t, once)

	for round := range 3 {
		store := openStore(t)
		shuffled := slices.Clone(sources)
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		// An import that is stopped after a few sources goes on where it was.
		ctx, stop := context.WithCancel(context.Background())
		done := 0
		_, err := newImporter(t, store, func(importer.Result) {
			if done++; done == 4 {
				stop()
			}
		}).Import(ctx, shuffled)
		stop()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("the stopped import: %v", err)
		}
		importAll(t, store, shuffled)
		report := importAll(t, store, shuffled)
		if n := report.Count(importer.Unchanged); n != len(sources) {
			t.Errorf("%d of %d sources are unchanged the second time", n, len(sources))
		}
		if storetest.Dump(t, store) != want {
			t.Errorf("round %d: another order gives another graph", round)
		}
	}

	// Withdrawing a document leaves what never having had it gives.
	without := openStore(t)
	documents := slices.DeleteFunc(slices.Clone(sources), func(s importer.Source) bool { return strings.HasSuffix(s.URI, ".json") })
	gone := rand.IntN(len(documents))
	importAll(t, without, slices.Delete(slices.Clone(documents), gone, gone+1))
	all := openStore(t)
	report := importAll(t, all, documents)
	if err := all.Withdraw(context.Background(), report.Results[gone].Document); err != nil {
		t.Fatal(err)
	}
	if storetest.Dump(t, without) != storetest.Dump(t, all) {
		t.Errorf("withdrawing %s left something or took too much", documents[gone].URI)
	}
}

// TestAnswersOfTheSharedDocuments asks what the documents are there to answer.
func TestAnswersOfTheSharedDocuments(t *testing.T) {
	if _, err := os.Stat("../../shared/documents"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the shared documents are not beside this checkout")
	}
	store := openStore(t)
	importAll(t, store, filesIn(t, "../../shared/documents"))
	ask := func(name string, a graph.Arguments) []string {
		question, err := graph.QuestionNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := question.Ask(context.Background(), store, a, 100, "")
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, row := range answer.Rows {
			rows = append(rows, strings.Join(row.Values, " | "))
			for _, hop := range row.Hops {
				if len(hop.Evidence) == 0 {
					t.Errorf("%s: hop %s has no quote", name, hop.ID())
				}
			}
		}
		return rows
	}
	has := func(rows []string, parts ...string) {
		t.Helper()
		if !slices.ContainsFunc(rows, func(row string) bool {
			return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(row, part) })
		}) {
			t.Errorf("no row with %q in\n%s", parts, strings.Join(rows, "\n"))
		}
	}
	breached := ask("breached-promises", graph.Arguments{graph.Toward: "state:UKR"})
	has(breached, "Russia", "Budapest Memorandum", "annexation", "2014")
	has(breached, "Russia", "Budapest Memorandum", "invasion", "2022")
	turned := ask("guarantors-turned-violators", nil)
	has(turned, "Russia", "Ukraine")
	has(turned, "Turkey", "Cyprus")
}

func TestSourcesThatCannotBeRead(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "good.txt"), []byte("Chile and Peru signed the Treaty of Lima."), 0o600); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(folder, "closed")
	if err := os.Mkdir(closed, 0o000); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o700) })
	sources, unreadable, err := importer.Files([]string{folder})
	if err != nil || len(sources) != 1 {
		t.Errorf("%d sources, %v", len(sources), err)
	}
	if os.Geteuid() != 0 && (len(unreadable) != 1 || !strings.Contains(unreadable[0].Reason, "permission denied")) {
		t.Errorf("unreadable %+v", unreadable)
	}
	if _, _, err := importer.Files([]string{filepath.Join(folder, "*.none")}); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("a glob that matches nothing: %v", err)
	}
}

// TestARefusedClaimsFileWritesNothing has one good object and one with a bad fact.
func TestARefusedClaimsFileWritesNothing(t *testing.T) {
	store := openStore(t)
	report := importAll(t, store, []importer.Source{
		importer.Bytes("claims.jsonl", []byte(
			`{"document": {"uri": "a.txt", "sha256": "`+strings.Repeat("a", 64)+`", "text": "Peru signed the Lima Pact."}, "instruments": [{"id": "lima-pact", "names": ["Lima Pact"], "kind": "treaty", "binding": "binding", "status": "agreed", "quote": "Lima Pact"}]}
			{"document": {"uri": "b.txt", "sha256": "`+strings.Repeat("b", 64)+`", "text": "Chile signed."}, "instruments": [{"id": "x", "names": ["X"], "kind": "treaty", "binding": "binding", "status": "agreed", "quote": "not there"}]}`)),
	})
	if report.Results[0].Outcome != importer.Refused || !strings.Contains(report.Results[0].Reason, "b.txt") {
		t.Errorf("report %+v", report)
	}
	statistics, err := store.Statistics(context.Background())
	if err != nil || statistics.Batches != 0 {
		t.Errorf("%+v, %v", statistics, err)
	}
}
