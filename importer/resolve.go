package importer

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pacta/graph"
	"pacta/importer/lexicon"
)

// Resolve turns what a document claims into a batch: names become ids by the
// lexicon, lists of bearers and perpetrators become atomic facts, quotes get
// their offsets. An actor or instrument that the lexicon does not know keeps
// the id that the claims give it, or gets one made of its name. The error
// joins every mistake, each wrapping graph.ErrInvalid and naming the claim.
func Resolve(c *Claims, d *Document, extractor string, lex *lexicon.Lexicon) (*graph.Batch, error) {
	r := &resolution{
		lexicon: lex, document: d, extractor: extractor,
		actors: map[string]string{}, instruments: map[string]string{},
		obligations: map[string][]string{}, violations: map[string][]string{},
		batch: &graph.Batch{
			Extractor: extractor,
			Document: graph.Document{
				SHA256: d.SHA256, URI: d.URI, Title: d.Title, Author: d.Author, Published: d.Published,
				Language: d.Language, MediaType: d.MediaType, Text: d.Text,
			},
		},
	}
	for _, a := range c.Actors {
		r.declareActor(a)
	}
	for _, i := range c.Instruments {
		r.instrument(i)
	}
	for _, p := range c.Parties {
		r.party(p)
	}
	for _, o := range c.Obligations {
		r.obligation(o)
	}
	for _, v := range c.Violations {
		r.violation(v)
	}
	for _, resp := range c.Responses {
		r.response(resp)
	}
	if len(r.mistakes) > 0 {
		return nil, errors.Join(r.mistakes...)
	}
	if err := r.batch.Validate(); err != nil {
		return nil, err
	}
	return r.batch, nil
}

type resolution struct {
	lexicon     *lexicon.Lexicon
	document    *Document
	extractor   string
	batch       *graph.Batch
	actors      map[string]string   // what the claims call an actor: its id
	instruments map[string]string   // a claimed instrument's id: its id in the graph
	obligations map[string][]string // a claimed obligation's id: the ids of its atomic facts
	violations  map[string][]string // likewise
	mistakes    []error
}

func (r *resolution) wrong(claim, format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Errorf("%w: %s: %s", graph.ErrInvalid, claim, fmt.Sprintf(format, args...)))
}

// declareActor takes an actor that the claims name. The lexicon's id for a
// name comes before an id of the claims' own.
func (r *resolution) declareActor(a ClaimedActor) {
	id := a.ID
	if known, ok := r.lexicon.Actor(a.ID); ok {
		id = known.ID
	} else if known, ok := r.lexicon.ActorByName(a.Name); ok {
		id = known
	}
	for _, name := range append([]string{a.ID, a.Name}, a.Names...) {
		if r.actors[name] == "" {
			r.actors[name] = id
		}
	}
	r.addActor(id, a.Name, graph.ActorKind(a.Kind))
}

func (r *resolution) addActor(id, name string, kind graph.ActorKind) {
	if slices.ContainsFunc(r.batch.Actors, func(a graph.ActorClaim) bool { return a.ID == id }) {
		return
	}
	claim := graph.ActorClaim{ID: id, Name: name, Kind: kind}
	if known, ok := r.lexicon.Actor(id); ok {
		claim.Name, claim.Kind = known.Name, graph.ActorKind(known.Kind)
	}
	r.batch.Actors = append(r.batch.Actors, claim)
}

// actor is the id for what a claim calls an actor: an id or a name.
func (r *resolution) actor(claim, called string) string {
	if id := r.actors[called]; id != "" {
		return id
	}
	id := called
	if _, ok := r.lexicon.Actor(called); !ok {
		if known, ok := r.lexicon.ActorByName(called); ok {
			id = known
		} else if slug := graph.Slug(called); slug != "" {
			id = "group:" + slug
		} else {
			r.wrong(claim, "actor %q has no letter that an id can be made of; declare it under actors", called)
			return ""
		}
	}
	r.actors[called] = id
	r.addActor(id, called, graph.Group)
	return id
}

func (r *resolution) actorsOf(claim string, called []string) []string {
	var ids []string
	for _, name := range called {
		if id := r.actor(claim, name); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (r *resolution) instrument(i ClaimedInstrument) {
	claim := "instrument " + i.ID
	if i.ID == "" || len(i.Names) == 0 {
		r.wrong(claim, "an instrument needs an id and a name")
		return
	}
	resolved := graph.InstrumentClaim{
		ID: graph.Slug(i.ID), Name: i.Names[0], Kind: graph.InstrumentKind(i.Kind), Date: graph.Date(i.Date),
		Binding: graph.Binding(cmp.Or(i.Binding, string(graph.UnspecifiedBinding))), Status: graph.Status(i.Status),
		Evidence: r.evidence(claim, i.Evidence),
	}
	if known, ok := r.catalogued(i); ok {
		resolved.ID, resolved.Name = known.ID, known.Name
	} else if generic.MatchString(resolved.Name) && resolved.ID == graph.Slug(resolved.Name) {
		resolved.ID += "-" + r.document.SHA256[:min(8, len(r.document.SHA256))]
	}
	for _, name := range i.Names {
		if name != resolved.Name && !slices.Contains(resolved.Names, name) {
			resolved.Names = append(resolved.Names, name)
		}
	}
	r.instruments[i.ID] = resolved.ID
	same := slices.IndexFunc(r.batch.Instruments, func(c graph.InstrumentClaim) bool { return c.ID == resolved.ID })
	if same < 0 {
		r.batch.Instruments = append(r.batch.Instruments, resolved)
		return
	}
	first := &r.batch.Instruments[same]
	first.Date = cmp.Or(first.Date, resolved.Date)
	first.Names = append(first.Names, resolved.Names...)
	slices.Sort(first.Names)
	first.Names = slices.Compact(first.Names)
	first.Evidence = append(first.Evidence, resolved.Evidence...)
}

// generic are names that mean another instrument in another document: "peace
// treaty", "the 1939 guarantee", "Constitution of 1960". Where an id was made of
// such a name, it takes in the document's hash, so that two never become one.
var generic = regexp.MustCompile(`^[^A-Z]*$|^[A-Z]\w+ of \d{4}$`)

// catalogued finds the claimed instrument in the lexicon, by id or by any name.
func (r *resolution) catalogued(i ClaimedInstrument) (lexicon.Instrument, bool) {
	if known, ok := r.lexicon.Instrument(i.ID); ok {
		return known, true
	}
	for _, name := range i.Names {
		if id, ok := r.lexicon.InstrumentByName(name); ok {
			return r.lexicon.Instrument(id)
		}
	}
	return lexicon.Instrument{}, false
}

// instrumentOf is the graph's id for a claimed instrument's id; a reference to
// none is a mistake.
func (r *resolution) instrumentOf(claim, id string) string {
	resolved, ok := r.instruments[id]
	if !ok {
		r.wrong(claim, "refers to instrument %q, which the claims do not hold", id)
	}
	return resolved
}

func (r *resolution) party(p ClaimedParty) {
	claim := "party " + p.Actor + " of " + p.Instrument
	r.batch.Parties = append(r.batch.Parties, graph.PartyClaim{
		Actor: r.actor(claim, p.Actor), Instrument: r.instrumentOf(claim, p.Instrument), Role: graph.Role(p.Role),
		Evidence: r.evidence(claim, p.Evidence),
	})
}

func (r *resolution) obligation(o ClaimedObligation) {
	claim := "obligation " + o.ID
	atom := graph.ObligationClaim{
		Kind: graph.ObligationKind(o.Kind), Status: graph.Status(o.Status), Provision: o.Provision, Condition: o.Condition,
		Evidence: r.evidence(claim, o.Evidence),
	}
	if o.Instrument != "" {
		atom.Instrument = r.instrumentOf(claim, o.Instrument)
	}
	bearers := r.actorsOf(claim, o.Bearer)
	beneficiaries := r.actorsOf(claim, o.Beneficiary)
	if len(bearers) == 0 {
		bearers = []string{""}
	}
	for _, bearer := range bearers {
		atom.Bearer = bearer
		// where each owes it to every other, nobody owes it to himself
		atom.Beneficiaries = slices.DeleteFunc(slices.Clone(beneficiaries), func(b string) bool { return b == bearer })
		r.batch.Obligations = append(r.batch.Obligations, atom)
		r.obligations[o.ID] = append(r.obligations[o.ID], atom.ID())
	}
}

func (r *resolution) violation(v ClaimedViolation) {
	claim := "violation " + v.ID
	perpetrators := r.actorsOf(claim, v.Perpetrator)
	if len(perpetrators) == 0 {
		perpetrators = []string{""}
	}
	victims := r.actorsOf(claim, v.Victim)
	if len(victims) == 0 {
		victims = []string{""}
	}
	for _, perpetrator := range perpetrators {
		for _, victim := range victims {
			atom := graph.ViolationClaim{
				Perpetrator: perpetrator, Victim: victim, Kind: graph.ViolationKind(v.Kind), Date: graph.Date(v.Date),
				Standing: graph.Standing(cmp.Or(v.Standing, string(graph.Alleged))), Evidence: r.evidence(claim, v.Evidence),
			}
			r.batch.Violations = append(r.batch.Violations, atom)
			r.violations[v.ID] = append(r.violations[v.ID], atom.ID())
			for _, target := range v.Breaches {
				r.breach(claim, atom, target)
			}
		}
	}
}

// breach links an act to what it broke: an instrument, or of a claimed
// obligation the part that the perpetrator bears.
func (r *resolution) breach(claim string, v graph.ViolationClaim, target string) {
	breach := graph.BreachClaim{Violation: v.ID(), Evidence: v.Evidence}
	id, isObligation := strings.CutPrefix(target, "#")
	if !isObligation {
		breach.Instrument = r.instrumentOf(claim, target)
		r.batch.Breaches = append(r.batch.Breaches, breach)
		return
	}
	atoms, ok := r.obligations[id]
	if !ok {
		r.wrong(claim, "refers to obligation %q, which the claims do not hold", target)
	}
	for _, atom := range r.batch.Obligations {
		if atom.Bearer == v.Perpetrator && slices.Contains(atoms, atom.ID()) {
			breach.Obligation = atom.ID()
			r.batch.Breaches = append(r.batch.Breaches, breach)
			return
		}
	}
	r.wrong(claim, "breaks obligation %q, which its perpetrator does not bear", target)
}

func (r *resolution) response(c ClaimedResponse) {
	claim := "response of " + c.Actor + " to " + c.Violation
	violations, ok := r.violations[c.Violation]
	if !ok {
		r.wrong(claim, "refers to violation %q, which the claims do not hold", c.Violation)
	}
	for _, violation := range violations {
		r.batch.Responses = append(r.batch.Responses, graph.ResponseClaim{
			Violation: violation, Actor: r.actor(claim, c.Actor), Kind: graph.ResponseKind(c.Kind),
			Evidence: r.evidence(claim, c.Evidence),
		})
	}
}

// evidence gives quotes their offsets where the claims give none, and the
// extractor's name where they name nobody.
func (r *resolution) evidence(claim string, quoted []Evidence) []graph.Evidence {
	out := make([]graph.Evidence, 0, len(quoted))
	for _, e := range quoted {
		if e.Start == 0 && e.End == 0 {
			start := strings.Index(r.document.Text, e.Quote)
			if start < 0 {
				r.wrong(claim, "quote %.80q is not in the document", e.Quote)
				continue
			}
			e.Start, e.End = start, start+len(e.Quote)
		}
		out = append(out, graph.Evidence{
			Quote: e.Quote, Start: e.Start, End: e.End, Confidence: e.Confidence,
			Extractor: cmp.Or(e.Extractor, r.extractor), Rule: e.Rule,
			Stance: graph.Stance(cmp.Or(e.Stance, string(graph.Supports))),
		})
	}
	return out
}
