package neo4jadmin

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"pacta/graph"
	"pacta/graph/neo4jstore/layout"
)

// separators are the characters that values of lists are separated by: the first
// that stands in none of them. Texts have little use for the four that are made
// for this, and none for U+FDD0 and those after it, which are no characters.
var separators = []rune{'\x1f', '\x1e', '\x1d', '\x1c', '\ufdd0', '\ufdd1', '\ufdd2', '\ufdd3'}

// Export writes all that a store holds as files in a folder, which is made where
// it is missing and must be empty. It returns their writer, closed. The database
// that is made of them is one that package neo4jstore opens and goes on with.
// Where it fails, the folder is as it was before; graph.ErrConflict is returned
// where somebody wrote to the store meanwhile. It calls progress now and then.
func Export(ctx context.Context, store graph.Store, folder string, progress func(done, of int)) (*Writer, error) {
	for _, separator := range separators {
		w, err := Create(folder, separator)
		if err != nil {
			return nil, err
		}
		x := &exporter{store: store, w: w, progress: progress, now: time.Now().UTC().Truncate(time.Second), shown: map[string]string{}}
		if err = errors.Join(x.export(ctx), w.Close()); err == nil {
			return w, nil
		}
		if err = errors.Join(err, w.Discard()); !errors.Is(err, errSeparator) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: names hold every character that could separate them", graph.ErrInvalid)
}

// An exporter streams a store into files. It remembers exceptions alone.
type exporter struct {
	store    graph.Store
	w        *Writer
	now      time.Time
	last     string            // the document whose text was written last
	shown    map[string]string // facts that another node shows, "" where none does
	done, of int
	progress func(done, of int)
}

// export reads the batches before and after all else, since a store promises no
// single moment to all its streams: what it holds is a function of its batches,
// so that where these are the same, nothing has changed.
func (x *exporter) export(ctx context.Context) error {
	statistics, err := x.store.Statistics(ctx)
	if err != nil {
		return err
	}
	x.of = steps(statistics)
	before, after := sha256.New(), sha256.New()
	if err := x.batches(ctx, before, func(*graph.Batch, graph.Properties) error { return nil }); err != nil {
		return err
	}
	if err := x.store.Records(ctx, func(r graph.Record) error { return x.record(ctx, r) }); err != nil {
		return err
	}
	if err := x.store.Export(ctx, x.node, x.edge); err != nil {
		return err
	}
	if err := x.batches(ctx, after, x.batch); err != nil {
		return err
	}
	if string(before.Sum(nil)) != string(after.Sum(nil)) {
		return fmt.Errorf("%w: somebody wrote to the graph meanwhile; export again", graph.ErrConflict)
	}
	return x.w.Node("pacta", []string{layout.PactaLabel}, layout.Pacta(0))
}

// steps are how often step is called: for each batch twice, for each node and
// edge, and for each of these that a record yields.
func steps(s graph.Statistics) int {
	n := 2 * s.Batches
	for label, count := range s.Nodes {
		n += count
		if label != graph.PassageLabel {
			n += count
		}
	}
	for kind, count := range s.Edges {
		n += count
		if kind != graph.PartOf && kind != graph.EvidencedBy {
			n += count
		}
	}
	return n
}

func (x *exporter) step(n int) {
	const seldom = 1000
	before := x.done
	x.done += n
	if before/seldom != x.done/seldom {
		x.progress(x.done, x.of)
	}
}

// batches calls yield with all batches and what their nodes hold, and adds them
// to the sum.
func (x *exporter) batches(ctx context.Context, sum hash.Hash, yield func(*graph.Batch, graph.Properties) error) error {
	return x.store.Batches(ctx, func(b *graph.Batch) error {
		x.step(1)
		properties, err := layout.Batch(b)
		if err != nil {
			return err
		}
		_, _ = io.WriteString(sum, properties.Text("claims")+"\n"+b.Document.Text+"\n") // a hash takes everything
		return yield(b, properties)
	})
}

func (x *exporter) record(ctx context.Context, r graph.Record) error {
	x.step(len(r.Yields))
	t := layout.TallyOf(r)
	properties, err := t.Properties(r.ID)
	if err != nil {
		return err
	}
	switch stances := t.Said[string(graph.StanceOf)]; {
	case r.Shown != "":
		x.shown[r.ID] = r.Shown
	case layout.IsNode(r.ID) && stances[string(graph.Denies)] > 0 && stances[string(graph.Supports)] == 0:
		switch _, err := x.store.Node(ctx, r.ID); {
		case errors.Is(err, graph.ErrNotFound):
			x.shown[r.ID] = ""
		case err != nil:
			return err
		}
	}
	return x.w.Node(tallyKey(r.ID), []string{layout.TallyLabel}, properties)
}

// tallyKey is what relationships call the tally of a fact by. Ids hold no space.
func tallyKey(fact string) string { return "tally " + fact }

func (x *exporter) node(n graph.Node) error {
	x.step(1)
	return x.w.Node(n.ID, layout.Labels(n), layout.Node(n))
}

// edge leaves out those that show attestations: batch writes them with what the
// store's edges do not tell.
func (x *exporter) edge(e graph.Edge) error {
	x.step(1)
	if e.Type == graph.EvidencedBy {
		return nil
	}
	return x.w.Relationship(e.From, string(e.Type), e.To, layout.Edge(e))
}

func (x *exporter) batch(b *graph.Batch, properties graph.Properties) error {
	document := b.Document.ID()
	if document != x.last { // batches come by document
		if err := x.w.Node("text "+document, []string{layout.TextLabel}, layout.Text(b.Document)); err != nil {
			return err
		}
		x.last = document
	}
	properties[layout.ImportedAt] = x.now
	if err := x.w.Node("batch "+layout.BatchID(document, b.Extractor), []string{layout.BatchLabel}, properties); err != nil {
		return err
	}
	for _, a := range graph.Attestations(b) {
		passage, properties := layout.Attestation(a, document, b.Extractor)
		if err := x.w.Relationship(tallyKey(layout.Home(a.Fact)), layout.AttestedBy, passage, properties); err != nil {
			return err
		}
		node, ok := x.shown[a.Fact]
		if !ok && layout.IsNode(a.Fact) {
			node = a.Fact
		}
		if node == "" {
			continue
		}
		if err := x.w.Relationship(node, string(graph.EvidencedBy), passage, properties); err != nil {
			return err
		}
	}
	return nil
}
