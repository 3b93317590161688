package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/graph/localstore"
	"pacta/importer"
	"pacta/importer/lexicon"
	"pacta/importer/rules"
)

const lecture = `On 30 May 1905 Chile and Peru signed the Treaty of Lima. In the treaty, Chile agreed to respect the independence and the borders of Peru.
In 1911 Chile invaded Peru, in violation of the Treaty of Lima.
`

// start serves a fresh store.
func start(t *testing.T) *httptest.Server {
	t.Helper()
	store, err := localstore.Open(context.Background(), filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := importer.NewReader(lex)
	if err != nil {
		t.Fatal(err)
	}
	extractor, err := rules.New(reader)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := New(Options{
		Store: store, Lexicon: lex, UploadBytes: 1 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Importer: importer.New(importer.Options{Store: store, Lexicon: lex, Extractors: []importer.Extractor{extractor}, Workers: 2}),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.Close()
		_ = store.Close()
	})
	return server
}

// call makes a request and decodes the answer, which must have the status.
func call(t *testing.T, status int, method, address, contentType string, body io.Reader, into any) http.Header {
	t.Helper()
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d\n%s", method, address, response.StatusCode, status, data)
	}
	if status >= 400 && response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %s: a %d of type %q", method, address, status, response.Header.Get("Content-Type"))
	}
	if into != nil {
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, address, err, data)
		}
	}
	return response.Header
}

// upload imports files given as name and content.
func upload(t *testing.T, server *httptest.Server, status int, files ...string) importer.Report {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(files); i += 2 {
		part, err := form.CreateFormFile("files", files[i])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, files[i+1])
	}
	_ = form.Close()
	var report importer.Report
	call(t, status, http.MethodPost, server.URL+"/v1/imports", form.FormDataContentType(), &body, &report)
	return report
}

func TestFromUploadToAnswer(t *testing.T) {
	server := start(t)
	report := upload(t, server, 200, `..\..\lecture.txt`, lecture, "empty.txt", " ")
	if len(report.Results) != 2 || report.Results[0].Outcome != importer.Imported || report.Results[0].Source != "lecture.txt" ||
		report.Results[1].Outcome != importer.Skipped || report.Results[1].Reason == "" {
		t.Fatalf("report %+v", report)
	}
	var answer graph.Answer
	call(t, 200, http.MethodGet, server.URL+"/v1/questions/breached-promises?to=Peru", "", nil, &answer)
	if len(answer.Rows) != 1 {
		t.Fatalf("%d rows: %+v", len(answer.Rows), answer)
	}
	for _, hop := range answer.Rows[0].Hops {
		if len(hop.Evidence) == 0 {
			t.Errorf("hop %s has no evidence", hop.ID())
		}
		for _, proof := range hop.Evidence {
			if !strings.Contains(lecture, proof.Quote) {
				t.Errorf("quote %q is not in the document", proof.Quote)
			}
		}
	}

	var node struct {
		graph.Node
		Evidence []graph.Proof `json:"evidence"`
	}
	for _, path := range []string{"actors/Chile", "instruments/treaty-of-lima", "violations/violation:CHL.invasion.PER.1911", "obligations/treaty-of-lima.respect-sovereignty.CHL"} {
		call(t, 200, http.MethodGet, server.URL+"/v1/"+path, "", nil, &node)
		if node.Label != graph.ActorLabel && len(node.Evidence) == 0 {
			t.Errorf("%s has no evidence", path)
		}
	}
	var list struct{ Nodes []graph.Node }
	call(t, 200, http.MethodGet, server.URL+"/v1/actors", "", nil, &list)
	if len(list.Nodes) != 2 {
		t.Errorf("actors %+v", list.Nodes)
	}
	call(t, 200, http.MethodGet, server.URL+"/v1/paths?from=Chile&to=Peru&hops=2", "", nil, &answer)
	if len(answer.Rows) == 0 {
		t.Error("no path between Chile and Peru")
	}
	var hits struct{ Found []graph.Hit }
	call(t, 200, http.MethodGet, server.URL+"/v1/search?limit=3&q="+url.QueryEscape("Invaded PÉRU"), "", nil, &hits)
	if len(hits.Found) != 1 || hits.Found[0].Node.Label != graph.PassageLabel || hits.Found[0].Score <= 0 ||
		hits.Found[0].Document == nil || hits.Found[0].Document.Properties.Text(graph.URI) != "lecture.txt" {
		t.Errorf("found %+v", hits.Found)
	}
	pattern := `{"nodes": [{"as": "a", "label": "Actor", "where": [{"property": "id", "op": "=", "value": "state:CHL"}]}, {"as": "o", "label": "Obligation"}],
		"edges": [{"as": "e", "from": "a", "type": "OWES", "to": "o"}]}`
	call(t, 200, http.MethodPost, server.URL+"/v1/match", "application/json", strings.NewReader(pattern), &answer)
	if len(answer.Rows) == 0 {
		t.Error("the pattern matched nothing")
	}

	call(t, 200, http.MethodGet, server.URL+"/v1/documents", "", nil, &list)
	call(t, 204, http.MethodDelete, server.URL+"/v1/documents/"+list.Nodes[0].ID, "", nil, nil)
	call(t, 404, http.MethodGet, server.URL+"/v1/documents/"+list.Nodes[0].ID, "", nil, nil)
}

// TestAnswersCarryTheirCypher asks in every way that there is.
func TestAnswersCarryTheirCypher(t *testing.T) {
	server := start(t)
	upload(t, server, 200, "lecture.txt", lecture)
	pattern := `{"nodes": [{"as": "a", "label": "Actor", "where": [{"property": "name", "op": "=", "value": "x'}) DETACH DELETE n //"}]}]}`
	for _, c := range []struct {
		method, path, body string
		parameter, value   string
	}{
		{"GET", "/v1/questions/breached-promises?to=Peru", "", "beneficiaryId", "state:PER"},
		{"GET", "/v1/questions/timeline?about=Chile", "", "aboutId", "state:CHL"},
		{"GET", "/v1/questions/paths?about=Chile&to=Peru", "", "from", "state:CHL"},
		{"GET", "/v1/questions/evidence?about=treaty-of-lima", "", "about", "treaty-of-lima"},
		{"GET", "/v1/paths?from=Chile&to=Peru", "", "to", "state:PER"},
		{"POST", "/v1/match", pattern, "actor0Name", "x'}) DETACH DELETE n //"},
	} {
		var answer struct {
			Cypher  cypher.Query
			Browser string
		}
		call(t, 200, c.method, server.URL+c.path, map[bool]string{true: "application/json"}[c.body != ""], strings.NewReader(c.body), &answer)
		if q := answer.Cypher; !strings.HasPrefix(q.Text, "MATCH ") || strings.Contains(q.Text, "DELETE") || q.Parameters[c.parameter] != c.value {
			t.Errorf("%s: %+v", c.path, q)
		}
		if literal, _ := json.Marshal(c.value); !strings.Contains(answer.Browser, string(literal)) {
			t.Errorf("%s: no %s in %s", c.path, literal, answer.Browser)
		}
	}
}

func TestProblems(t *testing.T) {
	server := start(t)
	upload(t, server, 200, "lecture.txt", lecture)
	for _, c := range []struct {
		status                   int
		method, path, body, says string
	}{
		{404, "GET", "/v1/questions/who-won", "", "breached-promises"},
		{404, "GET", "/v1/questions/promises?by=Chilee", "", "did you mean Chile"},
		{422, "GET", "/v1/questions/promises?kind=kindness", "", "mutual-defense"},
		{422, "GET", "/v1/questions/promises?limit=100000", "", "limit"},
		{422, "GET", "/v1/questions/promises?cursor=rubbish", "", "cursor"},
		{422, "GET", "/v1/questions/promises?wrong=1", "", "wrong"},
		{422, "GET", "/v1/questions/timeline", "", "about"},
		{422, "GET", "/v1/paths?from=Chile&to=Chile", "", "both ends"},
		{422, "GET", "/v1/search?q=%22*%22", "", "no letter or digit"},
		{422, "GET", "/v1/search", "", "q"},
		{422, "GET", "/v1/search?q=Chile&limit=1001", "", "limit"},
		{404, "GET", "/v1/actors/treaty-of-lima", "", "Instrument"},
		{404, "DELETE", "/v1/documents/doc:none", "", "not found"},
		{422, "POST", "/v1/match", `{"nodes": [{"as": "n", "label": "Nothing"}]}`, "unknown label"},
		{400, "POST", "/v1/match", `{`, ""},
		{404, "GET", "/v2/anything", "", "openapi.json"},
	} {
		var problem struct{ Title, Detail string }
		var all json.RawMessage
		call(t, c.status, c.method, server.URL+c.path, map[bool]string{true: "application/json"}[c.body != ""], strings.NewReader(c.body), &all)
		if err := json.Unmarshal(all, &problem); err != nil || problem.Title == "" {
			t.Errorf("%s %s: no title: %s", c.method, c.path, all)
		}
		if !strings.Contains(string(all), c.says) {
			t.Errorf("%s %s: the problem does not say %q: %s", c.method, c.path, c.says, all)
		}
	}
	upload(t, server, 413, "large.txt", strings.Repeat("x", 2<<20))
}

func TestHealth(t *testing.T) {
	server := start(t)
	headers := call(t, 200, http.MethodGet, server.URL+"/healthz", "", nil, nil)
	if headers.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("no security headers")
	}
	call(t, 200, http.MethodGet, server.URL+"/readyz", "", nil, nil)
}

func TestOpenAPIDescribesEveryRouteThatThereIs(t *testing.T) {
	server := start(t)
	var document struct {
		OpenAPI    string                               `json:"openapi"`
		Paths      map[string]map[string]map[string]any `json:"paths"`
		Components struct{ Schemas map[string]any }     `json:"components"`
	}
	call(t, 200, http.MethodGet, server.URL+"/openapi.json", "", nil, &document)
	if !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Errorf("version %q", document.OpenAPI)
	}
	if schema, _ := json.Marshal(document.Components.Schemas["Answer"]); !bytes.Contains(schema, []byte(`"cypher":`)) || !bytes.Contains(schema, []byte(`"rows":`)) {
		t.Errorf("an answer is described as %s", schema)
	}
	for _, path := range []string{"/v1/questions/{name}", "/v1/match", "/v1/paths", "/v1/search", "/v1/actors/{id}", "/v1/instruments/{id}",
		"/v1/obligations/{id}", "/v1/violations/{id}", "/v1/documents/{id}", "/v1/imports", "/healthz", "/readyz"} {
		if len(document.Paths[path]) == 0 {
			t.Errorf("%s is not described", path)
		}
	}
}

func TestHostileNamesAreOnlyNames(t *testing.T) {
	server := start(t)
	hostile := "<script>alert(1)</script>' OR 1=1 --"
	call(t, 404, http.MethodGet, server.URL+"/v1/questions/promises?by="+url.QueryEscape(hostile), "", nil, nil)
}
