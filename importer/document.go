package importer

import "pacta/graph"

// A Span is a half-open range of byte offsets into a Document's Text.
type Span struct{ Start, End int }

// A Document is what every format reader makes of a source. After it, no
// stage knows what format the source had.
type Document struct {
	URI       string // where it was read from, as the user named it
	SHA256    string // of the source's bytes, hexadecimal
	MediaType string // for example "text/plain"
	Title     string
	Author    string
	Published graph.Date
	Language  string // BCP 47; "en" where nothing else is declared
	Text      string // UTF-8; every offset points into it
	Sections  []Section
}

// A Section is a heading and the text under it, to the next heading of any level.
type Section struct {
	Level   int    // 1 for the highest
	Heading string // "" for text before the first heading
	Span    Span   // includes the heading itself
}

// A Sentence is a span of a Document that reads as one sentence, heading or list item.
type Sentence struct {
	Span
	Paragraph int // counts paragraphs from 0
	Section   int // index into Document.Sections, -1 where there are none
}

// Text is the sentence as it stands in the document.
func (s Sentence) Text(d *Document) string { return d.Text[s.Start:s.End] }
