// Package rules extracts claims by frames: verbs and nouns that tell of
// promises and breaches, with their subjects and objects found by shallow
// chunking. It is offline and deterministic, and names the rule behind each claim.
package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pacta/importer"
)

// A Reader finds the sentences of a document and what they mention.
type Reader interface {
	Sentences(d *importer.Document) []importer.Sentence
	Mentions(d *importer.Document, sentences []importer.Sentence) []importer.Mention
	Dates(d *importer.Document, s importer.Sentence) []importer.DateMention
}

// An Extractor reads claims by rules. It is safe for concurrent use.
type Extractor struct {
	reader      Reader
	frames      *frames
	territories *territories
}

// New returns an extractor that reads with the embedded rules. The error names
// the mistake in them.
func New(reader Reader) (*Extractor, error) {
	f, err := readFrames(framesFile)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	t, err := readTerritories(territoriesFile)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return &Extractor{reader, f, t}, nil
}

// Name is "rules".
func (x *Extractor) Name() string { return "rules" }

// Extract reads a document's claims. Sentences that tell of something that did
// not happen or was not agreed are counted by reason.
func (x *Extractor) Extract(ctx context.Context, d *importer.Document) (*importer.Claims, map[string]int, error) {
	sentences := x.reader.Sentences(d)
	mentions := x.reader.Mentions(d, sentences)
	r := &reading{
		frames: x.frames, ledger: newLedger(d), document: d, speakers: map[string]string{},
		dates: func(s importer.Sentence) []importer.DateMention { return x.reader.Dates(d, s) },
	}
	for i, s := range sentences {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		var here []importer.Mention
		for len(mentions) > 0 && mentions[0].Sentence <= i {
			here = append(here, mentions[0])
			mentions = mentions[1:]
		}
		r.clauses = append(r.clauses, tokenize(d, s, i, x.territories.add(d, s, i, here)))
	}
	r.readTreaty()
	for _, c := range r.clauses {
		r.readParties(c)
	}
	r.focus = nil
	for _, c := range r.clauses {
		r.readDeeds(c)
	}
	return r.ledger.claims(), r.ledger.refused, nil
}

// A reading is one pass over one document.
type reading struct {
	frames   *frames
	ledger   *ledger
	document *importer.Document
	dates    func(importer.Sentence) []importer.DateMention
	clauses  []*clause

	speakers map[string]string // the names of those who say "we", by id
	treaty   *treaty           // where the document is itself an instrument
	list     *listing          // the commitment that introduces the list items that follow
	focus    *importer.Mention // the instrument that was named last
	inside   int               // the paragraph of focus
}

// readParties finds the instruments that a sentence names and who stands to
// them how, which must be known before what they owe.
func (r *reading) readParties(c *clause) {
	r.instruments(c)
	r.parties(c, r.frames.cues(c))
	r.look(c)
}

// readDeeds finds what a sentence says was promised, done and answered.
func (r *reading) readDeeds(c *clause) {
	cues := r.frames.cues(c)
	acts := r.acts(c, cues)
	r.breaches(c, cues, acts)
	r.commitments(c, cues)
	r.responses(c, cues)
	r.look(c)
}

// look keeps in mind the instrument that a sentence names last.
func (r *reading) look(c *clause) {
	for i := range c.tokens {
		if m := c.tokens[i].instrument; m != nil {
			r.focus, r.inside = m, c.Paragraph
		}
	}
}

// instruments notes the instruments that a sentence names.
func (r *reading) instruments(c *clause) {
	for i := range c.tokens {
		for _, m := range c.tokens[i].actors {
			r.ledger.actor(m)
			if m.How == importer.ByPronoun && strings.EqualFold(r.document.Text[m.Start:m.End], "we") {
				r.speakers[m.ID] = m.Name
			}
		}
		if m := c.tokens[i].instrument; m != nil {
			r.ledger.instrument(*m, r.dateAfter(c, i), r.evidence(c, "instrument-named", 0.9, i, i+1))
		}
	}
}

// dateAfter is the date in an instrument's name or right after it: "(1960)",
// "of 4 April 1949", "signed on 30 July 1974".
func (r *reading) dateAfter(c *clause, i int) string {
	t := &c.tokens[i]
	for _, d := range r.dates(c.Sentence) {
		if d.Start >= t.Start && d.End <= t.End {
			return string(d.Date)
		}
		between := strings.TrimSpace(r.document.Text[min(t.End, max(d.Start, 0)):max(d.Start, t.End)])
		if d.Start >= t.End && (between == "(" || between == "of" || between == "," || between == "signed on" || between == "signed in") {
			return string(d.Date)
		}
		if d.End <= t.Start && strings.TrimSpace(r.document.Text[d.End:t.Start]) == "" {
			return string(d.Date)
		}
	}
	return ""
}

// date is the date of the act told at token i: the nearest in the sentence.
func (r *reading) date(c *clause, i int) string {
	best, distance := "", 1<<30
	for _, d := range r.dates(c.Sentence) {
		away := max(d.Start-c.tokens[i].End, c.tokens[i].Start-d.End)
		if inInstrument(c, d.Span) {
			continue
		}
		if away < distance {
			best, distance = string(d.Date), away
		}
	}
	return best
}

func inInstrument(c *clause, s importer.Span) bool {
	return slices.ContainsFunc(c.tokens, func(t token) bool {
		return t.instrument != nil && s.Start >= t.Start && s.End <= t.End
	})
}

const (
	shortestQuote = 10
	longestQuote  = 300
)

// evidence quotes the sentence, or of a long one the part from token i to j.
func (r *reading) evidence(c *clause, rule string, confidence float64, i, j int) importer.Evidence {
	start, end := c.Start, c.End
	if end-start > longestQuote && len(c.tokens) > 0 {
		i, j = max(0, i), min(j, len(c.tokens))
		start, end = c.tokens[i].Start, c.tokens[j-1].End
		for i > 0 && !c.is(i-1, ",", ";", ":", "—") && end-c.tokens[i-1].Start <= longestQuote {
			i--
			start = c.tokens[i].Start
		}
		for j < len(c.tokens) && !c.is(j, ",", ";", ":", "—") && c.tokens[j].End-start <= longestQuote {
			end = c.tokens[j].End
			j++
		}
		for end-start < shortestQuote && j < len(c.tokens) {
			end = c.tokens[j].End
			j++
		}
	}
	text := r.document.Text
	for start < end && strings.ContainsRune(" \t\r\n", rune(text[start])) {
		start++
	}
	for end > start && strings.ContainsRune(" \t\r\n", rune(text[end-1])) {
		end--
	}
	if end-start > longestQuote {
		end = start + longestQuote
		for end > start && !utf8.RuneStart(text[end]) {
			end--
		}
		if space := strings.LastIndexAny(text[start:end], " \n"); space > shortestQuote {
			end = start + space
		}
	}
	return importer.Evidence{Quote: text[start:end], Start: start, End: end, Confidence: confidence, Extractor: "rules", Rule: rule}
}
