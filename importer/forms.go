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
	title       *regexp.Regexp
	head        *regexp.Regexp
}

func newForms() (*forms, error) {
	f, err := lexicon.Forms()
	if err != nil {
		return nil, err
	}
	heads := strings.Join(slices.Sorted(maps.Keys(f.Heads)), "|")
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
			`(?:(?:` + capital + ` )*)(?:` + heads + `)(?: ` + links + ` (?:the )?` + capitals + year + `| (?:of|from) ` + four + `)` +
			// Lima Treaty, Joint Declaration
			`|(?:` + four + ` )?` + capital + `(?:,? (?:(?:of|on|for|and|the) )?` + capital + `)* (?:` + heads + `)` + year +
			// the 1939 guarantee
			`|` + four + ` (?:` + heads + `|guarantee|assurances|agreement|treaty|pact|memorandum|declaration|accord|law)` +
			// 20-point plan
			`|(?:\d+|[a-z]+)-point (?:peace )?plan` +
			`)(?:[^\pL\pN]|$)`),
		plain: regexp.MustCompile(`\b(?:` + strings.Join(slices.Sorted(maps.Keys(f.Plain)), "|") + `)\b`),
		description: regexp.MustCompile(`(?i)\b(?:(?:the|this|that|said|present|its own)|this ((?:[a-z\d-]+ ){1,2}?))\s*\b(` +
			strings.Join(slices.Sorted(maps.Keys(f.Descriptions)), "|") + `)(?:[^\pL\pN]|$)`),
		title: regexp.MustCompile(`(?i)^\W*((?:[\pL-]+ ){0,3}?(` + heads + `) ` + links + ` .*\pL)\W*$`),
		head:  regexp.MustCompile(`(?:^|[^\pL\pN])(?:` + heads + `)(?:[^\pL\pN]|$)`),
	}, nil
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
