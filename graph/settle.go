package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Settle puts the batch after in the place of the batch before, of the same
// document and extractor; either can be nil. It counts what is said, folds the
// facts that the change touches, and derives breaches and triggers again for
// the acts that these facts bear on. Everything it writes is a function of the
// batches that the ledger holds in the end, so neither the order of changes nor
// repetition matters. It returns ErrConflict where the document is known with
// another text.
func Settle(ctx context.Context, l Ledger, before, after *Batch) error {
	s := &settlement{ctx: ctx, ledger: l, was: statementsOf(before), is: statementsOf(after), nodes: map[string]Node{}}
	tallies := change(s.was, s.is)
	if err := s.record(before, after, tallies); err != nil {
		return err
	}
	t := touch(before, after, tallies)
	for _, step := range []func(*touched) error{
		s.sources, s.actorsAndInstruments, s.spread, s.parties, s.obligations, s.violations, s.events, s.derive,
	} {
		if err := step(t); err != nil {
			return err
		}
	}
	return nil
}

type settlement struct {
	ctx    context.Context
	ledger Ledger
	was    statements      // of the batch before
	is     statements      // of the batch after
	nodes  map[string]Node // actors and instruments as they now stand
}

// record writes down what is said, before anything is made of it.
func (s *settlement) record(before, after *Batch, tallies []Tally) error {
	if after == nil {
		if err := s.ledger.DeleteBatch(s.ctx, before.Document.ID(), before.Extractor); err != nil {
			return err
		}
		return s.ledger.Count(s.ctx, tallies)
	}
	known, err := s.ledger.Document(s.ctx, after.Document.ID())
	if err != nil {
		return err
	}
	if known != nil && known.Text != after.Document.Text {
		return fmt.Errorf("%w: document %s is known with another text; withdraw it first", ErrConflict, after.Document.URI)
	}
	if err := s.ledger.PutBatch(s.ctx, after, s.is.attestations); err != nil {
		return err
	}
	return s.ledger.Count(s.ctx, tallies)
}

// touched are the facts that a change bears on, by how they are folded.
type touched struct {
	documents            set
	actors, instruments  set
	parties, obligations set
	groups, events       set
	breaches             set    // of breachesOf: a perpetrator's breaches of an instrument
	lapsed               set    // victims of touched failures to perform
	duties               []duty // the ends of touched obligations, as the batches say
	changed              set    // actors and instruments that now show something else
}

type set map[string]bool

func (s set) add(ids ...string) {
	for _, id := range ids {
		if id != "" {
			s[id] = true
		}
	}
}

func (s set) sorted() []string { return slices.Sorted(maps.Keys(s)) }

func newTouched() *touched {
	return &touched{
		documents: set{}, actors: set{}, instruments: set{}, parties: set{},
		obligations: set{}, groups: set{}, events: set{}, breaches: set{}, lapsed: set{}, changed: set{},
	}
}

// touch sorts the facts whose tallies change by how they are folded.
func touch(before, after *Batch, tallies []Tally) *touched {
	moved := set{}
	for _, t := range tallies {
		moved.add(t.Fact)
	}
	t := newTouched()
	add := func(to set, fact string) {
		if moved[fact] {
			to.add(fact)
		}
	}
	for _, b := range []*Batch{before, after} {
		if b == nil {
			continue
		}
		add(t.documents, b.Document.ID())
		for _, c := range b.Actors {
			add(t.actors, c.ID)
		}
		for _, c := range b.Instruments {
			add(t.instruments, c.ID)
		}
		for _, c := range b.Parties {
			add(t.parties, c.edge().ID())
		}
		for _, c := range b.Obligations {
			if moved[c.ID()] {
				t.obligations.add(c.ID())
				t.duties = append(t.duties, duty{instrument: c.Instrument, bearer: c.Bearer, beneficiaries: c.Beneficiaries})
			}
		}
		for _, c := range b.Violations {
			// even where no count moved: the batch's passages may be new
			t.groups.add(c.group())
			if c.Kind == NonPerformance && (moved[c.ID()] || moved[c.group()]) {
				t.lapsed.add(c.Victim)
			}
		}
		for _, c := range b.Events {
			add(t.events, c.ID())
		}
	}
	for fact := range moved {
		if strings.HasPrefix(fact, "breaches:") {
			t.breaches.add(fact)
		}
	}
	return t
}

func (s *settlement) tallies(facts set) (map[string]said, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	tallies, err := s.ledger.Tallies(s.ctx, facts.sorted())
	if err != nil {
		return nil, err
	}
	return byFact(tallies), nil
}

// sources folds the document, and yields its passages: each is there exactly
// while some batch cites it.
func (s *settlement) sources(t *touched) error {
	facts, err := s.tallies(t.documents)
	if err != nil {
		return err
	}
	var yields []Yield
	for _, id := range t.documents.sorted() {
		y := Yield{Owner: id}
		if node, ok := foldDocument(id, facts[id]); ok {
			y.Nodes = []Node{node}
		}
		yields = append(yields, y)
	}
	for id, e := range s.is.passages {
		if _, there := s.was.passages[id]; !there {
			node, edge := passage(s.is.document, id, e)
			yields = append(yields, Yield{Owner: id, Nodes: []Node{node}, Edges: []Edge{edge}})
		}
	}
	dropped := set{}
	for id := range s.was.passages {
		if _, kept := s.is.passages[id]; !kept {
			dropped.add(id)
		}
	}
	if len(dropped) > 0 {
		cited, err := s.ledger.Cited(s.ctx, dropped.sorted())
		if err != nil {
			return err
		}
		for id := range dropped {
			if !cited[id] {
				yields = append(yields, Yield{Owner: id})
			}
		}
	}
	return s.ledger.Replace(s.ctx, yields)
}

func (s *settlement) actorsAndInstruments(t *touched) error {
	both := set{}
	both.add(t.actors.sorted()...)
	both.add(t.instruments.sorted()...)
	if len(both) == 0 {
		return nil
	}
	facts, err := s.tallies(both)
	if err != nil {
		return err
	}
	old, err := s.ledger.Nodes(s.ctx, both.sorted())
	if err != nil {
		return err
	}
	var yields []Yield
	for _, id := range both.sorted() {
		fold := foldInstrument
		if t.actors[id] {
			fold = foldActor
		}
		node, ok := fold(id, facts[id])
		y := Yield{Owner: id}
		if ok {
			y.Nodes = []Node{node}
			s.nodes[id] = node
		}
		if was, ok := old[id]; ok && (was.Name != node.Name || was.Date() != node.Date() ||
			was.Properties[StatusOf] != node.Properties[StatusOf]) {
			t.changed.add(id)
		}
		yields = append(yields, y)
	}
	return s.ledger.Replace(s.ctx, yields)
}

// spread adds the facts that are called by, or dated by, an actor or
// instrument that now shows another name or date.
func (s *settlement) spread(t *touched) error {
	if len(t.changed) == 0 {
		return nil
	}
	filters := among(t.changed)
	duties, err := s.duties(dutyPattern(filters, nil, nil), dutyPattern(nil, filters, nil), dutyPattern(nil, nil, filters))
	if err != nil {
		return err
	}
	for _, d := range duties {
		if isResidual(d.node.ID) {
			continue // it follows from the breaches
		}
		t.obligations.add(d.node.ID)
		t.duties = append(t.duties, d)
	}
	breakers := set{}
	for id := range t.changed {
		breakers.add(breakersOf(id))
	}
	facts, err := s.tallies(breakers)
	if err != nil {
		return err
	}
	for id := range t.changed {
		for _, perpetrator := range facts[breakersOf(id)].values(saidPerpetrator) {
			t.breaches.add(breachesOf(perpetrator, id))
		}
	}
	return s.addGroups(t.groups, actPattern(filters, nil), actPattern(nil, filters))
}

func (s *settlement) parties(t *touched) error {
	facts, err := s.tallies(t.parties)
	if err != nil {
		return err
	}
	var yields []Yield
	for _, fact := range t.parties.sorted() {
		y := Yield{Owner: fact}
		if edge, ok := foldParty(facts[fact]); ok {
			y.Edges = []Edge{edge}
		}
		yields = append(yields, y)
	}
	return s.ledger.Replace(s.ctx, yields)
}

func (s *settlement) obligations(t *touched) error {
	facts, err := s.tallies(t.obligations)
	if err != nil {
		return err
	}
	ends := set{}
	for _, f := range facts {
		for _, property := range []string{saidBearer, saidBeneficiary, saidInstrument} {
			ends.add(f.values(property)...)
		}
	}
	if err := s.load(ends); err != nil {
		return err
	}
	var yields []Yield
	for _, id := range t.obligations.sorted() {
		y := Yield{Owner: id}
		if node, edges, ok := foldObligation(id, facts[id], s.nodes); ok {
			y.Nodes, y.Edges = []Node{node}, edges
		}
		yields = append(yields, y)
	}
	return s.ledger.Replace(s.ctx, yields)
}

func (s *settlement) violations(t *touched) error {
	acts, err := s.acts(t.groups)
	if err != nil {
		return err
	}
	shown := map[string]string{}
	var yields []Yield
	for _, group := range t.groups.sorted() {
		y := Yield{Owner: group}
		shown[group] = group // unless a dated act shows it
		for _, a := range acts[group] {
			y.Nodes = append(y.Nodes, a.node)
			y.Edges = append(y.Edges, a.edges()...)
			for _, fact := range a.facts {
				shown[fact] = a.node.ID
			}
		}
		yields = append(yields, y)
	}
	if len(shown) > 0 {
		if err := s.ledger.Point(s.ctx, shown); err != nil {
			return err
		}
	}
	return s.ledger.Replace(s.ctx, yields)
}

func (s *settlement) events(t *touched) error {
	facts, err := s.tallies(t.events)
	if err != nil {
		return err
	}
	var yields []Yield
	for _, id := range t.events.sorted() {
		y := Yield{Owner: id}
		if node, edges, ok := foldEvent(id, facts[id]); ok {
			y.Nodes, y.Edges = []Node{node}, edges
		}
		yields = append(yields, y)
	}
	return s.ledger.Replace(s.ctx, yields)
}

// acts folds the violations of each group as they now stand.
func (s *settlement) acts(groups set) (map[string][]act, error) {
	facts, err := s.tallies(groups)
	if err != nil {
		return nil, err
	}
	members := set{}
	for _, f := range facts {
		members.add(f.values(saidMember)...)
	}
	memberFacts, err := s.tallies(members)
	if err != nil {
		return nil, err
	}
	ends := set{}
	for _, f := range memberFacts {
		ends.add(f.values(saidPerpetrator)...)
		ends.add(f.values(saidVictim)...)
	}
	if err := s.load(ends); err != nil {
		return nil, err
	}
	acts := map[string][]act{}
	for group := range groups {
		of := map[string]said{}
		for _, member := range facts[group].values(saidMember) {
			of[member] = memberFacts[member]
		}
		acts[group] = foldGroup(group, of, s.nodes)
	}
	return acts, nil
}

// load brings in the nodes of actors and instruments that are not yet known.
func (s *settlement) load(ids set) error {
	missing := set{}
	for id := range ids {
		if _, ok := s.nodes[id]; !ok {
			missing.add(id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	nodes, err := s.ledger.Nodes(s.ctx, missing.sorted())
	if err != nil {
		return err
	}
	maps.Copy(s.nodes, nodes)
	return nil
}

// derive finds the acts that the change bears on, and yields their breaches
// and triggers, and the residual obligations that stated breaches need.
func (s *settlement) derive(t *touched) error {
	if err := s.related(t); err != nil {
		return err
	}
	acts, err := s.acts(t.groups)
	if err != nil {
		return err
	}
	if err := s.residuals(t.breaches, acts); err != nil {
		return err
	}
	duties, err := s.dutiesOf(acts)
	if err != nil {
		return err
	}
	lapses, err := s.lapses(acts)
	if err != nil {
		return err
	}
	var yields []Yield
	for _, group := range t.groups.sorted() {
		y := Yield{Owner: "derived:" + group}
		for _, a := range acts[group] {
			y.Edges = append(y.Edges, breached(a, duties)...)
			y.Edges = append(y.Edges, triggered(a, duties, lapses)...)
		}
		yields = append(yields, y)
	}
	return s.ledger.Replace(s.ctx, yields)
}

// related adds the groups whose acts can break or test a touched obligation,
// and those whose tested guarantees a touched lapse can decide.
func (s *settlement) related(t *touched) error {
	facts, err := s.tallies(t.groups)
	if err != nil {
		return err
	}
	members := set{}
	for _, f := range facts {
		members.add(f.values(saidMember)...)
	}
	broken, err := s.tallies(members)
	if err != nil {
		return err
	}
	for _, f := range facts {
		for _, member := range f.values(saidMember) { // also one that is no longer shown
			for _, target := range broken[member].values(saidBreaches) {
				for _, perpetrator := range f.values(saidPerpetrator) {
					if instrumentID.MatchString(target) {
						t.breaches.add(breachesOf(perpetrator, target))
					}
				}
			}
		}
	}
	bearers, owed := set{}, set{}
	for _, d := range t.duties {
		if d.bearer != "" && d.instrument != "" {
			t.breaches.add(breachesOf(d.bearer, d.instrument))
		}
		bearers.add(d.bearer)
		owed.add(d.beneficiaries...)
	}
	stated, err := s.tallies(t.breaches)
	if err != nil {
		return err
	}
	for _, f := range stated {
		for _, violation := range f.values(saidViolation) {
			t.groups.add(groupOf(violation))
		}
	}
	var patterns []Pattern
	if len(owed) > 0 && len(bearers) > 0 {
		patterns = append(patterns, actPattern(among(bearers), among(owed)))
	}
	owed.add(t.lapsed.sorted()...)
	if len(owed) > 0 {
		patterns = append(patterns, actPattern(nil, among(owed), attackKinds))
	}
	return s.addGroups(t.groups, patterns...)
}

// residuals yields, for each perpetrator's breaches of an instrument, the
// obligation that stands for its duties where no known duty is meant.
func (s *settlement) residuals(breaches set, acts map[string][]act) error {
	if len(breaches) == 0 {
		return nil
	}
	bearers, instruments := set{}, set{}
	for fact := range breaches {
		bearer, instrument := cutBreaches(fact)
		bearers.add(bearer)
		instruments.add(instrument)
	}
	duties, err := s.duties(dutyPattern(among(bearers), nil, among(instruments)))
	if err != nil {
		return err
	}
	ends := set{}
	ends.add(bearers.sorted()...)
	ends.add(instruments.sorted()...)
	if err := s.load(ends); err != nil {
		return err
	}
	var yields []Yield
	for _, fact := range breaches.sorted() {
		bearer, instrument := cutBreaches(fact)
		var open []act
		for _, group := range slices.Sorted(maps.Keys(acts)) {
			for _, a := range acts[group] {
				if a.perpetrator == bearer && a.said[saidBreaches][instrument] > 0 &&
					!a.date().Before(s.nodes[instrument].Date()) && unresolved(a, instrument, duties) {
					open = append(open, a)
				}
			}
		}
		y := Yield{Owner: "residual:" + fact}
		if len(open) > 0 {
			node, edges := residual(s.nodes[instrument], s.nodes[bearer], open, s.nodes)
			y.Nodes, y.Edges = []Node{node}, edges
		}
		yields = append(yields, y)
	}
	return s.ledger.Replace(s.ctx, yields)
}

// dutiesOf loads the obligations that the acts can break or test.
func (s *settlement) dutiesOf(acts map[string][]act) ([]duty, error) {
	perpetrators, victims, targets, named := set{}, set{}, set{}, set{}
	for _, group := range acts {
		for _, a := range group {
			perpetrators.add(a.perpetrator)
			victims.add(a.victim)
			for _, target := range a.said.values(saidBreaches) {
				if instrumentID.MatchString(target) {
					targets.add(target)
				} else {
					named.add(target)
				}
			}
		}
	}
	var patterns []Pattern
	if len(victims) > 0 {
		guarantee := dutyPattern(nil, among(victims), nil)
		guarantee.Nodes[0].Where = []Filter{guaranteeKinds}
		patterns = append(patterns, dutyPattern(among(perpetrators), among(victims), nil), guarantee)
	}
	if len(targets) > 0 {
		patterns = append(patterns, dutyPattern(among(perpetrators), nil, among(targets)))
	}
	if len(named) > 0 {
		direct := dutyPattern(nil, nil, nil)
		direct.Nodes[0].Where = among(named)
		patterns = append(patterns, direct)
	}
	return s.duties(patterns...)
}

// lapses are the failures to perform toward the acts' victims.
func (s *settlement) lapses(acts map[string][]act) ([]act, error) {
	victims, groups := set{}, set{}
	for _, group := range acts {
		for _, a := range group {
			victims.add(a.victim)
		}
	}
	if len(victims) == 0 {
		return nil, nil
	}
	if err := s.addGroups(groups, actPattern(nil, among(victims), Is(Kind, string(NonPerformance)))); err != nil {
		return nil, err
	}
	lapses, err := s.acts(groups)
	if err != nil {
		return nil, err
	}
	var all []act
	for _, group := range groups.sorted() {
		all = append(all, lapses[group]...)
	}
	return all, nil
}

// duties loads the obligations that fit any of the patterns, by id.
func (s *settlement) duties(patterns ...Pattern) ([]duty, error) {
	found := map[string]*duty{}
	for _, p := range patterns {
		page, err := s.ledger.Match(s.ctx, p)
		if err != nil {
			return nil, err
		}
		for _, m := range page.Matches {
			node := m.Nodes["obligation"]
			d := found[node.ID]
			if d == nil {
				d = &duty{node: node, bearer: m.Nodes["bearer"].ID, instrument: m.Nodes["instrument"].ID}
				found[node.ID] = d
			}
			if b := m.Nodes["beneficiary"].ID; b != "" && !slices.Contains(d.beneficiaries, b) {
				d.beneficiaries = append(d.beneficiaries, b)
			}
		}
	}
	duties := make([]duty, 0, len(found))
	for _, id := range slices.Sorted(maps.Keys(found)) {
		duties = append(duties, *found[id])
	}
	return duties, nil
}

// addGroups adds the groups of the violations that fit any of the patterns.
func (s *settlement) addGroups(groups set, patterns ...Pattern) error {
	for _, p := range patterns {
		page, err := s.ledger.Match(s.ctx, p)
		if err != nil {
			return err
		}
		for _, m := range page.Matches {
			groups.add(groupOf(m.Nodes["violation"].ID))
		}
	}
	return nil
}

var (
	attackKinds    = kindFilter(attacks)
	guaranteeKinds = kindFilter(slices.Sorted(maps.Keys(Guarantees)))
)

func kindFilter[T ~string](kinds []T) Filter {
	values := make([]string, len(kinds))
	for i, k := range kinds {
		values[i] = string(k)
	}
	return OneOf(Kind, values...)
}

func among(ids set) []Filter { return []Filter{OneOf(ID, ids.sorted()...)} }

// dutyPattern matches obligations with their ends. An end without filters may
// be missing.
func dutyPattern(bearer, beneficiary, instrument []Filter) Pattern {
	return Pattern{
		Nodes: []NodePattern{
			{As: "obligation", Label: ObligationLabel},
			{As: "bearer", Label: ActorLabel, Where: bearer},
			{As: "beneficiary", Label: ActorLabel, Where: beneficiary},
			{As: "instrument", Label: InstrumentLabel, Where: instrument},
		},
		Edges: []EdgePattern{
			{As: "owes", From: "bearer", Type: Owes, To: "obligation", Optional: bearer == nil},
			{As: "owedTo", From: "obligation", Type: OwedTo, To: "beneficiary", Optional: beneficiary == nil},
			{As: "creates", From: "instrument", Type: Creates, To: "obligation", Optional: instrument == nil},
		},
	}
}

// actPattern matches violations by who committed them and against whom; ends
// without filters are left out.
func actPattern(perpetrator, victim []Filter, violation ...Filter) Pattern {
	p := Pattern{Nodes: []NodePattern{{As: "violation", Label: ViolationLabel, Where: violation}}}
	if perpetrator != nil {
		p.Nodes = append(p.Nodes, NodePattern{As: "perpetrator", Label: ActorLabel, Where: perpetrator})
		p.Edges = append(p.Edges, EdgePattern{As: "committed", From: "perpetrator", Type: Committed, To: "violation"})
	}
	if victim != nil {
		p.Nodes = append(p.Nodes, NodePattern{As: "victim", Label: ActorLabel, Where: victim})
		p.Edges = append(p.Edges, EdgePattern{As: "against", From: "violation", Type: Against, To: "victim"})
	}
	return p
}
