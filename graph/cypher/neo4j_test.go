package cypher_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"pacta/graph"
	"pacta/graph/cypher"
	neo4jtest "pacta/testdata/neo4j"
)

func TestMain(m *testing.M) { neo4jtest.Main(m) }

// run has the server run a statement, and returns the first value of the first
// row and what the server says against it.
func run(t testing.TB, server *neo4jtest.Server, q cypher.Query) (value any, problem string) {
	t.Helper()
	type statement struct {
		Statement  string         `json:"statement"`
		Parameters map[string]any `json:"parameters,omitempty"`
	}
	body, err := json.Marshal(map[string]any{"statements": []statement{{q.Text, q.Parameters}}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.HTTP+"/db/neo4j/tx/commit", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(server.User, server.Password)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Results []struct {
			Data []struct{ Row []any }
		}
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		return nil, answer.Errors[0].Message
	}
	if len(answer.Results) > 0 && len(answer.Results[0].Data) > 0 {
		value = answer.Results[0].Data[0].Row[0]
	}
	return value, ""
}

// TestNeo4jTakesEveryQuestion has a real server plan each question, with its
// parameters and as Browser gets it.
func TestNeo4jTakesEveryQuestion(t *testing.T) {
	server := neo4jtest.Shared(t)
	everything := map[graph.Parameter]string{
		graph.By: "state:AAA", graph.Toward: "state:BBB", graph.About: "state:CCC", graph.OfKind: string(graph.MutualDefense),
		graph.Under: "treaty-of-lima", graph.WithStatus: string(graph.Agreed), graph.OnBasis: string(graph.Stated),
		graph.WithOutcome: string(graph.Violated), graph.AsOfDay: "1911-05", graph.MaxHopCount: "3",
	}
	for _, q := range graph.Questions {
		given := graph.Arguments{}
		for _, parameter := range q.Takes {
			given[parameter] = everything[parameter]
		}
		query, err := cypher.Question(q, given, 3)
		if err != nil {
			t.Fatal(err)
		}
		example, _, err := cypher.Example(q, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, asked := range []cypher.Query{query, {Text: query.Browser()}, example, {Text: example.Browser()}} {
			if _, problem := run(t, server, cypher.Query{Text: "EXPLAIN " + asked.Text, Parameters: asked.Parameters}); problem != "" {
				t.Errorf("%s: %s\n%s", q.Name, problem, asked.Text)
			}
		}
	}
}

// TestBrowserTextHasTheValuesOfItsParameters holds that no value can end the
// literal that it is written as.
func TestBrowserTextHasTheValuesOfItsParameters(t *testing.T) {
	server := neo4jtest.Shared(t)
	const same = "RETURN $one = $other"
	part := rapid.SampledFrom([]string{
		`\`, `u`, `0027`, `\u0027`, `\u0022`, `\\u0022`, `'`, `"`, "`", "\n", "\r", "\t", "\b", "\f", "\x00", "\x1f", "\x7f",
		"$other", "$", "//", "/*", "*/", ";", "}", "é", "😀", "\u202e", "\u2028", "\ufeff", "' OR true //", `" OR true //`, "x",
	})
	rapid.Check(t, func(r *rapid.T) {
		value := rapid.StringOfN(rapid.Rune(), 0, 8, -1).Draw(r, "free")
		for _, p := range rapid.SliceOfN(part, 0, 8).Draw(r, "parts") {
			value += p
		}
		written := cypher.Query{Text: same, Parameters: map[string]any{"one": value}}.Browser()
		got, problem := run(t, server, cypher.Query{Text: written, Parameters: map[string]any{"other": value}})
		if got != true || problem != "" {
			r.Fatalf("%q is written as %s: %v %s", value, written, got, problem)
		}
	})
}
