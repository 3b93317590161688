package neo4jstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
)

// Paths implements graph.Store.
func (s *Store) Paths(ctx context.Context, query graph.PathQuery) ([]graph.Path, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	session := s.session(ctx, neo4j.AccessModeRead)
	defer session.Close(context.WithoutCancel(ctx))
	paths, err := neo4j.ExecuteRead(ctx, session, func(tx neo4j.ManagedTransaction) ([]graph.Path, error) {
		return graph.SearchPaths(ctx, pathSource{tx}, query)
	})
	return paths, s.named(ctx, err)
}

// A pathSource is the store within one read transaction.
type pathSource struct {
	tx neo4j.ManagedTransaction
}

var _ graph.PathSource = pathSource{}

func (p pathSource) Nodes(ctx context.Context, ids []string) (map[string]graph.Node, error) {
	query, parameters := nodesWith(ids)
	found, err := rows(ctx, p.tx, query, parameters)
	return nodesByID(found), err
}

func (p pathSource) EdgesAt(ctx context.Context, nodes []string, d graph.Direction, types []graph.EdgeType, yield func(string, graph.Edge) error) error {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	taken := strings.Join(names, "|")
	query, parameters := overLabels(nodes, func(label, parameter string) string {
		var parts []string
		if d&graph.Leaving != 0 {
			parts = append(parts, fmt.Sprintf("UNWIND %s AS id MATCH (:%s {id: id})-[r:%s]->(m) RETURN id, id AS source, type(r) AS type, m.id AS target, r.key AS key", parameter, label, taken))
		}
		if d&graph.Arriving != 0 {
			parts = append(parts, fmt.Sprintf("UNWIND %s AS id MATCH (:%s {id: id})<-[r:%s]-(m) RETURN id, m.id AS source, type(r) AS type, id AS target, r.key AS key", parameter, label, taken))
		}
		return strings.Join(parts, "\nUNION ALL\n")
	})
	result, err := p.tx.Run(ctx, query, parameters)
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		var values [5]string
		for i, value := range result.Record().Values {
			values[i], _ = value.(string)
		}
		e := graph.Edge{From: values[1], Type: graph.EdgeType(values[2]), To: values[3], Key: values[4]}
		if err := yield(values[0], e); err != nil {
			return err
		}
	}
	return result.Err()
}

func (p pathSource) FillIn(ctx context.Context, edges []graph.Edge) error {
	reads := statements{}
	for i, e := range edges {
		reads.add(fmt.Sprintf("UNWIND $rows AS row MATCH (:%s {id: row.from})-[r:%s%s]->(:%s {id: row.to}) RETURN row.at, r",
			graph.LabelOf(e.From), e.Type, keyOf(e.Type), graph.LabelOf(e.To)),
			map[string]any{"at": i, "from": e.From, "to": e.To, "key": e.Key})
	}
	for statement, parameters := range reads.inOrder() {
		found, err := rows(ctx, p.tx, statement, parameters)
		if err != nil {
			return err
		}
		for _, row := range found {
			i, _ := row.Values[0].(int64)
			edges[i] = asEdge(row.Values[1].(neo4j.Relationship), edges[i].From, edges[i].To)
		}
	}
	return nil
}
