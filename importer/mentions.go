package importer

import (
	"regexp"
	"slices"
	"strings"

	"pacta/graph"
	"pacta/importer/lexicon"
)

// A Reader finds the sentences of a document and what they mention. It is
// safe for concurrent use.
type Reader struct {
	names  *names
	forms  *forms
	states map[string]*lexicon.Actor // by three-letter code
}

// NewReader compiles the lexicon into a reader.
func NewReader(l *lexicon.Lexicon) (*Reader, error) {
	f, err := newForms()
	if err != nil {
		return nil, err
	}
	r := &Reader{names: newNames(l), forms: f, states: map[string]*lexicon.Actor{}}
	actors := l.Actors()
	for i := range actors {
		if code, ok := strings.CutPrefix(actors[i].ID, "state:"); ok && len(code) == 3 {
			r.states[code] = &actors[i]
		}
	}
	return r, nil
}

// Sentences cuts a document into sentences.
func (r *Reader) Sentences(d *Document) []Sentence { return Sentences(d) }

// Dates finds the dates of a sentence.
func (r *Reader) Dates(d *Document, s Sentence) []DateMention { return Dates(d, s) }

// Mentions finds who and what the sentences name, in order and without
// overlap. A possessive ending is not part of a mention.
func (r *Reader) Mentions(d *Document, sentences []Sentence) []Mention {
	time := timeOf(d)
	speaker := r.speaker(d, sentences, time)
	var all []Mention
	known := &instruments{}
	for i, s := range sentences {
		plain := newPlainText(s.Text(d))
		if years := yearsIn(plain.text); len(years) > 0 {
			time.year = years[0]
		}
		here := r.instruments(plain, known)
		here = append(here, without(here, r.actors(plain, time))...)
		if speaker != nil {
			here = append(here, without(here, pronouns(plain, speaker))...)
		}
		slices.SortFunc(here, func(a, b Mention) int { return a.Start - b.Start })
		for _, m := range here {
			m.Sentence, m.Span = i, plain.span(m.Span, s.Start)
			all = append(all, m)
		}
	}
	return all
}

// without leaves out the mentions that overlap those there are.
func without(there, mentions []Mention) []Mention {
	return slices.DeleteFunc(mentions, func(m Mention) bool {
		return slices.ContainsFunc(there, func(t Mention) bool { return m.Start < t.End && t.Start < m.End })
	})
}

// actors finds the actors that a sentence names. Spans are of the plain text.
func (r *Reader) actors(plain plainText, time period) []Mention {
	var mentions []Mention
	var doubtful []Mention
	for _, f := range r.names.find(plain.text) {
		actors := slices.DeleteFunc(slices.Clone(f.meanings), func(m meaning) bool { return m.actor == nil })
		m, ok := choose(actors, time)
		if !ok || !speaks(plain.text, f.Span, m) {
			continue
		}
		mention := Mention{Span: f.Span, ID: m.actor.ID, Name: m.actor.Name, Kind: m.actor.Kind, Actor: true, How: hows[m.Form]}
		if m.actor.Ambiguous && m.Form == lexicon.Name {
			doubtful = append(doubtful, mention)
			continue
		}
		mentions = append(mentions, mention)
	}
	// Georgia is a state in the company of others.
	if slices.ContainsFunc(mentions, func(m Mention) bool { return m.Kind == string(graph.State) }) || len(doubtful) > 1 {
		mentions = append(mentions, doubtful...)
	}
	return mentions
}

var hows = map[lexicon.Form]How{
	lexicon.Name: ByName, lexicon.Alias: ByAlias, lexicon.Adjective: ByDemonym, lexicon.People: ByDemonym,
	lexicon.Capital: ByCapital, lexicon.Seat: ByGovernment, lexicon.Speaker: ByLeader,
}

var (
	// madeBy is how "Russian-made" and "NATO-style" go on after the name.
	madeBy = regexp.MustCompile(`^-[a-z]`)
	// placed is how a sentence goes on to a capital that is a place.
	placed = regexp.MustCompile(`(?i)\b(?:in|at|near|outside|around|via|through|into|of|from|to|visit(?:ed|ing)?|left|reached|city of|talks)\s+$`)
	// acting is how a sentence goes on from a capital that speaks for its state.
	acting = regexp.MustCompile(`^(?:'s\b|\s+(?:and|has|had|have|is|was|will|would|could|must|may|did|does|also|[a-z]+(?:s|ed))\b)`)
	// together is how a sentence goes on to a capital that is a party.
	together = regexp.MustCompile(`(?:\b(?:[Bb]y|[Ww]ith|[Bb]etween|[Aa]gainst|and|that)\s+|^)$`)
	// otherPlace comes before a name that then is another: "Northern Ireland".
	otherPlace = regexp.MustCompile(`\b(?:New|Northern|Latin|Central|North|South)\s+$`)
)

// speaks reports whether a name stands for its actor here.
func speaks(text string, s Span, m meaning) bool {
	before, after := text[max(0, s.Start-24):s.Start], text[s.End:]
	switch {
	case madeBy.MatchString(after) && m.Form != lexicon.Speaker, otherPlace.MatchString(before):
		return false
	case m.Form == lexicon.Capital:
		return !placed.MatchString(before) && (acting.MatchString(after) || together.MatchString(before))
	}
	return true
}

// ofYear is how a name goes on to the year that is part of it.
var ofYear = regexp.MustCompile(`^(?: of (?:1[5-9]|20)\d\d\b| \((?:1[5-9]|20)\d\d\))`)

// An instruments list is what a document has named so far, the latest last.
type instruments struct{ named []Mention }

func (k *instruments) add(m Mention) { k.named = append(k.named, m) }

// latest is the last instrument named that is of one of the kinds.
func (k *instruments) latest(kinds []string) (Mention, bool) {
	for _, m := range slices.Backward(k.named) {
		if slices.Contains(kinds, m.Kind) {
			return m, true
		}
	}
	return Mention{}, false
}

// instruments finds the instruments that a sentence names: those of the
// catalogue, those that a form makes known, and those that it refers to.
func (r *Reader) instruments(plain plainText, known *instruments) []Mention {
	var here []Mention
	for _, f := range r.names.find(plain.text) {
		i := slices.IndexFunc(f.meanings, func(m meaning) bool { return m.instrument != nil })
		if i < 0 {
			continue
		}
		m := f.meanings[i]
		f.End += len(ofYear.FindString(plain.text[f.End:]))
		here = append(here, Mention{Span: f.Span, ID: m.instrument.ID, Name: m.instrument.Name, Kind: m.instrument.Kind, How: hows[m.Form]})
	}
	here = append(here, without(here, r.forms.named(plain.text))...)
	slices.SortFunc(here, func(a, b Mention) int { return a.Start - b.Start })
	// A description refers to what was named before it, in this sentence or earlier.
	var described []Mention
	at := 0
	for _, m := range r.forms.described(plain.text) {
		for ; at < len(here) && here[at].Start < m.Start; at++ {
			known.add(here[at])
		}
		if of, ok := known.latest(r.forms.kinds(m.Name)); ok && len(without(here, []Mention{m})) == 1 {
			m.ID, m.Name, m.Kind, m.How = of.ID, of.Name, of.Kind, ByDescription
			described = append(described, m)
		}
	}
	for ; at < len(here); at++ {
		known.add(here[at])
	}
	return append(here, described...)
}
