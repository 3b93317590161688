package neo4jstore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/graph/neo4jstore"
	"pacta/graph/storetest"
	neo4jtest "pacta/testdata/neo4j"
)

// The variables by which a test runs itself as an importer in a process of
// its own: where to import, with which password, and in which order.
const (
	importInto = "NEO4JSTORE_TEST_IMPORT_INTO"
	importWith = "NEO4JSTORE_TEST_PASSWORD"
	importSeed = "NEO4JSTORE_TEST_SEED"
)

// importEdges is about how many edges the importers of a test write.
const importEdges = 6000

// importAll applies the generated batches in the seed's order, and says so
// after each.
func importAll(uri, password string, seed uint64) error {
	ctx := context.Background()
	s, err := neo4jstore.Open(ctx, neo4jstore.Options{URI: uri, User: "neo4j", Password: password})
	if err != nil {
		return err
	}
	defer s.Close()
	batches := slices.Collect(storetest.Generate(importEdges))
	order := rand.New(rand.NewPCG(seed, seed))
	order.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	for _, b := range batches {
		if _, err := s.Apply(ctx, b); err != nil {
			return err
		}
		fmt.Println(b.Document.ID())
	}
	return nil
}

// importAsAsked is what TestMain does in a process that a test started.
func importAsAsked(uri string) int {
	seed, err := strconv.ParseUint(os.Getenv(importSeed), 10, 64)
	if err == nil {
		err = importAll(uri, os.Getenv(importWith), seed)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// undisturbed is what an export is after the batches came one after the other,
// in the local store: stores that hold the same export the same.
func undisturbed(t *testing.T) string {
	t.Helper()
	s, err := localstore.Open(context.Background(), filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for b := range storetest.Generate(importEdges) {
		if _, err := s.Apply(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	return storetest.Dump(t, s)
}

// TestSeveralImporters lets two goroutines and two other processes import the
// same documents at once, each in an order of its own.
func TestSeveralImporters(t *testing.T) {
	s := open(t)
	server := neo4jtest.Shared(t)
	var group sync.WaitGroup
	for seed := range uint64(2) {
		group.Go(func() {
			if err := importAll(server.URI, server.Password, seed); err != nil {
				t.Errorf("goroutine %d: %v", seed, err)
			}
		})
		group.Go(func() {
			command := exec.Command(os.Args[0])
			command.Env = append(os.Environ(), importInto+"="+server.URI, importWith+"="+server.Password, importSeed+"="+strconv.FormatUint(seed+2, 10))
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("process %d: %v\n%s", seed+2, err, out)
			}
		})
	}
	group.Wait()
	if storetest.Dump(t, s) != undisturbed(t) {
		t.Error("importing at once gives another graph than importing one after the other")
	}
}

// kills is how often TestServerKilled kills the server; each costs a start.
// The variable asks for more.
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("PACTA_TEST_KILLS"))
	if err != nil {
		return 2
	}
	t.Logf("%d kills", n)
	return n
}

// TestServerKilled kills the server at random moments of an import, which goes
// on when the server is back. Nothing that was reported may be lost.
func TestServerKilled(t *testing.T) {
	server := neo4jtest.Start(t)
	ctx := context.Background()
	batches := slices.Collect(storetest.Generate(importEdges))
	reported := map[string]bool{}
	next := 0
	for round := range kills(t) + 1 {
		last := round == kills(t)
		s, err := neo4jstore.Open(ctx, options(server))
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if !last {
			time.AfterFunc(time.Duration(50+rand.IntN(1500))*time.Millisecond, server.Kill)
		}
		for ; next < len(batches) || !last; next++ {
			b := batches[next%len(batches)] // once all are there, they come again
			_, err := s.Apply(ctx, b)
			if errors.Is(err, graph.ErrUnreachable) {
				break // the next round goes on with this batch
			}
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			reported[b.Document.ID()] = true
		}
		_ = s.Close()
		if last {
			break
		}
		server.Restart(t)
		holds(t, server, reported)
	}
	s, err := neo4jstore.Open(ctx, options(server))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if storetest.Dump(t, s) != undisturbed(t) {
		t.Error("an import through kills of the server gives another graph")
	}
}

// holds fails where a document that was reported as imported is not there.
func holds(t *testing.T, server *neo4jtest.Server, reported map[string]bool) {
	t.Helper()
	s, err := neo4jstore.Open(context.Background(), options(server))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	there := map[string]bool{}
	if err := s.Batches(context.Background(), func(b *graph.Batch) error { there[b.Document.ID()] = true; return b.Validate() }); err != nil {
		t.Fatal(err)
	}
	for document := range reported {
		if !there[document] {
			t.Errorf("%s was reported as imported and is lost", document)
		}
	}
}

// TestImporterKilled kills an importing process; the transaction that it left
// open is undone and keeps nobody from writing.
func TestImporterKilled(t *testing.T) {
	s := open(t)
	server := neo4jtest.Shared(t)
	reported := map[string]bool{}
	for round := range 3 {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), importInto+"="+server.URI, importWith+"="+server.Password, importSeed+"="+strconv.Itoa(round))
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(300+rand.IntN(1200))*time.Millisecond, func() { _ = command.Process.Kill() })
		for lines := bufio.NewScanner(out); lines.Scan(); {
			reported[lines.Text()] = true
		}
		_ = command.Wait() // killed
		kill.Stop()
	}
	holds(t, server, reported)
	if err := importAll(server.URI, server.Password, 9); err != nil {
		t.Fatal(err)
	}
	if storetest.Dump(t, s) != undisturbed(t) {
		t.Error("an interrupted import that went on gives another graph")
	}
}
