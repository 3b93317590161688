package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pacta/graph"
)

func roundTrip(t *testing.T, s graph.Store) {
	ctx := context.Background()
	told := tell("all").instrument("pact", "1925-12").party("AAA", "pact", graph.Guarantor).owes("AAA", graph.MutualDefense, "BBB", "pact")
	told.violates("CCC", graph.Invasion, "BBB", "1930-02-03", "pact").responds("AAA", graph.Sanctions)
	o := &told.batch.Obligations[0]
	o.Provision, o.Condition = "Article 4", "if attacked ‘first’; DROP TABLE node; {n}"
	told.batch.Events = []graph.EventClaim{{
		Dataset: "wars", Key: "17", Name: "A war", Date: "1930",
		Triggers: []graph.EventTrigger{{Obligation: o.ID(), Outcome: graph.Violated}}, Evidence: told.quote("The war came"),
	}}
	told.batch.Document.Author, told.batch.Document.Published = "Someone", "1999"
	apply(t, s, told)

	node, err := s.Node(ctx, "pact.mutual-defense.AAA")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "obligation", graph.Node{
		ID: "pact.mutual-defense.AAA", Label: graph.ObligationLabel, Name: "Land AAA owes mutual-defense to Land BBB (The pact)",
		Properties: graph.Properties{
			graph.Kind: "mutual-defense", graph.StatusOf: "agreed", graph.Since: "1925-12", graph.Provision: "Article 4", graph.Condition: o.Condition,
		},
	}, node)
	node, err = s.Node(ctx, told.batch.Document.ID())
	if err != nil || node.Properties.Text(graph.Author) != "Someone" || node.Properties.Text(graph.Published) != "1999" {
		t.Errorf("document node %+v, %v", node, err)
	}
	document, err := s.Document(ctx, told.batch.Document.ID())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "document", told.batch.Document, document)
	var batches []*graph.Batch
	if err := s.Batches(ctx, func(b *graph.Batch) error { batches = append(batches, b); return nil }); err != nil {
		t.Fatal(err)
	}
	same(t, "batches", []*graph.Batch{told.batch}, batches)
	same(t, "event", []string{"event:wars.17 pact.mutual-defense.AAA violated"}, slices.DeleteFunc(edges(t, s, graph.Triggers, graph.OutcomeOf),
		func(e string) bool { return e[:5] != "event" }))
	same(t, "responses", []string{"state:AAA violation:CCC.invasion.BBB.1930 sanctions"}, edges(t, s, graph.RespondedTo, graph.Kind))
	same(t, "parties", []string{"state:AAA pact guarantor"}, edges(t, s, graph.PartyTo, graph.RoleOf))
}

func sameBatchTwice(t *testing.T, s graph.Store) {
	told := tell("twice").instrument("pact", "1925").violates("AAA", graph.Invasion, "BBB", "1930", "pact")
	apply(t, s, told)
	before := Dump(t, s)
	change, err := s.Apply(context.Background(), told.batch)
	if err != nil || !change.Unchanged || change.Replaced {
		t.Errorf("got %+v, %v", change, err)
	}
	same(t, "dump", before, Dump(t, s))
	// the same bytes from another place: the smaller name stays in either order
	other := *told.batch
	other.Document.URI = "a/" + other.Document.URI
	if _, err := s.Apply(context.Background(), &other); err != nil {
		t.Fatal(err)
	}
	moved := Dump(t, s)
	apply(t, s, told)
	same(t, "dump after the other name", moved, Dump(t, s))
}

func replaced(t *testing.T, s graph.Store) {
	first := tell("read twice").instrument("pact", "1925").owes("AAA", graph.Ceasefire, "BBB", "pact")
	apply(t, s, first)
	second := tell("read twice").instrument("pact", "1925").owes("AAA", graph.Ceasefire, "BBB", "pact")
	second.batch.Obligations = nil
	second.batch.Actors = nil
	change, err := s.Apply(context.Background(), second.batch)
	if err != nil || !change.Replaced {
		t.Errorf("got %+v, %v", change, err)
	}
	_, err = s.Node(context.Background(), "pact.ceasefire.AAA")
	is(t, graph.ErrNotFound, err)
	_, err = s.Node(context.Background(), "state:AAA")
	is(t, graph.ErrNotFound, err)
}

func citing(t *testing.T, s graph.Store) {
	told := tell("cited twice").instrument("pact", "1925").owes("AAA", graph.Ceasefire, "BBB", "pact")
	apply(t, s, told)
	both := Dump(t, s)
	other := *told.batch
	other.Extractor = "another"
	less := other
	less.Actors, less.Obligations = nil, nil
	passages := func(want int) {
		t.Helper()
		got, err := s.Statistics(context.Background())
		if err != nil || got.Nodes[graph.PassageLabel] != want || got.Edges[graph.PartOf] != want {
			t.Errorf("%v, %v; want %d passages", got, err, want)
		}
	}
	apply(t, s, &story{&other})
	passages(2)
	apply(t, s, &story{&less})
	passages(2) // the first extractor cites both
	none := *told.batch
	none.Actors, none.Instruments, none.Obligations = nil, nil, nil
	apply(t, s, &story{&none})
	passages(1)
	other.Actors, other.Instruments, other.Obligations = nil, nil, nil
	apply(t, s, &story{&other})
	passages(0)
	if err := s.Withdraw(context.Background(), told.batch.Document.ID()); err != nil {
		t.Fatal(err)
	}
	apply(t, s, told)
	same(t, "dump", both, Dump(t, s))
}

func badBatch(t *testing.T, s graph.Store) {
	apply(t, s, tell("good").instrument("pact", "1925"))
	before := Dump(t, s)
	for name, spoil := range map[string]func(*graph.Batch){
		"quote":     func(b *graph.Batch) { b.Instruments[0].Evidence[0].Quote = "something else" },
		"offsets":   func(b *graph.Batch) { b.Instruments[0].Evidence[0].End = 1 << 30 },
		"kind":      func(b *graph.Batch) { b.Obligations[0].Kind = "kindness" },
		"reference": func(b *graph.Batch) { b.Obligations[0].Bearer = "state:XXX" },
		"evidence":  func(b *graph.Batch) { b.Obligations[0].Evidence = nil },
		"id":        func(b *graph.Batch) { b.Instruments[0].ID = "Pact'; --" },
		"date":      func(b *graph.Batch) { b.Instruments[0].Date = "soon" },
		"hash":      func(b *graph.Batch) { b.Document.SHA256 = "12" },
	} {
		bad := tell("bad").instrument("other", "1926").owes("AAA", graph.Ceasefire, "BBB", "other").batch
		spoil(bad)
		_, err := s.Apply(context.Background(), bad)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		is(t, graph.ErrInvalid, err)
	}
	same(t, "dump", before, Dump(t, s))
}

func onlyDenied(t *testing.T, s graph.Store) {
	before := Dump(t, s)
	deny := func(evidence []graph.Evidence) { evidence[0].Stance = graph.Denies }
	world := func() *graph.Batch {
		told := tell("denial").instrument("pact", "1925").party("AAA", "pact", graph.Guarantor).owes("AAA", graph.MutualDefense, "BBB", "pact").
			violates("AAA", graph.NonPerformance, "BBB", "1930", "pact")
		told.batch.Events = []graph.EventClaim{{
			Dataset: "wars", Key: "17", Name: "A war", Date: "1930", Evidence: told.quote("The war came"),
			Triggers: []graph.EventTrigger{{Obligation: told.batch.Obligations[0].ID(), Outcome: graph.Violated}},
		}}
		return told.batch
	}
	for name, leave := range map[string]func(b *graph.Batch){
		"party": func(b *graph.Batch) {
			deny(b.Instruments[0].Evidence)
			b.Obligations, b.Breaches, b.Events = nil, nil, nil
		},
		"obligation": func(b *graph.Batch) {
			deny(b.Instruments[0].Evidence)
			b.Parties, b.Breaches, b.Events = nil, nil, nil
		},
		"breach": func(b *graph.Batch) {
			deny(b.Instruments[0].Evidence)
			b.Parties, b.Obligations, b.Events = nil, nil, nil
		},
		"event": func(b *graph.Batch) { deny(b.Obligations[0].Evidence) },
	} {
		b := world()
		leave(b)
		_, err := s.Apply(context.Background(), b)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		is(t, graph.ErrInvalid, err)
	}
	same(t, "dump", before, Dump(t, s))
	// what is denied as well may hang on it, and so may an act
	b := world()
	b.Events = nil
	for _, evidence := range [][]graph.Evidence{b.Instruments[0].Evidence, b.Parties[0].Evidence, b.Obligations[0].Evidence, b.Breaches[0].Evidence} {
		deny(evidence)
	}
	apply(t, s, &story{b})
	_, err := s.Node(context.Background(), "violation:AAA.non-performance.BBB.1930")
	if err != nil {
		t.Error(err)
	}
	_, err = s.Node(context.Background(), "pact")
	is(t, graph.ErrNotFound, err)
	Dump(t, s)
}

func conflict(t *testing.T, s graph.Store) {
	apply(t, s, tell("one").instrument("pact", "1925"))
	before := Dump(t, s)
	other := tell("one").instrument("other", "1926").batch
	other.Extractor = "another"
	_, err := s.Apply(context.Background(), other)
	is(t, graph.ErrConflict, err)
	same(t, "dump", before, Dump(t, s))
}

func afterClose(t *testing.T, s graph.Store) {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	_, err := s.Apply(context.Background(), tell("late").batch)
	is(t, graph.ErrClosed, err)
	_, err = s.Node(context.Background(), "state:AAA")
	is(t, graph.ErrClosed, err)
	_, err = s.Search(context.Background(), "pact", 0)
	is(t, graph.ErrClosed, err)
	is(t, graph.ErrClosed, s.Withdraw(context.Background(), "doc:x"))
	is(t, graph.ErrClosed, s.Check(context.Background()))
}

func cancelled(t *testing.T, s graph.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Apply(ctx, tell("never").instrument("pact", "1925").batch)
	is(t, context.Canceled, err)
	_, err = s.Node(context.Background(), "pact")
	is(t, graph.ErrNotFound, err)
}

func withdrawing(t *testing.T, s graph.Store) {
	first := tell("first").instrument("pact", "1925").owes("AAA", graph.NonAggression, "BBB", "pact")
	apply(t, s, first)
	before := Dump(t, s)
	second := tell("second").instrument("pact", "1925-12-01").owes("AAA", graph.NonAggression, "BBB", "pact").violates("AAA", graph.Invasion, "BBB", "1930", "pact")
	apply(t, s, second)
	if before == Dump(t, s) {
		t.Error("the second document changed nothing")
	}
	if err := s.Withdraw(context.Background(), second.batch.Document.ID()); err != nil {
		t.Fatal(err)
	}
	same(t, "dump", before, Dump(t, s))
	is(t, graph.ErrNotFound, s.Withdraw(context.Background(), second.batch.Document.ID()))
}

func parallel(t *testing.T, s graph.Store) {
	const writers = 8
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			told := tell(fmt.Sprint("writer ", i)).instrument("pact", "1925").owes("AAA", graph.NonAggression, "BBB", "pact").violates("AAA", graph.Invasion, "BBB", "1930", "pact")
			if _, err := s.Apply(context.Background(), told.batch); err != nil {
				t.Error(err)
			}
			if _, err := s.Match(context.Background(), promisesOf("AAA")); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	same(t, "breaches", []string{"violation:AAA.invasion.BBB.1930 pact.non-aggression.AAA stated"}, edges(t, s, graph.Breaches, graph.BasisOf))
	proofs, err := s.Evidence(context.Background(), []string{"pact"}, 0)
	if err != nil || len(proofs["pact"]) != writers {
		t.Errorf("%d passages, want %d; %v", len(proofs["pact"]), writers, err)
	}
}

// orderDoesNotMatter applies random documents in two orders, once with repeats,
// with worse readings that are replaced and with a document that is withdrawn
// again, and compares all that is exported.
func orderDoesNotMatter(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		stories := make([]*story, rapid.IntRange(1, 6).Draw(r, "documents"))
		for i := range stories {
			stories[i] = randomStory(r, fmt.Sprint("document ", i))
		}
		dumpAfter := func(fill func(graph.Store)) string {
			s := open(t)
			defer s.Close()
			fill(s)
			return Dump(t, s)
		}
		want := dumpAfter(func(s graph.Store) { apply(t, s, stories...) })
		got := dumpAfter(func(s graph.Store) {
			passing := randomStory(r, "passing")
			shuffled := rapid.Permutation(stories).Draw(r, "order")
			at := rapid.IntRange(0, len(shuffled)).Draw(r, "passing at")
			for i, told := range shuffled {
				if i == at {
					apply(t, s, passing)
				}
				if rapid.Bool().Draw(r, "read before") {
					apply(t, s, hazier(told, rapid.Bool().Draw(r, "less")))
				}
				apply(t, s, told)
				if rapid.Bool().Draw(r, "again") {
					apply(t, s, shuffled[rapid.IntRange(0, i).Draw(r, "which")])
				}
			}
			if at < len(shuffled) {
				if err := s.Withdraw(context.Background(), passing.batch.Document.ID()); err != nil {
					t.Fatal(err)
				}
			}
		})
		if want != got {
			r.Fatalf("the graphs differ (-want +got)\n%s", cmp.Diff(want, got))
		}
	})
}

// hazier is the story as a worse extractor reads it: less sure of every act
// and, where asked for, without promises and parties.
func hazier(told *story, less bool) *story {
	b := *told.batch
	b.Violations = slices.Clone(b.Violations)
	for i, v := range b.Violations {
		b.Violations[i].Evidence = slices.Clone(v.Evidence)
		b.Violations[i].Evidence[0].Confidence /= 2
	}
	if less {
		b.Obligations, b.Parties = nil, nil
		b.Breaches = slices.DeleteFunc(slices.Clone(b.Breaches), func(c graph.BreachClaim) bool { return c.Obligation != "" })
	}
	return &story{&b}
}

// randomStory draws a document about a few actors and instruments, so that
// documents speak of the same things and contradict each other.
func randomStory(r *rapid.T, name string) *story {
	told := tell(name)
	actors := rapid.SampledFrom([]string{"AAA", "BBB", "CCC"})
	dates := rapid.SampledFrom([]graph.Date{"", "1925", "1930", "1930-02", "1930-02-03", "1935"})
	stated := []string{""} // what facts can hang on
	for _, id := range []string{"pact", "treaty"} {
		told.instrument(id, dates.Draw(r, "made"))
		made := &told.batch.Instruments[len(told.batch.Instruments)-1]
		if rapid.Bool().Draw(r, "proposed") {
			made.Status = graph.Proposed
		}
		if rapid.IntRange(0, 5).Draw(r, "no such instrument") == 0 {
			made.Evidence[0].Stance = graph.Denies
		} else {
			stated = append(stated, id)
		}
	}
	if rapid.Bool().Draw(r, "renamed") {
		told.batch.Instruments[0].Name = "A pact of " + name
	}
	if rapid.Bool().Draw(r, "actor renamed") {
		told.actor("AAA")
		told.batch.Actors[0].Name = "Realm of " + name
	}
	for range rapid.IntRange(0, 4).Draw(r, "facts") {
		bearer, beneficiary := actors.Draw(r, "bearer"), actors.Draw(r, "beneficiary")
		instrument := rapid.SampledFrom(stated).Draw(r, "instrument")
		switch rapid.IntRange(0, 3).Draw(r, "fact") {
		case 0:
			told.owes(bearer, rapid.SampledFrom([]graph.ObligationKind{graph.NonAggression, graph.MutualDefense, graph.Assistance}).Draw(r, "kind"), beneficiary, instrument)
			if rapid.IntRange(0, 5).Draw(r, "no such promise") == 0 {
				told.batch.Obligations[len(told.batch.Obligations)-1].Evidence[0].Stance = graph.Denies
			}
			if rapid.IntRange(0, 2).Draw(r, "promise proposed") == 0 {
				told.batch.Obligations[len(told.batch.Obligations)-1].Status = graph.Proposed
			}
		case 1:
			var breaks []string
			if instrument != "" {
				breaks = []string{instrument}
			}
			told.violates(bearer, rapid.SampledFrom([]graph.ViolationKind{graph.Invasion, graph.NonPerformance, graph.OtherViolation}).Draw(r, "act"), beneficiary, dates.Draw(r, "date"), breaks...)
			for _, o := range told.batch.Obligations {
				if o.Bearer == state(bearer) && rapid.Bool().Draw(r, "names the promise") {
					told.batch.Breaches = append(told.batch.Breaches, graph.BreachClaim{
						Violation: told.batch.Violations[len(told.batch.Violations)-1].ID(), Obligation: o.ID(), Evidence: told.quote("That broke %s", o.ID()),
					})
				}
			}
			if rapid.Bool().Draw(r, "answered") {
				told.responds(actors.Draw(r, "answers"), rapid.SampledFrom([]graph.ResponseKind{graph.Military, graph.Aid, graph.NoResponse}).Draw(r, "answer"))
			}
			if rapid.Bool().Draw(r, "denied") {
				told.batch.Violations[len(told.batch.Violations)-1].Evidence[0].Stance = graph.Denies
			}
		case 2:
			if instrument != "" {
				told.party(bearer, instrument, graph.Guarantor)
			}
		}
	}
	return told
}
