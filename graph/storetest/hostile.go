package storetest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"pacta/graph"
)

// hostile are names that would do harm where they stood in a query's text.
var hostile = map[string]string{
	"quotes":     `O'Brien "the" Great`,
	"backticks":  "a ``backtick`` `name`",
	"cypher":     "x'}) MATCH (n) DETACH DELETE n //",
	"escapes":    `\u0027}) DETACH DELETE n // \\u0022 \n \`,
	"sql":        "'; DROP TABLE node; --",
	"parameters": "$limit {id} $1 ?1 :name",
	"newlines":   "two\nlines\r\nand a\ttab",
	"right left": "\u202eevil\u202c \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
	"astral":     "\U0001F54A peace \uffee \U00010348",
	"long":       strings.Repeat("ten thousand bytes ", 540)[:10_000],
	"separators": "a|b|c|d/e,f;g\x1fh\x00",
}

// hostileStory gives the name to an instrument and an actor, as provision,
// condition and quote.
func hostileStory(what, name string) *story {
	slug := graph.Slug(what)
	told := tell(what).instrument(slug, "1925").owes("AAA", graph.Ceasefire, "BBB", slug)
	told.batch.Instruments[0].Name, told.batch.Instruments[0].Names = name, []string{name}
	told.batch.Actors = append(told.batch.Actors, graph.ActorClaim{ID: "person:" + slug, Name: name, Kind: graph.Person, Names: []string{name}})
	o := &told.batch.Obligations[0]
	o.Provision, o.Condition, o.Evidence = name, name, told.quote("%s", name)
	return told
}

// Hostile gives batches with names that would do harm where they were not
// quoted.
func Hostile() iter.Seq[*graph.Batch] {
	return func(yield func(*graph.Batch) bool) {
		for _, what := range slices.Sorted(maps.Keys(hostile)) {
			if !yield(hostileStory(what, hostile[what]).batch) {
				return
			}
		}
	}
}

// hostileNames gives each as the name of an actor and of an instrument, and as
// provision, condition and quote.
func hostileNames(t *testing.T, s graph.Store) {
	ctx := context.Background()
	for what, name := range hostile {
		told := hostileStory(what, name)
		slug, o := told.batch.Instruments[0].ID, told.batch.Obligations[0]
		apply(t, s, told)

		for _, id := range []string{slug, "person:" + slug} {
			node, err := s.Node(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			same(t, what+": name", name, node.Name)
			same(t, what+": names", []string{name}, node.Properties.List(graph.Names))
		}
		node, err := s.Node(ctx, o.ID())
		if err != nil {
			t.Fatal(err)
		}
		same(t, what+": condition", name, node.Properties.Text(graph.Condition))
		same(t, what+": by name", []string{slug}, matched(t, s, graph.Pattern{
			Nodes: []graph.NodePattern{{As: "n", Label: graph.InstrumentLabel, Where: []graph.Filter{graph.Is(graph.Name, name)}}},
		}, "n"))
		found, err := s.Find(ctx, name)
		if err != nil || len(found) != 2 {
			t.Errorf("%s: found %d nodes by name, %v", what, len(found), err)
		}
		proofs, err := s.Evidence(ctx, []string{o.ID()}, 0)
		if err != nil || len(proofs[o.ID()]) != 1 || proofs[o.ID()][0].Quote != name+"." {
			t.Errorf("%s: quote %.60v, %v", what, proofs, err)
		}
	}
	var sorted []string
	page, err := s.Match(ctx, graph.Pattern{
		Nodes: []graph.NodePattern{{As: "n", Label: graph.InstrumentLabel}}, Order: []graph.Order{{Of: "n", Property: graph.Name}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page.Matches {
		sorted = append(sorted, m.Nodes["n"].Name)
	}
	for i := range len(sorted) - 1 {
		if sorted[i] > sorted[i+1] {
			t.Errorf("%.40q comes before %.40q: names sort by their bytes", sorted[i], sorted[i+1])
		}
	}
}
