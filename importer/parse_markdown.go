package importer

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"gopkg.in/yaml.v3"

	"pacta/graph"
	"pacta/importer/html"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Footnote))

// parseMarkdown reads Markdown as people read it: rendered. Raw HTML in it is
// left out.
func parseMarkdown(d *Document, data []byte) error {
	source, err := text(data)
	if err != nil {
		return err
	}
	d.MediaType = "text/markdown"
	front, body := frontMatter(source)
	var rendered bytes.Buffer
	if err := markdown.Convert([]byte(body), &rendered); err != nil {
		return &SkipError{SkipNoText, fmt.Sprintf("it cannot be parsed as Markdown: %v", err)}
	}
	var headings []html.Heading
	if d.Text, headings, err = html.Fragment(&rendered); err != nil {
		return &SkipError{SkipNoText, fmt.Sprintf("it cannot be parsed as Markdown: %v", err)}
	}
	d.sections(headings)
	if len(headings) > 0 {
		d.Title = headings[0].Text
	}
	d.describe(front)
	return nil
}

// sections are the headings, each with the text up to the next.
func (d *Document) sections(headings []html.Heading) {
	for i, h := range headings {
		end := len(d.Text)
		if i+1 < len(headings) {
			end = headings[i+1].Start
		}
		d.Sections = append(d.Sections, Section{Level: h.Level, Heading: h.Text, Span: Span{h.Start, end}})
	}
}

// frontMatter splits off the YAML between two lines of three hyphens that a
// text can begin with.
func frontMatter(source string) (map[string]any, string) {
	rest, ok := strings.CutPrefix(source, "---\n")
	if !ok {
		return nil, source
	}
	head, body, ok := strings.Cut(rest, "\n---\n")
	var front map[string]any
	if !ok || yaml.Unmarshal([]byte(head), &front) != nil {
		return nil, source
	}
	return front, body
}

// describe takes title, author and date from front matter, whatever case its
// keys have.
func (d *Document) describe(front map[string]any) {
	for key, value := range front {
		written := strings.TrimSpace(fmt.Sprint(value))
		switch strings.ToLower(key) {
		case "title":
			d.Title = written
		case "author":
			d.Author = written
		case "lang", "language":
			d.Language = written
		case "date", "published":
			if date, err := graph.ParseDate(written[:min(10, len(written))]); err == nil {
				d.Published = date
			}
		}
	}
}
