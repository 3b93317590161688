package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("signed many pacts ", 20))
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"plain":                       {"Peru signed. Chile did not.", []string{"Peru signed.", "Chile did not."}},
		"hard wrapped":                {"Peru signed the\nTreaty of Lima. Chile\ndid not.", []string{"Peru signed the\nTreaty of Lima.", "Chile\ndid not."}},
		"blank line":                  {"A heading\n\nPeru signed.", []string{"A heading", "Peru signed."}},
		"abbreviations":               {"Mr. Briand met Gen. Smuts of the U.S. Army under Art. 4 of it. He left.", []string{"Mr. Briand met Gen. Smuts of the U.S. Army under Art. 4 of it.", "He left."}},
		"country at end":              {"It was sent to the U.S. The treaty lapsed.", []string{"It was sent to the U.S.", "The treaty lapsed."}},
		"initials":                    {"S. M. Bruce wrote. J. Doe read.", []string{"S. M. Bruce wrote.", "J. Doe read."}},
		"numbered":                    {"10.\tPeru signed.\n11.\tChile did not.", []string{"10.\tPeru signed.", "11.\tChile did not."}},
		"list":                        {"The parties undertake:\n- to consult;\n- to disarm.", []string{"The parties undertake:", "- to consult;", "- to disarm."}},
		"letters":                     {"They undertake:\na)To consult;\nb)To disarm.", []string{"They undertake:", "a)To consult;", "b)To disarm."}},
		"question in quote":           {"“Is it war?” he asked. It was.", []string{"“Is it war?” he asked.", "It was."}},
		"page number":                 {"Peru signed.\n23\nChile did not.", []string{"Peru signed.", "23", "Chile did not."}},
		"initials of a name":          {"It was J.D. Vance of the U.S. Senate. He left.", []string{"It was J.D. Vance of the U.S. Senate.", "He left."}},
		"quoted abbreviation":         {"The “U.S.” Army left the “U.S.” The end.", []string{"The “U.S.” Army left the “U.S.”", "The end."}},
		"number or answer":            {"Is it No. 3 or No. IV of Jan. 5? No. It is not.", []string{"Is it No. 3 or No. IV of Jan. 5?", "No.", "It is not."}},
		"letter at end":               {"They signed Annex A. The rest did not.", []string{"They signed Annex A.", "The rest did not."}},
		"company":                     {"Arms Inc. Europe sold to Arms Co. The price fell.", []string{"Arms Inc. Europe sold to Arms Co.", "The price fell."}},
		"footnote in brackets":        {"Peru signed.[1][2] Chile did not.[note 3]", []string{"Peru signed.[1][2]", "Chile did not.[note 3]"}},
		"footnote":                    {"Peru signed.12 Chile did not. 13\nBolivia left.", []string{"Peru signed.12", "Chile did not.", "13\nBolivia left."}},
		"lost space":                  {"All signed in 1994.They left it later.Mr.Smith stayed.", []string{"All signed in 1994.", "They left it later.", "Mr.Smith stayed."}},
		"a line begins with a number": {"The Council adopted resolution\n353. Peru left the\nU.S. Navy.", []string{"The Council adopted resolution\n353.", "Peru left the\nU.S. Navy."}},
		"a line begins with a dash":   {"They broke the pact\n— and the peace.", []string{"They broke the pact\n— and the peace."}},
		"heading in wrapped text":     {"Peru left.\nThe pact\nThe treaty of friendship of the two states of the south has\nended.", []string{"Peru left.", "The pact", "The treaty of friendship of the two states of the south has\nended."}},
		"lines that are not wrapped":  {"The pact\nPeru " + long + " and\nleft it\nChile " + long, []string{"The pact", "Peru " + long + " and\nleft it", "Chile " + long}},
		"drawn line":                  {"The pact\n=====\nPeru signed.", []string{"The pact", "=====", "Peru signed."}},
		"windows line ends":           {"Peru signed the\r\npact.\r\n\r\nChile did not.", []string{"Peru signed the\r\npact.", "Chile did not."}},
		"empty":                       {" \n\n\t", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := &Document{Text: test.text}
			var got []string
			for _, s := range Sentences(d) {
				got = append(got, s.Text(d))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSentencesOfALongTextWithoutStops(t *testing.T) {
	d := &Document{Text: strings.Repeat("word ", 200_000)}
	for _, s := range Sentences(d) {
		if s.End-s.Start > maxSentence {
			t.Fatalf("a sentence of %d bytes", s.End-s.Start)
		}
	}
	checkSentences(t, d)
}

// checkSentences holds the law of Sentences.
func checkSentences(t *testing.T, d *Document) {
	t.Helper()
	at := 0
	for _, s := range Sentences(d) {
		if s.Start < at || s.End <= s.Start || s.End > len(d.Text) {
			t.Fatalf("span %v after %d in %d bytes", s.Span, at, len(d.Text))
		}
		if strings.TrimSpace(d.Text[at:s.Start]) != "" {
			t.Fatalf("%q is in no sentence", d.Text[at:s.Start])
		}
		if text := s.Text(d); strings.TrimSpace(text) != text || !utf8.ValidString(text) {
			t.Fatalf("sentence %q is not trimmed or not whole runes", text)
		}
		at = s.End
	}
	if rest := d.Text[at:]; strings.TrimFunc(rest, unicode.IsSpace) != "" {
		t.Fatalf("%q is in no sentence", rest)
	}
}

func FuzzSentences(f *testing.F) {
	for _, seed := range []string{"", "A. B.\nc", "1.\tX.\n\n- Y\u0085Z", "“Q?” U.S. The\r\n# H\nx", "\u2028.\u00a0A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("a document's text is valid UTF-8")
		}
		checkSentences(t, &Document{Text: text})
	})
}

// sharedDocuments are the project's real documents, which a user's clone does
// not have.
func sharedDocuments(tb testing.TB) []string {
	tb.Helper()
	files, _ := filepath.Glob("../../shared/documents/*.txt")
	if len(files) == 0 {
		if os.Getenv("CI") != "" {
			tb.Fatal("../../shared/documents is missing")
		}
		tb.Skip("the shared documents are not beside this checkout")
	}
	return files
}

func TestSentencesOfRealDocuments(t *testing.T) {
	for _, file := range sharedDocuments(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkSentences(t, &Document{Text: string(text)})
	}
}
