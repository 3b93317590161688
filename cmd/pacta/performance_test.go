package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"golang.org/x/sync/errgroup"

	"pacta/api"
	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/graph/localstore"
	"pacta/graph/neo4jadmin"
	"pacta/graph/neo4jstore"
	"pacta/graph/neo4jstore/layout"
	"pacta/graph/storetest"
	"pacta/importer"
	"pacta/importer/lexicon"
	neo4jtest "pacta/testdata/neo4j"
)

// measuring is the variable by which make bench asks for docs/performance.md:
// the number of edges of the largest graph.
const measuring = "PACTA_TEST_MEASURE_EDGES"

// TestPerformance measures what docs/performance.md shows and writes it. Every
// figure has its peer from the same run, the two taken in turns.
func TestPerformance(t *testing.T) {
	largest, err := strconv.Atoi(os.Getenv(measuring))
	if err != nil {
		t.Skipf("%s is not set; make bench sets it", measuring)
	}
	page := &performancePage{}
	fmt.Fprintf(page, performanceHead, runtime.NumCPU(), time.Now().Format(time.DateOnly), largest)
	reading(t, page)
	overHTTP(t, page)
	importing(t, page)
	growth(t, page, largest)
}

// A performancePage is docs/performance.md in the making. What is measured is
// in the file at once, since the rest can take hours.
type performancePage struct{ text []byte }

func (p *performancePage) Write(text []byte) (int, error) {
	p.text = append(p.text, text...)
	return len(text), os.WriteFile(filepath.Join("..", "..", "docs", "performance.md"), p.text, 0o644)
}

const performanceHead = `# How fast it is

` + "`make bench`" + ` wrote this page: medians of one run on a machine with %d processors, on %s, the largest
graph of about %d edges. Such machines are noisy: read ratios, which compare two things that were measured in turns.
The graphs are made by ` + "`graph/storetest`" + `: a world of actors who promise and attack, and in it one guarantor whose five
promises were each breached by five acts, whatever the world's size. Passages and their edges count.

`

// paired runs each in turn and gives their medians.
func paired(t *testing.T, runs int, all ...func() error) []time.Duration {
	t.Helper()
	times := make([][]time.Duration, len(all))
	for run := range runs + 3 {
		for i, do := range all {
			start := time.Now()
			if err := do(); err != nil {
				t.Fatal(err)
			}
			if run >= 3 { // the first warm up
				times[i] = append(times[i], time.Since(start))
			}
		}
	}
	medians := make([]time.Duration, len(all))
	for i := range times {
		slices.Sort(times[i])
		medians[i] = times[i][runs/2]
	}
	return medians
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.2f", float64(a)/float64(b)) }

// reading extracts the claims of the bundled documents, and imports generated
// ones into a local store.
func reading(t *testing.T, page io.Writer) {
	im, err := (&settings{}).newImporter(importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sources, err := bundled()
	if err != nil {
		t.Fatal(err)
	}
	words := 0
	for _, source := range sources {
		file, err := source.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		words += len(strings.Fields(string(text)))
	}
	extracting := paired(t, 15, func() error {
		for _, source := range sources {
			if _, _, err := im.Extract(context.Background(), source); err != nil {
				return err
			}
		}
		return nil
	})[0]
	facts := 0
	for b := range storetest.Generate(importedEdges) {
		facts += b.ClaimCount()
	}
	importing := paired(t, 5, func() error { return generated(t, importedEdges).Close() })[0]
	fmt.Fprintf(page, "## Reading and the local store\n\n| what | figure |\n|---|---|\n"+
		"| `extract`, one processor: from text to claims | %.0f words a second |\n"+
		"| import of claims into the local store, a transaction a document, synced to disk | %.0f facts a second |\n\n",
		float64(words)/extracting.Seconds(), float64(facts)/importing.Seconds())
}

// importedEdges is about how many edges the measured imports come to.
const importedEdges = 20_000

// growth asks two questions about one actor in ever larger graphs, in both
// stores, which hold the same: the local store's is exported and bulk loaded.
func growth(t *testing.T, page io.Writer, largest int) {
	fmt.Fprint(page, "## A question as the graph grows\n\nEach answer has 25 rows with their passages. "+
		"“Growth” is against the smallest graph, “local : Neo4j” how many times faster the local store is. "+
		"Memory is what one answer allocates from the local store.\n\n"+
		"| edges | question | local | growth | memory | Neo4j | growth | local : Neo4j |\n|---|---|---|---|---|---|---|---|\n")
	first := map[string][]time.Duration{}
	for size := 10_000; size <= largest; size *= 10 {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			local := generated(t, size)
			defer local.Close()
			_, served := bulkLoaded(t, local)
			defer served.Close()
			edges := edgesOf(t, served)
			for _, name := range []string{"breached-promises", "guarantors-turned-violators"} {
				medians := paired(t, 101, asking(name, local), asking(name, served))
				if first[name] == nil {
					first[name] = medians
				}
				memory := testing.Benchmark(func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if err := asking(name, local)(); err != nil {
							b.Fatal(err)
						}
					}
				})
				t.Logf("%s: local %s, Neo4j %s", name, medians[0], medians[1])
				fmt.Fprintf(page, "| %d | %s | %s | %s | %d kB | %s | %s | %s |\n", edges, name,
					ms(medians[0]), ratio(medians[0], first[name][0]), memory.AllocedBytesPerOp()/1000, ms(medians[1]), ratio(medians[1], first[name][1]), ratio(medians[1], medians[0]))
			}
		})
	}
	fmt.Fprintln(page)
}

// asking asks a question about the guarantor, whose answer has always as many rows.
func asking(name string, s graph.Store) func() error {
	return func() error {
		question, err := graph.QuestionNamed(name)
		if err != nil {
			return err
		}
		answer, err := question.Ask(context.Background(), s, graph.Arguments{graph.By: "state:GUA"}, graph.DefaultLimit, "")
		if err == nil && len(answer.Rows) != graph.DefaultLimit {
			err = fmt.Errorf("%s: %d rows", name, len(answer.Rows))
		}
		return err
	}
}

func edgesOf(t *testing.T, s graph.Store) int {
	t.Helper()
	statistics, err := s.Statistics(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	edges := 0
	for _, n := range statistics.Edges {
		edges += n
	}
	return edges
}

// keeping is the variable that names a folder where large local stores are kept
// for the next run, since the largest takes a quarter of an hour to fill.
const keeping = "PACTA_TEST_MEASURE_IN"

// generated is a local store with about so many edges.
func generated(t *testing.T, size int) graph.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "graph.db")
	if folder := os.Getenv(keeping); folder != "" && size > importedEdges {
		path = filepath.Join(folder, fmt.Sprintf("graph-%d.db", size))
	}
	s, err := localstore.Open(context.Background(), path, localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if edgesOf(t, s) >= size {
		return s
	}
	start := time.Now()
	for b := range storetest.Generate(size) {
		if _, err := s.Apply(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d edges into the local store in %s", size, time.Since(start))
	return s
}

// bulkLoaded is a server whose database is imported from the store's export.
func bulkLoaded(t *testing.T, s graph.Store) (*neo4jtest.Server, graph.Store) {
	t.Helper()
	start := time.Now()
	server := measured(t)
	folder := filepath.Join(server.Home, "files")
	files, err := neo4jadmin.Export(t.Context(), s, folder, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("exported in %s", time.Since(start))
	written, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range written { // neo4j-admin runs in the home
		if err := os.Rename(filepath.Join(folder, file.Name()), filepath.Join(server.Home, file.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Admin(t.Context(), files.Command("neo4j")[1:]...); err != nil {
		t.Fatal(err)
	}
	server.Restart(t)
	served := openServed(t, server)
	t.Logf("bulk loaded in %s", time.Since(start))
	return server, served
}

// measured is a server with the memory and the compiler of one in use. It does
// not run yet.
func measured(t *testing.T) *neo4jtest.Server {
	t.Helper()
	return neo4jtest.New(t, neo4jtest.Options{Heap: "2g", PageCache: "3g", Optimized: true})
}

func openServed(t *testing.T, server *neo4jtest.Server) graph.Store {
	t.Helper()
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// evidenceQuery is how a program of its own would read the passages of facts.
const evidenceQuery = `UNWIND $rows AS row
CALL (row) {
  MATCH (t:Tally {id: row.home})-[a:ATTESTED_BY]->(p:Passage)-[:PART_OF]->(d:Document)
  WHERE a.fact = row.fact
  RETURN a, p, d
  ORDER BY a.stance DESC, coalesce(a.confidence, 0.0) DESC, d.id, p.start, a.key
  LIMIT 3
}
RETURN row.fact, a, p.id, p.quote, p.start, p.end, d.id, d.title, d.uri, d.published`

// overHTTP asks a question through the API, and runs the same Cypher over the
// bare driver: the look-up of the actor, the pattern, the passages.
func overHTTP(t *testing.T, page io.Writer) {
	ctx := t.Context()
	local := generated(t, 100_000)
	defer local.Close()
	server, served := bulkLoaded(t, local)
	defer served.Close()
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	handler, err := api.New(api.Options{Store: served, Lexicon: lex, UploadBytes: 1, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	service := httptest.NewServer(handler)
	defer service.Close()
	throughAPI := func() error {
		response, err := http.Get(service.URL + "/v1/questions/breached-promises?by=state:GUA")
		if err != nil {
			return err
		}
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("status %s", response.Status)
		}
		return err
	}

	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(ctx)
	question, err := graph.QuestionNamed("breached-promises")
	if err != nil {
		t.Fatal(err)
	}
	arguments := graph.Arguments{graph.By: "state:GUA"}
	query, err := cypher.Question(question, arguments, graph.DefaultLimit+1)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := question.Ask(ctx, served, arguments, graph.DefaultLimit, "")
	if err != nil {
		t.Fatal(err)
	}
	facts, seen := []map[string]any{}, map[string]bool{}
	for _, row := range answer.Rows {
		for _, hop := range row.Hops {
			for _, fact := range hop.Facts() {
				if !seen[fact] {
					seen[fact] = true
					facts = append(facts, map[string]any{"fact": fact, "home": layout.Home(fact)})
				}
			}
		}
	}
	run := func(text string, parameters map[string]any) error {
		_, err := neo4j.ExecuteQuery(ctx, driver, text, parameters, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithReadersRouting())
		return err
	}
	bare := func() error {
		return errors.Join(
			run("MATCH (n:Actor {id: $id}) RETURN n", map[string]any{"id": "state:GUA"}),
			run(query.Text, query.Parameters),
			run(evidenceQuery, map[string]any{"rows": facts}))
	}
	medians := paired(t, 301, throughAPI, bare)
	fmt.Fprintf(page, "## The API against the bare driver\n\n`breached-promises` for one actor in a graph of 10⁵ edges in Neo4j, with all passages, "+
		"through the HTTP API, and the same Cypher (the actor, the pattern, the passages) over the driver alone.\n\n"+
		"| through the API | over the driver | ratio |\n|---|---|---|\n| %s | %s | %s |\n\n", ms(medians[0]), ms(medians[1]), ratio(medians[0], medians[1]))
}

// importing writes the same claims by Pacta and by a script of UNWIND statements.
func importing(t *testing.T, page io.Writer) {
	local := generated(t, importedEdges)
	defer local.Close()
	server := measured(t)
	server.Restart(t)
	served := openServed(t, server)
	defer served.Close()
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	script, err := newScript(t, local, driver)
	if err != nil {
		t.Fatal(err)
	}
	clear := func() {
		if _, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (n) WHERE NOT n:Pacta DETACH DELETE n", nil, neo4j.EagerResultTransformer); err != nil {
			t.Fatal(err)
		}
	}
	const rounds = 3
	ways := []func() error{script.run, pactaImport(served, 1), pactaImport(served, 2), pactaImport(served, 4)}
	times := make([][]time.Duration, len(ways))
	for round := range rounds + 1 {
		for i, way := range ways {
			clear()
			start := time.Now()
			if err := way(); err != nil {
				t.Fatal(err)
			}
			if round >= 1 {
				times[i] = append(times[i], time.Since(start))
			}
		}
	}
	fmt.Fprintf(page, "## Importing into Neo4j\n\nThe claims of a graph of %d edges, a transaction a document. The script writes the nodes and edges that people see, "+
		"which it is given ready-made, by `UNWIND … MERGE` over the driver; Pacta also folds and infers them, and writes the record by which every document can be withdrawn.\n\n"+
		"| way | time | ratio |\n|---|---|---|\n", edgesOf(t, local))
	for i, name := range []string{"script", "Pacta, 1 worker", "Pacta, 2 workers", "Pacta, 4 workers"} {
		slices.Sort(times[i])
		fmt.Fprintf(page, "| %s | %s | %s |\n", name, ms(times[i][rounds/2]), ratio(times[i][rounds/2], times[0][rounds/2]))
	}
	fmt.Fprintln(page)
}

func pactaImport(s graph.Store, workers int) func() error {
	return func() error {
		group := errgroup.Group{}
		group.SetLimit(workers)
		for b := range storetest.Generate(importedEdges) {
			group.Go(func() error {
				_, err := s.Apply(context.Background(), b)
				return err
			})
		}
		return group.Wait()
	}
}

// A script is the graph of a store, document by document, as rows for UNWIND.
type script struct {
	ctx       context.Context
	driver    neo4j.DriverWithContext
	documents []map[string][]map[string]any // statements with their rows
}

func newScript(t *testing.T, s graph.Store, driver neo4j.DriverWithContext) (*script, error) {
	sc := &script{ctx: t.Context(), driver: driver}
	const perDocument = 1000 // nodes and edges of a transaction, about a document's
	var nodes, edges []map[string][]map[string]any
	add := func(to *[]map[string][]map[string]any, n *int, statement string, row map[string]any) {
		if *n%perDocument == 0 {
			*to = append(*to, map[string][]map[string]any{})
		}
		*n++
		last := (*to)[len(*to)-1]
		last[statement] = append(last[statement], row)
	}
	plain := func(p graph.Properties) map[string]any {
		values := map[string]any{}
		for name, value := range p {
			values[string(name)] = value
		}
		return values
	}
	nodeCount, edgeCount := 0, 0
	err := s.Export(t.Context(), func(n graph.Node) error {
		properties := plain(n.Properties)
		properties["name"] = n.Name
		add(&nodes, &nodeCount, fmt.Sprintf("UNWIND $rows AS row MERGE (n:%s {id: row.id}) SET n += row.properties", n.Label),
			map[string]any{"id": n.ID, "properties": properties})
		return nil
	}, func(e graph.Edge) error {
		properties := plain(e.Properties)
		properties["key"] = e.Key
		add(&edges, &edgeCount, fmt.Sprintf("UNWIND $rows AS row MATCH (a:%s {id: row.from}) MATCH (b:%s {id: row.to}) MERGE (a)-[r:%s {key: row.key}]->(b) SET r = row.properties",
			graph.LabelOf(e.From), graph.LabelOf(e.To), e.Type), map[string]any{"from": e.From, "to": e.To, "key": e.Key, "properties": properties})
		return nil
	})
	sc.documents = append(nodes, edges...)
	return sc, err
}

func (sc *script) run() error {
	session := sc.driver.NewSession(sc.ctx, neo4j.SessionConfig{})
	defer session.Close(sc.ctx)
	for _, document := range sc.documents {
		_, err := session.ExecuteWrite(sc.ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			for statement, rows := range document {
				result, err := tx.Run(sc.ctx, statement, map[string]any{"rows": rows})
				if err != nil {
					return nil, err
				}
				if _, err := result.Consume(sc.ctx); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
