package neo4jstore

import (
	"context"

	"pacta/graph"
)

// Paths implements graph.Store.
func (s *Store) Paths(ctx context.Context, query graph.PathQuery) ([]graph.Path, error) {
	return nil, graph.ErrNotFound
}
