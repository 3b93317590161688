package localstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"pacta/graph"
)

// Apply implements graph.Store.
func (s *Store) Apply(ctx context.Context, b *graph.Batch) (graph.Change, error) {
	change := graph.Change{Claims: b.ClaimCount()}
	if err := b.Validate(); err != nil {
		return graph.Change{}, err
	}
	err := s.transact(ctx, func(l *ledger) error {
		before, err := l.Batch(ctx, b.Document.ID(), b.Extractor)
		if err != nil {
			return err
		}
		after := *b
		if before != nil {
			// The same bytes can come from two places: the smaller name stays,
			// whichever came first.
			after.Document.URI = min(before.Document.URI, after.Document.URI)
			if change.Unchanged, err = equal(before, &after); change.Unchanged || err != nil {
				return err
			}
			change.Replaced = true
		}
		return graph.Settle(ctx, l, before, &after)
	})
	if err != nil {
		return graph.Change{}, fmt.Errorf("apply %s: %w", b.Document.URI, err)
	}
	return change, nil
}

// Withdraw implements graph.Store.
func (s *Store) Withdraw(ctx context.Context, document string) error {
	err := s.transact(ctx, func(l *ledger) error {
		batches, err := batchesOf(ctx, l.tx, document)
		if err != nil {
			return err
		}
		if len(batches) == 0 {
			return graph.ErrNotFound
		}
		for _, b := range batches {
			if err := graph.Settle(ctx, l, b, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("withdraw %s: %w", document, err)
	}
	return nil
}

// transact runs do in one transaction, which is undone where do fails.
func (s *Store) transact(ctx context.Context, do func(*ledger) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	if s.write == nil {
		return fmt.Errorf("%w: the store is open for reading only", graph.ErrInvalid)
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.named(err)
	}
	l := &ledger{tx: tx, statements: map[string]*sql.Stmt{}}
	if err := do(l); err != nil {
		return errors.Join(s.named(err), tx.Rollback())
	}
	return s.named(tx.Commit())
}

func equal(a, b *graph.Batch) (bool, error) {
	first, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	second, err := json.Marshal(b)
	return bytes.Equal(first, second), err
}

// A ledger is the store within one write transaction.
type ledger struct {
	tx         *sql.Tx
	statements map[string]*sql.Stmt // prepared in this transaction
}

var _ graph.Ledger = (*ledger)(nil)

func (l *ledger) exec(ctx context.Context, query string, args ...any) error {
	statement, ok := l.statements[query]
	if !ok {
		var err error
		if statement, err = l.tx.PrepareContext(ctx, query); err != nil {
			return err
		}
		l.statements[query] = statement
	}
	_, err := statement.ExecContext(ctx, args...)
	return err
}

func (l *ledger) Document(ctx context.Context, id string) (*graph.Document, error) {
	d, err := document(ctx, l.tx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return nil, nil
	}
	return &d, err
}

func (l *ledger) Batch(ctx context.Context, document, extractor string) (*graph.Batch, error) {
	var found *graph.Batch
	err := eachBatch(ctx, l.tx, "WHERE b.document = ? AND b.extractor = ?", []any{document, extractor}, func(b *graph.Batch) error {
		found = b
		return nil
	})
	return found, err
}

func (l *ledger) PutBatch(ctx context.Context, b *graph.Batch, attestations []graph.Attestation) error {
	id := b.Document.ID()
	if err := l.exec(ctx, "INSERT INTO document (id, text) VALUES (?, ?) ON CONFLICT DO NOTHING", id, b.Document.Text); err != nil {
		return err
	}
	short := *b
	short.Document.Text = "" // it stands in the table document
	claims, err := json.Marshal(short)
	if err != nil {
		return err
	}
	if err := l.exec(ctx, "INSERT OR REPLACE INTO batch (document, extractor, claims, imported_at) VALUES (?, ?, ?, ?)",
		id, b.Extractor, string(claims), now()); err != nil {
		return err
	}
	if err := l.exec(ctx, "DELETE FROM evidence WHERE document = ? AND extractor = ?", id, b.Extractor); err != nil {
		return err
	}
	for _, a := range attestations {
		e := a.Evidence
		properties := graph.Properties{graph.ExtractorOf: e.Extractor, graph.StanceOf: string(e.Stance)}
		if e.Confidence > 0 {
			properties[graph.Confidence] = e.Confidence
		}
		if e.Rule != "" {
			properties[graph.RuleOf] = e.Rule
		}
		data, err := json.Marshal(properties)
		if err != nil {
			return err
		}
		key := strings.Join([]string{b.Extractor, e.Extractor, e.Rule, string(e.Stance), a.Fact}, "/")
		if err := l.exec(ctx, `INSERT INTO evidence (fact, shown, passage, key, document, extractor, stance, confidence, start, properties)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.Fact, a.Shown, graph.PassageID(id, e.Start, e.End), key, id, b.Extractor, string(e.Stance), e.Confidence, e.Start, string(data)); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) DeleteBatch(ctx context.Context, document, extractor string) error {
	for _, query := range []string{
		"DELETE FROM evidence WHERE document = ? AND extractor = ?",
		"DELETE FROM batch WHERE document = ? AND extractor = ?",
	} {
		if err := l.exec(ctx, query, document, extractor); err != nil {
			return err
		}
	}
	return l.exec(ctx, "DELETE FROM document WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM batch WHERE document = ?1)", document)
}

func (l *ledger) Count(ctx context.Context, tallies []graph.Tally) error {
	for _, t := range tallies {
		if err := l.exec(ctx, `INSERT INTO tally (fact, property, value, n) VALUES (?, ?, ?, ?)
			ON CONFLICT (fact, property, value) DO UPDATE SET n = n + excluded.n`, t.Fact, t.Property, t.Value, t.Count); err != nil {
			return err
		}
		if t.Count > 0 {
			continue
		}
		if err := l.exec(ctx, "DELETE FROM tally WHERE fact = ? AND property = ? AND value = ? AND n <= 0", t.Fact, t.Property, t.Value); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) Tallies(ctx context.Context, facts []string) ([]graph.Tally, error) {
	var tallies []graph.Tally
	err := each(ctx, l.tx, "SELECT fact, property, value, n FROM tally WHERE fact IN (SELECT value FROM json_each(?))",
		[]any{list(facts)}, func(scan func(...any) error) error {
			var t graph.Tally
			err := scan(&t.Fact, &t.Property, &t.Value, &t.Count)
			tallies = append(tallies, t)
			return err
		})
	return tallies, err
}

func (l *ledger) Cited(ctx context.Context, passages []string) (map[string]bool, error) {
	cited := map[string]bool{}
	err := each(ctx, l.tx, "SELECT DISTINCT passage FROM evidence WHERE passage IN (SELECT value FROM json_each(?))",
		[]any{list(passages)}, func(scan func(...any) error) error {
			var passage string
			err := scan(&passage)
			cited[passage] = true
			return err
		})
	return cited, err
}

func (l *ledger) Point(ctx context.Context, shown map[string]string) error {
	for fact, node := range shown {
		if err := l.exec(ctx, "UPDATE evidence SET shown = ?1 WHERE fact = ?2 AND shown <> ?1", node, fact); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) Nodes(ctx context.Context, ids []string) (map[string]graph.Node, error) {
	return nodesOf(ctx, l.tx, ids)
}

func (l *ledger) Match(ctx context.Context, p graph.Pattern) (graph.Page, error) {
	return match(ctx, l.tx, p)
}

func (l *ledger) Replace(ctx context.Context, yields []graph.Yield) error {
	for _, y := range yields {
		for _, query := range []string{
			"DELETE FROM search WHERE rowid IN (SELECT number FROM node WHERE owner = ?)",
			"DELETE FROM node WHERE owner = ?",
			"DELETE FROM edge WHERE owner = ?",
		} {
			if err := l.exec(ctx, query, y.Owner); err != nil {
				return err
			}
		}
		for _, n := range y.Nodes {
			properties, err := json.Marshal(n.Properties)
			if err != nil {
				return err
			}
			var folded any
			if n.Label == graph.ActorLabel || n.Label == graph.InstrumentLabel {
				folded = strings.ToLower(n.Name)
			}
			if err := l.exec(ctx, "INSERT INTO node (id, label, name, folded, properties, owner) VALUES (?, ?, ?, ?, ?, ?)",
				n.ID, string(n.Label), n.Name, folded, string(properties), y.Owner); err != nil {
				return fmt.Errorf("node %s: %w", n.ID, err)
			}
			if text := searchable(n); text != "" {
				if err := l.exec(ctx, "INSERT INTO search (rowid, text) VALUES ((SELECT number FROM node WHERE id = ?), ?)", n.ID, text); err != nil {
					return fmt.Errorf("words of node %s: %w", n.ID, err)
				}
			}
		}
		for _, e := range y.Edges {
			properties := []byte("{}")
			if e.Properties != nil {
				var err error
				if properties, err = json.Marshal(e.Properties); err != nil {
					return err
				}
			}
			if err := l.exec(ctx, "INSERT INTO edge (src, type, dst, key, properties, owner) VALUES (?, ?, ?, ?, ?, ?)",
				e.From, string(e.Type), e.To, e.Key, string(properties), y.Owner); err != nil {
				return fmt.Errorf("edge %s: %w", e.ID(), err)
			}
		}
	}
	return nil
}
