package localstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"pacta/graph"
)

// Node implements graph.Store.
func (s *Store) Node(ctx context.Context, id string) (graph.Node, error) {
	if err := s.usable(); err != nil {
		return graph.Node{}, err
	}
	var found *graph.Node
	err := eachNode(ctx, s.read, "WHERE id = ?", []any{id}, func(n graph.Node) error {
		found = &n
		return nil
	})
	switch {
	case err != nil:
		return graph.Node{}, s.named(err)
	case found == nil:
		return graph.Node{}, fmt.Errorf("%w: node %q", graph.ErrNotFound, id)
	}
	return *found, nil
}

func eachNode(ctx context.Context, q querier, where string, args []any, yield func(graph.Node) error) error {
	return each(ctx, q, "SELECT id, label, name, properties FROM node "+where, args, func(scan func(...any) error) error {
		var n graph.Node
		var properties []byte
		if err := scan(&n.ID, &n.Label, &n.Name, &properties); err != nil {
			return err
		}
		if err := json.Unmarshal(properties, &n.Properties); err != nil {
			return err
		}
		return yield(n)
	})
}

// Document implements graph.Store.
func (s *Store) Document(ctx context.Context, id string) (graph.Document, error) {
	if err := s.usable(); err != nil {
		return graph.Document{}, err
	}
	d, err := document(ctx, s.read, id)
	return d, s.named(err)
}

func document(ctx context.Context, q querier, id string) (graph.Document, error) {
	var d graph.Document
	var properties []byte
	err := q.QueryRowContext(ctx, "SELECT d.text, n.properties FROM document AS d JOIN node AS n ON n.id = d.id WHERE d.id = ?", id).
		Scan(&d.Text, &properties)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fmt.Errorf("%w: document %q", graph.ErrNotFound, id)
	}
	if err != nil {
		return d, err
	}
	var p graph.Properties
	err = json.Unmarshal(properties, &p)
	d.SHA256, d.URI, d.Title, d.Author = p.Text(graph.SHA256), p.Text(graph.URI), p.Text(graph.Title), p.Text(graph.Author)
	d.Published, d.Language, d.MediaType = graph.Date(p.Text(graph.Published)), p.Text(graph.Language), p.Text(graph.MediaType)
	return d, err
}

// Evidence implements graph.Store.
func (s *Store) Evidence(ctx context.Context, facts []string, limit int) (map[string][]graph.Proof, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	statement, err := s.read.PrepareContext(ctx, `SELECT p.id, p.properties, d.id, d.properties, e.properties
		FROM evidence AS e CROSS JOIN node AS p ON p.id = e.passage CROSS JOIN node AS d ON d.id = e.document
		WHERE e.fact = ? ORDER BY e.stance DESC, e.confidence DESC, e.document, e.start, e.key LIMIT ?`)
	if err != nil {
		return nil, s.named(err)
	}
	defer statement.Close()
	proofs := map[string][]graph.Proof{}
	for _, fact := range facts {
		rows, err := statement.QueryContext(ctx, fact, cmp.Or(limit, -1))
		if err != nil {
			return nil, s.named(err)
		}
		for rows.Next() {
			proof, err := scanProof(rows.Scan)
			if err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			proofs[fact] = append(proofs[fact], proof)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, s.named(err)
		}
	}
	return proofs, nil
}

func scanProof(scan func(...any) error) (graph.Proof, error) {
	var proof graph.Proof
	var data [3][]byte
	if err := scan(&proof.Passage, &data[0], &proof.Document, &data[1], &data[2]); err != nil {
		return proof, err
	}
	var passage, document, said graph.Properties
	for i, p := range []*graph.Properties{&passage, &document, &said} {
		if err := json.Unmarshal(data[i], p); err != nil {
			return proof, err
		}
	}
	proof.Quote = passage.Text(graph.Quote)
	proof.Start, _ = passage[graph.Start].(int)
	proof.End, _ = passage[graph.End].(int)
	proof.Title, proof.URI, proof.Published = document.Text(graph.Title), document.Text(graph.URI), graph.Date(document.Text(graph.Published))
	switch confidence := said[graph.Confidence].(type) {
	case float64:
		proof.Confidence = confidence
	case int:
		proof.Confidence = float64(confidence)
	}
	proof.Extractor, proof.Rule, proof.Stance = said.Text(graph.ExtractorOf), said.Text(graph.RuleOf), graph.Stance(said.Text(graph.StanceOf))
	return proof, nil
}

// Find implements graph.Store.
func (s *Store) Find(ctx context.Context, name string) ([]graph.Node, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	var nodes []graph.Node
	err := eachNode(ctx, s.read, `WHERE name = ?1 COLLATE NOCASE AND label IN ('Actor', 'Instrument') OR id = ?1
		ORDER BY (SELECT n FROM tally WHERE fact = node.id AND property = 'stance' AND value = 'supports') DESC, id`, []any{name},
		func(n graph.Node) error {
			nodes = append(nodes, n)
			return nil
		})
	return nodes, s.named(err)
}

// Names implements graph.Store.
func (s *Store) Names(ctx context.Context, yield func(string) bool) error {
	if err := s.usable(); err != nil {
		return err
	}
	enough := errors.New("enough")
	err := each(ctx, s.read, "SELECT name FROM node WHERE label IN ('Actor', 'Instrument') ORDER BY label, name", nil,
		func(scan func(...any) error) error {
			var name string
			if err := scan(&name); err != nil {
				return err
			}
			if !yield(name) {
				return enough
			}
			return nil
		})
	if errors.Is(err, enough) {
		return nil
	}
	return s.named(err)
}

// Batches implements graph.Store.
func (s *Store) Batches(ctx context.Context, yield func(*graph.Batch) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	return s.named(eachBatch(ctx, s.read, "", nil, yield))
}

func eachBatch(ctx context.Context, q querier, where string, args []any, yield func(*graph.Batch) error) error {
	query := "SELECT b.claims, d.text FROM batch AS b JOIN document AS d ON d.id = b.document " + where + " ORDER BY b.document, b.extractor"
	return each(ctx, q, query, args, func(scan func(...any) error) error {
		var claims []byte
		var text string
		if err := scan(&claims, &text); err != nil {
			return err
		}
		var b graph.Batch
		if err := json.Unmarshal(claims, &b); err != nil {
			return err
		}
		b.Document.Text = text
		return yield(&b)
	})
}

func batchesOf(ctx context.Context, q querier, document string) ([]*graph.Batch, error) {
	var batches []*graph.Batch
	err := eachBatch(ctx, q, "WHERE b.document = ?", []any{document}, func(b *graph.Batch) error {
		batches = append(batches, b)
		return nil
	})
	return batches, err
}

// Export implements graph.Store.
func (s *Store) Export(ctx context.Context, node func(graph.Node) error, edge func(graph.Edge) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	if err := eachNode(ctx, s.read, "ORDER BY id", nil, node); err != nil {
		return s.named(err)
	}
	return s.named(each(ctx, s.read, `SELECT src, type, dst, key, properties FROM edge
		UNION ALL
		SELECT shown, 'EVIDENCED_BY', passage, key, properties FROM evidence WHERE shown IN (SELECT id FROM node)
		ORDER BY 1, 2, 3, 4`, nil, func(scan func(...any) error) error {
		var e graph.Edge
		var properties []byte
		if err := scan(&e.From, &e.Type, &e.To, &e.Key, &properties); err != nil {
			return err
		}
		if err := json.Unmarshal(properties, &e.Properties); err != nil {
			return err
		}
		return edge(e)
	}))
}

// Statistics implements graph.Store.
func (s *Store) Statistics(ctx context.Context) (graph.Statistics, error) {
	statistics := graph.Statistics{Nodes: map[graph.Label]int{}, Edges: map[graph.EdgeType]int{}}
	if err := s.usable(); err != nil {
		return statistics, err
	}
	err := each(ctx, s.read, "SELECT label, count(*) FROM node GROUP BY label", nil, func(scan func(...any) error) error {
		var label graph.Label
		var n int
		err := scan(&label, &n)
		statistics.Nodes[label] = n
		return err
	})
	if err != nil {
		return statistics, s.named(err)
	}
	err = each(ctx, s.read, `SELECT type, count(*) FROM edge GROUP BY type
		UNION ALL
		SELECT 'EVIDENCED_BY', count(*) FROM evidence WHERE shown IN (SELECT id FROM node) HAVING count(*) > 0`, nil,
		func(scan func(...any) error) error {
			var t graph.EdgeType
			var n int
			err := scan(&t, &n)
			statistics.Edges[t] = n
			return err
		})
	if err != nil {
		return statistics, s.named(err)
	}
	return statistics, s.named(s.read.QueryRowContext(ctx, "SELECT count(*) FROM batch").Scan(&statistics.Batches))
}
