package localstore

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pacta/graph"
	"pacta/graph/storetest"
)

func open(tb testing.TB) graph.Store {
	tb.Helper()
	s, err := Open(context.Background(), filepath.Join(tb.TempDir(), "graph.db"), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

func TestStore(t *testing.T) { storetest.Run(t, open) }

func TestSecondWriterIsRefusedAndReadersAreNot(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "graph.db")
	writer, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if _, err := Open(ctx, path, Options{}); !errors.Is(err, graph.ErrLocked) ||
		!strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("second writer: %v", err)
	}
	reader, err := Open(ctx, path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := reader.Check(ctx); err != nil {
		t.Error(err)
	}
	for batch := range storetest.Generate(0) {
		if _, err := reader.Apply(ctx, batch); !errors.Is(err, graph.ErrInvalid) {
			t.Errorf("a reader wrote: %v", err)
		}
		if _, err := writer.Apply(ctx, batch); err != nil {
			t.Error(err)
		}
	}
	if _, err := reader.Node(ctx, "state:GUA"); err != nil {
		t.Errorf("the reader does not see what was written: %v", err)
	}
}

func TestFilesThatAreNoStore(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want error
	}{
		"missing": {func(*testing.T, string) {}, graph.ErrNotFound},
		"rubbish": {func(t *testing.T, path string) { write(t, path, strings.Repeat("no database ", 500)) }, graph.ErrCorrupt},
		"another program's": {func(t *testing.T, path string) {
			execute(t, path, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
		}, graph.ErrCorrupt},
		"newer": {func(t *testing.T, path string) {
			s, err := Open(ctx, path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			_ = s.Close()
			execute(t, path, "PRAGMA user_version = 99")
		}, graph.ErrVersion},
		"torn": {func(t *testing.T, path string) {
			s, err := Open(ctx, path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for batch := range storetest.Generate(2000) {
				if _, err := s.Apply(ctx, batch); err != nil {
					t.Fatal(err)
				}
			}
			_ = s.Close()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := 100; i < 4096*8; i++ {
				data[i] = 'x'
			}
			write(t, path, string(data))
		}, graph.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "graph.db")
			c.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := Open(ctx, path, Options{ReadOnly: true})
			if err == nil {
				err = s.Check(ctx)
				_ = s.Close()
			}
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if errors.Is(c.want, graph.ErrNotFound) {
				return
			}
			if s, err := Open(ctx, path, Options{}); err == nil {
				_ = s.Close()
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func execute(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}

// TestMigration opens a store as version 0 left it: an empty file.
func TestMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	write(t, path, "")
	if _, err := Open(context.Background(), path, Options{ReadOnly: true}); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("reading an older store: %v", err)
	}
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

var scan = regexp.MustCompile(`^SCAN (?:node|edge|evidence|tally|batch|document|n\d|e\d|a\d|m\d)\b`)

// noScan reads the query's plan.
func noScan(t *testing.T, s *Store, query string, args ...any) {
	t.Helper()
	err := each(context.Background(), s.read, "EXPLAIN QUERY PLAN "+query, args, func(row func(...any) error) error {
		var id, parent, unused int
		var detail string
		if err := row(&id, &parent, &unused, &detail); err != nil {
			return err
		}
		if scan.MatchString(detail) {
			t.Errorf("%s\n%s", detail, query)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoImportScansATable(t *testing.T) {
	s := open(t).(*Store)
	for _, query := range statements {
		noScan(t, s, query, make([]any, strings.Count(query, "?"))...)
	}
}

// TestNoQuestionScansATable reads the plan of every pattern of every question.
func TestNoQuestionScansATable(t *testing.T) {
	s := open(t).(*Store)
	patterns := 0
	for p := range storetest.QuestionPatterns(t) {
		patterns++
		query, args, err := compile(p)
		if err != nil {
			t.Fatal(err)
		}
		noScan(t, s, query, args...)
	}
	if patterns < 20 {
		t.Errorf("only %d patterns were read", patterns)
	}
}

// killed is the environment variable by which the test runs itself as the
// importer that is going to be killed.
const killed = "LOCALSTORE_TEST_IMPORT_INTO"

func TestMain(m *testing.M) {
	if path := os.Getenv(killed); path != "" {
		importAll(path)
	}
	os.Exit(m.Run())
}

// importAll applies generated batches and says so after each.
func importAll(path string) {
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for batch := range storetest.Generate(20_000) {
		if _, err := s.Apply(context.Background(), batch); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(batch.Document.ID())
	}
	os.Exit(0)
}

func TestKilledWhileImporting(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "graph.db")
	reported := map[string]bool{}
	for round := range 12 {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), killed+"="+path)
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(20+rand.IntN(200))*time.Millisecond, func() { _ = command.Process.Kill() })
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			reported[lines.Text()] = true
		}
		_ = command.Wait() // killed
		timer.Stop()

		s, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		var sound string
		if err := s.read.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
			t.Fatalf("round %d: integrity %q, %v", round, sound, err)
		}
		there := map[string]bool{}
		if err := s.Batches(ctx, func(b *graph.Batch) error {
			there[b.Document.ID()] = true
			return b.Validate()
		}); err != nil {
			t.Fatal(err)
		}
		for document := range reported {
			if !there[document] {
				t.Errorf("round %d: %s was reported as imported and is lost", round, document)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	interrupted, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer interrupted.Close()
	whole := open(t)
	for batch := range storetest.Generate(20_000) {
		for _, s := range []graph.Store{interrupted, whole} {
			if _, err := s.Apply(ctx, batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	if storetest.Dump(t, interrupted) != storetest.Dump(t, whole) {
		t.Error("an interrupted import that went on gives another graph")
	}
	t.Logf("%d documents were reported before a kill", len(reported))
}

// TestGeneratedSize holds the sizes that the benchmarks name.
func TestGeneratedSize(t *testing.T) {
	const size = 5000
	s := open(t)
	for batch := range storetest.Generate(size) {
		if _, err := s.Apply(context.Background(), batch); err != nil {
			t.Fatal(err)
		}
	}
	statistics, err := s.Statistics(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	edges := 0
	for _, n := range statistics.Edges {
		edges += n
	}
	if edges < size || edges > size*11/10 {
		t.Errorf("%d edges, want %d to a tenth more", edges, size)
	}
}

func BenchmarkApply(b *testing.B) {
	facts := 0
	for b.Loop() {
		s := open(b)
		facts = 0
		for batch := range storetest.Generate(20_000) {
			change, err := s.Apply(context.Background(), batch)
			if err != nil {
				b.Fatal(err)
			}
			facts += change.Claims
		}
		_ = s.Close()
	}
	b.ReportMetric(float64(facts)*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkBreachedPromises asks for one guarantor's breached promises in ever
// larger graphs; the answer has the same size in each. The fastest answer is the
// one that other work on the machine disturbed least.
func BenchmarkBreachedPromises(b *testing.B) {
	question, err := graph.QuestionNamed("breached-promises")
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("edges=%d", size), func(b *testing.B) {
			if size > 100_000 && testing.Short() {
				b.Skip("building a million edges takes minutes; run without -short")
			}
			s := open(b)
			for batch := range storetest.Generate(size) {
				if _, err := s.Apply(context.Background(), batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			fastest := time.Hour
			for b.Loop() {
				start := time.Now()
				answer, err := question.Ask(context.Background(), s, graph.Arguments{graph.By: "state:GUA"}, 25, "")
				if err != nil || len(answer.Rows) != 25 {
					b.Fatalf("%d rows, %v", len(answer.Rows), err)
				}
				fastest = min(fastest, time.Since(start))
			}
			b.ReportMetric(float64(fastest.Microseconds())/1000, "ms-fastest")
		})
	}
}
