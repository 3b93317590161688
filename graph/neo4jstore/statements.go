package neo4jstore

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/graph/neo4jstore/layout"
)

// steady keeps a statement's plan when the graph grows. It is for statements that
// look every node up by its id, so that there is one good plan, even where it is
// made in an empty graph; a test reads these plans.
const steady = "CYPHER replan=skip\n"

// Statements are texts with the rows that each is run for. Labels and types in
// the texts are of the vocabulary; everything else is in the rows.
type statements map[string][]any

func (s statements) add(text string, row any) { s[text] = append(s[text], row) }

// inOrder gives each text, as it is run, with its rows as parameters.
func (s statements) inOrder() iter.Seq2[string, map[string]any] {
	return func(yield func(string, map[string]any) bool) {
		for _, text := range slices.Sorted(maps.Keys(s)) {
			if !yield(steady+text, map[string]any{"rows": s[text]}) {
				return
			}
		}
	}
}

// run runs each text for all its rows at once.
func (s statements) run(ctx context.Context, tx neo4j.ManagedTransaction) error {
	for text, parameters := range s.inOrder() {
		if err := run(ctx, tx, text, parameters); err != nil {
			return err
		}
	}
	return nil
}

// putNode makes a node exactly what it is given.
func (s statements) putNode(n graph.Node) {
	labels := layout.Labels(n)
	text := fmt.Sprintf("UNWIND $rows AS row MERGE (n:%s {id: row.id}) SET n = row", labels[0])
	if len(labels) > 1 {
		text += fmt.Sprintf(" REMOVE n:%s SET n:%s", otherKinds(labels[1]), labels[1])
	}
	s.add(text, layout.Node(n))
}

// otherKinds are the second labels of actors but one.
func otherKinds(label string) string {
	labels := slices.DeleteFunc(slices.Sorted(maps.Values(layout.KindLabels)), func(l string) bool { return l == label })
	return strings.Join(labels, ":")
}

// dropNode deletes a node with all its relationships.
func (s statements) dropNode(id string) {
	s.add(fmt.Sprintf("UNWIND $rows AS id MATCH (n:%s {id: id}) DETACH DELETE n", graph.LabelOf(id)), id)
}

// putEdge makes an edge exactly what it is given. Both its nodes are there.
func (s statements) putEdge(e graph.Edge) {
	s.add(fmt.Sprintf("UNWIND $rows AS row MATCH (a:%s {id: row.from}) MATCH (b:%s {id: row.to}) MERGE (a)-[r:%s%s]->(b) SET r = row.properties",
		graph.LabelOf(e.From), graph.LabelOf(e.To), e.Type, keyOf(e.Type)),
		map[string]any{"from": e.From, "to": e.To, "key": e.Key, "properties": layout.Edge(e)})
}

func (s statements) dropEdge(e graph.Edge) {
	s.add(fmt.Sprintf("UNWIND $rows AS row MATCH (:%s {id: row.from})-[r:%s%s]->(:%s {id: row.to}) DELETE r",
		graph.LabelOf(e.From), e.Type, keyOf(e.Type), graph.LabelOf(e.To)),
		map[string]any{"from": e.From, "to": e.To, "key": e.Key})
}

// keyOf tells apart edges of a type that can be several between two nodes.
func keyOf(t graph.EdgeType) string {
	if cypher.Keyed(t) {
		return " {" + cypher.Key + ": row.key}"
	}
	return ""
}

// attest writes an attestation from the tally that is its fact's home.
func (s statements) attest(a attestation) {
	s.add("UNWIND $rows AS row MATCH (t:Tally {id: row.from}) MATCH (p:Passage {id: row.to}) CREATE (t)-[r:ATTESTED_BY]->(p) SET r = row.properties",
		a.row(layout.Home(a.Fact)))
}

// show writes an attestation as an EVIDENCED_BY edge from a node.
func (s statements) show(a attestation, node string) {
	s.add(fmt.Sprintf("UNWIND $rows AS row MATCH (n:%s {id: row.from}) MATCH (p:Passage {id: row.to}) CREATE (n)-[r:EVIDENCED_BY]->(p) SET r = row.properties",
		graph.LabelOf(node)), a.row(node))
}

// showAll writes all attestations of a fact as EVIDENCED_BY edges from a node.
func (s statements) showAll(fact, node string) {
	s.add(fmt.Sprintf("UNWIND $rows AS row MATCH (n:%s {id: row.node}) MATCH (t:Tally {id: row.fact}) WITH n, t MATCH (t)-[a:ATTESTED_BY]->(p) WHERE a.fact = t.id CREATE (n)-[r:EVIDENCED_BY]->(p) SET r = properties(a)",
		graph.LabelOf(node)), map[string]any{"fact": fact, "node": node})
}

// hideAll deletes the EVIDENCED_BY edges of a fact from a node.
func (s statements) hideAll(fact, node string) {
	s.add(fmt.Sprintf("UNWIND $rows AS row MATCH (n:%s {id: row.node})-[r:EVIDENCED_BY]->() WHERE r.fact = row.fact DELETE r",
		graph.LabelOf(node)), map[string]any{"fact": fact, "node": node})
}

// overLabels writes a query over the nodes with those ids: a part for each of
// their labels, which it is given with the name of the parameter that holds
// the ids. There is one part at least.
func overLabels(ids []string, part func(label, parameter string) string) (string, map[string]any) {
	parameters := map[string]any{}
	for _, id := range ids {
		label := string(graph.LabelOf(id))
		of, _ := parameters[label].([]string)
		parameters[label] = append(of, id)
	}
	if len(parameters) == 0 {
		parameters[string(graph.ActorLabel)] = []string{}
	}
	var parts []string
	for _, label := range slices.Sorted(maps.Keys(parameters)) {
		parts = append(parts, part(label, "$"+label))
	}
	return steady + strings.Join(parts, "\nUNION ALL\n"), parameters
}

// nodesWith is the query for the nodes with those ids.
func nodesWith(ids []string) (string, map[string]any) {
	return overLabels(ids, func(label, parameter string) string {
		return fmt.Sprintf("UNWIND %s AS id MATCH (n:%s {id: id}) RETURN n", parameter, label)
	})
}
