package cypher

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"pacta/graph"
)

// Question writes a named question as queries for people: most are one, those
// that look in several places are several. Nodes are given by id. It returns
// ErrInvalid for arguments and limits that the question does not take.
func Question(q graph.Question, a graph.Arguments, limit int) ([]Query, error) {
	patterns, err := q.Patterns(a)
	if err != nil {
		return nil, err
	}
	if limit < 0 || limit > graph.MaxLimit {
		return nil, fmt.Errorf("%w: limit %d is not between 1 and %d", graph.ErrInvalid, limit, graph.MaxLimit)
	}
	limit = cmp.Or(limit, graph.DefaultLimit)
	switch q.Name {
	case "paths":
		hops, _ := strconv.Atoi(a[graph.MaxHopCount]) // none: the default
		query := graph.PathQuery{From: a[graph.About], To: a[graph.Toward], MaxHops: hops, Limit: min(limit, graph.MaxPaths)}
		return []Query{Paths(query)}, query.Validate()
	case "evidence":
		return []Query{evidence(a[graph.About], limit)}, nil
	}
	queries := make([]Query, len(patterns))
	for i, p := range patterns {
		p.Limit = limit
		m, err := Match(p)
		if err != nil {
			return nil, err
		}
		queries[i] = m.Query
	}
	return queries, nil
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
