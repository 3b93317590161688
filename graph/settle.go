package graph

import (
	"context"
	"fmt"
	"maps"
	"reflect"
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
//
// All that is read is found by the tallies, which hold indexes of their own, in
// a few large reads; all that the graph shows is written at once.
func Settle(ctx context.Context, l Ledger, before, after *Batch) error {
	s := &settlement{
		ctx: ctx, ledger: l, was: statementsOf(before), is: statementsOf(after),
		said: map[string]said{}, nodes: map[string]Node{}, loaded: set{}, folded: map[string][]act{},
	}
	tallies := change(s.was, s.is)
	if err := s.record(before, after, tallies); err != nil {
		return err
	}
	s.touched = touch(before, after, tallies)
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
	ctx     context.Context
	ledger  Ledger
	was     statements // of the batch before
	is      statements // of the batch after
	touched *touched

	said   map[string]said  // by fact: all that was read
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

// touched are the facts that a change bears on, by how they are folded.
type touched struct {
	documents            set
	actors, instruments  set
	parties, obligations set
	groups, events       set
	breaches             set             // of breachesOf: a perpetrator's breaches of an instrument or obligation
	lapsed               set             // victims of touched failures to perform
	duties               map[string]duty // the touched obligations, as far as the batches say
	related              set             // groups of acts whose breaches and triggers can be others now
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

// touch sorts the facts whose tallies change by how they are folded.
func touch(before, after *Batch, tallies []Tally) *touched {
	t := &touched{
		documents: set{}, actors: set{}, instruments: set{}, parties: set{}, obligations: set{}, groups: set{}, events: set{},
		breaches: set{}, lapsed: set{}, duties: map[string]duty{}, related: set{},
	}
	moved := set{}
	for _, tally := range tallies {
		moved.add(tally.Fact)
		if strings.HasPrefix(tally.Fact, "breaches:") {
			t.breaches.add(tally.Fact)
		}
	}
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
				d := duty{id: c.ID(), kind: c.Kind, instrument: c.Instrument, bearer: c.Bearer}
				d.beneficiaries = append(slices.Clone(t.duties[d.id].beneficiaries), c.Beneficiaries...)
				t.duties[d.id] = d
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
	return t
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

// sources folds the document, and yields its passages: each is there exactly
// while some batch cites it.
func (s *settlement) sources() error {
	t := s.touched
	err := s.read(t.documents, t.actors, t.instruments, t.parties, t.obligations, t.groups, t.events)
	if err != nil {
		return err
	}
	for id := range t.documents {
		s.yield(foldDocument(id, s.said[id]))
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
	t := s.touched
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
		ends.add(s.said[group].values(saidPerpetrator)...)
		ends.add(s.said[group].values(saidVictim)...)
	}
	return ends
}

// spread adds the facts that are called by, or dated by, an actor or
// instrument that changed.
func (s *settlement) spread() error {
	t := s.touched
	violations, breakers := set{}, set{}
	for _, link := range []struct {
		ids   set
		t     EdgeType
		facts set
	}{
		{t.instruments, Creates, t.obligations}, {t.actors, Owes, t.obligations}, {t.actors, OwedTo, t.obligations},
		{t.actors, Committed, violations}, {t.actors, Against, violations},
	} {
		if err := s.follow(link.ids, link.t, link.facts); err != nil {
			return err
		}
	}
	for id := range violations {
		t.groups.add(groupOf(id))
	}
	for id := range t.instruments {
		breakers.add(breakersOf(id))
	}
	if err := s.read(t.obligations, t.groups, breakers); err != nil {
		return err
	}
	for id := range t.instruments {
		for _, perpetrator := range s.said[breakersOf(id)].values(saidPerpetrator) {
			t.breaches.add(breachesOf(perpetrator, id))
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

// relate finds the groups whose acts the touched facts bear on: the touched
// ones, those that are said to break a touched duty or what a touched act is
// said to break, those that such a duty makes a breach by inference, and the
// attacks that test a touched guarantee or that a touched lapse can decide.
func (s *settlement) relate() error {
	t := s.touched
	tested, possible := set{}, set{}
	for id := range t.obligations {
		d := dutyOf(id, s.said[id], s.nodes)
		if claimed, ok := t.duties[id]; ok { // it may be gone by now
			d.kind, d.instrument, d.bearer = claimed.kind, claimed.instrument, claimed.bearer
			d.beneficiaries = append(d.beneficiaries, claimed.beneficiaries...)
		}
		if d.bearer == "" {
			continue // nobody can be told to have broken it, or to have been tested
		}
		t.breaches.add(breachesOf(d.bearer, id))
		if d.instrument != "" {
			t.breaches.add(breachesOf(d.bearer, d.instrument))
		}
		for _, victim := range d.beneficiaries {
			for _, rule := range BreachRules {
				if rule.infers(d.kind) {
					possible.add(violationGroup(d.bearer, rule.Violation, victim))
				}
			}
			if d.guarantees() {
				tested.add(attacksOn(victim))
			}
		}
	}
	for victim := range t.lapsed {
		tested.add(attacksOn(victim))
	}
	for group := range t.groups {
		for _, perpetrator := range s.said[group].values(saidPerpetrator) {
			for _, target := range s.said[group].values(saidBroken) {
				t.breaches.add(breachesOf(perpetrator, target))
			}
		}
	}
	if err := s.read(t.breaches, tested, possible, s.members(t.groups), s.indexes(t.groups)); err != nil {
		return err
	}
	t.related.add(t.groups.sorted()...)
	for fact := range t.breaches {
		t.related.add(s.accused(fact).sorted()...)
	}
	for fact := range tested {
		t.related.add(s.said[fact].values(saidMember)...)
	}
	for group := range possible {
		if len(s.said[group]) > 0 {
			t.related.add(group)
		}
	}
	return s.read(t.related)
}

// accused are the groups of the acts that are said to be breaches.
func (s *settlement) accused(breaches string) set {
	groups := set{}
	for violation := range s.said[breaches][saidViolation] {
		groups.add(groupOf(violation))
	}
	return groups
}

// members are the violations of the groups, as the batches call them.
func (s *settlement) members(groups set) set {
	members := set{}
	for group := range groups {
		members.add(s.said[group].values(saidMember)...)
	}
	return members
}

// acts folds the violations of a group, of which all was read.
func (s *settlement) acts(group string) []act {
	acts, ok := s.folded[group]
	if !ok {
		members := map[string]said{}
		for _, member := range s.said[group].values(saidMember) {
			members[member] = s.said[member]
		}
		acts = foldGroup(group, s.said[group], members, s.nodes)
		s.folded[group] = acts
	}
	return acts
}

// facts folds parties, obligations, violations and events.
func (s *settlement) facts() error {
	t := s.touched
	for fact := range t.parties {
		s.yield(foldParty(fact, s.said[fact]))
	}
	for id := range t.obligations {
		s.yield(foldObligation(id, s.said[id], s.nodes))
	}
	for id := range t.events {
		s.yield(foldEvent(id, s.said[id]))
	}
	shown := map[string]string{}
	for group := range t.groups {
		if s.said[group][saidMember][group] > 0 {
			shown[group] = group // the undated one, unless a dated one shows it
		}
		y := Yield{Owner: group}
		for _, a := range s.acts(group) {
			y.Nodes = append(y.Nodes, a.node)
			y.Edges = append(y.Edges, a.edges()...)
			if slices.Contains(a.facts, group) {
				shown[group] = a.node.ID
			}
		}
		s.yield(y)
	}
	if len(shown) == 0 {
		return nil
	}
	return s.ledger.Point(s.ctx, shown)
}

// derive yields the breaches and triggers of the related acts, and the
// residual obligations that stated breaches need.
func (s *settlement) derive() error {
	t := s.touched
	if err := s.readDuties(); err != nil {
		return err
	}
	for group := range t.related {
		y := Yield{Owner: "derived:" + group}
		for _, a := range s.acts(group) {
			duties := s.duties(a)
			y.Edges = append(y.Edges, breached(a, duties, s.nodes)...)
			y.Edges = append(y.Edges, triggered(a, duties, s.lapses)...)
		}
		s.yield(y)
	}
	for fact := range t.breaches {
		bearer, instrument := cutBreaches(fact)
		if !isInstrument(instrument) {
			continue
		}
		var open []act
		for _, group := range s.accused(fact).sorted() {
			for _, a := range s.acts(group) {
				if leftOpen(a, s.nodes[instrument], s.duties(a)) {
					open = append(open, a)
				}
			}
		}
		y := Yield{Owner: "residual:" + fact}
		if len(open) > 0 {
			node, edges := residual(s.nodes[instrument], s.nodes[bearer], open, s.nodes)
			y.Nodes, y.Edges = []Node{node}, edges
		}
		s.yield(y)
	}
	return nil
}

// readDuties reads all that the related acts can break or test, and the
// failures to perform that decide the tests.
func (s *settlement) readDuties() error {
	t := s.touched
	if err := s.read(s.members(t.related), s.indexes(t.related)); err != nil {
		return err
	}
	obligations, lapses := set{}, set{}
	for group := range t.related {
		for _, a := range s.acts(group) {
			for id := range s.inReach(a) {
				obligations.add(id)
			}
			for guarantee := range s.said[guaranteesTo(a.victim)][saidObligation] {
				bearer, _, _ := strings.Cut(guarantee, "|")
				lapses.add(violationGroup(bearer, NonPerformance, a.victim))
			}
		}
	}
	if err := s.read(obligations, lapses); err != nil {
		return err
	}
	if err := s.read(s.members(lapses)); err != nil {
		return err
	}
	ends := s.ends(nil, t.related)
	for id := range obligations {
		ends.add(s.said[id].first(saidInstrument))
	}
	for group := range t.related {
		for target := range s.said[group][saidBroken] {
			if isInstrument(target) {
				ends.add(target)
			}
		}
	}
	return s.load(ends)
}

// indexes are the facts by which is found what acts of the groups can break by
// inference, or test.
func (s *settlement) indexes(groups set) set {
	indexes := set{}
	for group := range groups {
		perpetrator, victim := s.said[group].first(saidPerpetrator), s.said[group].first(saidVictim)
		if victim == "" {
			continue
		}
		if perpetrator != "" && breachRule(kindOf(group)).Inferred {
			indexes.add(owedBy(perpetrator, victim))
		}
		if slices.Contains(attacks, kindOf(group)) {
			indexes.add(guaranteesTo(victim))
		}
	}
	return indexes
}

// inReach are the obligations that the act can break or test: those that it is
// said to break or that such an act breaks under an instrument, those of its
// perpetrator to its victim, and the guarantees that its victim was given.
func (s *settlement) inReach(a act) set {
	ids := set{}
	for target := range a.said[saidBreaches] {
		if !isInstrument(target) {
			ids.add(target)
			continue
		}
		for _, kind := range breachRule(a.kind).meant() {
			ids.add(ObligationID(target, kind, a.perpetrator, nil))
		}
	}
	for id := range s.said[owedBy(a.perpetrator, a.victim)][saidObligation] {
		ids.add(id)
	}
	for guarantee := range s.said[guaranteesTo(a.victim)][saidObligation] {
		_, id, _ := strings.Cut(guarantee, "|")
		ids.add(id)
	}
	return ids
}

// duties are the known obligations in the act's reach.
func (s *settlement) duties(a act) []duty {
	var duties []duty
	for _, id := range s.inReach(a).sorted() {
		if s.said[id].supported() {
			duties = append(duties, dutyOf(id, s.said[id], s.nodes))
		}
	}
	return duties
}

// lapses are an actor's failures to perform toward a victim.
func (s *settlement) lapses(bearer, victim string) []act {
	return s.acts(violationGroup(bearer, NonPerformance, victim))
}
