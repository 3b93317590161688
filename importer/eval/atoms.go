package eval

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"pacta/importer"
)

// A Type is a type of fact that is scored.
type Type string

// The types of fact. The overall figure counts the first five.
const (
	Instruments   Type = "instruments"
	Parties       Type = "parties"
	Obligations   Type = "obligations"
	Violations    Type = "violations"
	Breaches      Type = "breaches"
	Beneficiaries Type = "beneficiaries"
	Responses     Type = "responses"
)

// Types are the types of fact in the order of a report.
var Types = []Type{Instruments, Parties, Obligations, Violations, Breaches, Beneficiaries, Responses}

// Scored are the types that make up the overall figure.
var Scored = Types[:5]

// An atom is the smallest part of a fact that can be right or wrong, such as
// one perpetrator, kind and victim. Unused places are empty.
type atom [4]string

func (a atom) String() string {
	parts := a[:]
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, " | ")
}

// atoms holds the atoms of each type, and whether each is optional.
type atoms map[Type]map[atom]bool

// none stands where a fact has no bearer, victim or instrument.
const none = "-"

// reduce takes claims apart. Instruments are called by ids where it has them.
// With a text, a fact without a quote in it is left out and counted.
func reduce(c *importer.Claims, ids map[string]string, text string) (found atoms, dropped int) {
	found = atoms{}
	for _, t := range Types {
		found[t] = map[atom]bool{}
	}
	add := func(t Type, optional bool, parts ...string) {
		var a atom
		copy(a[:], parts)
		if before, seen := found[t][a]; seen {
			optional = optional && before
		}
		found[t][a] = optional
	}
	stands := func(evidence []importer.Evidence) bool {
		if text == "" {
			return true
		}
		for _, e := range evidence {
			if e.Quote != "" && strings.Contains(text, squeeze(e.Quote)) {
				return true
			}
		}
		dropped++
		return false
	}
	instrument := func(id string) string {
		if mapped, ok := ids[id]; ok {
			return mapped
		}
		return id
	}

	for _, f := range c.Instruments {
		if stands(f.Evidence) {
			add(Instruments, f.Optional, instrument(f.ID))
		}
	}
	for _, f := range c.Parties {
		if stands(f.Evidence) {
			add(Parties, f.Optional, instrument(f.Instrument), actor(f.Actor))
		}
	}
	for _, f := range c.Obligations {
		if !stands(f.Evidence) {
			continue
		}
		id := none
		if f.Instrument != "" {
			id = instrument(f.Instrument)
		}
		for _, bearer := range orNone(f.Bearer) {
			add(Obligations, f.Optional, id, f.Kind, actor(bearer))
			for _, beneficiary := range f.Beneficiary {
				add(Beneficiaries, f.Optional, id, f.Kind, actor(bearer), actor(beneficiary))
			}
		}
	}
	for _, f := range c.Violations {
		if !stands(f.Evidence) {
			continue
		}
		for _, perpetrator := range orNone(f.Perpetrator) {
			for _, victim := range orNone(f.Victim) {
				add(Violations, f.Optional, actor(perpetrator), f.Kind, actor(victim))
			}
			for _, id := range f.Breaches {
				add(Breaches, f.Optional, actor(perpetrator), instrument(id))
			}
		}
	}
	for _, f := range c.Responses {
		if stands(f.Evidence) {
			add(Responses, f.Optional, actor(f.Actor), f.Kind)
		}
	}
	return found, dropped
}

func orNone(actors []string) []string {
	if len(actors) == 0 {
		return []string{none}
	}
	return actors
}

// align maps each predicted instrument's id to the gold id that shares a name
// with it, else to one with much the same words, else to an id of its own.
func align(gold, predicted *importer.Claims) map[string]string {
	ids := map[string]string{}
	for _, p := range predicted.Instruments {
		names := normalNames(p)
		id := ""
		for _, g := range gold.Instruments {
			if shareName(names, normalNames(g)) {
				id = g.ID
				break
			}
		}
		for i := 0; id == "" && i < len(gold.Instruments); i++ {
			if shareWords(names, normalNames(gold.Instruments[i])) {
				id = gold.Instruments[i].ID
			}
		}
		if id == "" {
			id = "?" + p.ID
		}
		ids[p.ID] = id
	}
	return ids
}

func normalNames(i importer.ClaimedInstrument) []string {
	var names []string
	for _, n := range i.Names {
		if n != "" {
			names = append(names, normal(n))
		}
	}
	return names
}

func shareName(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// shareWords reports whether two names of several words have three fifths of
// their words in common.
func shareWords(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			xs, ys := wordSet(x), wordSet(y)
			common := 0
			for w := range xs {
				if ys[w] {
					common++
				}
			}
			union := len(xs) + len(ys) - common
			if len(xs) > 1 && len(ys) > 1 && float64(common)/float64(union) >= 0.6 {
				return true
			}
		}
	}
	return false
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

//go:embed aliases.yaml
var aliasesFile []byte

// canonical maps a normal name to the one by which actors are compared.
var canonical = readAliases(aliasesFile)

func readAliases(data []byte) map[string]string {
	var groups map[string][]string
	if err := yaml.Unmarshal(data, &groups); err != nil {
		panic(fmt.Sprintf("eval: aliases.yaml: %v", err))
	}
	names := map[string]string{}
	for name, aliases := range groups {
		for _, alias := range aliases {
			if other, taken := names[alias]; taken {
				panic(fmt.Sprintf("eval: aliases.yaml: %q means both %q and %q", alias, other, name))
			}
			names[alias] = name
		}
	}
	return names
}

// actor is the one name by which an actor is compared.
func actor(name string) string {
	key := normal(name)
	if c, ok := canonical[key]; ok {
		return c
	}
	return key
}

var (
	possessive = regexp.MustCompile(`[’']s([^\pL\pN_]|$)`)
	notWord    = regexp.MustCompile(`[^\pL\pN_]+`)
	space      = regexp.MustCompile(`\s+`)
)

// normal is the name in lower case without accents, punctuation, possessives
// and a leading article.
func normal(name string) string {
	plain := strings.Map(func(r rune) rune {
		if norm.NFKD.PropertiesString(string(r)).CCC() != 0 {
			return -1
		}
		return r
	}, norm.NFKD.String(name))
	text := possessive.ReplaceAllString(cases.Fold().String(plain), "$1")
	text = strings.TrimSpace(notWord.ReplaceAllString(text, " "))
	for _, article := range []string{"the ", "a ", "an "} {
		if rest, ok := strings.CutPrefix(text, article); ok {
			return rest
		}
	}
	return text
}

func squeeze(s string) string { return space.ReplaceAllString(s, " ") }
