package importer

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
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
	lonely, sure := map[int]bool{}, map[string]bool{} // of all, the doubtful; the actors beyond doubt
	known := &instruments{noun: r.forms.itself(d.Text)}
	for i, s := range sentences {
		plain := newPlainText(s.Text(d))
		if years := yearsIn(plain.text); len(years) > 0 {
			time.year = years[0]
		}
		found := r.names.find(plain.text)
		here := r.instruments(plain.text, found, known)
		actors, doubtful := r.actors(plain.text, found, time)
		here = append(here, without(here, actors)...)
		for _, m := range here {
			sure[m.ID] = true
		}
		here = append(here, without(here, doubtful)...)
		if speaker != nil {
			here = append(here, without(here, pronouns(plain, speaker))...)
		}
		slices.SortFunc(here, func(a, b Mention) int { return a.Start - b.Start })
		for _, m := range here {
			lonely[len(all)] = slices.Contains(doubtful, m)
			m.Sentence, m.Span = i, plain.span(m.Span, s.Start)
			all = append(all, m)
		}
	}
	kept := all[:0]
	for i, m := range all {
		if !lonely[i] || sure[m.ID] {
			kept = append(kept, m)
		}
	}
	return kept
}

// without leaves out the mentions that overlap those there are.
func without(there, mentions []Mention) []Mention {
	return slices.DeleteFunc(mentions, func(m Mention) bool {
		return slices.ContainsFunc(there, func(t Mention) bool { return m.Start < t.End && t.Start < m.End })
	})
}

// actors are those among the names found in a sentence. A name that is also
// something else is doubtful where the sentence names no other state.
func (r *Reader) actors(text string, names []found, time period) (mentions, doubtful []Mention) {
	for _, f := range names {
		actors := slices.DeleteFunc(slices.Clone(f.meanings), func(m meaning) bool { return m.actor == nil })
		m, ok := choose(actors, time)
		if !ok || !speaks(text, f.Span, m) {
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
		return append(mentions, doubtful...), nil
	}
	return mentions, doubtful
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
	// unlike is how "non-NATO" and "anti-Russian" begin.
	unlike = regexp.MustCompile(`(?i)\b(?:anti|pro|non|post|pre|ex|pan|trans|intra|inter|un)-$`)
	// acting is how a sentence goes on from a capital that speaks for its state.
	acting = regexp.MustCompile(`^(?:'s\b|\s+(?:and|has|had|have|is|was|will|would|could|must|may|might|did|does|also|[a-z]+(?:s|ed)|` +
		`never|not|then|now|again|later|soon|still|began|broke|came|chose|cut|fought|forbade|found|gave|went|held|kept|knew|led|lost|made|meant|met|paid|put|saw|sent|set|sought|spoke|stood|swore|took|thought|told|won|withdrew|wrote)\b)`)
	// meeting is how a sentence goes on from a capital where something takes place.
	meeting = regexp.MustCompile(`^\s+(?:talks|negotiations|accords|agreements|attacks|bombings|protests|riots|summits|residents|streets|suburbs|meetings|conferences|headquarters|airports)\b`)
	// together is how a sentence goes on to a capital that is a party.
	together = regexp.MustCompile(`(?:\b(?:[Bb]y|[Ww]ith|[Bb]etween|[Aa]gainst|and|that)\s+|^)$`)
	// surname is how a sentence goes on to a name that is a person's: "with Vernon Jordan".
	surname = regexp.MustCompile(`[\pL,] \p{Lu}[\pL.]+ $`)
	// otherPlace comes before a name that then is another: "Northern Ireland".
	otherPlace = regexp.MustCompile(`\b(?:New|Northern|Latin|Central|North|South)\s+$`)
)

// speaks reports whether a name stands for its actor here.
func speaks(text string, s Span, m meaning) bool {
	before, after := text[max(0, s.Start-24):s.Start], text[s.End:]
	switch {
	case madeBy.MatchString(after) && m.Form != lexicon.Speaker, unlike.MatchString(before), otherPlace.MatchString(before):
		return false
	case m.actor.Ambiguous && m.Form == lexicon.Name && surname.MatchString(before):
		return false
	case m.Form == lexicon.Capital:
		return !meeting.MatchString(after) && !placed.MatchString(before) && (acting.MatchString(after) || together.MatchString(before))
	}
	return true
}

var (
	// ofYear is how a name goes on to the year that is part of it.
	ofYear = regexp.MustCompile(`^(?: of (?:1[5-9]|20)\d\d\b| \((?:1[5-9]|20)\d\d\))`)
	// yearBefore is how a sentence goes on to a name from the year that is part of it.
	yearBefore = regexp.MustCompile(`\b(?:1[5-9]|20)\d\d $`)
)

// ofTime reports whether the year that a text gives an instrument, "" for none,
// is the instrument's own or next to it: a treaty comes into force after it is signed.
func ofTime(in *lexicon.Instrument, year string) bool {
	if year == "" || in.Date == "" {
		return true
	}
	given, _ := strconv.Atoi(year) // four digits
	own, _ := strconv.Atoi(graph.Date(in.Date).Year())
	return given-own <= 1 && own-given <= 1
}

// instruments are what a document has named so far.
type instruments struct {
	named []Mention // the latest of each kind, the latest last
	noun  string    // by which the document speaks of itself: "this Treaty"
	self  *Mention  // the instrument that the document is
}

func (k *instruments) add(m Mention) {
	k.named = append(slices.DeleteFunc(k.named, func(n Mention) bool { return n.Kind == m.Kind }), m)
	if k.self == nil && k.noun != "" && strings.Contains(strings.ToLower(m.Name), k.noun) {
		k.self = &m
	}
}

// meant is what a description refers to: the document itself, or the last
// instrument named that is of one of the kinds.
func (k *instruments) meant(noun string, capital bool, kinds []string) (Mention, bool) {
	if k.self != nil && capital && noun == k.noun {
		return *k.self, true
	}
	for _, m := range slices.Backward(k.named) {
		if slices.Contains(kinds, m.Kind) {
			return m, true
		}
	}
	return Mention{}, false
}

// instruments are those among the names found in a sentence, those that a form
// makes known, and those that the sentence refers to.
func (r *Reader) instruments(text string, names []found, known *instruments) []Mention {
	var here []Mention
	for _, f := range names {
		after := ofYear.FindString(text[f.End:])
		year := yearIn.FindString(cmp.Or(after, yearBefore.FindString(text[:f.Start])))
		i := slices.IndexFunc(f.meanings, func(m meaning) bool { return m.instrument != nil && ofTime(m.instrument, year) })
		if i < 0 {
			continue
		}
		m := f.meanings[i]
		f.End += len(after)
		here = append(here, Mention{Span: f.Span, ID: m.instrument.ID, Name: m.instrument.Name, Kind: m.instrument.Kind, How: hows[m.Form]})
	}
	if known.self == nil && known.noun != "" {
		if title, ok := r.forms.title(text, known.noun); ok && !slices.ContainsFunc(here, func(m Mention) bool { return m.Start == title.Start }) {
			here = append(without([]Mention{title}, here), title)
		}
	}
	here = append(here, without(here, r.forms.named(text))...)
	slices.SortFunc(here, func(a, b Mention) int { return a.Start - b.Start })
	// A description refers to what was named before it, in this sentence or earlier.
	var described []Mention
	at := 0
	for _, m := range without(here, r.forms.described(text)) {
		for ; at < len(here) && here[at].Start < m.Start; at++ {
			known.add(here[at])
		}
		capital := text[m.Start] >= 'A' && text[m.Start] <= 'Z'
		if of, ok := known.meant(m.Name, capital, r.forms.Descriptions[m.Name]); ok {
			m.ID, m.Name, m.Kind, m.How = of.ID, of.Name, of.Kind, ByDescription
			described = append(described, m)
		}
	}
	for ; at < len(here); at++ {
		known.add(here[at])
	}
	return append(here, described...)
}
