package rules

import (
	"regexp"
	"strings"

	"pacta/importer"
)

var ceasefireName = regexp.MustCompile(`(?i)cease-?fire|armistice|truce|cessation of hostilities`)

// parties notes how actors stand to the instruments that a sentence names.
func (r *reading) parties(c *clause, cues []cue) {
	if r.treaty != nil {
		return
	}
	for _, q := range cues {
		if q.of == partyFact {
			r.party(c, q)
		}
	}
	for i := range c.tokens {
		if c.tokens[i].instrument != nil {
			r.between(c, i)
		}
	}
}

func (r *reading) party(c *clause, q cue) {
	if reason := r.frames.unreal(c, q); reason != "" {
		r.ledger.refuse(reason)
		return
	}
	var actors *token
	var instrument *importer.Mention
	switch {
	case q.noun:
		actors = r.named(c, q)
		instrument = r.nearInstrument(c, q.end, 8)
		if instrument == nil && !c.is(q.end, "of", "against") {
			instrument = r.instrumentWith(q.Role, c)
		}
	case q.passive:
		actors = r.frames.byAgent(c, q.end)
		instrument = r.broken(c, q)
	default:
		actors = r.frames.subject(c, q)
		instrument = r.nearInstrument(c, q.end, 8)
		if instrument == nil {
			instrument = signedOne(c, q)
		}
	}
	if actors == nil || instrument == nil {
		return
	}
	e := r.evidence(c, q.Rule, confidenceOf(q), q.group, q.end)
	r.ledger.party(instrument.ID, q.Role, append(actors.names(), companions(c, q.end)...), e)
	if q.Role != "signatory" {
		return
	}
	for _, k := range r.frames.Named {
		if k.Pattern.in(strings.ToLower(instrument.Name)) {
			r.ledger.obligation(importer.ClaimedObligation{
				Instrument: instrument.ID, Bearer: actors.names(), Kind: k.Kind, Status: "agreed", Evidence: []importer.Evidence{e},
			})
		}
	}
}

// companions are those with whom a deed was done: "signed it, together with Peru".
func companions(c *clause, i int) []string {
	for k := i; k+2 < len(c.tokens) && k < i+6; k++ {
		if c.is(k, "together", "along", "jointly") && c.is(k+1, "with") {
			for n := k + 2; n < len(c.tokens) && n < k+4; n++ {
				if c.tokens[n].isActor() {
					return c.tokens[n].names()
				}
			}
		}
	}
	return nil
}

// signedOne is the instrument before a relative clause: "the Pact which Chile
// had signed", "the Pact it signed".
func signedOne(c *clause, q cue) *importer.Mention {
	for k := q.group - 1; k >= 0 && q.group-k < 5; k-- {
		if c.tokens[k].instrument != nil {
			return c.tokens[k].instrument
		}
		if c.is(k, ",", ";", ":", "and") {
			return nil
		}
	}
	return nil
}

// named finds the actors in apposition to a role noun: "Chile, one of the
// guarantors", "the guarantors, Chile and Peru", "Chile was a guarantor",
// "attended by Chile and Peru, as guarantors", "Chile and the other guarantors".
func (r *reading) named(c *clause, q cue) *token {
	if t := r.frames.possessor(c, q.at); t != nil {
		return nil // "Chile's guarantors" are others
	}
	if c.is(q.at-1, "with", "of", "by", "between") {
		return nil
	}
	for k := q.end; k < len(c.tokens) && k < q.end+6; k++ {
		if c.tokens[k].isActor() && c.is(k-1, ",", "the", "including", ":", "—", "as") && !c.tokens[k].possessive {
			return &c.tokens[k]
		}
	}
	for k := q.at - 1; k >= 0 && q.at-k < 8; k-- {
		if t := &c.tokens[k]; t.isActor() {
			apposed := c.is(k+1, ",") && c.says("as", k+1, q.at) || c.is(k+1, "and") && c.is(q.at-1, "other")
			if t.possessive || t.adjective || t.place || !apposed && phraseBefore(c, k) >= 0 && !c.is(phraseBefore(c, k), "including", "like") {
				return nil
			}
			return t
		}
	}
	return nil
}

// instrumentWith is the instrument that a role noun alone refers to: one that
// is known to have guarantors, else the one named last in the paragraph.
func (r *reading) instrumentWith(role string, c *clause) *importer.Mention {
	if role == "guarantor" {
		for i := c.index; i >= 0; i-- {
			for k := range r.clauses[i].tokens {
				if m := r.clauses[i].tokens[k].instrument; m != nil && (guarantee.MatchString(m.Name) || len(r.ledger.in(m.ID, role)) > 0) {
					return m
				}
			}
		}
	}
	if r.focus != nil && r.inside == c.Paragraph && r.focus.Kind != "other" && r.focus.Kind != "charter" {
		return r.focus
	}
	return nil
}

var guarantee = regexp.MustCompile(`(?i)guarant|assuranc`)

func (r *reading) nearInstrument(c *clause, i, reach int) *importer.Mention {
	for k := i; k < len(c.tokens) && k < i+reach; k++ {
		if c.tokens[k].instrument != nil {
			return c.tokens[k].instrument
		}
		if c.is(k, ";", ":", ".", "?", "that", "which", "who", "because") {
			return nil
		}
	}
	return nil
}

// between reads "a treaty between Chile and Peru", "the Pact with Chile" and
// "the Chile–Peru Treaty" where the instrument stands at i.
func (r *reading) between(c *clause, i int) {
	m := c.tokens[i].instrument
	for k := i + 1; k < len(c.tokens) && k < i+30; k++ {
		if c.is(k, "between", "among") {
			for n := k + 1; n < len(c.tokens) && n < k+4; n++ {
				if t := &c.tokens[n]; t.isActor() && len(t.names()) > 1 {
					r.ledger.party(m.ID, "signatory", t.names(), r.evidence(c, "treaty-between", 0.8, i, n+1))
				}
			}
			return
		}
		if c.is(k, ";", ".", "?", "which", "who") || c.tokens[k].instrument != nil && c.tokens[k].instrument.ID != m.ID {
			return
		}
	}
}

// responses notes what actors did about the violations of others.
func (r *reading) responses(c *clause, cues []cue) {
	for _, q := range cues {
		if q.of != responseFact || q.noun || q.passive {
			continue
		}
		subject := r.frames.subject(c, q)
		if subject == nil || r.frames.unreal(c, q) != "" {
			continue
		}
		var against []string
		for k := q.end; k < len(c.tokens); k++ {
			if t := &c.tokens[k]; t.isActor() {
				against = append(against, without(t.names(), subject.names())...)
			}
		}
		for _, name := range subject.names() {
			r.ledger.responses = append(r.ledger.responses, response{
				importer.ClaimedResponse{Actor: name, Kind: q.Kind, Evidence: []importer.Evidence{r.evidence(c, q.Kind, 0.7, q.group, q.end)}},
				against,
			})
		}
	}
}

// ceasefire reports whether an instrument is a ceasefire by its name.
func ceasefire(m *importer.Mention) bool { return ceasefireName.MatchString(m.Name) }
