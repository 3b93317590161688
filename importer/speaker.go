package importer

import (
	"regexp"
	"slices"
	"strings"
)

const (
	headBytes        = 400 // of a document's beginning that can tell of it; a longer line is no heading
	openingSentences = 20  // in which a speaker may say who it is
)

var (
	// spoken names in a heading what someone says; "ADDRESS:" is that of the source.
	spoken = regexp.MustCompile(`(?i)\b(?:address\b(?:[^:]|$)|(?:statement|speech|remarks|fact sheet|communiqué|declaration)\b)`)
	// bySpeaker is how a heading goes on to who speaks.
	bySpeaker = regexp.MustCompile(`(?i)^[^.:;]{0,60}\b(?:by|of|from)\b[^.:;]{0,60}$`)
	// ofSpeaker is what may stand between who speaks and "statement".
	ofSpeaker = regexp.MustCompile(`^(?:'s)?(?: [\pL-]+){0,3} $`)
	// speakerCode is a state's code set apart: "General Debate 1974, CYP".
	speakerCode = regexp.MustCompile(`[,(:] ?([A-Z]{3})(?:[,)]|\s*$)`)
	ourselves   = regexp.MustCompile(`\bWe,? the\b`)
	behalf      = regexp.MustCompile(`(?i)\bon behalf of (?:the |my )?(?:people|government|delegation|state|republic)\b`)
	firstPerson = regexp.MustCompile(`\b(?:We|we|Our|our|us|[Mm]y (?:country|Government|government|nation|people|delegation)|[Oo]ur (?:country|Government|government|nation))\b`)
	// speaking is that a sentence is in the first person.
	speaking = regexp.MustCompile(`\b(?:I|[Ww]e|[Mm]y|[Oo]ur)\b`)
	// withOthers is how a list of speakers goes on.
	withOthers = regexp.MustCompile(`^(?:,|,? and)(?: the)? $`)
)

// speaker is who speaks in a statement or speech, nil where the text does not
// say or several speak: the state whose code stands in its heading; "We, the
// leaders of …"; on whose behalf someone speaks; whose statement the heading
// says it is.
func (r *Reader) speaker(d *Document, sentences []Sentence, time period) *Mention {
	if !firstPerson.MatchString(d.Text) {
		return nil
	}
	headings := []string{d.Title, firstLine(d.Text)}
	for _, h := range headings {
		for _, c := range speakerCode.FindAllStringSubmatch(h, -1) {
			if state, ok := r.states[c[1]]; ok {
				return &Mention{ID: state.ID, Name: state.Name, Kind: state.Kind, Actor: true}
			}
		}
	}
	for _, s := range sentences[:min(openingSentences, len(sentences))] {
		plain := newPlainText(s.Text(d))
		at := ourselves.FindStringIndex(plain.text)
		if at == nil && speaking.MatchString(plain.text) {
			at = behalf.FindStringIndex(plain.text)
		}
		if at == nil {
			continue
		}
		actors := r.certain(plain.text, time)
		if i := slices.IndexFunc(actors, func(m Mention) bool { return m.Start >= at[0] }); i >= 0 {
			return alone(plain.text, actors[i:])
		}
	}
	for _, h := range headings {
		if m := r.author(newPlainText(h).text, time); m != nil {
			return m
		}
	}
	return nil
}

// firstLine is the first line with text, "" where it is too long for a heading
// or ends as a sentence does.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.TrimSpace(line)
	if len(line) > headBytes || strings.HasSuffix(line, ".") {
		return ""
	}
	return line
}

// author is whose statement the heading says it is: "Remarks by the President
// of Peru", "Peru's statement".
func (r *Reader) author(heading string, time period) *Mention {
	actors := r.certain(heading, time)
	for _, s := range spoken.FindAllStringIndex(heading, -1) {
		after := slices.IndexFunc(actors, func(m Mention) bool { return m.Start >= s[1] })
		if after >= 0 && bySpeaker.MatchString(heading[s[1]:actors[after].Start]) {
			return alone(heading, actors[after:])
		}
		for _, m := range slices.Backward(actors) {
			if m.End <= s[0] && ofSpeaker.MatchString(heading[m.End:s[0]]) {
				return &m
			}
		}
	}
	return nil
}

// certain are the actors that a text names beyond doubt.
func (r *Reader) certain(text string, time period) []Mention {
	actors, _ := r.actors(text, r.names.find(text), time)
	return actors
}

// alone is the first of the actors, nil where a list of speakers goes on.
func alone(text string, actors []Mention) *Mention {
	if len(actors) > 1 && withOthers.MatchString(text[actors[0].End:actors[1].Start]) {
		return nil
	}
	return &actors[0]
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
