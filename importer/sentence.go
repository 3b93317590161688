package importer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// maxSentence bounds a sentence in bytes; a longer one is cut at a space.
const maxSentence = 4096

// Sentences cuts the document into sentences, headings and list items, in
// order. They do not overlap, begin and end with a byte that is no white space,
// and together hold every such byte. A line break ends a sentence only where a
// blank line, a list item or a heading follows: hard-wrapped text reads on.
func Sentences(d *Document) []Sentence {
	var all []Sentence
	for number, paragraph := range paragraphs(d.Text) {
		for _, span := range cut(d.Text, paragraph) {
			all = append(all, Sentence{Span: span, Paragraph: number, Section: d.section(span.Start)})
		}
	}
	return all
}

// section is the index of the section that holds the offset, -1 where none does.
func (d *Document) section(offset int) int {
	i, found := slices.BinarySearchFunc(d.Sections, offset, func(s Section, offset int) int {
		switch {
		case s.Span.End <= offset:
			return -1
		case s.Span.Start > offset:
			return 1
		}
		return 0
	})
	if !found {
		return -1
	}
	return i
}

var (
	// bullet is how a line begins that is a heading or an item of a list.
	bullet = regexp.MustCompile(`^([-*•✓▪◦·]\s|#{1,6}\s*\S)`)
	// item is how a line begins that is an item of a list where the line before
	// ended a clause: else it may be "353." of "resolution 353." or a dash.
	item = regexp.MustCompile(`^([–—]\s|[0-9]{1,3}[.)](\s|\p{Lu})|[a-zA-Z]\)|[a-zA-Z]\.\s|[ivxIVX]{1,5}[.)]\s|\(([0-9]{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\))`)
	// clauseEnd is how a line ends that another may follow as an item.
	clauseEnd = regexp.MustCompile(`([.:;,!?…”’"')\]\-–—]|\band|\bor)$`)
	// rule is a line that is the number of a page or a footnote, or a line drawn.
	rule = regexp.MustCompile(`^([0-9]+|[-_=*]{3,})$`)
)

// paragraphs are the stretches of text between blank lines, headings and items
// of lists and, where the lines of a text are not wrapped, its lines.
func paragraphs(text string) []Span {
	var spans []Span
	wrapped := isWrapped(text)
	before := "" // the line before, "" where it ended a paragraph
	for start := 0; start < len(text); {
		stop := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			stop = start + i
		}
		line := strings.TrimSpace(text[start:stop])
		alone := rule.MatchString(line)
		switch {
		case line == "":
		case before == "" || alone || borders(before, line, wrapped):
			spans = append(spans, Span{start, stop})
		default:
			spans[len(spans)-1].End = stop
		}
		before = line
		if alone || strings.HasPrefix(line, "#") {
			before = ""
		}
		start = stop + 1
	}
	return spans
}

// maxLine is the length of a line from which on a text is not wrapped.
const maxLine = 200

// isWrapped reports whether the lines of a text are broken where they are full,
// so that a line break says nothing.
func isWrapped(text string) bool {
	long := 0
	for line := range strings.Lines(text) {
		if strings.LastIndexByte(strings.TrimSpace(line), ' ') > maxLine {
			long += len(line)
		}
	}
	return 2*long < len(text)
}

// borders reports whether a paragraph ends between two lines.
func borders(before, line string, wrapped bool) bool {
	first, _ := utf8.DecodeRuneInString(line)
	ended := clauseEnd.MatchString(before[max(0, len(before)-4):])
	switch {
	case bullet.MatchString(line), ended && item.MatchString(line):
		return true
	case !wrapped:
		return !unicode.IsLower(first)
	}
	// A line is a heading where the next word would have gone into it.
	word, _, _ := strings.Cut(line, " ")
	return !ended && unicode.IsUpper(first) && 10*(len(before)+1+len(word)) < 6*len(line)
}

// cut cuts a paragraph into sentences: at the boundaries of Unicode (UAX 29),
// but for those after an abbreviation, an initial or a number of a list.
func cut(text string, paragraph Span) []Span {
	flat := flatten(text[paragraph.Start:paragraph.End])
	var spans []Span
	start := 0
	add := func(end int) {
		for end-start > maxSentence {
			at := start + strings.LastIndexByte(flat[start:start+maxSentence], ' ')
			if at <= start {
				at = start + maxSentence
				for !utf8.RuneStart(flat[at]) {
					at--
				}
			}
			spans = appendTrimmed(spans, text, paragraph.Start+start, paragraph.Start+at)
			start = at
		}
		spans = appendTrimmed(spans, text, paragraph.Start+start, paragraph.Start+end)
		start = end
	}
	segments := sentences.FromString(flat)
	for segments.Next() {
		end := segments.End()
		if end < len(flat) && !ends(flat[start:end], flat[end:]) {
			continue
		}
		add(end)
	}
	if start < len(flat) {
		add(len(flat))
	}
	return spans
}

var (
	// note is the mark of a footnote after a full stop.
	note = regexp.MustCompile(`[.?!][”"’')]*((?:\s?\[(?:[0-9]{1,3}|[a-z]|note [0-9]+|citation needed)\])+)|` +
		`[\p{Ll}”"’)]{4}[.?!][”"’)]*(?:([0-9]{1,3})\s+[“"‘(]?\p{Lu}|(\s?[0-9]{1,3})\s*$)`)
	// joined is a full stop that lost the space after it.
	joined = regexp.MustCompile(`(\pL\p{Ll}+|\d{4})\.\p{Lu}\pL`)
)

// flatten makes the boundaries of UAX 29 those of a text's sentences, byte by
// byte: a line break is none, the mark of a footnote belongs to the sentence
// before it as a bracket does, and a full stop needs no space after it.
func flatten(text string) string {
	flat := []byte(text)
	for i, b := range flat {
		if b == '\n' || b == '\r' {
			flat[i] = ' '
		}
	}
	for _, m := range note.FindAllSubmatchIndex(flat, -1) {
		for group := 2; group < len(m); group += 2 {
			for i := m[group]; i < m[group+1]; i++ {
				flat[i] = ')'
			}
		}
	}
	for _, m := range joined.FindAllSubmatchIndex(flat, -1) {
		if !titles[string(flat[m[2]:m[3]])] {
			flat[m[3]] = '!'
		}
	}
	return string(flat)
}

func appendTrimmed(spans []Span, text string, start, end int) []Span {
	part := text[start:end]
	start += len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
	end -= len(part) - len(strings.TrimRightFunc(part, unicode.IsSpace))
	if start >= end {
		return spans
	}
	return append(spans, Span{start, end})
}

// Abbreviations end in a full stop within a sentence.
var (
	// titles come before a name.
	titles = wordSet(`Mr Mrs Ms Mme Dr Prof Gen Col Lt Maj Brig Sgt Cpl Capt Cmdr Adm Sen Rep Gov Pres Amb Hon Messrs Rev Fr
		St Sts Ste Mt Ft cf Cf vs v viz ca approx e.g i.e`)
	// counted come before a number.
	counted = wordSet(`No Nos no nos Art Arts art arts Para Paras para paras p pp Vol vol Sec sec Ch ch Fig fig Res res
		Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec`)
	// last can end a sentence too, as everything with a full stop within it can.
	last = wordSet(`etc al Ltd Inc Co Corp Bros Jr Sr Ph.D`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

var (
	initials = regexp.MustCompile(`^(\pL\.)+\pL$`)
	// enumerator is a number or letter before an item of a list.
	enumerator = regexp.MustCompile(`^([0-9]+|\pL|[ivxIVX]+)$`)
	// counts is how a sentence goes on to a number.
	counts = regexp.MustCompile(`^([0-9]|[IVXLC]+\b)`)
)

// ends reports whether a sentence ends between before and after, where UAX 29
// has a boundary.
func ends(before, after string) bool {
	before = strings.TrimRightFunc(before, unicode.IsSpace)
	after = strings.TrimLeftFunc(after, unicode.IsSpace)
	next, _ := utf8.DecodeRuneInString(after)
	if unicode.IsLower(next) {
		return false // “Is it war?” he asked.
	}
	open := strings.TrimRight(before, `”"’')]`)
	stopped, ok := strings.CutSuffix(open, ".")
	if !ok {
		return true
	}
	word := stopped[strings.LastIndexFunc(stopped, unicode.IsSpace)+1:]
	word = strings.TrimLeft(word, "([“\"'‘")
	switch {
	case initials.MatchString(word) || last[word] || utf8.RuneCountInString(word) == 1 && unicode.IsUpper([]rune(word)[0]) && word != stopped:
		return opens(after) // "the U.S. The treaty", but "the U.S. Congress"
	case open != before:
		return true
	case enumerator.MatchString(stopped):
		return false
	case counted[word]:
		return !counts.MatchString(after)
	}
	return !titles[word]
}

// openers are words that begin sentences more often than names.
var openers = wordSet(`The This That These Those It Its In On At As By For From But And However He She They We A An When While
		After Before If Under With Without No Not Since There Their Our His Her Such Some Most Many Both Each Then Thus Meanwhile`)

func opens(after string) bool {
	word, _, _ := strings.Cut(after[:min(len(after), 16)], " ")
	return openers[strings.Trim(word, `"“‘(,;:’'`)]
}
