// Package cypher writes patterns and questions as Cypher for Neo4j. Every value
// is a parameter; labels, types and property names come from the vocabulary,
// and variables from this package, so nothing from outside ever stands in the
// text. It knows no driver.
package cypher

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A Query is Cypher text with the values of its parameters.
type Query struct {
	Text       string         `json:"text"`
	Parameters map[string]any `json:"parameters,omitempty"`
}

// Browser is the query as Neo4j Browser takes it in one paste: a command that
// sets the parameters, then the text.
func (q Query) Browser() string {
	if len(q.Parameters) == 0 {
		return q.Text + ";"
	}
	var values bytes.Buffer
	encoder := json.NewEncoder(&values)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(q.Parameters) // texts, lists of texts and numbers always encode
	return ":params " + strings.TrimSpace(values.String()) + ";\n" + q.Text + ";"
}
