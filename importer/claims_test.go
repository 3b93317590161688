package importer

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pacta/graph"
	"pacta/importer/lexicon"
)

const limaText = "Chile and Peru signed the Treaty of Lima in 1905. Chile invaded Peru in 1911, in violation of the Treaty of Lima."

const limaClaims = `{"document": "lima.txt",
 "instruments": [{"id": "lima", "name": "Treaty of Lima", "kind": "treaty", "date": "1905", "status": "agreed", "quote": "the Treaty of Lima in 1905"}],
 "parties": [{"instrument": "lima", "actor": "Chile", "role": "signatory", "quote": "Chile and Peru signed"}],
 "obligations": [{"id": "o1", "instrument": "lima", "bearer": ["Chile", "Peru"], "beneficiary": ["Chile", "Peru"], "kind": "non-aggression", "status": "agreed", "condition": null, "quote": "signed the Treaty of Lima"}],
 "violations": [{"id": "v1", "perpetrator": "Chile", "victim": ["Republic of Peru"], "kind": "invasion", "date": "1911", "breaches": ["lima", "#o1"], "quote": "Chile invaded Peru in 1911"}],
 "responses": [{"violation": "v1", "actor": "Ruritania", "kind": "protest", "quote": "in violation of"}]}`

func readOne(t testing.TB, text string) *Claims {
	t.Helper()
	var claims *Claims
	if err := ReadClaims(strings.NewReader(text), func(c *Claims) error { claims = c; return nil }); err != nil {
		t.Fatal(err)
	}
	return claims
}

func defaultLexicon(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func TestResolveMakesAtomicFacts(t *testing.T) {
	d := &Document{URI: "lima.txt", SHA256: digest([]byte(limaText)), Text: limaText}
	batch, err := Resolve(readOne(t, limaClaims), d, "hand", defaultLexicon(t))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, a := range batch.Actors {
		ids = append(ids, a.ID)
	}
	for _, o := range batch.Obligations {
		ids = append(ids, o.ID()+" to "+strings.Join(o.Beneficiaries, ","))
	}
	for _, v := range batch.Violations {
		ids = append(ids, v.ID())
	}
	for _, b := range batch.Breaches {
		ids = append(ids, "breaks "+b.Instrument+b.Obligation)
	}
	want := []string{
		"state:CHL", "state:PER", "group:ruritania",
		"lima.non-aggression.CHL to state:PER", "lima.non-aggression.PER to state:CHL",
		"violation:CHL.invasion.PER.1911", "breaks lima", "breaks lima.non-aggression.CHL",
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}

	// The law of the format: what is written reads back as the same batch.
	var written bytes.Buffer
	if err := WriteClaims(&written, ClaimsOf(batch)); err != nil {
		t.Fatal(err)
	}
	again, err := Resolve(readOne(t, written.String()), d, "hand", defaultLexicon(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(batch, again); diff != "" {
		t.Error(diff)
	}
}

func TestGenericInstrumentsOfTwoDocumentsStayApart(t *testing.T) {
	ids := map[string]bool{}
	for _, text := range []string{"The peace treaty held.", "The peace treaty was broken."} {
		d := &Document{URI: "a.txt", SHA256: digest([]byte(text)), Text: text}
		batch, err := Resolve(readOne(t, `{"document": "a.txt", "instruments": [
			{"id": "peace-treaty", "name": "peace treaty", "kind": "treaty", "status": "agreed", "quote": "peace treaty"}]}`), d, "hand", defaultLexicon(t))
		if err != nil {
			t.Fatal(err)
		}
		ids[batch.Instruments[0].ID] = true
	}
	if len(ids) != 2 || ids["peace-treaty"] {
		t.Errorf("ids %v", ids)
	}
}

func TestResolveNamesEveryMistake(t *testing.T) {
	d := &Document{URI: "lima.txt", SHA256: digest([]byte(limaText)), Text: limaText}
	for replaced, says := range map[string]string{
		`"quote": "Chile and Peru signed"|"quote": "Chile and Bolivia signed"`: `party Chile of lima: quote "Chile and Bolivia signed" is not in the document`,
		`"kind": "invasion"|"kind": "rudeness"`:                                `unknown kind "rudeness"`,
		`"breaches": ["lima", |"breaches": ["nothing", `:                       `violation v1: refers to instrument "nothing"`,
		`"#o1"|"#o9"`:                         `refers to obligation "#o9"`,
		`"violation": "v1"|"violation": "v7"`: `refers to violation "v7"`,
		`"role": "signatory"|"role": "king"`:  `unknown role "king"`,
		`"date": "1911"|"date": "soon"`:       `date "soon"`,
	} {
		from, to, _ := strings.Cut(replaced, "|")
		_, err := Resolve(readOne(t, strings.Replace(limaClaims, from, to, 1)), d, "hand", defaultLexicon(t))
		if !errors.Is(err, graph.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", to, err, says)
		}
	}
}

func TestReadClaimsRefuses(t *testing.T) {
	for text, says := range map[string]string{
		`{"document": "a.txt", "instrumnets": []}`: "instrumnets",
		`{"document": "a.txt"} {`:                  "claims object 2",
		`[1, 2]`:                                   "claims object 1",
		`{"document": 7}`:                          "claims object 1",
		`{"document": "a", "violations": [{"victim": [7]}]}`: "claims object 1",
	} {
		err := ReadClaims(strings.NewReader(text), func(*Claims) error { return nil })
		if !errors.Is(err, graph.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// TestGoldResolvesAsItIs reads the annotations of the shared documents.
func TestGoldResolvesAsItIs(t *testing.T) {
	sharedDocuments(t)
	files, err := filepath.Glob("../../shared/gold/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no annotations", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		claims := readOne(t, string(data))
		d, err := findDocument(claims.Document.URI, file(name), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Resolve(claims, d, "gold", defaultLexicon(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzClaims(f *testing.F) {
	f.Add(limaClaims)
	f.Add(`{"document": {"uri": "x"}, "actors": [{"id": "state:CHL", "name": "Chile", "kind": "state"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		d := &Document{URI: "lima.txt", SHA256: digest([]byte(limaText)), Text: limaText}
		_ = ReadClaims(strings.NewReader(text), func(c *Claims) error {
			batch, err := Resolve(c, d, "hand", defaultLexicon(t))
			if err != nil {
				return err
			}
			again, err := Resolve(ClaimsOf(batch), d, "hand", defaultLexicon(t))
			if err != nil {
				t.Fatalf("what was written is refused: %v", err)
			}
			if diff := cmp.Diff(batch, again); diff != "" {
				t.Fatalf("what was written reads as something else\n%s", diff)
			}
			return nil
		})
	})
}
