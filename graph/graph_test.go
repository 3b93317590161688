package graph

import (
	"errors"
	"slices"
	"testing"
)

func TestDates(t *testing.T) {
	for _, bad := range []string{"soon", "1994-13", "1994-02-30", "94", "1994-1-1"} {
		if _, err := ParseDate(bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for date, want := range map[Date][2]string{
		"1994": {"1994-01-01", "1994-12-31"}, "1996-02": {"1996-02-01", "1996-02-29"}, "1994-12-05": {"1994-12-05", "1994-12-05"},
	} {
		if got := [2]string{date.First(), date.Last()}; got != want {
			t.Errorf("%s: %v", date, got)
		}
	}
	if Date("1994").Before("1994-05") || !Date("1994-04").Before("1994-05") || Date("").Before("1994") {
		t.Error("Before is not certain precedence")
	}
}

func TestSlugs(t *testing.T) {
	for name, want := range map[string]string{
		"Budapest Memorandum": "budapest-memorandum", "U.S.–Japan Security Treaty (1960)": "us-japan-security-treaty-1960",
		"Côte d’Ivoire": "cote-divoire", "Договор": "", "  Minsk  II ": "minsk-ii", "Ångström’s": "angstroms",
	} {
		if got := Slug(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestIDs(t *testing.T) {
	for got, want := range map[string]string{
		ObligationID("budapest-memorandum", RespectSovereignty, "state:RUS", nil):    "budapest-memorandum.respect-sovereignty.RUS",
		ObligationID("", Assistance, "state:USA", []string{"state:UKR", "org:nato"}): "promise.assistance.USA.UKR~org-nato",
		ObligationID("final-act", NonAggression, "", nil):                            "final-act.non-aggression.-",
		ViolationID("state:RUS", Annexation, "state:UKR", "2014-03"):                 "violation:RUS.annexation.UKR.2014",
		ViolationID("state:USA", Withdrawal, "", ""):                                 "violation:USA.withdrawal.-",
		PassageID("doc:ab", 3, 17):                                                   "passage:ab:3-17",
		groupOf(ViolationID("state:RUS", Annexation, "state:UKR", "2014")):           "violation:RUS.annexation.UKR",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestTablesUseTheVocabulary lints the tables that are data.
func TestTablesUseTheVocabulary(t *testing.T) {
	seen := map[ViolationKind]bool{}
	for _, r := range BreachRules {
		if !ViolationKinds.Has(r.Violation) || seen[r.Violation] {
			t.Errorf("breach rule of %q", r.Violation)
		}
		seen[r.Violation] = true
		for _, kind := range r.Breaks {
			if !ObligationKinds.Has(kind) {
				t.Errorf("%s breaks %q", r.Violation, kind)
			}
		}
	}
	if len(seen) != len(ViolationKinds) {
		t.Errorf("%d rules for %d kinds of violation", len(seen), len(ViolationKinds))
	}
	for _, r := range EdgeRules {
		for _, label := range append(slices.Clone(r.From), r.To...) {
			if !Labels.Has(label) {
				t.Errorf("%s joins %q", r.Type, label)
			}
		}
	}
	for _, q := range Questions {
		for _, parameter := range q.Takes {
			if !ParameterMeanings.Has(parameter) {
				t.Errorf("%s takes %q", q.Name, parameter)
			}
		}
		for _, needed := range q.Needs {
			if !slices.Contains(q.Takes, needed) {
				t.Errorf("%s needs %q and does not take it", q.Name, needed)
			}
		}
	}
}

func TestQuestionsRefuseWhatTheyDoNotTake(t *testing.T) {
	if _, err := QuestionNamed("who-won"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	promises, err := QuestionNamed("promises")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []Arguments{{OfKind: "kindness"}, {About: "x"}, {AsOfDay: "soon"}} {
		if _, err := promises.Patterns(a); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", a, err)
		}
	}
	for _, q := range Questions {
		if len(q.Needs) > 0 {
			if _, err := q.Patterns(nil); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s without what it needs: %v", q.Name, err)
			}
		}
	}
}

func TestSearchWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Budapest Memorandum": {"budapest", "memorandum"}, `"OR*" NEAR(x)`: {"or", "near", "x"}, "l’Élysée, 1963": {"l", "élysée", "1963"},
		"e\u0301lan": {"elan"}, "हिन्दी 日本": {"हिन्दी", "日本"}, " -*: ": {}, "\u0903": {},
	} {
		if got := SearchWords(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
