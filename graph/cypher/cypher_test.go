package cypher_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pacta/graph"
	"pacta/graph/cypher"
)

func TestMatch(t *testing.T) {
	question, err := graph.QuestionNamed("unanswered-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	patterns, err := question.Patterns(graph.Arguments{graph.By: "state:GBR", graph.Toward: "state:POL", graph.AsOfDay: "1939"})
	if err != nil {
		t.Fatal(err)
	}
	patterns[0].Limit = 25
	m, err := cypher.Match(patterns[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `MATCH (bearer:Actor)-[owes:OWES]->(obligation:Obligation)
WHERE bearer.id = $bearerId AND CASE size(obligation.since) WHEN 4 THEN obligation.since + '-01-01' WHEN 7 THEN obligation.since + '-01' ELSE obligation.since END <= $asOf
MATCH (obligation)-[owedTo:OWED_TO]->(beneficiary:Actor)
WHERE beneficiary.id = $beneficiaryId
MATCH (violation:Violation)-[triggers:TRIGGERS]->(obligation)
WHERE CASE size(violation.date) WHEN 4 THEN violation.date + '-01-01' WHEN 7 THEN violation.date + '-01' ELSE violation.date END <= $asOf
MATCH (violator:Actor)-[committed:COMMITTED]->(violation)
OPTIONAL MATCH (instrument:Instrument)-[creates:CREATES]->(obligation)
WHERE CASE size(instrument.date) WHEN 4 THEN instrument.date + '-01-01' WHEN 7 THEN instrument.date + '-01' ELSE instrument.date END <= $asOf
OPTIONAL MATCH (violation)-[against:AGAINST]->(victim:Actor)
WITH *
WHERE NOT EXISTS {
  MATCH (bearer)-[responded:RESPONDED_TO]->(violation)
  WHERE responded.kind <> $respondedKind
}
RETURN bearer, obligation, instrument, beneficiary, violation, violator, victim, owes, creates, owedTo, triggers, committed, against
ORDER BY coalesce(CASE size(violation.date) WHEN 4 THEN violation.date + '-01-01' WHEN 7 THEN violation.date + '-01' ELSE violation.date END, '9999-99-99'), bearer.id, obligation.id, coalesce(instrument.id, ''), beneficiary.id, violation.id, violator.id, coalesce(victim.id, ''), coalesce(triggers.key, '')
LIMIT $limit`
	if diff := cmp.Diff(want, m.Text); diff != "" {
		t.Errorf("text (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{
		"bearerId": "state:GBR", "beneficiaryId": "state:POL", "asOf": "1939-12-31", "respondedKind": "none", "limit": 25,
	}, m.Parameters); diff != "" {
		t.Errorf("parameters (-want +got)\n%s", diff)
	}
}

// TestNothingFromOutsideInText asks with names and values that would change a
// query if they stood in its text.
func TestNothingFromOutsideInText(t *testing.T) {
	hostile := "x'}) DETACH DELETE n //`\"\n\u202e"
	p := graph.Pattern{
		Nodes: []graph.NodePattern{
			{As: "match", Label: graph.ActorLabel, Where: []graph.Filter{graph.Is(graph.Name, hostile), {Property: graph.Names, Op: graph.Includes, Value: hostile}, graph.OneOf(graph.ID, hostile)}},
			{As: "delete", Label: graph.ObligationLabel, Where: []graph.Filter{{Property: graph.Since, Op: graph.Least, Value: hostile}}},
		},
		Edges:  []graph.EdgePattern{{As: "set", From: "match", Type: graph.Owes, To: "delete"}},
		Order:  []graph.Order{{Of: "delete", Property: graph.Since}},
		Cursor: graph.Cursor{Keys: []string{hostile}, IDs: []string{hostile, hostile, hostile}}.String(),
		Limit:  1,
	}
	m, err := cypher.Match(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range []string{"x'", "`", "\"", "\u202e", "//", "match", "delete", "set"} {
		if strings.Contains(m.Text, outside) {
			t.Errorf("%q stands in the text\n%s", outside, m.Text)
		}
	}
	for name := range m.Parameters {
		if !regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`).MatchString(name) {
			t.Errorf("parameter %q", name)
		}
	}
	p.Nodes[0].Label = "Actor) DETACH DELETE (n"
	if _, err := cypher.Match(p); !errors.Is(err, graph.ErrInvalid) {
		t.Errorf("a label from outside: %v", err)
	}
}

// TestQuestionsReadWell holds that the variables of named questions are the
// names that the questions use.
func TestQuestionsReadWell(t *testing.T) {
	numbered := regexp.MustCompile(`[a-z]\d+[:)\]]`)
	holdsReading := func(name string, query cypher.Query) {
		if found := numbered.FindString(query.Text); found != "" {
			t.Errorf("%s: variable %s\n%s", name, found, query.Text)
		}
		for parameter := range query.Parameters {
			if !strings.Contains(query.Text, "$"+parameter) {
				t.Errorf("%s: parameter %s is not used", name, parameter)
			}
		}
		if text := query.Browser(); strings.Contains(text, "$") || strings.Contains(text, ";") {
			t.Errorf("%s: not one statement without parameters:\n%s", name, text)
		}
	}
	for _, q := range graph.Questions {
		for _, arguments := range []graph.Arguments{{}, {graph.Toward: "state:BBB"}, {graph.About: "state:AAA"}, {graph.About: "state:AAA", graph.Toward: "state:BBB"}} {
			if slices.ContainsFunc(q.Needs, func(p graph.Parameter) bool { return arguments[p] == "" }) {
				continue
			}
			for parameter := range arguments {
				if !slices.Contains(q.Takes, parameter) {
					delete(arguments, parameter)
				}
			}
			query, err := cypher.Question(q, arguments, 0)
			if err != nil {
				t.Fatalf("%s: %v", q.Name, err)
			}
			holdsReading(q.Name, query)
		}
		query, finds, err := cypher.Example(q, 0)
		if err != nil || len(q.Needs) > 0 && !finds {
			t.Fatalf("example of %s: %v", q.Name, err)
		}
		holdsReading("example of "+q.Name, query)
	}
}

func TestQuestionIsAUnionWhereItLooksInSeveralPlaces(t *testing.T) {
	question, err := graph.QuestionNamed("timeline")
	if err != nil {
		t.Fatal(err)
	}
	query, err := cypher.Question(question, graph.Arguments{graph.About: "treaty-of-lima"}, 5)
	if err != nil {
		t.Fatal(err)
	}
	want := `MATCH (about:Instrument)-[creates:CREATES]->(happening:Obligation)
WHERE about.id = $aboutId
RETURN [about, happening] AS nodes, [creates] AS edges
ORDER BY coalesce(CASE size(happening.since) WHEN 4 THEN happening.since + '-01-01' WHEN 7 THEN happening.since + '-01' ELSE happening.since END, '9999-99-99'), happening.id, about.id, happening.id
LIMIT $limit
UNION ALL
MATCH (about:Instrument)-[creates:CREATES]->(obligation:Obligation)
WHERE about.id = $aboutId
MATCH (happening:Violation)-[breaches:BREACHES]->(obligation)
RETURN [about, obligation, happening] AS nodes, [creates, breaches] AS edges
ORDER BY coalesce(CASE size(happening.date) WHEN 4 THEN happening.date + '-01-01' WHEN 7 THEN happening.date + '-01' ELSE happening.date END, '9999-99-99'), happening.id, about.id, obligation.id, happening.id
LIMIT $limit`
	if diff := cmp.Diff(want, query.Text); diff != "" {
		t.Errorf("text (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"aboutId": "treaty-of-lima", "limit": 5}, query.Parameters); diff != "" {
		t.Errorf("parameters (-want +got)\n%s", diff)
	}
}

func TestExampleFindsWhatTheQuestionNeeds(t *testing.T) {
	question, err := graph.QuestionNamed("paths")
	if err != nil {
		t.Fatal(err)
	}
	query, finds, err := cypher.Example(question, 3)
	if err != nil || !finds {
		t.Fatal(finds, err)
	}
	for _, part := range []string{"MATCH (actor:Actor)\n", "a.id = example[0].id", "b.id = example[1].id", "SHORTEST 3 "} {
		if !strings.Contains(query.Text, part) {
			t.Errorf("no %q in\n%s", part, query.Text)
		}
	}
	if len(query.Parameters) != 0 {
		t.Errorf("parameters are left: %v", query.Parameters)
	}
}

func ExampleQuery_Browser() {
	q := cypher.Query{
		Text:       "MATCH (n:Actor) WHERE n.name = $name RETURN n LIMIT $limit",
		Parameters: map[string]any{"name": `Land "\u0022"`, "limit": 5},
	}
	fmt.Println(q.Browser())
	// Output:
	// MATCH (n:Actor) WHERE n.name = "Land \"\\u0022\"" RETURN n LIMIT 5
}
