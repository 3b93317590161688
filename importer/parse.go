package importer

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"

	"pacta/graph"
	"pacta/importer/html"
)

// MaxDocumentBytes is the size of the largest document that is read.
const MaxDocumentBytes = 64 << 20

// Read reads a document of at most MaxDocumentBytes and parses it. A source
// that is not read gives a *SkipError.
func Read(uri string, r io.Reader) (*Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxDocumentBytes+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(data) > MaxDocumentBytes {
		return nil, &SkipError{Reason: SkipTooLarge}
	}
	return Parse(uri, data)
}

// Parse makes a Document of the bytes: plain text, Markdown or HTML, by the
// name's ending and the bytes themselves. What it cannot read gives a
// *SkipError.
func Parse(uri string, data []byte) (*Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &SkipError{Reason: SkipEmpty}
	}
	d := &Document{URI: uri, SHA256: digest(data), Language: "en"}
	var err error
	switch format(uri, data) {
	case "text/html":
		err = parseHTML(d, data)
	case "text/markdown":
		err = parseMarkdown(d, data)
	case "text/plain":
		err = parseText(d, data)
	default:
		err = &SkipError{Reason: SkipBinary, Detail: "it looks like " + mimetype.Detect(data).String()}
	}
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(d.Text) == "" {
		return nil, &SkipError{Reason: SkipNoText}
	}
	d.Title = cmp.Or(strings.TrimSpace(d.Title), filepath.Base(uri))
	return d, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// format is the media type of what Pacta reads, "" of anything else.
func format(uri string, data []byte) string {
	detected := mimetype.Detect(data)
	if !detected.Is("text/html") && !strings.HasPrefix(detected.String(), "text/") && !utf8.Valid(data) {
		return ""
	}
	switch strings.ToLower(filepath.Ext(uri)) {
	case ".html", ".htm", ".xhtml":
		return "text/html"
	case ".md", ".markdown":
		return "text/markdown"
	case ".txt", ".text":
		return "text/plain"
	}
	switch {
	case detected.Is("text/html"), detected.Is("application/xhtml+xml"):
		return "text/html"
	case bytes.IndexByte(data, 0) >= 0:
		return ""
	}
	return "text/plain"
}

// text decodes bytes: UTF-8, UTF-16 with its mark, or Windows-1252.
func text(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", &SkipError{SkipEncoding, err.Error()}
		}
		data = decoded
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", &SkipError{Reason: SkipBinary}
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	encoding, _, _ := charset.DetermineEncoding(data, "")
	decoded, err := encoding.NewDecoder().Bytes(data)
	if err != nil || !mostlyText(decoded) {
		return "", &SkipError{Reason: SkipEncoding}
	}
	return string(decoded), nil
}

// mostlyText reports whether few of the characters are ones that no text has.
func mostlyText(data []byte) bool {
	odd := 0
	for _, r := range string(data) {
		if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' || r >= 0x7f && r < 0xa0 {
			odd++
		}
	}
	return odd*100 <= len(data)
}

func parseText(d *Document, data []byte) error {
	d.MediaType = "text/plain"
	var err error
	if d.Text, err = text(data); err != nil {
		return err
	}
	if !mostlyText([]byte(d.Text)) {
		return &SkipError{Reason: SkipBinary}
	}
	d.Title = titleOf(d.Text)
	d.Published = publishedIn(d.Text[:min(headBytes, len(d.Text))])
	return nil
}

// maxTitle is the length of the longest first line that is taken for a title.
const maxTitle = 120

// titleOf is the first line, where it is short and reads as a title.
func titleOf(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.TrimSpace(strings.TrimLeft(line, "# "))
	if len(line) > maxTitle || strings.HasSuffix(line, ".") || strings.HasSuffix(line, ",") {
		return ""
	}
	return line
}

// dateline is how a document's head gives its date.
var dateline = regexp.MustCompile(`(?i)\b(?:date|published|posted|updated|doc_date)\s*[:=]\s*['"]?(\d{4}-\d{2}-\d{2}|\d{1,2}\s+[a-z]+\s+\d{4}|[a-z]+\s+\d{1,2},?\s+\d{4})|\b(\d{4}-\d{2}-\d{2})\b`)

// publishedIn is the date that a document's head gives, "" where it gives none.
func publishedIn(head string) graph.Date {
	line := &Document{}
	if m := dateline.FindStringSubmatch(head); m != nil {
		line.Text = cmp.Or(m[1], m[2])
	} else {
		// "General Debate 1974": a heading that names one year
		line.Text, _, _ = strings.Cut(strings.TrimSpace(head), "\n")
		if years := yearIn.FindAllString(line.Text, -1); len(years) != 1 {
			return ""
		}
	}
	dates := Dates(line, Sentence{Span: Span{0, len(line.Text)}})
	if len(dates) == 0 {
		return ""
	}
	return dates[0].Date
}

func parseHTML(d *Document, data []byte) error {
	page, err := html.Read(data)
	if err != nil {
		return &SkipError{SkipNoText, fmt.Sprintf("it cannot be parsed as HTML: %v", err)}
	}
	d.MediaType, d.Title, d.Author, d.Text = "text/html", page.Title, page.Author, page.Text
	d.Language = cmp.Or(page.Language, d.Language)
	if !page.Published.IsZero() {
		d.Published = graph.Date(page.Published.Format("2006-01-02"))
	}
	d.sections(page.Headings)
	return nil
}
