package graph

import "context"

// A Ledger is what [Settle] needs of a store inside one transaction. What it
// writes is seen by what it reads after. The tallies, attestations and batches
// are the record of what was said; the yields are what the graph shows of it.
type Ledger interface {
	// Document returns the document with its text, or nil where it is not there.
	Document(ctx context.Context, id string) (*Document, error)
	// Batch returns a document's batch by its extractor, or nil.
	Batch(ctx context.Context, document, extractor string) (*Batch, error)
	// PutBatch writes the batch, and its document where it is new, in place of
	// the batch with the same identity. Its attestations replace those of that batch.
	PutBatch(ctx context.Context, b *Batch, attestations []Attestation) error
	// DeleteBatch removes a batch and its attestations, and the document's
	// record with its last batch.
	DeleteBatch(ctx context.Context, document, extractor string) error

	// Count adds each tally's count, which can be negative, to what is there. A
	// tally that comes to zero is gone.
	Count(ctx context.Context, tallies []Tally) error
	// Tallies returns all tallies of the facts.
	Tallies(ctx context.Context, facts []string) ([]Tally, error)
	// Cited reports which of the passages some batch's attestations cite.
	Cited(ctx context.Context, passages []string) (map[string]bool, error)
	// Point makes the attestations of each fact show at the node given for it.
	Point(ctx context.Context, shown map[string]string) error

	// Nodes returns those of the nodes that exist, by id.
	Nodes(ctx context.Context, ids []string) (map[string]Node, error)
	// Match is Store.Match within the transaction.
	Match(ctx context.Context, p Pattern) (Page, error)
	// Replace makes each owner's yield exactly what the yield says: nodes and
	// edges that the owner yielded before and are not in it are gone.
	Replace(ctx context.Context, yields []Yield) error
}

// A Yield is the nodes and edges that one fact, or one derivation, gives the
// graph. No two owners yield the same node or edge.
type Yield struct {
	Owner string
	Nodes []Node
	Edges []Edge
}

// A Record is what a store keeps of one fact, or of one derivation: what all
// batches say of it, what it yields, and where its passages show. Passages have
// none: a passage is there while a batch cites it.
type Record struct {
	ID      string // of the fact; of a derivation, its owner
	Tallies []Tally
	Yields  []string // ids of nodes and edges
	Shown   string   // the node that shows the fact's passages, "" where it is the fact
}

// Name is what the actor or instrument is called that the record is of.
func (r Record) Name() string { return byFact(r.Tallies)[r.ID].first(string(Name)) }
