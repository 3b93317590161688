package graph

import "context"

// A Store keeps the graph. Every promise here is a case of graph/storetest,
// which runs on every store. Methods are safe for concurrent use; after Close
// they return ErrClosed.
type Store interface {
	// Apply makes the batch's claims part of the graph, in one transaction: all
	// of it or nothing. It takes the place of an earlier batch of the same
	// document and extractor. It returns ErrInvalid for a batch that
	// Batch.Validate refuses and ErrConflict where the document is known with
	// another text; then nothing has changed.
	Apply(ctx context.Context, b *Batch) (Change, error)

	// Withdraw removes the document and exactly what only it supported, in one
	// transaction. It returns ErrNotFound where the document is not there.
	Withdraw(ctx context.Context, document string) error

	// Node returns one node. It returns ErrNotFound where there is none.
	Node(ctx context.Context, id string) (Node, error)

	// Document returns a document with its text. It returns ErrNotFound where
	// there is none.
	Document(ctx context.Context, id string) (Document, error)

	// Match returns a page of the pattern's matches in its order. It returns
	// ErrInvalid for a pattern that Pattern.Validate refuses, or a cursor of
	// another pattern.
	Match(ctx context.Context, p Pattern) (Page, error)

	// Paths returns the shortest paths first; among equally long ones the order
	// is that of their ids. It returns ErrNotFound where an end does not
	// exist, ErrInvalid for a query that PathQuery.Validate refuses, and
	// ErrTooCostly where the bound is reached before the answer is known.
	Paths(ctx context.Context, q PathQuery) ([]Path, error)

	// Evidence returns, for each fact (Node.Facts, Edge.Facts), at most limit
	// passages (0: all): supporting before denying, the most confident first,
	// then by document and place. A fact without passages is left out.
	Evidence(ctx context.Context, facts []string, limit int) (map[string][]Proof, error)

	// Find returns actors and instruments with exactly that name or id, letter
	// case apart: names first by the number of documents that use them.
	Find(ctx context.Context, name string) ([]Node, error)

	// Names calls yield with the names of all actors and instruments, for
	// suggestions and completion, until it returns false.
	Names(ctx context.Context, yield func(name string) bool) error

	// Search returns actors, instruments and passages in whose names (all of
	// them) or quote every word of the text stands, letter case and accents apart:
	// at most limit (1 to MaxLimit; 0: DefaultLimit), the best first by the store's
	// own ranking. It returns ErrInvalid where CheckSearch does. How names and
	// quotes part into words at apostrophes and dots is the store's own.
	Search(ctx context.Context, text string, limit int) ([]Found, error)

	// Batches calls yield with every batch, ordered by document and extractor,
	// until it returns an error.
	Batches(ctx context.Context, yield func(*Batch) error) error

	// Export calls node with every node in the order of ids, then edge with
	// every edge in the order of theirs, until one returns an error. Two stores
	// that hold the same batches export the same.
	Export(ctx context.Context, node func(Node) error, edge func(Edge) error) error

	// Records calls yield with every record, ordered by id, until it returns an
	// error. With the batches and the export they are all that a store holds.
	Records(ctx context.Context, yield func(Record) error) error

	// Statistics counts what the store holds.
	Statistics(ctx context.Context) (Statistics, error)

	// Check returns nil where the store can answer.
	Check(ctx context.Context) error

	// Close releases what the store holds. A second Close does nothing.
	Close() error
}

// A Change says what Apply did.
type Change struct {
	Unchanged bool // the same batch was there already
	Replaced  bool // an earlier batch of the document and extractor was there
	Claims    int  // the batch's claims
}

// A Proof is a passage with where it stands and how it came to be one.
type Proof struct {
	Passage    string  `json:"passage"`
	Quote      string  `json:"quote"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Document   string  `json:"document"`
	Title      string  `json:"title,omitempty"`
	URI        string  `json:"uri"`
	Published  Date    `json:"published,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`
	Extractor  string  `json:"extractor"`
	Rule       string  `json:"rule,omitempty"`
	Stance     Stance  `json:"stance"`
}

// Statistics counts nodes by label, edges by type and batches.
type Statistics struct {
	Nodes   map[Label]int    `json:"nodes"`
	Edges   map[EdgeType]int `json:"edges"`
	Batches int              `json:"batches"`
}
