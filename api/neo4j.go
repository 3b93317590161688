package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"pacta/graph"
	"pacta/graph/cypher"
)

// Where Neo4j Browser finds its guide and its style. It takes for the address
// of a style only what has a dot; for people there is one without.
const (
	GuidePath = "/neo4j/guide"
	StylePath = "/neo4j/style.grass"
	stylePage = "/neo4j/style"
)

// registerNeo4j serves the pages that Neo4j Browser fetches from its own
// origin. They hold nothing of the graph, so any page may read them; no other
// route says so.
func (s *server) registerNeo4j(engine *gin.Engine) error {
	var slides []slide
	for _, q := range graph.Questions {
		query, finds, err := cypher.Example(q, 0)
		if err != nil {
			return fmt.Errorf("the guide for Neo4j Browser: %s: %w", q.Name, err)
		}
		slides = append(slides, slide{q, query.Browser(), finds})
	}
	sheet := []byte(style())
	pages := map[string]gin.HandlerFunc{
		GuidePath: func(c *gin.Context) {
			var page bytes.Buffer
			if err := guide.Execute(&page, guideData{Host: c.Request.Host, Style: StylePath, Looks: nodeLooks, Slides: slides}); err != nil {
				panic(err) // the template and its data are ours
			}
			c.Data(http.StatusOK, "text/html; charset=utf-8", page.Bytes())
		},
		StylePath: func(c *gin.Context) { c.Data(http.StatusOK, "text/plain; charset=utf-8", sheet) },
	}
	pages[stylePage] = pages[StylePath]
	for path, answer := range pages {
		engine.GET(path, fromAnyOrigin, answer)
		engine.OPTIONS(path, fromAnyOrigin, func(c *gin.Context) { c.Status(http.StatusNoContent) })
	}
	return nil
}

// fromAnyOrigin lets pages of other origins read the answer. Neo4j Browser
// asks first, since it sends headers of its own.
func fromAnyOrigin(c *gin.Context) {
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Access-Control-Allow-Headers", "*")
	c.Next()
}

//go:embed neo4j_guide.html
var guideText string

var guide = template.Must(template.New("guide").Parse(guideText))

type guideData struct {
	Host, Style string
	Looks       []nodeLook
	Slides      []slide
}

// A slide is a question with the Cypher that asks it.
type slide struct {
	graph.Question
	Cypher string
	Finds  bool // the query finds whom to ask about
}

// A nodeLook is how Neo4j Browser draws the nodes of a label. The colours can
// be told apart by people who do not see all of them.
type nodeLook struct {
	Label       graph.Label
	Color, Text string
	Diameter    int
	Means       string
}

var nodeLooks = []nodeLook{
	{graph.ActorLabel, "#1F4E9E", light, 80, "a state, an alliance, a person"},
	{graph.InstrumentLabel, "#3DBE84", dark, 90, "a treaty, a memorandum, a plan"},
	{graph.ObligationLabel, "#F3C026", dark, 100, "what one actor promised"},
	{graph.ViolationLabel, "#C8231A", light, 100, "what one actor did"},
	{graph.EventLabel, "#CA70D8", dark, 90, "a war or crisis from a dataset"},
	{graph.DocumentLabel, "#5F6368", light, 80, "a source"},
	{graph.PassageLabel, "#CDD3E0", dark, 90, "the sentence that proves a fact"},
}

const (
	light = "#FFFFFF"
	dark  = "#1A1A1A"
)

// An edgeLook is how Neo4j Browser draws the relationships of a type.
type edgeLook struct {
	Type  graph.EdgeType
	Color string
	Width int
}

const (
	promised  = "#1F4E9E" // who owes what to whom
	wronged   = "#C8231A" // who broke it
	tested    = "#A0522D" // what put it to the test, and who answered
	explained = "#8A8F98" // all else
)

var edgeLooks = []edgeLook{
	{graph.PartyTo, explained, 2},
	{graph.Creates, explained, 2},
	{graph.Owes, promised, 2},
	{graph.OwedTo, promised, 2},
	{graph.Committed, wronged, 2},
	{graph.Against, wronged, 2},
	{graph.Breaches, wronged, 4},
	{graph.Triggers, tested, 3},
	{graph.RespondedTo, tested, 2},
	{graph.MemberOf, explained, 1},
	{graph.Succeeded, explained, 1},
	{graph.RefersTo, explained, 1},
	{graph.EvidencedBy, explained, 1},
	{graph.PartOf, explained, 1},
}

// style is the graph style sheet: a rule for each label and each type, and for
// the second labels of actors, which Browser's legend lists too. It takes the
// place of all of Browser's rules, so it has those for any node and any
// relationship.
func style() string {
	var b strings.Builder
	fmt.Fprintf(&b, `node {
  diameter: 50px;
  color: #A5ABB6;
  border-color: #7C828D;
  border-width: 2px;
  text-color-internal: %s;
  font-size: 11px;
  caption: "{name}";
}
relationship {
  color: %s;
  shaft-width: 1px;
  font-size: 9px;
  padding: 3px;
  text-color-external: %[1]s;
  text-color-internal: %[3]s;
  caption: "<type>";
}
`, dark, explained, light)
	for _, look := range nodeLooks {
		labels := []string{string(look.Label)}
		if look.Label == graph.ActorLabel {
			for _, kind := range graph.ActorKinds {
				labels = append(labels, cypher.KindLabel(kind.Name))
			}
		}
		for _, label := range labels {
			fmt.Fprintf(&b, `node.%s {
  color: %s;
  border-color: %[2]s;
  text-color-internal: %s;
  diameter: %dpx;
  caption: "{name}";
}
`, label, look.Color, look.Text, look.Diameter)
		}
	}
	for _, look := range edgeLooks {
		fmt.Fprintf(&b, `relationship.%s {
  color: %s;
  shaft-width: %dpx;
  caption: "<type>";
}
`, look.Type, look.Color, look.Width)
	}
	return b.String()
}
