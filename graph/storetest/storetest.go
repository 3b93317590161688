// Package storetest is the contract of graph.Store: every promise of the
// interface is a case here, and the suite runs unchanged on every store. It is
// imported by tests alone.
package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pacta/graph"
)

// Open makes a fresh, empty store for a case and closes it when the case ends.
// A store that was opened before is closed and gone.
type Open func(tb testing.TB) graph.Store

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, graph.Store)
	}{
		{"round trip", roundTrip},
		{"same batch twice", sameBatchTwice},
		{"a second reading replaces the first", replaced},
		{"a passage is there while a batch cites it", citing},
		{"a bad batch changes nothing", badBatch},
		{"what is only denied bears nothing", onlyDenied},
		{"another text under the same hash", conflict},
		{"missing things", missing},
		{"use after close", afterClose},
		{"cancelled context", cancelled},
		{"find and names", find},
		{"search", search},
		{"evidence", evidence},
		{"batches come in order", batchesInOrder},
		{"statistics", statistics},
		{"filters", filters},
		{"optional, absent and as of", shapes},
		{"pages are complete and survive inserts", pages},
		{"bad patterns", badPatterns},
		{"stated breaches", stated},
		{"inferred breaches", inferred},
		{"a breach does not precede its promise", timeOrder},
		{"triggers and outcomes", triggers},
		{"undated violations merge and part", undated},
		{"sources that disagree", disagreement},
		{"withdrawing", withdrawing},
		{"questions", questions},
		{"hostile names", hostileNames},
		{"parallel writers", parallel},
		{"paths", paths},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
	t.Run("order, repetition and withdrawal change nothing", func(t *testing.T) { orderDoesNotMatter(t, open) })
	t.Run("random questions", func(t *testing.T) { randomQuestions(t, open) })
}

// A story is a document in the making: each sentence is a fact with itself as
// its quote.
type story struct {
	batch *graph.Batch
}

// tell begins a document. Names that differ give documents that differ.
func tell(name string) *story {
	sum := sha256.Sum256([]byte(name))
	return &story{&graph.Batch{Extractor: "test", Document: graph.Document{
		SHA256: hex.EncodeToString(sum[:]), URI: name + ".txt", Title: name, MediaType: "text/plain", Language: "en",
	}}}
}

func (s *story) quote(format string, args ...any) []graph.Evidence {
	text := fmt.Sprintf(format, args...) + "."
	start := len(s.batch.Document.Text)
	s.batch.Document.Text += text + "\n"
	return []graph.Evidence{{Quote: text, Start: start, End: start + len(text), Confidence: 0.9, Extractor: "test", Rule: "test", Stance: graph.Supports}}
}

func (s *story) actor(codes ...string) {
	for _, code := range codes {
		claim := graph.ActorClaim{ID: "state:" + code, Name: "Land " + code, Kind: graph.State}
		known := false
		for _, a := range s.batch.Actors {
			known = known || a.ID == claim.ID
		}
		if !known && code != "" {
			s.batch.Actors = append(s.batch.Actors, claim)
		}
	}
}

func state(code string) string {
	if code == "" {
		return ""
	}
	return "state:" + code
}

func (s *story) instrument(id string, date graph.Date) *story {
	s.batch.Instruments = append(s.batch.Instruments, graph.InstrumentClaim{
		ID: id, Name: "The " + id, Kind: graph.Treaty, Date: date, Binding: graph.LegallyBinding, Status: graph.Agreed,
		Evidence: s.quote("The %s was made in %s", id, date),
	})
	return s
}

func (s *story) party(code, instrument string, role graph.Role) *story {
	s.actor(code)
	s.batch.Parties = append(s.batch.Parties, graph.PartyClaim{
		Actor: state(code), Instrument: instrument, Role: role, Evidence: s.quote("%s is %s of %s", code, role, instrument),
	})
	return s
}

func (s *story) owes(bearer string, kind graph.ObligationKind, beneficiary, instrument string) *story {
	s.actor(bearer, beneficiary)
	claim := graph.ObligationClaim{
		Instrument: instrument, Bearer: state(bearer), Kind: kind, Status: graph.Agreed,
		Evidence: s.quote("%s owes %s %s under %s", bearer, kind, beneficiary, instrument),
	}
	if beneficiary != "" {
		claim.Beneficiaries = []string{state(beneficiary)}
	}
	s.batch.Obligations = append(s.batch.Obligations, claim)
	return s
}

func (s *story) violates(perpetrator string, kind graph.ViolationKind, victim string, date graph.Date, breaks ...string) *story {
	s.actor(perpetrator, victim)
	claim := graph.ViolationClaim{
		Perpetrator: state(perpetrator), Victim: state(victim), Kind: kind, Date: date, Standing: graph.Alleged,
		Evidence: s.quote("%s did %s to %s in %s", perpetrator, kind, victim, date),
	}
	s.batch.Violations = append(s.batch.Violations, claim)
	for _, instrument := range breaks {
		s.batch.Breaches = append(s.batch.Breaches, graph.BreachClaim{
			Violation: claim.ID(), Instrument: instrument, Evidence: s.quote("That broke %s", instrument),
		})
	}
	return s
}

func (s *story) responds(actor string, kind graph.ResponseKind) *story {
	s.actor(actor)
	last := s.batch.Violations[len(s.batch.Violations)-1]
	s.batch.Responses = append(s.batch.Responses, graph.ResponseClaim{
		Violation: last.ID(), Actor: state(actor), Kind: kind, Evidence: s.quote("%s answered by %s", actor, kind),
	})
	return s
}

func apply(tb testing.TB, s graph.Store, stories ...*story) {
	tb.Helper()
	for _, told := range stories {
		if _, err := s.Apply(context.Background(), told.batch); err != nil {
			tb.Fatalf("%s: %v", told.batch.Document.URI, err)
		}
	}
}

// Dump is all that a store exports, as text that can be compared. An edge that
// dangles fails the test.
func Dump(tb testing.TB, s graph.Store) string {
	tb.Helper()
	var b strings.Builder
	write := func(value any) error {
		data, err := json.Marshal(value)
		b.Write(append(data, '\n'))
		return err
	}
	shown := map[string]bool{}
	err := s.Export(context.Background(), func(n graph.Node) error {
		shown[n.ID] = true
		return write(n)
	}, func(e graph.Edge) error {
		if !shown[e.From] || !shown[e.To] {
			tb.Errorf("edge %s has an end that is not shown", e.ID())
		}
		return write(e)
	})
	if err == nil {
		err = s.Batches(context.Background(), func(batch *graph.Batch) error { return write(batch) })
	}
	if err == nil {
		err = s.Records(context.Background(), func(r graph.Record) error { return write(r) })
	}
	if err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// edges are the ids of all edges of a type with the values of a property.
func edges(tb testing.TB, s graph.Store, t graph.EdgeType, property graph.Property) []string {
	tb.Helper()
	var found []string
	err := s.Export(context.Background(), func(graph.Node) error { return nil }, func(e graph.Edge) error {
		if e.Type == t {
			found = append(found, strings.TrimSuffix(e.From+" "+e.To+" "+e.Properties.Text(property), " "))
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

func same(tb testing.TB, what string, want, got any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func is(tb testing.TB, want, got error) {
	tb.Helper()
	if !errors.Is(got, want) {
		tb.Errorf("got error %v, want %v", got, want)
	}
}
