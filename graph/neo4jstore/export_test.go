package neo4jstore

import (
	"maps"
	"slices"
	"strings"

	"pacta/graph"
)

// SteadyStatements are the statements that keep their plans, without the word
// that makes them do so.
func SteadyStatements() []string {
	ids := map[graph.Label]string{
		graph.ActorLabel: "state:AAA", graph.InstrumentLabel: "pact", graph.ObligationLabel: "pact.ceasefire.AAA", graph.ViolationLabel: "violation:AAA.threat.BBB",
		graph.EventLabel: "event:wars.1", graph.DocumentLabel: graph.DocumentID("0"), graph.PassageLabel: graph.PassageID("doc:0", 0, 1),
	}
	s := statements{}
	for label, id := range ids {
		s.putNode(graph.Node{ID: id, Label: label, Properties: graph.Properties{graph.Kind: "state"}})
		s.dropNode(id)
		s.showAll("fact", id)
		s.hideAll("fact", id)
		s.show(attestation{document: "doc:0"}, id)
	}
	for _, rule := range graph.EdgeRules {
		for _, from := range rule.From {
			for _, to := range rule.To {
				e := graph.Edge{From: ids[from], Type: rule.Type, To: ids[to]}
				s.putEdge(e)
				s.dropEdge(e)
			}
		}
	}
	s.attest(attestation{document: "doc:0"})
	nodes, _ := nodesWith(slices.Collect(maps.Values(ids)))
	all := []string{lock, readDocument, putBatch, readCited, readTallies, nodes}
	for text := range s.inOrder() {
		all = append(all, text)
	}
	for i, text := range all {
		all[i] = strings.TrimPrefix(text, steady)
	}
	return all
}

// TooOld is tooOld, for tests: no old server is at hand.
var TooOld = tooOld
