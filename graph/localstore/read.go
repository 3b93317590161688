package localstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"pacta/graph"
)

// Node implements graph.Store.
func (s *Store) Node(ctx context.Context, id string) (graph.Node, error) {
	if err := s.usable(); err != nil {
		return graph.Node{}, err
	}
	nodes, err := nodesOf(ctx, s.read, []string{id})
	if err != nil {
		return graph.Node{}, s.named(err)
	}
	found, ok := nodes[id]
	if !ok {
		return graph.Node{}, fmt.Errorf("%w: node %q", graph.ErrNotFound, id)
	}
	return found, nil
}

const (
	allNodes  = "SELECT id, label, name, properties FROM node "
	readNodes = allNodes + "WHERE id IN (SELECT value FROM json_each(?))"
)

func nodesOf(ctx context.Context, q querier, ids []string) (map[string]graph.Node, error) {
	nodes := map[string]graph.Node{}
	err := eachNode(ctx, q, readNodes, []any{list(ids)}, func(n graph.Node) error {
		nodes[n.ID] = n
		return nil
	})
	return nodes, err
}

func eachNode(ctx context.Context, q querier, query string, args []any, yield func(graph.Node) error) error {
	return each(ctx, q, query, args, func(scan func(...any) error) error {
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
	proofs := map[string][]graph.Proof{}
	err := each(ctx, s.read, `SELECT f.value, p.id, p.properties, d.id, d.properties, e.properties
		FROM json_each(?) AS f CROSS JOIN evidence AS e ON e.rowid IN (
			SELECT rowid FROM evidence WHERE fact = f.value ORDER BY stance DESC, confidence DESC, document, start, key LIMIT ?)
		CROSS JOIN node AS p ON p.id = e.passage CROSS JOIN node AS d ON d.id = e.document
		ORDER BY f.key, e.stance DESC, e.confidence DESC, e.document, e.start, e.key`,
		[]any{list(facts), cmp.Or(limit, -1)}, func(scan func(...any) error) error {
			fact, proof, err := scanProof(scan)
			proofs[fact] = append(proofs[fact], proof)
			return err
		})
	return proofs, s.named(err)
}

func scanProof(scan func(...any) error) (string, graph.Proof, error) {
	var fact string
	var proof graph.Proof
	var data [3][]byte
	if err := scan(&fact, &proof.Passage, &data[0], &proof.Document, &data[1], &data[2]); err != nil {
		return fact, proof, err
	}
	var passage, document, said graph.Properties
	for i, p := range []*graph.Properties{&passage, &document, &said} {
		if err := json.Unmarshal(data[i], p); err != nil {
			return fact, proof, err
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
	return fact, proof, nil
}

// Find implements graph.Store.
func (s *Store) Find(ctx context.Context, name string) ([]graph.Node, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	var nodes []graph.Node
	err := eachNode(ctx, s.read, allNodes+`WHERE folded = ?1 OR folded IS NOT NULL AND id = ?2 COLLATE NOCASE
		ORDER BY (SELECT n FROM tally WHERE fact = node.id AND property = 'stance' AND value = 'supports') DESC, id`,
		[]any{strings.ToLower(name), name},
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
	return s.snapshot(ctx, func(q querier) error {
		if err := eachNode(ctx, q, allNodes+"ORDER BY id", nil, node); err != nil {
			return err
		}
		return eachEdge(ctx, q, edge)
	})
}

func eachEdge(ctx context.Context, q querier, yield func(graph.Edge) error) error {
	return each(ctx, q, `SELECT src, type, dst, key, properties FROM edge
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
		return yield(e)
	})
}

// Statistics implements graph.Store.
func (s *Store) Statistics(ctx context.Context) (graph.Statistics, error) {
	statistics := graph.Statistics{Nodes: map[graph.Label]int{}, Edges: map[graph.EdgeType]int{}}
	err := s.snapshot(ctx, func(q querier) error {
		if err := tallyOf(ctx, q, "SELECT label, count(*) FROM node GROUP BY label", statistics.Nodes); err != nil {
			return err
		}
		if err := tallyOf(ctx, q, `SELECT type, count(*) FROM edge GROUP BY type
			UNION ALL
			SELECT 'EVIDENCED_BY', count(*) FROM evidence WHERE shown IN (SELECT id FROM node) HAVING count(*) > 0`, statistics.Edges); err != nil {
			return err
		}
		return q.QueryRowContext(ctx, "SELECT count(*) FROM batch").Scan(&statistics.Batches)
	})
	return statistics, err
}

// tallyOf reads names and how many there are of each.
func tallyOf[T ~string](ctx context.Context, q querier, query string, counts map[T]int) error {
	return each(ctx, q, query, nil, func(scan func(...any) error) error {
		var name T
		var n int
		err := scan(&name, &n)
		counts[name] = n
		return err
	})
}

// snapshot runs do on the graph as it stands now, whatever is written meanwhile.
func (s *Store) snapshot(ctx context.Context, do func(querier) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return s.named(err)
	}
	err = do(tx)
	return s.named(errors.Join(err, tx.Rollback()))
}
