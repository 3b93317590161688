package graph

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Settle puts the batch after in the place of the batch before, of the same
// document and extractor; either can be nil. It counts what is said, folds the
// facts that the change touches, and derives breaches and triggers again for
// the acts and duties that it changes. Everything it writes is a function of the
// batches that the ledger holds in the end, so neither the order of changes nor
// repetition matters. It returns ErrConflict where the document is known with
// another text.
//
// All that is read is found by the tallies, which hold indexes of their own, in
// a few large reads; all that the graph shows is written at once.
func Settle(ctx context.Context, l Ledger, before, after *Batch) error {
	s := &settlement{
		ctx: ctx, ledger: l, was: statementsOf(before), is: statementsOf(after), moved: map[string][]Tally{},
		said: map[string]said{}, nodes: map[string]Node{}, loaded: set{}, folded: map[string][]act{},
	}
	tallies := change(s.was, s.is)
	for _, t := range tallies {
		s.moved[t.Fact] = append(s.moved[t.Fact], t)
	}
	if err := s.record(before, after, tallies); err != nil {
		return err
	}
	s.touch(before, after)
	for _, step := range []func() error{
		s.sources, s.actorsAndInstruments, s.spread, s.relate, s.facts, s.derive,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return s.ledger.Replace(s.ctx, s.yields)
}

type settlement struct {
	ctx    context.Context
	ledger Ledger
	was    statements         // of the batch before
	is     statements         // of the batch after
	moved  map[string][]Tally // by fact: the change between the two

	touched touched

	said   map[string]said  // by fact: what was read, as it now stands
	nodes  map[string]Node  // actors and instruments as they now stand
	loaded set              // those of them that were read
	folded map[string][]act // by group
	yields []Yield          // to be written
}

// record writes down what is said, before anything is made of it.
func (s *settlement) record(before, after *Batch, tallies []Tally) error {
	if after == nil {
		if err := s.ledger.DeleteBatch(s.ctx, before.Document.ID(), before.Extractor); err != nil {
			return err
		}
		return s.ledger.Count(s.ctx, tallies)
	}
	var known *Document
	if before != nil {
		known = &before.Document
	} else {
		var err error
		if known, err = s.ledger.Document(s.ctx, after.Document.ID()); err != nil {
			return err
		}
	}
	if known != nil && known.Text != after.Document.Text {
		return fmt.Errorf("%w: document %s is known with another text; withdraw it first", ErrConflict, after.Document.URI)
	}
	if err := s.ledger.PutBatch(s.ctx, after, s.is.attestations); err != nil {
		return err
	}
	return s.ledger.Count(s.ctx, tallies)
}

// touched are the facts that a change bears on.
type touched struct {
	// whose tallies moved, by how they are folded
	documents, actors, instruments, parties, obligations, events set
	// groups of the batches' violations, even where no tally moved: the passages
	// may be new
	groups set

	reacted     set            // groups of which an act, or what it broke or met with, changed
	renamed     set            // obligations and groups that are called by, or dated by, what changed
	redated     set            // instruments
	accusations set            // of breachesOf: where a residual obligation can be another
	pairs       map[string]set // by group, the obligations that its acts can now break or test in another way
	lapses      set            // groups of failures to perform that decide the tests
}

func (t *touched) pair(group, obligation string) {
	if t.pairs[group] == nil {
		t.pairs[group] = set{}
	}
	t.pairs[group].add(obligation)
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

// touch sorts the facts whose tallies moved by how they are folded.
func (s *settlement) touch(before, after *Batch) {
	t := touched{
		documents: set{}, actors: set{}, instruments: set{}, parties: set{}, obligations: set{}, events: set{}, groups: set{},
		reacted: set{}, renamed: set{}, redated: set{}, accusations: set{}, pairs: map[string]set{}, lapses: set{},
	}
	add := func(to set, fact string) {
		if s.moved[fact] != nil {
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
			add(t.obligations, c.ID())
		}
		for _, c := range b.Violations {
			t.groups.add(c.group())
		}
		for _, c := range b.Events {
			add(t.events, c.ID())
		}
	}
	s.touched = t
}

// before is what was said of the fact before the change.
func (s *settlement) before(fact string) said {
	if s.moved[fact] == nil {
		return s.said[fact]
	}
	return s.said[fact].minus(s.moved[fact])
}

// either are the values of a property before or after the change.
func (s *settlement) either(fact, property string) []string {
	values := set{}
	values.add(s.said[fact].values(property)...)
	for _, t := range s.moved[fact] {
		if t.Property == property {
			values.add(t.Value)
		}
	}
	return values.sorted()
}

// read brings in the tallies of facts that were not read yet, with one call.
func (s *settlement) read(facts ...set) error {
	missing := set{}
	for _, some := range facts {
		for fact := range some {
			if _, ok := s.said[fact]; !ok {
				missing.add(fact)
				s.said[fact] = nil
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	tallies, err := s.ledger.Tallies(s.ctx, missing.sorted())
	if err != nil {
		return err
	}
	maps.Copy(s.said, byFact(tallies))
	return nil
}

// load brings in the nodes of actors and instruments that were not read yet,
// with one call.
func (s *settlement) load(ids set) error {
	missing := set{}
	for id := range ids {
		if !s.loaded[id] {
			missing.add(id)
			s.loaded.add(id)
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

func (s *settlement) yield(y Yield) { s.yields = append(s.yields, y) }

// fold yields a fact where the change makes it show something else.
func (s *settlement) fold(fact string, fold func(said) Yield) {
	now := fold(s.said[fact])
	if s.touched.renamed[fact] || !reflect.DeepEqual(now, fold(s.before(fact))) {
		s.yield(now)
	}
}

// sources folds the document, and yields its passages: each is there exactly
// while some batch cites it.
func (s *settlement) sources() error {
	t := &s.touched
	err := s.read(t.documents, t.actors, t.instruments, t.parties, t.obligations, t.groups, t.events)
	if err != nil {
		return err
	}
	for id := range t.documents {
		s.fold(id, func(f said) Yield { return foldDocument(id, f) })
	}
	for id, e := range s.is.passages {
		if _, there := s.was.passages[id]; !there {
			s.yield(passage(id, s.is.document, e))
		}
	}
	dropped := set{}
	for id := range s.was.passages {
		if _, kept := s.is.passages[id]; !kept {
			dropped.add(id)
		}
	}
	if len(dropped) == 0 {
		return nil
	}
	cited, err := s.ledger.Cited(s.ctx, dropped.sorted())
	for id := range dropped {
		if !cited[id] {
			s.yield(Yield{Owner: id})
		}
	}
	return err
}

// actorsAndInstruments folds them. Of the touched it keeps those that now show
// another name, date or status.
func (s *settlement) actorsAndInstruments() error {
	t := &s.touched
	ends := s.ends(t.obligations, t.groups)
	ends.add(t.actors.sorted()...)
	ends.add(t.instruments.sorted()...)
	if err := s.load(ends); err != nil {
		return err
	}
	maps.DeleteFunc(t.actors, func(id string, _ bool) bool { return !s.renewed(id, foldActor) })
	maps.DeleteFunc(t.instruments, func(id string, _ bool) bool { return !s.renewed(id, foldInstrument) })
	return nil
}

// renewed puts the folded node in the place of the old one, and reports whether
// facts that name the node change with it.
func (s *settlement) renewed(id string, fold func(string, said) (Node, bool)) bool {
	was, shown := s.nodes[id]
	node, ok := fold(id, s.said[id])
	switch {
	case !ok:
		delete(s.nodes, id)
		s.yield(Yield{Owner: id})
		return false
	case shown && reflect.DeepEqual(was, node):
		return false
	}
	s.nodes[id] = node
	s.yield(Yield{Owner: id, Nodes: []Node{node}})
	if shown && was.Date() != node.Date() {
		s.touched.redated.add(id)
	}
	return shown && (was.Name != node.Name || was.Date() != node.Date() || was.Properties[StatusOf] != node.Properties[StatusOf])
}

// ends are the actors and instruments that the obligations and the groups of
// violations name.
func (s *settlement) ends(obligations, groups set) set {
	ends := set{}
	for id := range obligations {
		for _, property := range []string{saidBearer, saidBeneficiary, saidInstrument} {
			ends.add(s.said[id].values(property)...)
		}
	}
	for group := range groups {
		perpetrator, victim := s.sides(group)
		ends.add(perpetrator, victim)
	}
	return ends
}

// spread adds the facts that are called by, or dated by, an actor or
// instrument that changed.
func (s *settlement) spread() error {
	t := &s.touched
	obligations, violations, breakers := set{}, set{}, set{}
	for _, link := range []struct {
		ids   set
		t     EdgeType
		facts set
	}{
		{t.instruments, Creates, obligations}, {t.actors, Owes, obligations}, {t.actors, OwedTo, obligations},
		{t.actors, Committed, violations}, {t.actors, Against, violations},
	} {
		if err := s.follow(link.ids, link.t, link.facts); err != nil {
			return err
		}
	}
	for id := range obligations {
		t.obligations.add(id)
		t.renamed.add(id)
	}
	for id := range violations {
		t.groups.add(groupOf(id))
		t.renamed.add(groupOf(id))
	}
	for id := range t.instruments {
		breakers.add(breakersOf(id))
	}
	if err := s.read(t.obligations, t.groups, breakers); err != nil {
		return err
	}
	for id := range t.instruments {
		for _, perpetrator := range s.said[breakersOf(id)].values(saidPerpetrator) {
			t.accusations.add(breachesOf(perpetrator, id))
		}
	}
	return s.load(s.ends(t.obligations, t.groups))
}

// follow adds the obligations or violations that edges of the type join to the
// actors or instruments. Residual ones are left out: they follow from the breaches.
func (s *settlement) follow(ids set, t EdgeType, facts set) error {
	if len(ids) == 0 {
		return nil
	}
	rule, _ := RuleOfEdge(t)
	edge := EdgePattern{As: "edge", From: "from", Type: t, To: "to"}
	from, to, fact := NodePattern{As: "from", Label: rule.From[0]}, NodePattern{As: "to", Label: rule.To[0]}, "to"
	if t == OwedTo || t == Against {
		to.Where, fact = among(ids), "from"
	} else {
		from.Where = among(ids)
	}
	page, err := s.ledger.Match(s.ctx, Pattern{Nodes: []NodePattern{from, to}, Edges: []EdgePattern{edge}})
	if err != nil {
		return err
	}
	for _, m := range page.Matches {
		if id := m.Nodes[fact].ID; !isResidual(id) {
			facts.add(id)
		}
	}
	return nil
}

func among(ids set) []Filter { return []Filter{OneOf(ID, ids.sorted()...)} }

// acts folds the violations of a group, of which all was read.
func (s *settlement) acts(group string) []act {
	acts, ok := s.folded[group]
	if !ok {
		acts = s.actsAs(group, func(fact string) said { return s.said[fact] })
		s.folded[group] = acts
	}
	return acts
}

// actsAs folds the violations of a group as it says what is said of a fact.
func (s *settlement) actsAs(group string, of func(fact string) said) []act {
	members := map[string]said{}
	for member := range of(group)[saidMember] {
		members[member] = of(member)
	}
	return foldGroup(group, of(group), members, s.nodes)
}

// sides are the perpetrator and the victim of a group's violations.
func (s *settlement) sides(group string) (perpetrator, victim string) {
	f := s.said[group]
	if len(f[saidMember]) == 0 {
		f = s.before(group)
	}
	return f.first(saidPerpetrator), f.first(saidVictim)
}

// facts folds parties, obligations, violations and events.
func (s *settlement) facts() error {
	t := &s.touched
	for fact := range t.parties {
		s.fold(fact, func(f said) Yield { return foldParty(fact, f) })
	}
	for id := range t.obligations {
		s.fold(id, func(f said) Yield { return foldObligation(id, f, s.nodes) })
	}
	for id := range t.events {
		s.fold(id, func(f said) Yield { return foldEvent(id, f) })
	}
	shown := map[string]string{}
	for group := range t.groups {
		y := Yield{Owner: group}
		for _, a := range s.acts(group) {
			y.Nodes = append(y.Nodes, a.node)
			y.Edges = append(y.Edges, a.edges()...)
			if slices.Contains(a.facts, group) {
				shown[group] = a.node.ID // of the undated one
			}
		}
		if t.renamed[group] || t.reacted[group] {
			s.yield(y)
		}
		if shown[group] == "" && s.said[group][saidMember][group] > 0 {
			shown[group] = group // it is denied
		}
	}
	if len(shown) == 0 {
		return nil
	}
	return s.ledger.Point(s.ctx, shown)
}
