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
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"plain":             {"Peru signed. Chile did not.", []string{"Peru signed.", "Chile did not."}},
		"hard wrapped":      {"Peru signed the\nTreaty of Lima. Chile\ndid not.", []string{"Peru signed the\nTreaty of Lima.", "Chile\ndid not."}},
		"blank line":        {"A heading\n\nPeru signed.", []string{"A heading", "Peru signed."}},
		"abbreviations":     {"Mr. Briand met Gen. Smuts of the U.S. Army under Art. 4 of it. He left.", []string{"Mr. Briand met Gen. Smuts of the U.S. Army under Art. 4 of it.", "He left."}},
		"country at end":    {"It was sent to the U.S. The treaty lapsed.", []string{"It was sent to the U.S.", "The treaty lapsed."}},
		"initials":          {"S. M. Bruce wrote. J. Doe read.", []string{"S. M. Bruce wrote.", "J. Doe read."}},
		"numbered":          {"10.\tPeru signed.\n11.\tChile did not.", []string{"10.\tPeru signed.", "11.\tChile did not."}},
		"list":              {"The parties undertake:\n- to consult;\n- to disarm.", []string{"The parties undertake:", "- to consult;", "- to disarm."}},
		"letters":           {"They undertake:\na)To consult;\nb)To disarm.", []string{"They undertake:", "a)To consult;", "b)To disarm."}},
		"question in quote": {"“Is it war?” he asked. It was.", []string{"“Is it war?” he asked.", "It was."}},
		"page number":       {"Peru signed.\n23\nChile did not.", []string{"Peru signed.", "23", "Chile did not."}},
		"empty":             {" \n\n\t", nil},
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
