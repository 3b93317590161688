package graph

import (
	"slices"
	"strings"
)

// A BreachRule says which obligations an act of one kind breaks.
type BreachRule struct {
	Violation ViolationKind
	// Breaks are the kinds of obligation that a breach stated of an instrument
	// means: "annexing Crimea broke the memorandum" breaks the perpetrator's
	// duties of these kinds under it.
	Breaks []ObligationKind
	// Inferred says that the act breaks the perpetrator's agreed obligations of
	// these kinds toward the victim even where no document says so.
	Inferred bool
}

var performance = []ObligationKind{
	MutualDefense, Offense, Consultation, Assistance, Deployment, Disarmament,
	Monitoring, Enforcement, Membership, Economic, Humanitarian, OtherObligation,
}

// BreachRules is the inference table. What is not in it breaks nothing by
// inference: that an obligation was not performed, or was left, does not say
// which one unless a source does.
var BreachRules = []BreachRule{
	{Annexation, []ObligationKind{RespectSovereignty, NonAggression, RespectNeutrality}, true},
	{Invasion, []ObligationKind{NonAggression, RespectSovereignty, RespectNeutrality}, true},
	{Occupation, []ObligationKind{RespectSovereignty, RespectNeutrality}, true},
	{ArmedAttack, []ObligationKind{NonAggression, RespectSovereignty}, true},
	{Threat, []ObligationKind{NonAggression}, true},
	{CeasefireViolation, []ObligationKind{Ceasefire}, true},
	{WarCrime, []ObligationKind{Humanitarian}, true},
	{Coercion, []ObligationKind{RespectSovereignty, Economic}, false},
	{NonPerformance, performance, false},
	{Withdrawal, performance, false},
	{OtherViolation, nil, false},
}

// Guarantees are the kinds of obligation that an attack by a third party on
// their beneficiary puts to the test, each with the responses that honour it.
var Guarantees = map[ObligationKind][]ResponseKind{
	MutualDefense: {Military},
	Assistance:    {Aid, Military},
}

// attacks are the violations that put a guarantee to the test.
var attacks = []ViolationKind{Annexation, Invasion, Occupation, ArmedAttack}

func breachRule(kind ViolationKind) BreachRule {
	for _, rule := range BreachRules {
		if rule.Violation == kind {
			return rule
		}
	}
	return BreachRule{Violation: kind}
}

// A duty is an obligation with the ends that inference looks at.
type duty struct {
	node          Node
	instrument    string
	bearer        string
	beneficiaries []string
}

func (d duty) kind() ObligationKind { return ObligationKind(d.node.Properties.Text(Kind)) }
func (d duty) agreed() bool         { return d.node.Properties.Text(StatusOf) == string(Agreed) }

// breached lists the BREACHES edges of an act: the stated ones, then those that
// follow from the perpetrator's duties. An act that certainly came before the
// promise breaks none.
func breached(a act, duties []duty) []Edge {
	var edges []Edge
	rule := breachRule(a.kind)
	for _, d := range duties {
		if a.perpetrator == "" || d.bearer != a.perpetrator || a.date().Before(d.node.Date()) {
			continue
		}
		switch {
		case statedOf(a, d, duties):
			edges = append(edges, breachEdge(a, d, Stated, statedFacts(a, d)))
		case rule.Inferred && slices.Contains(rule.Breaks, d.kind()) && d.agreed() && heldAt(d, a) && slices.Contains(d.beneficiaries, a.victim):
			edges = append(edges, breachEdge(a, d, Inferred, append(slices.Clone(a.facts), d.node.ID)))
		}
	}
	return edges
}

// statedOf reports whether a document says that the act broke the duty: it
// names it, or an instrument under which it is the duty that such an act breaks.
func statedOf(a act, d duty, duties []duty) bool {
	switch {
	case a.said[saidBreaches][d.node.ID] > 0:
		return true
	case a.said[saidBreaches][d.instrument] == 0:
		return false
	case isResidual(d.node.ID):
		return unresolved(a, d.instrument, duties)
	}
	return means(a, d)
}

// means reports whether "the act broke the instrument" means this duty under it.
func means(a act, d duty) bool {
	breaks := breachRule(a.kind).Breaks
	return breaks == nil || slices.Contains(breaks, d.kind())
}

// unresolved reports whether none of the duties is meant where a document says
// that the act broke the instrument.
func unresolved(a act, instrument string, duties []duty) bool {
	return !slices.ContainsFunc(duties, func(d duty) bool {
		return d.instrument == instrument && d.bearer == a.perpetrator && !isResidual(d.node.ID) &&
			means(a, d) && !a.date().Before(d.node.Date())
	})
}

func statedFacts(a act, d duty) []string {
	var facts []string
	for _, fact := range a.facts {
		for _, target := range []string{d.node.ID, d.instrument} {
			if a.said[saidBreaches][target] > 0 {
				facts = append(facts, Edge{From: fact, Type: Breaches, To: target}.ID())
			}
		}
	}
	return facts
}

func breachEdge(a act, d duty, basis Basis, facts []string) Edge {
	return Edge{From: a.node.ID, Type: Breaches, To: d.node.ID, Properties: Properties{BasisOf: string(basis), Facts: facts}}
}

// heldAt reports whether the duty certainly held when the act was done: both
// are dated, and the duty began no later than the act.
func heldAt(d duty, a act) bool {
	since, date := d.node.Date(), a.date()
	return since != "" && date != "" && since.Last() <= date.First()
}

// triggered lists the TRIGGERS edges of an act: the guarantees given to its
// victim by others, which an attack puts to the test. lapses are the acts of
// non-performance toward the victim.
func triggered(a act, duties []duty, lapses []act) []Edge {
	if a.victim == "" || !slices.Contains(attacks, a.kind) {
		return nil
	}
	var edges []Edge
	for _, d := range duties {
		honouring, guarantee := Guarantees[d.kind()]
		since := d.node.Date()
		if !guarantee || !d.agreed() || d.bearer == "" || d.bearer == a.perpetrator || d.bearer == a.victim ||
			!slices.Contains(d.beneficiaries, a.victim) ||
			since == "" || a.date() == "" || a.date().Before(since) {
			continue
		}
		outcome, facts := outcomeOf(a, d, honouring, lapses)
		edges = append(edges, Edge{From: a.node.ID, Type: Triggers, To: d.node.ID, Properties: Properties{
			BasisOf: string(Inferred), OutcomeOf: string(outcome),
			Facts: append(append(slices.Clone(a.facts), d.node.ID), facts...),
		}})
	}
	return edges
}

// outcomeOf tells what became of a tested guarantee, and by which facts: a
// fitting response honours it; a statement that the bearer did nothing, or its
// failure to perform toward the victim after the attack, violates it.
func outcomeOf(a act, d duty, honouring []ResponseKind, lapses []act) (Outcome, []string) {
	responses := func(kinds ...ResponseKind) []string {
		var facts []string
		for _, e := range a.edges() {
			if e.Type == RespondedTo && e.From == d.bearer && slices.Contains(kinds, ResponseKind(e.Key)) {
				facts = append(facts, e.Facts()...)
			}
		}
		return facts
	}
	if facts := responses(honouring...); len(facts) > 0 {
		return Honoured, facts
	}
	facts := responses(NoResponse)
	for _, lapse := range lapses {
		of := lapse.said[saidBreaches][d.node.ID] + lapse.said[saidBreaches][d.instrument]
		if lapse.perpetrator == d.bearer && of > 0 && !lapse.date().Before(a.date()) {
			facts = append(facts, lapse.facts...)
		}
	}
	if len(facts) > 0 {
		return Violated, facts
	}
	return UnknownOutcome, nil
}

// residualID is the id of the obligation that stands for all of a bearer's
// duties under an instrument, where a source says that it broke the instrument
// and no source names a duty that the act breaks.
func residualID(instrument, bearer string) string {
	return instrument + ".residual." + actorKey(bearer)
}

func isResidual(obligation string) bool { return strings.Contains(obligation, ".residual.") }

// residual is that obligation, and its edges. It is owed to the acts' victims.
func residual(instrument, bearer Node, acts []act, nodes map[string]Node) (Node, []Edge) {
	victims, facts := set{}, set{}
	for _, a := range acts {
		victims.add(a.victim)
		for _, fact := range a.facts {
			facts.add(Edge{From: fact, Type: Breaches, To: instrument.ID}.ID())
		}
	}
	id := residualID(instrument.ID, bearer.ID)
	node := Node{
		ID: id, Label: ObligationLabel,
		Name:       obligationName(nodes, bearer.ID, string(OtherObligation), victims.sorted(), instrument.ID),
		Properties: Properties{Kind: string(OtherObligation), Facts: facts.sorted()},
	}
	node.Properties.set(StatusOf, instrument.Properties.Text(StatusOf))
	node.Properties.set(Since, instrument.Properties.Text(DateOf))
	edges := []Edge{{From: instrument.ID, Type: Creates, To: id}, {From: bearer.ID, Type: Owes, To: id}}
	for _, victim := range victims.sorted() {
		edges = append(edges, Edge{From: id, Type: OwedTo, To: victim})
	}
	for i := range edges {
		edges[i].Properties = Properties{Facts: facts.sorted()}
	}
	return node, edges
}
