// Package rules extracts claims by frames: verbs and nouns that tell of
// promises and breaches, with their subjects and objects found by shallow
// chunking. It is offline and deterministic, and names the rule behind each claim.
package rules

import (
	"context"
	"fmt"
	"regexp"
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
func (x *Extractor) Name() string { return extractorName }

const extractorName = "rules"

// Extract reads a document's claims. Sentences that tell of something that did
// not happen or was not agreed are counted by reason.
func (x *Extractor) Extract(ctx context.Context, d *importer.Document) (*importer.Claims, map[string]int, error) {
	sentences := x.reader.Sentences(d)
	mentions := x.reader.Mentions(d, sentences)
	r := &reading{
		frames: x.frames, ledger: newLedger(d), document: d, speakers: map[string]string{},
		dates:    func(s importer.Sentence) []importer.DateMention { return x.reader.Dates(d, s) },
		mentions: func(d *importer.Document) []importer.Mention { return x.reader.Mentions(d, x.reader.Sentences(d)) },
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
	mentions func(*importer.Document) []importer.Mention
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
			e := r.evidence(c, "instrument-named", 0.9, i, i+1)
			r.ledger.instrument(*m, r.dateAfter(c, i), e)
			r.ledger.party(m.ID, "signatory", r.namedIn(*m), e)
		}
	}
}

// namedIn are the two actors that an instrument's name joins: "the Chile–Peru
// Treaty", "Treaty of Friendship between Chile and Peru".
func (r *reading) namedIn(m importer.Mention) []string {
	if _, parties, ok := strings.Cut(m.Name, " between "); ok {
		if names := r.pair(parties); names != nil {
			return names
		}
	}
	as := nameDash.FindStringSubmatch(r.document.Text[m.Start:m.End])
	if as == nil {
		return nil
	}
	words := strings.Fields(as[2])
	for n := min(2, len(words)); n > 0; n-- { // "South Korea", else "Peru"
		if names := r.pair(as[1] + " and " + strings.Join(words[:n], " ")); names != nil {
			return names
		}
	}
	return nil
}

var nameDash = regexp.MustCompile(`^([\pL. ]+)[-‑–—/](\p{Lu}.*)$`)

// pair are the two actors that a text names from its first word to its last.
func (r *reading) pair(text string) []string {
	var names []string
	end := 0
	for _, m := range r.mentions(&importer.Document{Text: text}) {
		if m.Actor {
			names, end = addName(names, m.Name), m.End
		}
	}
	if len(names) != 2 || end != len(text) {
		return nil
	}
	return names
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

// date is the date of the act told at token i: one that opens the sentence
// ("In 1879, …"), stands right before the act or follows it in its clause.
func (r *reading) date(c *clause, i int) string {
	for _, d := range r.dates(c.Sentence) {
		first := slices.IndexFunc(c.tokens, func(t token) bool { return t.End > d.Start })
		if first < 0 || inInstrument(c, d.Span) {
			continue
		}
		opens := first <= 2 && c.is(first-1, "in", "on", "since", "by", "during")
		before := first < i && i-first <= 3 && !c.is(first-1, "of")
		after := first > i && first-i <= 14 && c.is(first-1, "in", "on", "since", "of", "from") && !c.leaves(i, first)
		since := first < i && i-first <= 6 && c.is(first, "since") && d.Start == c.tokens[first].Start
		if opens || before || after || since {
			return string(d.Date)
		}
	}
	return ""
}

// leaves reports whether the tokens from i to j lead into another clause.
func (c *clause) leaves(i, j int) bool {
	for ; i < j; i++ {
		if c.is(i, "and", "but", "that", "which", "who", "as", "until", "when", "while", "if", ",", ";", ":") {
			return true
		}
	}
	return false
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
	return importer.Evidence{Quote: text[start:end], Start: start, End: end, Confidence: confidence, Extractor: extractorName, Rule: rule}
}
