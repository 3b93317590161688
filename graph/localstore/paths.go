package localstore

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"pacta/graph"
)

// Paths implements graph.Store.
func (s *Store) Paths(ctx context.Context, query graph.PathQuery) ([]graph.Path, error) {
	var paths []graph.Path
	err := s.snapshot(ctx, func(q querier) error {
		var err error
		paths, err = graph.SearchPaths(ctx, pathSource{q}, query)
		return err
	})
	return paths, err
}

// A pathSource is the store within one read transaction.
type pathSource struct {
	q querier
}

var _ graph.PathSource = pathSource{}

func (p pathSource) Nodes(ctx context.Context, ids []string) (map[string]graph.Node, error) {
	return nodesOf(ctx, p.q, ids)
}

func (p pathSource) EdgesAt(ctx context.Context, nodes []string, d graph.Direction, types []graph.EdgeType, yield func(string, graph.Edge) error) error {
	var parts []string
	for _, side := range []struct {
		taken            graph.Direction
		column, evidence string
	}{{graph.Leaving, "src", "shown"}, {graph.Arriving, "dst", "passage"}} {
		if d&side.taken == 0 {
			continue
		}
		parts = append(parts, "SELECT "+side.column+`, src, type, dst, key FROM edge
			WHERE `+side.column+" IN (SELECT value FROM json_each(?1)) AND type IN (SELECT value FROM json_each(?2))")
		if slices.Contains(types, graph.EvidencedBy) {
			parts = append(parts, "SELECT "+side.evidence+`, shown, 'EVIDENCED_BY', passage, key FROM evidence
				WHERE `+side.evidence+" IN (SELECT value FROM json_each(?1)) AND EXISTS (SELECT 1 FROM node WHERE id = shown)")
		}
	}
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return each(ctx, p.q, strings.Join(parts, "\nUNION ALL\n"), []any{list(nodes), list(names)}, func(scan func(...any) error) error {
		var at string
		var e graph.Edge
		if err := scan(&at, &e.From, &e.Type, &e.To, &e.Key); err != nil {
			return err
		}
		return yield(at, e)
	})
}

func (p pathSource) FillIn(ctx context.Context, edges []graph.Edge) error {
	for i, e := range edges {
		query := "SELECT properties FROM edge WHERE src = ? AND dst = ? AND key = ? AND type = ?"
		args := []any{e.From, e.To, e.Key, string(e.Type)}
		if e.Type == graph.EvidencedBy {
			query, args = "SELECT properties FROM evidence WHERE shown = ? AND passage = ? AND key = ?", args[:3]
		}
		var data []byte
		if err := p.q.QueryRowContext(ctx, query, args...).Scan(&data); err != nil {
			return err
		}
		if err := json.Unmarshal(data, &edges[i].Properties); err != nil {
			return err
		}
	}
	return nil
}
