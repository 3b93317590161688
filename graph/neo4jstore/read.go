package neo4jstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/neo4jstore/layout"
)

// Node implements graph.Store.
func (s *Store) Node(ctx context.Context, id string) (graph.Node, error) {
	nodes, err := s.nodes(ctx, []string{id})
	if err != nil {
		return graph.Node{}, err
	}
	n, ok := nodes[id]
	if !ok {
		return graph.Node{}, fmt.Errorf("%w: node %q", graph.ErrNotFound, id)
	}
	return n, nil
}

func (s *Store) nodes(ctx context.Context, ids []string) (map[string]graph.Node, error) {
	query, parameters := nodesWith(ids)
	found, err := s.read(ctx, query, parameters)
	return nodesByID(found), err
}

// nodesByID reads rows of one node each.
func nodesByID(rows []*neo4j.Record) map[string]graph.Node {
	nodes := make(map[string]graph.Node, len(rows))
	for _, row := range rows {
		n := asNode(row.Values[0].(neo4j.Node))
		nodes[n.ID] = n
	}
	return nodes
}

const readDocument = steady + "MATCH (d:Document {id: $id}) MATCH (t:Text {id: $id}) RETURN d, t.text"

// Document implements graph.Store.
func (s *Store) Document(ctx context.Context, id string) (graph.Document, error) {
	found, err := s.read(ctx, readDocument, map[string]any{"id": id})
	if err != nil {
		return graph.Document{}, err
	}
	if len(found) == 0 {
		return graph.Document{}, fmt.Errorf("%w: document %q", graph.ErrNotFound, id)
	}
	return asDocument(found[0]), nil
}

func asDocument(row *neo4j.Record) graph.Document {
	p := asNode(row.Values[0].(neo4j.Node)).Properties
	text, _ := row.Values[1].(string)
	return graph.Document{
		SHA256: p.Text(graph.SHA256), URI: p.Text(graph.URI), Title: p.Text(graph.Title), Author: p.Text(graph.Author),
		Published: graph.Date(p.Text(graph.Published)), Language: p.Text(graph.Language), MediaType: p.Text(graph.MediaType), Text: text,
	}
}

const readEvidence = `UNWIND $rows AS row
CALL (row) {
  MATCH (t:Tally {id: row.home})-[a:ATTESTED_BY]->(p:Passage)-[:PART_OF]->(d:Document)
  WHERE a.fact = row.fact
  RETURN a, p, d
  ORDER BY a.stance DESC, coalesce(a.confidence, 0.0) DESC, d.id, p.start, a.key
  LIMIT $limit
}
RETURN row.fact, a, p.id, p.quote, p.start, p.end, d.id, d.title, d.uri, d.published`

// Evidence implements graph.Store.
func (s *Store) Evidence(ctx context.Context, facts []string, limit int) (map[string][]graph.Proof, error) {
	homes := make([]map[string]any, len(facts))
	for i, fact := range facts {
		homes[i] = map[string]any{"fact": fact, "home": layout.Home(fact)}
	}
	found, err := s.read(ctx, readEvidence, map[string]any{"rows": homes, "limit": cmp.Or(limit, math.MaxInt32)})
	if err != nil {
		return nil, err
	}
	proofs := map[string][]graph.Proof{}
	for _, row := range found {
		var proof graph.Proof
		fact := row.Values[0].(string)
		said := asProperties(row.Values[1].(neo4j.Relationship).Props)
		proof.Extractor, proof.Rule, proof.Stance = said.Text(graph.ExtractorOf), said.Text(graph.RuleOf), graph.Stance(said.Text(graph.StanceOf))
		proof.Confidence, _ = said[graph.Confidence].(float64)
		proof.Passage, _ = row.Values[2].(string)
		proof.Quote, _ = row.Values[3].(string)
		start, _ := row.Values[4].(int64)
		end, _ := row.Values[5].(int64)
		proof.Start, proof.End = int(start), int(end)
		proof.Document, _ = row.Values[6].(string)
		proof.Title, _ = row.Values[7].(string)
		proof.URI, _ = row.Values[8].(string)
		published, _ := row.Values[9].(string)
		proof.Published = graph.Date(published)
		proofs[fact] = append(proofs[fact], proof)
	}
	return proofs, nil
}

const findNames = `MATCH (t:Tally) WHERE t.folded = $name RETURN t.id, t.said
UNION
MATCH (t:Tally) WHERE t.foldedId = $name RETURN t.id, t.said`

// Find implements graph.Store.
func (s *Store) Find(ctx context.Context, name string) ([]graph.Node, error) {
	found, err := s.read(ctx, findNames, map[string]any{"name": layout.Folded(name)})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	documents := map[string]int{}
	for i, row := range found {
		ids[i], _ = row.Values[0].(string)
		text, _ := row.Values[1].(string)
		var said map[string]map[string]int
		if err := json.Unmarshal([]byte(text), &said); err != nil {
			return nil, err
		}
		documents[ids[i]] = said[string(graph.StanceOf)][string(graph.Supports)]
	}
	byID, err := s.nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	var nodes []graph.Node
	for _, id := range ids {
		if n, ok := byID[id]; ok {
			nodes = append(nodes, n)
		}
	}
	slices.SortFunc(nodes, func(a, b graph.Node) int {
		return cmp.Or(cmp.Compare(documents[b.ID], documents[a.ID]), cmp.Compare(a.ID, b.ID))
	})
	return nodes, nil
}

// Names implements graph.Store.
func (s *Store) Names(ctx context.Context, yield func(string) bool) error {
	for _, label := range []graph.Label{graph.ActorLabel, graph.InstrumentLabel} {
		for name, more := "", true; more; {
			found, err := s.read(ctx, "MATCH (n:"+string(label)+") WHERE n.name > $after WITH DISTINCT n.name AS name RETURN name ORDER BY name LIMIT $page",
				map[string]any{"after": name, "page": pageSize})
			if err != nil {
				return err
			}
			for _, row := range found {
				name, _ = row.Values[0].(string)
				if !yield(name) {
					return nil
				}
			}
			more = len(found) == pageSize
		}
	}
	return nil
}

// Statistics implements graph.Store.
func (s *Store) Statistics(ctx context.Context) (graph.Statistics, error) {
	statistics := graph.Statistics{Nodes: map[graph.Label]int{}, Edges: map[graph.EdgeType]int{}}
	found, err := s.read(ctx, countAll, nil)
	if err != nil {
		return statistics, err
	}
	for _, row := range found {
		what, _ := row.Values[0].(string)
		count, _ := row.Values[1].(int64)
		switch {
		case count == 0:
		case what == "":
			statistics.Batches = int(count)
		case graph.Labels.Has(graph.Label(what)):
			statistics.Nodes[graph.Label(what)] = int(count)
		default:
			statistics.Edges[graph.EdgeType(what)] = int(count)
		}
	}
	return statistics, nil
}

// countAll reads Neo4j's own counts, which cost nothing.
var countAll = func() string {
	parts := []string{"MATCH (n:Batch) RETURN '' AS what, count(n) AS n"}
	for _, label := range graph.Labels.Names() {
		parts = append(parts, fmt.Sprintf("MATCH (n:%[1]s) RETURN '%[1]s' AS what, count(n) AS n", label))
	}
	for _, rule := range graph.EdgeRules {
		parts = append(parts, fmt.Sprintf("MATCH ()-[r:%[1]s]->() RETURN '%[1]s' AS what, count(r) AS n", rule.Type))
	}
	return strings.Join(parts, "\nUNION ALL\n")
}()
