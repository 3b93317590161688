package neo4jstore_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/graph/neo4jstore"
	"pacta/graph/storetest"
	neo4jtest "pacta/testdata/neo4j"
)

// A planner asks Neo4j how it would run a query.
type planner struct {
	driver neo4j.DriverWithContext
}

func newPlanner(tb testing.TB) planner {
	tb.Helper()
	server := neo4jtest.Shared(tb)
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = driver.Close(context.Background()) })
	return planner{driver}
}

// operators are the plan's steps, without the database's name.
func (p planner) operators(tb testing.TB, query cypher.Query) []string {
	tb.Helper()
	result, err := neo4j.ExecuteQuery(context.Background(), p.driver, "EXPLAIN "+query.Text, query.Parameters, neo4j.EagerResultTransformer)
	if err != nil {
		tb.Fatalf("%v\n%s", err, query.Text)
	}
	var operators []string
	var walk func(neo4j.Plan)
	walk = func(plan neo4j.Plan) {
		name, _, _ := strings.Cut(plan.Operator(), "@")
		operators = append(operators, name)
		for _, child := range plan.Children() {
			walk(child)
		}
	}
	walk(result.Summary.Plan())
	return operators
}

// forbidden are the steps that read everything, or every pair of things.
var forbidden = []string{"AllNodesScan", "CartesianProduct", "Eager", "DirectedAllRelationshipsScan", "UndirectedAllRelationshipsScan"}

func refuse(tb testing.TB, operators []string, what string, more ...string) {
	tb.Helper()
	for _, name := range slices.Concat(forbidden, more) {
		if slices.Contains(operators, name) {
			tb.Errorf("%s in the plan %v of\n%s", name, operators, what)
		}
	}
}

// TestNoQuestionScans reads the plan of every pattern of every question. One
// that is asked about a node must begin at it.
func TestNoQuestionScans(t *testing.T) {
	s := open(t)
	for batch := range storetest.Generate(2000) {
		if _, err := s.Apply(context.Background(), batch); err != nil {
			t.Fatal(err)
		}
	}
	p := newPlanner(t)
	patterns := 0
	for pattern, anchored := range storetest.QuestionPatterns(t) {
		patterns++
		m, err := cypher.Match(pattern)
		if err != nil {
			t.Fatal(err)
		}
		var more []string
		if anchored {
			more = []string{"NodeByLabelScan"}
		}
		refuse(t, p.operators(t, m), m.Text, more...)
	}
	if patterns < 20 {
		t.Errorf("only %d patterns were read", patterns)
	}
}

// TestSteadyPlans reads the plans of the statements that keep them, made in an
// empty graph: every node is looked up by its id, so that a product is that of
// one node with one.
func TestSteadyPlans(t *testing.T) {
	_ = open(t)
	p := newPlanner(t)
	statements := neo4jstore.SteadyStatements()
	parameters := map[string]any{"rows": []any{}, "ids": []string{}, "id": "", "document": "", "text": map[string]any{}, "batch": map[string]any{}, "now": "2000-01-01"}
	for _, label := range graph.Labels.Names() {
		parameters[label] = []string{}
	}
	for _, text := range statements {
		operators := p.operators(t, cypher.Query{Text: text, Parameters: parameters})
		for _, name := range []string{"AllNodesScan", "NodeByLabelScan", "NodeIndexScan"} {
			if slices.Contains(operators, name) {
				t.Errorf("%s in the plan %v of\n%s", name, operators, text)
			}
		}
	}
	if len(statements) < 50 {
		t.Errorf("only %d statements were read", len(statements))
	}
}

// A watched store reads the plan of each pattern that a test asks.
type watched struct {
	graph.Store
	tb      testing.TB
	planner planner
}

// plansRead are the texts whose plans were read, so that each is read once.
var plansRead sync.Map

func (w watched) Match(ctx context.Context, p graph.Pattern) (graph.Page, error) {
	if m, err := cypher.Match(p); err == nil {
		if _, seen := plansRead.LoadOrStore(m.Text, true); !seen {
			refuse(w.tb, w.planner.operators(w.tb, m), m.Text)
		}
	}
	return w.Store.Match(ctx, p)
}
