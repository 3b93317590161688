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
		return ended || !unicode.IsLower(first)
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
			spans = appendTrimmed(spans, flat, start, at, paragraph.Start)
			start = at
		}
		spans = appendTrimmed(spans, flat, start, end, paragraph.Start)
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
	// note is the mark of a footnote after a sentence.
	note = regexp.MustCompile(`[.?!][”"’')]*((?: ?\[[0-9a-z]{1,3}\])+|[0-9]{1,3} +(?:[“"‘(]?\p{Lu})|[0-9]{1,3}$| [0-9]{1,3}$)`)
	// joined is a full stop that lost the space after it.
	joined = regexp.MustCompile(`(\pL\p{Ll}+|\d{4})\.\p{Lu}\pL`)
)

// flatten makes the boundaries of UAX 29 those of a text's sentences, byte by
// byte: line breaks are none, the mark of a footnote belongs to the sentence
// before it, and a full stop needs no space after it.
func flatten(text string) string {
	flat := []byte(text)
	for i, b := range flat {
		if b == '\n' || b == '\r' {
			flat[i] = ' '
		}
	}
	for _, m := range note.FindAllSubmatchIndex(flat, -1) {
		for i := m[2]; i < m[3] && flat[i] < utf8.RuneSelf && !unicode.IsUpper(rune(flat[i])); i++ {
			if flat[i] != ' ' || m[3] == len(flat) || i == m[2] {
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

func appendTrimmed(spans []Span, text string, start, end, offset int) []Span {
	part := text[start:end]
	start += len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
	end -= len(part) - len(strings.TrimRightFunc(part, unicode.IsSpace))
	if start >= end {
		return spans
	}
	return append(spans, Span{offset + start, offset + end})
}

// abbreviations end in a full stop within a sentence.
var abbreviations = wordSet(`Mr Mrs Ms Dr Prof Gen Col Lt Maj Sgt Capt Adm Sen Rep Gov Pres Amb Hon St Sts Ste Messrs Rev
		Art Arts art arts No Nos no nos para paras Para Paras pp p Vol vol Sec sec Ch ch Fig fig cf Cf vs v e.g i.e viz etc al ca approx
		Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Ltd Inc Co Corp U.S U.K U.N E.U U.S.S.R D.C Ph.D a.m p.m A.D B.C`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// ends reports whether a sentence ends between before and after.
func ends(before, after string) bool {
	before = strings.TrimRightFunc(before, unicode.IsSpace)
	after = strings.TrimLeftFunc(after, unicode.IsSpace)
	next, _ := utf8.DecodeRuneInString(after)
	if unicode.IsLower(next) {
		return false // “Is it war?” he asked.
	}
	if !strings.HasSuffix(before, ".") {
		return true
	}
	word := strings.TrimSuffix(before[strings.LastIndexFunc(before, unicode.IsSpace)+1:], ".")
	word = strings.TrimLeft(word, "([“\"'‘")
	switch {
	case word == "":
		return true
	case word == before[:len(before)-1] && (isNumber(word) || utf8.RuneCountInString(word) == 1):
		return false // the number or letter of a paragraph
	case utf8.RuneCountInString(word) == 1 && unicode.IsUpper([]rune(word)[0]):
		return false // an initial
	case !abbreviations[word]:
		return true
	case strings.Contains(word, ".") || word == "etc" || word == "al" || word == "Inc" || word == "Ltd":
		// "the U.S. The Kremlin", but "the U.S. Congress": only a common
		// opening word begins a sentence here.
		return opens(after)
	}
	return false
}

func isNumber(word string) bool {
	return strings.Trim(word, "0123456789") == ""
}

// openers are words that begin sentences more often than names.
var openers = wordSet(`The This That These Those It Its In On At As By For From But And However He She They We A An When While
		After Before If Under With Without No Not Since There Their Our His Her Such Some Most Many Both Each Then Thus Meanwhile`)

func opens(after string) bool {
	word, _, _ := strings.Cut(after, " ")
	return openers[strings.Trim(word, ",;:’'")]
}
