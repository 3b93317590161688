package rules

import "strings"

// unreal is the reason why a cue does not tell what happened or was promised,
// or "". Commitments may be to the future; violations may not.
func (f *frames) unreal(c *clause, q cue) string {
	if c.is(len(c.tokens)-1, "?") || c.is(len(c.tokens)-2, "?") {
		return "question"
	}
	if q.noun {
		return f.unrealNoun(c, q)
	}
	group := c.words(q.group, q.at)
	governor := q.linked
	for governor >= 0 {
		g, real := f.governor(c, governor)
		if !real {
			return "purpose"
		}
		group = c.words(g.group, g.at) + " " + group
		governor = g.linked
		q.group = g.group
	}
	before := c.words(f.clauseStart(c, q.group), q.group)
	group = strings.ReplaceAll(group, "not only", "")
	for _, r := range f.Realis {
		if r.Verb.in(group) || r.Clause.in(before) {
			return r.Reason
		}
	}
	if q.form == gerund {
		for _, r := range f.Realis {
			if r.Noun.in(c.words(max(q.group-3, 0), q.group)) {
				return r.Reason
			}
		}
	}
	return ""
}

// unrealNoun judges an event noun by the words before it, and an indefinite
// one ("an invasion would …") by those after it. One that is tied to its doer
// ("Chile's invasion") is taken for granted wherever the clause stands.
func (f *frames) unrealNoun(c *clause, q cue) string {
	start := f.clauseStart(c, q.at)
	near := c.words(max(q.at-5, start), q.at)
	verb := c.words(max(q.at-9, start), q.at)
	clause := c.words(start, q.at)
	indefinite := c.is(q.at-1, "a", "an", "any") || c.is(q.at-2, "a", "an", "any") || c.is(q.at-3, "a", "an", "any")
	definite := !indefinite && f.possessor(c, q.at) != nil
	for _, r := range f.Realis {
		if r.Noun.in(near) {
			return r.Reason
		}
		if definite {
			continue
		}
		if r.Clause.in(clause) || r.Reason != "denied" && r.Verb.in(verb) {
			return r.Reason
		}
		if indefinite && r.Reason == "hypothetical" && r.Verb.in(c.words(q.end, q.end+10)) {
			return r.Reason
		}
	}
	return ""
}

// governor finds the verb that governs the infinitive whose "to" stands at i,
// and whether it leaves it real: "began to shell", but not "tried to".
func (f *frames) governor(c *clause, i int) (cue, bool) {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		for _, e := range f.verbs[c.tokens[k].word] {
			if e.of == realFact {
				if end, ok := c.follow(k, e.after); ok && end == i {
					return f.verb(c, k, end, e)
				}
			}
		}
	}
	return cue{}, false
}

// clauseStart is where the clause of the token at i begins: after the last
// strong mark, or after a comma and conjunction.
func (f *frames) clauseStart(c *clause, i int) int {
	for k := i - 1; k > 0; k-- {
		if c.is(k, ";", ":", "—", ".") || c.is(k, "and", "but", "yet") && c.is(k-1, ",") {
			return k + 1
		}
	}
	return 0
}
