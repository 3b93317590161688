package rules

import (
	"slices"
	"strings"
)

// A cue is a frame's word where it stands in a clause.
type cue struct {
	entry
	at, end int // its tokens, end exclusive
	group   int // the first token of its verb group: "has [not] been"
	noun    bool
	passive bool
	// linked is where an infinitive's or gerund's governor begins, else -1.
	linked int
}

// cues finds the frames' words in a clause, each read as the verb or noun
// that its neighbours make it.
func (f *frames) cues(c *clause) []cue {
	var found []cue
	for i := range c.tokens {
		word := c.tokens[i].word
		if word == "" {
			continue
		}
		for _, e := range f.verbs[word] {
			if end, ok := c.follow(i, e.after); ok {
				if q, ok := f.verb(c, i, end, e); ok {
					found = append(found, q)
				}
			}
		}
		for _, e := range f.nouns[word] {
			if end, ok := c.follow(i, e.after); ok && c.nounAt(i) {
				found = append(found, cue{entry: e, at: i, end: end, group: i, noun: true, linked: -1})
			}
		}
	}
	return slices.DeleteFunc(found, func(q cue) bool { return q.Needs.Regexp != nil && !q.Needs.in(c.words(q.end, c.stop(q.end)+1)) })
}

// follow reports where the words that complete a cue end.
func (c *clause) follow(i int, words []string) (end int, ok bool) {
	end = i + 1
	for n, w := range words {
		for n == 0 && end < len(c.tokens) && len(c.tokens[end].word) > 4 && isAdverb(c.tokens[end].word) && !c.is(end, w) {
			end++ // "is legally bound to"
		}
		if !c.is(end, w) {
			return 0, false
		}
		end++
	}
	return end, true
}

// nounAt tells a noun from a verb of the same form: "the attacks on" from
// "Chile attacks".
func (c *clause) nounAt(i int) bool {
	if c.is(i-1, "to") || c.in(i-1, modals) || c.in(i-1, doForms) {
		return false
	}
	if i > 0 && c.tokens[i-1].isActor() {
		return c.tokens[i-1].possessive || c.tokens[i-1].adjective
	}
	return true
}

// verb reads the verb group that ends at i, and refuses nouns and adjectives.
func (f *frames) verb(c *clause, i, end int, e entry) (cue, bool) {
	q := cue{entry: e, at: i, end: end, group: i, linked: -1}
	var be, have, do, modal, to bool
	for q.group > 0 {
		j := q.group - 1
		switch {
		case c.in(j, beForms) && !be:
			be = true
		case c.in(j, haveForms):
			have = true
		case c.in(j, doForms):
			do = true
		case c.in(j, modals):
			modal = true
		case c.tokens[j].word != "" && isAdverb(c.tokens[j].word):
		default:
			goto read
		}
		q.group = j
	}
read:
	for q.group < i && isAdverb(c.tokens[q.group].word) && c.is(q.group, "yet", "so", "then", "today", "meanwhile", "moreover", "however") {
		q.group++
	}
	if (e.form == base || e.form == present) && c.is(end, "of") {
		return q, false // "promises of aid"
	}
	to = c.is(q.group-1, "to") && !be
	switch e.form {
	case base:
		if !modal && !do && !to && !c.pluralSubject(q.group) {
			return q, false
		}
	case present:
		if !f.subjectEnds(c, q.group-1) {
			return q, false
		}
	case gerund:
		if c.in(q.group-1, determiners) {
			return q, false
		}
	case participle, pastOrParticiple:
		if c.is(i, "been") {
			break
		}
		q.passive = be
		if !be && !have {
			// "the islands occupied by Chile", but "Chile attacked by night"
			q.passive = c.is(end, "by") && c.actorNear(end+1) || e.form == participle
		}
		if !be && !have && !q.passive && c.in(i-1, determiners) {
			return q, false // "the occupied area"
		}
	}
	if to {
		q.linked = q.group - 1
	}
	return q, true
}

// pluralSubject reports whether a bare present, as in "we agree" or "Chile and
// Peru agree", can follow.
func (c *clause) pluralSubject(i int) bool {
	if i == 0 {
		return false
	}
	t := &c.tokens[i-1]
	if t.isActor() {
		return !t.possessive && !t.adjective
	}
	word := t.word
	if c.is(i-2, "this") && c.is(i-3, "to", "of") {
		return true // "the parties to this Treaty agree"
	}
	return t.instrument != nil && c.is(i-2, "to", "of") || c.is(i-1, "we", "they", "who", ",") ||
		strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !c.in(i-1, determiners) && len(word) > 3
}

// subjectEnds reports whether a subject can end at i.
func (f *frames) subjectEnds(c *clause, i int) bool {
	if i < 0 {
		return false
	}
	t := &c.tokens[i]
	if t.isActor() {
		return !t.possessive && !t.adjective
	}
	return t.instrument != nil || c.in(i, relatives) || c.in(i, f.agents) || c.is(i, "it", "he", "she", "party", "article", ",", "and")
}

// actorNear reports whether an actor stands at i or after an article.
func (c *clause) actorNear(i int) bool {
	for n := 0; n < 4 && i+n < len(c.tokens); n++ {
		if c.tokens[i+n].isActor() {
			return true
		}
		if !c.in(i+n, determiners) && n > 2 {
			return false
		}
	}
	return false
}

// subject finds the actors that do what the verb at cue q says.
func (f *frames) subject(c *clause, q cue) *token {
	if q.linked >= 0 {
		if q.linked == 0 {
			return nil
		}
		return f.subjectBefore(c, q.linked, true)
	}
	if q.form == gerund && !c.in(q.group, beForms) {
		return f.subjectOfGerund(c, q)
	}
	return f.subjectBefore(c, q.group, false)
}

// subjectBefore finds the subject of the verb group that begins at i: the noun
// phrase that ends before it, or before a parenthesis, a relative pronoun, or
// the earlier verb with which this one is coordinated. Loose passes over
// other verbs, as an infinitive's governor.
func (f *frames) subjectBefore(c *clause, i int, loose bool) *token {
	j := i - 1
	if j < 0 {
		return nil
	}
	if t := f.phraseEnding(c, j); t != nil {
		return t
	}
	switch {
	case c.in(j, relatives):
		if c.is(j-1, ",") {
			j--
		}
		return f.phraseEnding(c, j-1)
	case c.is(j, ",", "—", "–", ")"):
		for k := j - 1; k > 0 && j-k < 40; k-- {
			if c.is(k, ",", "—", "–", "(") {
				if t := f.phraseEnding(c, k-1); t != nil && f.opens(c, k-1) {
					return t
				}
			}
		}
		return nil
	case c.is(j, "it", "they"):
		return c.antecedent(j)
	case c.in(j, conjunctions), loose:
		return f.nearestSubject(c, j)
	}
	return nil
}

// antecedent is the only actor, or list of actors, that a pronoun at j can mean.
func (c *clause) antecedent(j int) *token {
	var only *token
	for k := range c.tokens[:j] {
		t := &c.tokens[k]
		if !t.isActor() || t.place || c.is(j, "it") != (len(t.names()) == 1) {
			continue
		}
		if only != nil && !slices.Equal(only.names(), t.names()) {
			return nil
		}
		only = t
	}
	return only
}

// nearestSubject is the nearest noun phrase to the left that opens a clause.
func (f *frames) nearestSubject(c *clause, j int) *token {
	for k := j - 1; k >= 0; k-- {
		if c.is(k, ";", "?", "!", ":") {
			return nil
		}
		if t := f.phraseEnding(c, k); t != nil && f.opens(c, k) && !c.is(k+1, ",") {
			return t
		}
		if c.is(k, ",") {
			if t := f.phraseEnding(c, k-1); t != nil && f.opens(c, k-1) && k-1 <= 6 {
				return t // "In 1879, Chile, …, invaded"
			}
		}
	}
	return nil
}

// subjectOfGerund finds the one who does it in "after Chile, by annexing",
// "accused Chile of annexing", "Chile's annexing" and "by annexing …, Chile".
func (f *frames) subjectOfGerund(c *clause, q cue) *token {
	j := q.group - 1
	if j >= 0 && c.is(j, "of", "for", "from") {
		if t := f.phraseEnding(c, j-1); t != nil {
			return t
		}
	}
	if j >= 0 && c.tokens[j].isActor() {
		return &c.tokens[j]
	}
	if t := f.nearestSubject(c, q.group); t != nil {
		return t
	}
	for k := q.end; k < len(c.tokens) && k < q.end+20; k++ {
		if c.is(k, ",") {
			k++
			if c.in(k, determiners) {
				k++
			}
			if k < len(c.tokens) && c.tokens[k].isActor() && !c.tokens[k].possessive {
				return &c.tokens[k]
			}
			return nil
		}
	}
	return nil
}

// phraseEnding is the actor that the noun phrase ending at i names: "Chile",
// "Chilean troops", "the Government of Chile", "Chile's navy". It is nil where
// the phrase names someone or something else.
func (f *frames) phraseEnding(c *clause, i int) *token {
	if i < 0 {
		return nil
	}
	t := &c.tokens[i]
	if t.isActor() {
		if t.possessive || t.adjective || t.place || i+1 < len(c.tokens) && c.tokens[i+1].capital {
			return nil
		}
		k := c.phraseStart(i)
		if c.in(k-1, prepositions) {
			if c.is(k-1, "of", "from") && c.in(k-2, f.agents) {
				return t
			}
			if c.is(k-1, "after", "before", "since", "than", "like", "including") {
				return t
			}
			return nil
		}
		return t
	}
	if c.in(i, f.agents) {
		for k := i - 1; k >= 0 && i-k < 6; k-- {
			if c.tokens[k].isActor() {
				if c.tokens[k].possessive || c.tokens[k].adjective {
					return &c.tokens[k]
				}
				return nil
			}
			if c.in(k, prepositions) || c.in(k, openers) {
				return nil
			}
		}
	}
	return nil
}

// phraseStart skips the articles and titles before i.
func (c *clause) phraseStart(i int) int {
	for i > 0 && (c.in(i-1, determiners) || c.is(i-1, "president", "chancellor", "premier", "king", "neighbouring", "neighboring", "state", "kingdom")) {
		i--
	}
	return i
}

// opens reports whether the noun phrase that ends at i stands where a clause's
// subject stands.
func (f *frames) opens(c *clause, i int) bool {
	k := c.phraseStart(i)
	for k > 0 && c.in(i, f.agents) && !c.tokens[k].isActor() {
		k--
	}
	k = c.phraseStart(k)
	return k == 0 || c.in(k-1, openers) || c.tokens[k-1].word != "" && (isAdverb(c.tokens[k-1].word) || isDigits(c.tokens[k-1].word)) ||
		c.is(k-2, "of") && c.in(k-1, determiners) && c.in(k-3, f.agents)
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// object finds the actors and the instrument that follow within the verb's
// own noun phrase, prepositions included: "attacked two towns in Peru".
func (f *frames) object(c *clause, i int) (actors *token, instrument *token) {
	for k := i; k < len(c.tokens) && k < i+14; k++ {
		t := &c.tokens[k]
		switch {
		case t.instrument != nil:
			return actors, t
		case t.isActor():
			if actors != nil {
				return actors, nil
			}
			if (t.possessive || t.adjective) && !f.placeFollows(c, k) {
				if k2 := c.instrumentFollows(k); k2 != nil {
					return nil, k2
				}
				return nil, nil
			}
			actors = t
		case c.is(k, ";", ":", ".", "—", "(", ",", "?", "that", "which", "who", "while", "when", "by", "because", "after", "before", "from", "if"):
			return actors, nil
		case c.is(k, "and", "or") && (k > i+1 || actors != nil):
			if actors == nil && f.ownsPlace(c, k+1) {
				continue // "occupied a town and other Peruvian territory"
			}
			return actors, nil
		}
	}
	return actors, nil
}

// placeFollows reports whether the possessive at k owns what can be wronged
// in its owner's stead: "Peru's coast", "Peruvian troops".
func (f *frames) placeFollows(c *clause, k int) bool {
	for n := k + 1; n < len(c.tokens) && n < k+6; n++ {
		if c.in(n, f.places) || c.in(n, f.agents) {
			return true
		}
		if c.tokens[n].word == "" || c.in(n, prepositions) || c.is(n, ",", ".", ";") {
			return false
		}
	}
	return false
}

// ownsPlace reports whether a noun phrase such as "other Peruvian towns" begins at i.
func (f *frames) ownsPlace(c *clause, i int) bool {
	for k := i; k < len(c.tokens) && k < i+4; k++ {
		if t := &c.tokens[k]; t.isActor() {
			return (t.possessive || t.adjective) && f.placeFollows(c, k)
		}
	}
	return false
}

func (c *clause) instrumentFollows(k int) *token {
	for n := k + 1; n < len(c.tokens) && n < k+4; n++ {
		if c.tokens[n].instrument != nil {
			return &c.tokens[n]
		}
	}
	return nil
}

// byAgent finds the agent of a passive or of an event noun: "by Chile",
// "by the Chilean army", "committed by Chile".
func (f *frames) byAgent(c *clause, i int) *token {
	for k := i; k < len(c.tokens) && k < i+14; k++ {
		if c.is(k, ".", ";", ":", "?", "that", "which", "who", "to") || c.in(k, modals) || c.in(k, haveForms) {
			return nil
		}
		if c.is(k, "by") {
			for n := k + 1; n < len(c.tokens) && n < k+5; n++ {
				if c.tokens[n].isActor() {
					t := &c.tokens[n]
					if t.place || (t.possessive || t.adjective) && !f.placeFollows(c, n) {
						return nil
					}
					return t
				}
				if !c.in(n, determiners) && c.in(n, prepositions) && !c.is(n, "of") {
					return nil
				}
			}
			return nil
		}
	}
	return nil
}

// possessor finds the actors whose event a noun names: "Chile's unprovoked
// and illegal invasion", "the Chilean occupation".
func (f *frames) possessor(c *clause, i int) *token {
	for k := i - 1; k >= 0 && i-k < 8; k-- {
		if c.is(k, ",") && len(f.nouns[c.tokens[k-min(k, 1)].word]) > 0 {
			return nil // "Chile's annexation, war in the north"
		}
		t := &c.tokens[k]
		if t.isActor() {
			if t.possessive || t.adjective {
				return t
			}
			return nil
		}
		if c.is(k, "of") && c.is(k-1, "acts", "act", "campaign", "policy", "war", "crime", "crimes") {
			k--
			continue
		}
		if t.instrument != nil || c.in(k, prepositions) || c.in(k, determiners) || c.in(k, beForms) || c.in(k, relatives) || c.is(k, ".", ";", ":", "—", "(") {
			return nil
		}
	}
	return nil
}

// sufferer finds the actors against whom an event noun is: "of Peru",
// "against the people of Peru", "on Peruvian towns". For a general noun, "of
// Chile" names the doer instead.
func (f *frames) sufferer(c *clause, i int, ofIsVictim bool) *token {
	for k := i; k < len(c.tokens) && k < i+12; k++ {
		if c.is(k, ".", ";", ":", "?", ",", "that", "which", "who", "while", "when", "because", "as", "before", "after", "has", "have", "had", "was", "were", "is", "are", "by") && !c.byPhrase(k) {
			return nil
		}
		if c.is(k, "against", "on", "upon", "into", "in") || ofIsVictim && c.is(k, "of") {
			for n := k + 1; n < len(c.tokens) && n < k+8; n++ {
				t := &c.tokens[n]
				if t.isActor() {
					if (t.possessive || t.adjective) && !f.placeFollows(c, n) {
						return nil
					}
					return t
				}
				if t.instrument != nil || c.is(n, ".", ";", ",", "by") {
					break
				}
			}
		}
	}
	return nil
}

// byPhrase reports whether "by X" stands at k, over which a search may pass.
func (c *clause) byPhrase(k int) bool { return c.is(k, "by") && c.actorNear(k+1) }
