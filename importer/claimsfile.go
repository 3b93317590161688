package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"pacta/graph"
)

// ReadClaims calls yield with each claims object of r: one JSON object, or
// several in JSONL or one after the other. Short forms are made long: a
// document that is a file name, a quote without evidence, a single name where a
// list may stand. It returns an error wrapping graph.ErrInvalid, with the
// number of the object, for what is not JSON or has a field that the format
// does not know.
func ReadClaims(r io.Reader, yield func(*Claims) error) error {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	for n := 1; ; n++ {
		var tree map[string]any
		err := decoder.Decode(&tree)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: claims object %d: %w", graph.ErrInvalid, n, err)
		}
		claims, err := decodeClaims(tree)
		if err != nil {
			return fmt.Errorf("%w: claims object %d: %w", graph.ErrInvalid, n, err)
		}
		if err := yield(claims); err != nil {
			return err
		}
	}
}

// decodeClaims makes a claims object's short forms long and decodes it strictly.
func decodeClaims(tree map[string]any) (*Claims, error) {
	if uri, ok := tree["document"].(string); ok {
		tree["document"] = map[string]any{"uri": uri}
	}
	for _, list := range []string{"instruments", "parties", "obligations", "violations", "responses"} {
		facts, _ := tree[list].([]any)
		for _, fact := range facts {
			if fact, ok := fact.(map[string]any); ok {
				lengthen(fact)
			}
		}
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	var claims Claims
	if err := strict.Decode(&claims); err != nil {
		return nil, err
	}
	return &claims, nil
}

func lengthen(fact map[string]any) {
	if quote, ok := fact["quote"]; ok {
		if _, ok := fact["evidence"]; !ok {
			fact["evidence"] = []any{map[string]any{"quote": quote}}
		}
		delete(fact, "quote")
	}
	if name, ok := fact["name"]; ok {
		if _, ok := fact["names"]; !ok {
			fact["names"] = []any{name}
		}
		delete(fact, "name")
	}
	for _, list := range []string{"bearer", "beneficiary", "perpetrator", "victim", "breaches", "names"} {
		if name, ok := fact[list].(string); ok {
			fact[list] = []any{name}
		}
	}
}

// WriteClaims writes a claims object as one line.
func WriteClaims(w io.Writer, c *Claims) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(c)
}

// ClaimsOf are the batch's claims in the interchange format, with the
// document's text so that another store can check every quote. Actors are
// called by their names. Resolving the claims gives the batch again.
func ClaimsOf(b *graph.Batch) *Claims {
	d := b.Document
	called := calledBy(b.Actors)
	c := &Claims{
		Document: ClaimsDocument{
			URI: d.URI, SHA256: d.SHA256, Title: d.Title, Author: d.Author, Published: string(d.Published),
			Language: d.Language, MediaType: d.MediaType, Text: d.Text,
		},
		Extractor:   b.Extractor,
		Actors:      []ClaimedActor{},
		Instruments: []ClaimedInstrument{},
		Parties:     []ClaimedParty{},
		Obligations: []ClaimedObligation{},
		Violations:  []ClaimedViolation{},
		Responses:   []ClaimedResponse{},
	}
	for _, a := range b.Actors {
		c.Actors = append(c.Actors, ClaimedActor{ID: a.ID, Name: a.Name, Kind: string(a.Kind), Names: a.Names})
	}
	for _, i := range b.Instruments {
		c.Instruments = append(c.Instruments, ClaimedInstrument{
			ID: i.ID, Names: append([]string{i.Name}, i.Names...), Kind: string(i.Kind), Date: string(i.Date),
			Binding: string(i.Binding), Status: string(i.Status), Evidence: quoted(i.Evidence),
		})
	}
	for _, p := range b.Parties {
		c.Parties = append(c.Parties, ClaimedParty{Instrument: p.Instrument, Actor: called[p.Actor], Role: string(p.Role), Evidence: quoted(p.Evidence)})
	}
	for _, o := range b.Obligations {
		claimed := ClaimedObligation{
			ID: o.ID(), Instrument: o.Instrument, Provision: o.Provision, Bearer: []string{}, Beneficiary: []string{},
			Kind: string(o.Kind), Status: string(o.Status), Condition: o.Condition, Evidence: quoted(o.Evidence),
		}
		if o.Bearer != "" {
			claimed.Bearer = append(claimed.Bearer, called[o.Bearer])
		}
		for _, beneficiary := range o.Beneficiaries {
			claimed.Beneficiary = append(claimed.Beneficiary, called[beneficiary])
		}
		c.Obligations = append(c.Obligations, claimed)
	}
	for _, v := range b.Violations {
		claimed := ClaimedViolation{
			ID: v.ID(), Perpetrator: []string{}, Victim: []string{}, Kind: string(v.Kind),
			Date: string(v.Date), Standing: string(v.Standing), Breaches: []string{}, Evidence: quoted(v.Evidence),
		}
		if v.Perpetrator != "" {
			claimed.Perpetrator = append(claimed.Perpetrator, called[v.Perpetrator])
		}
		if v.Victim != "" {
			claimed.Victim = append(claimed.Victim, called[v.Victim])
		}
		for _, breach := range b.Breaches {
			if breach.Violation != v.ID() || !slices.Equal(breach.Evidence, v.Evidence) {
				continue
			}
			if breach.Obligation != "" {
				claimed.Breaches = append(claimed.Breaches, "#"+breach.Obligation)
			} else {
				claimed.Breaches = append(claimed.Breaches, breach.Instrument)
			}
		}
		c.Violations = append(c.Violations, claimed)
	}
	for _, r := range b.Responses {
		c.Responses = append(c.Responses, ClaimedResponse{Violation: r.Violation, Actor: called[r.Actor], Kind: string(r.Kind), Evidence: quoted(r.Evidence)})
	}
	return c
}

// calledBy gives each actor's name, or its id where two actors share a name.
func calledBy(actors []graph.ActorClaim) map[string]string {
	count := map[string]int{}
	for _, a := range actors {
		count[a.Name]++
	}
	called := map[string]string{}
	for _, a := range actors {
		called[a.ID] = a.Name
		if count[a.Name] > 1 {
			called[a.ID] = a.ID
		}
	}
	return called
}

func quoted(evidence []graph.Evidence) []Evidence {
	out := make([]Evidence, len(evidence))
	for i, e := range evidence {
		out[i] = Evidence{Quote: e.Quote, Start: e.Start, End: e.End, Confidence: e.Confidence, Extractor: e.Extractor, Rule: e.Rule}
		if e.Stance != graph.Supports {
			out[i].Stance = string(e.Stance)
		}
	}
	return out
}
