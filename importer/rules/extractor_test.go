package rules

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pacta/importer"
)

const testActors = `Chile
Peru
Bolivia
Paraguay
Argentina
Brazil
Union of the Andes
Chilean = Chile, demonym
Peruvian = Peru, demonym
Bolivian = Bolivia, demonym
Santiago = Chile, capital
We = Brazil, pronoun
we = Brazil, pronoun`

const testInstruments = `Lima Pact
Treaty of Callao
Arica Ceasefire Agreement
Santiago Memorandum
the memorandum = Santiago Memorandum, description
this Treaty = Treaty of Callao, description`

func extract(t testing.TB, text string) (*importer.Claims, map[string]int) {
	t.Helper()
	x, err := New(newGazetteer(testActors, testInstruments))
	if err != nil {
		t.Fatal(err)
	}
	claims, refused, err := x.Extract(context.Background(), &importer.Document{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return claims, refused
}

// facts writes violations as "doer kind victim", followed by what they broke.
func facts(c *importer.Claims) []string {
	var out []string
	for _, v := range c.Violations {
		fact := strings.TrimSpace(strings.Join(v.Perpetrator, "+") + " " + v.Kind + " " + strings.Join(v.Victim, "+"))
		if len(v.Breaches) > 0 {
			fact += " breaks " + strings.Join(v.Breaches, "+")
		}
		out = append(out, fact)
	}
	slices.Sort(out)
	return out
}

func TestViolations(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"active", "Chile annexed Peruvian territory in 1883.", []string{"Chile annexation Peru"}},
		{"passive", "Peru was invaded by Chile in 1880.", []string{"Chile invasion Peru"}},
		{"nominal", "The annexation of Bolivia by Chile was never accepted.", []string{"Chile annexation Bolivia"}},
		{"possessive", "Chile’s brutal and illegal invasion of Peru shocked the world.", []string{"Chile invasion Peru"}},
		{"demonym", "Since then the Chilean occupation of Bolivia has gone on.", []string{"Chile occupation Bolivia"}},
		{"troops", "Chilean troops attacked Peruvian towns.", []string{"Chile armed-attack Peru"}},
		{"light verb", "In 1879 Chile launched an attack on Bolivia.", []string{"Chile armed-attack Bolivia"}},
		{"coordinated verbs", "Chile annexed Bolivia and later invaded Peru.", []string{"Chile annexation Bolivia", "Chile invasion Peru"}},
		{"list of doers", "Argentina, Brazil and Chile attacked Paraguay.", []string{"Argentina+Brazil+Chile armed-attack Paraguay"}},
		{"parenthesis", "In 1880, Chile, one of the guarantors, invaded Peru.", []string{"Chile invasion Peru"}},
		{"began to", "Chile began to shell Peruvian ports and cities.", []string{"Chile armed-attack Peru"}},
		{"breach with gerund", "Chile breached the Lima Pact by annexing Bolivia.", []string{"Chile annexation Bolivia breaks lima-pact"}},
		{"in violation of", "Chile invaded Peru in violation of the Lima Pact.", []string{"Chile invasion Peru breaks lima-pact"}},
		{"breach alone", "Chile violated the Lima Pact.", []string{"Chile other breaks lima-pact"}},
		{"ceasefire", "Peru has repeatedly violated the Arica Ceasefire Agreement.", []string{"Peru ceasefire-violation breaks arica-ceasefire-agreement"}},
		{"withdrawal", "Peru withdrew from the Treaty of Callao in 1902.", []string{"Peru withdrawal breaks treaty-of-callao"}},
		{"failed to", "Brazil failed to protect Paraguay.", []string{"Brazil non-performance Paraguay"}},
		{"threat", "Chile threatened to invade Peru.", []string{"Chile threat Peru"}},
		{"said twice", "Chile annexed Bolivia in 1880. The Chilean annexation of Bolivia was condemned.", []string{"Chile annexation Bolivia"}},
		{"general gives way", "Chile invaded Peru. This Chilean aggression against Peru must end.", []string{"Chile invasion Peru"}},
		{"territory", "Chile occupied parts of Corfu.", []string{"Chile occupation Greece"}},
		{"territory's", "Corfu’s annexation by Chile followed.", []string{"Chile annexation Greece"}},
		{"under", "Much Peruvian territory is under Chilean occupation.", []string{"Chile occupation Peru"}},
		{"event as subject", "Chile annexed Bolivia in 1880. The annexation of Bolivia violated the Lima Pact.", []string{"Chile annexation Bolivia breaks lima-pact"}},
		{"with companions in a list", "Allies like Chile, Peru, and others attacked Bolivia.", []string{"Chile+Peru armed-attack Bolivia"}},
		{"pronoun", "Brazil was at peace until it attacked Peru.", []string{"Brazil armed-attack Peru"}},
		{"doubtful pronoun", "Chile and Peru declared war on Brazil after it invaded Bolivia.", []string{"Brazil invasion Bolivia"}},
		{"ambiguous pronoun", "Chile broke with Peru after it invaded Bolivia.", nil},
		{"other's subject", "The rebels in Chile attacked Peru.", nil},
		{"object is no subject", "The war against Chile destroyed Peru.", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			claims, _ := extract(t, tt.text)
			if got := facts(claims); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s\ngot  %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestWhatDidNotHappen(t *testing.T) {
	tests := []struct{ reason, text string }{
		{"hypothetical", "If Chile invades Peru, the Union of the Andes will answer."},
		{"hypothetical", "Chile could invade Peru."},
		{"hypothetical", "A Chilean attack on Peru would be a disaster, should it come; Chile might attack Peru."},
		{"hypothetical", "The pact should deter another Chilean invasion of Peru."},
		{"denied", "Chile did not violate the Lima Pact."},
		{"denied", "Chile has never invaded Peru."},
		{"denied", "It is not true that Chile invaded Peru."},
		{"feared", "Some Peruvians believe that Chile attacked Bolivia."},
		{"denied", "Chile denied that it had attacked Peru, and denied that Chile invaded Bolivia."},
		{"question", "Has Chile violated the Lima Pact?"},
		{"recommended", "Chile must annex Bolivia, the generals wrote."},
		{"feared", "Peru feared that Chile invaded Bolivia."},
		{"purpose", "Chile wanted to invade Peru."},
	}
	for _, tt := range tests {
		claims, refused := extract(t, tt.text)
		if len(claims.Violations) > 0 {
			t.Errorf("%s: got violations %q", tt.text, facts(claims))
		}
		if refused[tt.reason] == 0 {
			t.Errorf("%s: refused %v, want a %q", tt.text, refused, tt.reason)
		}
	}
}

// promises writes obligations as "bearer kind beneficiary under instrument, status".
func promises(c *importer.Claims) []string {
	var out []string
	for _, o := range c.Obligations {
		out = append(out, fmt.Sprintf("%s %s %s under %s, %s", strings.Join(o.Bearer, "+"), o.Kind, strings.Join(o.Beneficiary, "+"), o.Instrument, o.Status))
	}
	slices.Sort(out)
	return out
}

func TestObligations(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"agreed to", "In the Lima Pact, Chile, Peru and Brazil agreed to respect the independence of Bolivia.",
			[]string{"Chile+Peru+Brazil respect-sovereignty Bolivia under lima-pact, agreed"}},
		{"two kinds", "Under the Lima Pact Chile pledged to respect the borders of Bolivia and to refrain from the use of force.",
			[]string{"Chile non-aggression Bolivia under lima-pact, agreed", "Chile respect-sovereignty Bolivia under lima-pact, agreed"}},
		{"received from", "The Santiago Memorandum followed. Bolivia received assurances of sovereignty from major powers, including Chile and Brazil.",
			[]string{"Chile+Brazil respect-sovereignty Bolivia under santiago-memorandum, agreed"}},
		{"gave up arms", "In exchange for the Santiago Memorandum, Bolivia surrendered its nuclear weapons.",
			[]string{"Bolivia disarmament  under santiago-memorandum, agreed"}},
		{"urged", "Brazil urged Chile to withdraw its troops from Bolivia.",
			[]string{"Chile respect-sovereignty Bolivia under , proposed"}},
		{"we will", "We will send weapons and training to Bolivia.", []string{"Brazil assistance Bolivia under , agreed"}},
		{"condition", "If Bolivia is attacked, Chile undertakes to come to the aid of Bolivia.",
			[]string{"Chile mutual-defense Bolivia under , agreed"}},
		{"signed a ceasefire", "Chile and Peru signed the Arica Ceasefire Agreement.",
			[]string{"Chile+Peru ceasefire  under arica-ceasefire-agreement, agreed"}},
		{"hypothetical", "Chile might agree to respect the borders of Bolivia.", nil},
		{"negated", "Chile never agreed to respect the borders of Bolivia.", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			claims, _ := extract(t, tt.text)
			if got := promises(claims); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s\ngot  %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

const testTreaty = `TREATY OF CALLAO

The Governments of Chile, Peru and Bolivia have agreed on this Treaty of Callao:

Article 1

The Parties undertake to settle their disputes by peaceful means.

Article 2

1. Chile hereby undertakes:

(a) to refrain from the threat or use of force;

(b) to respect the territorial integrity of Bolivia.

2. The other parties to this Treaty undertake to consult together.

Article 3

This Treaty shall be ratified by the Parties. The Parties shall deposit the instruments in Lima.`

func TestTreaty(t *testing.T) {
	claims, _ := extract(t, strings.ReplaceAll(testTreaty, "TREATY OF CALLAO", "Treaty of Callao"))
	want := []string{
		"Chile non-aggression  under treaty-of-callao, agreed",
		"Chile respect-sovereignty Bolivia under treaty-of-callao, agreed",
		"Chile+Peru+Bolivia other  under treaty-of-callao, agreed",
		"Peru+Bolivia consultation  under treaty-of-callao, agreed",
	}
	if got := promises(claims); !reflect.DeepEqual(got, want) {
		t.Errorf("obligations\ngot  %q\nwant %q", got, want)
	}
	if got, want := roles(claims), []string{"Bolivia signatory treaty-of-callao", "Chile signatory treaty-of-callao", "Peru signatory treaty-of-callao"}; !reflect.DeepEqual(got, want) {
		t.Errorf("parties %q, want %q", got, want)
	}
}

func roles(c *importer.Claims) []string {
	var out []string
	for _, p := range c.Parties {
		out = append(out, p.Actor+" "+p.Role+" "+p.Instrument)
	}
	slices.Sort(out)
	return out
}

func TestParties(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"Chile and Peru signed the Lima Pact.", []string{"Chile signatory lima-pact", "Peru signatory lima-pact"}},
		{"The Lima Pact, signed by Chile, was short.", []string{"Chile signatory lima-pact"}},
		{"The Lima Pact was a treaty between Chile and Peru.", []string{"Chile signatory lima-pact", "Peru signatory lima-pact"}},
		{"The guarantors of the Lima Pact, Brazil and Chile, met.", []string{"Brazil guarantor lima-pact", "Chile guarantor lima-pact"}},
		{"Brazil brokered the Arica Ceasefire Agreement.", []string{"Brazil mediator arica-ceasefire-agreement"}},
		{"Chile never signed the Lima Pact.", nil},
		{"Chile would sign the Lima Pact.", nil},
	}
	for _, tt := range tests {
		claims, _ := extract(t, tt.text)
		if got := roles(claims); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s\ngot  %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

func TestResponses(t *testing.T) {
	claims, _ := extract(t, "Chile annexed Bolivia. Brazil condemned the Chilean annexation of Bolivia and imposed sanctions against Chile.")
	var got []string
	for _, r := range claims.Responses {
		got = append(got, r.Actor+" "+r.Kind+" "+r.Violation)
	}
	if want := []string{"Brazil protest v1", "Brazil sanctions v1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// checkLaw reports claims whose quote does not stand at its offsets.
func checkLaw(t testing.TB, text string, c *importer.Claims) {
	t.Helper()
	check := func(evidence []importer.Evidence) {
		if len(evidence) == 0 {
			t.Errorf("a claim without evidence in %q", text)
		}
		for _, e := range evidence {
			if e.Start < 0 || e.End > len(text) || e.Start >= e.End || text[e.Start:e.End] != e.Quote {
				t.Errorf("quote %q does not stand at %d to %d", e.Quote, e.Start, e.End)
			}
			if e.Rule == "" || e.Extractor != "rules" || e.Confidence <= 0 || e.Confidence > 1 || len(e.Quote) > longestQuote {
				t.Errorf("evidence %+v lacks its rule, extractor or confidence, or is too long", e)
			}
		}
	}
	for _, f := range c.Instruments {
		check(f.Evidence)
	}
	for _, f := range c.Parties {
		check(f.Evidence)
	}
	for _, f := range c.Obligations {
		check(f.Evidence)
	}
	for _, f := range c.Violations {
		check(f.Evidence)
	}
	for _, f := range c.Responses {
		check(f.Evidence)
	}
}

func FuzzExtract(f *testing.F) {
	for _, seed := range []string{
		testTreaty, "Chile’s — and Peru's — Lima Pact; (by annexing Bolivia), ", "We will. If Chile, \x00 Peru and",
		strings.Repeat("Chile and Peru, having invaded Bolivia in breach of the Lima Pact, ", 9),
	} {
		f.Add(seed)
	}
	x, err := New(newGazetteer(testActors, testInstruments))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		d := &importer.Document{Text: text}
		first, refused, err := x.Extract(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		checkLaw(t, text, first)
		again, refusedAgain, _ := x.Extract(context.Background(), d)
		if !reflect.DeepEqual(first, again) || !reflect.DeepEqual(refused, refusedAgain) {
			t.Errorf("two readings of %q differ", text)
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	text := strings.Repeat("In 1880 Chile invaded Peru in violation of the Treaty of Ancon, which the guarantors had signed a year before.\n\nThe weather was fine and nobody thought of war at all in those days.\n\n", 200)
	x := withLexicon(b)
	for b.Loop() {
		if _, _, err := x.Extract(context.Background(), &importer.Document{Text: text}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(strings.Fields(text))*b.N)/b.Elapsed().Seconds(), "words/s")
}
