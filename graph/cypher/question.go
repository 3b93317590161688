package cypher

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pacta/graph"
)

// Question writes a named question as one query for people, which Neo4j
// Browser draws as a graph. A question that looks in several places, as a
// timeline does, is a union of them. Nodes are given by id. It returns
// ErrInvalid for arguments and limits that the question does not take.
func Question(q graph.Question, a graph.Arguments, limit int) (Query, error) {
	patterns, err := q.Patterns(a)
	if err != nil {
		return Query{}, err
	}
	if limit < 0 || limit > graph.MaxLimit {
		return Query{}, fmt.Errorf("%w: limit %d is not between 1 and %d", graph.ErrInvalid, limit, graph.MaxLimit)
	}
	limit = cmp.Or(limit, graph.DefaultLimit)
	switch q.Name {
	case "paths":
		hops, _ := strconv.Atoi(a[graph.MaxHopCount]) // none: the default
		query := graph.PathQuery{From: a[graph.About], To: a[graph.Toward], MaxHops: hops, Limit: min(limit, graph.MaxPaths)}
		return Paths(query), query.Validate()
	case "evidence":
		return evidence(a[graph.About], limit), nil
	}
	if can := slices.DeleteFunc(slices.Clone(patterns), cannotMatch); len(can) > 0 {
		patterns = can
	}
	for i := range patterns {
		patterns[i].Limit = limit
	}
	if len(patterns) == 1 {
		m, err := Match(patterns[0])
		return m, err
	}
	return union(patterns)
}

// cannotMatch reports whether the pattern wants a node of one label by the id
// of a node of another, as a timeline does where it may be about an actor or
// an instrument.
func cannotMatch(p graph.Pattern) bool {
	return slices.ContainsFunc(p.Nodes, func(n graph.NodePattern) bool {
		return slices.ContainsFunc(n.Where, func(f graph.Filter) bool {
			return f.Property == graph.ID && f.Op == graph.Equal && graph.LabelOf(f.Value) != n.Label
		})
	})
}

// Paths writes a path query for people. Neo4j chooses among equally long paths
// as it likes, where [graph.Store.Paths] has an order.
func Paths(q graph.PathQuery) Query {
	q = q.WithDefaults()
	types := make([]string, len(q.Types))
	for i, t := range q.Types {
		types[i] = string(t)
	}
	arrow := "-"
	if q.Directed {
		arrow = "->"
	}
	text := fmt.Sprintf("MATCH path = SHORTEST %d (a:%s WHERE a.id = $from)-[:%s]-%s{1,%d}(b:%s WHERE b.id = $to)\nRETURN path\nORDER BY length(path)",
		q.Limit, graph.LabelOf(q.From), strings.Join(types, "|"), strings.TrimPrefix(arrow, "-"), q.MaxHops, graph.LabelOf(q.To))
	return Query{Text: text, Parameters: map[string]any{"from": q.From, "to": q.To}}
}

func evidence(about string, limit int) Query {
	text := fmt.Sprintf(`MATCH (fact:%s)-[proof:EVIDENCED_BY]->(passage:Passage)-[place:PART_OF]->(document:Document)
WHERE fact.id = $about
RETURN fact, proof, passage, place, document
ORDER BY proof.stance DESC, proof.confidence DESC, document.id, passage.start
LIMIT $limit`, graph.LabelOf(about))
	return Query{Text: text, Parameters: map[string]any{"about": about, Limit: limit}}
}
