package localstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pacta/graph"
)

// The bounds of one path search: how many edges it may read, and how many
// steps it may take along them.
const (
	maxRead  = 400_000
	maxSteps = 400_000
)

// Paths implements graph.Store. It looks for paths of one hop, then of two,
// and so on, reading edges from both ends: the nodes around the start, the
// nodes around the end, and no more of either than meet in the middle.
func (s *Store) Paths(ctx context.Context, query graph.PathQuery) ([]graph.Path, error) {
	if err := query.Validate(); err != nil {
		return nil, err
	}
	var paths []graph.Path
	err := s.snapshot(ctx, func(q querier) error {
		for _, id := range []string{query.From, query.To} {
			if _, err := node(ctx, q, id); err != nil {
				return err
			}
		}
		search := newPathSearch(q, query.WithDefaults())
		if err := search.run(ctx); err != nil {
			return err
		}
		var err error
		paths, err = search.paths(ctx)
		return err
	})
	return paths, err
}

type pathSearch struct {
	q     querier
	query graph.PathQuery

	next map[string]map[string][]graph.Edge // the known edges by the nodes that a path takes them from and to
	prev map[string][]string                // the same the other way round

	fromStart map[string]int // hops from the start, of the nodes around it
	radius    int            // how many hops around the start are known
	toEnd     map[string]int // hops to the end, of the nodes that a path can go through
	arrivals  map[string]bool
	rims      [2]int // how many nodes the next step from the start, and from the end, would look at

	read, steps int
	found       [][]graph.Edge
}

func newPathSearch(q querier, query graph.PathQuery) *pathSearch {
	return &pathSearch{
		q: q, query: query,
		next: map[string]map[string][]graph.Edge{}, prev: map[string][]string{},
		fromStart: map[string]int{query.From: 0}, arrivals: map[string]bool{}, rims: [2]int{1, 1},
	}
}

func (p *pathSearch) run(ctx context.Context) error {
	for length := 1; length <= p.query.MaxHops && len(p.found) < p.query.Limit; length++ {
		if p.rims[0] <= p.rims[1] {
			if err := p.widen(ctx); err != nil {
				return err
			}
		}
		if err := p.measure(ctx, length); err != nil {
			return err
		}
		if _, ok := p.toEnd[p.query.From]; !ok {
			continue
		}
		if err := p.walk([]string{p.query.From}, length); err != nil {
			return err
		}
	}
	return nil
}

// widen learns the nodes one hop further around the start.
func (p *pathSearch) widen(ctx context.Context) error {
	var rim []string
	for id, hops := range p.fromStart {
		if hops == p.radius {
			rim = append(rim, id)
		}
	}
	p.radius++
	p.rims[0] = 0
	return p.explore(ctx, rim, false, func(id string) {
		if _, known := p.fromStart[id]; !known {
			p.fromStart[id] = p.radius
			p.rims[0]++
		}
	})
}

// measure finds how far from the end the nodes are that a path of that length
// can go through, breadth-first from the end. Where it comes within the
// radius of the start, the edges are known already.
func (p *pathSearch) measure(ctx context.Context, length int) error {
	p.toEnd = map[string]int{p.query.To: 0}
	layer := []string{p.query.To}
	for hop := 1; hop <= length; hop++ {
		layer = slices.DeleteFunc(layer, func(id string) bool {
			before, near := p.fromStart[id]
			if !near {
				before = p.radius + 1
			}
			return before+hop-1 > length || id == p.query.From
		})
		if hop <= length-p.radius {
			var unread []string
			for _, id := range layer {
				if !p.arrivals[id] {
					p.arrivals[id] = true
					unread = append(unread, id)
				}
			}
			if err := p.explore(ctx, unread, true, func(string) {}); err != nil {
				return err
			}
		}
		var further []string
		for _, id := range layer {
			for _, source := range p.prev[id] {
				if _, seen := p.toEnd[source]; !seen {
					p.toEnd[source] = hop
					further = append(further, source)
				}
			}
		}
		layer = further
		if hop == length-p.radius {
			p.rims[1] = len(layer)
		}
	}
	return nil
}

// walk follows the route on to all simple paths of exactly that many more
// hops, in the order of their keys, until enough are found.
func (p *pathSearch) walk(route []string, hops int) error {
	if hops == 0 {
		p.take(route, nil)
		return nil
	}
	at := route[len(route)-1]
	var steps []string
	for id := range p.next[at] {
		if p.steps++; p.steps > maxSteps {
			return p.tooCostly()
		}
		distance, ok := p.toEnd[id]
		if ok && distance < hops && (id == p.query.To) == (hops == 1) && !slices.Contains(route, id) {
			steps = append(steps, id)
		}
	}
	slices.Sort(steps)
	for _, id := range steps {
		if err := p.walk(append(route, id), hops-1); err != nil || len(p.found) == p.query.Limit {
			return err
		}
	}
	return nil
}

// take adds the paths through the route's nodes: one for every choice of edges
// between them.
func (p *pathSearch) take(route []string, edges []graph.Edge) {
	if len(edges) == len(route)-1 {
		if len(p.found) < p.query.Limit {
			p.found = append(p.found, slices.Clone(edges))
		}
		return
	}
	choices := p.next[route[len(edges)]][route[len(edges)+1]]
	slices.SortFunc(choices, func(a, b graph.Edge) int { return strings.Compare(a.ID(), b.ID()) })
	for _, e := range choices {
		if len(p.found) < p.query.Limit {
			p.take(route, append(edges, e))
		}
	}
}

func (p *pathSearch) tooCostly() error {
	return fmt.Errorf("%w: there are too many edges between %s and %s; ask for fewer hops or paths, or name edge types",
		graph.ErrTooCostly, p.query.From, p.query.To)
}

// explore reads the edges by which a path can leave the nodes, or arrive at
// them, and calls reached with each node at their other ends.
func (p *pathSearch) explore(ctx context.Context, ids []string, arriving bool, reached func(string)) error {
	if len(ids) == 0 {
		return nil
	}
	var parts []string
	for _, side := range []struct {
		column, evidence string
		taken            bool
	}{
		{"src", "shown", !p.query.Directed || !arriving},
		{"dst", "passage", !p.query.Directed || arriving},
	} {
		if !side.taken {
			continue
		}
		parts = append(parts, "SELECT "+side.column+`, src, type, dst, key FROM edge
			WHERE `+side.column+" IN (SELECT value FROM json_each(?1)) AND type IN (SELECT value FROM json_each(?2))")
		if slices.Contains(p.query.Types, graph.EvidencedBy) {
			parts = append(parts, "SELECT "+side.evidence+`, shown, 'EVIDENCED_BY', passage, key FROM evidence
				WHERE `+side.evidence+" IN (SELECT value FROM json_each(?1)) AND EXISTS (SELECT 1 FROM node WHERE id = shown)")
		}
	}
	types := make([]string, len(p.query.Types))
	for i, t := range p.query.Types {
		types[i] = string(t)
	}
	return each(ctx, p.q, strings.Join(parts, "\nUNION ALL\n"), []any{list(ids), list(types)}, func(scan func(...any) error) error {
		if p.read++; p.read > maxRead {
			return p.tooCostly()
		}
		var at string
		var e graph.Edge
		if err := scan(&at, &e.From, &e.Type, &e.To, &e.Key); err != nil {
			return err
		}
		other := e.From
		if at == e.From {
			other = e.To
		}
		if arriving {
			p.learn(other, at, e)
		} else {
			p.learn(at, other, e)
		}
		reached(other)
		return nil
	})
}

// learn keeps an edge by which a path can go from one node to the other.
func (p *pathSearch) learn(from, to string, e graph.Edge) {
	if p.next[from] == nil {
		p.next[from] = map[string][]graph.Edge{}
	}
	known := p.next[from][to]
	if len(known) == 0 {
		p.prev[to] = append(p.prev[to], from)
	}
	if !slices.ContainsFunc(known, func(k graph.Edge) bool { return k.ID() == e.ID() }) {
		p.next[from][to] = append(known, e)
	}
}

// paths gives the found edges their properties and nodes.
func (p *pathSearch) paths(ctx context.Context) ([]graph.Path, error) {
	ids := map[string]bool{p.query.From: true}
	for _, edges := range p.found {
		for i, e := range edges {
			ids[e.From], ids[e.To] = true, true
			if err := readProperties(ctx, p.q, &edges[i]); err != nil {
				return nil, err
			}
		}
	}
	nodes, err := nodesOf(ctx, p.q, slices.Collect(maps.Keys(ids)))
	if err != nil {
		return nil, err
	}
	paths := make([]graph.Path, len(p.found))
	for i, edges := range p.found {
		at := p.query.From
		paths[i] = graph.Path{Nodes: []graph.Node{nodes[at]}, Edges: edges}
		for _, e := range edges {
			if at == e.From {
				at = e.To
			} else {
				at = e.From
			}
			paths[i].Nodes = append(paths[i].Nodes, nodes[at])
		}
	}
	return paths, nil
}

func readProperties(ctx context.Context, q querier, e *graph.Edge) error {
	query := "SELECT properties FROM edge WHERE src = ? AND dst = ? AND key = ? AND type = ?"
	args := []any{e.From, e.To, e.Key, string(e.Type)}
	if e.Type == graph.EvidencedBy {
		query, args = "SELECT properties FROM evidence WHERE shown = ? AND passage = ? AND key = ?", args[:3]
	}
	var data []byte
	if err := q.QueryRowContext(ctx, query, args...).Scan(&data); err != nil {
		return err
	}
	return json.Unmarshal(data, &e.Properties)
}
