package graph

import (
	"cmp"
	"slices"
	"strings"
)

// A Tally counts in how many batches a fact is said to have a value. Tallies
// are all that the fold needs to know of the claims, so what a node shows
// costs as much with a million documents as with ten.
type Tally struct {
	Fact     string
	Property string
	Value    string
	Count    int
}

// An Attestation is one passage for or against one fact, as one batch gives it.
type Attestation struct {
	Fact     string // as the batch says it
	Shown    string // the node that shows the fact; equal to Fact but for merged violations
	Evidence Evidence
}

// Attestations are the passages for and against the facts of a batch.
func Attestations(b *Batch) []Attestation { return statementsOf(b).attestations }

// Edge is the attestation as an edge from the node that shows the fact to the
// passage in the document; reader is the batch's extractor.
func (a Attestation) Edge(document, reader string) Edge {
	e := a.Evidence
	properties := Properties{ExtractorOf: e.Extractor, StanceOf: string(e.Stance)}
	properties.set(RuleOf, e.Rule)
	if e.Confidence > 0 {
		properties[Confidence] = e.Confidence
	}
	return Edge{
		From: a.Shown, Type: EvidencedBy, To: PassageID(document, e.Start, e.End),
		Key:        strings.Join([]string{reader, e.Extractor, e.Rule, string(e.Stance), a.Fact}, "/"),
		Properties: properties,
	}
}

// The properties that only tallies have.
const (
	saidStance      = "stance"
	saidInstrument  = "instrument"
	saidBearer      = "bearer"
	saidBeneficiary = "beneficiary"
	saidPerpetrator = "perpetrator"
	saidVictim      = "victim"
	saidMember      = "member"     // of a group of violations
	saidBreaches    = "breaches"   // of a violation: an instrument or an obligation
	saidBroken      = "broken"     // of a group of violations, likewise
	saidResponse    = "response"   // of a violation: actor and kind
	saidViolation   = "violation"  // of a perpetrator's breaches
	saidObligation  = "obligation" // of what is owed
	saidTrigger     = "trigger"    // of an event: obligation and outcome
)

// said is what the batches say of one fact: property, value, count.
type said map[string]map[string]int

// values are a property's values: the most often said first, then by name.
func (s said) values(property string) []string {
	counts := s[property]
	values := make([]string, 0, len(counts))
	for v := range counts {
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return values
}

// sorted are a property's values by name.
func (s said) sorted(property string) []string {
	values := s.values(property)
	slices.Sort(values)
	return values
}

// first is the value that is said most often, "" where none is.
func (s said) first(property string) string {
	if values := s.values(property); len(values) > 0 {
		return values[0]
	}
	return ""
}

func (s said) supported() bool { return s[saidStance][string(Supports)] > 0 }
func (s said) denied() bool    { return s[saidStance][string(Denies)] > 0 }

// plus is what both say together.
func (s said) plus(other said) said {
	sum := said{}
	for _, one := range []said{s, other} {
		for property, counts := range one {
			if sum[property] == nil {
				sum[property] = map[string]int{}
			}
			for value, n := range counts {
				sum[property][value] += n
			}
		}
	}
	return sum
}

// minus is what is left without the tallies.
func (s said) minus(tallies []Tally) said {
	left := s.plus(nil)
	for _, t := range tallies {
		if left[t.Property] == nil {
			left[t.Property] = map[string]int{}
		}
		if left[t.Property][t.Value] -= t.Count; left[t.Property][t.Value] == 0 {
			delete(left[t.Property], t.Value)
		}
		if len(left[t.Property]) == 0 {
			delete(left, t.Property)
		}
	}
	return left
}

// byFact groups tallies.
func byFact(tallies []Tally) map[string]said {
	facts := map[string]said{}
	for _, t := range tallies {
		if facts[t.Fact] == nil {
			facts[t.Fact] = said{}
		}
		if facts[t.Fact][t.Property] == nil {
			facts[t.Fact][t.Property] = map[string]int{}
		}
		facts[t.Fact][t.Property][t.Value] += t.Count
	}
	return facts
}

// statements are a batch's claims as tallies, each of count one, and as
// attestations, and the passages that these cite.
type statements struct {
	document     string
	tallies      map[Tally]bool
	passages     map[string]Evidence
	attestations []Attestation
	attested     map[Attestation]int // where each stands, by all but its confidence
}

// statementsOf are none where there is no batch.
func statementsOf(b *Batch) statements {
	s := statements{tallies: map[Tally]bool{}, passages: map[string]Evidence{}, attested: map[Attestation]int{}}
	if b == nil {
		return s
	}
	s.document = b.Document.ID()
	s.source(b.Document)
	for _, c := range b.Actors {
		s.say(c.ID, saidStance, string(Supports))
		s.say(c.ID, string(Name), c.Name)
		s.say(c.ID, string(Kind), string(c.Kind))
		for _, name := range c.Names {
			s.say(c.ID, string(Names), name)
		}
	}
	for _, c := range b.Instruments {
		if !s.attest(c.ID, c.Evidence) {
			continue
		}
		s.say(c.ID, string(Name), c.Name)
		for _, name := range c.Names {
			s.say(c.ID, string(Names), name)
		}
		s.say(c.ID, string(Kind), string(c.Kind))
		s.say(c.ID, string(DateOf), string(c.Date))
		s.say(c.ID, string(BindingOf), string(c.Binding))
		s.say(c.ID, string(StatusOf), string(c.Status))
	}
	for _, c := range b.Parties {
		s.attest(c.edge().ID(), c.Evidence)
	}
	for _, c := range b.Obligations {
		id := c.ID()
		if !s.attest(id, c.Evidence) {
			continue
		}
		s.say(id, saidInstrument, c.Instrument)
		s.say(id, saidBearer, c.Bearer)
		for _, beneficiary := range c.Beneficiaries {
			s.say(id, saidBeneficiary, beneficiary)
			if c.Bearer == "" {
				continue
			}
			s.say(owedBy(c.Bearer, beneficiary), saidObligation, id)
			if Guarantees[c.Kind] != nil {
				s.say(guaranteesTo(beneficiary), saidObligation, c.Bearer+"|"+id)
			}
		}
		s.say(id, string(Kind), string(c.Kind))
		s.say(id, string(StatusOf), string(c.Status))
		s.say(id, string(Provision), c.Provision)
		s.say(id, string(Condition), c.Condition)
	}
	violations := map[string]ViolationClaim{}
	for _, c := range b.Violations {
		id := c.ID()
		violations[id] = c
		s.say(c.group(), saidMember, id)
		s.say(c.group(), saidPerpetrator, c.Perpetrator)
		s.say(c.group(), saidVictim, c.Victim)
		if !s.attest(id, c.Evidence) {
			continue
		}
		s.say(id, string(DateOf), string(c.Date))
		s.say(id, string(StandingOf), string(c.Standing))
		if c.Victim != "" && slices.Contains(attacks, c.Kind) {
			s.say(attacksOn(c.Victim), saidMember, c.group())
		}
	}
	for _, c := range b.Breaches {
		if !s.cite(c.fact(), c.Evidence) {
			continue
		}
		violation, target := violations[c.Violation], c.Instrument+c.Obligation
		s.say(c.Violation, saidBreaches, target)
		s.say(violation.group(), saidBroken, target)
		if violation.Perpetrator == "" {
			continue
		}
		s.say(breachesOf(violation.Perpetrator, target), saidViolation, c.Violation)
		if c.Instrument != "" {
			s.say(breakersOf(c.Instrument), saidPerpetrator, violation.Perpetrator)
		}
	}
	for _, c := range b.Responses {
		if s.cite(c.edge().ID(), c.Evidence) {
			s.say(c.Violation, saidResponse, c.Actor+"|"+string(c.Kind))
		}
	}
	for _, c := range b.Events {
		if !s.attest(c.ID(), c.Evidence) {
			continue
		}
		s.say(c.ID(), string(Name), c.Name)
		s.say(c.ID(), string(Dataset), c.Dataset)
		s.say(c.ID(), string(DateOf), string(c.Date))
		for _, t := range c.Triggers {
			s.say(c.ID(), saidTrigger, t.Obligation+"|"+string(t.Outcome))
		}
	}
	return s
}

// The facts below are indexes: what is counted under them is found by them.

// breachesOf finds a perpetrator's breaches of an instrument or obligation.
func breachesOf(perpetrator, target string) string {
	return "breaches:" + perpetrator + "|" + target
}

func cutBreaches(fact string) (perpetrator, target string) {
	perpetrator, target, _ = strings.Cut(strings.TrimPrefix(fact, "breaches:"), "|")
	return perpetrator, target
}

// breakersOf finds those who broke an instrument.
func breakersOf(instrument string) string { return "breakers:" + instrument }

// owedBy finds what one actor owes another.
func owedBy(bearer, beneficiary string) string { return "owed:" + bearer + "|" + beneficiary }

// guaranteesTo finds the guarantees that an actor was given, each by its bearer.
func guaranteesTo(beneficiary string) string { return "guarantees:" + beneficiary }

// attacksOn finds the groups of attacks on an actor.
func attacksOn(victim string) string { return "attacks:" + victim }

func (s *statements) source(d Document) {
	s.say(s.document, string(URI), d.URI)
	s.say(s.document, string(SHA256), d.SHA256)
	s.say(s.document, string(Title), d.Title)
	s.say(s.document, string(Author), d.Author)
	s.say(s.document, string(Published), string(d.Published))
	s.say(s.document, string(Language), d.Language)
	s.say(s.document, string(MediaType), d.MediaType)
}

func (s *statements) say(fact, property, value string) {
	if value != "" {
		s.tallies[Tally{Fact: fact, Property: property, Value: value, Count: 1}] = true
	}
}

// attest records a claim's passages with what they say of it, and reports
// whether any supports it.
func (s *statements) attest(fact string, evidence []Evidence) bool {
	for _, e := range evidence {
		s.say(fact, saidStance, string(e.Stance))
	}
	return s.cite(fact, evidence)
}

// cite records a claim's passages, and reports whether any supports it.
func (s *statements) cite(fact string, evidence []Evidence) bool {
	for _, e := range evidence {
		s.passages[PassageID(s.document, e.Start, e.End)] = e
		a := Attestation{Fact: fact, Shown: fact, Evidence: e}
		same := a
		same.Evidence.Confidence = 0
		i, ok := s.attested[same]
		if !ok {
			s.attested[same] = len(s.attestations)
			s.attestations = append(s.attestations, a)
			continue
		}
		s.attestations[i].Evidence.Confidence = max(s.attestations[i].Evidence.Confidence, e.Confidence)
	}
	return supports(evidence)
}

// change is what the tallies become when one batch's statements take the place
// of another's.
func change(before, after statements) []Tally {
	counts := map[Tally]int{}
	for t := range before.tallies {
		counts[t]--
	}
	for t := range after.tallies {
		counts[t]++
	}
	var tallies []Tally
	for t, n := range counts {
		if n != 0 {
			t.Count = n
			tallies = append(tallies, t)
		}
	}
	slices.SortFunc(tallies, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Property, b.Property), cmp.Compare(a.Value, b.Value))
	})
	return tallies
}
