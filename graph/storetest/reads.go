package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pacta/graph"
)

// promisesOf matches an actor's obligations.
func promisesOf(code string) graph.Pattern {
	return graph.Pattern{
		Nodes: []graph.NodePattern{
			{As: "bearer", Label: graph.ActorLabel, Where: []graph.Filter{graph.Is(graph.ID, state(code))}},
			{As: "obligation", Label: graph.ObligationLabel},
		},
		Edges: []graph.EdgePattern{{As: "owes", From: "bearer", Type: graph.Owes, To: "obligation"}},
	}
}

// matched are the ids of a named node in all matches.
func matched(tb testing.TB, s graph.Store, p graph.Pattern, as string) []string {
	tb.Helper()
	page, err := s.Match(context.Background(), p)
	if err != nil {
		tb.Fatal(err)
	}
	ids := []string{}
	for _, m := range page.Matches {
		ids = append(ids, m.Nodes[as].ID)
	}
	return ids
}

func missing(t *testing.T, s graph.Store) {
	ctx := context.Background()
	_, err := s.Node(ctx, "state:AAA")
	is(t, graph.ErrNotFound, err)
	_, err = s.Document(ctx, "doc:none")
	is(t, graph.ErrNotFound, err)
	_, err = s.Paths(ctx, graph.PathQuery{From: "state:AAA", To: "state:BBB"})
	is(t, graph.ErrNotFound, err)
	proofs, err := s.Evidence(ctx, []string{"nothing"}, 3)
	if err != nil || len(proofs) != 0 {
		t.Errorf("got %v, %v", proofs, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

func find(t *testing.T, s graph.Store) {
	told := tell("names").instrument("pact", "1925").instrument("elysee", "1963").owes("AAA", graph.Ceasefire, "BBB", "pact")
	told.batch.Instruments[1].Name = "Traité de l’Élysée"
	apply(t, s, told)
	for name, want := range map[string]string{
		"land aaa": "state:AAA", "The Pact": "pact", "state:BBB": "state:BBB", "STATE:bbb": "state:BBB", "traité de l’élysée": "elysee",
	} {
		nodes, err := s.Find(context.Background(), name)
		if err != nil || len(nodes) != 1 || nodes[0].ID != want {
			t.Errorf("%s: got %v, %v", name, nodes, err)
		}
	}
	nodes, err := s.Find(context.Background(), "' OR 1=1 --")
	if err != nil || len(nodes) != 0 {
		t.Errorf("got %v, %v", nodes, err)
	}
	var names []string
	if err := s.Names(context.Background(), func(name string) bool { names = append(names, name); return len(names) < 2 }); err != nil || len(names) != 2 {
		t.Errorf("got %v, %v", names, err)
	}
}

// search compares sets: how a store ranks, what it makes of apostrophes and
// whether it passes over words like "the" is its own.
func search(t *testing.T, s graph.Store) {
	ctx := context.Background()
	told := tell("search").instrument("accord", "1963").instrument("pact", "1925").owes("AAA", graph.Ceasefire, "BBB", "pact")
	told.batch.Instruments[0].Name = "Élysée Treaty"
	told.batch.Instruments[0].Names = []string{"Traité franco-allemand"}
	told.batch.Actors[0].Name, told.batch.Actors[1].Name = "Côte Verte", "Borduria"
	told.batch.Actors[1].Names = []string{"Kingdom of Borduria"}
	passages := func(start, end int) []graph.Evidence {
		quote := told.batch.Document.Text[start:end]
		return []graph.Evidence{{Quote: quote, Start: start, End: end, Confidence: 0.9, Extractor: "test", Stance: graph.Supports}}
	}
	start := len(told.batch.Document.Text)
	told.quote("On 7 March Borduria’s general warned of a naïve armistice and not of war, or of worse")
	end := len(told.batch.Document.Text) - 1
	told.batch.Obligations[0].Evidence = passages(start, end)
	quote := graph.PassageID(told.batch.Document.ID(), start, end)
	apply(t, s, told)
	for text, want := range map[string][]string{
		"élysée":                   {"accord"},
		"TREATY elysee":            {"accord"},
		"allemand traite":          {"accord"},
		"cote verte":               {"state:AAA"},
		"CÔTE":                     {"state:AAA"},
		"co\u0302te verte":         {"state:AAA"},
		"kingdom":                  {"state:BBB"},
		"naive armistice":          {quote},
		"armistice general naïve":  {quote},
		"warned 7 march":           {quote},
		"warned 8 march":           {},
		"armistic":                 {},
		"kingdom armistice":        {},
		`armistice" OR "kingdom`:   {},
		`armistice* NOT(general)`:  {quote},
		`NEAR(general armistice)`:  {},
		`name:armistice`:           {},
		`"general" AND -armistice`: {quote},
		`" OR * NEAR( {} kingdom`:  {},
		`{general} [armistice]^2`:  {},
		`\general+/armistice/~&|!`: {quote},
		`'; DROP TABLE search; --`: {},
		"general 日本":               {},
	} {
		found, err := s.Search(ctx, text, 0)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		got := []string{}
		for i, f := range found {
			got = append(got, f.Node.ID)
			if i > 0 && f.Score > found[i-1].Score {
				t.Errorf("%q: a better hit comes later", text)
			}
		}
		slices.Sort(got)
		same(t, fmt.Sprintf("%q", text), want, got)
	}
	found, err := s.Search(ctx, "naive armistice", 0)
	if err != nil || len(found) != 1 || found[0].Node.Properties.Text(graph.Quote) != told.batch.Document.Text[start:end] {
		t.Errorf("got %v, %v", found, err)
	}
	hits, err := graph.AnswerSearch(ctx, s, "armistice", 0)
	if err != nil || len(hits) != 1 || hits[0].Document == nil || hits[0].Document.ID != told.batch.Document.ID() {
		t.Errorf("a passage's document: %+v, %v", hits, err)
	}
	found, err = s.Search(ctx, "borduria", 1)
	if err != nil || len(found) != 1 {
		t.Errorf("limit 1 gave %v, %v", found, err)
	}
	for text, limit := range map[string]int{"": 1, `" * -- ()`: 1, "\u0301": 1, "pact": -1, "treaty": graph.MaxLimit + 1, strings.Repeat("word ", 1000): 1} {
		_, err := s.Search(ctx, text, limit)
		is(t, graph.ErrInvalid, err)
	}

	// a new name takes the old one's place, and what is withdrawn is gone
	renamed := tell("search")
	renamed.batch = new(graph.Batch)
	*renamed.batch = *told.batch
	renamed.batch.Instruments = slices.Clone(told.batch.Instruments)
	renamed.batch.Instruments[0].Name = "Friendship Pact"
	apply(t, s, renamed)
	for text, want := range map[string]int{"elysee": 0, "friendship": 1, "allemand": 1, "armistice": 1} {
		found, err := s.Search(ctx, text, 0)
		if err != nil || len(found) != want {
			t.Errorf("%s: got %v, %v", text, found, err)
		}
	}
	if err := s.Withdraw(ctx, told.batch.Document.ID()); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"friendship", "kingdom", "armistice"} {
		found, err := s.Search(ctx, text, 0)
		if err != nil || len(found) != 0 {
			t.Errorf("%s: got %v, %v", text, found, err)
		}
	}
}

func evidence(t *testing.T, s graph.Store) {
	told := tell("evidence").instrument("pact", "1925").party("AAA", "pact", graph.Signatory)
	denial := told.quote("There was never a pact")
	denial[0].Stance, denial[0].Confidence = graph.Denies, 1
	sure := told.quote("The pact is real")
	sure[0].Confidence = 0.95
	told.batch.Instruments[0].Evidence = append(append(told.batch.Instruments[0].Evidence, denial...), sure...)
	apply(t, s, told)
	party := "state:AAA|PARTY_TO|pact|signatory"
	proofs, err := s.Evidence(context.Background(), []string{"pact", party, "none"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var quotes []string
	for _, p := range proofs["pact"] {
		quotes = append(quotes, p.Quote)
		if text := told.batch.Document.Text[p.Start:p.End]; text != p.Quote || p.URI != "evidence.txt" || p.Document != told.batch.Document.ID() {
			t.Errorf("proof %+v", p)
		}
	}
	same(t, "supporting, most certain first, then denying",
		[]string{"The pact is real.", "The pact was made in 1925.", "There was never a pact."}, quotes)
	if len(proofs[party]) != 1 || len(proofs) != 2 {
		t.Errorf("got %v", proofs)
	}
	proofs, err = s.Evidence(context.Background(), []string{"pact"}, 1)
	if err != nil || len(proofs["pact"]) != 1 {
		t.Errorf("limit 1 gave %v, %v", proofs, err)
	}
	same(t, "matched as edges", 3, len(matched(t, s, graph.Pattern{
		Nodes: []graph.NodePattern{{As: "pact", Label: graph.InstrumentLabel}, {As: "passage", Label: graph.PassageLabel}, {As: "document", Label: graph.DocumentLabel}},
		Edges: []graph.EdgePattern{
			{As: "evidence", From: "pact", Type: graph.EvidencedBy, To: "passage"},
			{As: "part", From: "passage", Type: graph.PartOf, To: "document"},
		},
	}, "passage")))
}

func batchesInOrder(t *testing.T, s graph.Store) {
	for _, name := range []string{"c", "a", "b"} {
		told := tell(name)
		apply(t, s, told)
		told.batch.Extractor = "another"
		apply(t, s, told)
	}
	var keys []string
	if err := s.Batches(context.Background(), func(b *graph.Batch) error {
		keys = append(keys, b.Document.ID()+" "+b.Extractor)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(keys) != 6 || !slices.IsSorted(keys) {
		t.Errorf("got %v", keys)
	}
}

func statistics(t *testing.T, s graph.Store) {
	apply(t, s, tell("count").instrument("pact", "1925").owes("AAA", graph.Ceasefire, "BBB", "pact"))
	got, err := s.Statistics(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "statistics", graph.Statistics{
		Nodes:   map[graph.Label]int{graph.ActorLabel: 2, graph.InstrumentLabel: 1, graph.ObligationLabel: 1, graph.DocumentLabel: 1, graph.PassageLabel: 2},
		Edges:   map[graph.EdgeType]int{graph.Creates: 1, graph.Owes: 1, graph.OwedTo: 1, graph.PartOf: 2, graph.EvidencedBy: 2},
		Batches: 1,
	}, got)
}

func filters(t *testing.T, s graph.Store) {
	told := tell("filters").instrument("early", "1925").instrument("late", "1930-06").instrument("undated", "")
	told.batch.Instruments[0].Names = []string{"Old Pact"}
	apply(t, s, told)
	for name, c := range map[string]struct {
		filter graph.Filter
		want   []string
	}{
		"equal":    {graph.Is(graph.Kind, "treaty"), []string{"early", "late", "undated"}},
		"id":       {graph.Is(graph.ID, "late"), []string{"late"}},
		"unequal":  {graph.Filter{Property: graph.DateOf, Op: graph.Unequal, Value: "1925"}, []string{"late"}},
		"in":       {graph.OneOf(graph.ID, "early", "late", "none"), []string{"early", "late"}},
		"least":    {graph.Filter{Property: graph.DateOf, Op: graph.Least, Value: "1930"}, []string{"late"}},
		"most":     {graph.Filter{Property: graph.DateOf, Op: graph.Most, Value: "1925-01-01"}, []string{"early"}},
		"exists":   {graph.Filter{Property: graph.DateOf, Op: graph.Exists}, []string{"early", "late"}},
		"missing":  {graph.Filter{Property: graph.DateOf, Op: graph.Missing}, []string{"undated"}},
		"includes": {graph.Filter{Property: graph.Names, Op: graph.Includes, Value: "Old Pact"}, []string{"early"}},
		"hostile":  {graph.Is(graph.Name, `x' OR '1'='1`), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, "matches", c.want, matched(t, s, graph.Pattern{
				Nodes: []graph.NodePattern{{As: "n", Label: graph.InstrumentLabel, Where: []graph.Filter{c.filter}}},
			}, "n"))
		})
	}
}

func shapes(t *testing.T, s graph.Store) {
	apply(t, s, tell("shapes").instrument("pact", "1925").owes("AAA", graph.Ceasefire, "BBB", "pact").owes("AAA", graph.Economic, "BBB", "").
		party("BBB", "pact", graph.Signatory))
	p := promisesOf("AAA")
	p.Nodes = append(p.Nodes, graph.NodePattern{As: "pact", Label: graph.InstrumentLabel})
	p.Edges = append(p.Edges, graph.EdgePattern{As: "creates", From: "pact", Type: graph.Creates, To: "obligation", Optional: true})
	p.Order = []graph.Order{{Of: "obligation", Property: graph.Since}}
	same(t, "optional", []string{"pact.ceasefire.AAA", "promise.economic.AAA.BBB"}, matched(t, s, p, "obligation"))
	p.Order[0].Descending = true
	same(t, "descending", []string{"promise.economic.AAA.BBB", "pact.ceasefire.AAA"}, matched(t, s, p, "obligation"))
	p.AsOf = "1925"
	same(t, "as of", []string{"pact.ceasefire.AAA"}, matched(t, s, p, "obligation"))
	p.AsOf = "1924-12-31"
	same(t, "before", []string{}, matched(t, s, p, "obligation"))

	q := promisesOf("AAA")
	q.Absent = []graph.Absence{{
		Nodes: []graph.NodePattern{{As: "some", Label: graph.InstrumentLabel}},
		Edges: []graph.EdgePattern{{As: "by", From: "some", Type: graph.Creates, To: "obligation"}},
	}}
	same(t, "absent", []string{"promise.economic.AAA.BBB"}, matched(t, s, q, "obligation"))
}

func pages(t *testing.T, s graph.Store) {
	told := tell("pages")
	var want []string
	for i := range 10 {
		id := fmt.Sprintf("pact-%d", i)
		told.instrument(id, graph.Date(fmt.Sprint(1920+i/2))).owes("AAA", graph.Ceasefire, "BBB", id)
		want = append(want, id+".ceasefire.AAA")
	}
	apply(t, s, told)
	p := promisesOf("AAA")
	p.Order, p.Limit = []graph.Order{{Of: "obligation", Property: graph.Since}}, 3
	var got []string
	for n := 0; ; n++ {
		page, err := s.Match(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Matches {
			got = append(got, m.Nodes["obligation"].ID)
		}
		if n == 0 { // what comes before the cursor is not seen again, and nothing is missed
			apply(t, s, tell("between").instrument("before", "1900").owes("AAA", graph.Ceasefire, "BBB", "before"))
		}
		if page.Next == "" {
			break
		}
		p.Cursor = page.Next
	}
	same(t, "pages", want, got)
	p.Order = nil
	_, err := s.Match(context.Background(), p)
	is(t, graph.ErrInvalid, err)
	p.Cursor = "rubbish"
	_, err = s.Match(context.Background(), p)
	is(t, graph.ErrInvalid, err)
}

func badPatterns(t *testing.T, s graph.Store) {
	for name, spoil := range map[string]func(*graph.Pattern){
		"no nodes":        func(p *graph.Pattern) { p.Nodes = nil },
		"label":           func(p *graph.Pattern) { p.Nodes[0].Label = "Actor) DETACH DELETE (n" },
		"type":            func(p *graph.Pattern) { p.Edges[0].Type = "OWES'; DROP TABLE node; --" },
		"property":        func(p *graph.Pattern) { p.Nodes[0].Where = []graph.Filter{graph.Is("x' --", "1")} },
		"direction":       func(p *graph.Pattern) { p.Edges[0].From, p.Edges[0].To = p.Edges[0].To, p.Edges[0].From },
		"unjoined":        func(p *graph.Pattern) { p.Nodes = append(p.Nodes, graph.NodePattern{As: "x", Label: graph.ActorLabel}) },
		"name twice":      func(p *graph.Pattern) { p.Nodes = append(p.Nodes, p.Nodes[0]) },
		"order by number": func(p *graph.Pattern) { p.Order = []graph.Order{{Of: "obligation", Property: graph.Facts}} },
		"limit":           func(p *graph.Pattern) { p.Limit = graph.MaxLimit + 1 },
		"as of":           func(p *graph.Pattern) { p.AsOf = "yesterday" },
		"text includes": func(p *graph.Pattern) {
			p.Nodes[0].Where = []graph.Filter{{Property: graph.Name, Op: graph.Includes, Value: "x"}}
		},
		"list equals": func(p *graph.Pattern) { p.Nodes[0].Where = []graph.Filter{graph.Is(graph.Names, "x")} },
		"absence apart": func(p *graph.Pattern) {
			p.Absent = []graph.Absence{{
				Nodes: []graph.NodePattern{{As: "x", Label: graph.ActorLabel}, {As: "y", Label: graph.ObligationLabel}},
				Edges: []graph.EdgePattern{{As: "no", From: "x", Type: graph.Owes, To: "y"}},
			}}
		},
	} {
		p := promisesOf("AAA")
		spoil(&p)
		_, err := s.Match(context.Background(), p)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		is(t, graph.ErrInvalid, err)
	}
}

func stated(t *testing.T, s graph.Store) {
	apply(t, s, tell("stated").instrument("pact", "1925").owes("AAA", graph.RespectSovereignty, "BBB", "pact").
		owes("AAA", graph.Consultation, "BBB", "pact").violates("AAA", graph.Annexation, "BBB", "1930", "pact"))
	same(t, "the duty that an annexation breaks", []string{"violation:AAA.annexation.BBB.1930 pact.respect-sovereignty.AAA stated"},
		edges(t, s, graph.Breaches, graph.BasisOf))
	// No duty is known that it could mean: the breach stays visible.
	apply(t, s, tell("residual").instrument("treaty", "1925").violates("CCC", graph.Invasion, "BBB", "1930", "treaty"))
	node, err := s.Node(context.Background(), "treaty.residual.CCC")
	if err != nil {
		t.Fatal(err)
	}
	proofs, err := s.Evidence(context.Background(), node.Facts(), 0)
	if err != nil || len(proofs) != 1 {
		t.Errorf("its proofs: %v, %v", proofs, err)
	}
	apply(t, s, tell("known").instrument("treaty", "1925").owes("CCC", graph.NonAggression, "BBB", "treaty"))
	_, err = s.Node(context.Background(), "treaty.residual.CCC")
	is(t, graph.ErrNotFound, err)
	same(t, "then the duty itself", "violation:CCC.invasion.BBB.1930 treaty.non-aggression.CCC stated",
		edges(t, s, graph.Breaches, graph.BasisOf)[1])
	// Who denies an act can say what it would have broken; that alone shows nothing.
	denial := tell("denial").instrument("charter", "1925").violates("DDD", graph.Invasion, "BBB", "1930", "charter")
	denial.batch.Violations[0].Evidence[0].Stance = graph.Denies
	apply(t, s, denial)
	before := Dump(t, s)
	statement := tell("statement").violates("DDD", graph.Invasion, "BBB", "1930")
	apply(t, s, statement)
	if _, err := s.Node(context.Background(), "charter.residual.DDD"); err != nil {
		t.Error(err)
	}
	if err := s.Withdraw(context.Background(), statement.batch.Document.ID()); err != nil {
		t.Fatal(err)
	}
	same(t, "dump without the act", before, Dump(t, s))
}

func inferred(t *testing.T, s graph.Store) {
	apply(t, s, tell("promise").instrument("pact", "1925").owes("AAA", graph.NonAggression, "BBB", "pact").owes("AAA", graph.Consultation, "BBB", "pact"))
	apply(t, s, tell("deed").violates("AAA", graph.Invasion, "BBB", "1930").violates("AAA", graph.Invasion, "CCC", "1930").
		violates("AAA", graph.NonPerformance, "BBB", "1931").violates("AAA", graph.Invasion, "BBB", ""))
	same(t, "only what the table says, toward the beneficiary", []string{"violation:AAA.invasion.BBB.1930 pact.non-aggression.AAA inferred"},
		edges(t, s, graph.Breaches, graph.BasisOf))
	proposed := tell("proposal").instrument("plan", "1925").owes("AAA", graph.RespectSovereignty, "BBB", "plan")
	proposed.batch.Obligations[0].Status = graph.Proposed
	apply(t, s, proposed)
	same(t, "a proposal is not broken", 1, len(edges(t, s, graph.Breaches, graph.BasisOf)))
	// Two who know it as agreed, toward another, make the promise to the first agreed.
	draft := tell("draft").instrument("charter", "1925").owes("AAA", graph.NonAggression, "CCC", "charter")
	draft.batch.Obligations[0].Status = graph.Proposed
	apply(t, s, draft)
	for _, name := range []string{"agreed", "agreed as well"} {
		apply(t, s, tell(name).instrument("charter", "1925").owes("AAA", graph.NonAggression, "DDD", "charter"))
	}
	same(t, "agreed by others", "violation:AAA.invasion.CCC.1930 charter.non-aggression.AAA inferred", edges(t, s, graph.Breaches, graph.BasisOf)[1])
}

func timeOrder(t *testing.T, s graph.Store) {
	apply(t, s, tell("order").instrument("pact", "1930").owes("AAA", graph.NonAggression, "BBB", "pact").
		violates("AAA", graph.Invasion, "BBB", "1925", "pact").violates("AAA", graph.Threat, "BBB", "1930"))
	same(t, "neither stated before the promise, nor inferred where the order is not certain", []string(nil), edges(t, s, graph.Breaches, graph.BasisOf))
}

func triggers(t *testing.T, s graph.Store) {
	apply(t, s, tell("guarantees").instrument("pact", "1925").owes("GGG", graph.MutualDefense, "BBB", "pact").
		owes("HHH", graph.MutualDefense, "BBB", "pact").owes("III", graph.Assistance, "BBB", "pact").owes("AAA", graph.MutualDefense, "BBB", "pact"))
	apply(t, s, tell("attack").violates("AAA", graph.Invasion, "BBB", "1930").responds("GGG", graph.Military).responds("III", graph.Protest))
	same(t, "outcomes", []string{
		"violation:AAA.invasion.BBB.1930 pact.assistance.III unknown",
		"violation:AAA.invasion.BBB.1930 pact.mutual-defense.GGG honoured",
		"violation:AAA.invasion.BBB.1930 pact.mutual-defense.HHH unknown",
	}, edges(t, s, graph.Triggers, graph.OutcomeOf))
	apply(t, s, tell("another failure").instrument("pact", "1925").violates("HHH", graph.NonPerformance, "CCC", "1930", "pact").violates("AAA", graph.Invasion, "BBB", "1930"))
	same(t, "after a failure toward another", "violation:AAA.invasion.BBB.1930 pact.mutual-defense.HHH unknown", edges(t, s, graph.Triggers, graph.OutcomeOf)[2])
	apply(t, s, tell("failure").instrument("pact", "1925").violates("HHH", graph.NonPerformance, "BBB", "1930", "pact"))
	same(t, "after a failure", "violation:AAA.invasion.BBB.1930 pact.mutual-defense.HHH violated", edges(t, s, graph.Triggers, graph.OutcomeOf)[2])
}

func undated(t *testing.T, s graph.Store) {
	unsure := tell("undated").violates("AAA", graph.Invasion, "BBB", "")
	apply(t, s, unsure)
	first := tell("first").violates("AAA", graph.Invasion, "BBB", "1930-05")
	apply(t, s, first)
	committed := func() []string { return edges(t, s, graph.Committed, graph.Kind) }
	same(t, "merged", []string{"state:AAA violation:AAA.invasion.BBB.1930"}, committed())
	node, err := s.Node(context.Background(), "violation:AAA.invasion.BBB.1930")
	if err != nil {
		t.Fatal(err)
	}
	proofs, err := s.Evidence(context.Background(), node.Facts(), 0)
	if err != nil || len(proofs) != 2 {
		t.Errorf("the passages of both: %v, %v", proofs, err)
	}
	apply(t, s, hazier(unsure, false))
	same(t, "evidence read again", 2, len(edges(t, s, graph.EvidencedBy, graph.StanceOf)))
	second := tell("second").violates("AAA", graph.Invasion, "BBB", "1935")
	apply(t, s, second)
	same(t, "parted", 3, len(committed()))
	if err := s.Withdraw(context.Background(), second.batch.Document.ID()); err != nil {
		t.Fatal(err)
	}
	same(t, "merged again", []string{"state:AAA violation:AAA.invasion.BBB.1930"}, committed())
	same(t, "evidence follows", 2, len(edges(t, s, graph.EvidencedBy, graph.StanceOf)))
	denial := tell("denial").violates("AAA", graph.Invasion, "BBB", "")
	denial.batch.Violations[0].Evidence[0].Stance = graph.Denies
	if err := s.Withdraw(context.Background(), unsure.batch.Document.ID()); err != nil {
		t.Fatal(err)
	}
	apply(t, s, denial)
	same(t, "denied", 2, len(edges(t, s, graph.EvidencedBy, graph.StanceOf)))
	apply(t, s, second)
	same(t, "a denial of no act that is shown", 2, len(edges(t, s, graph.EvidencedBy, graph.StanceOf)))
	apply(t, s, tell("of a treaty").instrument("treaty", "1925").violates("CCC", graph.Withdrawal, "", "1930", "treaty"),
		tell("of a pact").instrument("pact", "1925").violates("CCC", graph.Withdrawal, "", "", "pact"))
	same(t, "accounts that name different instruments stay apart", []string{
		"violation:CCC.withdrawal.- pact.residual.CCC stated", "violation:CCC.withdrawal.-.1930 treaty.residual.CCC stated",
	}, edges(t, s, graph.Breaches, graph.BasisOf))
}

func disagreement(t *testing.T, s graph.Store) {
	apply(t, s, tell("one").instrument("pact", "1925"), tell("two").instrument("pact", "1925-12"))
	node := func() graph.Node {
		n, err := s.Node(context.Background(), "pact")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	same(t, "the more precise date", "1925-12", node().Properties.Text(graph.DateOf))
	same(t, "no dispute", []string(nil), node().Properties.List(graph.Disputed))
	three := tell("three").instrument("pact", "1930")
	three.batch.Instruments[0].Status = graph.Proposed
	apply(t, s, three)
	same(t, "most say", "1925-12", node().Properties.Text(graph.DateOf))
	same(t, "disputed", []string{"date", "status"}, node().Properties.List(graph.Disputed))
	same(t, "status", "agreed", node().Properties.Text(graph.StatusOf))
}

// questions asks every question of a graph in which each has an answer.
func questions(t *testing.T, s graph.Store) {
	ctx := context.Background()
	apply(t, s, tell("world").instrument("pact", "1925").party("AAA", "pact", graph.Guarantor).owes("AAA", graph.NonAggression, "BBB", "pact").
		owes("GGG", graph.MutualDefense, "BBB", "pact").violates("AAA", graph.Invasion, "BBB", "1930", "pact"), tell("doubt").instrument("pact", "1926"))
	for name, c := range map[string]struct {
		arguments graph.Arguments
		want      []string // the first row's cells
	}{
		"breached-promises":           {graph.Arguments{graph.Toward: "state:BBB"}, []string{"Land AAA", "non-aggression", "The pact", "Land AAA: invasion against Land BBB (1930)", "1930", "stated"}},
		"guarantors-turned-violators": {graph.Arguments{graph.By: "state:AAA"}, []string{"Land AAA", "non-aggression", "The pact", "Land AAA: invasion against Land BBB (1930)", "1930", "stated"}},
		"tested-guarantees":           {nil, []string{"Land GGG", "mutual-defense", "The pact", "Land AAA: invasion against Land BBB (1930)", "1930", "unknown"}},
		"unanswered-guarantees":       {nil, []string{"Land GGG", "mutual-defense", "The pact", "Land AAA: invasion against Land BBB (1930)", "1930", "unknown"}},
		"promises":                    {graph.Arguments{graph.OfKind: "mutual-defense", graph.WithStatus: "agreed"}, []string{"1925", "Land GGG owes mutual-defense to Land BBB (The pact)", "agreed", "", "The pact"}},
		"timeline":                    {graph.Arguments{graph.About: "state:AAA", graph.Toward: "state:BBB"}, []string{"1925", "Land AAA owes non-aggression to Land BBB (The pact)", "non-aggression"}},
		"disputes":                    {nil, []string{"The pact", "date", "pact"}},
		"paths":                       {graph.Arguments{graph.About: "state:AAA", graph.Toward: "state:BBB"}, []string{"Land AAA -OWES-> Land AAA owes non-aggression to Land BBB (The pact) -OWED_TO-> Land BBB"}},
		"evidence":                    {graph.Arguments{graph.About: "pact"}, []string{"The pact was made in 1925.", "world", "test"}},
	} {
		t.Run(name, func(t *testing.T) {
			question, err := graph.QuestionNamed(name)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := question.Ask(ctx, s, c.arguments, 0, "")
			if err != nil || len(answer.Rows) == 0 {
				t.Fatalf("%d rows, %v", len(answer.Rows), err)
			}
			if name == "evidence" { // documents are ordered by their hashes
				slices.SortFunc(answer.Rows, func(a, b graph.Row) int { return slices.Compare(a.Values, b.Values) })
			}
			same(t, "first row", c.want, answer.Rows[0].Values)
			for _, row := range answer.Rows {
				for _, hop := range row.Hops {
					if len(hop.Evidence) == 0 {
						t.Errorf("hop %s has no passage", hop.ID())
					}
				}
				if len(row.Hops) == 0 && len(row.Evidence) == 0 {
					t.Error("a row without evidence")
				}
			}
		})
	}
	if len(graph.Questions) != 9 {
		t.Errorf("%d questions: each needs a case here", len(graph.Questions))
	}
	timeline, _ := graph.QuestionNamed("timeline")
	var all []string
	for cursor, page := "", 0; page == 0 || cursor != ""; page++ {
		answer, err := timeline.Ask(ctx, s, graph.Arguments{graph.About: "pact"}, 1, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range answer.Rows {
			all = append(all, row.Values[1])
		}
		cursor = answer.Next
	}
	same(t, "timeline of an instrument, a page a row", []string{
		"Land GGG owes mutual-defense to Land BBB (The pact)", "Land AAA owes non-aggression to Land BBB (The pact)",
		"Land AAA: invasion against Land BBB (1930)",
	}, all)
}
