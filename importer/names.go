package importer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pacta/importer/lexicon"
)

// A meaning is one thing that a name can stand for.
type meaning struct {
	lexicon.Named
	actor      *lexicon.Actor
	instrument *lexicon.Instrument
}

// names finds the lexicon's names in text: whole words, the longest first.
type names struct {
	meanings map[string][]meaning // by the name as plainText writes it
	longest  map[string]int       // a first word: the length of the longest name that begins with it
}

func newNames(l *lexicon.Lexicon) *names {
	n := &names{meanings: map[string][]meaning{}, longest: map[string]int{}}
	actors, instruments := l.Actors(), l.Instruments()
	for i := range actors {
		for _, named := range actors[i].Names {
			n.add(named.Text, meaning{Named: named, actor: &actors[i]})
		}
	}
	for i := range instruments {
		form := lexicon.Name
		for _, text := range append([]string{instruments[i].Name}, instruments[i].Aliases...) {
			n.add(text, meaning{Named: lexicon.Named{Text: text, Form: form}, instrument: &instruments[i]})
			form = lexicon.Alias
		}
	}
	return n
}

func (n *names) add(name string, m meaning) {
	key := newPlainText(name).text
	n.meanings[key] = append(n.meanings[key], m)
	first := firstWord(key)
	n.longest[first] = max(n.longest[first], len(key))
}

// A found name is a span of a plain text with what it can mean.
type found struct {
	Span
	meanings []meaning
}

// find gives the names in the text, from left to right, the longest at each place.
func (n *names) find(text string) []found {
	var all []found
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !isWord(r) {
			at += size
			continue
		}
		word := firstWord(text[at:])
		end := at + min(n.longest[word], len(text)-at)
		for ; end > at; end-- {
			if !atWordEnd(text, end) {
				continue
			}
			if meanings, ok := n.meanings[text[at:end]]; ok {
				all = append(all, found{Span{at, end}, meanings})
				break
			}
		}
		if end > at {
			at = end
			continue
		}
		at += len(word)
	}
	return all
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// firstWord is the run of letters and digits that the text begins with.
func firstWord(text string) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return !isWord(r) }); i >= 0 {
		return text[:i]
	}
	return text
}

func atWordEnd(text string, at int) bool {
	next, _ := utf8.DecodeRuneInString(text[at:])
	return at == len(text) || utf8.RuneStart(text[at]) && !isWord(next)
}

// A plainText is text with every run of white space as one space, and with
// one sign for all apostrophes and one for all dashes, so that names match
// however they are set. It keeps the way back to the original's offsets.
type plainText struct {
	text    string
	offsets []int // of each byte of text, and of its end
}

func newPlainText(original string) plainText {
	var b strings.Builder
	offsets := make([]int, 0, len(original)+1)
	put := func(s string, at int) {
		for range len(s) {
			offsets = append(offsets, at)
		}
		b.WriteString(s)
	}
	space := false
	for at, r := range original {
		switch {
		case unicode.IsSpace(r):
			if !space {
				put(" ", at)
			}
		case r == '’' || r == '‘':
			put("'", at)
		case r == '–' || r == '‑' || r == '‐':
			put("-", at)
		default:
			_, size := utf8.DecodeRuneInString(original[at:]) // of a broken byte, 1
			put(original[at:at+size], at)
		}
		space = unicode.IsSpace(r)
	}
	return plainText{b.String(), append(offsets, len(original))}
}

// span is the original's span of a span of the plain text.
func (p plainText) span(s Span, offset int) Span {
	return Span{offset + p.offsets[s.Start], offset + p.offsets[s.End]}
}

// A period is the time of which a text speaks, in years; 0 is not known.
type period struct {
	year   int // of which it speaks here
	latest int // that it knows of
}

// timeOf is the time of which a document speaks where a sentence names none.
func timeOf(d *Document) period {
	year, _ := strconv.Atoi(d.Published.Year()) // 0 where it is not known
	return period{year, max(year, slices.Max(append(yearsIn(d.Text), 0)))}
}

// yearsIn are the years that a text names, in order.
func yearsIn(text string) []int {
	var years []int
	for _, y := range yearIn.FindAllString(text, -1) {
		year, _ := strconv.Atoi(y) // four digits
		years = append(years, year)
	}
	return years
}

// choose picks the meaning that fits the time of which the text speaks: the
// actor that existed, the leader in office. Nobody is found where a name fits
// nobody whom the text can know, or a surname fits several.
func choose(meanings []meaning, time period) (meaning, bool) {
	year := time.year
	fitting := slices.DeleteFunc(slices.Clone(meanings), func(m meaning) bool {
		// A text can speak of someone after his time, but not before it; a full
		// name needs no time.
		return time.latest != 0 && m.From > time.latest && !strings.Contains(m.Text, " ")
	})
	if len(fitting) == 0 {
		return meaning{}, false
	}
	slices.SortStableFunc(fitting, func(a, b meaning) int { return cmp.Compare(distance(a, year), distance(b, year)) })
	best := fitting[0]
	for _, m := range fitting[1:] {
		if m.Form == lexicon.Speaker && m.actor != best.actor && distance(m, year) == distance(best, year) {
			return meaning{}, false
		}
	}
	return best, true
}

// distance is how many years lie between the year and the time of a meaning.
func distance(m meaning, year int) int {
	from, to := m.From, m.To
	if m.actor != nil && from == 0 {
		from = m.actor.From
	}
	if m.actor != nil && to == 0 {
		to = m.actor.To
	}
	switch {
	case year == 0 && to != 0:
		return 1 // the living come before the dead
	case year == 0:
		return 0
	case from != 0 && year < from:
		return from - year
	case to != 0 && year > to:
		return year - to
	}
	return 0
}
