package importer

import (
	"regexp"
	"strings"

	"pacta/graph"
)

// headBytes is how much of a document's beginning can say who speaks.
const headBytes = 400

var (
	spoken      = regexp.MustCompile(`(?i)\b(?:address|statement|speech|remarks|debate|fact sheet|communiqué|declaration)\b`)
	code        = regexp.MustCompile(`\b[A-Z]{3}\b`)
	behalf      = regexp.MustCompile(`(?i)\bon behalf of (?:the )?(?:people|government|delegation|state|republic)?`)
	firstPerson = regexp.MustCompile(`\b(?:We|we|Our|our|us|[Mm]y (?:country|Government|government|nation|people|delegation)|[Oo]ur (?:country|Government|government|nation))\b`)
)

// speaker is who speaks in a statement or speech, nil where the text does not
// say: the state whose three-letter code stands in its head, "We, the leaders
// of …", on whose behalf it is given, or the first actor that its head names.
func (r *Reader) speaker(d *Document, sentences []Sentence, time period) *Mention {
	head := d.Title + "\n" + d.Text[:min(headBytes, len(d.Text))]
	if !spoken.MatchString(head) || !firstPerson.MatchString(d.Text) {
		return nil
	}
	for _, c := range code.FindAllString(head, -1) {
		if state, ok := r.states[c]; ok {
			return &Mention{ID: state.ID, Name: state.Name, Kind: state.Kind, Actor: true}
		}
	}
	for _, s := range sentences[:min(20, len(sentences))] {
		plain := newPlainText(s.Text(d))
		at := -1
		if strings.Contains(plain.text, "We, ") {
			at = strings.Index(plain.text, "We, ")
		} else if m := behalf.FindStringIndex(plain.text); m != nil {
			at = m[1]
		}
		if at < 0 {
			continue
		}
		for _, m := range r.actors(plain, time) {
			if m.Start >= at {
				return &m
			}
		}
	}
	for _, m := range r.actors(newPlainText(head), time) {
		if m.How == ByGovernment || m.Kind == string(graph.State) || m.Kind == string(graph.Coalition) {
			return &m
		}
	}
	return nil
}

// pronouns are the words of a sentence by which the speaker speaks of itself.
func pronouns(plain plainText, speaker *Mention) []Mention {
	var mentions []Mention
	for _, m := range firstPerson.FindAllStringIndex(plain.text, -1) {
		mention := *speaker
		mention.Span, mention.How = Span{m[0], m[1]}, ByPronoun
		if strings.Contains(plain.text[m[0]:m[1]], " ") {
			mention.How = ByDescription
		}
		mentions = append(mentions, mention)
	}
	return mentions
}
