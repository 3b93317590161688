package rules

import (
	"maps"
	"regexp"
	"slices"

	"pacta/graph"
	"pacta/importer"
)

// A listing is a commitment whose complements are list items: "The Parties
// undertake: (a) to refrain …; (b) to consult …".
type listing struct {
	bearer     []string
	instrument string
	status     string
	rule       string
	paragraph  int // of the last item
}

// A promise is a commitment found in a clause, before its kind is known.
type promise struct {
	bearer     []string
	instrument string
	status     string
	rule       string
	condition  string
	from, to   int // the tokens of its complement
}

var itemMark = regexp.MustCompile(`^(?:[-*•–]\s*|\(?[a-z0-9ivx]{1,4}[).]\s*|To\s)`)

// commitments notes what actors undertook and what was asked of them.
func (r *reading) commitments(c *clause, cues []cue) {
	if r.listed(c, cues) {
		return
	}
	for _, q := range cues {
		if q.of == obligationFact {
			r.commitment(c, q)
		}
	}
	r.modal(c)
}

// listed reads an item of a list that a commitment introduced.
func (r *reading) listed(c *clause, cues []cue) bool {
	if r.list == nil {
		return false
	}
	ownSubject := slices.ContainsFunc(cues, func(q cue) bool {
		return q.of == obligationFact && q.linked < 0 && len(r.bearers(c, q)) > 0
	})
	if item := itemMark.MatchString(c.Text(r.document)); ownSubject || !item {
		if c.Paragraph != r.list.paragraph || ownSubject && item {
			r.list = nil
		}
		return false
	}
	r.list.paragraph = c.Paragraph
	r.oblige(c, promise{bearer: r.list.bearer, instrument: r.list.instrument, status: r.list.status, rule: r.list.rule, to: len(c.tokens)}, "", nil)
	return true
}

func (r *reading) commitment(c *clause, q cue) {
	if q.passive {
		return
	}
	p := promise{status: "agreed", rule: q.Rule, from: q.at, to: c.complementEnd(q.end)}
	if q.Status != "" {
		p.status = q.Status
	}
	subject := r.bearers(c, q)
	var beneficiary []string
	switch q.By {
	case "instrument":
		if p.instrument, p.bearer = r.required(c, q); p.instrument == "" {
			return
		}
	case "object":
		object, from := r.asked(c, q)
		if object == nil || len(subject) == 0 && !r.speaks(c) && !(q.group > 0 && c.tokens[q.group-1].capital) {
			return
		}
		p.bearer, p.from = object, from
	case "agent":
		if t := r.frames.byAgent(c, q.end); t != nil {
			p.bearer = t.names()
		}
	case "recipient":
		beneficiary = subject
		p.bearer = r.givers(c, q)
	case "speaker":
		if r.speaks(c) {
			p.bearer = subject
		}
	default:
		p.bearer = subject
	}
	reason := r.frames.unreal(c, q)
	if reason == "hypothetical" {
		if p.condition = r.condition(c, q); p.condition != "" {
			reason = ""
		}
	}
	if reason != "" {
		if len(p.bearer) > 0 {
			r.ledger.refuse(reason)
		}
		return
	}
	if p.instrument == "" {
		p.instrument = r.instrumentOf(c, q)
	}
	if q.By == "recipient" && len(p.bearer) == 0 && p.instrument != "" {
		p.bearer = without(r.ledger.in(p.instrument, "guarantor"), beneficiary)
	}
	if q.Kind != "" && p.instrument == "" || len(p.bearer) == 0 && q.By != "instrument" {
		return
	}
	if c.is(len(c.tokens)-1, ":") {
		r.list = &listing{p.bearer, p.instrument, p.status, p.rule, c.Paragraph}
		if p.to-q.end < 3 {
			return
		}
	}
	r.oblige(c, p, q.Kind, beneficiary)
}

// condition is the clause on which a commitment depends: "if Peru is attacked,
// Chile undertakes …". It is empty where the commitment itself is uncertain.
func (r *reading) condition(c *clause, q cue) string {
	if !condition.MatchString(c.marked) {
		return ""
	}
	for k := 1; k < q.group; k++ {
		if c.is(k, ",") {
			return r.document.Text[c.Start:c.tokens[k-1].End]
		}
	}
	return ""
}

var condition = regexp.MustCompile(`^(?:\d+ \. )?(?:if|in the event|in case|should) `)

// bearers are the actors that a commitment's subject names.
func (r *reading) bearers(c *clause, q cue) []string {
	if q.noun {
		if t := r.frames.possessor(c, q.at); t != nil && !t.place {
			return t.names()
		}
		if c.is(q.at-1, "our", "my") && len(r.speakers) == 1 {
			return slices.Collect(maps.Values(r.speakers))
		}
		return nil
	}
	if r.treaty != nil {
		if names, _ := r.treaty.subject(c, q.group); names != nil {
			return names
		}
	}
	if t := r.frames.subject(c, q); t != nil {
		return t.names()
	}
	if c.is(q.group-1, "party", "parties", "side", "sides") && c.is(q.group-2, "the", "each", "both", "two") {
		return r.ledger.in(r.instrumentOf(c, q), "signatory", "guarantor", "member")
	}
	return nil
}

// required is the instrument that is the subject of a cue, and its parties.
func (r *reading) required(c *clause, q cue) (instrument string, parties []string) {
	if q.noun || q.passive || q.group == 0 || r.treaty != nil {
		return "", nil
	}
	if m := c.tokens[q.group-1].instrument; m != nil {
		return m.ID, r.ledger.in(m.ID, "signatory", "guarantor", "member")
	}
	return "", nil
}

// complementEnd is where the complement that begins at i ends: at a strong
// mark, or at the comma before another clause's subject or before "but".
func (c *clause) complementEnd(i int) int {
	end := c.stop(i)
	for k := i; k+2 < end; k++ {
		if c.is(k, ",") && c.is(k+1, "but") {
			return k
		}
		if c.is(k, ",") && c.tokens[k+1].isActor() && !c.tokens[k+1].possessive && !c.tokens[k+1].adjective && !c.is(k+2, ",", "and", "or") {
			return k
		}
	}
	return end
}

// asked finds of whom a demand is made: the actor between "urge" and "to".
func (r *reading) asked(c *clause, q cue) (actors []string, from int) {
	for k := q.end; k < len(c.tokens) && k < q.end+8; k++ {
		if t := &c.tokens[k]; t.isActor() && !t.possessive {
			for n := k + 1; n < len(c.tokens) && n < k+4; n++ {
				if c.is(n, "to") {
					return t.names(), n + 1
				}
			}
			return nil, 0
		}
		if c.in(k, prepositions) || c.is(k, "to", ",", ".", ";") {
			return nil, 0
		}
	}
	return nil, 0
}

// speaks reports whether "we", the speaker, is in the clause.
func (r *reading) speaks(c *clause) bool { return c.is(0, "we", "i") || c.says("we", 0, len(c.tokens)) }

// givers are the actors from whom a promise was received.
func (r *reading) givers(c *clause, q cue) []string {
	for k := q.end; k < len(c.tokens); k++ {
		if c.is(k, "from", "by") {
			for n := k + 1; n < len(c.tokens) && n < k+8; n++ {
				if c.tokens[n].isActor() {
					return c.tokens[n].names()
				}
			}
		}
	}
	return nil
}

// instrumentOf is the instrument under which a commitment is made: the one
// that the clause names, or for some rules the one named just before.
func (r *reading) instrumentOf(c *clause, q cue) string {
	if r.treaty != nil {
		return r.treaty.id
	}
	for k := q.at; k >= 0; k-- {
		if c.tokens[k].instrument != nil {
			return c.tokens[k].instrument.ID
		}
	}
	for k := q.end; k < len(c.tokens); k++ {
		if c.tokens[k].instrument != nil {
			return c.tokens[k].instrument.ID
		}
	}
	if q.Focus && r.focus != nil && r.inside == c.Paragraph && !r.speaks(c) {
		return r.focus.ID
	}
	return ""
}

// modal reads "we will …" of a speaker, "the Parties shall …" of a treaty, and
// "Chile must …" where a speaker asks it of another.
func (r *reading) modal(c *clause) {
	for i := range c.tokens {
		if !c.is(i, "will", "shall", "must") {
			continue
		}
		p := promise{status: "agreed", rule: "will", from: i + 1, to: c.stop(i + 1)}
		switch {
		case r.treaty != nil && !c.is(i, "must"):
			p.bearer, p.from = r.treaty.subject(c, i)
			p.instrument, p.rule = r.treaty.id, "shall"
		case i > 0 && c.tokens[i-1].isActor() && r.speakers[c.tokens[i-1].actors[0].ID] != "" && !c.is(i, "must"):
			p.bearer, p.rule, p.instrument = c.tokens[i-1].names(), "we-will", throughInstrument(c, i)
		}
		if c.is(i, "must") && len(r.speakers) > 0 && r.treaty == nil {
			if t := r.frames.phraseEnding(c, i-1); t != nil && r.speakers[t.actors[0].ID] == "" {
				p.bearer, p.rule, p.status = t.names(), "must", "proposed"
			}
		}
		if len(p.bearer) == 0 || procedural.MatchString(c.marked) {
			continue
		}
		if c.is(i+1, "not", "never") {
			continue
		}
		if c.is(0, "if") && r.treaty == nil {
			r.ledger.refuse("hypothetical")
			continue
		}
		if c.is(len(c.tokens)-1, ":") {
			r.list = &listing{p.bearer, p.instrument, p.status, p.rule, c.Paragraph}
		}
		r.oblige(c, p, "", nil)
	}
}

// throughInstrument is the instrument by which a speaker says it acts:
// "through this agreement, Chile will …".
func throughInstrument(c *clause, i int) string {
	for k := i - 1; k >= 0; k-- {
		if m := c.tokens[k].instrument; m != nil && phraseBefore(c, k) >= 0 {
			return m.ID
		}
	}
	return ""
}

// oblige notes a promise under the kind given, or every kind that its
// complement speaks of. Without beneficiaries they are sought in the complement.
func (r *reading) oblige(c *clause, p promise, kind string, beneficiary []string) {
	if procedural.MatchString(c.marked) && r.treaty != nil {
		return
	}
	complement := c.words(p.from, p.to)
	if limit := limits.FindStringIndex(complement); limit != nil {
		complement = complement[:limit[0]]
	}
	kinds := []string{kind}
	if kind == "" {
		kinds = r.frames.kindsOf(complement)
	}
	if p.instrument == "" && slices.Equal(kinds, []string{"other"}) && p.status == "agreed" {
		return
	}
	if beneficiary == nil {
		beneficiary = r.beneficiaries(c, p, complement)
	}
	for _, k := range kinds {
		o := importer.ClaimedObligation{
			Instrument: p.instrument, Bearer: p.bearer, Beneficiary: without(beneficiary, p.bearer), Kind: k, Status: p.status, Condition: p.condition,
			Evidence: []importer.Evidence{r.evidence(c, p.rule, 0.7, p.from-1, p.to)},
		}
		if k == "neutrality" && len(o.Beneficiary) > 0 {
			o.Kind = "respect-neutrality" // another's
		}
		if r.treaty != nil && slices.Equal(beneficiary, p.bearer) {
			o.Beneficiary = beneficiary
		}
		if o.Kind == "disarmament" || o.Kind == "neutrality" {
			o.Beneficiary = nil
		}
		r.ledger.obligation(o)
	}
	if r.hasParties(p.instrument) && p.status == "agreed" && r.treaty == nil && len(kinds) > 0 && p.rule != "we-will" {
		r.ledger.party(p.instrument, roleOf(kinds[0]), p.bearer, r.evidence(c, p.rule, 0.6, p.from-1, p.to))
		if kinds[0] != "disarmament" {
			r.ledger.party(p.instrument, "beneficiary", without(beneficiary, p.bearer), r.evidence(c, p.rule, 0.6, p.from-1, p.to))
		}
	}
}

// hasParties reports whether an instrument is one that its bearers make among
// themselves: a charter or a law they only come under.
func (r *reading) hasParties(instrument string) bool {
	return slices.ContainsFunc(r.ledger.instruments, func(i importer.ClaimedInstrument) bool {
		return i.ID == instrument && i.Kind != string(graph.Charter) && i.Kind != string(graph.Law)
	})
}

// roleOf is the role in which a bearer of an obligation stands to its instrument.
func roleOf(kind string) string {
	switch kind {
	case "respect-sovereignty", "respect-neutrality", "mutual-defense", "non-aggression", "assistance":
		return "guarantor"
	}
	return "signatory"
}

// kindsOf are the kinds of obligation that a complement speaks of.
func (f *frames) kindsOf(complement string) []string {
	if consults.MatchString(complement) {
		return []string{string(graph.Consultation)} // what follows is what they consult about
	}
	var kinds []string
	abstains := abstention.MatchString(complement)
	for _, k := range f.Kinds {
		if k.Pattern.in(complement) && !(abstains && active[k.Kind]) {
			if k.Kind == "neutrality" && slices.Contains(kinds, "respect-neutrality") {
				continue
			}
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

var (
	// limits begin what a complement excludes or only describes.
	limits   = regexp.MustCompile(`\b(?:without prejudice|except|with a view to|in order to|provided that|so long as|unless)\b`)
	consults = regexp.MustCompile(`^(?:\S+ ){0,3}consult\b`)
	// abstention begins a duty not to do something.
	abstention = regexp.MustCompile(`^(?:\S+ ){0,4}(?:refrain from|not to|abstain from|avoid)\b`)
	// active are the kinds that ask for a deed, which no abstention fulfils.
	active = set("assistance deployment enforcement membership consultation monitoring mutual-defense")
)

// beneficiaries are the actors, other than the bearers, that the complement names first.
func (r *reading) beneficiaries(c *clause, p promise, complement string) []string {
	for k := p.from; k < p.to && k < len(c.tokens); k++ {
		if t := &c.tokens[k]; t.isActor() && (r.treaty == nil || t.actors[0].Kind == "state") &&
			!c.is(c.phraseStart(k)-1, "against") && !(t.adjective && !r.frames.placeFollows(c, k)) {
			if names := without(t.names(), p.bearer); len(names) > 0 {
				return names
			}
		}
	}
	if r.treaty != nil && (mutual.MatchString(complement) || consults.MatchString(complement)) && slices.Equal(p.bearer, r.treaty.parties) {
		return r.treaty.parties
	}
	return nil
}

var mutual = regexp.MustCompile(`\b(?:part(?:y|ies)|each other|one another|together|mutual|any or all of them)\b`)
