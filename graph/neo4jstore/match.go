package neo4jstore

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/cypher"
)

// Match implements graph.Store.
func (s *Store) Match(ctx context.Context, p graph.Pattern) (graph.Page, error) {
	return match(p, func(query string, parameters map[string]any) ([]*neo4j.Record, error) {
		return s.read(ctx, query, parameters)
	})
}

// match asks for one row more than the page holds, to know whether it is the last.
func match(p graph.Pattern, ask func(query string, parameters map[string]any) ([]*neo4j.Record, error)) (graph.Page, error) {
	m, err := cypher.Match(p)
	if err != nil {
		return graph.Page{}, err
	}
	if p.Limit > 0 {
		m.Parameters[cypher.Limit] = p.Limit + 1
	}
	found, err := ask(m.Text, m.Parameters)
	if err != nil {
		return graph.Page{}, err
	}
	var page graph.Page
	for _, row := range found {
		page.Matches = append(page.Matches, asMatch(p, row))
	}
	if p.Limit > 0 && len(page.Matches) > p.Limit {
		page.Matches = page.Matches[:p.Limit]
		last := page.Matches[p.Limit-1]
		page.Next = graph.Cursor{Keys: p.SortKeys(last), IDs: p.Ties(last)}.String()
	}
	return page, nil
}

// asMatch reads a row: the pattern's nodes, then its edges, in their order.
func asMatch(p graph.Pattern, row *neo4j.Record) graph.Match {
	m := graph.Match{Nodes: map[string]graph.Node{}, Edges: map[string]graph.Edge{}}
	for i, n := range p.Nodes {
		if node, ok := row.Values[i].(neo4j.Node); ok {
			m.Nodes[n.As] = asNode(node)
		}
	}
	for i, e := range p.Edges {
		if r, ok := row.Values[len(p.Nodes)+i].(neo4j.Relationship); ok {
			m.Edges[e.As] = asEdge(r, m.Nodes[e.From].ID, m.Nodes[e.To].ID)
		}
	}
	return m
}
