package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"pacta/graph"
)

// An oracle answers patterns and path queries from a whole export, by trying
// every way: too slow for use, and too simple to be wrong.
type oracle struct {
	nodes map[string]graph.Node
	edges []graph.Edge
}

func askOracle(tb testing.TB, s graph.Store) oracle {
	tb.Helper()
	o := oracle{nodes: map[string]graph.Node{}}
	err := s.Export(context.Background(),
		func(n graph.Node) error { o.nodes[n.ID] = n; return nil },
		func(e graph.Edge) error { o.edges = append(o.edges, e); return nil })
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// match gives all matches in the pattern's order.
func (o oracle) match(p graph.Pattern) []graph.Match {
	matches := []graph.Match{}
	for _, n := range o.nodes {
		if fits(p.Nodes[0], n, p.AsOf) {
			matches = append(matches, graph.Match{Nodes: map[string]graph.Node{p.Nodes[0].As: n}, Edges: map[string]graph.Edge{}})
		}
	}
	for _, optional := range []bool{false, true} {
		for _, e := range p.Edges {
			if e.Optional == optional {
				matches = o.extend(matches, e, p.Nodes, p.AsOf)
			}
		}
	}
	matches = slices.DeleteFunc(matches, func(m graph.Match) bool {
		return slices.ContainsFunc(p.Absent, func(a graph.Absence) bool {
			found := []graph.Match{m}
			for _, e := range a.Edges {
				found = o.extend(found, e, a.Nodes, p.AsOf)
			}
			return len(found) > 0
		})
	})
	slices.SortFunc(matches, func(a, b graph.Match) int {
		x, y := p.SortKeys(a), p.SortKeys(b)
		for i, order := range p.Order {
			if c := cmp.Compare(x[i], y[i]); c != 0 {
				if order.Descending {
					return -c
				}
				return c
			}
		}
		return slices.Compare(p.Ties(a), p.Ties(b))
	})
	return matches
}

// extend joins each match with every edge that fits it.
func (o oracle) extend(matches []graph.Match, e graph.EdgePattern, nodes []graph.NodePattern, asOf graph.Date) []graph.Match {
	var extended []graph.Match
	for _, m := range matches {
		before := len(extended)
		_, hasFrom := m.Nodes[e.From]
		_, hasTo := m.Nodes[e.To]
		for _, edge := range o.edges {
			if e.Optional && !hasFrom && !hasTo {
				break // what it hangs on is missing
			}
			from, to := o.nodes[edge.From], o.nodes[edge.To]
			if edge.Type != e.Type || !o.stands(m, e.From, from, nodes, asOf) || !o.stands(m, e.To, to, nodes, asOf) ||
				e.From == e.To && edge.From != edge.To ||
				slices.ContainsFunc(e.Where, func(f graph.Filter) bool { return !holds(f, edge.Properties[f.Property]) }) {
				continue
			}
			next := graph.Match{Nodes: maps.Clone(m.Nodes), Edges: maps.Clone(m.Edges)}
			next.Nodes[e.From], next.Nodes[e.To], next.Edges[e.As] = from, to, edge
			extended = append(extended, next)
		}
		if e.Optional && len(extended) == before {
			extended = append(extended, m)
		}
	}
	return extended
}

// stands reports whether the node can be the one of that name: it is, or the
// name is new and one of the nodes to add.
func (o oracle) stands(m graph.Match, as string, n graph.Node, nodes []graph.NodePattern, asOf graph.Date) bool {
	if known, ok := m.Nodes[as]; ok {
		return known.ID == n.ID
	}
	i := slices.IndexFunc(nodes, func(p graph.NodePattern) bool { return p.As == as })
	return i >= 0 && fits(nodes[i], n, asOf)
}

func fits(p graph.NodePattern, n graph.Node, asOf graph.Date) bool {
	if n.Label != p.Label {
		return false
	}
	if dated := graph.DatedBy(n.Label); asOf != "" && dated != "" {
		date := graph.Date(n.Properties.Text(dated))
		if date == "" || date.First() > asOf.Last() {
			return false
		}
	}
	return !slices.ContainsFunc(p.Where, func(f graph.Filter) bool { return !holds(f, n.Value(f.Property)) })
}

func holds(f graph.Filter, value any) bool {
	if value == nil || f.Op == graph.Missing || f.Op == graph.Exists {
		return (value == nil) == (f.Op == graph.Missing)
	}
	if list, ok := value.([]string); ok {
		return slices.Contains(list, f.Value)
	}
	if f.Op == graph.In {
		return slices.Contains(f.Values, value.(string))
	}
	order := 0
	switch v := value.(type) {
	case int:
		order = cmp.Compare(float64(v), f.Number)
	case float64:
		order = cmp.Compare(v, f.Number)
	case string:
		order = strings.Compare(v, f.Value)
		if f.Property.IsDate() && (f.Op == graph.Least || f.Op == graph.Most) {
			order = strings.Compare(graph.Date(v).First(), graph.Date(f.Value).First())
		}
	}
	switch f.Op {
	case graph.Equal:
		return order == 0
	case graph.Unequal:
		return order != 0
	case graph.Least:
		return order >= 0
	}
	return order <= 0
}

// paths gives the keys of the paths in order.
func (o oracle) paths(q graph.PathQuery) []string {
	q = q.WithDefaults()
	at := map[string][]graph.Edge{}
	for _, e := range o.edges {
		if slices.Contains(q.Types, e.Type) {
			at[e.From] = append(at[e.From], e)
			if !q.Directed {
				at[e.To] = append(at[e.To], e)
			}
		}
	}
	var all []graph.Path
	var walk func(graph.Path)
	walk = func(path graph.Path) {
		last := path.Nodes[len(path.Nodes)-1].ID
		if last == q.To {
			all = append(all, path)
			return
		}
		if len(path.Edges) == q.MaxHops {
			return
		}
		for _, e := range at[last] {
			next := e.To
			if next == last {
				next = e.From
			}
			if !slices.ContainsFunc(path.Nodes, func(n graph.Node) bool { return n.ID == next }) {
				walk(graph.Path{
					Nodes: append(slices.Clone(path.Nodes), o.nodes[next]),
					Edges: append(slices.Clone(path.Edges), e),
				})
			}
		}
	}
	walk(graph.Path{Nodes: []graph.Node{o.nodes[q.From]}})
	slices.SortFunc(all, func(a, b graph.Path) int {
		return cmp.Or(cmp.Compare(len(a.Edges), len(b.Edges)), strings.Compare(a.Key(), b.Key()))
	})
	keys := []string{}
	for _, path := range all[:min(len(all), q.Limit)] {
		keys = append(keys, path.Key())
	}
	return keys
}
