package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/graph/neo4jstore"
	"pacta/importer"
	"pacta/importer/lexicon"
	"pacta/importer/rules"
	neo4jtest "pacta/testdata/neo4j"
)

// shows is what Neo4j Browser must draw for a question of the guide.
type shows struct {
	labels []graph.Label
	types  []graph.EdgeType
}

var guideShows = map[string]shows{
	"breached-promises": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel, graph.ObligationLabel, graph.ViolationLabel},
		[]graph.EdgeType{graph.Owes, graph.Creates, graph.Breaches, graph.Committed, graph.Against},
	},
	"guarantors-turned-violators": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel, graph.ObligationLabel, graph.ViolationLabel},
		[]graph.EdgeType{graph.PartyTo, graph.Owes, graph.Creates, graph.Breaches, graph.Committed},
	},
	"tested-guarantees": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel, graph.ObligationLabel, graph.ViolationLabel},
		[]graph.EdgeType{graph.Owes, graph.Creates, graph.Triggers, graph.Committed},
	},
	"unanswered-guarantees": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel, graph.ObligationLabel, graph.ViolationLabel},
		[]graph.EdgeType{graph.Owes, graph.Creates, graph.Triggers, graph.Committed},
	},
	"promises": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel, graph.ObligationLabel},
		[]graph.EdgeType{graph.Owes, graph.Creates},
	},
	"timeline": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel, graph.ObligationLabel, graph.ViolationLabel},
		[]graph.EdgeType{graph.PartyTo, graph.Owes, graph.Committed},
	},
	"disputes": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel},
		[]graph.EdgeType{graph.PartyTo},
	},
	"paths": {
		[]graph.Label{graph.ActorLabel, graph.InstrumentLabel},
		[]graph.EdgeType{graph.PartyTo},
	},
	"evidence": {
		[]graph.Label{graph.ViolationLabel, graph.PassageLabel, graph.DocumentLabel},
		[]graph.EdgeType{graph.EvidencedBy, graph.PartOf},
	},
}

// TestNeo4jBrowserPlaysTheGuide reads the bundled documents into a real Neo4j,
// logs in to its Browser with a real Chromium, sets the style, plays the guide,
// and runs every slide with a click. With UPDATE_DOCS=1 it takes the README's
// picture.
func TestNeo4jBrowserPlaysTheGuide(t *testing.T) {
	chromium := findChromium(t)
	server := neo4jtest.Start(t)
	address := serveNeo4j(t, server)
	b := openBrowser(t, chromium, server)

	b.command(":style " + address + StylePath)
	b.wait(frameHas("node.Violation"))
	b.closeFrame()
	b.command(":play " + address + GuidePath)
	b.wait(frameHas("Who promised what to whom, and what became of it"))
	for i, q := range graph.Questions {
		want, ok := guideShows[q.Name]
		if !ok {
			t.Fatalf("this test does not know what the slide of %s shows", q.Name)
		}
		b.click(fmt.Sprintf(`[data-testid=carousel] li[aria-label="%d"]`, i+2), frameHas(q.Asks))
		b.click(`[data-testid=carousel] .slide pre.runnable i`, resultFrame)
		b.holdsGraph(q.Name, want)
		b.closeFrame()
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		b.picture(filepath.Join("..", "docs", "neo4j-browser.png"))
	}
}

// findChromium is the path of a Chromium. Without one the test is skipped, and
// fails in CI.
func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no chromium on the path")
	}
	t.Skip("no chromium on the path")
	return ""
}

// serveNeo4j reads the bundled documents, and claims that let each question
// find something, into the server, and serves the API on localhost, which is
// the host that Neo4j Browser takes guides from.
func serveNeo4j(t *testing.T, server *neo4jtest.Server) string {
	t.Helper()
	store, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
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
	im := importer.New(importer.Options{Store: store, Lexicon: lex, Extractors: []importer.Extractor{extractor}, Workers: 2})
	files, err := filepath.Glob(filepath.Join("..", "testdata", "documents", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var sources []importer.Source
	for _, file := range append(files, filepath.Join("testdata", "lima.jsonl")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, importer.Bytes(filepath.Base(file), text))
	}
	report, err := im.Import(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range report.Results {
		if result.Outcome != importer.Imported {
			t.Fatalf("%s: %s: %s", result.Source, result.Outcome, result.Reason)
		}
	}
	handler, err := New(Options{
		Store: store, Lexicon: lex, Importer: im, UploadBytes: 1 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	_, port, err := net.SplitHostPort(web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return "http://localhost:" + port
}

// neo4jBrowser is Neo4j Browser in a tab of Chromium. Its result frames come
// one above the other, the newest first. What cannot be done ends the test,
// with a picture of the tab.
type neo4jBrowser struct {
	t   *testing.T
	ctx context.Context
}

// patience is how long Browser may take for a step on a busy machine.
const patience = 2 * time.Minute

// openBrowser starts Chromium and logs in.
func openBrowser(t *testing.T, chromium string, server *neo4jtest.Server) neo4jBrowser {
	t.Helper()
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of the first call
		t.Fatal(err)
	}
	b := neo4jBrowser{t, ctx}
	connect := url.Values{"dbms": {strings.Replace(server.URI, "://", "://"+server.User+"@", 1)}, "db": {"neo4j"}}
	password := chromedp.CSS("input[type=password]")
	b.do("log in",
		chromedp.Navigate(server.HTTP+"/browser/?"+connect.Encode()),
		chromedp.WaitVisible(password), chromedp.SendKeys(password, server.Password+kb.Enter))
	b.wait(frameHas("Getting started with Neo4j Browser"))
	return b
}

func (b neo4jBrowser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fail("%s: %v", what, err)
	}
}

func (b neo4jBrowser) fail(format string, args ...any) {
	b.t.Helper()
	if png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot()); err == nil {
		path := filepath.Join(os.TempDir(), "neo4j-browser-test.png")
		if os.WriteFile(path, png, 0o600) == nil {
			format += "\nsee " + path
		}
	}
	b.t.Fatalf(format, args...)
}

// command types a command or query into the editor and runs it.
func (b neo4jBrowser) command(text string) {
	b.t.Helper()
	b.do("run "+text,
		chromedp.Click(chromedp.CSS(`[data-testid=activeEditor] .monaco-editor`)),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: text})
			return err
		}),
		chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// What can be so of the newest frame, in the language of pages.
const (
	newest      = `document.querySelector('[data-testid=frame]')`
	resultFrame = `!` + newest + `.querySelector('[data-testid=carousel]')`
)

// frameHas is that the newest frame has the text.
func frameHas(text string) string {
	return fmt.Sprintf(`%s?.innerText.replace(/\s+/g, ' ').includes(%q)`, newest, text)
}

// wait waits until it is so.
func (b neo4jBrowser) wait(so string) {
	b.t.Helper()
	b.do("wait until "+so, chromedp.Poll[chromedp.Void]("!!("+so+")", chromedp.WithPollingTimeout(0)))
}

// click clicks on the first such element until it is so: a click can miss while
// frames move.
func (b neo4jBrowser) click(selector, so string) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; {
		b.do("click on "+selector, chromedp.Click(chromedp.CSS(selector)))
		_, err := chromedp.Run(b.ctx, chromedp.Poll[chromedp.Void]("!!("+so+")", chromedp.WithPollingTimeout(5*time.Second)))
		if err == nil {
			return
		}
		if time.Now().After(end) {
			b.fail("click on %s until %s: %v", selector, so, err)
		}
	}
}

func (b neo4jBrowser) closeFrame() {
	b.t.Helper()
	const frames = `document.querySelectorAll('[data-testid=frame]').length`
	before, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](frames))
	if err != nil {
		b.fail("count the frames: %v", err)
	}
	b.click(`[data-testid=frame] button[title=Close]`, fmt.Sprintf("%s < %d", frames, before))
}

// drawing is what a frame's graph shows.
type drawing struct {
	Text     string
	Nodes    int
	Edges    int
	Captions []string
	Labels   map[string]string // the legend: labels and their colours
	Types    []string
	Fills    []string // colours of nodes
}

// readDrawing reads the newest frame.
const readDrawing = `(() => {
	const frame = document.querySelector('[data-testid=frame]')
	const all = selector => [...frame.querySelectorAll(selector)]
	const legend = kind => all('[data-testid^="property-details-overview-' + kind + '-"]')
		.map(e => [e.dataset.testid.split(kind + '-')[1], getComputedStyle(e).backgroundColor])
	return {
		Text: frame.innerText,
		Nodes: all('g.node').length,
		Edges: all('g.relationship').length,
		Captions: all('g.node').map(n => [...n.querySelectorAll('text.caption')].map(t => t.textContent).join('').trim()),
		Fills: all('g.node circle.b-outline').map(c => c.getAttribute('fill')),
		Labels: Object.fromEntries(legend('node-label')),
		Types: legend('relationship-type').map(([type]) => type),
	}
})()`

// failure is how Browser marks a statement that failed.
var failure = regexp.MustCompile(`\bERROR\b|Neo\.\w+Error|Remote guide error`)

// holdsGraph waits for a graph in the newest frame and holds that it shows what
// the question is about, with captions, in the colours of the style.
func (b neo4jBrowser) holdsGraph(question string, want shows) {
	b.t.Helper()
	b.wait(resultFrame + ` && (` + newest + `.querySelector('g.node circle.b-outline') ||
		/\bERROR\b|no records/.test(` + newest + `.innerText))`)
	d, err := chromedp.Run(b.ctx, chromedp.Evaluate[drawing](readDrawing))
	if err != nil {
		b.fail("%s: %v", question, err)
	}
	if found := failure.FindString(d.Text); found != "" || d.Nodes == 0 || d.Edges == 0 {
		b.fail("%s: %d nodes, %d relationships, failure %q:\n%s", question, d.Nodes, d.Edges, found, d.Text)
	}
	for _, caption := range d.Captions {
		if caption == "" {
			b.t.Errorf("%s: a node has no caption: %q", question, d.Captions)
		}
	}
	colors := map[graph.Label]string{}
	for _, look := range nodeLooks {
		colors[look.Label] = look.Color
	}
	for _, label := range want.labels {
		if legend := rgb(colors[label]); d.Labels[string(label)] != legend {
			b.t.Errorf("%s: the legend has %s in %q, want %q", question, label, d.Labels[string(label)], legend)
		}
		if !slices.Contains(d.Fills, colors[label]) {
			b.t.Errorf("%s: no node has the colour of %s: %v", question, label, d.Fills)
		}
	}
	for _, edge := range want.types {
		if !slices.Contains(d.Types, string(edge)) {
			b.t.Errorf("%s: no relationship %s among %v", question, edge, d.Types)
		}
	}
	b.t.Logf("%s: %d nodes, %d relationships, %v", question, d.Nodes, d.Edges, d.Types)
}

// rgb is a colour as a page's computed style has it.
func rgb(hex string) string {
	var r, g, b int
	_, _ = fmt.Sscanf(hex, "#%02X%02X%02X", &r, &g, &b)
	return fmt.Sprintf("rgb(%d, %d, %d)", r, g, b)
}

// picture asks which promises Germany breached, with the graph as large as
// the tab, and writes what is seen.
func (b neo4jBrowser) picture(path string) {
	b.t.Helper()
	question, err := graph.QuestionNamed("breached-promises")
	if err != nil {
		b.t.Fatal(err)
	}
	query, err := cypher.Question(question, graph.Arguments{graph.By: "state:DEU"}, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	b.command(query.Browser())
	b.holdsGraph(question.Name, guideShows[question.Name])
	b.do("enlarge the graph, and draw it aside of the legend",
		chromedp.Click(chromedp.CSS(`[data-testid=frame] button[title=Fullscreen]`)),
		chromedp.Sleep(2*time.Second), // the layout comes to rest
		chromedp.Click(chromedp.CSS(`[data-testid=frame] button[aria-label=zoom-to-fit]`)), chromedp.Sleep(time.Second),
		chromedp.DragAndDropXY(250, 800, 120, 800), chromedp.MouseEvent(chromedp.MouseMoved, 100, 800), chromedp.Sleep(time.Second))
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.fail("take the picture: %v", err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
