package rules

import (
	"regexp"
	"sort"
	"strings"

	"pacta/graph"
	"pacta/importer"
)

// A gazetteer is a Reader that knows the names it is given and nothing else,
// so that the rules are tested apart from the lexicons. A name's text is
// followed by whom it names, and by how where it is not a plain name:
// "Chilean = Chile, demonym".
type gazetteer struct {
	names []gazetteerName
}

type gazetteerName struct {
	text    string
	mention importer.Mention
}

func newGazetteer(actors, instruments string) *gazetteer {
	g := &gazetteer{}
	add := func(lines string, actor bool, kind string) {
		for line := range strings.Lines(lines) {
			text, rest, ok := strings.Cut(strings.TrimSpace(line), " = ")
			if text == "" {
				continue
			}
			name, how := text, string(importer.ByName)
			if ok {
				name, how, _ = strings.Cut(rest, ", ")
				how = map[bool]string{true: string(importer.ByAlias), false: how}[how == ""]
			}
			g.names = append(g.names, gazetteerName{text, importer.Mention{
				ID: strings.ToLower(strings.ReplaceAll(name, " ", "-")), Name: name, Kind: kind, Actor: actor, How: importer.How(how),
			}})
		}
	}
	add(actors, true, "state")
	add(instruments, false, "treaty")
	sort.SliceStable(g.names, func(i, j int) bool { return len(g.names[i].text) > len(g.names[j].text) })
	return g
}

var sentencePattern = regexp.MustCompile(`(?s)\S.*?(?:[.?!:]["”]?(?:\s|$)|\n\n|\n\s*(?:-|\([a-z]\))|$)`)

func (g *gazetteer) Sentences(d *importer.Document) []importer.Sentence {
	var sentences []importer.Sentence
	paragraph := 0
	for at := 0; at < len(d.Text); {
		w := sentencePattern.FindStringIndex(d.Text[at:])
		if w == nil || w[1] == 0 {
			break
		}
		start, end := at+w[0], at+w[1]
		paragraph += strings.Count(d.Text[at:start], "\n\n")
		body := strings.TrimRight(d.Text[start:end], " \n\t")
		if cut := strings.LastIndex(body, "\n"); cut > 0 && len(body)-cut < 6 {
			end = start + cut + 1 // the mark of the next list item
			body = strings.TrimRight(d.Text[start:end], " \n\t")
		}
		if body != "" {
			sentences = append(sentences, importer.Sentence{Span: importer.Span{Start: start, End: start + len(body)}, Paragraph: paragraph, Section: -1})
		}
		paragraph += strings.Count(d.Text[start:end], "\n\n")
		at = end
	}
	return sentences
}

func (g *gazetteer) Mentions(d *importer.Document, sentences []importer.Sentence) []importer.Mention {
	var mentions []importer.Mention
	for i, s := range sentences {
		for at := s.Start; at < s.End; at++ {
			if at > s.Start && isWordByte(d.Text[at-1]) {
				continue
			}
			for _, n := range g.names {
				end := at + len(n.text)
				if end <= s.End && d.Text[at:end] == n.text && (end == len(d.Text) || !isWordByte(d.Text[end])) {
					m := n.mention
					m.Span, m.Sentence = importer.Span{Start: at, End: end}, i
					mentions = append(mentions, m)
					at = end - 1
					break
				}
			}
		}
	}
	return mentions
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= 0x80 && b != 0xe2
}

var yearPattern = regexp.MustCompile(`\b(?:1[89]|20)\d\d\b`)

func (g *gazetteer) Dates(d *importer.Document, s importer.Sentence) []importer.DateMention {
	var dates []importer.DateMention
	for _, w := range yearPattern.FindAllStringIndex(d.Text[s.Start:s.End], -1) {
		span := importer.Span{Start: s.Start + w[0], End: s.Start + w[1]}
		dates = append(dates, importer.DateMention{Span: span, Date: graph.Date(d.Text[span.Start:span.End])})
	}
	return dates
}
