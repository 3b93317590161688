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

// The bounds of one path search: how many nodes its frontier may reach, and how many steps the enumeration may take.
const (
	maxReached = 200_000
	maxSteps   = 200_000
)

// Paths implements graph.Store. A breadth-first frontier from the end gives
// every node near it its distance; the paths are then walked from the start,
// never stepping where the end is out of reach.
func (s *Store) Paths(ctx context.Context, query graph.PathQuery) ([]graph.Path, error) {
	if err := query.Validate(); err != nil {
		return nil, err
	}
	for _, id := range []string{query.From, query.To} {
		if _, err := s.Node(ctx, id); err != nil {
			return nil, err
		}
	}
	search := &pathSearch{store: s, query: query.WithDefaults(), steps: map[string][]graph.Edge{}}
	paths, err := search.run(ctx)
	return paths, s.named(err)
}

type pathSearch struct {
	store  *Store
	query  graph.PathQuery
	steps  map[string][]graph.Edge // the edges that leave a node, as far as they were read
	toEnd  map[string]int          // how many hops a node is from the end
	walked int
	found  [][]graph.Edge
}

func (p *pathSearch) run(ctx context.Context) ([]graph.Path, error) {
	if err := p.measure(ctx); err != nil {
		return nil, err
	}
	shortest, ok := p.toEnd[p.query.From]
	if !ok {
		return []graph.Path{}, nil
	}
	for length := shortest; length <= p.query.MaxHops && len(p.found) < p.query.Limit; length++ {
		before := len(p.found)
		if err := p.walk(ctx, p.query.From, length, nil, map[string]bool{p.query.From: true}); err != nil {
			return nil, err
		}
		paths, err := p.paths(ctx, p.found[before:])
		if err != nil {
			return nil, err
		}
		slices.SortFunc(paths, func(a, b graph.Path) int { return strings.Compare(a.Key(), b.Key()) })
		p.found = p.found[:before]
		for _, path := range paths[:min(len(paths), p.query.Limit-before)] {
			p.found = append(p.found, path.Edges)
		}
	}
	return p.paths(ctx, p.found)
}

// measure finds the distance to the end of every node from which a path within
// the bound can still be on its way, breadth-first from the end.
func (p *pathSearch) measure(ctx context.Context) error {
	p.toEnd = map[string]int{p.query.To: 0}
	frontier := []string{p.query.To}
	for hop := 1; hop <= p.query.MaxHops && len(frontier) > 0; hop++ {
		edges, err := p.read(ctx, frontier, true)
		if err != nil {
			return err
		}
		var next []string
		for _, e := range edges {
			for _, id := range p.sources(e) {
				if _, seen := p.toEnd[id]; !seen {
					p.toEnd[id] = hop
					next = append(next, id)
				}
			}
		}
		if len(p.toEnd) > maxReached {
			return fmt.Errorf("%w: more than %d nodes lie within %d hops of %s; ask for fewer hops or name edge types",
				graph.ErrTooCostly, maxReached, hop, p.query.To)
		}
		frontier = next
	}
	return nil
}

// sources are the nodes from which a step along the edge can be taken.
func (p *pathSearch) sources(e graph.Edge) []string {
	if p.query.Directed {
		return []string{e.From}
	}
	return []string{e.From, e.To}
}

// walk finds the simple paths of exactly that many more hops.
func (p *pathSearch) walk(ctx context.Context, at string, hops int, path []graph.Edge, seen map[string]bool) error {
	if at == p.query.To {
		if hops == 0 {
			p.found = append(p.found, slices.Clone(path))
		}
		return nil
	}
	if hops == 0 {
		return nil
	}
	steps, err := p.leaving(ctx, at)
	if err != nil {
		return err
	}
	for _, e := range steps {
		next := other(e, at)
		distance, ok := p.toEnd[next]
		if seen[next] || !ok || distance > hops-1 {
			continue
		}
		if p.walked++; p.walked > maxSteps {
			return fmt.Errorf("%w: there are too many ways between %s and %s; ask for fewer hops or name edge types",
				graph.ErrTooCostly, p.query.From, p.query.To)
		}
		seen[next] = true
		if err := p.walk(ctx, next, hops-1, append(path, e), seen); err != nil {
			return err
		}
		delete(seen, next)
	}
	return nil
}

func other(e graph.Edge, at string) string {
	if e.From == at {
		return e.To
	}
	return e.From
}

// leaving are the edges by which a path can leave the node.
func (p *pathSearch) leaving(ctx context.Context, id string) ([]graph.Edge, error) {
	if steps, ok := p.steps[id]; ok {
		return steps, nil
	}
	steps, err := p.read(ctx, []string{id}, false)
	p.steps[id] = steps
	return steps, err
}

// read gives the edges at the nodes that a path can take: those that arrive at
// them or those that leave them, or both where direction does not matter.
func (p *pathSearch) read(ctx context.Context, ids []string, arriving bool) ([]graph.Edge, error) {
	types := make([]string, len(p.query.Types))
	for i, t := range p.query.Types {
		types[i] = string(t)
	}
	var parts []string
	var args []any
	for _, side := range []struct {
		column string
		wanted bool
	}{{"src", !p.query.Directed || !arriving}, {"dst", !p.query.Directed || arriving}} {
		if !side.wanted {
			continue
		}
		evidence := map[string]string{"src": "shown", "dst": "passage"}[side.column]
		parts = append(parts,
			"SELECT src, type, dst, key, properties FROM edge WHERE "+side.column+" IN (SELECT value FROM json_each(?)) AND type IN (SELECT value FROM json_each(?))",
			"SELECT shown, 'EVIDENCED_BY', passage, key, properties FROM evidence WHERE "+evidence+" IN (SELECT value FROM json_each(?)) AND 'EVIDENCED_BY' IN (SELECT value FROM json_each(?))")
		args = append(args, list(ids), list(types), list(ids), list(types))
	}
	var edges []graph.Edge
	err := each(ctx, p.store.read, strings.Join(parts, "\nUNION\n"), args, func(scan func(...any) error) error {
		var e graph.Edge
		var properties []byte
		if err := scan(&e.From, &e.Type, &e.To, &e.Key, &properties); err != nil {
			return err
		}
		edges = append(edges, e)
		return json.Unmarshal(properties, &edges[len(edges)-1].Properties)
	})
	return edges, err
}

// paths gives the edge lists their nodes.
func (p *pathSearch) paths(ctx context.Context, lists [][]graph.Edge) ([]graph.Path, error) {
	ids := map[string]bool{}
	for _, edges := range lists {
		for _, e := range edges {
			ids[e.From], ids[e.To] = true, true
		}
	}
	nodes := map[string]graph.Node{}
	err := eachNode(ctx, p.store.read, "WHERE id IN (SELECT value FROM json_each(?))", []any{list(slices.Sorted(maps.Keys(ids)))},
		func(n graph.Node) error {
			nodes[n.ID] = n
			return nil
		})
	if err != nil {
		return nil, err
	}
	paths := make([]graph.Path, len(lists))
	for i, edges := range lists {
		at := p.query.From
		paths[i].Nodes = []graph.Node{nodes[at]}
		for _, e := range edges {
			at = other(e, at)
			paths[i].Nodes = append(paths[i].Nodes, nodes[at])
			paths[i].Edges = append(paths[i].Edges, e)
		}
	}
	return paths, nil
}
