package rules

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pacta/graph"
)

//go:embed frames.yaml
var framesFile []byte

// A frame is a verb or noun that tells of a fact, and how its subject and
// object take part in it. Which fields count depends on the fact; frames.yaml
// explains them.
type frame struct {
	Rule   string
	Kind   string
	Role   string
	Status string
	Verbs  []string
	Nouns  []string
	Takes  string
	By     string
	Needs  pattern
	Yields bool
	Focus  bool

	of factType
}

type factType int

const (
	violationFact factType = iota
	obligationFact
	partyFact
	responseFact
	lightFact // not a fact: a verb that makes one of a noun
	realFact  // not a fact: a verb that leaves an infinitive real
)

// frames are the rules in the form in which they are used.
type frames struct {
	Violations  []*frame
	Light       []string
	Real        []string
	Commitments []*frame
	Kinds       []kindRule
	Named       []kindRule
	Parties     []*frame
	Responses   []*frame
	Realis      []realisRule
	Agents      []string
	Places      []string

	verbs, nouns   map[string][]entry
	agents, places map[string]bool
}

type kindRule struct {
	Kind    string
	Pattern pattern
}

type realisRule struct {
	Reason             string
	Verb, Clause, Noun pattern
}

// An entry is one inflected word of a frame, and the words that must follow.
type entry struct {
	*frame
	form  form
	after []string
}

type form int

const (
	base form = iota
	present
	past
	participle
	pastOrParticiple
	gerund
)

// A pattern is a regular expression over whole words; without one it matches nothing.
type pattern struct{ *regexp.Regexp }

// UnmarshalYAML compiles the pattern.
func (p *pattern) UnmarshalYAML(node *yaml.Node) error {
	re, err := regexp.Compile(`(?:^|[^\pL\pN])(?:` + node.Value + `)(?:$|[^\pL\pN])`)
	if err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	p.Regexp = re
	return nil
}

func (p pattern) in(s string) bool { return p.Regexp != nil && p.MatchString(s) }

// readFrames reads the rules and checks them against the vocabulary.
func readFrames(data []byte) (*frames, error) {
	f := &frames{verbs: map[string][]entry{}, nouns: map[string][]entry{}}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(f); err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	f.agents, f.places = set(strings.Join(f.Agents, " ")), set(strings.Join(f.Places, " "))
	for _, k := range slices.Concat(f.Kinds, f.Named) {
		if !graph.ObligationKinds.Has(graph.ObligationKind(k.Kind)) {
			return nil, fmt.Errorf("frames: %q is no kind of obligation", k.Kind)
		}
	}
	for _, group := range []struct {
		of     factType
		frames []*frame
		known  func(*frame) bool
	}{
		{violationFact, f.Violations, func(r *frame) bool { return graph.ViolationKinds.Has(graph.ViolationKind(r.Kind)) }},
		{obligationFact, f.Commitments, func(r *frame) bool {
			return r.Kind == "" || graph.ObligationKinds.Has(graph.ObligationKind(r.Kind))
		}},
		{partyFact, f.Parties, func(r *frame) bool { return graph.Roles.Has(graph.Role(r.Role)) }},
		{responseFact, f.Responses, func(r *frame) bool { return graph.ResponseKinds.Has(graph.ResponseKind(r.Kind)) }},
		{lightFact, []*frame{{Rule: "light", Verbs: f.Light}}, func(*frame) bool { return true }},
		{realFact, []*frame{{Rule: "real", Verbs: f.Real}}, func(*frame) bool { return true }},
	} {
		for _, r := range group.frames {
			r.of = group.of
			if !group.known(r) {
				return nil, fmt.Errorf("frames: rule %q: kind %q or role %q is not in the vocabulary", r.Rule, r.Kind, r.Role)
			}
			if err := f.index(r); err != nil {
				return nil, fmt.Errorf("frames: rule %q: %w", r.Rule, err)
			}
		}
	}
	return f, nil
}

// index files a frame under every inflected form of its words.
func (f *frames) index(r *frame) error {
	for _, verb := range r.Verbs {
		words := strings.Fields(verb)
		forms, err := conjugate(words[0])
		if err != nil {
			return err
		}
		for word, form := range forms {
			f.verbs[word] = append(f.verbs[word], entry{r, form, words[1:]})
		}
	}
	for _, noun := range r.Nouns {
		singular, plural, irregular := strings.Cut(noun, "/")
		if !irregular {
			plural = pluralOf(singular)
		}
		for _, n := range []string{singular, plural} {
			words := strings.Fields(n)
			f.nouns[words[0]] = append(f.nouns[words[0]], entry{frame: r, after: words[1:]})
		}
	}
	return nil
}

var beVerb = map[string]form{"be": base, "is": present, "are": present, "was": past, "were": past, "been": participle, "being": gerund}

// conjugate gives a verb's forms, from its base form or its principal parts.
func conjugate(verb string) (map[string]form, error) {
	if verb == "be" {
		return beVerb, nil
	}
	parts := strings.Split(verb, "/")
	b := parts[0]
	forms := map[string]form{b: base, pluralOf(b): present}
	switch len(parts) {
	case 1:
		stem := b
		if last := len(b) - 1; strings.HasSuffix(b, "e") {
			stem = b[:last]
		} else if doubling[b] {
			stem = b + b[last:]
		}
		ed := stem + "ed"
		if strings.HasSuffix(b, "y") && !strings.ContainsAny(b[len(b)-2:len(b)-1], "aeiou") {
			ed = b[:len(b)-1] + "ied"
		}
		forms[ed], forms[stem+"ing"] = pastOrParticiple, gerund
	case 4:
		forms[parts[1]], forms[parts[2]], forms[parts[3]] = past, participle, gerund
		if parts[1] == parts[2] {
			forms[parts[1]] = pastOrParticiple
		}
	default:
		return nil, fmt.Errorf("verb %q: want its base form, or its principal parts base/past/participle/gerund", verb)
	}
	return forms, nil
}

// doubling are the regular verbs of the rules that double their last letter.
var doubling = set("commit stop drop ban plan transfer")

func pluralOf(word string) string {
	switch {
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"), strings.HasSuffix(word, "sh"):
		return word + "es"
	case strings.HasSuffix(word, "y") && !strings.ContainsAny(word[len(word)-2:len(word)-1], "aeiou"):
		return word[:len(word)-1] + "ies"
	}
	return word + "s"
}
