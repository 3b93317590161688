package importer

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		uri, data string
		want      Document
	}{
		"plain text stays as it is": {"a.txt", "A title\n\nPeru’s  text.\n", Document{
			MediaType: "text/plain", Title: "A title", Text: "A title\n\nPeru’s  text.\n"}},
		"byte order mark": {"a.txt", "\xef\xbb\xbfPeru signed.", Document{MediaType: "text/plain", Title: "a.txt", Text: "Peru signed."}},
		"utf-16":          {"a.txt", "\xff\xfeP\x00e\x00r\x00u\x00.\x00", Document{MediaType: "text/plain", Title: "a.txt", Text: "Peru."}},
		"windows-1252":    {"a.txt", "Peru\x92s text.", Document{MediaType: "text/plain", Title: "a.txt", Text: "Peru’s text."}},
		"a date in the head": {"a.txt", "Published: 5 May 1990\n\nPeru.", Document{
			MediaType: "text/plain", Title: "Published: 5 May 1990", Published: "1990-05-05", Text: "Published: 5 May 1990\n\nPeru."}},
		"markdown": {"a.md", "---\ntitle: The pact\ndate: 1990-05-06\nauthor: Someone\n---\n# Lima\n\nPeru **signed** the [pact](http://x).\n\n- one\n- two\n", Document{
			MediaType: "text/markdown", Title: "The pact", Author: "Someone", Published: "1990-05-06", Text: "Lima\n\nPeru signed the pact.\n\none\n\ntwo",
			Sections: []Section{{Level: 1, Heading: "Lima", Span: Span{0, 37}}}}},
		"html": {"a.html", `<!doctype html><html lang="en"><head><title>Of rivers and pacts</title><style>p{}</style></head><body><script>Chile()</script><h2>Lima</h2><p>Peru signed&nbsp;the <b>pact</b>.</p><p>It held.</p></body></html>`, Document{
			MediaType: "text/html", Title: "Of rivers and pacts", Text: "Lima\n\nPeru signed the pact.\n\nIt held.", Sections: []Section{{Level: 2, Heading: "Lima", Span: Span{0, 37}}}}},
		"html by its bytes": {"stdin", "<!DOCTYPE html><p>Peru signed.</p>", Document{MediaType: "text/html", Title: "stdin", Text: "Peru signed."}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Parse(c.uri, []byte(c.data))
			if err != nil {
				t.Fatal(err)
			}
			c.want.URI, c.want.SHA256, c.want.Language = c.uri, d.SHA256, "en"
			if diff := cmp.Diff(&c.want, d); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseSkips(t *testing.T) {
	for name, c := range map[string]struct {
		uri, data string
		want      SkipReason
	}{
		"empty":                  {"a.txt", " \n", SkipEmpty},
		"rubbish":                {"a.txt", "\x00\x01\x02\xff\xfe\x00\x03", SkipBinary},
		"a picture":              {"a.txt", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", SkipBinary},
		"a PDF":                  {"a.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", SkipBinary},
		"HTML of scripts alone":  {"a.html", "<html><body><script>" + strings.Repeat("x();", 1000) + "</script></body></html>", SkipNoText},
		"text of control signs":  {"a.txt", strings.Repeat("\x01\x02", 50), SkipBinary},
		"markdown of HTML alone": {"a.md", "<script>x</script>", SkipNoText},
	} {
		_, err := Parse(c.uri, []byte(c.data))
		var skip *SkipError
		if !errors.As(err, &skip) || skip.Reason != c.want {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// endless is a text without end, as a 200 MB file is to a reader with a bound.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

func TestATextThatIsTooLargeIsNotReadToItsEnd(t *testing.T) {
	source := &endless{}
	_, err := Read("large.txt", source)
	var skip *SkipError
	if !errors.As(err, &skip) || skip.Reason != SkipTooLarge {
		t.Errorf("got %v", err)
	}
	if source.read > MaxDocumentBytes+MaxDocumentBytes/2 {
		t.Errorf("%d bytes were read", source.read)
	}
}

func TestDeeplyNestedHTML(t *testing.T) {
	d, err := Parse("deep.html", []byte(strings.Repeat("<div>", 100_000)+"<p>Peru signed.</p>"))
	if err != nil {
		var skip *SkipError
		if !errors.As(err, &skip) {
			t.Error(err)
		}
		return
	}
	if !strings.Contains(d.Text, "Peru signed.") {
		t.Errorf("text %.80q", d.Text)
	}
}

func FuzzParse(f *testing.F) {
	for _, uri := range []string{"a.txt", "a.md", "a.html", "a"} {
		for _, seed := range []string{"", "# H\n\ntext", "<h1>H</h1><p>text", "---\ntitle: x\n---\ny", "\xff\xfea\x00", "\x92"} {
			f.Add(uri, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, uri string, data []byte) {
		d, err := Parse(uri, data)
		if err != nil {
			var skip *SkipError
			if !errors.As(err, &skip) {
				t.Fatalf("an error that is no skip: %v", err)
			}
			return
		}
		if !utf8.ValidString(d.Text) || strings.TrimSpace(d.Text) == "" || d.Title == "" {
			t.Fatalf("text %q, title %q", d.Text, d.Title)
		}
		at := 0
		for _, s := range d.Sections {
			if s.Span.Start < at || s.Span.End < s.Span.Start || s.Span.End > len(d.Text) {
				t.Fatalf("section %+v of %d bytes", s, len(d.Text))
			}
			at = s.Span.Start
		}
		checkSentences(t, d)
	})
}
