package rules

import (
	"slices"

	"pacta/importer"
)

// An act is a violation found in a sentence, with the cue that told of it.
type act struct {
	cue
	violation *violation
}

// acts notes what actors did to others, by verb ("annexed") and by noun ("the
// annexation of"); what is not said to have happened is counted.
func (r *reading) acts(c *clause, cues []cue) []act {
	var acts []act
	for _, q := range cues {
		if q.of != violationFact || q.Takes == "instrument" {
			continue
		}
		doer, sufferer := r.roles(c, q, cues)
		if doer == nil && (sufferer == nil || !q.noun || q.Yields) {
			continue
		}
		if sufferer == nil && (q.noun && c.is(q.end, "on", "against", "upon") || q.Rule == "violate-territory") || coordinated(q, cues) {
			continue
		}
		var victim []string
		if sufferer != nil {
			victim = without(sufferer.names(), doer.names())
			if len(victim) == 0 {
				continue
			}
		}
		if reason := r.frames.unreal(c, q); reason != "" {
			r.ledger.refuse(reason)
			continue
		}
		if q.Takes == "any" {
			if q.Kind == "withdrawal" && sufferer == nil {
				continue
			}
		}
		v := violation{yields: q.Yields}
		v.Kind, v.Perpetrator, v.Victim, v.Date = q.Kind, doer.names(), victim, r.date(c, q.at)
		v.Evidence = []importer.Evidence{r.evidence(c, q.Rule, confidenceOf(q), q.group, q.end)}
		acts = append(acts, act{q, r.ledger.violation(v)})
	}
	return acts
}

// coordinated reports whether a noun is the first of two that tell of one
// event: "an armed attack and invasion".
func coordinated(q cue, cues []cue) bool {
	return q.noun && slices.ContainsFunc(cues, func(next cue) bool {
		return next.noun && next.of == violationFact && next.at > q.end && next.at <= q.end+2 && next.Takes == ""
	})
}

// confidenceOf is higher where the syntax leaves less to guess.
func confidenceOf(q cue) float64 {
	switch {
	case q.noun:
		return 0.7
	case q.form == gerund, q.linked >= 0:
		return 0.7
	}
	return 0.8
}

// roles finds who did what a cue tells of and to whom.
func (r *reading) roles(c *clause, q cue, cues []cue) (doer, sufferer *token) {
	f := r.frames
	switch {
	case q.noun:
		sufferer = f.sufferer(c, q.end, !q.Yields)
		doer = f.possessor(c, q.at)
		if doer != nil && doer.place {
			doer, sufferer = nil, doer // "Alsace's annexation"
		}
		if doer == nil {
			doer = f.byAgent(c, q.end)
		}
		if sufferer == nil && doer != nil && (c.is(q.at-2, "under") || c.is(q.at-3, "under")) {
			sufferer = f.subjectOfPassive(c, cue{group: q.at - 1}) // "Peruvian land under Chilean occupation"
		}
		if doer == nil && q.Yields && c.is(q.end, "of") {
			doer = f.sufferer(c, q.end, true)
			sufferer = f.sufferer(c, q.end, false)
		}
		for _, light := range cues {
			if doer == nil && light.of == lightFact && light.end <= q.at && q.at-light.end < 7 && !light.noun && !light.passive && !c.crosses(light.end, q.at) {
				doer = f.subject(c, light)
			}
		}
	case q.passive:
		doer = f.byAgent(c, q.end)
		sufferer = f.subjectOfPassive(c, q)
	default:
		doer = f.subject(c, q)
		sufferer, _ = f.object(c, q.end)
	}
	return doer, sufferer
}

// crosses reports whether a boundary stands between two tokens.
func (c *clause) crosses(i, j int) bool {
	for ; i < j; i++ {
		if c.is(i, ",", ";", ":", "and", "but", "that", "which") || c.tokens[i].isActor() && !c.tokens[i].possessive && !c.tokens[i].adjective {
			return true
		}
	}
	return false
}

// subjectOfPassive finds who or whose place was wronged: "Peru was invaded",
// "Peruvian towns were shelled", "the islands of Peru, occupied by".
func (f *frames) subjectOfPassive(c *clause, q cue) *token {
	for k := q.group - 1; k >= 0 && q.group-k < 8; k-- {
		t := &c.tokens[k]
		if t.isActor() {
			if (t.possessive || t.adjective) && !f.placeFollows(c, k) {
				return nil
			}
			return t
		}
		if c.is(k, ";", ":", ".", "that", "which", "who", "and", "but") && k != q.group-1 {
			return nil
		}
	}
	return nil
}

// breaches links violations to the instruments that they broke: "violated the
// Pact by annexing", "in breach of the Pact", or a violation of its own.
func (r *reading) breaches(c *clause, cues []cue, acts []act) {
	for _, q := range cues {
		if q.of != violationFact || q.Takes != "instrument" {
			continue
		}
		broken := r.broken(c, q)
		if broken == nil {
			continue
		}
		adverbial := q.noun && c.is(phraseBefore(c, q.at), "in") || !q.noun && q.form == gerund
		doer, _ := r.roles(c, q, cues)
		if doer != nil && q.noun && q.Kind == "withdrawal" && c.is(q.at-1, "the") {
			doer = nil
		}
		if reason := r.frames.unreal(c, q); reason != "" {
			if doer != nil || len(acts) > 0 {
				r.ledger.refuse(reason)
			}
			continue
		}
		if q.Kind != "withdrawal" && r.attach(c, q, acts, doer, broken.ID, adverbial) {
			continue
		}
		if doer == nil && adverbial {
			doer = r.frames.nearestSubject(c, q.at)
		}
		if doer == nil {
			continue
		}
		var v violation
		v.Kind, v.Perpetrator, v.Breaches, v.Date = q.Kind, doer.names(), []string{broken.ID}, r.date(c, q.at)
		if ceasefire(broken) && q.Kind == "other" {
			v.Kind = "ceasefire-violation"
		}
		v.Victim = without(r.ledger.in(broken.ID, "beneficiary"), v.Perpetrator)
		v.Evidence = []importer.Evidence{r.evidence(c, q.Rule, confidenceOf(q), q.group, q.end)}
		r.ledger.violation(v)
	}
}

// broken is the instrument that a cue's object names: of several, the first.
func (r *reading) broken(c *clause, q cue) *importer.Mention {
	if q.passive {
		for k := q.group - 1; k >= 0 && q.group-k < 8; k-- {
			if c.tokens[k].instrument != nil {
				return c.tokens[k].instrument
			}
		}
		return nil
	}
	for k := q.end; k < len(c.tokens) && k < q.end+16; k++ {
		if c.tokens[k].instrument != nil {
			return c.tokens[k].instrument
		}
		if c.is(k, ".", ";", ":", "?", "(", "while", "when", "because", "which", "by") {
			return nil
		}
		// "suspended Peru … at the treaty": the object is the actor
		if t := c.tokens[k]; t.isActor() && !t.possessive && !t.adjective && (k == q.end || c.is(k-1, ",", "the")) && !q.noun {
			return nil
		}
	}
	return nil
}

// attach adds a breach to the acts of the same sentence by the same actors,
// where the sentence ties them: "in breach of", "breached … by annexing", "the
// annexation breached".
func (r *reading) attach(c *clause, q cue, acts []act, doer *token, instrument string, adverbial bool) bool {
	attached := false
	for _, a := range acts {
		by := a.at > q.at && (a.form == gerund && !a.noun || a.noun) && c.says("by", q.end, a.at)
		subject := doer == nil && !q.noun && a.noun && a.at < q.group && !c.says(",", a.end, q.group)
		if !adverbial && !by && !subject {
			continue
		}
		if doer != nil && !slices.Equal(doer.names(), a.violation.Perpetrator) {
			continue
		}
		a.violation.Breaches = addName(a.violation.Breaches, instrument)
		attached = true
	}
	return attached
}

// says reports whether a word stands from token i to j.
func (c *clause) says(word string, i, j int) bool {
	for ; i < j; i++ {
		if c.is(i, word) {
			return true
		}
	}
	return false
}

// phraseBefore is the index before the adjectives and articles that precede i.
func phraseBefore(c *clause, i int) int {
	for k := i - 1; k >= 0 && i-k < 4; k-- {
		if c.in(k, prepositions) {
			return k
		}
	}
	return -1
}

func without(names, but []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(but, n) })
}
