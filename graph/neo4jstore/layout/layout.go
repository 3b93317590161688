// Package layout says what stands in a Neo4j database that holds a graph, node
// by node and relationship by relationship. Package neo4jstore writes it by
// statements, package neo4jadmin as files; it knows no driver.
package layout

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"pacta/graph"
	"pacta/graph/cypher"
)

// The labels of nodes beside those of the vocabulary, and the type of
// relationships from a tally to the passages for and against its fact.
const (
	TallyLabel = "Tally"
	BatchLabel = "Batch"
	TextLabel  = "Text"
	PactaLabel = "Pacta"
	AttestedBy = "ATTESTED_BY"
)

// Properties that are no words of the vocabulary.
const (
	FactOf     graph.Property = "fact"   // of an attestation: which fact it speaks of
	ReaderOf   graph.Property = "reader" // and which extractor's batch it belongs to
	Key        graph.Property = cypher.Key
	ImportedAt graph.Property = "importedAt" // of a batch
)

// KindLabels are the second labels of actors, by their kind.
var KindLabels = func() map[string]string {
	labels := map[string]string{}
	for _, kind := range graph.ActorKinds.Names() {
		labels[kind] = cypher.KindLabel(graph.ActorKind(kind))
	}
	return labels
}()

// Labels are the labels of a node of the vocabulary.
func Labels(n graph.Node) []string {
	if n.Label == graph.ActorLabel {
		return []string{string(n.Label), KindLabels[n.Properties.Text(graph.Kind)]}
	}
	return []string{string(n.Label)}
}

// Node is what a node of the vocabulary holds.
func Node(n graph.Node) graph.Properties {
	properties := make(graph.Properties, len(n.Properties)+2)
	maps.Copy(properties, n.Properties)
	properties[graph.ID], properties[graph.Name] = n.ID, n.Name
	return properties
}

// Edge is what a relationship of the vocabulary holds.
func Edge(e graph.Edge) graph.Properties {
	properties := make(graph.Properties, len(e.Properties)+1)
	maps.Copy(properties, e.Properties)
	if cypher.Keyed(e.Type) {
		properties[Key] = e.Key
	}
	return properties
}

// Attestation is what the relationships of an attestation hold, ATTESTED_BY and
// EVIDENCED_BY, and the passage that they point at. The reader is the extractor
// of the document's batch.
func Attestation(a graph.Attestation, document, reader string) (passage string, properties graph.Properties) {
	e := a.Edge(document, reader)
	properties = Edge(e)
	properties[FactOf], properties[ReaderOf] = a.Fact, reader
	return e.To, properties
}

// IsNode reports whether a fact is a node, or would be one if it were shown. The
// passages of others are reached through their tallies alone.
func IsNode(fact string) bool { return !strings.Contains(fact, "|") }

// Home is the fact whose tally holds the attestations of a fact: itself, but for
// a breach or a response, of which nothing is counted: there the violation.
func Home(fact string) string {
	parts := strings.SplitN(fact, "|", 4)
	if len(parts) == 4 {
		switch graph.EdgeType(parts[1]) {
		case graph.Breaches:
			return parts[0]
		case graph.RespondedTo:
			return parts[2]
		}
	}
	return fact
}

// A Tally is what all batches say of one fact, and what is made of it.
type Tally struct {
	Said   map[string]map[string]int // property, value, count
	Yields []string                  // ids of nodes and edges
	Shown  string                    // the node that shows it; "" is the fact itself
	Folded string                    // of an actor or instrument that is shown, its name to look it up by
}

// Properties are what the node of the fact's tally holds.
func (t Tally) Properties(fact string) (graph.Properties, error) {
	properties := graph.Properties{graph.ID: fact, graph.Name: "tally"}
	if len(t.Said) > 0 {
		said, err := json.Marshal(t.Said)
		if err != nil {
			return nil, err
		}
		properties["said"] = string(said)
	}
	if len(t.Yields) > 0 {
		properties["yields"] = t.Yields
	}
	if t.Shown != "" && t.Shown != fact {
		properties["shown"] = t.Shown
	}
	if t.Folded != "" {
		properties["folded"], properties["foldedId"] = t.Folded, Folded(fact)
	}
	return properties, nil
}

// List is what is said of the fact as the model has it, in no order.
func (t Tally) List(fact string) []graph.Tally {
	var tallies []graph.Tally
	for property, counts := range t.Said {
		for value, n := range counts {
			tallies = append(tallies, graph.Tally{Fact: fact, Property: property, Value: value, Count: n})
		}
	}
	return tallies
}

// TallyOf is the tally of a record.
func TallyOf(r graph.Record) Tally {
	t := Tally{Said: map[string]map[string]int{}, Yields: r.Yields, Shown: r.Shown}
	for _, said := range r.Tallies {
		if t.Said[said.Property] == nil {
			t.Said[said.Property] = map[string]int{}
		}
		t.Said[said.Property][said.Value] = said.Count
	}
	if label := graph.LabelOf(r.ID); slices.Contains(r.Yields, r.ID) && (label == graph.ActorLabel || label == graph.InstrumentLabel) {
		t.Folded = Folded(r.Name())
	}
	return t
}

// foldedLength bounds what an index holds; longer names are looked up by a
// digest.
const foldedLength = 500

// Folded is what a name or id is looked up by.
func Folded(name string) string {
	name = strings.ToLower(name)
	if len(name) <= foldedLength {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// BatchID is the id of the node of a document's batch.
func BatchID(document, extractor string) string { return document + "|" + extractor }

// Batch is what the node of a batch holds, but for ImportedAt. The document's
// text is none of it.
func Batch(b *graph.Batch) (graph.Properties, error) {
	short := *b
	short.Document.Text = ""
	claims, err := json.Marshal(short)
	if err != nil {
		return nil, err
	}
	document := b.Document.ID()
	return graph.Properties{
		graph.ID: BatchID(document, b.Extractor), graph.Name: b.Extractor,
		"document": document, "extractor": b.Extractor, "claims": string(claims),
	}, nil
}

// Text is what the node of a document's text holds.
func Text(d graph.Document) graph.Properties {
	return graph.Properties{graph.ID: d.ID(), graph.Name: "text", "text": d.Text}
}

// Pacta is what the node of the whole graph holds: the version of the schema,
// and the lock of writers. Version 0 is a graph without constraints and indexes.
func Pacta(version int) graph.Properties {
	return graph.Properties{graph.ID: "pacta", graph.Name: "Pacta", "version": version, "writes": 0}
}
