// Package cypher writes patterns and questions as Cypher for Neo4j. Every value
// is a parameter; labels, types and property names come from the vocabulary,
// and variables from this package, so nothing from outside ever stands in the
// text. It knows no driver.
package cypher

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
)

// A Query is Cypher text with the values of its parameters.
type Query struct {
	Text       string         `json:"text"`
	Parameters map[string]any `json:"parameters,omitempty"`
}

// reference is where a text uses a parameter; the texts have no other dollar.
var reference = regexp.MustCompile(`\$[A-Za-z][A-Za-z0-9]*`)

// Browser is the query as Neo4j Browser takes it in one paste and draws it as
// a graph: one statement, its parameters written as literals. Commands that
// set parameters would not do: Browser draws no graph for a script of several
// statements, and it sets whole numbers as fractions, which LIMIT refuses. The
// text is for a person to run; a store runs Text with Parameters.
func (q Query) Browser() string {
	literals := make(map[string]string, len(q.Parameters))
	for name, value := range q.Parameters {
		literals[name] = literal(value)
	}
	return q.with(literals)
}

// with is the text with parameters replaced.
func (q Query) with(values map[string]string) string {
	return reference.ReplaceAllStringFunc(q.Text, func(used string) string {
		return cmp.Or(values[used[1:]], used)
	})
}

// literal is a value in Cypher. JSON is: texts have the same escapes, and a
// backslash that a value brings along is escaped itself, so that Cypher reads
// no escape that is not ours.
func literal(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // texts, lists of texts and numbers always encode
	return strings.TrimSpace(text.String())
}
