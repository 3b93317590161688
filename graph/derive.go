package graph

import (
	"reflect"
	"slices"
	"strings"
)

// The second half of a settlement: what can now be broken or tested in another
// way than before. It is worked out, and yielded, for one pair of a group of
// acts and an obligation at a time: a new guarantee to an actor that is often
// attacked costs as much as there are attacks, not as there are guarantees.

// relate finds the pairs of which the group or the obligation changed, and reads
// all that decides them.
func (s *settlement) relate() error {
	t := &s.touched
	duties, indexes := s.changedDuties(), set{}
	for _, d := range duties {
		indexes.add(breachesOf(d.bearer, d.id), breachesOf(d.bearer, d.instrument))
		for _, victim := range d.beneficiaries {
			indexes.add(inferable(d, victim)...)
			if d.guarantees() {
				indexes.add(attacksOn(victim))
			}
		}
	}
	for group := range t.groups {
		perpetrator, victim := s.sides(group)
		indexes.add(s.either(group, saidMember)...)
		indexes.add(owedBy(perpetrator, victim), guaranteesTo(victim))
		if kindOf(group) == NonPerformance {
			indexes.add(attacksOn(victim))
		}
		indexes.add(s.accused(group)...)
	}
	if err := s.read(indexes, t.accusations); err != nil {
		return err
	}
	for _, d := range duties {
		s.pairDuty(d)
	}
	for group := range t.groups {
		if s.reacts(group) {
			t.reacted.add(group)
			s.pairGroup(group)
		}
		if t.reacted[group] || t.renamed[group] {
			t.accusations.add(s.accused(group)...)
		}
	}
	return s.readPairs()
}

// changedDuties are the touched obligations that can be broken or tested in
// another way than before, with the beneficiaries of before and after. Those
// of nobody in particular cannot.
func (s *settlement) changedDuties() []duty {
	var changed []duty
	for id := range s.touched.obligations {
		was, is := dutyOf(id, s.before(id), s.nodes), dutyOf(id, s.said[id], s.nodes)
		if reflect.DeepEqual(was, is) && !s.touched.redated[is.instrument] {
			continue
		}
		d := is
		if d.bearer == "" {
			d = was
		}
		if d.bearer != "" {
			d.beneficiaries = s.either(id, saidBeneficiary)
			changed = append(changed, d)
		}
	}
	return changed
}

// reacts reports whether an act of the group, or what it broke or met with, is
// another than before.
func (s *settlement) reacts(group string) bool {
	return !slices.EqualFunc(s.actsAs(group, s.before), s.acts(group), func(was, is act) bool {
		return reflect.DeepEqual(was.node, is.node) && reflect.DeepEqual(was.edges(), is.edges()) && slices.Equal(was.facts, is.facts) &&
			slices.Equal(was.said.sorted(saidBreaches), is.said.sorted(saidBreaches))
	})
}

// inferable are the groups whose acts break the duty toward the victim even
// where no document says so.
func inferable(d duty, victim string) []string {
	var groups []string
	for _, rule := range BreachRules {
		if rule.infers(d.kind) {
			groups = append(groups, violationGroup(d.bearer, rule.Violation, victim))
		}
	}
	return groups
}

// accused are the facts by which are found the breaches of the instruments that
// the group is said to have broken.
func (s *settlement) accused(group string) []string {
	perpetrator, _ := s.sides(group)
	if perpetrator == "" {
		return nil
	}
	var facts []string
	for _, target := range s.either(group, saidBroken) {
		if isInstrument(target) {
			facts = append(facts, breachesOf(perpetrator, target))
		}
	}
	return facts
}

// pairDuty pairs a duty that changed with the groups that can bear on it.
func (s *settlement) pairDuty(d duty) {
	t := &s.touched
	if d.instrument != "" {
		t.accusations.add(breachesOf(d.bearer, d.instrument))
	}
	for _, fact := range []string{breachesOf(d.bearer, d.id), breachesOf(d.bearer, d.instrument)} {
		for _, violation := range s.either(fact, saidViolation) {
			t.pair(groupOf(violation), d.id)
		}
	}
	for _, victim := range d.beneficiaries {
		for _, group := range inferable(d, victim) {
			if len(s.said[group]) > 0 {
				t.pair(group, d.id)
			}
		}
		if d.guarantees() {
			t.lapses.add(violationGroup(d.bearer, NonPerformance, victim))
			for _, attack := range s.either(attacksOn(victim), saidMember) {
				t.pair(attack, d.id)
			}
		}
	}
}

// pairGroup pairs a group that changed with the obligations that it can bear
// on: those that it is said to have broken, or that such an act breaks under an
// instrument, those of its perpetrator to its victim, and the guarantees that
// it tests. A failure to perform decides tests of other groups.
func (s *settlement) pairGroup(group string) {
	t := &s.touched
	perpetrator, victim := s.sides(group)
	kind := kindOf(group)
	for _, target := range s.either(group, saidBroken) {
		if !isInstrument(target) {
			t.pair(group, target)
			continue
		}
		for _, broken := range breachRule(kind).meant() {
			t.pair(group, ObligationID(target, broken, perpetrator, nil))
		}
	}
	if breachRule(kind).Inferred {
		for _, id := range s.either(owedBy(perpetrator, victim), saidObligation) {
			t.pair(group, id)
		}
	}
	for _, guarantee := range s.either(guaranteesTo(victim), saidObligation) {
		bearer, id, _ := strings.Cut(guarantee, "|")
		if slices.Contains(attacks, kind) {
			t.pair(group, id)
			t.lapses.add(violationGroup(bearer, NonPerformance, victim))
		}
		if kind == NonPerformance && bearer == perpetrator {
			t.lapses.add(group)
			for _, attack := range s.either(attacksOn(victim), saidMember) {
				t.pair(attack, id)
			}
		}
	}
}

// readPairs pairs all that is accused of breaking an instrument with the
// residual obligation under it, and reads what decides the pairs.
func (s *settlement) readPairs() error {
	t := &s.touched
	groups, obligations, ends := set{}, set{}, set{}
	for fact := range t.accusations {
		bearer, instrument := cutBreaches(fact)
		ends.add(bearer, instrument)
		for _, violation := range s.either(fact, saidViolation) {
			group := groupOf(violation)
			t.pair(group, residualID(instrument, bearer))
			for _, kind := range breachRule(kindOf(group)).meant() {
				obligations.add(ObligationID(instrument, kind, bearer, nil))
			}
		}
	}
	for group, ids := range t.pairs {
		groups.add(group)
		obligations.add(ids.sorted()...)
	}
	if err := s.read(groups, obligations, t.lapses); err != nil {
		return err
	}
	members := set{}
	for _, some := range []set{groups, t.lapses} {
		for group := range some {
			members.add(s.said[group].values(saidMember)...)
		}
	}
	if err := s.read(members); err != nil {
		return err
	}
	for id := range obligations {
		ends.add(s.said[id].first(saidInstrument))
	}
	for end := range s.ends(nil, groups) {
		ends.add(end)
	}
	return s.load(ends)
}

// derive yields the breaches and triggers of the pairs, and the residual
// obligations that stated breaches need.
func (s *settlement) derive() error {
	for group, ids := range s.touched.pairs {
		for id := range ids {
			y := Yield{Owner: "derived:" + group + "|" + id}
			switch {
			case isResidual(id):
				y.Edges = s.residualBreaches(group, id)
			case s.said[id].supported():
				d := dutyOf(id, s.said[id], s.nodes)
				for _, a := range s.acts(group) {
					y.Edges = append(y.Edges, breached(a, d)...)
					if d.guarantees() {
						y.Edges = append(y.Edges, triggered(a, d, s.acts(violationGroup(d.bearer, NonPerformance, a.victim)))...)
					}
				}
			case s.moved[id] == nil:
				continue // there never was such an obligation
			}
			s.yield(y)
		}
	}
	for fact := range s.touched.accusations {
		bearer, instrument := cutBreaches(fact)
		var open []act
		groups := set{}
		for violation := range s.said[fact][saidViolation] {
			groups.add(groupOf(violation))
		}
		for _, group := range groups.sorted() {
			for _, a := range s.acts(group) {
				if s.leftOpen(a, instrument) {
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

func (s *settlement) residualBreaches(group, id string) []Edge {
	instrument := instrumentOf(id)
	var edges []Edge
	for _, a := range s.acts(group) {
		if s.leftOpen(a, instrument) {
			edges = append(edges, breachEdge(a, id, Stated, statedFacts(a, instrument)))
		}
	}
	return edges
}

// leftOpen reports whether a document says that the act broke the instrument,
// and none of the perpetrator's known duties under it is meant. What was done
// before the instrument was made broke nothing of it.
func (s *settlement) leftOpen(a act, instrument string) bool {
	if a.said[saidBreaches][instrument] == 0 || a.date().Before(s.nodes[instrument].Date()) {
		return false
	}
	for _, kind := range breachRule(a.kind).meant() {
		id := ObligationID(instrument, kind, a.perpetrator, nil)
		if d := dutyOf(id, s.said[id], s.nodes); s.said[id].supported() && !a.date().Before(d.since) {
			return false
		}
	}
	return true
}
