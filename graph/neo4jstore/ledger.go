package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/neo4jstore/layout"
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
		batches, err := batchesOf(ctx, l.tx, "WHERE b.document = $document", map[string]any{"document": document})
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

// lock makes this transaction the only one that writes until it ends: what a
// batch yields depends on the facts of others, so batches settle one at a time.
const lock = steady + "MATCH (p:Pacta {id: 'pacta'}) SET p.writes = p.writes + 1 RETURN p.writes"

// transact runs do in one transaction, which is undone where do fails, and run
// again where the server asks for it.
func (s *Store) transact(ctx context.Context, do func(*ledger) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	if s.options.ReadOnly {
		return fmt.Errorf("%w: the store is open for reading only", graph.ErrInvalid)
	}
	return s.write(ctx, func(tx neo4j.ManagedTransaction) error {
		locked, err := rows(ctx, tx, lock, nil)
		if err != nil {
			return err
		}
		if len(locked) == 0 {
			return fmt.Errorf("%w: the database lost its graph while it was open; open it again", graph.ErrNotFound)
		}
		l := newLedger(tx)
		if err := do(l); err != nil {
			return err
		}
		return l.finish(ctx)
	})
}

// A ledger is the store within one write transaction. Since that transaction
// holds the lock of writers, what it has read stays true: it keeps tallies and
// nodes, and holds back writes until something must be read by a query, or the
// end.
type ledger struct {
	tx      neo4j.ManagedTransaction
	tallies map[string]*tally
	nodes   map[string]*graph.Node // as they now stand; nil is known to be missing

	// what is held back
	putNodes  map[string]graph.Node
	dropNodes map[string]bool
	putEdges  map[string]graph.Edge
	dropEdges map[string]graph.Edge

	replaced bool                  // the batch that is applied was there before
	created  map[string]graph.Node // nodes that were not there before
	attested []attestation         // to be written
	moved    map[string]string     // facts that another node shows now, and the node before
}

type tally struct {
	layout.Tally
	changed  bool // in this transaction
	existing bool // before it
}

func newTally() *tally { return &tally{Tally: layout.Tally{Said: map[string]map[string]int{}}} }

type attestation struct {
	graph.Attestation
	document, reader string
}

var _ graph.Ledger = (*ledger)(nil)

func newLedger(tx neo4j.ManagedTransaction) *ledger {
	return &ledger{
		tx: tx, tallies: map[string]*tally{}, nodes: map[string]*graph.Node{},
		putNodes: map[string]graph.Node{}, dropNodes: map[string]bool{},
		putEdges: map[string]graph.Edge{}, dropEdges: map[string]graph.Edge{},
		created: map[string]graph.Node{}, moved: map[string]string{},
	}
}

// Document implements graph.Ledger.
func (l *ledger) Document(ctx context.Context, id string) (*graph.Document, error) {
	found, err := rows(ctx, l.tx, readDocument, map[string]any{"id": id})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	d := asDocument(found[0])
	return &d, nil
}

// Batch implements graph.Ledger.
func (l *ledger) Batch(ctx context.Context, document, extractor string) (*graph.Batch, error) {
	batches, err := batchesOf(ctx, l.tx, "WHERE b.id = $id", map[string]any{"id": layout.BatchID(document, extractor)})
	if err != nil || len(batches) == 0 {
		return nil, err
	}
	l.replaced = true
	return batches[0], nil
}

const putBatch = steady + `MERGE (t:Text {id: $document}) ON CREATE SET t = $text
MERGE (b:Batch {id: $id}) SET b = $batch, b.importedAt = datetime($now)`

// PutBatch implements graph.Ledger.
func (l *ledger) PutBatch(ctx context.Context, b *graph.Batch, attestations []graph.Attestation) error {
	document := b.Document.ID()
	if l.replaced {
		if err := l.dropAttestations(ctx, document, b.Extractor); err != nil {
			return err
		}
	}
	batch, err := layout.Batch(b)
	if err != nil {
		return err
	}
	for _, a := range attestations {
		l.attested = append(l.attested, attestation{a, document, b.Extractor})
	}
	return run(ctx, l.tx, putBatch, map[string]any{
		"document": document, "text": layout.Text(b.Document), "id": batch[graph.ID], "batch": batch,
		"now": time.Now().UTC().Format(time.RFC3339),
	})
}

const dropAttestations = `MATCH (d:Document {id: $document})<-[:PART_OF]-(:Passage)<-[r:ATTESTED_BY|EVIDENCED_BY]-()
WHERE r.reader = $reader DELETE r`

func (l *ledger) dropAttestations(ctx context.Context, document, reader string) error {
	return run(ctx, l.tx, dropAttestations, map[string]any{"document": document, "reader": reader})
}

const deleteBatch = `MATCH (b:Batch {id: $id}) DELETE b
WITH count(*) AS done
MATCH (t:Text {id: $document}) WHERE NOT EXISTS { MATCH (b:Batch) WHERE b.document = $document } DELETE t`

// DeleteBatch implements graph.Ledger.
func (l *ledger) DeleteBatch(ctx context.Context, document, extractor string) error {
	if err := l.dropAttestations(ctx, document, extractor); err != nil {
		return err
	}
	return run(ctx, l.tx, deleteBatch, map[string]any{"id": layout.BatchID(document, extractor), "document": document})
}

const readCited = steady + "UNWIND $ids AS id MATCH (p:Passage {id: id}) WHERE EXISTS { MATCH (p)<-[:ATTESTED_BY]-() } RETURN id"

// Cited implements graph.Ledger.
func (l *ledger) Cited(ctx context.Context, passages []string) (map[string]bool, error) {
	cited := map[string]bool{}
	if len(passages) == 0 {
		return cited, nil
	}
	found, err := rows(ctx, l.tx, readCited, map[string]any{"ids": passages})
	if err != nil {
		return nil, err
	}
	for _, row := range found {
		cited[row.Values[0].(string)] = true
	}
	for _, a := range l.attested {
		cited[a.Edge(a.document, a.reader).To] = true
	}
	return cited, nil
}

const readTallies = steady + "UNWIND $ids AS id MATCH (t:Tally {id: id}) RETURN id, t.said, t.yields, t.shown, t.folded"

// load brings in the tallies of the facts that are not yet known.
func (l *ledger) load(ctx context.Context, facts []string) error {
	var missing []string
	for _, fact := range facts {
		if l.tallies[fact] == nil {
			l.tallies[fact] = newTally()
			missing = append(missing, fact)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	found, err := rows(ctx, l.tx, readTallies, map[string]any{"ids": missing})
	if err != nil {
		return err
	}
	for _, row := range found {
		t, err := asTally(row)
		if err != nil {
			return err
		}
		l.tallies[row.Values[0].(string)] = t
	}
	return nil
}

// asTally reads a row of id, said, yields, shown and folded.
func asTally(row *neo4j.Record) (*tally, error) {
	t := newTally()
	t.existing = true
	if said, ok := row.Values[1].(string); ok {
		if err := json.Unmarshal([]byte(said), &t.Said); err != nil {
			return nil, err
		}
	}
	if row.Values[2] != nil {
		t.Yields = texts(row.Values[2])
	}
	t.Shown, _ = row.Values[3].(string)
	t.Folded, _ = row.Values[4].(string)
	return t, nil
}

// Count implements graph.Ledger.
func (l *ledger) Count(ctx context.Context, tallies []graph.Tally) error {
	facts := make([]string, len(tallies))
	for i, t := range tallies {
		facts[i] = t.Fact
	}
	if err := l.load(ctx, facts); err != nil {
		return err
	}
	for _, t := range tallies {
		fact := l.tallies[t.Fact]
		fact.changed = true
		if fact.Said[t.Property] == nil {
			fact.Said[t.Property] = map[string]int{}
		}
		fact.Said[t.Property][t.Value] += t.Count
		if fact.Said[t.Property][t.Value] <= 0 {
			delete(fact.Said[t.Property], t.Value)
		}
		if len(fact.Said[t.Property]) == 0 {
			delete(fact.Said, t.Property)
		}
	}
	return nil
}

// Tallies implements graph.Ledger.
func (l *ledger) Tallies(ctx context.Context, facts []string) ([]graph.Tally, error) {
	if err := l.load(ctx, facts); err != nil {
		return nil, err
	}
	var tallies []graph.Tally
	for _, fact := range facts {
		tallies = append(tallies, l.tallies[fact].List(fact)...)
	}
	return tallies, nil
}

// Point implements graph.Ledger.
func (l *ledger) Point(ctx context.Context, shown map[string]string) error {
	if err := l.load(ctx, slices.Collect(maps.Keys(shown))); err != nil {
		return err
	}
	for fact, node := range shown {
		t := l.tallies[fact]
		before := t.Shown
		if before == "" {
			before = fact
		}
		if before == node {
			continue
		}
		if _, ok := l.moved[fact]; !ok {
			l.moved[fact] = before
		}
		t.Shown, t.changed = node, true
	}
	return nil
}

// shownBy is the node that shows a fact.
func (l *ledger) shownBy(fact string) string {
	if t := l.tallies[fact]; t != nil && t.Shown != "" {
		return t.Shown
	}
	return fact
}

// Nodes implements graph.Ledger.
func (l *ledger) Nodes(ctx context.Context, ids []string) (map[string]graph.Node, error) {
	var missing []string
	for _, id := range ids {
		if _, known := l.nodes[id]; !known {
			missing = append(missing, id)
			l.nodes[id] = nil
		}
	}
	if len(missing) > 0 {
		query, parameters := nodesWith(missing)
		found, err := rows(ctx, l.tx, query, parameters)
		if err != nil {
			return nil, err
		}
		for id, n := range nodesByID(found) {
			l.nodes[id] = &n
		}
	}
	nodes := map[string]graph.Node{}
	for _, id := range ids {
		if n := l.nodes[id]; n != nil {
			nodes[id] = *n
		}
	}
	return nodes, nil
}

// Match implements graph.Ledger.
func (l *ledger) Match(ctx context.Context, p graph.Pattern) (graph.Page, error) {
	if err := l.flush(ctx); err != nil {
		return graph.Page{}, err
	}
	return match(p, func(query string, parameters map[string]any) ([]*neo4j.Record, error) {
		return rows(ctx, l.tx, query, parameters)
	})
}

// Replace implements graph.Ledger.
func (l *ledger) Replace(ctx context.Context, yields []graph.Yield) error {
	var owners []string
	for _, y := range yields {
		if graph.LabelOf(y.Owner) != graph.PassageLabel {
			owners = append(owners, y.Owner)
		}
	}
	if err := l.load(ctx, owners); err != nil {
		return err
	}
	for _, y := range yields {
		if graph.LabelOf(y.Owner) == graph.PassageLabel {
			l.replacePassage(y)
			continue
		}
		l.replace(y)
	}
	return nil
}

// replacePassage writes or deletes a passage. It needs no tally: what it is
// stands in its id, and it is there while it is cited.
func (l *ledger) replacePassage(y graph.Yield) {
	if len(y.Nodes) == 0 {
		l.dropNode(y.Owner)
	}
	for _, n := range y.Nodes {
		l.putNode(n)
	}
	for _, e := range y.Edges {
		l.putEdges[e.ID()] = e
	}
}

func (l *ledger) replace(y graph.Yield) {
	t := l.tallies[y.Owner]
	var now []string
	folded := ""
	for _, n := range y.Nodes {
		now = append(now, n.ID)
		if !slices.Contains(t.Yields, n.ID) {
			l.created[n.ID] = n
		}
		l.putNode(n)
		if n.Label == graph.ActorLabel || n.Label == graph.InstrumentLabel {
			folded = layout.Folded(n.Name)
		}
	}
	for _, e := range y.Edges {
		id := e.ID()
		now = append(now, id)
		l.putEdges[id] = e
		delete(l.dropEdges, id)
	}
	for _, id := range t.Yields {
		switch {
		case slices.Contains(now, id):
		case strings.Contains(id, "|"):
			l.dropEdges[id] = cutEdge(id)
			delete(l.putEdges, id)
		default:
			l.dropNode(id)
		}
	}
	if !slices.Equal(t.Yields, now) || t.Folded != folded {
		t.Yields, t.Folded, t.changed = now, folded, true
	}
}

func (l *ledger) putNode(n graph.Node) {
	known := l.nodes[n.ID]
	delete(l.dropNodes, n.ID)
	if known != nil && reflect.DeepEqual(*known, n) {
		return
	}
	l.nodes[n.ID] = &n
	l.putNodes[n.ID] = n
}

func (l *ledger) dropNode(id string) {
	delete(l.putNodes, id)
	delete(l.created, id)
	l.dropNodes[id] = true
	l.nodes[id] = nil
}

// cutEdge reads an edge's id.
func cutEdge(id string) graph.Edge {
	parts := strings.SplitN(id, "|", 4)
	return graph.Edge{From: parts[0], Type: graph.EdgeType(parts[1]), To: parts[2], Key: parts[3]}
}

// flush writes the nodes and edges that are held back.
func (l *ledger) flush(ctx context.Context) error {
	drops, nodes, edges := statements{}, statements{}, statements{}
	for _, e := range l.dropEdges {
		drops.dropEdge(e)
	}
	for id := range l.dropNodes {
		drops.dropNode(id)
	}
	for _, n := range l.putNodes {
		nodes.putNode(n)
	}
	for _, e := range l.putEdges {
		edges.putEdge(e)
	}
	for _, all := range []statements{drops, nodes, edges} {
		if err := all.run(ctx, l.tx); err != nil {
			return err
		}
	}
	clear(l.dropEdges)
	clear(l.dropNodes)
	clear(l.putNodes)
	clear(l.putEdges)
	return nil
}

// finish writes all that is still held back: the last nodes and edges, the
// tallies, the attestations, and the EVIDENCED_BY edges that show them.
func (l *ledger) finish(ctx context.Context) error {
	if err := l.flush(ctx); err != nil {
		return err
	}
	if err := l.writeTallies(ctx); err != nil {
		return err
	}
	attestations := statements{}
	for _, a := range l.attested {
		attestations.attest(a)
	}
	if err := attestations.run(ctx, l.tx); err != nil {
		return err
	}
	return l.show(ctx)
}

func (l *ledger) writeTallies(ctx context.Context) error {
	all := statements{}
	for fact, t := range l.tallies {
		switch {
		case !t.changed:
		case len(t.Said)+len(t.Yields) > 0:
			row, err := t.Properties(fact)
			if err != nil {
				return err
			}
			all.add("UNWIND $rows AS row MERGE (t:Tally {id: row.id}) SET t = row", row)
		case t.existing:
			all.add("UNWIND $rows AS id MATCH (t:Tally {id: id}) DETACH DELETE t", fact)
		}
	}
	return all.run(ctx, l.tx)
}

// row is the attestation as a statement takes it, from the node with that id.
func (a attestation) row(from string) map[string]any {
	to, properties := layout.Attestation(a.Attestation, a.document, a.reader)
	return map[string]any{"from": from, "to": to, "properties": properties}
}

// show brings the EVIDENCED_BY edges into step with the attestations: those of
// facts that another node shows now, of nodes that are new, and new ones.
func (l *ledger) show(ctx context.Context) error {
	hidden, shown := statements{}, statements{}
	for id, n := range l.created {
		if !slices.Contains(provedLabels, n.Label) {
			continue
		}
		for _, fact := range factsOf(n) {
			if l.wasAttested(fact) {
				shown.showAll(fact, id)
			}
		}
	}
	for fact, before := range l.moved {
		hidden.hideAll(fact, before)
		if node := l.shownBy(fact); !l.isCreated(node) {
			shown.showAll(fact, node)
		}
	}
	for _, a := range l.attested {
		_, moved := l.moved[a.Fact]
		node := l.shownBy(a.Fact)
		if !layout.IsNode(node) || l.wasAttested(a.Fact) && (moved || l.isCreated(node)) {
			continue // no node, or all its attestations are written above
		}
		shown.show(a, node)
	}
	if err := hidden.run(ctx, l.tx); err != nil {
		return err
	}
	return shown.run(ctx, l.tx)
}

// wasAttested reports whether the fact can have attestations that are older than
// this transaction.
func (l *ledger) wasAttested(fact string) bool {
	t := l.tallies[fact]
	return t == nil || t.existing
}

func (l *ledger) isCreated(id string) bool {
	_, ok := l.created[id]
	return ok
}

// factsOf are the facts whose passages prove a node. An obligation that stands
// for stated breaches is proved by theirs, which are edges and stay with them.
func factsOf(n graph.Node) []string {
	if n.Label == graph.ViolationLabel {
		return n.Facts()
	}
	return []string{n.ID}
}

// provedLabels are the labels of nodes that EVIDENCED_BY edges start at.
var provedLabels = func() []graph.Label {
	rule, _ := graph.RuleOfEdge(graph.EvidencedBy)
	return rule.From
}()
