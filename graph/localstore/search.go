package localstore

import (
	"context"
	"encoding/json"
	"strings"

	"pacta/graph"
)

// Search implements graph.Store. The ranking is that of SQLite's bm25.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]graph.Found, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	words, limit, err := graph.CheckSearch(text, limit)
	if err != nil {
		return nil, err
	}
	found := []graph.Found{}
	err = each(ctx, s.read, `SELECT n.id, n.label, n.name, n.properties, -f.rank
		FROM (SELECT rowid, rank FROM search WHERE search MATCH ? ORDER BY rank LIMIT ?) AS f CROSS JOIN node AS n ON n.number = f.rowid
		ORDER BY f.rank, n.id`, []any{`"` + strings.Join(words, `" "`) + `"`, limit}, func(scan func(...any) error) error {
		var f graph.Found
		var properties []byte
		if err := scan(&f.Node.ID, &f.Node.Label, &f.Node.Name, &properties, &f.Score); err != nil {
			return err
		}
		if err := json.Unmarshal(properties, &f.Node.Properties); err != nil {
			return err
		}
		found = append(found, f)
		return nil
	})
	return found, s.named(err)
}
