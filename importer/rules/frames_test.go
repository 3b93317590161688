package rules

import (
	"strings"
	"testing"
)

func TestReadFramesRefuses(t *testing.T) {
	for data, want := range map[string]string{
		"violations: [{rule: r, kind: theft, verbs: [steal]}]":              "theft",
		"violations: [{rule: r, kind: invasion, verbs: [overrun/overran]}]": "principal",
		"kinds: [{kind: neutrality, pattern: '('}]":                         "line 1",
		"parties: [{rule: r, role: friend, verbs: [sign]}]":                 "friend",
		"commitment: []": "commitment",
	} {
		if _, err := readFrames([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("reading %q gave %v, want an error that says %q", data, err, want)
		}
	}
}

func TestConjugate(t *testing.T) {
	tests := map[string]string{
		"annex": "annex annexes annexed annexing", "invade": "invade invades invaded invading",
		"occupy": "occupy occupies occupied occupying", "deploy": "deploy deploys deployed deploying",
		"commit": "commit commits committed committing", "break/broke/broken/breaking": "break breaks broke broken breaking",
	}
	for verb, want := range tests {
		forms, err := conjugate(verb)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.Fields(want) {
			if _, ok := forms[word]; !ok {
				t.Errorf("conjugate(%q) = %v, lacks %q", verb, forms, word)
			}
		}
		if len(forms) != len(strings.Fields(want)) {
			t.Errorf("conjugate(%q) = %v, want %q", verb, forms, want)
		}
	}
}

func TestReadTerritoriesRefuses(t *testing.T) {
	twice := "- {id: state:FRA, name: France, places: [Alsace]}\n- {id: state:DEU, name: Germany, places: [Alsace]}"
	if _, err := readTerritories([]byte(twice)); err == nil || !strings.Contains(err.Error(), "Alsace") {
		t.Errorf("a place of two states gave %v", err)
	}
}
