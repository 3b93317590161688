package localstore

import (
	"context"

	"pacta/graph"
)

// readRecords gives a row for each part of each record: tallies, then yields,
// then the node that shows the fact.
const readRecords = `SELECT fact AS id, 0 AS part, property AS name, value, n FROM tally
UNION ALL SELECT owner, 1, id, '', 0 FROM node WHERE label <> 'Passage'
UNION ALL SELECT owner, 1, src || '|' || type || '|' || dst || '|' || key, '', 0 FROM edge WHERE type <> 'PART_OF'
UNION ALL SELECT DISTINCT fact, 2, shown, '', 0 FROM evidence WHERE shown <> fact
ORDER BY id, part, name, value`

// Records implements graph.Store.
func (s *Store) Records(ctx context.Context, yield func(graph.Record) error) error {
	return s.snapshot(ctx, func(q querier) error {
		var record graph.Record
		err := each(ctx, q, readRecords, nil, func(scan func(...any) error) error {
			var id, name, value string
			var part, n int
			if err := scan(&id, &part, &name, &value, &n); err != nil {
				return err
			}
			if id != record.ID && record.ID != "" {
				if err := yield(record); err != nil {
					return err
				}
				record = graph.Record{}
			}
			record.ID = id
			switch part {
			case 0:
				record.Tallies = append(record.Tallies, graph.Tally{Fact: id, Property: name, Value: value, Count: n})
			case 1:
				record.Yields = append(record.Yields, name)
			case 2:
				record.Shown = name
			}
			return nil
		})
		if err != nil || record.ID == "" {
			return err
		}
		return yield(record)
	})
}
