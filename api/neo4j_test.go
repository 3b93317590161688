package api

import (
	"context"
	"fmt"
	"html"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"pacta/graph"
	"pacta/graph/cypher"
)

// visit makes a request as a page of another origin does.
func visit(t *testing.T, method, address string) (status int, header http.Header, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "http://localhost:7474")
	request.Header.Set("Access-Control-Request-Method", http.MethodGet)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(data)
}

func TestGuideHasASlideForEveryQuestion(t *testing.T) {
	server := start(t)
	status, header, page := visit(t, http.MethodGet, server.URL+GuidePath)
	page = html.UnescapeString(page)
	if status != 200 || header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("status %d, type %q", status, header.Get("Content-Type"))
	}
	if slides := strings.Count(page, "<slide "); slides != len(graph.Questions)+1 {
		t.Errorf("%d slides for %d questions and the start", slides, len(graph.Questions))
	}
	for _, q := range graph.Questions {
		query, _, err := cypher.Example(q, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page, q.Asks) || !strings.Contains(page, query.Browser()) {
			t.Errorf("no slide asks %s", q.Name)
		}
	}
	if link := `data-exec="style ` + server.URL + StylePath + `"`; !strings.Contains(page, link) {
		t.Errorf("no %s", link)
	}
}

func TestStyleHasARuleForEveryLabelAndType(t *testing.T) {
	server := start(t)
	_, _, withDot := visit(t, http.MethodGet, server.URL+StylePath)
	_, _, sheet := visit(t, http.MethodGet, server.URL+stylePage)
	if sheet != withDot {
		t.Error("the two addresses have two styles")
	}
	rules := []string{"node {", "relationship {"}
	for _, label := range graph.Labels.Names() {
		rules = append(rules, "node."+label+" {")
	}
	for _, kind := range graph.ActorKinds {
		rules = append(rules, "node."+cypher.KindLabel(kind.Name)+" {")
	}
	for _, rule := range graph.EdgeRules {
		rules = append(rules, "relationship."+string(rule.Type)+" {")
	}
	for _, rule := range rules {
		if strings.Count(sheet, rule) != 1 {
			t.Errorf("%d rules %s", strings.Count(sheet, rule), rule)
		}
	}
	if n := strings.Count(sheet, "{\n"); n != len(rules) {
		t.Errorf("%d rules, want %d", n, len(rules))
	}
}

// TestOnlyNeo4jPagesAnswerOtherOrigins asks every route of the engine, and
// some that are none.
func TestOnlyNeo4jPagesAnswerOtherOrigins(t *testing.T) {
	server := start(t)
	pages := []string{GuidePath, StylePath, stylePage}
	for _, page := range pages {
		for _, method := range []string{http.MethodGet, http.MethodOptions} {
			status, header, _ := visit(t, method, server.URL+page)
			if status >= 300 {
				t.Errorf("%s %s: status %d", method, page, status)
			}
			for name, want := range map[string]string{
				"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*", "Access-Control-Allow-Credentials": "",
				"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'",
			} {
				if got := header.Get(name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", method, page, name, got, want)
				}
			}
		}
	}
	var document struct{ Paths map[string]any }
	call(t, 200, http.MethodGet, server.URL+"/openapi.json", "", nil, &document)
	others := []string{"/openapi.json", "/openapi.yaml", "/neo4j", "/neo4j/guide/x", "/nothing", "/"}
	for path := range document.Paths {
		others = append(others, strings.NewReplacer("{name}", "promises", "{id}", "state:CHL").Replace(path))
	}
	for _, path := range others {
		for _, method := range []string{http.MethodGet, http.MethodOptions, http.MethodPost, http.MethodDelete} {
			_, header, _ := visit(t, method, server.URL+path)
			for name := range header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s: header %s", method, path, name)
				}
			}
		}
	}
}

// TestColoursAreToldApart holds that the colours of labels differ clearly for
// people with normal sight and with each kind of colour blindness, and that
// captions stand out from their nodes.
func TestColoursAreToldApart(t *testing.T) {
	const apart, readable = 20, 4.5 // CIE76 difference; WCAG contrast
	for sight, m := range sights {
		for i, a := range nodeLooks {
			for _, b := range nodeLooks[:i] {
				if d := m.seen(a.Color).distance(m.seen(b.Color)); d < apart {
					t.Errorf("%s: %s and %s differ by %.1f", sight, a.Label, b.Label, d)
				}
			}
		}
	}
	for _, look := range nodeLooks {
		bright, dim := linear(look.Color).luminance(), linear(look.Text).luminance()
		if contrast := (max(bright, dim) + 0.05) / (min(bright, dim) + 0.05); contrast < readable {
			t.Errorf("%s: a caption has contrast %.1f", look.Label, contrast)
		}
	}
}

// A triple is a colour: linear red, green and blue, or CIE L*a*b*.
type triple [3]float64

// A matrix is how a kind of sight changes linear red, green and blue.
type matrix [3]triple

// The kinds of sight, those without a kind of cone as Machado, Oliveira and
// Fernandes (2009) model them.
var sights = map[string]matrix{
	"all cones":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"no long cones":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"no medium cones": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"no short cones":  {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func (m matrix) of(c triple) triple {
	var out triple
	for i, row := range m {
		for j, factor := range row {
			out[i] += factor * c[j]
		}
		out[i] = min(max(out[i], 0), 1)
	}
	return out
}

// seen is the colour as that sight sees it.
func (m matrix) seen(hex string) triple { return m.of(linear(hex)).lab() }

func linear(hex string) triple {
	var bytes [3]int
	if _, err := fmt.Sscanf(hex, "#%02X%02X%02X", &bytes[0], &bytes[1], &bytes[2]); err != nil {
		panic(err)
	}
	var c triple
	for i, b := range bytes {
		c[i] = float64(b) / 255
		if c[i] <= 0.04045 {
			c[i] /= 12.92
		} else {
			c[i] = math.Pow((c[i]+0.055)/1.055, 2.4)
		}
	}
	return c
}

func (c triple) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

func (c triple) lab() triple {
	curve := func(t float64) float64 {
		if t > 0.008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16.0/116
	}
	x := curve((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.9505)
	y := curve(c.luminance())
	z := curve((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.089)
	return triple{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func (c triple) distance(other triple) float64 {
	return math.Hypot(math.Hypot(c[0]-other[0], c[1]-other[1]), c[2]-other[2])
}
