package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Parameter is what a question can be asked with.
type Parameter string

// The parameters of questions.
const (
	By          Parameter = "by"
	Toward      Parameter = "to"
	About       Parameter = "about"
	OfKind      Parameter = "kind"
	Under       Parameter = "instrument"
	WithStatus  Parameter = "status"
	OnBasis     Parameter = "basis"
	WithOutcome Parameter = "outcome"
	AsOfDay     Parameter = "asOf"
	MaxHopCount Parameter = "hops"
)

// ParameterMeanings says what each parameter takes.
var ParameterMeanings = Vocabulary[Parameter]{
	{By, "actor who bears the obligation"},
	{Toward, "actor who is owed it, or is the victim"},
	{About, "actor, instrument or other node"},
	{OfKind, "kind of obligation"},
	{Under, "instrument that creates the obligation"},
	{WithStatus, "agreed or proposed"},
	{OnBasis, "what a breach rests on: stated, coded or inferred"},
	{WithOutcome, "honoured, violated or unknown"},
	{AsOfDay, "day (or month, or year): only what had happened by then"},
	{MaxHopCount, "longest path, in hops"},
}

// IsNode reports whether the parameter names a node.
func (p Parameter) IsNode() bool {
	return p == By || p == Toward || p == About || p == Under
}

// words are the closed vocabularies of parameters.
var words = map[Parameter][]string{
	OfKind:      ObligationKinds.Names(),
	WithStatus:  Statuses.Names(),
	OnBasis:     Bases.Names(),
	WithOutcome: Outcomes.Names(),
}

// Words are the values that the parameter can have; none where it is open.
func (p Parameter) Words() []string { return words[p] }

// Arguments are the values of a question's parameters. Nodes are given by id.
type Arguments map[Parameter]string

// A Question is one that Pacta answers by name. Most are patterns; paths and
// evidence have a search of their own.
type Question struct {
	Name     string
	Asks     string // one sentence
	Takes    []Parameter
	Needs    []Parameter // those of Takes without which it cannot be asked
	Columns  []Column
	patterns func(Arguments) []Pattern
	search   func(ctx context.Context, s Store, a Arguments, limit int) ([]Row, error)
}

// A Column is what a table of answers shows: a property of a named node or edge.
type Column struct {
	Heading  string
	Of       string
	Property Property
}

// Questions are the named questions. Each is data: the same patterns run on
// every store.
var Questions = []Question{
	{
		Name:    "breached-promises",
		Asks:    "Which promises were breached, by which acts?",
		Takes:   []Parameter{By, Toward, OfKind, Under, OnBasis, AsOfDay},
		Columns: breachColumns,
		patterns: func(a Arguments) []Pattern {
			return []Pattern{breachPattern(a)}
		},
	},
	{
		Name:    "guarantors-turned-violators",
		Asks:    "Which actors broke what they had themselves guaranteed?",
		Takes:   []Parameter{By, Toward, OfKind, Under, OnBasis, AsOfDay},
		Columns: breachColumns,
		patterns: func(a Arguments) []Pattern {
			p := breachPattern(a)
			p.Edges = slices.DeleteFunc(p.Edges, func(e EdgePattern) bool { return e.As == "creates" || e.As == "committed" })
			p.Nodes = slices.DeleteFunc(p.Nodes, func(n NodePattern) bool { return n.As == "violator" })
			p.Edges = append(p.Edges,
				EdgePattern{As: "committed", From: "bearer", Type: Committed, To: "violation"},
				EdgePattern{As: "creates", From: "instrument", Type: Creates, To: "obligation"},
				EdgePattern{As: "partyTo", From: "bearer", Type: PartyTo, To: "instrument", Where: []Filter{Is(RoleOf, string(Guarantor))}},
			)
			return []Pattern{p}
		},
	},
	{
		Name:    "tested-guarantees",
		Asks:    "Which guarantees were put to the test by an attack, and with what outcome?",
		Takes:   []Parameter{By, Toward, OfKind, Under, WithOutcome, AsOfDay},
		Columns: triggerColumns,
		patterns: func(a Arguments) []Pattern {
			return []Pattern{triggerPattern(a)}
		},
	},
	{
		Name:    "unanswered-guarantees",
		Asks:    "Which tested guarantees did their bearer not respond to, as far as the sources say?",
		Takes:   []Parameter{By, Toward, OfKind, Under, AsOfDay},
		Columns: triggerColumns,
		patterns: func(a Arguments) []Pattern {
			p := triggerPattern(a)
			p.Absent = []Absence{{Edges: []EdgePattern{
				{As: "responded", From: "bearer", Type: RespondedTo, To: "violation", Where: []Filter{{Property: Kind, Op: Unequal, Value: string(NoResponse)}}},
			}}}
			return []Pattern{p}
		},
	},
	{
		Name:  "promises",
		Asks:  "Who promised what to whom?",
		Takes: []Parameter{By, Toward, OfKind, Under, WithStatus, AsOfDay},
		Columns: []Column{
			{"since", "obligation", Since}, {"promise", "obligation", Name}, {"status", "obligation", StatusOf},
			{"condition", "obligation", Condition}, {"instrument", "instrument", Name},
		},
		patterns: func(a Arguments) []Pattern {
			return []Pattern{promisePattern(a)}
		},
	},
	{
		Name:  "timeline",
		Asks:  "What did an actor, a pair of actors or an instrument's parties promise and do, in order?",
		Takes: []Parameter{About, Toward, AsOfDay},
		Needs: []Parameter{About},
		Columns: []Column{
			{"when", "happening", Since}, {"what", "happening", Name}, {"kind", "happening", Kind},
		},
		patterns: timelinePatterns,
	},
	{
		Name:  "disputes",
		Asks:  "On what do the sources contradict each other?",
		Takes: []Parameter{About},
		Columns: []Column{
			{"what", "disputed", Name}, {"on", "disputed", Disputed}, {"id", "disputed", ID},
		},
		patterns: disputePatterns,
	},
	{
		Name:    "paths",
		Asks:    "How are two nodes connected?",
		Takes:   []Parameter{About, Toward, MaxHopCount},
		Needs:   []Parameter{About, Toward},
		Columns: []Column{{Heading: "path"}},
		search:  searchPaths,
	},
	{
		Name:    "evidence",
		Asks:    "Which passages prove a fact?",
		Takes:   []Parameter{About},
		Needs:   []Parameter{About},
		Columns: []Column{{Heading: "quote"}, {Heading: "document"}, {Heading: "extractor"}},
		search:  searchEvidence,
	},
}

var breachColumns = []Column{
	{"guarantor", "bearer", Name}, {"promise", "obligation", Kind}, {"instrument", "instrument", Name},
	{"act", "violation", Name}, {"when", "violation", DateOf}, {"basis", "breaches", BasisOf},
}

var triggerColumns = []Column{
	{"guarantor", "bearer", Name}, {"promise", "obligation", Kind}, {"instrument", "instrument", Name},
	{"tested by", "violation", Name}, {"when", "violation", DateOf}, {"outcome", "triggers", OutcomeOf},
}

// QuestionNamed returns the question of that name, or ErrNotFound with the
// names there are.
func QuestionNamed(name string) (Question, error) {
	names := make([]string, len(Questions))
	for i, q := range Questions {
		if q.Name == name {
			return q, nil
		}
		names[i] = q.Name
	}
	return Question{}, fmt.Errorf("%w: question %q; there are %s", ErrNotFound, name, strings.Join(names, ", "))
}

// Patterns are the question's patterns for the arguments, none where it has a
// search of its own. It returns ErrInvalid where an argument is missing, not
// taken or not in its vocabulary.
func (q Question) Patterns(a Arguments) ([]Pattern, error) {
	if err := q.check(a); err != nil || q.patterns == nil {
		return nil, err
	}
	return q.patterns(a), nil
}

func (q Question) check(a Arguments) error {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		value := a[name]
		if !slices.Contains(q.Takes, name) {
			return fmt.Errorf("%w: %s does not take %q; it takes %v", ErrInvalid, q.Name, name, q.Takes)
		}
		if all := words[name]; all != nil && !slices.Contains(all, value) {
			return fmt.Errorf("%w: %s %q; one of %s", ErrInvalid, name, value, strings.Join(all, ", "))
		}
		if name == AsOfDay {
			if _, err := ParseDate(value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if name == MaxHopCount {
			if n, err := strconv.Atoi(value); err != nil || n < 1 || n > MaxHops {
				return fmt.Errorf("%w: hops %q is not a number between 1 and %d", ErrInvalid, value, MaxHops)
			}
		}
	}
	for _, name := range q.Needs {
		if a[name] == "" {
			return fmt.Errorf("%w: %s needs %q: %s", ErrInvalid, q.Name, name, ParameterMeanings[ParameterMeanings.index(name)].Meaning)
		}
	}
	return nil
}

func isWhere(value string, property Property) []Filter {
	if value == "" {
		return nil
	}
	return []Filter{Is(property, value)}
}

// promisePattern is a bearer's obligation with its instrument, where it has one.
func promisePattern(a Arguments) Pattern {
	p := Pattern{
		Nodes: []NodePattern{
			{As: "bearer", Label: ActorLabel, Where: isWhere(a[By], ID)},
			{As: "obligation", Label: ObligationLabel, Where: append(isWhere(a[OfKind], Kind), isWhere(a[WithStatus], StatusOf)...)},
			{As: "instrument", Label: InstrumentLabel, Where: isWhere(a[Under], ID)},
		},
		Edges: []EdgePattern{
			{As: "owes", From: "bearer", Type: Owes, To: "obligation"},
			{As: "creates", From: "instrument", Type: Creates, To: "obligation", Optional: a[Under] == ""},
		},
		AsOf:  Date(a[AsOfDay]),
		Order: []Order{{Of: "obligation", Property: Since}},
	}
	if a[Toward] != "" {
		p.Nodes = append(p.Nodes, NodePattern{As: "beneficiary", Label: ActorLabel, Where: isWhere(a[Toward], ID)})
		p.Edges = append(p.Edges, EdgePattern{As: "owedTo", From: "obligation", Type: OwedTo, To: "beneficiary"})
	}
	return p
}

// breachPattern is a promise with an act that broke it, who did it and to whom.
func breachPattern(a Arguments) Pattern {
	p := withAct(promisePattern(a), EdgePattern{As: "breaches", Type: Breaches, Where: isWhere(a[OnBasis], BasisOf)})
	p.Order = []Order{{Of: "breaches", Property: BasisOf}, {Of: "violation", Property: DateOf}}
	return p
}

// triggerPattern is a guarantee with the attack that put it to the test.
func triggerPattern(a Arguments) Pattern {
	p := withAct(promisePattern(a), EdgePattern{As: "triggers", Type: Triggers, Where: isWhere(a[WithOutcome], OutcomeOf)})
	p.Order = []Order{{Of: "violation", Property: DateOf}}
	return p
}

// withAct adds the act that an edge links to the obligation, who did it and,
// where a source says so, to whom.
func withAct(p Pattern, link EdgePattern) Pattern {
	link.From, link.To = "violation", "obligation"
	p.Nodes = append(p.Nodes,
		NodePattern{As: "violation", Label: ViolationLabel},
		NodePattern{As: "violator", Label: ActorLabel},
		NodePattern{As: "victim", Label: ActorLabel},
	)
	p.Edges = append(p.Edges, link,
		EdgePattern{As: "committed", From: "violator", Type: Committed, To: "violation"},
		EdgePattern{As: "against", From: "violation", Type: Against, To: "victim", Optional: true},
	)
	return p
}

// timelinePatterns are the dated things that an actor took part in, alone or
// with another, or that happened under an instrument. "happening" is the thing.
func timelinePatterns(a Arguments) []Pattern {
	about, other := isWhere(a[About], ID), isWhere(a[Toward], ID)
	between := func(label Label, first, second EdgePattern) Pattern {
		p := Pattern{
			Nodes: []NodePattern{{As: "about", Label: ActorLabel, Where: about}, {As: "happening", Label: label}},
			Edges: []EdgePattern{first},
		}
		if other != nil {
			p.Nodes = append(p.Nodes, NodePattern{As: "other", Label: ActorLabel, Where: other})
			p.Edges = append(p.Edges, second)
		}
		return p
	}
	patterns := []Pattern{
		between(InstrumentLabel,
			EdgePattern{As: "took", From: "about", Type: PartyTo, To: "happening"},
			EdgePattern{As: "with", From: "other", Type: PartyTo, To: "happening"}),
		between(ObligationLabel,
			EdgePattern{As: "owes", From: "about", Type: Owes, To: "happening"},
			EdgePattern{As: "owedTo", From: "happening", Type: OwedTo, To: "other"}),
		between(ViolationLabel,
			EdgePattern{As: "committed", From: "about", Type: Committed, To: "happening"},
			EdgePattern{As: "against", From: "happening", Type: Against, To: "other"}),
		between(ViolationLabel,
			EdgePattern{As: "against", From: "happening", Type: Against, To: "about"},
			EdgePattern{As: "committed", From: "other", Type: Committed, To: "happening"}),
		between(ObligationLabel,
			EdgePattern{As: "owedTo", From: "happening", Type: OwedTo, To: "about"},
			EdgePattern{As: "owes", From: "other", Type: Owes, To: "happening"}),
	}
	if other == nil {
		patterns = append(patterns, Pattern{
			Nodes: []NodePattern{{As: "about", Label: InstrumentLabel, Where: about}, {As: "happening", Label: ObligationLabel}},
			Edges: []EdgePattern{{As: "creates", From: "about", Type: Creates, To: "happening"}},
		}, Pattern{
			Nodes: []NodePattern{
				{As: "about", Label: InstrumentLabel, Where: about}, {As: "obligation", Label: ObligationLabel},
				{As: "happening", Label: ViolationLabel},
			},
			Edges: []EdgePattern{
				{As: "creates", From: "about", Type: Creates, To: "obligation"},
				{As: "breaches", From: "happening", Type: Breaches, To: "obligation"},
			},
		})
	}
	for i, p := range patterns {
		patterns[i].AsOf = Date(a[AsOfDay])
		happening := slices.IndexFunc(p.Nodes, func(n NodePattern) bool { return n.As == "happening" })
		patterns[i].Order = []Order{{Of: "happening", Property: DatedBy(p.Nodes[happening].Label)}, {Of: "happening", Property: ID}}
	}
	return patterns
}

// disputePatterns are the facts that have a property on which sources disagree.
func disputePatterns(a Arguments) []Pattern {
	disputed := []Filter{{Property: Disputed, Op: Exists}}
	one := func(label Label, about Label, edges ...EdgePattern) Pattern {
		p := Pattern{Nodes: []NodePattern{{As: "disputed", Label: label, Where: disputed}}, Order: []Order{{Of: "disputed", Property: Name}, {Of: "disputed", Property: ID}}}
		if about != "" {
			p.Nodes = append(p.Nodes, NodePattern{As: "about", Label: about, Where: isWhere(a[About], ID)})
			p.Edges = edges
		}
		return p
	}
	if a[About] == "" {
		return []Pattern{one(InstrumentLabel, ""), one(ObligationLabel, ""), one(ViolationLabel, "")}
	}
	self := func(label Label) Pattern {
		p := one(label, "")
		p.Nodes[0].Where = append(isWhere(a[About], ID), disputed...)
		return p
	}
	return []Pattern{
		self(InstrumentLabel), self(ObligationLabel), self(ViolationLabel),
		one(InstrumentLabel, ActorLabel, EdgePattern{As: "partyTo", From: "about", Type: PartyTo, To: "disputed"}),
		one(ObligationLabel, ActorLabel, EdgePattern{As: "owes", From: "about", Type: Owes, To: "disputed"}),
		one(ObligationLabel, ActorLabel, EdgePattern{As: "owedTo", From: "disputed", Type: OwedTo, To: "about"}),
		one(ObligationLabel, InstrumentLabel, EdgePattern{As: "creates", From: "about", Type: Creates, To: "disputed"}),
		one(ViolationLabel, ActorLabel, EdgePattern{As: "committed", From: "about", Type: Committed, To: "disputed"}),
		one(ViolationLabel, ActorLabel, EdgePattern{As: "against", From: "disputed", Type: Against, To: "about"}),
	}
}
