package importer_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pacta/graph"
	"pacta/graph/localstore"
	"pacta/graph/storetest"
	"pacta/importer"
)

// flaky is a store whose server goes away after some batches, until a time.
type flaky struct {
	graph.Store
	mutex sync.Mutex
	good  int // batches until it goes away
	back  time.Time
	tries int
	late  bool // applies a batch before it says that it is away
}

func (f *flaky) Apply(ctx context.Context, b *graph.Batch) (graph.Change, error) {
	f.mutex.Lock()
	f.good--
	away := f.good < 0 && time.Now().Before(f.back)
	if away {
		f.tries++
	}
	late := away && f.late
	f.mutex.Unlock()
	if away && !late {
		return graph.Change{}, fmt.Errorf("apply: %w", graph.ErrUnreachable)
	}
	change, err := f.Store.Apply(ctx, b)
	if late && err == nil {
		return graph.Change{}, fmt.Errorf("apply: %w", graph.ErrUnreachable)
	}
	return change, err
}

// letters are twelve documents.
func letters() []importer.Source {
	var sources []importer.Source
	for year := 1900; year < 1912; year++ {
		sources = append(sources, importer.Bytes(fmt.Sprint(year, ".txt"), fmt.Appendf(nil, "In %d Chile and Peru signed the Treaty of Lima.", year)))
	}
	return sources
}

// during imports the letters into a store that is away for a while, and gives
// the report, what was said of the wait and how long it took.
func during(t *testing.T, ctx context.Context, store *flaky, patience time.Duration) (importer.Report, []bool, time.Duration, error) {
	t.Helper()
	var said []bool
	o := options(t, store)
	o.Patience, o.Waiting = patience, func(waiting bool) { said = append(said, waiting) }
	began := time.Now()
	report, err := importer.New(o).Import(ctx, letters())
	return report, said, time.Since(began), err
}

// holds checks that every document that was reported as imported is there.
func holds(t *testing.T, store graph.Store, report importer.Report) {
	t.Helper()
	for _, result := range report.Results {
		if _, err := store.Document(context.Background(), result.Document); err != nil {
			t.Errorf("%s is %s: %v", result.Source, result.Outcome, err)
		}
	}
}

// inBubble gives a store within a bubble in which time passes at once.
func inBubble(t *testing.T, test func(t *testing.T, store graph.Store)) {
	path := filepath.Join(t.TempDir(), "graph.db")
	synctest.Test(t, func(t *testing.T) {
		store, err := localstore.Open(context.Background(), path, localstore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		test(t, store)
	})
}

func TestImportWaitsForAServerThatComesBack(t *testing.T) {
	for _, late := range []bool{false, true} {
		inBubble(t, func(t *testing.T, inner graph.Store) {
			store := &flaky{Store: inner, good: 4, back: time.Now().Add(time.Minute), late: late}
			report, said, took, err := during(t, t.Context(), store, 5*time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Results) != 12 || report.Failed() {
				t.Errorf("report %+v", report)
			}
			if !slices.Equal(said, []bool{true, false}) {
				t.Errorf("of the wait it said %v", said)
			}
			// three workers, each after 0.5, 1, 2, 4, 8, 10, 10 … seconds
			if took < time.Minute || took > 75*time.Second || store.tries > 3*10 {
				t.Errorf("%d tries in %s", store.tries, took)
			}
			holds(t, inner, report)
			fresh := openStore(t)
			importAll(t, fresh, letters())
			if storetest.Dump(t, inner) != storetest.Dump(t, fresh) {
				t.Error("the graph is not what an import without a break gives")
			}
		})
	}
}

func TestImportDoesNotWaitForEver(t *testing.T) {
	for _, patience := range []time.Duration{0, time.Minute} {
		inBubble(t, func(t *testing.T, inner graph.Store) {
			store := &flaky{Store: inner, good: 4, back: time.Now().Add(time.Hour)}
			report, said, took, err := during(t, t.Context(), store, patience)
			if !errors.Is(err, graph.ErrUnreachable) {
				t.Fatal(err)
			}
			if len(said) != min(1, int(patience)) || took != patience {
				t.Errorf("waited %s, said %v", took, said)
			}
			if n := len(report.Results); n > 4 || patience > 0 && n < 4 { // without patience one stops the others
				t.Errorf("%d results", n)
			}
			holds(t, inner, report)
		})
	}
}

func TestImportThatWaitsCanBeStopped(t *testing.T) {
	inBubble(t, func(t *testing.T, inner graph.Store) {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		store := &flaky{Store: inner, good: 4, back: time.Now().Add(time.Hour)}
		report, _, took, err := during(t, ctx, store, 5*time.Minute)
		if !errors.Is(err, context.DeadlineExceeded) || took != time.Second || len(report.Results) != 4 {
			t.Errorf("%v after %s with %d results", err, took, len(report.Results))
		}
		holds(t, inner, report)
	})
}
