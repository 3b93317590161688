package localstore

import (
	"context"
	"database/sql"
	"encoding/json"

	"pacta/graph"
)

// A querier is a database handle or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// each runs the query and calls yield for every row.
func each(ctx context.Context, q querier, query string, args []any, yield func(scan func(...any) error) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := yield(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Match implements graph.Store.
func (s *Store) Match(ctx context.Context, p graph.Pattern) (graph.Page, error) {
	if err := s.usable(); err != nil {
		return graph.Page{}, err
	}
	page, err := match(ctx, s.read, p)
	return page, s.named(err)
}

func match(ctx context.Context, q querier, p graph.Pattern) (graph.Page, error) {
	if err := p.Validate(); err != nil {
		return graph.Page{}, err
	}
	query, args, err := compile(p)
	if err != nil {
		return graph.Page{}, err
	}
	var page graph.Page
	err = each(ctx, q, query, args, func(scan func(...any) error) error {
		m, err := scanMatch(p, scan)
		page.Matches = append(page.Matches, m)
		return err
	})
	if err != nil {
		return graph.Page{}, err
	}
	if p.Limit > 0 && len(page.Matches) > p.Limit {
		page.Matches = page.Matches[:p.Limit]
		last := page.Matches[p.Limit-1]
		page.Next = graph.Cursor{Keys: p.SortKeys(last), IDs: p.Ties(last)}.String()
	}
	return page, nil
}

func scanMatch(p graph.Pattern, scan func(...any) error) (graph.Match, error) {
	width := 4 * (len(p.Nodes) + len(p.Edges))
	values := make([]sql.NullString, width)
	into := make([]any, width)
	for i := range values {
		into[i] = &values[i]
	}
	m := graph.Match{Nodes: map[string]graph.Node{}, Edges: map[string]graph.Edge{}}
	if err := scan(into...); err != nil {
		return m, err
	}
	for i, n := range p.Nodes {
		v := values[4*i:]
		if !v[0].Valid {
			continue
		}
		node := graph.Node{ID: v[0].String, Label: graph.Label(v[1].String), Name: v[2].String}
		if err := json.Unmarshal([]byte(v[3].String), &node.Properties); err != nil {
			return m, err
		}
		m.Nodes[n.As] = node
	}
	for i, e := range p.Edges {
		v := values[4*(len(p.Nodes)+i):]
		_, from := m.Nodes[e.From]
		_, to := m.Nodes[e.To]
		if !from || !to || !v[0].Valid {
			continue
		}
		edge := graph.Edge{From: v[0].String, Type: e.Type, To: v[1].String, Key: v[2].String}
		if err := json.Unmarshal([]byte(v[3].String), &edge.Properties); err != nil {
			return m, err
		}
		m.Edges[e.As] = edge
	}
	return m, nil
}
