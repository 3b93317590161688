package graph

import (
	"fmt"
	"strings"
)

// The bounds of a path query.
const (
	MaxHops      = 8
	DefaultHops  = 5
	DefaultPaths = 5
	MaxPaths     = 100
)

// A PathQuery asks for the shortest simple paths between two nodes. Hops that
// prove or that place a passage (EVIDENCED_BY, PART_OF) are not taken unless
// Types names them.
type PathQuery struct {
	From string
	To   string
	// Types are the edge types that a path may take; none means all but those two.
	Types []EdgeType
	// Directed takes edges from source to target alone.
	Directed bool
	MaxHops  int // 1 to MaxHops; 0 means DefaultHops
	Limit    int // 1 to MaxPaths; 0 means DefaultPaths
}

// Validate returns ErrInvalid with the part at fault.
func (q PathQuery) Validate() error {
	switch {
	case q.From == "" || q.To == "":
		return fmt.Errorf("%w: path: both ends are needed", ErrInvalid)
	case q.From == q.To:
		return fmt.Errorf("%w: path: both ends are %s", ErrInvalid, q.From)
	case q.MaxHops < 0 || q.MaxHops > MaxHops:
		return fmt.Errorf("%w: path: hops %d is not between 1 and %d", ErrInvalid, q.MaxHops, MaxHops)
	case q.Limit < 0 || q.Limit > MaxPaths:
		return fmt.Errorf("%w: path: limit %d is not between 1 and %d", ErrInvalid, q.Limit, MaxPaths)
	}
	for _, t := range q.Types {
		if _, ok := RuleOfEdge(t); !ok {
			return fmt.Errorf("%w: path: unknown edge type %q", ErrInvalid, t)
		}
	}
	return nil
}

// WithDefaults fills in what the query leaves open.
func (q PathQuery) WithDefaults() PathQuery {
	if q.MaxHops == 0 {
		q.MaxHops = DefaultHops
	}
	if q.Limit == 0 {
		q.Limit = DefaultPaths
	}
	if len(q.Types) == 0 {
		for _, r := range EdgeRules {
			if r.Type != EvidencedBy && r.Type != PartOf {
				q.Types = append(q.Types, r.Type)
			}
		}
	}
	return q
}

// A Path is a way through the graph: Edges[i] joins Nodes[i] and Nodes[i+1],
// in either direction. No node comes twice.
type Path struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
}

// Key orders equally long paths.
func (p Path) Key() string {
	ids := make([]string, 0, len(p.Nodes)+len(p.Edges))
	for _, n := range p.Nodes {
		ids = append(ids, n.ID)
	}
	for _, e := range p.Edges {
		ids = append(ids, e.ID())
	}
	return strings.Join(ids, "\x00")
}
