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

// infers reports whether the act breaks a duty of the kind even where no
// document says so.
func (r BreachRule) infers(kind ObligationKind) bool {
	return r.Inferred && slices.Contains(r.Breaks, kind)
}

// meant are the kinds of duty that a breach stated of an instrument can mean.
func (r BreachRule) meant() []ObligationKind {
	if r.Breaks != nil {
		return r.Breaks
	}
	kinds := make([]ObligationKind, len(ObligationKinds))
	for i, k := range ObligationKinds {
		kinds[i] = k.Name
	}
	return kinds
}

// A duty is an obligation as inference looks at it.
type duty struct {
	id            string
	kind          ObligationKind
	agreed        bool
	since         Date
	instrument    string
	bearer        string
	beneficiaries []string
}

// dutyOf needs the node of the obligation's instrument.
func dutyOf(id string, s said, nodes map[string]Node) duty {
	var disputed disputes
	instrument := s.first(saidInstrument)
	return duty{
		id: id, kind: ObligationKind(s.first(string(Kind))), agreed: disputed.status(s) == Agreed,
		since: nodes[instrument].Date(), instrument: instrument, bearer: s.first(saidBearer), beneficiaries: s.sorted(saidBeneficiary),
	}
}

func (d duty) guarantees() bool { return Guarantees[d.kind] != nil }

// breached is the BREACHES edge of an act, where it broke the duty: as a
// document says, of the duty or of an instrument under which such an act breaks
// it, or by inference. An act that certainly came before the promise broke
// nothing of it.
func breached(a act, d duty) []Edge {
	if a.perpetrator == "" || d.bearer != a.perpetrator || a.date().Before(d.since) {
		return nil
	}
	rule := breachRule(a.kind)
	switch {
	case a.said[saidBreaches][d.id] > 0, a.said[saidBreaches][d.instrument] > 0 && slices.Contains(rule.meant(), d.kind):
		return []Edge{breachEdge(a, d.id, Stated, statedFacts(a, d.id, d.instrument))}
	case rule.infers(d.kind) && d.agreed && heldAt(d, a) && slices.Contains(d.beneficiaries, a.victim):
		return []Edge{breachEdge(a, d.id, Inferred, append(slices.Clone(a.facts), d.id))}
	}
	return nil
}

// statedFacts are the breach claims that say the act broke one of the targets.
func statedFacts(a act, targets ...string) []string {
	var facts []string
	for _, fact := range a.facts {
		for _, target := range targets {
			if a.said[saidBreaches][target] > 0 {
				facts = append(facts, Edge{From: fact, Type: Breaches, To: target}.ID())
			}
		}
	}
	return facts
}

func breachEdge(a act, obligation string, basis Basis, facts []string) Edge {
	return Edge{From: a.node.ID, Type: Breaches, To: obligation, Properties: Properties{BasisOf: string(basis), Facts: facts}}
}

// heldAt reports whether the duty certainly held when the act was done: both
// are dated, and the duty began no later than the act.
func heldAt(d duty, a act) bool {
	date := a.date()
	return d.since != "" && date != "" && d.since.Last() <= date.First()
}

// triggered is the TRIGGERS edge of an act, where it is an attack that puts the
// guarantee to the test: one given to its victim by another. lapses are the
// bearer's acts of non-performance toward the victim.
func triggered(a act, d duty, lapses []act) []Edge {
	if a.victim == "" || !slices.Contains(attacks, a.kind) || !d.agreed ||
		d.bearer == "" || d.bearer == a.perpetrator || d.bearer == a.victim || !slices.Contains(d.beneficiaries, a.victim) ||
		d.since == "" || a.date() == "" || a.date().Before(d.since) {
		return nil
	}
	outcome, facts := outcomeOf(a, d, lapses)
	return []Edge{{From: a.node.ID, Type: Triggers, To: d.id, Properties: Properties{
		BasisOf: string(Inferred), OutcomeOf: string(outcome), Facts: append(append(slices.Clone(a.facts), d.id), facts...),
	}}}
}

// outcomeOf tells what became of a tested guarantee, and by which facts: a
// fitting response honours it; a statement that the bearer did nothing, or its
// failure to perform toward the victim after the attack, violates it.
func outcomeOf(a act, d duty, lapses []act) (Outcome, []string) {
	responses := func(kinds ...ResponseKind) []string {
		var facts []string
		for _, e := range a.edges() {
			if e.Type == RespondedTo && e.From == d.bearer && slices.Contains(kinds, ResponseKind(e.Key)) {
				facts = append(facts, e.Facts()...)
			}
		}
		return facts
	}
	if facts := responses(Guarantees[d.kind]...); len(facts) > 0 {
		return Honoured, facts
	}
	facts := responses(NoResponse)
	for _, lapse := range lapses {
		of := lapse.said[saidBreaches][d.id] + lapse.said[saidBreaches][d.instrument]
		if of > 0 && !lapse.date().Before(a.date()) {
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

// instrumentOf is the instrument of an obligation's id, where one creates it.
func instrumentOf(obligation string) string {
	instrument, _, _ := strings.Cut(obligation, ".")
	return instrument
}

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
