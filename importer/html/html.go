// Package html reads the text of an HTML page: what a person would read of it,
// without navigation, scripts and styles.
package html

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// A Page is the text of an HTML page and what its head says of it.
type Page struct {
	Title     string
	Author    string
	Language  string // "" where the page does not say
	Published time.Time
	Text      string
	Headings  []Heading
}

// A Heading is a heading of a page and the byte of its Text where it begins.
type Heading struct {
	Level int
	Text  string
	Start int
}

// Read reads a page in the encoding that it declares or that its bytes show.
func Read(data []byte) (*Page, error) {
	decoded, err := charset.NewReader(bytes.NewReader(data), "text/html")
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(decoded)
	if err != nil {
		return nil, err
	}
	page := &Page{Title: title(root)}
	body := root
	parser := readability.NewParser()
	if article, err := parser.ParseDocument(root, &url.URL{}); err == nil {
		page.Author, page.Language = article.Byline(), article.Language()
		if article.Title() != "" {
			page.Title = article.Title()
		}
		if published, err := article.PublishedTime(); err == nil {
			page.Published = published
		}
		// Of a page that is all navigation nothing may be left: then all of it is read.
		if article.Node != nil && len(textOf(article.Node)) >= len(textOf(root))/4 {
			body = article.Node
		}
	}
	page.Text, page.Headings = Text(body)
	return page, nil
}

// Fragment reads the text of HTML that is an article already.
func Fragment(r io.Reader) (string, []Heading, error) {
	root, err := html.Parse(r)
	if err != nil {
		return "", nil, err
	}
	text, headings := Text(root)
	return text, headings, nil
}

func textOf(n *html.Node) string {
	text, _ := Text(n)
	return text
}

func title(root *html.Node) string {
	for n := range root.Descendants() {
		if n.DataAtom == atom.Title && n.FirstChild != nil {
			return strings.Join(strings.Fields(n.FirstChild.Data), " ")
		}
	}
	return ""
}

// Text is the text of a tree: blocks apart by a blank line, list items and table
// rows on lines of their own, everything else in one line.
func Text(root *html.Node) (string, []Heading) {
	w := &writer{}
	w.node(root)
	return strings.TrimRight(w.text.String(), " \n"), w.headings
}

type writer struct {
	text     strings.Builder
	headings []Heading
	breaks   int  // line breaks that wait for the next word
	space    bool // a space that waits for it
}

// unread are elements that hold nothing that people read.
var unread = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Head: true, atom.Nav: true,
	atom.Iframe: true, atom.Object: true, atom.Svg: true, atom.Math: true, atom.Button: true, atom.Select: true,
	atom.Textarea: true, atom.Input: true,
}

// blocks are elements that stand apart, with the line breaks around them.
var blocks = map[atom.Atom]int{
	atom.P: 2, atom.Div: 2, atom.Section: 2, atom.Article: 2, atom.Main: 2, atom.Header: 2, atom.Footer: 2, atom.Aside: 2,
	atom.Blockquote: 2, atom.Pre: 2, atom.Ul: 2, atom.Ol: 2, atom.Dl: 2, atom.Table: 2, atom.Figure: 2, atom.Hr: 2,
	atom.H1: 2, atom.H2: 2, atom.H3: 2, atom.H4: 2, atom.H5: 2, atom.H6: 2,
	atom.Li: 2, atom.Dt: 1, atom.Dd: 1, atom.Tr: 1, atom.Br: 1, atom.Figcaption: 1,
}

var levels = map[atom.Atom]int{atom.H1: 1, atom.H2: 2, atom.H3: 3, atom.H4: 4, atom.H5: 5, atom.H6: 6}

// node walks the tree without recursion, so that depth costs no stack.
func (w *writer) node(root *html.Node) {
	n := root
	for {
		entered := w.enter(n)
		if entered && n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		if entered {
			w.leave(n)
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			w.leave(n)
		}
		if n == root {
			return
		}
		n = n.NextSibling
	}
}

func (w *writer) enter(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		w.write(n.Data)
	case html.ElementNode:
		if unread[n.DataAtom] {
			return false
		}
		w.apart(n)
		if level := levels[n.DataAtom]; level > 0 {
			w.headings = append(w.headings, Heading{Level: level, Start: -1})
		}
		if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
			w.space = true
		}
	case html.CommentNode, html.DoctypeNode:
		return false
	}
	return true
}

func (w *writer) leave(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	if levels[n.DataAtom] > 0 {
		last := &w.headings[len(w.headings)-1]
		if last.Start < 0 {
			w.headings = w.headings[:len(w.headings)-1] // it is empty
		} else {
			last.Text = strings.TrimSpace(w.text.String()[last.Start:])
		}
	}
	w.apart(n)
}

func (w *writer) apart(n *html.Node) { w.breaks = max(w.breaks, blocks[n.DataAtom]) }

func (w *writer) write(text string) {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		w.space = w.space || text != ""
		return
	}
	if first := text[0]; first == ' ' || first == '\n' || first == '\t' || first == '\r' {
		w.space = true
	}
	for _, field := range fields {
		switch {
		case w.text.Len() == 0:
		case w.breaks > 0:
			w.text.WriteString(strings.Repeat("\n", w.breaks))
		case w.space:
			w.text.WriteByte(' ')
		}
		if last := len(w.headings) - 1; last >= 0 && w.headings[last].Start < 0 {
			w.headings[last].Start = w.text.Len()
		}
		w.text.WriteString(field)
		w.breaks, w.space = 0, true
	}
	last := text[len(text)-1]
	w.space = last == ' ' || last == '\n' || last == '\t' || last == '\r'
}
