package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pacta/importer"
)

// A ledger gathers the facts of one document, each once.
type ledger struct {
	document    *importer.Document
	actors      map[string]importer.ClaimedActor // by name
	instruments []importer.ClaimedInstrument
	parties     []importer.ClaimedParty
	obligations []importer.ClaimedObligation
	violations  []*violation
	responses   []response
	refused     map[string]int
}

// A violation is a claim that may still give way to a more definite one.
type violation struct {
	importer.ClaimedViolation
	yields   bool
	accounts []importer.ClaimedViolation // what each passage says of it
}

// A response is a claim that waits for its violation.
type response struct {
	importer.ClaimedResponse
	against []string // actors, one of whom did the violation
}

func newLedger(d *importer.Document) *ledger {
	return &ledger{
		document: d, actors: map[string]importer.ClaimedActor{}, refused: map[string]int{},
		instruments: []importer.ClaimedInstrument{}, parties: []importer.ClaimedParty{}, obligations: []importer.ClaimedObligation{},
	}
}

func (l *ledger) refuse(reason string) { l.refused[reason]++ }

func (l *ledger) actor(m importer.Mention) {
	a, known := l.actors[m.Name]
	if !known {
		a = importer.ClaimedActor{ID: m.ID, Name: m.Name, Kind: m.Kind}
	}
	if m.How != importer.ByPronoun {
		if as := strings.Join(strings.Fields(l.document.Text[m.Start:m.End]), " "); as != m.Name && m.How != byTerritory {
			a.Names = addName(a.Names, as)
		}
	}
	l.actors[m.Name] = a
}

func (l *ledger) instrument(m importer.Mention, date string, e importer.Evidence) {
	as := m.Name
	if m.How != importer.ByDescription {
		as = strings.Join(strings.Fields(l.document.Text[m.Start:m.End]), " ")
	}
	for i := range l.instruments {
		if known := &l.instruments[i]; known.ID == m.ID {
			known.Names = addName(known.Names, as)
			known.Date = cmp.Or(known.Date, date)
			return
		}
	}
	l.instruments = append(l.instruments, importer.ClaimedInstrument{
		ID: m.ID, Names: addName([]string{m.Name}, as), Kind: m.Kind, Date: date,
		Binding: "unspecified", Status: "agreed", Evidence: []importer.Evidence{e},
	})
}

func (l *ledger) party(instrument, role string, actors []string, e importer.Evidence) {
	for _, a := range actors {
		i := slices.IndexFunc(l.parties, func(p importer.ClaimedParty) bool {
			return p.Instrument == instrument && p.Actor == a
		})
		if i < 0 {
			l.parties = append(l.parties, importer.ClaimedParty{Instrument: instrument, Actor: a, Role: role, Evidence: []importer.Evidence{e}})
		} else if strength[role] > strength[l.parties[i].Role] {
			l.parties[i].Role, l.parties[i].Evidence = role, []importer.Evidence{e}
		}
	}
}

// strength orders roles by how much they say.
var strength = map[string]int{"signatory": 1, "member": 1, "mediator": 2, "proposer": 2, "beneficiary": 3, "guarantor": 4}

// in are the actors that stand to an instrument in one of the roles.
func (l *ledger) in(instrument string, roles ...string) []string {
	var actors []string
	for _, p := range l.parties {
		if p.Instrument == instrument && slices.Contains(roles, p.Role) {
			actors = append(actors, p.Actor)
		}
	}
	return actors
}

func (l *ledger) obligation(o importer.ClaimedObligation) {
	for i := range l.obligations {
		k := &l.obligations[i]
		if k.Instrument == o.Instrument && k.Kind == o.Kind && k.Status == o.Status && slices.Equal(sorted(k.Bearer), sorted(o.Bearer)) &&
			slices.Equal(sorted(k.Beneficiary), sorted(o.Beneficiary)) {
			k.Evidence = better(k.Evidence, o.Evidence)
			return
		}
	}
	l.obligations = append(l.obligations, o)
}

func (l *ledger) violation(v violation) *violation {
	for _, k := range l.violations {
		if k.Kind == v.Kind && slices.Equal(sorted(k.Perpetrator), sorted(v.Perpetrator)) && slices.Equal(sorted(k.Victim), sorted(v.Victim)) &&
			(k.Date == "" || v.Date == "" || strings.HasPrefix(k.Date, v.Date) || strings.HasPrefix(v.Date, k.Date)) {
			k.absorb(&v)
			return k
		}
	}
	v.accounts = []importer.ClaimedViolation{v.ClaimedViolation}
	l.violations = append(l.violations, &v)
	return &v
}

// absorb adds to a violation what another account of it says.
func (v *violation) absorb(other *violation) {
	v.accounts = append(v.accounts, other.ClaimedViolation)
	v.accounts = append(v.accounts, other.accounts...)
	for _, b := range other.Breaches {
		v.Breaches = addName(v.Breaches, b)
	}
	if len(other.Date) > len(v.Date) {
		v.Date = other.Date
	}
	v.Evidence = better(v.Evidence, other.Evidence)
}

// rows are the violation as claims: the accounts that say what it broke, each
// with its own passage, so that a breach is proved by the sentence that states
// it alone, and all other passages together.
func (v *violation) rows() []importer.ClaimedViolation {
	var rows []importer.ClaimedViolation
	rest := v.Evidence
	for _, account := range v.accounts {
		if len(account.Breaches) == 0 {
			continue
		}
		rest = slices.DeleteFunc(slices.Clone(rest), func(e importer.Evidence) bool { return slices.Contains(account.Evidence, e) })
		row := v.ClaimedViolation
		row.Breaches, row.Evidence = account.Breaches, account.Evidence
		rows = append(rows, row)
	}
	if len(rest) > 0 {
		row := v.ClaimedViolation
		row.Breaches, row.Evidence = nil, rest
		rows = append(rows, row)
	}
	for i := range rows[1:] {
		rows[i+1].ID += fmt.Sprintf("-%d", i+2)
	}
	return rows
}

// better is both accounts' evidence, the most certain first.
func better(a, b []importer.Evidence) []importer.Evidence {
	for _, e := range b {
		if !slices.ContainsFunc(a, func(k importer.Evidence) bool { return k.Start == e.Start && k.End == e.End }) {
			a = append(a, e)
		}
	}
	slices.SortStableFunc(a, func(x, y importer.Evidence) int { return cmp.Compare(y.Confidence, x.Confidence) })
	return a
}

// claims folds the accounts together and writes them out.
func (l *ledger) claims() *importer.Claims {
	l.findDoers()
	l.findVictims()
	l.dropGeneral()
	l.joinAccounts()
	c := &importer.Claims{
		Document: importer.ClaimsDocument{
			URI: l.document.URI, SHA256: l.document.SHA256, Title: l.document.Title, Author: l.document.Author,
			Published: string(l.document.Published), Language: l.document.Language, MediaType: l.document.MediaType,
		},
		Extractor:   extractorName,
		Instruments: l.instruments,
		Parties:     l.parties,
		Obligations: l.obligations,
		Violations:  []importer.ClaimedViolation{}, Responses: []importer.ClaimedResponse{},
	}
	for i := range c.Obligations {
		c.Obligations[i].ID = fmt.Sprintf("o%d", i+1)
	}
	for i, v := range l.violations {
		v.ID = fmt.Sprintf("v%d", i+1)
		v.Standing = "alleged"
		c.Violations = append(c.Violations, v.rows()...)
	}
	for _, r := range l.responses {
		if id := l.violationBy(r.against, r.Actor); id != "" {
			r.Violation = id
			if !slices.ContainsFunc(c.Responses, func(k importer.ClaimedResponse) bool {
				return k.Violation == r.Violation && k.Actor == r.Actor && k.Kind == r.Kind
			}) {
				c.Responses = append(c.Responses, r.ClaimedResponse)
			}
		}
	}
	c.Actors = l.named(c)
	return c
}

// findDoers ascribes an act that is told without its doer ("the annexation of
// Peru") to the one who did the same to the same victim elsewhere in the
// document, where there is exactly one; else it is no claim.
func (l *ledger) findDoers() {
	all := slices.Clone(l.violations)
	l.violations = slices.DeleteFunc(l.violations, func(v *violation) bool {
		if len(v.Perpetrator) > 0 {
			return false
		}
		var known *violation
		for _, k := range all {
			if len(k.Perpetrator) > 0 && k.Kind == v.Kind && slices.Equal(sorted(k.Victim), sorted(v.Victim)) {
				if known != nil && !slices.Equal(sorted(known.Perpetrator), sorted(k.Perpetrator)) {
					return true
				}
				known = k
			}
		}
		if known != nil {
			known.absorb(v)
		}
		return true
	})
}

// findVictims gives a violation that names no victim the one whom the same
// actor wronged elsewhere in the document, where there is exactly one.
func (l *ledger) findVictims() {
	for _, v := range l.violations {
		if len(v.Victim) > 0 || v.Kind == "withdrawal" {
			continue
		}
		var victims [][]string
		for _, k := range l.violations {
			if len(k.Victim) > 0 && slices.Equal(sorted(k.Perpetrator), sorted(v.Perpetrator)) &&
				!slices.ContainsFunc(victims, func(s []string) bool { return slices.Equal(sorted(s), sorted(k.Victim)) }) {
				victims = append(victims, k.Victim)
			}
		}
		if len(victims) == 1 {
			v.Victim = victims[0]
		}
	}
}

// dropGeneral lets general accounts ("aggression") give way to definite ones
// ("invasion") of what the same actors did to the same victims.
func (l *ledger) dropGeneral() {
	all := slices.Clone(l.violations)
	l.violations = slices.DeleteFunc(l.violations, func(v *violation) bool {
		if !v.yields {
			return false
		}
		for _, k := range all {
			if !k.yields && force[k.Kind] && slices.Equal(sorted(k.Perpetrator), sorted(v.Perpetrator)) && slices.Equal(sorted(k.Victim), sorted(v.Victim)) {
				for _, b := range v.Breaches {
					k.Breaches = addName(k.Breaches, b)
				}
				return true
			}
		}
		return len(v.Victim) == 0 && len(v.Breaches) == 0
	})
}

// force are the kinds of violation done by force of arms.
var force = map[string]bool{"annexation": true, "invasion": true, "occupation": true, "armed-attack": true}

// joinAccounts makes one violation of those that only differ in what one of
// them leaves out.
func (l *ledger) joinAccounts() {
	accounts := l.violations
	l.violations = nil
	for _, v := range accounts {
		l.violation(*v)
	}
}

func (l *ledger) violationBy(actors []string, but string) string {
	for _, v := range l.violations {
		for _, p := range v.Perpetrator {
			if slices.Contains(actors, p) && p != but && !slices.Contains(v.Perpetrator, but) {
				return v.ID
			}
		}
	}
	return ""
}

// named are the actors that the claims use, by name.
func (l *ledger) named(c *importer.Claims) []importer.ClaimedActor {
	used := map[string]bool{}
	use := func(names []string) {
		for _, n := range names {
			used[n] = true
		}
	}
	for _, p := range c.Parties {
		used[p.Actor] = true
	}
	for _, o := range c.Obligations {
		use(o.Bearer)
		use(o.Beneficiary)
	}
	for _, v := range c.Violations {
		use(v.Perpetrator)
		use(v.Victim)
	}
	for _, r := range c.Responses {
		used[r.Actor] = true
	}
	var actors []importer.ClaimedActor
	for name := range used {
		if a, ok := l.actors[name]; ok {
			slices.Sort(a.Names)
			actors = append(actors, a)
		}
	}
	slices.SortFunc(actors, func(a, b importer.ClaimedActor) int { return strings.Compare(a.Name, b.Name) })
	return actors
}

func sorted(names []string) []string {
	s := slices.Clone(names)
	slices.Sort(s)
	return s
}
