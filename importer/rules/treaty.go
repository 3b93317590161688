package rules

import (
	"regexp"
	"strings"

	"pacta/graph"
	"pacta/importer"
)

// A treaty is what the text of an instrument says of itself.
type treaty struct {
	id      string
	parties []string
	named   []string // parties that bear obligations of their own
	last    []string // who was the subject last: "they"
}

var (
	selfReference = regexp.MustCompile(`(?i)\b(?:this|the present) (treaty|agreement|convention|pact|protocol|memorandum|charter|covenant)\b`)
	partyWords    = regexp.MustCompile(`\b(?:[Pp]arties|Party|undertakes?|shall)\b`)
	article       = regexp.MustCompile(`(?i)^\W*article\s+(?:\d+|[ivxl]+)\b`)
	procedural    = regexp.MustCompile(`\b(?:ratif\w+|deposit\w*|accession to this|accede\w*|enter into force|authentic|denunciation|registered|depositary|certified)\b`)
)

// readTreaty recognises the text of an instrument: it speaks of itself, has
// parties, duties and articles.
func (r *reading) readTreaty() {
	text := r.document.Text
	articles, first := 0, len(r.clauses)
	for i, c := range r.clauses {
		if article.MatchString(c.Text(r.document)) {
			articles++
			first = min(first, i)
		}
	}
	if articles < 3 || len(selfReference.FindAllStringIndex(text, 3)) < 3 || len(partyWords.FindAllStringIndex(text, 3)) < 3 {
		return
	}
	m := r.title(first)
	if m == nil {
		return
	}
	t := &treaty{id: m.ID}
	c, i := r.partyList(first)
	if c != nil {
		t.parties = c.tokens[i].names()
		r.ledger.instrument(*m, "", r.evidence(c, "treaty-title", 0.9, 0, 1))
		r.ledger.party(t.id, "signatory", t.parties, r.evidence(c, "treaty-parties", 0.9, i, i+1))
	}
	r.treaty = t
}

// title is the instrument that the text is: the first sentence that names one
// of the form by which the text speaks of itself.
func (r *reading) title(end int) *importer.Mention {
	form := strings.ToLower(selfReference.FindStringSubmatch(r.document.Text)[1])
	for _, c := range r.clauses[:end] {
		for i := range c.tokens {
			if m := c.tokens[i].instrument; m != nil && strings.Contains(strings.ToLower(m.Name), form) {
				return m
			}
		}
		for i := range c.tokens {
			if c.is(i, form) && c.tokens[i].capital && c.End-c.tokens[i].Start <= longestQuote {
				span := importer.Span{Start: c.tokens[i].Start, End: c.End}
				name := strings.Join(strings.Fields(r.document.Text[span.Start:span.End]), " ")
				return &importer.Mention{Span: span, Sentence: c.index, ID: graph.Slug(name), Name: name, Kind: kindOf(form), How: importer.ByForm}
			}
		}
	}
	return nil
}

// kindOf is the kind of instrument that a form names.
func kindOf(form string) string {
	switch kind := graph.InstrumentKind(form); {
	case graph.InstrumentKinds.Has(kind):
		return form
	case form == "convention", form == "pact", form == "protocol", form == "covenant":
		return string(graph.Treaty)
	}
	return string(graph.OtherInstrument)
}

// partyList finds the list of parties: the longest list of actors in the
// preamble, else of the whole text.
func (r *reading) partyList(preamble int) (*clause, int) {
	for _, part := range [][]*clause{r.clauses[:preamble], r.clauses} {
		var best *clause
		at, longest := 0, 1
		for _, c := range part {
			for i := range c.tokens {
				if n := len(c.tokens[i].names()); n > longest {
					best, at, longest = c, i, n
				}
			}
		}
		if best != nil {
			return best, at
		}
	}
	return nil, 0
}

// subject is who owes what the verb group at i tells of: "the Parties", "each
// Party", "the other parties to this Treaty", or a party by name; and the
// token after it.
func (t *treaty) subject(c *clause, i int) (names []string, after int) {
	for k := i - 1; k >= 0 && i-k < 25; k-- {
		actor := &c.tokens[k]
		switch {
		case actor.isActor() && actor.actors[0].Kind == "state" && !actor.possessive && !c.in(k-1, prepositions):
			t.last = actor.names()
			for _, n := range t.last {
				t.named = addName(t.named, n)
			}
		case c.is(k, "they") && len(t.last) > 0:
		case c.is(k, "parties", "party", "they", "them", "signatories"):
			t.last = t.parties
			if c.is(k-1, "other") {
				t.last = without(t.parties, t.named)
			}
		case c.is(k, ".", ";", ":", ")"):
			return nil, 0
		default:
			continue
		}
		return t.last, k + 1
	}
	return nil, 0
}
