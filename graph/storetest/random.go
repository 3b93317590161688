package storetest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"pacta/graph"
)

// randomQuestions puts random patterns and path queries to random graphs and
// compares the answers with the oracle's.
func randomQuestions(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		s := open(t)
		defer s.Close()
		for i := range rapid.IntRange(1, 5).Draw(r, "documents") {
			apply(t, s, randomStory(r, fmt.Sprint("document ", i)))
		}
		truth := askOracle(t, s)
		for range 5 {
			p := truth.randomPattern(r)
			if diff := cmp.Diff(truth.match(p), allMatches(t, s, p), cmpopts.EquateEmpty()); diff != "" {
				r.Fatalf("matches of %+v (-want +got)\n%s", p, diff)
			}
			q := truth.randomPathQuery(r)
			found, err := s.Paths(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, path := range found {
				got = append(got, path.Key())
			}
			if diff := cmp.Diff(truth.paths(q), got); diff != "" {
				r.Fatalf("paths of %+v (-want +got)\n%s", q, diff)
			}
		}
	})
}

// Random gives that many batches that speak of the same few things and contradict
// each other, each time the same.
func Random(count int) iter.Seq[*graph.Batch] {
	return func(yield func(*graph.Batch) bool) {
		for i := range count {
			told := rapid.Custom(func(r *rapid.T) *story { return randomStory(r, fmt.Sprint("random ", i)) }).Example(i)
			if !yield(told.batch) {
				return
			}
		}
	}
}

// allMatches reads the pattern's pages to the end.
func allMatches(t *testing.T, s graph.Store, p graph.Pattern) []graph.Match {
	t.Helper()
	all := []graph.Match{}
	for {
		page, err := s.Match(context.Background(), p)
		if err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
		all = append(all, page.Matches...)
		if p.Cursor = page.Next; p.Cursor == "" {
			return all
		}
	}
}

func (o oracle) randomPathQuery(r *rapid.T) graph.PathQuery {
	ids := slices.Sorted(maps.Keys(o.nodes))
	q := graph.PathQuery{
		From: rapid.SampledFrom(ids).Draw(r, "start"), To: rapid.SampledFrom(ids).Draw(r, "end"),
		Directed: rapid.Bool().Draw(r, "directed"),
		MaxHops:  rapid.IntRange(1, 4).Draw(r, "hops"), Limit: rapid.IntRange(1, 12).Draw(r, "paths"),
	}
	if q.From == q.To {
		q.To = ids[(slices.Index(ids, q.To)+1)%len(ids)]
	}
	for range rapid.IntRange(0, 3).Draw(r, "types") {
		q.Types = append(q.Types, rapid.SampledFrom(graph.EdgeRules).Draw(r, "type").Type)
	}
	return q
}

// randomPattern draws a tree of edges, some of them optional, with conditions
// and an absence; most have matches.
func (o oracle) randomPattern(r *rapid.T) graph.Pattern {
	label := rapid.SampledFrom(graph.Labels[:4]).Draw(r, "first").Name
	p := graph.Pattern{Nodes: []graph.NodePattern{o.randomNode(r, "n0", label)}}
	optional := map[string]bool{}
	for i := range rapid.IntRange(0, 3).Draw(r, "edges") {
		n := rapid.SampledFrom(p.Nodes).Draw(r, "at")
		e, next := randomEdge(r, fmt.Sprint("e", i), n, fmt.Sprint("n", i+1))
		e.Optional = optional[n.As] || rapid.Bool().Draw(r, "optional")
		optional[next.As] = e.Optional
		e.Where = o.randomFilters(r, edgeProperties(e.Type))
		p.Nodes, p.Edges = append(p.Nodes, o.randomNode(r, next.As, next.Label)), append(p.Edges, e)
	}
	if rapid.Bool().Draw(r, "absent") {
		e, next := randomEdge(r, "no", rapid.SampledFrom(p.Nodes).Draw(r, "absent at"), "none")
		p.Absent = []graph.Absence{{Nodes: []graph.NodePattern{o.randomNode(r, next.As, next.Label)}, Edges: []graph.EdgePattern{e}}}
	}
	for range rapid.IntRange(0, 2).Draw(r, "orders") {
		n := rapid.SampledFrom(p.Nodes).Draw(r, "order of")
		property := rapid.SampledFrom(nodeProperties(n.Label)).Draw(r, "order by")
		if !property.IsList() && !property.IsNumber() {
			p.Order = append(p.Order, graph.Order{Of: n.As, Property: property, Descending: rapid.Bool().Draw(r, "descending")})
		}
	}
	p.AsOf = rapid.SampledFrom([]graph.Date{"", "", "1929", "1930", "1930-02", "1930-02-02", "1934"}).Draw(r, "as of")
	p.Limit = rapid.IntRange(0, 7).Draw(r, "limit")
	return p
}

// randomEdge draws an edge that the node can have, and the node at its other end.
func randomEdge(r *rapid.T, as string, n graph.NodePattern, other string) (graph.EdgePattern, graph.NodePattern) {
	rule := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(graph.EdgeRules), func(rule graph.EdgeRule) bool {
		return !slices.Contains(rule.From, n.Label) && !slices.Contains(rule.To, n.Label)
	})).Draw(r, "type")
	if slices.Contains(rule.From, n.Label) {
		return graph.EdgePattern{As: as, From: n.As, Type: rule.Type, To: other}, graph.NodePattern{As: other, Label: rapid.SampledFrom(rule.To).Draw(r, "label")}
	}
	return graph.EdgePattern{As: as, From: other, Type: rule.Type, To: n.As}, graph.NodePattern{As: other, Label: rapid.SampledFrom(rule.From).Draw(r, "label")}
}

func nodeProperties(label graph.Label) []graph.Property {
	return append([]graph.Property{graph.ID, graph.Name}, graph.NodeProperties[label]...)
}

func edgeProperties(t graph.EdgeType) []graph.Property {
	rule, _ := graph.RuleOfEdge(t)
	return rule.Properties
}

func (o oracle) randomNode(r *rapid.T, as string, label graph.Label) graph.NodePattern {
	return graph.NodePattern{As: as, Label: label, Where: o.randomFilters(r, nodeProperties(label))}
}

// randomFilters draws at most one condition, with a value that the graph holds.
func (o oracle) randomFilters(r *rapid.T, properties []graph.Property) []graph.Filter {
	if len(properties) == 0 || rapid.IntRange(0, 3).Draw(r, "filtered") > 0 {
		return nil
	}
	f := graph.Filter{Property: rapid.SampledFrom(properties).Draw(r, "property")}
	values := o.values(f.Property)
	ops := []graph.Op{graph.Exists, graph.Missing, graph.Equal, graph.Unequal, graph.Least, graph.Most}
	switch {
	case f.Property.IsList():
		ops = []graph.Op{graph.Exists, graph.Missing, graph.Includes}
	case !f.Property.IsNumber():
		ops = append(ops, graph.In)
		f.Values = []string{rapid.SampledFrom(values).Draw(r, "one"), rapid.SampledFrom(values).Draw(r, "or")}
	}
	f.Op = rapid.SampledFrom(ops).Draw(r, "comparison")
	f.Value = rapid.SampledFrom(values).Draw(r, "value")
	f.Number = float64(rapid.IntRange(0, 100).Draw(r, "number"))
	return []graph.Filter{f}
}

// values are the texts that nodes and edges have as the property, and one that
// none has.
func (o oracle) values(property graph.Property) []string {
	seen := map[string]bool{"none": true}
	add := func(value any) {
		switch v := value.(type) {
		case string:
			seen[v] = true
		case []string:
			for _, s := range v {
				seen[s] = true
			}
		}
	}
	for _, n := range o.nodes {
		add(n.Value(property))
	}
	for _, e := range o.edges {
		add(e.Properties[property])
	}
	return slices.Sorted(maps.Keys(seen))
}
