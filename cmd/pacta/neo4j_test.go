package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"pacta/config"
	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/graph/neo4jstore"
	"pacta/graph/storetest"
	"pacta/importer"
	neo4jtest "pacta/testdata/neo4j"
)

// emptied is a real server whose database holds no graph, and that database
// opened as a store.
func emptied(t *testing.T) (*neo4jtest.Server, graph.Store) {
	t.Helper()
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	s, err := neo4jstore.Open(ctx, neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	documents := map[string]bool{}
	if err := s.Batches(ctx, func(b *graph.Batch) error { documents[b.Document.ID()] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	for document := range documents {
		if err := s.Withdraw(ctx, document); err != nil {
			t.Fatal(err)
		}
	}
	return server, s
}

// TestNeo4jStories tells the stories that need a server.
func TestNeo4jStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/neo4j/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, story := range stories {
		server, _ := emptied(t)
		testscript.Run(t, testscript.Params{
			Files: []string{story},
			Setup: func(env *testscript.Env) error {
				env.Setenv("HOME", env.WorkDir)
				env.Setenv("XDG_CONFIG_HOME", env.WorkDir)
				env.Setenv("SERVER", server.URI)
				env.Setenv("PACTA_STORE", server.URI)
				env.Setenv("PACTA_NEO4J_PASSWORD", server.Password)
				return nil
			},
		})
	}
}

// TestStoresAgree imports the same documents into both stores: they export the
// same bytes, and give every named question the same answers in the same order.
func TestStoresAgree(t *testing.T) {
	ctx := context.Background()
	_, served := emptied(t)
	local, err := localstore.Open(ctx, filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	sources, err := bundled()
	if err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join("..", "..", "..", "shared", "documents")
	if _, err := os.Stat(shared); err == nil {
		more, _, err := importer.Files([]string{shared})
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, more...)
	} else if os.Getenv("CI") != "" {
		t.Errorf("%s is missing", shared)
	}
	s := &settings{config: config.Default()}
	for _, store := range []graph.Store{local, served} {
		im, err := s.newImporter(importer.Options{Store: store})
		if err != nil {
			t.Fatal(err)
		}
		if report, err := im.Import(ctx, sources); err != nil || report.Failed() {
			t.Fatalf("%+v, %v", report, err)
		}
	}
	if diff := cmp.Diff(strings.Split(storetest.Dump(t, local), "\n"), strings.Split(storetest.Dump(t, served), "\n")); diff != "" {
		t.Fatalf("exports (-local +neo4j)\n%.4000s", diff)
	}
	asked := 0
	for question, arguments := range everyQuestion(t, local) {
		asked++
		one, other := wholeAnswer(t, local, question, arguments), wholeAnswer(t, served, question, arguments)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Errorf("%s %v (-local +neo4j)\n%.2000s", question.Name, arguments, diff)
		}
	}
	if asked < 100 {
		t.Errorf("only %d questions were asked", asked)
	}
}

// everyQuestion asks each question without arguments, or about each of the
// graph's busiest actors and instruments.
func everyQuestion(t *testing.T, s graph.Store) func(func(graph.Question, graph.Arguments) bool) {
	t.Helper()
	nodes := map[graph.Label][]string{}
	err := s.Export(context.Background(), func(n graph.Node) error {
		if len(nodes[n.Label]) < 12 {
			nodes[n.Label] = append(nodes[n.Label], n.ID)
		}
		return nil
	}, func(graph.Edge) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	actors := append([]string{"state:RUS", "state:UKR", "state:TUR", "state:CYP", "state:DEU", "state:POL"}, nodes[graph.ActorLabel]...)
	return func(yield func(graph.Question, graph.Arguments) bool) {
		for _, q := range graph.Questions {
			var all []graph.Arguments
			switch {
			case q.Name == "paths":
				for i := range len(actors) - 1 {
					all = append(all, graph.Arguments{graph.About: actors[i], graph.Toward: actors[i+1], graph.MaxHopCount: "3"})
				}
			case len(q.Needs) > 0:
				for _, label := range []graph.Label{graph.InstrumentLabel, graph.ObligationLabel, graph.ViolationLabel} {
					for _, id := range nodes[label] {
						all = append(all, graph.Arguments{graph.About: id})
					}
				}
				for _, id := range actors {
					all = append(all, graph.Arguments{graph.About: id})
				}
			default:
				all = append(all, nil)
				for _, p := range q.Takes {
					for _, id := range actors {
						if p == graph.By || p == graph.Toward {
							all = append(all, graph.Arguments{p: id})
						}
					}
				}
			}
			for _, arguments := range all {
				if !yield(q, arguments) {
					return
				}
			}
		}
	}
}

// wholeAnswer is all pages of an answer, or its error, as text.
func wholeAnswer(t *testing.T, s graph.Store, q graph.Question, arguments graph.Arguments) string {
	t.Helper()
	var pages strings.Builder
	for cursor, page := "", 0; page == 0 || cursor != ""; page++ {
		answer, err := q.Ask(context.Background(), s, arguments, 40, cursor)
		if err != nil {
			return err.Error()
		}
		text, err := json.MarshalIndent(answer, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		pages.Write(text)
		cursor = answer.Next
	}
	return pages.String()
}
