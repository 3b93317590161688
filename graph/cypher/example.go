package cypher

import (
	"strings"

	"pacta/graph"
)

// An example finds the nodes that a question is about.
type example struct {
	find      string            // clauses that bind them
	arguments graph.Arguments   // ids that stand for them, of their labels
	ids       map[string]string // those ids: the expressions of the found nodes' ids
}

const (
	oneActor     = "state:one"
	otherActor   = "state:other"
	oneViolation = "violation:one"
)

// examples are those of the questions that need a node, or show more with one.
var examples = map[string]example{
	"timeline": {
		find: `MATCH (example:Actor)
WITH example ORDER BY COUNT { (example)--() } DESC, example.id LIMIT 1`,
		arguments: graph.Arguments{graph.About: oneActor},
		ids:       map[string]string{oneActor: "example.id"},
	},
	"disputes": {
		find:      "MATCH (example:Actor)",
		arguments: graph.Arguments{graph.About: oneActor},
		ids:       map[string]string{oneActor: "example.id"},
	},
	"paths": {
		find: `MATCH (actor:Actor)
WITH actor ORDER BY COUNT { (actor)--() } DESC, actor.id LIMIT 2
WITH collect(actor) AS example`,
		arguments: graph.Arguments{graph.About: oneActor, graph.Toward: otherActor},
		ids:       map[string]string{oneActor: "example[0].id", otherActor: "example[1].id"},
	},
	"evidence": {
		find: `MATCH (example:Violation)
WITH example ORDER BY COUNT { (example)-[:EVIDENCED_BY]->() } DESC, example.id LIMIT 1`,
		arguments: graph.Arguments{graph.About: oneViolation},
		ids:       map[string]string{oneViolation: "example.id"},
	},
}

// Example writes a named question so that it can be asked of any graph as it
// stands: where it needs a node, its first clauses find one that has much to
// show, and a person can change them. Found reports whether they do.
func Example(q graph.Question, limit int) (query Query, found bool, err error) {
	e, found := examples[q.Name]
	query, err = Question(q, e.arguments, limit)
	if err != nil || !found {
		return query, false, err
	}
	expressions := map[string]string{}
	for name, value := range query.Parameters {
		if id, ok := value.(string); ok && e.ids[id] != "" {
			expressions[name] = e.ids[id]
			delete(query.Parameters, name)
		}
	}
	query.Text = query.with(expressions)
	if strings.Contains(query.Text, "\nUNION ALL\n") {
		query.Text = "CALL (example) {\n  " + strings.ReplaceAll(query.Text, "\n", "\n  ") + "\n}\nRETURN nodes, edges"
	}
	query.Text = e.find + "\n" + query.Text
	return query, true, nil
}
