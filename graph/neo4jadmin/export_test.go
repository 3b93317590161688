package neo4jadmin_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/graph/neo4jadmin"
	"pacta/graph/neo4jstore"
	"pacta/graph/neo4jstore/layout"
	"pacta/graph/storetest"
	"pacta/importer"
	"pacta/importer/lexicon"
	"pacta/importer/rules"
	"pacta/testdata"
	neo4jtest "pacta/testdata/neo4j"
)

func openLocal(t *testing.T) graph.Store {
	t.Helper()
	s, err := localstore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func openNeo4j(t *testing.T, server *neo4jtest.Server, readOnly bool) (graph.Store, error) {
	t.Helper()
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password, ReadOnly: readOnly})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, nil
}

func apply(t *testing.T, s graph.Store, b *graph.Batch) {
	t.Helper()
	if _, err := s.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// fill gives a store documents as they are, hostile names, contradictions and
// denials, and a world of some size with an act
// that is told twice.
func fill(t *testing.T, s graph.Store) {
	t.Helper()
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := importer.NewReader(lex)
	if err != nil {
		t.Fatal(err)
	}
	extractor, err := rules.New(reader)
	if err != nil {
		t.Fatal(err)
	}
	var sources []importer.Source
	names, err := fs.Glob(testdata.Documents, "documents/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d bundled documents, %v", len(names), err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(testdata.Documents, name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, importer.Bytes(name, data))
	}
	im := importer.New(importer.Options{Store: s, Lexicon: lex, Extractors: []importer.Extractor{extractor}})
	if report, err := im.Import(t.Context(), sources); err != nil || report.Failed() {
		t.Fatalf("%+v, %v", report, err)
	}
	for b := range storetest.Hostile() {
		apply(t, s, b)
	}
	for b := range storetest.Random(16) {
		apply(t, s, b)
	}
	world := slices.Collect(storetest.Generate(2000))
	for _, b := range world {
		apply(t, s, b)
	}
	vague := *world[1] // a second reading, which dates an act less well
	vague.Extractor, vague.Breaches, vague.Violations = "vague", nil, slices.Clone(vague.Violations[:1])
	vague.Violations[0].Date = ""
	guarantee := vague.Obligations[0] // that the act puts to the test
	guarantee.Kind, guarantee.Bearer, guarantee.Beneficiaries = graph.MutualDefense, vague.Violations[0].Perpetrator, []string{vague.Violations[0].Victim}
	for _, v := range world[1].Violations {
		if v.Perpetrator != vague.Violations[0].Perpetrator && v.Perpetrator != vague.Violations[0].Victim {
			guarantee.Bearer = v.Perpetrator
		}
	}
	vague.Obligations = append(slices.Clone(vague.Obligations), guarantee)
	apply(t, s, &vague)
}

// exceptions counts the facts whose passages show elsewhere or nowhere.
func exceptions(t *testing.T, s graph.Store) (merged, hidden int) {
	t.Helper()
	err := s.Records(t.Context(), func(r graph.Record) error {
		stances := layout.TallyOf(r).Said[string(graph.StanceOf)]
		if r.Shown != "" {
			merged++
		}
		if layout.IsNode(r.ID) && len(stances) > 0 && stances[string(graph.Supports)] == 0 {
			hidden++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return merged, hidden
}

// raw is all that a database holds, a line for each node and relationship, but
// for when batches were imported and how often was written. Yields have no order.
func raw(t *testing.T, server *neo4jtest.Server) []string {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background())
	result, err := neo4j.ExecuteQuery(t.Context(), driver, `MATCH (n) RETURN labels(n) AS what, properties(n) AS holds
UNION ALL
MATCH (a)-[r]->(b) RETURN [labels(a)[0], a.id, type(r), labels(b)[0], b.id] AS what, properties(r) AS holds`, nil, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, row := range result.Records {
		holds := row.Values[1].(map[string]any)
		if at, ok := holds["importedAt"]; ok {
			holds["importedAt"] = fmt.Sprintf("%T", at)
		}
		if yields, ok := holds["yields"].([]any); ok {
			slices.SortFunc(yields, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		}
		delete(holds, "writes")
		lines = append(lines, fmt.Sprintf("%q %#v", row.Values[0], holds)) // maps print in order
	}
	slices.Sort(lines)
	return lines
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%.4000s", what, diff)
	}
}

// answers are those of all questions, each asked in several ways.
func answers(t *testing.T, s graph.Store) map[string]graph.Answer {
	t.Helper()
	answers := map[string]graph.Answer{}
	for _, q := range graph.Questions {
		for i, a := range []graph.Arguments{nil, {graph.About: "state:AAA", graph.Toward: "state:BBB"}, {graph.About: "pact"}, {graph.By: "state:GUA"}, {graph.Toward: "state:UKR"}} {
			answer, err := q.Ask(t.Context(), s, a, 0, "")
			if err == nil {
				answers[fmt.Sprint(q.Name, i)] = answer
			}
		}
		if !slices.ContainsFunc([]int{0, 1, 2, 3, 4}, func(i int) bool { return len(answers[fmt.Sprint(q.Name, i)].Rows) > 0 }) {
			t.Errorf("question %s has no answer here", q.Name)
		}
	}
	return answers
}

func TestTheDatabaseIsTheStore(t *testing.T) {
	server := neo4jtest.New(t, neo4jtest.Options{})
	local := openLocal(t)
	fill(t, local)
	if merged, hidden := exceptions(t, local); merged == 0 || hidden == 0 {
		t.Errorf("%d merged and %d hidden facts: the graph is too plain", merged, hidden)
	}

	// the command reads files in the folder that it runs in
	folder := filepath.Join(t.TempDir(), "files")
	files, err := neo4jadmin.Export(t.Context(), local, folder, func(done, of int) {
		if done > of {
			t.Errorf("step %d of %d", done, of)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(server.Home, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	if err := server.Admin(t.Context(), append(files.Command("neo4j")[1:], "--verbose")...); err != nil {
		t.Fatal(err)
	}
	server.Restart(t)
	if _, err := openNeo4j(t, server, true); !errors.Is(err, neo4jstore.ErrBare) || !errors.Is(err, graph.ErrNotFound) {
		t.Fatalf("reading it before anything else: %v", err)
	}
	loaded, err := openNeo4j(t, server, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openNeo4j(t, server, true); err != nil {
		t.Fatalf("reading it after that: %v", err)
	}
	same(t, "dumps", strings.Split(storetest.Dump(t, local), "\n"), strings.Split(storetest.Dump(t, loaded), "\n"))
	same(t, "answers", answers(t, local), answers(t, loaded))
	for b := range storetest.Hostile() {
		for _, name := range []string{b.Instruments[0].Name, strings.ToUpper(b.Instruments[0].ID)} {
			want, err := local.Find(t.Context(), name)
			if err != nil || len(want) == 0 {
				t.Fatalf("%q: %v", name, err)
			}
			got, err := loaded.Find(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "found by name", want, got)
		}
	}
	if found, err := loaded.Search(t.Context(), "annexed Crimea", 0); err != nil || len(found) == 0 {
		t.Errorf("search: %d found, %v", len(found), err)
	}

	// it goes on as a store
	next := slices.Collect(storetest.Random(19))[16:]
	withdrawn := slices.Collect(storetest.Random(3))
	for _, s := range []graph.Store{local, loaded} {
		for _, b := range next {
			apply(t, s, b)
		}
		for _, b := range withdrawn {
			if err := s.Withdraw(t.Context(), b.Document.ID()); err != nil {
				t.Fatal(err)
			}
		}
	}
	same(t, "dumps after changes", strings.Split(storetest.Dump(t, local), "\n"), strings.Split(storetest.Dump(t, loaded), "\n"))
	grown := raw(t, server)

	// and holds what the store writes itself
	if err := loaded.Close(); err != nil {
		t.Fatal(err)
	}
	written := rewrite(t, server, local)
	same(t, "database", raw(t, server), grown)

	// a database is exported as well as a file
	one, err := neo4jadmin.Export(t.Context(), local, filepath.Join(t.TempDir(), "one"), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	other, err := neo4jadmin.Export(t.Context(), written, filepath.Join(t.TempDir(), "other"), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "nodes and relationships", []int{one.Nodes(), one.Relationships()}, []int{other.Nodes(), other.Relationships()})
}

// rewrite empties the database and applies all batches of the store to it.
func rewrite(t *testing.T, server *neo4jtest.Server, from graph.Store) graph.Store {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background())
	if _, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (n) DETACH DELETE n", nil, neo4j.EagerResultTransformer); err != nil {
		t.Fatal(err)
	}
	s, err := openNeo4j(t, server, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := from.Batches(t.Context(), func(b *graph.Batch) error { apply(t, s, b); return nil }); err != nil {
		t.Fatal(err)
	}
	return s
}

// A meddler writes to its store whenever its records are read.
type meddler struct {
	graph.Store
	batches []*graph.Batch
}

func (m meddler) Records(ctx context.Context, yield func(graph.Record) error) error {
	for _, b := range m.batches {
		if _, err := m.Apply(ctx, b); err != nil {
			return err
		}
	}
	return m.Store.Records(ctx, yield)
}

func TestAFailedExportLeavesNothing(t *testing.T) {
	local := openLocal(t)
	for b := range storetest.Random(3) {
		apply(t, local, b)
	}
	folder := filepath.Join(t.TempDir(), "files")
	changed := meddler{local, slices.Collect(storetest.Random(4))}
	if _, err := neo4jadmin.Export(t.Context(), changed, folder, func(int, int) {}); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("a store that changes meanwhile: %v", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	empty := t.TempDir()
	if _, err := neo4jadmin.Export(ctx, local, empty, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}
