package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// MaxSearchWords is how many words a search may have.
const MaxSearchWords = 32

// Found is a node that a search found, and how well its words fit by the
// store's own measure: more is better.
type Found struct {
	Node  Node    `json:"node"`
	Score float64 `json:"score"`
}

// A Hit is a found node and, where it is a passage, the document that it
// stands in.
type Hit struct {
	Found
	Document *Node `json:"document,omitempty"`
}

// SearchWords are the words of a text in lower case: runs of letters and
// digits, and nothing that could be an operator of a store's query language.
// Accents stay on letters that have them, and are lost where they stand apart.
func SearchWords(text string) []string {
	text = strings.Map(func(r rune) rune {
		if r >= '\u0300' && r <= '\u036f' {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	return slices.DeleteFunc(words, func(word string) bool {
		return !strings.ContainsFunc(word, func(r rune) bool { return unicode.In(r, unicode.L, unicode.N) })
	})
}

// CheckSearch gives the words to search for and the limit with its default. It
// returns ErrInvalid where there is no word, or too many, or the limit is out
// of its bounds.
func CheckSearch(text string, limit int) ([]string, int, error) {
	words := SearchWords(text)
	switch {
	case len(words) == 0:
		return nil, 0, fmt.Errorf("%w: search: %.40q has no letter or digit", ErrInvalid, text)
	case len(words) > MaxSearchWords:
		return nil, 0, fmt.Errorf("%w: search: %d words are more than %d", ErrInvalid, len(words), MaxSearchWords)
	case limit < 0 || limit > MaxLimit:
		return nil, 0, fmt.Errorf("%w: search: limit %d is not between 1 and %d", ErrInvalid, limit, MaxLimit)
	}
	return words, cmp.Or(limit, DefaultLimit), nil
}

// AnswerSearch searches the store, and adds to passages their documents.
func AnswerSearch(ctx context.Context, s Store, text string, limit int) ([]Hit, error) {
	found, err := s.Search(ctx, text, limit)
	if err != nil {
		return nil, err
	}
	hits, passages := make([]Hit, len(found)), set{}
	for i, f := range found {
		hits[i].Found = f
		if f.Node.Label == PassageLabel {
			passages.add(f.Node.ID)
		}
	}
	if len(passages) == 0 {
		return hits, nil
	}
	page, err := s.Match(ctx, Pattern{
		Nodes: []NodePattern{{As: "passage", Label: PassageLabel, Where: among(passages)}, {As: "document", Label: DocumentLabel}},
		Edges: []EdgePattern{{As: "partOf", From: "passage", Type: PartOf, To: "document"}},
	})
	if err != nil {
		return nil, err
	}
	documents := map[string]Node{}
	for _, m := range page.Matches {
		documents[m.Nodes["passage"].ID] = m.Nodes["document"]
	}
	for i := range hits {
		if document, ok := documents[hits[i].Node.ID]; ok {
			hits[i].Document = &document
		}
	}
	return hits, nil
}
