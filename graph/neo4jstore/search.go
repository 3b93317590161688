package neo4jstore

import (
	"context"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
)

const search = `CALL db.index.fulltext.queryNodes('search', $query, {limit: $limit}) YIELD node, score
RETURN node, score ORDER BY score DESC, node.id`

// Search implements graph.Store. The ranking is that of Lucene.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]graph.Found, error) {
	words, limit, err := graph.CheckSearch(text, limit)
	if err != nil {
		return nil, err
	}
	rows, err := s.read(ctx, search, map[string]any{"query": `+"` + strings.Join(words, `" +"`) + `"`, "limit": limit})
	if err != nil {
		return nil, err
	}
	found := make([]graph.Found, len(rows))
	for i, row := range rows {
		found[i].Node = asNode(row.Values[0].(neo4j.Node))
		found[i].Score, _ = row.Values[1].(float64)
	}
	return found, nil
}
