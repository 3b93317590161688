package rules

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pacta/importer"
)

// A token is a word, a punctuation mark, an instrument's name, or the names of
// actors joined by commas and "and", which then act together.
type token struct {
	importer.Span
	word       string             // in lower case; "" for a mention
	actors     []importer.Mention // the conjoined actors
	instrument *importer.Mention
	possessive bool // "Chile's"
	adjective  bool // "Chilean"
	place      bool // a territory, which stands for its state but does not act
	capital    bool // a word that begins with a capital letter
}

func (t *token) isActor() bool { return len(t.actors) > 0 }

// names are the actors' names, each once; of no token, none.
func (t *token) names() []string {
	var names []string
	if t == nil {
		return nil
	}
	for _, m := range t.actors {
		names = addName(names, m.Name)
	}
	return names
}

// A clause is a sentence cut into tokens, and its text with the mentions
// marked: ⟨ for actors, ⟦ for instruments.
type clause struct {
	importer.Sentence
	index  int
	tokens []token
	marked string
	begins []int // where each token begins in marked, and the end
}

// possessiveMark ends "Chile’s" and "the Philippines’".
var possessiveMark = regexp.MustCompile(`^(?:['’]s\b|['’])`)

// Quotation marks are passed over: what they enclose is read as the sentence's own.
var wordPattern = regexp.MustCompile(`[\pL\pN$€£][\pL\pN.,]*[\pL\pN](?:['’\-‑][\pL\pN]+)*|[\pL\pN$€£]+(?:['’\-‑][\pL\pN]+)*|[^\s\pL\pN"“”‘]`)

// tokenize cuts a sentence at its mentions, words and punctuation marks.
func tokenize(d *importer.Document, s importer.Sentence, index int, mentions []importer.Mention) *clause {
	c := &clause{Sentence: s, index: index}
	at := s.Start
	for i := range mentions {
		m := mentions[i]
		if m.Start < at || m.End > s.End {
			continue
		}
		c.addWords(d, at, m.Start)
		t := token{Span: m.Span}
		at = m.End
		if m.Actor {
			t.actors = []importer.Mention{m}
			t.place = m.How == byTerritory
			t.adjective = m.How == importer.ByDemonym && !strings.HasSuffix(strings.ToLower(d.Text[m.Start:m.End]), "s")
		} else {
			t.instrument = &mentions[i]
		}
		mark := possessiveMark.FindString(d.Text[at:s.End])
		if m.Actor && (strings.HasSuffix(mark, "s") || mark != "" && strings.HasSuffix(d.Text[m.Start:m.End], "s")) {
			t.possessive = true
			at += len(mark)
		}
		c.tokens = append(c.tokens, t)
	}
	c.addWords(d, at, s.End)
	c.dropTitles()
	c.joinActors()
	c.mark(d)
	return c
}

func (c *clause) addWords(d *importer.Document, start, end int) {
	for _, w := range wordPattern.FindAllStringIndex(d.Text[start:end], -1) {
		span := importer.Span{Start: start + w[0], End: start + w[1]}
		first, _ := utf8.DecodeRuneInString(d.Text[span.Start:])
		word := strings.ToLower(strings.ReplaceAll(d.Text[span.Start:span.End], "’", "'"))
		c.tokens = append(c.tokens, token{Span: span, word: word, capital: unicode.IsUpper(first)})
	}
}

// dropTitles makes "Chilean President Frei" the one mention of Chile that it is.
func (c *clause) dropTitles() {
	for i := 0; i < len(c.tokens); i++ {
		if !c.tokens[i].adjective {
			continue
		}
		k := i + 1
		for c.is(k, "president", "prime", "foreign", "minister", "chancellor", "king", "leader") {
			k++
		}
		if k < len(c.tokens) && c.tokens[k].isActor() && c.tokens[k].actors[0].ID == c.tokens[i].actors[0].ID {
			c.tokens = slices.Delete(c.tokens, i, k)
		}
	}
}

// joinActors makes one token of "Chile, Peru and the State of Bolivia".
func (c *clause) joinActors() {
	var out []token
	for i := 0; i < len(c.tokens); i++ {
		t := c.tokens[i]
		if !t.isActor() || t.possessive {
			out = append(out, t)
			continue
		}
		members, end, closed := []importer.Mention{t.actors[0]}, i, false
		var listed []importer.Mention // waits for the "and" that closes a list of commas
		for j := i + 1; !closed; {
			k, last := c.conjunction(j)
			if k < 0 || k >= len(c.tokens) || !c.tokens[k].isActor() || c.tokens[k].adjective != t.adjective || c.tokens[k].place != t.place {
				if last && c.is(k, "others") {
					members, end = append(members, listed...), k
				}
				break
			}
			next := c.tokens[k]
			listed = append(listed, next.actors[0])
			if last {
				members, end = append(members, listed...), k
				listed = nil
			}
			closed = next.possessive
			j = k + 1
		}
		t.actors, t.End = members, c.tokens[end].End
		t.possessive = c.tokens[end].possessive
		out = append(out, t)
		i = end
	}
	c.tokens = out
}

// conjunction reads ",", "and", ", and", "as well as" or "together with" and an
// article at i. It returns the index after it, or -1 where there is none, and
// whether it is the one that ends a list.
func (c *clause) conjunction(i int) (next int, last bool) {
	comma := c.is(i, ",")
	if comma {
		i++
	}
	switch {
	case c.is(i, "and", "or", "&"):
		i, last = i+1, true
	case c.is(i, "together") && c.is(i+1, "with"):
		i, last = i+2, true
	case c.is(i, "as") && c.is(i+1, "well") && c.is(i+2, "as"):
		i, last = i+3, true
	case !comma:
		return -1, false
	}
	if c.is(i, "the", "both", "by") {
		i++
	}
	return i, last
}

// is reports whether the token at i is one of the words.
func (c *clause) is(i int, words ...string) bool {
	if i < 0 || i >= len(c.tokens) || c.tokens[i].word == "" {
		return false
	}
	for _, w := range words {
		if c.tokens[i].word == w {
			return true
		}
	}
	return false
}

func (c *clause) in(i int, set map[string]bool) bool {
	return i >= 0 && i < len(c.tokens) && c.tokens[i].word != "" && set[c.tokens[i].word]
}

func (c *clause) mark(d *importer.Document) {
	var b strings.Builder
	for i := range c.tokens {
		c.begins = append(c.begins, b.Len())
		t := &c.tokens[i]
		switch {
		case t.isActor():
			b.WriteString("⟨ ")
		case t.instrument != nil:
			b.WriteString("⟦" + strings.ToLower(strings.Join(strings.Fields(d.Text[t.Start:t.End]), " ")) + " ")
		default:
			b.WriteString(t.word + " ")
		}
	}
	c.begins = append(c.begins, b.Len())
	c.marked = b.String()
}

// words is the marked text of tokens i to j, j exclusive.
func (c *clause) words(i, j int) string {
	i, j = max(i, 0), min(j, len(c.tokens))
	if i >= j {
		return ""
	}
	return strings.TrimSpace(c.marked[c.begins[i]:c.begins[j]])
}

// stop is the index of the first token from i on that ends a clause for sure.
func (c *clause) stop(i int) int {
	for ; i < len(c.tokens); i++ {
		if c.is(i, ";", ":", ".", "—", "–", "?", "!", "(") {
			break
		}
	}
	return i
}

// set makes a lookup of words.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// The closed classes of English words that chunking rests on.
var (
	beForms      = set("is are was were be been being 's")
	haveForms    = set("has have had having")
	doForms      = set("do does did")
	modals       = set("will would shall should can could may might must cannot")
	determiners  = set("the a an this that these those its their his her our my your such every all any some both each no another")
	prepositions = set("in on at of to with from by for against over under into through between among toward towards via about including like upon onto within without than across beyond during despite inside outside around near")
	adverbs      = set("not never also later then ever still already again now once thus just even both too soon first subsequently therefore however hereby jointly once often always only no longer twice back further meanwhile moreover yet today then indeed")
	conjunctions = set("and but or nor yet")
	openers      = set("that when while as because since after before if whether until once although though where why how unless and but or so then , ; : — – ( yet - *")
	relatives    = set("who which that")
)

func isAdverb(word string) bool {
	return adverbs[word] || len(word) > 4 && strings.HasSuffix(word, "ly")
}

func addName(names []string, name string) []string {
	for _, n := range names {
		if n == name {
			return names
		}
	}
	return append(names, name)
}
