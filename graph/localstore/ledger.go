package localstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pacta/graph"
)

// Apply implements graph.Store.
func (s *Store) Apply(ctx context.Context, b *graph.Batch) (graph.Change, error) {
	if err := b.Validate(); err != nil {
		return graph.Change{}, err
	}
	var change graph.Change
	err := s.transact(ctx, func(l *ledger) error {
		var err error
		change, err = graph.ApplyBatch(ctx, l, b)
		return err
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
		return graph.WithdrawBatches(ctx, l, batches)
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
	l := &ledger{tx: tx, prepared: map[string]*sql.Stmt{}, words: map[int64]bool{}}
	for query, statement := range s.prepared {
		l.prepared[query] = tx.StmtContext(ctx, statement) //nolint:sqlclosecheck // it is closed with the transaction
	}
	if err = do(l); err == nil {
		err = l.indexWords(ctx)
	}
	if err != nil {
		return errors.Join(s.named(err), tx.Rollback())
	}
	return s.named(tx.Commit())
}

// A ledger is the store within one write transaction.
type ledger struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt // by their text
	number   int64                // the highest of a node
	words    map[int64]bool       // by a node's number: its words are to be indexed, or to be forgotten
}

var (
	_ graph.Ledger = (*ledger)(nil)
	_ querier      = (*ledger)(nil)
)

// The statements of a ledger. They are prepared once, when the store is opened.
const (
	putDocument = "INSERT INTO document (id, text) VALUES (?, ?) ON CONFLICT DO NOTHING"
	putBatch    = "INSERT OR REPLACE INTO batch (document, extractor, claims, imported_at) VALUES (?, ?, ?, ?)"
	putEvidence = `INSERT INTO evidence (fact, shown, passage, key, document, extractor, stance, confidence, start, properties)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	dropEvidence = "DELETE FROM evidence WHERE passage >= ?1 || ':' AND passage < ?1 || ';' AND extractor = ?2"
	dropBatch    = "DELETE FROM batch WHERE document = ? AND extractor = ?"
	dropDocument = "DELETE FROM document WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM batch WHERE document = ?1)"

	addTally = `INSERT INTO tally (fact, property, value, n) VALUES (?, ?, ?, ?)
		ON CONFLICT (fact, property, value) DO UPDATE SET n = n + excluded.n`
	dropTally    = "DELETE FROM tally WHERE fact = ? AND property = ? AND value = ? AND n <= 0"
	readTallies  = "SELECT fact, property, value, n FROM tally WHERE fact IN (SELECT value FROM json_each(?))"
	readCited    = "SELECT DISTINCT passage FROM evidence WHERE passage IN (SELECT value FROM json_each(?))"
	pointAnother = "UPDATE evidence SET shown = ?1 WHERE fact = ?2 AND shown <> ?1"

	readYieldedNodes = "SELECT number, id, label, name, properties, owner FROM node WHERE owner IN (SELECT value FROM json_each(?))"
	readYieldedEdges = "SELECT src, type, dst, key, properties, owner FROM edge WHERE owner IN (SELECT value FROM json_each(?))"
	readLastNumber   = "SELECT coalesce(max(number), 0) FROM node"
	putNode          = "INSERT INTO node (number, id, label, name, folded, properties, owner) VALUES (?, ?, ?, ?, ?, ?, ?)"
	putEdge          = "INSERT INTO edge (src, type, dst, key, properties, owner) VALUES (?, ?, ?, ?, ?, ?)"
	dropNode         = "DELETE FROM node WHERE number = ?"
	dropEdge         = "DELETE FROM edge WHERE src = ? AND type = ? AND dst = ? AND key = ?"

	dropWords = "DELETE FROM search WHERE rowid IN (SELECT value FROM json_each(?))"
	putWords  = `INSERT INTO search (rowid, text)
		SELECT number, coalesce(properties ->> '$.quote', name || (SELECT group_concat(char(10) || value, '') FROM json_each(node.properties, '$.names')), name)
		FROM json_each(?) AS added CROSS JOIN node ON number = added.value WHERE +label IN ('Actor', 'Instrument', 'Passage')`
)

var statements = []string{
	putDocument, putBatch, putEvidence, dropEvidence, dropBatch, dropDocument,
	addTally, dropTally, readTallies, readCited, pointAnother, readNodes,
	readYieldedNodes, readYieldedEdges, readLastNumber, putNode, putEdge, dropNode, dropEdge, dropWords, putWords,
}

func (l *ledger) exec(ctx context.Context, query string, args ...any) error {
	_, err := l.prepared[query].ExecContext(ctx, args...)
	return err
}

// QueryContext implements querier.
func (l *ledger) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if statement, ok := l.prepared[query]; ok {
		return statement.QueryContext(ctx, args...)
	}
	return l.tx.QueryContext(ctx, query, args...)
}

// QueryRowContext implements querier.
func (l *ledger) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if statement, ok := l.prepared[query]; ok {
		return statement.QueryRowContext(ctx, args...)
	}
	return l.tx.QueryRowContext(ctx, query, args...)
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
	if err := l.exec(ctx, putDocument, id, b.Document.Text); err != nil {
		return err
	}
	short := *b
	short.Document.Text = "" // it stands in the table document
	claims, err := json.Marshal(short)
	if err != nil {
		return err
	}
	if err := l.exec(ctx, putBatch, id, b.Extractor, string(claims), now()); err != nil {
		return err
	}
	if err := l.exec(ctx, dropEvidence, passagesOf(id), b.Extractor); err != nil {
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
		if err := l.exec(ctx, putEvidence, a.Fact, a.Shown, graph.PassageID(id, e.Start, e.End), key, id, b.Extractor,
			string(e.Stance), e.Confidence, e.Start, string(data)); err != nil {
			return err
		}
	}
	return nil
}

// passagesOf is what the ids of a document's passages begin with, before a colon.
func passagesOf(document string) string {
	return strings.TrimSuffix(graph.PassageID(document, 0, 0), ":0-0")
}

func (l *ledger) DeleteBatch(ctx context.Context, document, extractor string) error {
	if err := l.exec(ctx, dropEvidence, passagesOf(document), extractor); err != nil {
		return err
	}
	if err := l.exec(ctx, dropBatch, document, extractor); err != nil {
		return err
	}
	return l.exec(ctx, dropDocument, document)
}

func (l *ledger) Count(ctx context.Context, tallies []graph.Tally) error {
	for _, t := range tallies {
		if err := l.exec(ctx, addTally, t.Fact, t.Property, t.Value, t.Count); err != nil {
			return err
		}
		if t.Count > 0 {
			continue
		}
		if err := l.exec(ctx, dropTally, t.Fact, t.Property, t.Value); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) Tallies(ctx context.Context, facts []string) ([]graph.Tally, error) {
	var tallies []graph.Tally
	err := each(ctx, l, readTallies, []any{list(facts)}, func(scan func(...any) error) error {
		var t graph.Tally
		err := scan(&t.Fact, &t.Property, &t.Value, &t.Count)
		tallies = append(tallies, t)
		return err
	})
	return tallies, err
}

func (l *ledger) Cited(ctx context.Context, passages []string) (map[string]bool, error) {
	cited := map[string]bool{}
	err := each(ctx, l, readCited, []any{list(passages)}, func(scan func(...any) error) error {
		var passage string
		err := scan(&passage)
		cited[passage] = true
		return err
	})
	return cited, err
}

func (l *ledger) Point(ctx context.Context, shown map[string]string) error {
	for fact, node := range shown {
		if err := l.exec(ctx, pointAnother, node, fact); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) Nodes(ctx context.Context, ids []string) (map[string]graph.Node, error) {
	return nodesOf(ctx, l, ids)
}

func (l *ledger) Match(ctx context.Context, p graph.Pattern) (graph.Page, error) {
	return match(ctx, l, p)
}

// A nodeRow is a row of the table node, without what follows from the others.
type nodeRow struct {
	id, label, name, properties, owner string
}

// An edgeRow is a row of the table edge.
type edgeRow struct {
	src, edgeType, dst, key, properties, owner string
}

// Replace implements graph.Ledger. It reads what the owners yielded before, and
// writes what differs.
func (l *ledger) Replace(ctx context.Context, yields []graph.Yield) error {
	owners := make([]string, len(yields))
	for i, y := range yields {
		owners[i] = y.Owner
	}
	if err := l.replaceNodes(ctx, list(owners), yields); err != nil {
		return err
	}
	return l.replaceEdges(ctx, list(owners), yields)
}

func (l *ledger) replaceNodes(ctx context.Context, owners string, yields []graph.Yield) error {
	gone := map[nodeRow]int64{} // by their numbers
	err := each(ctx, l, readYieldedNodes, []any{owners}, func(scan func(...any) error) error {
		var number int64
		var r nodeRow
		err := scan(&number, &r.id, &r.label, &r.name, &r.properties, &r.owner)
		gone[r] = number
		return err
	})
	if err != nil {
		return err
	}
	var added []nodeRow
	for _, y := range yields {
		for _, n := range y.Nodes {
			properties, err := propertiesOf(n.Properties)
			if err != nil {
				return err
			}
			r := nodeRow{n.ID, string(n.Label), n.Name, properties, y.Owner}
			if _, same := gone[r]; same {
				delete(gone, r)
			} else {
				added = append(added, r)
			}
		}
	}
	if l.number == 0 { // before any is gone: none is given twice
		if err := l.QueryRowContext(ctx, readLastNumber).Scan(&l.number); err != nil {
			return err
		}
	}
	for _, number := range gone {
		if err := l.exec(ctx, dropNode, number); err != nil {
			return err
		}
		l.words[number] = false
	}
	for _, r := range added {
		var folded any
		if label := graph.Label(r.label); label == graph.ActorLabel || label == graph.InstrumentLabel {
			folded = strings.ToLower(r.name)
		}
		l.number++
		if err := l.exec(ctx, putNode, l.number, r.id, r.label, r.name, folded, r.properties, r.owner); err != nil {
			return fmt.Errorf("node %s: %w", r.id, err)
		}
		l.words[l.number] = true
	}
	return nil
}

func (l *ledger) replaceEdges(ctx context.Context, owners string, yields []graph.Yield) error {
	gone := map[edgeRow]bool{}
	err := each(ctx, l, readYieldedEdges, []any{owners}, func(scan func(...any) error) error {
		var r edgeRow
		err := scan(&r.src, &r.edgeType, &r.dst, &r.key, &r.properties, &r.owner)
		gone[r] = true
		return err
	})
	if err != nil {
		return err
	}
	var added []edgeRow
	for _, y := range yields {
		for _, e := range y.Edges {
			properties, err := propertiesOf(e.Properties)
			if err != nil {
				return err
			}
			r := edgeRow{e.From, string(e.Type), e.To, e.Key, properties, y.Owner}
			if gone[r] {
				delete(gone, r)
			} else {
				added = append(added, r)
			}
		}
	}
	for r := range gone {
		if err := l.exec(ctx, dropEdge, r.src, r.edgeType, r.dst, r.key); err != nil {
			return err
		}
	}
	for _, r := range added {
		if err := l.exec(ctx, putEdge, r.src, r.edgeType, r.dst, r.key, r.properties, r.owner); err != nil {
			return fmt.Errorf("edge %s: %w", strings.Join([]string{r.src, r.edgeType, r.dst}, " "), err)
		}
	}
	return nil
}

func propertiesOf(p graph.Properties) (string, error) {
	if len(p) == 0 {
		return "{}", nil
	}
	data, err := json.Marshal(p)
	return string(data), err
}

// indexWords brings the table search up to date. It comes last in a
// transaction, with one statement for all nodes: SQLite makes the index whole
// after each statement.
func (l *ledger) indexWords(ctx context.Context) error {
	var added, gone []int64
	for number, there := range l.words {
		if there {
			added = append(added, number)
		} else {
			gone = append(gone, number)
		}
	}
	for _, change := range []struct {
		query   string
		numbers []int64
	}{{dropWords, gone}, {putWords, added}} {
		if len(change.numbers) == 0 {
			continue
		}
		slices.Sort(change.numbers)
		data, err := json.Marshal(change.numbers)
		if err != nil {
			return err
		}
		if err := l.exec(ctx, change.query, string(data)); err != nil {
			return err
		}
	}
	return nil
}
