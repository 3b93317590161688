package neo4jstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/neo4jstore/layout"
)

// pageSize is how many nodes or names are read at once, batchPage how many
// batches, whose texts can be long.
const (
	pageSize  = 1000
	batchPage = 16
)

// Batches implements graph.Store.
func (s *Store) Batches(ctx context.Context, yield func(*graph.Batch) error) error {
	for after, more := "", true; more; {
		found, err := s.read(ctx, batchQuery("WHERE b.id > $after")+" LIMIT $page", map[string]any{"after": after, "page": batchPage})
		if err != nil {
			return err
		}
		for _, row := range found {
			b, err := asBatch(row)
			if err != nil {
				return err
			}
			if err := yield(b); err != nil {
				return err
			}
			after = layout.BatchID(b.Document.ID(), b.Extractor)
		}
		more = len(found) == batchPage
	}
	return nil
}

// batchQuery reads batches in order. Ids of documents are of one length, so
// that the order of a batch's id is that of document and extractor.
func batchQuery(where string) string {
	return "MATCH (b:Batch) " + where + " MATCH (t:Text {id: b.document}) RETURN b.claims, t.text ORDER BY b.id"
}

func batchesOf(ctx context.Context, tx neo4j.ManagedTransaction, where string, parameters map[string]any) ([]*graph.Batch, error) {
	found, err := rows(ctx, tx, batchQuery(where), parameters)
	if err != nil {
		return nil, err
	}
	batches := make([]*graph.Batch, len(found))
	for i, row := range found {
		if batches[i], err = asBatch(row); err != nil {
			return nil, err
		}
	}
	return batches, nil
}

func asBatch(row *neo4j.Record) (*graph.Batch, error) {
	claims, _ := row.Values[0].(string)
	b := &graph.Batch{}
	if err := json.Unmarshal([]byte(claims), b); err != nil {
		return nil, err
	}
	b.Document.Text, _ = row.Values[1].(string)
	return b, nil
}

// Records implements graph.Store.
func (s *Store) Records(ctx context.Context, yield func(graph.Record) error) error {
	for after, more := "", true; more; {
		found, err := s.read(ctx, "MATCH (t:Tally) WHERE t.id > $after RETURN t.id, t.said, t.yields, t.shown, t.folded ORDER BY t.id LIMIT $page",
			map[string]any{"after": after, "page": pageSize})
		if err != nil {
			return err
		}
		for _, row := range found {
			after, _ = row.Values[0].(string)
			t, err := asTally(row)
			if err != nil {
				return err
			}
			record := graph.Record{ID: after, Tallies: t.List(after), Yields: slices.Sorted(slices.Values(t.Yields)), Shown: t.Shown}
			slices.SortFunc(record.Tallies, func(a, b graph.Tally) int {
				return cmp.Or(cmp.Compare(a.Property, b.Property), cmp.Compare(a.Value, b.Value))
			})
			if err := yield(record); err != nil {
				return err
			}
		}
		more = len(found) == pageSize
	}
	return nil
}

// Export implements graph.Store. It holds the lock of writers, so that what it
// gives is the graph of one moment.
func (s *Store) Export(ctx context.Context, node func(graph.Node) error, edge func(graph.Edge) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(context.WithoutCancel(ctx))
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return s.named(ctx, err)
	}
	defer tx.Close(context.WithoutCancel(ctx)) // rolls back: nothing was changed
	if err := run(ctx, tx, lock, nil); err != nil {
		return s.named(ctx, err)
	}
	err = eachNode(ctx, tx, func(page []graph.Node) error {
		for _, n := range page {
			if err := node(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = eachNode(ctx, tx, func(page []graph.Node) error { return edgesFrom(ctx, tx, page, edge) })
	}
	return s.named(ctx, err)
}

// A stream gives the nodes of one label in the order of their ids.
type stream struct {
	label graph.Label
	page  []graph.Node
	last  string
	more  bool
}

func (st *stream) fill(ctx context.Context, tx neo4j.ManagedTransaction) error {
	if len(st.page) > 0 || !st.more {
		return nil
	}
	found, err := rows(ctx, tx, fmt.Sprintf("MATCH (n:%s) WHERE n.id > $after RETURN n ORDER BY n.id LIMIT $page", st.label),
		map[string]any{"after": st.last, "page": pageSize})
	if err != nil {
		return err
	}
	for _, row := range found {
		st.page = append(st.page, asNode(row.Values[0].(neo4j.Node)))
	}
	st.more = len(found) == pageSize
	if len(found) > 0 {
		st.last = st.page[len(found)-1].ID
	}
	return nil
}

// eachNode calls yield with all nodes in the order of their ids, some at a time.
func eachNode(ctx context.Context, tx neo4j.ManagedTransaction, yield func([]graph.Node) error) error {
	var streams []*stream
	for _, label := range graph.Labels.Names() {
		streams = append(streams, &stream{label: graph.Label(label), more: true})
	}
	var page []graph.Node
	for {
		for _, st := range streams {
			if err := st.fill(ctx, tx); err != nil {
				return err
			}
		}
		streams = slices.DeleteFunc(streams, func(st *stream) bool { return len(st.page) == 0 })
		if len(streams) > 0 {
			next := slices.MinFunc(streams, func(a, b *stream) int { return cmp.Compare(a.page[0].ID, b.page[0].ID) })
			page, next.page = append(page, next.page[0]), next.page[1:]
		}
		if len(page) == pageSize || len(streams) == 0 && len(page) > 0 {
			if err := yield(page); err != nil {
				return err
			}
			page = nil
		}
		if len(streams) == 0 {
			return nil
		}
	}
}

// edgesFrom calls yield with the edges that leave the nodes, in order.
func edgesFrom(ctx context.Context, tx neo4j.ManagedTransaction, nodes []graph.Node, yield func(graph.Edge) error) error {
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	query, parameters := overLabels(ids, func(label, parameter string) string {
		return fmt.Sprintf("UNWIND %s AS id MATCH (n:%s {id: id})-[r]->(m) RETURN id, r, m.id AS target", parameter, label)
	})
	found, err := rows(ctx, tx, query, parameters)
	if err != nil {
		return err
	}
	edges := make([]graph.Edge, len(found))
	for i, row := range found {
		from, _ := row.Values[0].(string)
		to, _ := row.Values[2].(string)
		edges[i] = asEdge(row.Values[1].(neo4j.Relationship), from, to)
	}
	slices.SortFunc(edges, func(a, b graph.Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Type, b.Type), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
	})
	for _, e := range edges {
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}
