package importer

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"pacta/graph"
	"pacta/importer/lexicon"
)

// forms recognise instruments by how they are called.
type forms struct {
	lexicon.InstrumentForms
	name        *regexp.Regexp
	resolution  *regexp.Regexp
	plain       *regexp.Regexp
	description *regexp.Regexp
}

func newForms() (*forms, error) {
	f, err := lexicon.Forms()
	if err != nil {
		return nil, err
	}
	heads := strings.Join(slices.Sorted(maps.Keys(f.Heads)), "|")
	const (
		capital = `[A-Z][\w.'-]*`
		// capitals are words of a name; small words may stand between them
		capitals = capital + `(?:,? (?:(?:of|on|for|and|the|to|in|with|between|from) )*` + capital + `)*`
		year     = `(?: of (?:1[5-9]|20)\d\d| \((?:1[5-9]|20)\d\d\))?`
	)
	return &forms{
		InstrumentForms: f,
		name: regexp.MustCompile(`\b(?:` +
			// Treaty of Lima, Agreement concerning the …, Constitution of 1960
			`(?:(?:` + capital + ` )*)(?:` + heads + `)(?: (?:of|on|for|concerning|between|with|to|regarding|relating to) (?:the )?` + capitals + year + `| (?:of|from) (?:1[5-9]|20)\d\d)` +
			// Lima Treaty, Joint Declaration
			`|(?:(?:1[5-9]|20)\d\d )?` + capital + `(?:,? (?:(?:of|on|for|and|the) )?` + capital + `)* (?:` + heads + `)` + year +
			// the 1939 guarantee
			`|(?:1[5-9]|20)\d\d (?:` + heads + `|guarantee|assurances|agreement|treaty|pact|memorandum|declaration|accord|law)` +
			// 20-point plan
			`|(?:\d+|[a-z]+)-point (?:peace )?plan` +
			`)(?:\b|$)`),
		resolution:  regexp.MustCompile(`(?:(?:UN |United Nations )?(?:Security Council|General Assembly) )?[Rr]esolution (\d+(?:/\d+)?)(?: \(((?:1[5-9]|20)\d\d)\))?`),
		plain:       regexp.MustCompile(`\b(?:` + strings.Join(slices.Sorted(maps.Keys(f.Plain)), "|") + `)\b`),
		description: regexp.MustCompile(`\b(?i:the|this|that|said|present|its own)\s+((?i:` + strings.Join(slices.Sorted(maps.Keys(f.Descriptions)), "|") + `))\b`),
	}, nil
}

var (
	yearIn = regexp.MustCompile(`\b(?:1[5-9]|20)\d\d\b`)
	// opening words that a capital alone makes part of a name
	notOfName = regexp.MustCompile(`^(?:The|This|That|These|In|On|At|By|For|From|Under|With|To|And|But|As|Its|Their|Our|His|Her|A|An|Of|After|Before|Since|Article \d+ of the|Article [IVX]+ of the) `)
)

// named finds instruments by the form of their names. The id is the slug of
// the name. Spans are of the text.
func (f *forms) named(text string) []Mention {
	var mentions []Mention
	add := func(span Span, name, kind string) {
		if id := graph.Slug(name); id != "" {
			mentions = append(mentions, Mention{Span: span, ID: id, Name: name, Kind: kind, How: ByForm})
		}
	}
	for _, m := range f.resolution.FindAllStringSubmatchIndex(text, -1) {
		span := Span{m[0], m[1]}
		name := "resolution " + text[m[2]:m[3]]
		if m[4] >= 0 {
			name += " (" + text[m[4]:m[5]] + ")"
		}
		if strings.Contains(text[m[0]:m[1]], "General Assembly") {
			name = "General Assembly " + name
		} else if strings.Contains(text[m[0]:m[1]], "Security Council") || m[4] >= 0 {
			name = "Security Council " + name
		}
		add(span, name, string(graph.OtherInstrument))
	}
	for _, m := range f.name.FindAllStringIndex(text, -1) {
		start, end := m[0], m[1]
		for {
			opening := notOfName.FindString(text[start:end])
			if opening == "" {
				break
			}
			start += len(opening)
		}
		name := strings.Trim(text[start:end], " .,")
		if _, bare := f.Heads[name]; bare || !strings.Contains(name, " ") {
			continue
		}
		add(Span{start, start + len(name)}, name, f.kindOf(name))
	}
	for _, m := range f.plain.FindAllStringIndex(text, -1) {
		name := text[m[0]:m[1]]
		add(Span{m[0], m[1]}, name, f.Plain[name])
	}
	slices.SortStableFunc(mentions, func(a, b Mention) int { return a.Start - b.Start })
	var apart []Mention
	for _, m := range mentions {
		if len(apart) == 0 || m.Start >= apart[len(apart)-1].End {
			apart = append(apart, m)
		}
	}
	return apart
}

// kindOf is the kind of instrument that the first head noun of a name means.
func (f *forms) kindOf(name string) string {
	for _, word := range strings.Fields(name) {
		if kind, ok := f.Heads[word]; ok {
			return kind
		}
		if kinds, ok := f.Descriptions[strings.ToLower(word)]; ok {
			return kinds[0]
		}
		if word == "plan" {
			return string(graph.Plan)
		}
	}
	return string(graph.OtherInstrument)
}

// described finds what refers to an instrument: "the Treaty". The mention's
// Name is the noun.
func (f *forms) described(text string) []Mention {
	var mentions []Mention
	for _, m := range f.description.FindAllStringSubmatchIndex(text, -1) {
		mentions = append(mentions, Mention{Span: Span{m[2], m[3]}, Name: strings.ToLower(text[m[2]:m[3]])})
	}
	return mentions
}

// kinds are the kinds of instrument that a noun can refer to.
func (f *forms) kinds(noun string) []string { return f.Descriptions[noun] }
