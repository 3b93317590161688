package eval

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pacta/importer"
)

func TestNormal(t *testing.T) {
	tests := []struct{ name, want string }{
		{"The United States’s", "united states"},
		{"  Türkiye ", "turkiye"},
		{"An “Article 5-like” Pact", "article 5 like pact"},
		{"Côte d'Ivoire", "cote d ivoire"},
		{"the", "the"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := normal(tt.name); got != tt.want {
			t.Errorf("normal(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestActorAliases(t *testing.T) {
	for name, want := range map[string]string{
		"USSR": "soviet union", "NATO allies": "nato", "Türkiye": "turkey", "Peru": "peru",
		"United Kingdom of Great Britain and Northern Ireland": "united kingdom",
	} {
		if got := actor(name); got != want {
			t.Errorf("actor(%q) = %q, want %q", name, got, want)
		}
	}
}

const goldPact = `{"document": "pact.txt",
 "instruments": [{"id": "lima-pact", "names": ["Lima Pact", "the Pact"], "quote": "the Lima Pact"},
                 {"id": "annex", "names": ["Technical Annex"], "optional": true, "quote": "annex"}],
 "parties": [{"instrument": "lima-pact", "actor": "Peru", "role": "signatory", "quote": "Peru signed"},
             {"instrument": "lima-pact", "actor": "Chile", "role": "signatory", "quote": "Chile signed"}],
 "obligations": [{"id": "o1", "instrument": "lima-pact", "bearer": ["Peru", "Chile"], "beneficiary": ["Bolivia"],
                  "kind": "consultation", "status": "agreed", "quote": "shall consult"}],
 "violations": [{"id": "v1", "perpetrator": "Chile", "victim": [], "kind": "non-performance", "breaches": ["lima-pact"], "quote": "Chile did not"}],
 "responses": []}`

const predictedPact = `{"document": {"uri": "pact.txt"},
 "instruments": [{"id": "i7", "names": ["the Pact of Lima", "Lima Pact"], "evidence": [{"quote": "Lima\n Pact"}]},
                 {"id": "i8", "names": ["Callao Convention"], "evidence": [{"quote": "not there"}]}],
 "parties": [{"instrument": "i7", "actor": "Peru", "role": "signatory", "evidence": [{"quote": "Peru signed"}]}],
 "obligations": [{"id": "x", "instrument": "i7", "bearer": ["Peru"], "beneficiary": ["Bolivia", "Brazil"], "kind": "consultation", "evidence": [{"quote": "shall consult"}]}],
 "violations": [{"id": "y", "perpetrator": ["Chile"], "victim": ["Peru"], "kind": "non-performance", "breaches": ["i7"], "evidence": [{"quote": "Chile did not"}]}],
 "responses": []}`

func TestScore(t *testing.T) {
	pair := Pair{
		Name: "pact", Gold: mustParse(t, goldPact), Predicted: mustParse(t, predictedPact),
		Text: "In the Lima Pact, which Peru signed, both shall consult. Chile did not.",
	}
	report := Score([]Pair{pair})
	want := map[Type]Counts{
		Instruments:   {Hit: 1},
		Parties:       {Hit: 1, Missed: 1},
		Obligations:   {Hit: 1, Missed: 1},
		Violations:    {Missed: 1, Wrong: 1},
		Breaches:      {Hit: 1},
		Beneficiaries: {Hit: 1, Wrong: 1},
		Responses:     {},
	}
	for _, typ := range Types {
		if got := report.Types[typ]; got != want[typ] {
			t.Errorf("%s = %+v, want %+v", typ, got, want[typ])
		}
	}
	if got := report.Each[0].Dropped; got != 1 {
		t.Errorf("dropped %d facts, want 1, the Callao Convention", got)
	}
	if got, want := report.Overall, (Counts{Hit: 4, Missed: 3, Wrong: 1}); got != want {
		t.Errorf("overall = %+v, want %+v", got, want)
	}
}

func TestReadGoldRefuses(t *testing.T) {
	for content, want := range map[string]string{
		``: "no annotation", `{"instruments": 3}`: "instruments", goldPact + goldPact: "second annotation",
	} {
		path := filepath.Join(t.TempDir(), "bad.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadGold(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("reading %.20q gave %v, want an error that says %q", content, err, want)
		}
	}
	if _, err := ReadGold(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gave %v", err)
	}
}

// TestSameAsScript compares every figure with score.py, on pairs of real gold
// documents and copies of them with facts left out, renamed and added.
func TestSameAsScript(t *testing.T) {
	const shared = "../../../shared"
	golds, _ := filepath.Glob(shared + "/gold/*.json")
	if len(golds) == 0 {
		t.Skip("no gold documents at " + shared)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	args := []string{shared + "/eval/score.py", "--json"}
	var pairs []Pair
	for i, path := range golds {
		gold, err := ReadGold(path)
		if err != nil {
			t.Fatal(err)
		}
		spoilt := spoil(t, gold, i)
		data, err := json.Marshal(spoilt)
		if err != nil {
			t.Fatal(err)
		}
		predicted := filepath.Join(t.TempDir(), "predicted.json")
		if err := os.WriteFile(predicted, data, 0o600); err != nil {
			t.Fatal(err)
		}
		document := filepath.Join(shared, "documents", strings.TrimSuffix(filepath.Base(path), ".json")+".txt")
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, path, predicted, "--text", document)
		pairs = append(pairs, Pair{Name: path, Gold: gold, Predicted: spoilt, Text: strings.ToValidUTF8(string(text), "\uFFFD")})
	}
	out, err := exec.Command(python, args...).Output()
	if err != nil {
		t.Fatalf("score.py: %v", err)
	}
	lines := strings.SplitN(string(out), "\n{", 2) // notes on dropped facts come first
	var want map[string]struct {
		Figures
		Counts
	}
	if err := json.Unmarshal([]byte("{"+strings.TrimPrefix(lines[len(lines)-1], "{")), &want); err != nil {
		t.Fatalf("score.py wrote %q: %v", out, err)
	}

	report := Score(pairs)
	check := func(name string, f Figures, c Counts) {
		t.Helper()
		w := want[name]
		if c != w.Counts || !near(f.Precision, w.Precision) || !near(f.Recall, w.Recall) || !near(f.F1, w.F1) {
			t.Errorf("%s = %+v %+v, score.py has %+v %+v", name, f, c, w.Figures, w.Counts)
		}
	}
	for _, typ := range Types {
		check(string(typ), report.Types[typ].Figures(), report.Types[typ])
	}
	check("overall", report.Overall.Figures(), report.Overall)
	check("documents", report.Documents, Counts{})
}

// near allows for score.py's rounding to three decimals.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.00051 }

// spoil copies claims with every third fact of a list gone, actors and names
// changed here and there and quotes damaged.
func spoil(t *testing.T, c *importer.Claims, seed int) *importer.Claims {
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	out := mustParse(t, string(data))
	for i := range out.Instruments {
		out.Instruments[i].ID = "p-" + out.Instruments[i].ID
		if (i+seed)%3 == 0 {
			out.Instruments[i].Names = []string{"The " + out.Instruments[i].Names[0] + " itself"}
		}
		if (i+seed)%5 == 0 {
			out.Instruments[i].Evidence[0].Quote = "never said"
		}
	}
	for i := range out.Parties {
		out.Parties[i].Instrument = "p-" + out.Parties[i].Instrument
		if (i+seed)%4 == 0 {
			out.Parties[i].Actor = "Allies"
		}
	}
	for i := range out.Obligations {
		if out.Obligations[i].Instrument != "" {
			out.Obligations[i].Instrument = "p-" + out.Obligations[i].Instrument
		}
		if (i+seed)%3 == 0 {
			out.Obligations[i].Kind = "other"
			out.Obligations[i].Beneficiary = append(out.Obligations[i].Beneficiary, "the West")
		}
	}
	for i := range out.Violations {
		for j := range out.Violations[i].Breaches {
			out.Violations[i].Breaches[j] = "p-" + out.Violations[i].Breaches[j]
		}
		if (i+seed)%2 == 0 {
			out.Violations[i].Victim = nil
		}
	}
	if len(out.Obligations) > 2 {
		out.Obligations = out.Obligations[:len(out.Obligations)-2]
	}
	return out
}

func mustParse(t *testing.T, data string) *importer.Claims {
	t.Helper()
	path := filepath.Join(t.TempDir(), "claims.json")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	claims, err := ReadGold(path)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}
