package rules

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pacta/graph"
	"pacta/importer"
)

//go:embed territories.yaml
var territoriesFile []byte

// byTerritory is how a territory names its state.
const byTerritory importer.How = "territory"

// territories find the places that stand for their state as one who suffers,
// never as one who acts.
type territories struct {
	pattern *regexp.Regexp
	states  map[string]importer.Mention
}

func readTerritories(data []byte) (*territories, error) {
	var states []struct {
		ID, Name string
		Places   []string
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&states); err != nil {
		return nil, fmt.Errorf("territories: %w", err)
	}
	t := &territories{states: map[string]importer.Mention{}}
	var places []string
	for _, s := range states {
		for _, place := range s.Places {
			if other, taken := t.states[place]; taken {
				return nil, fmt.Errorf("territories: %q belongs to both %s and %s", place, other.Name, s.Name)
			}
			t.states[place] = importer.Mention{ID: s.ID, Name: s.Name, Kind: string(graph.State), Actor: true, How: byTerritory}
			places = append(places, regexp.QuoteMeta(place))
		}
	}
	slices.SortFunc(places, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	t.pattern = regexp.MustCompile(`\b(?:` + strings.Join(places, "|") + `)\b`)
	return t, nil
}

// add puts the territories of a sentence among its mentions, where they do
// not overlap one.
func (t *territories) add(d *importer.Document, s importer.Sentence, index int, mentions []importer.Mention) []importer.Mention {
	for _, w := range t.pattern.FindAllStringIndex(d.Text[s.Start:s.End], -1) {
		span := importer.Span{Start: s.Start + w[0], End: s.Start + w[1]}
		if slices.ContainsFunc(mentions, func(m importer.Mention) bool { return m.Start < span.End && span.Start < m.End }) {
			continue
		}
		m := t.states[d.Text[span.Start:span.End]]
		m.Span, m.Sentence = span, index
		mentions = append(mentions, m)
	}
	slices.SortFunc(mentions, func(a, b importer.Mention) int { return cmp.Compare(a.Start, b.Start) })
	return mentions
}
