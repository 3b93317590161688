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
	plain       *regexp.Regexp
	description *regexp.Regexp
	head        *regexp.Regexp
	heading     *regexp.Regexp
	self        *regexp.Regexp
	cues        []string // one of which every name holds
}

// datedNouns name an instrument with the year before them: "the 1939 guarantee".
var datedNouns = []string{"guarantee", "assurances", "agreement", "treaty", "pact", "memorandum", "declaration", "accord", "law"}

func newForms() (*forms, error) {
	f, err := lexicon.Forms()
	if err != nil {
		return nil, err
	}
	heads := strings.Join(slices.Sorted(maps.Keys(f.Heads)), "|")
	nouns := strings.Join(slices.Sorted(maps.Keys(f.Descriptions)), "|")
	const (
		capital = `\p{Lu}[\pL\pN_.'-]*`
		// capitals are words of a name; small words may stand between them
		capitals = capital + `(?:,? (?:(?:of|on|for|and|the|to|in|with|between|from) )*` + capital + `)*`
		links    = `(?:of|on|for|concerning|between|with|to|regarding|relating to)`
		four     = `(?:1[5-9]|20)\d\d`
		year     = `(?: of ` + four + `| \(` + four + `\))?`
	)
	return &forms{
		InstrumentForms: f,
		name: regexp.MustCompile(`(?:^|[^\pL\pN])(` +
			// Treaty of Lima, Agreement concerning the …, Constitution of 1960
			`(?:` + four + ` )?(?:` + capital + ` )*(?:` + heads + `)(?: ` + links + ` (?:the )?` + capitals + year + `| (?:of|from) ` + four + `)` +
			// Lima Treaty, Joint Declaration
			`|(?:` + four + ` )?` + capital + `(?:,? (?:(?:of|on|for|and|the) )?` + capital + `)* (?:` + heads + `)` + year +
			// the 1939 guarantee
			`|` + four + ` (?:` + heads + `|` + strings.Join(datedNouns, "|") + `)` +
			// 20-point plan
			`|(?:\d+|[a-z]+)-point (?:peace )?plan` +
			`)(?:[^\pL\pN]|$)`),
		plain: regexp.MustCompile(`\b(?:` + strings.Join(slices.Sorted(maps.Keys(f.Plain)), "|") + `)\b`),
		description: regexp.MustCompile(`(?i)\b(?:the|this|that|said|present|its own|this((?: [a-z\d-]+){1,2})) (` +
			nouns + `)(?:[^\pL\pN]|$)`),
		head:    regexp.MustCompile(`(?:^|[^\pL\pN])(?:` + heads + `)(?:[^\pL\pN]|$)`),
		heading: regexp.MustCompile(`(?i)^\W*((?:[\pL-]+ ){0,3}?(` + nouns + `) ` + links + ` .*\pL)\W*$`),
		self:    regexp.MustCompile(`\b(?:[Tt]his|[Tt]he\s+present)\s+(` + heads + `)(?:[^\pL\pN]|$)`),
		cues:    slices.Concat(slices.Sorted(maps.Keys(f.Heads)), datedNouns, []string{"-point"}),
	}, nil
}

// named finds instruments by the form of their names. The id is the slug of
// the name. Spans are of the text, in order and apart.
func (f *forms) named(text string) []Mention {
	mentions := resolutions(text)
	add := func(span Span, kind string) {
		name := text[span.Start:span.End]
		mentions = append(mentions, Mention{Span: span, ID: graph.Slug(name), Name: name, Kind: kind, How: ByForm})
	}
	var names [][]int
	if slices.ContainsFunc(f.cues, func(cue string) bool { return strings.Contains(text, cue) }) {
		names = f.name.FindAllStringSubmatchIndex(text, -1)
	}
	for _, m := range names {
		for _, span := range f.split(text, Span{m[2], m[3]}) {
			if name := text[span.Start:span.End]; f.names(name) {
				add(span, f.kindOf(name))
			}
		}
	}
	for _, m := range f.plain.FindAllStringIndex(text, -1) {
		add(Span{m[0], m[1]}, f.Plain[text[m[0]:m[1]]])
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

// yearIn is a year within text.
var yearIn = regexp.MustCompile(`\b(?:1[5-9]|20)\d\d\b`)

var (
	// notOfName are opening words that a capital alone makes part of a name,
	// and whose instrument it is.
	notOfName = regexp.MustCompile(`^(?:The|This|That|These|In|On|At|By|For|From|Under|With|To|And|But|As|If|When|While|Since|Although|Because|Both|No|Any|Each|Every|` +
		`Its|Their|Our|His|Her|A|An|Of|After|Before|Until|Unlike|Like|Despite|\p{Lu}\pL* the|Article (?:\d+|[IVXL]+) of the|(?:\p{Lu}[\pL.-]* )*\p{Lu}[\pL.-]*'s) `)
	// joint is what stands between two instruments named together.
	joint = regexp.MustCompile(`(?:,? and|,) (?:the )?`)
	// ownParties is how a common noun goes on: "the Charter of the Parties".
	ownParties = regexp.MustCompile(` (?:of|between|for|with|to) (?:the |all |both )?(?:High )?(?:Contracting )?(?:Part(?:y|ies)|States?|Members?|Nations)(?: Parties)?$`)
)

// split is the name at the span without the words before it that are none of
// it; names joined by "and" come one by one.
func (f *forms) split(text string, s Span) []Span {
	var spans []Span
	for {
		opening := notOfName.FindString(text[s.Start:s.End])
		if opening == "" {
			break
		}
		s.Start += len(opening)
	}
	name := text[s.Start:s.End]
	if first := f.head.FindStringIndex(name); first != nil {
		for _, between := range joint.FindAllStringIndex(name, -1) {
			if between[0] >= first[1]-1 && f.head.MatchString(name[between[1]:]) {
				spans = append(spans, Span{s.Start, s.Start + between[0]})
				return append(spans, f.split(text, Span{s.Start + between[1], s.End})...)
			}
		}
	}
	trimmed := strings.TrimRight(name, " .,")
	return append(spans, Span{s.Start, s.Start + len(trimmed)})
}

// names reports whether the words name one instrument, not any of its kind.
func (f *forms) names(words string) bool {
	noun := ownParties.ReplaceAllString(words, "")
	_, bare := f.Heads[noun]
	return !bare && strings.Contains(noun, " ")
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

// described finds what refers to an instrument: "the Treaty", "this ten-year
// agreement". The mention's Name is the noun.
func (f *forms) described(text string) []Mention {
	var mentions []Mention
	for _, m := range f.description.FindAllStringSubmatchIndex(text, -1) {
		if m[2] >= 0 && slices.ContainsFunc(strings.Fields(text[m[2]:m[3]]), func(w string) bool { return notAdjectives[strings.ToLower(w)] }) {
			continue
		}
		mentions = append(mentions, Mention{Span: Span{m[4], m[5]}, Name: strings.ToLower(text[m[4]:m[5]])})
	}
	return mentions
}

// notAdjectives between "this" and a noun begin something else: "this is a treaty".
var notAdjectives = wordSet(`is was are were be been has had have will would can could may must shall should does did do
	a an the any no every each some all that these those its their our his her
	of to in on at by for from with under and or but as if than not made means makes became`)

// itself is the noun by which a document speaks of itself as an instrument, in
// lower case: "this Treaty". It is "" where the document is none.
func (f *forms) itself(text string) string {
	found := f.self.FindAllStringSubmatch(text, 2)
	if len(found) < 2 {
		return ""
	}
	return strings.ToLower(found[0][1])
}

// longestTitle bounds a heading that names an instrument, in bytes.
const longestTitle = 300

// title is the instrument whose name is the heading: "Agreement concerning the
// sovereignty of Peru", where the document calls itself an agreement.
func (f *forms) title(heading, noun string) (Mention, bool) {
	m := f.heading.FindStringSubmatchIndex(heading)
	if m == nil || len(heading) > longestTitle || strings.HasSuffix(heading, ".") || !strings.EqualFold(heading[m[4]:m[5]], noun) {
		return Mention{}, false
	}
	name := heading[m[2]:m[3]]
	return Mention{Span: Span{m[2], m[3]}, ID: graph.Slug(name), Name: name, Kind: f.Descriptions[noun][0], How: ByForm}, true
}
