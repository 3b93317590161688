// Package lexicon holds what Pacta knows of names: states, organisations and
// groups, the leaders who speak for them, and well-known instruments. It is
// general knowledge in data files with comments, loaded and checked once.
package lexicon

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

//go:embed *.yaml
var data embed.FS

// A Form says how a name stands for an actor.
type Form string

// The forms of names.
const (
	Name      Form = "name"
	Alias     Form = "alias"
	Adjective Form = "adjective" // "Russian", before a noun that acts
	People    Form = "people"    // "the Russians"
	Capital   Form = "capital"
	Seat      Form = "seat" // "the Kremlin"
	Speaker   Form = "leader"
)

// A Named is one way to write an actor.
type Named struct {
	Text string
	Form Form
	// From and To are the years in which the name stands for the actor; 0 is open.
	From, To int
}

// An Actor is a state, organisation or group with all ways to write it.
type Actor struct {
	ID   string
	Name string
	Kind string
	// Ambiguous says that the name is also something else, as Georgia and
	// Jordan are.
	Ambiguous bool
	// From and To are the years in which a dissolved actor existed; 0 is open.
	From, To int
	Names    []Named
}

// An Instrument is a well-known treaty, memorandum, charter or the like.
type Instrument struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	Kind    string   `yaml:"kind"`
	Date    string   `yaml:"date"`
	Binding string   `yaml:"binding"`
}

// A Lexicon answers for names. It does not change and is safe for concurrent use.
type Lexicon struct {
	actors          []Actor
	instruments     []Instrument
	actorIndex      map[string]int
	instrumentIndex map[string]int
	actorNames      map[string]owner // by the normalised name or alias
	instrumentNames map[string]string
}

// An owner is the actor that has a name, and when.
type owner struct {
	id    string
	named Named
}

// Default is the lexicon that comes with the program. The error names the
// mistake in its data.
var Default = sync.OnceValues(func() (*Lexicon, error) { return load(data) })

func load(files fs.FS) (*Lexicon, error) {
	l := &Lexicon{
		actorIndex: map[string]int{}, instrumentIndex: map[string]int{},
		actorNames: map[string]owner{}, instrumentNames: map[string]string{},
	}
	for _, step := range []func(fs.FS) error{l.loadStates, l.loadOthers, l.loadLeaders, l.loadInstruments} {
		if err := step(files); err != nil {
			return nil, fmt.Errorf("lexicon: %w", err)
		}
	}
	return l, nil
}

// decode reads a data file; a key it does not know is a mistake.
func decode(files fs.FS, name string, into any) error {
	file, err := files.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// styles are how states are officially called: of a name, and with an adjective.
var (
	stylesOf = []string{
		"Republic of", "Kingdom of", "State of", "Islamic Republic of", "Socialist Republic of", "People's Republic of",
		"Democratic Republic of", "Federal Republic of", "Principality of", "Grand Duchy of", "Sultanate of",
		"Hashemite Kingdom of", "Arab Republic of", "Federal Democratic Republic of", "Democratic People's Republic of",
		"Democratic Socialist Republic of", "Oriental Republic of", "Co-operative Republic of", "Government of", "Empire of",
	}
	stylesWith = []string{"Republic", "Federation", "Arab Republic", "Government", "government", "People's Republic"}
)

func (l *Lexicon) loadStates(files fs.FS) error {
	var states []struct {
		ID        string   `yaml:"id"`
		Name      string   `yaml:"name"`
		Official  []string `yaml:"official"`
		Adjective []string `yaml:"adjective"`
		People    []string `yaml:"people"`
		Capital   []string `yaml:"capital"`
		Seat      []string `yaml:"seat"`
		Ambiguous bool     `yaml:"ambiguous"`
		From      int      `yaml:"from"`
		To        int      `yaml:"to"`
	}
	if err := decode(files, "states.yaml", &states); err != nil {
		return err
	}
	var faults []error
	for _, s := range states {
		if !stateID.MatchString(s.ID) || s.Name == "" || s.To != 0 && s.To < s.From {
			faults = append(faults, fmt.Errorf("states.yaml: %q, %q needs an id of three capitals or a slug, a name, and years in order", s.ID, s.Name))
			continue
		}
		a := Actor{ID: "state:" + s.ID, Name: s.Name, Kind: "state", Ambiguous: s.Ambiguous, From: s.From, To: s.To}
		add := func(form Form, texts ...string) {
			for _, text := range texts {
				named, _ := dated(text)
				named.Form = form
				a.Names = append(a.Names, named)
			}
		}
		add(Name, s.Name)
		add(Alias, s.Official...)
		add(Adjective, s.Adjective...)
		add(People, s.People...)
		add(Capital, s.Capital...)
		add(Seat, s.Seat...)
		faults = append(faults, l.addActor(a))
	}
	// What is officially called so is added last, where nobody has the name.
	for i := range l.actors {
		a := &l.actors[i]
		for _, style := range stylesOf {
			// The State of Georgia is the other Georgia.
			if !a.Ambiguous || style != "State of" {
				l.addStyled(a, style+" "+a.Name)
			}
		}
		for _, n := range a.Names {
			for _, style := range stylesWith {
				if n.Form == Adjective {
					l.addStyled(a, n.Text+" "+style)
				}
			}
		}
	}
	return errors.Join(faults...)
}

func (l *Lexicon) addStyled(a *Actor, name string) {
	key := Normal(name)
	if _, taken := l.actorNames[key]; taken {
		return
	}
	named := Named{Text: name, Form: Alias}
	l.actorNames[key] = owner{a.ID, named}
	a.Names = append(a.Names, named)
}

func (l *Lexicon) loadOthers(files fs.FS) error {
	type other struct {
		ID      string   `yaml:"id"`
		Kind    string   `yaml:"kind"`
		Name    string   `yaml:"name"`
		Aliases []string `yaml:"aliases"`
		Members []string `yaml:"members"`
	}
	var faults []error
	for _, file := range []string{"organizations.yaml", "groups.yaml"} {
		var others []other
		if err := decode(files, file, &others); err != nil {
			return err
		}
		for _, o := range others {
			a := Actor{ID: o.ID, Name: o.Name, Kind: o.Kind, Names: []Named{{Text: o.Name, Form: Name}}}
			for _, alias := range append(o.Aliases, o.Members...) {
				a.Names = append(a.Names, Named{Text: alias, Form: Alias})
			}
			faults = append(faults, l.addActor(a))
		}
	}
	return errors.Join(faults...)
}

func (l *Lexicon) addActor(a Actor) error {
	if _, twice := l.actorIndex[a.ID]; twice {
		return fmt.Errorf("actor %s stands twice", a.ID)
	}
	l.actorIndex[a.ID] = len(l.actors)
	for _, n := range a.Names {
		if n.Form != Name && n.Form != Alias {
			continue
		}
		key := Normal(n.Text)
		of, taken := l.actorNames[key]
		if taken && of.id != a.ID && !of.named.before(n) && !n.before(of.named) {
			return fmt.Errorf("%q names both %s and %s", n.Text, of.id, a.ID)
		}
		if !taken || of.named.before(n) {
			l.actorNames[key] = owner{a.ID, n}
		}
	}
	l.actors = append(l.actors, a)
	return nil
}

var (
	stateID = regexp.MustCompile(`^(?:[A-Z]{3}|[a-z]+(?:-[a-z]+)*)$`)
	term    = regexp.MustCompile(`^(.+) (\d{4})?-(\d{4})?$`)
)

// dated takes the years off a name: "Moscow -1918", "Kremlin 1992-". It
// reports whether there are any.
func dated(text string) (Named, bool) {
	match := term.FindStringSubmatch(text)
	if match == nil {
		return Named{Text: text}, false
	}
	from, _ := strconv.Atoi("0" + match[2]) // at most four digits
	to, _ := strconv.Atoi("0" + match[3])
	return Named{Text: match[1], From: from, To: to}, true
}

// before reports whether the years of n are over when those of m begin.
func (n Named) before(m Named) bool { return n.To != 0 && m.From != 0 && n.To <= m.From }

func (l *Lexicon) loadLeaders(files fs.FS) error {
	leaders := map[string][]string{}
	if err := decode(files, "leaders.yaml", &leaders); err != nil {
		return err
	}
	whole := leaders["full-name-only"]
	delete(leaders, "full-name-only")
	var faults []error
	for _, of := range slices.Sorted(maps.Keys(leaders)) {
		terms := leaders[of]
		id := of
		if !strings.Contains(id, ":") {
			id = "state:" + of
		}
		i, ok := l.actorIndex[id]
		if !ok {
			faults = append(faults, fmt.Errorf("leaders.yaml: unknown actor %q", of))
			continue
		}
		for _, text := range terms {
			leader, ok := dated(text)
			if !ok || leader.From == 0 {
				faults = append(faults, fmt.Errorf("leaders.yaml: %q is not a name with years", text))
				continue
			}
			names := []string{leader.Text}
			if words := strings.Fields(leader.Text); len(words) > 1 && !slices.Contains(whole, words[len(words)-1]) {
				names = append(names, words[len(words)-1])
			}
			for _, name := range names {
				l.actors[i].Names = append(l.actors[i].Names, Named{Text: name, Form: Speaker, From: leader.From, To: leader.To})
			}
		}
	}
	return errors.Join(faults...)
}

func (l *Lexicon) loadInstruments(files fs.FS) error {
	if err := decode(files, "instruments.yaml", &l.instruments); err != nil {
		return err
	}
	var faults []error
	for i, in := range l.instruments {
		if _, twice := l.instrumentIndex[in.ID]; twice {
			faults = append(faults, fmt.Errorf("instrument %s stands twice", in.ID))
		}
		l.instrumentIndex[in.ID] = i
		for _, name := range append([]string{in.Name}, in.Aliases...) {
			key := Normal(name)
			if of, taken := l.instrumentNames[key]; taken && of != in.ID {
				faults = append(faults, fmt.Errorf("%q names both %s and %s", name, of, in.ID))
			}
			l.instrumentNames[key] = in.ID
		}
	}
	return errors.Join(faults...)
}

// Actors are all actors.
func (l *Lexicon) Actors() []Actor { return l.actors }

// Instruments are all instruments.
func (l *Lexicon) Instruments() []Instrument { return l.instruments }

// Actor is the actor with that id.
func (l *Lexicon) Actor(id string) (Actor, bool) {
	i, ok := l.actorIndex[id]
	if !ok {
		return Actor{}, false
	}
	return l.actors[i], true
}

// ActorByName is the id of the actor with that name or alias; case, accents,
// punctuation, a possessive and a leading article do not matter. Of actors that
// had the name one after the other it is the last.
func (l *Lexicon) ActorByName(name string) (string, bool) {
	of, ok := l.actorNames[Normal(name)]
	return of.id, ok
}

// Instrument is the instrument with that id.
func (l *Lexicon) Instrument(id string) (Instrument, bool) {
	i, ok := l.instrumentIndex[id]
	if !ok {
		return Instrument{}, false
	}
	return l.instruments[i], true
}

// InstrumentByName is the id of the instrument with that name or alias.
func (l *Lexicon) InstrumentByName(name string) (string, bool) {
	id, ok := l.instrumentNames[Normal(name)]
	return id, ok
}

// Near are at most n names of actors and instruments that differ least from
// the name, for suggestions; none where nothing is near.
func (l *Lexicon) Near(name string, n int) []string {
	type candidate struct {
		name     string
		distance int
	}
	key := Normal(name)
	var candidates []candidate
	consider := func(known string) {
		if d := levenshtein.ComputeDistance(key, Normal(known)); d <= max(1, len(key)/3) {
			candidates = append(candidates, candidate{known, d})
		}
	}
	for _, a := range l.actors {
		consider(a.Name)
	}
	for _, i := range l.instruments {
		consider(i.Name)
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return a.distance - b.distance })
	var names []string
	for _, c := range candidates[:min(n, len(candidates))] {
		names = append(names, c.name)
	}
	return names
}

var (
	possessive = regexp.MustCompile(`[’']s\b`)
	article    = regexp.MustCompile(`^(the|a|an) `)
)

// Normal is a name as it is compared: lower case, without accents,
// punctuation, possessive and leading article.
func Normal(name string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), name)
	if err != nil {
		plain = name
	}
	plain = possessive.ReplaceAllString(strings.ToLower(plain), "")
	plain = strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
	return article.ReplaceAllString(plain, "")
}

// InstrumentForms say how instruments are recognised that no catalogue has: by the nouns
// that head their names, by plain words, and by what refers back to them.
type InstrumentForms struct {
	Heads        map[string]string   `yaml:"heads"`        // noun: instrument kind
	Plain        map[string]string   `yaml:"plain"`        // words: instrument kind
	Descriptions map[string][]string `yaml:"descriptions"` // noun: the kinds it can refer to
}

// Forms are the forms of instruments.
var Forms = sync.OnceValues(func() (InstrumentForms, error) {
	var f InstrumentForms
	return f, decode(data, "forms.yaml", &f)
})
