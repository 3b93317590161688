package storetest

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"testing"

	"pacta/graph"
)

// A pathCase is a graph of facts and path queries with the nodes that each
// path must go through, in order.
//
//go:embed testdata/paths/*.json
var pathCases embed.FS

type pathCase struct {
	Instruments map[string]graph.Date `json:"instruments"`
	Owes        [][4]string           `json:"owes"`     // bearer, kind, beneficiary, instrument
	Violates    [][5]string           `json:"violates"` // perpetrator, kind, victim, date, instrument broken
	Queries     []struct {
		Why   string          `json:"why"`
		Query graph.PathQuery `json:"query"`
		Paths [][]string      `json:"paths"`
	} `json:"queries"`
}

func paths(t *testing.T, s graph.Store) {
	files, err := fs.Glob(pathCases, "testdata/paths/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no path cases: %v", err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			data, err := fs.ReadFile(pathCases, file)
			if err != nil {
				t.Fatal(err)
			}
			var c pathCase
			if err := json.Unmarshal(data, &c); err != nil {
				t.Fatal(err)
			}
			told := tell(file)
			for id, date := range c.Instruments {
				told.instrument(id, date)
			}
			for _, o := range c.Owes {
				told.owes(o[0], graph.ObligationKind(o[1]), o[2], o[3])
			}
			for _, v := range c.Violates {
				var breaks []string
				if v[4] != "" {
					breaks = []string{v[4]}
				}
				told.violates(v[0], graph.ViolationKind(v[1]), v[2], graph.Date(v[3]), breaks...)
			}
			apply(t, s, told)
			for _, q := range c.Queries {
				found, err := s.Paths(context.Background(), q.Query)
				if err != nil {
					t.Fatalf("%s: %v", q.Why, err)
				}
				got := [][]string{}
				for _, path := range found {
					var ids []string
					for _, n := range path.Nodes {
						ids = append(ids, n.ID)
					}
					if len(path.Edges) != len(path.Nodes)-1 {
						t.Errorf("%s: %d edges join %d nodes", q.Why, len(path.Edges), len(path.Nodes))
					}
					got = append(got, ids)
				}
				same(t, q.Why, q.Paths, got)
			}
			if err := s.Withdraw(context.Background(), told.batch.Document.ID()); err != nil {
				t.Fatal(err)
			}
		})
	}
	_, err = s.Paths(context.Background(), graph.PathQuery{From: "state:AAA", To: "state:AAA"})
	is(t, graph.ErrInvalid, err)
	_, err = s.Paths(context.Background(), graph.PathQuery{From: "state:AAA", To: "state:BBB", MaxHops: graph.MaxHops + 1})
	is(t, graph.ErrInvalid, err)
}
