package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The bounds of one path search: how many edges it may read, and how many
// steps it may take along them.
const (
	maxEdgesRead = 400_000
	maxSteps     = 400_000
)

// A Direction says which edges at a node are meant.
type Direction int

// The directions. Either is both of the others.
const (
	Leaving Direction = 1 << iota
	Arriving
	Either = Leaving | Arriving
)

// A PathSource is what [SearchPaths] reads of a store: the graph as it stands
// at one moment.
type PathSource interface {
	// Nodes returns those of the nodes that exist, by id.
	Nodes(ctx context.Context, ids []string) (map[string]Node, error)
	// EdgesAt calls yield with each edge of the types that leaves the nodes or
	// arrives at them, beside the node at which it does, until yield returns an
	// error. An edge that joins two of the nodes can come at both. The edges need
	// no properties.
	EdgesAt(ctx context.Context, nodes []string, d Direction, types []EdgeType, yield func(at string, e Edge) error) error
	// FillIn gives the edges their properties.
	FillIn(ctx context.Context, edges []Edge) error
}

// SearchPaths answers a query as [Store.Paths] promises. It looks for paths of
// one hop, then of two, and so on, reading edges from both ends: the nodes
// around the start, the nodes around the end, and no more of either than meet
// in the middle.
func SearchPaths(ctx context.Context, source PathSource, query PathQuery) ([]Path, error) {
	if err := query.Validate(); err != nil {
		return nil, err
	}
	ends, err := source.Nodes(ctx, []string{query.From, query.To})
	if err != nil {
		return nil, err
	}
	for _, id := range []string{query.From, query.To} {
		if _, ok := ends[id]; !ok {
			return nil, fmt.Errorf("%w: node %q", ErrNotFound, id)
		}
	}
	p := &pathSearch{
		source: source, query: query.WithDefaults(),
		next: map[string]map[string][]Edge{}, prev: map[string][]string{},
		fromStart: map[string]int{query.From: 0}, arrivals: map[string]bool{}, rims: [2]int{1, 1},
	}
	if err := p.run(ctx); err != nil {
		return nil, err
	}
	return p.paths(ctx)
}

type pathSearch struct {
	source PathSource
	query  PathQuery

	next map[string]map[string][]Edge // the known edges by the nodes that a path takes them from and to
	prev map[string][]string          // the same the other way round

	fromStart map[string]int // hops from the start, of the nodes around it
	radius    int            // how many hops around the start are known
	toEnd     map[string]int // hops to the end, of the nodes that a path can go through
	arrivals  map[string]bool
	rims      [2]int // how many nodes the next step from the start, and from the end, would look at

	read, steps int
	found       [][]Edge
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
	return p.explore(ctx, rim, Leaving, func(id string) {
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
			if err := p.explore(ctx, unread, Arriving, func(string) {}); err != nil {
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
func (p *pathSearch) take(route []string, edges []Edge) {
	if len(edges) == len(route)-1 {
		if len(p.found) < p.query.Limit {
			p.found = append(p.found, slices.Clone(edges))
		}
		return
	}
	choices := p.next[route[len(edges)]][route[len(edges)+1]]
	slices.SortFunc(choices, func(a, b Edge) int { return strings.Compare(a.ID(), b.ID()) })
	for _, e := range choices {
		if len(p.found) < p.query.Limit {
			p.take(route, append(edges, e))
		}
	}
}

func (p *pathSearch) tooCostly() error {
	return fmt.Errorf("%w: there are too many edges between %s and %s; ask for fewer hops or paths, or name edge types",
		ErrTooCostly, p.query.From, p.query.To)
}

// explore reads the edges by which a path can leave the nodes, or arrive at
// them, and calls reached with each node at their other ends.
func (p *pathSearch) explore(ctx context.Context, ids []string, d Direction, reached func(string)) error {
	if len(ids) == 0 {
		return nil
	}
	taken := d
	if !p.query.Directed {
		taken = Either
	}
	return p.source.EdgesAt(ctx, ids, taken, p.query.Types, func(at string, e Edge) error {
		if p.read++; p.read > maxEdgesRead {
			return p.tooCostly()
		}
		other := e.From
		if at == e.From {
			other = e.To
		}
		if d == Arriving {
			p.learn(other, at, e)
		} else {
			p.learn(at, other, e)
		}
		reached(other)
		return nil
	})
}

// learn keeps an edge by which a path can go from one node to the other.
func (p *pathSearch) learn(from, to string, e Edge) {
	if p.next[from] == nil {
		p.next[from] = map[string][]Edge{}
	}
	known := p.next[from][to]
	if len(known) == 0 {
		p.prev[to] = append(p.prev[to], from)
	}
	if !slices.ContainsFunc(known, func(k Edge) bool { return k.ID() == e.ID() }) {
		p.next[from][to] = append(known, e)
	}
}

// paths gives the found edges their properties and nodes.
func (p *pathSearch) paths(ctx context.Context) ([]Path, error) {
	if len(p.found) == 0 {
		return []Path{}, nil
	}
	ids, taken := set{}, map[string]Edge{}
	for _, edges := range p.found {
		for _, e := range edges {
			ids.add(e.From, e.To)
			taken[e.ID()] = e
		}
	}
	nodes, err := p.source.Nodes(ctx, ids.sorted())
	if err != nil {
		return nil, err
	}
	whole := slices.Collect(maps.Values(taken))
	if err := p.source.FillIn(ctx, whole); err != nil {
		return nil, err
	}
	for _, e := range whole {
		taken[e.ID()] = e
	}
	paths := make([]Path, len(p.found))
	for i, edges := range p.found {
		at := p.query.From
		paths[i].Nodes = []Node{nodes[at]}
		for _, e := range edges {
			if at == e.From {
				at = e.To
			} else {
				at = e.From
			}
			paths[i].Nodes = append(paths[i].Nodes, nodes[at])
			paths[i].Edges = append(paths[i].Edges, taken[e.ID()])
		}
	}
	return paths, nil
}
