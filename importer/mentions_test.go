package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pacta/graph"
	"pacta/importer/lexicon"
)

func newTestReader(t testing.TB) *Reader {
	t.Helper()
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mentioned writes each mention as "how words = id".
func mentioned(r *Reader, d *Document) []string {
	var all []string
	for _, m := range r.Mentions(d, r.Sentences(d)) {
		all = append(all, fmt.Sprintf("%s %s = %s", m.How, strings.Join(strings.Fields(d.Text[m.Start:m.End]), " "), m.ID))
	}
	return all
}

func TestActors(t *testing.T) {
	r := newTestReader(t)
	tests := []struct {
		name, text string
		published  graph.Date
		want       []string
	}{
		{"possessives are left out", "Peru’s army met Chile's navy and the United States’ fleet.", "", []string{
			"name Peru = state:PER", "name Chile = state:CHL", "name United States = state:USA"}},
		{"a name goes on over a line break", "The Russian\nFederation\n  and New\r\nZealand agreed.", "", []string{
			"alias Russian Federation = state:RUS", "name New Zealand = state:NZL"}},
		{"the longest name wins", "Guinea-Bissau, Papua New Guinea, South Sudan and Greek Cypriots met.", "", []string{
			"name Guinea-Bissau = state:GNB", "name Papua New Guinea = state:PNG", "name South Sudan = state:SSD", "name Greek Cypriots = group:greek-cypriots"}},
		{"whole words only", "Nigerien, Omani and Perugia; McChile; Chileno.", "", []string{"demonym Nigerien = state:NER", "demonym Omani = state:OMN"}},
		{"adjectives of things made, and of those against", "Russian-made tanks, US-led talks, anti-Russian feeling and non-NATO members.", "", nil},
		{"a capital that acts", "Moscow said no. Then Kyiv's envoy left and Beijing withdrew.", "", []string{
			"capital Moscow = state:RUS", "capital Kyiv = state:UKR", "capital Beijing = state:CHN"}},
		{"a capital that is a place", "He lives in Moscow, flew to Beijing and knows Vienna well.", "", nil},
		{"a capital where they meet", "After the Vienna talks the Paris negotiations began.", "", nil},
		{"governments", "The Turkish Government and the Kremlin refused.", "", []string{
			"alias Turkish Government = state:TUR", "government Kremlin = state:RUS"}},
		{"northern places are others", "Northern Ireland and Latin American voters", "", nil},
		{"an ambiguous name alone", "Georgia won the game.", "", nil},
		{"an ambiguous name in company", "Georgia and Armenia signed it.", "", []string{"name Georgia = state:GEO", "name Armenia = state:ARM"}},
		{"an ambiguous name that the document makes sure", "Georgia signed it. Later Armenia joined Georgia.", "", []string{
			"name Georgia = state:GEO", "name Armenia = state:ARM", "name Georgia = state:GEO"}},
		{"an ambiguous name that is a surname", "Armenia spoke with Vernon Jordan.", "", []string{"name Armenia = state:ARM"}},
		{"a broken byte", "Peru \xff\xff met Chile.", "", []string{"name Peru = state:PER", "name Chile = state:CHL"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mentioned(r, &Document{Text: tt.text, Published: tt.published}); !slices.Equal(got, tt.want) {
				t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestLeaders(t *testing.T) {
	r := newTestReader(t)
	tests := []struct {
		name, text string
		published  graph.Date
		want       []string
	}{
		{"in office", "Thatcher and Mitterrand met.", "1985-03-01", []string{"leader Thatcher = state:GBR", "leader Mitterrand = state:FRA"}},
		{"not yet in office when the text was written", "Putin and Merkel were students.", "1974", nil},
		{"a year in the sentence is of something else", "Putin broke the promise of 1994.", "2022-03-01", []string{"leader Putin = state:RUS"}},
		{"a year in an earlier sentence", "It was signed in 1994. Putin broke it in 2014.", "", []string{"leader Putin = state:RUS"}},
		{"a full name alone where the surname is a word", "Theresa May spoke and may speak in May.", "2018", []string{"leader Theresa May = state:GBR"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mentioned(r, &Document{Text: tt.text, Published: tt.published}); !slices.Equal(got, tt.want) {
				t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestInstruments(t *testing.T) {
	r := newTestReader(t)
	tests := []struct {
		name, text string
		want       []string // without the actors
	}{
		{"the catalogue, with the year that follows", "The Budapest Memorandum (1994) and the North Atlantic\nTreaty of 1949 hold.", []string{
			"name Budapest Memorandum (1994) = budapest-memorandum", "name North Atlantic Treaty of 1949 = north-atlantic-treaty"}},
		{"by form", "The Treaty of Aranda was followed by the Aranda–Belor Friendship Pact of 1931.", []string{
			"form Treaty of Aranda = treaty-of-aranda", "form Aranda–Belor Friendship Pact of 1931 = aranda-belor-friendship-pact-of-1931"}},
		{"words before a name are none of it", "Under Article 7 of the Aranda Treaty and Belor’s Border Agreement they met.", []string{
			"form Aranda Treaty = aranda-treaty", "form Border Agreement = border-agreement"}},
		{"several joined", "The Treaty of Aranda and the Agreement on Prisoners, the Belor Pact and Aranda Protocol were read.", []string{
			"form Treaty of Aranda = treaty-of-aranda", "form Agreement on Prisoners = agreement-on-prisoners", "form Belor Pact = belor-pact", "form Aranda Protocol = aranda-protocol"}},
		{"a name with and", "Treaty of Peace and Friendship between Aranda and Belor", []string{
			"form Treaty of Peace and Friendship between Aranda and Belor = treaty-of-peace-and-friendship-between-aranda-and-belor"}},
		{"an accent", "The Évora Accords and the Joint Communiqué were read.", []string{
			"form Évora Accords = evora-accords", "form Joint Communiqué = joint-communique"}},
		{"years and points", "The Constitution of 1937, the 1939 guarantee and a 12-point peace plan were weighed.", []string{
			"form Constitution of 1937 = constitution-of-1937", "form 1939 guarantee = 1939-guarantee", "form 12-point peace plan = 12-point-peace-plan"}},
		{"no name", "Treaty law and the Charter of the Parties are words. Planning for Agreement Day goes on.", nil},
		{"resolutions", "Security Council resolutions 9660, 9662 (1990) and 9665 and General Assembly resolution 73/9999 were read.", []string{
			"form Security Council resolutions 9660 = un-resolution-9660", "form 9662 (1990) = un-resolution-9662",
			"form 9665 = un-resolution-9665", "form General Assembly resolution 73/9999 = ga-resolution-73-9999"}},
		{"a resolution is one, with its year and without", "UN Security Council Resolution 9353 (1974) stands; resolution 9353 was ignored.", []string{
			"form UN Security Council Resolution 9353 (1974) = un-resolution-9353", "form resolution 9353 = un-resolution-9353"}},
		{"a parliament's resolution", "The House Resolution 77 passed.", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &Document{Text: tt.text}
			var got []string
			for _, m := range r.Mentions(d, r.Sentences(d)) {
				if !m.Actor {
					got = append(got, fmt.Sprintf("%s %s = %s", m.How, strings.Join(strings.Fields(d.Text[m.Start:m.End]), " "), m.ID))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestDescriptions(t *testing.T) {
	r := newTestReader(t)
	tests := []struct {
		name, text string
		want       []string // the instruments alone
	}{
		{"the nearest earlier one of a kind", "The Aranda Treaty and the Belor Memorandum were read. The Treaty binds; the memorandum does not.", []string{
			"form Aranda Treaty = aranda-treaty", "form Belor Memorandum = belor-memorandum",
			"description Treaty = aranda-treaty", "description memorandum = belor-memorandum"}},
		{"words between", "The Aranda Agreement came late. This historic ten-year agreement holds.", []string{
			"form Aranda Agreement = aranda-agreement", "description agreement = aranda-agreement"}},
		{"this is none", "The Aranda Treaty came late. This is no treaty, and this violates a treaty.", []string{"form Aranda Treaty = aranda-treaty"}},
		{"nothing before it", "The treaty was broken.", nil},
		{"nothing compatible before it", "The Aranda Memorandum was read. The treaty was broken.", []string{"form Aranda Memorandum = aranda-memorandum"}},
		{"an instrument speaks of itself", "Agreement concerning the borders and waters of Aranda\n\n" +
			"Recalling the Belor Agreement,\n\nArticle 1. This Agreement binds.\n\nArticle 2. This Agreement has no end.", []string{
			"form Agreement concerning the borders and waters of Aranda = agreement-concerning-the-borders-and-waters-of-aranda",
			"form Belor Agreement = belor-agreement",
			"description Agreement = agreement-concerning-the-borders-and-waters-of-aranda",
			"description Agreement = agreement-concerning-the-borders-and-waters-of-aranda"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mentioned(r, &Document{Text: tt.text}); !slices.Equal(got, tt.want) {
				t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestSpeaker(t *testing.T) {
	r := newTestReader(t)
	tests := []struct {
		name, title, text string
		want              string // of "we", "my country" and the like
	}{
		{"a code in the heading", "", "UN General Debate 1988, FJI\n\nWe will help. My country keeps its word.", "state:FJI"},
		{"capitals that are words", "", "STATEMENT ON WAR, AND PEACE\n\nWe will help.", ""},
		{"on behalf of", "", "Mr. President, on behalf of the Government of Fiji I thank you.\nWe will help.", "state:FJI"},
		{"reported on behalf of", "", "He spoke on behalf of the Government of Fiji.\n\nWe doubt it.", ""},
		{"a group", "", "We, the Leaders of the G7, met in Rome at the invitation of Italy. We will help.", "org:g7"},
		{"statement of", "Statement by the Foreign Minister of Peru", "We will help.", "state:PER"},
		{"whose statement", "Peru’s statement on the border", "We will help.", "state:PER"},
		{"a fact sheet", "White House fact sheet: aid to Peru", "We will help.", "state:USA"},
		{"several speak", "Joint statement by Peru and Chile", "We will help.", ""},
		{"an article", "Peru and the debate on its border", "We asked Chile. Our view is that it will last.", ""},
		{"no first person", "Statement by Peru", "It will help.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &Document{Title: tt.title, Text: tt.text}
			var got []string
			for _, m := range r.Mentions(d, r.Sentences(d)) {
				if m.How == ByPronoun || m.Actor && m.How == ByDescription {
					got = append(got, m.ID)
				}
			}
			if got = slices.Compact(got); strings.Join(got, " ") != tt.want {
				t.Errorf("%q %q: got %q, want %q", tt.title, tt.text, got, tt.want)
			}
		})
	}
}

// TestMentionsOfDocuments holds what every mention promises on real documents.
func TestMentionsOfDocuments(t *testing.T) {
	paths, _ := filepath.Glob("../../shared/documents/*.txt")
	if len(paths) == 0 {
		t.Skip("no documents at ../../shared/documents")
	}
	r := newTestReader(t)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := &Document{Text: string(data)}
		sentences := r.Sentences(d)
		mentions := r.Mentions(d, sentences)
		if len(mentions) == 0 {
			t.Errorf("%s: no mentions", path)
		}
		end := 0
		for _, m := range mentions {
			words := d.Text[m.Start:m.End]
			s := sentences[m.Sentence]
			if m.Start < end || m.Start >= m.End || m.Start < s.Start || m.End > s.End || !utf8.ValidString(words) || strings.TrimSpace(words) != words {
				t.Errorf("%s: %+v %q overlaps, is empty, leaves its sentence or splits a rune or word", path, m, words)
			}
			if m.ID == "" || m.Name == "" || m.Kind == "" || m.How == "" {
				t.Errorf("%s: %+v %q says too little", path, m, words)
			}
			if !m.Actor && !graph.InstrumentKinds.Has(graph.InstrumentKind(m.Kind)) {
				t.Errorf("%s: %q is of no instrument kind: %s", path, words, m.Kind)
			}
			end = m.End
		}
	}
}
