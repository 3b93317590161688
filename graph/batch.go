package graph

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// A Document is a source.
type Document struct {
	SHA256    string `json:"sha256"` // of its bytes; its identity
	URI       string `json:"uri"`
	Title     string `json:"title,omitempty"`
	Author    string `json:"author,omitempty"`
	Published Date   `json:"published,omitempty"`
	Language  string `json:"language,omitempty"`
	MediaType string `json:"mediaType,omitempty"`
	Text      string `json:"text"` // as parsed; every passage points into it
}

// ID is the document's identity.
func (d Document) ID() string { return DocumentID(d.SHA256) }

// Evidence is a passage of the batch's document that supports or denies a
// claim. Start and End are byte offsets into the document's text, End exclusive.
type Evidence struct {
	Quote      string  `json:"quote"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Confidence float64 `json:"confidence,omitempty"` // 0 to 1
	Extractor  string  `json:"extractor"`
	Rule       string  `json:"rule,omitempty"`
	Stance     Stance  `json:"stance"`
}

// An ActorClaim names an actor that the batch's other claims use.
type ActorClaim struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Kind  ActorKind `json:"kind"`
	Names []string  `json:"names,omitempty"`
}

// An InstrumentClaim is what the document says of an instrument.
type InstrumentClaim struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Names    []string       `json:"names,omitempty"`
	Kind     InstrumentKind `json:"kind"`
	Date     Date           `json:"date,omitempty"`
	Binding  Binding        `json:"binding"`
	Status   Status         `json:"status"`
	Evidence []Evidence     `json:"evidence"`
}

// A PartyClaim says in which role an actor stands to an instrument.
type PartyClaim struct {
	Actor      string     `json:"actor"`
	Instrument string     `json:"instrument"`
	Role       Role       `json:"role"`
	Evidence   []Evidence `json:"evidence"`
}

func (c PartyClaim) edge() Edge {
	return Edge{From: c.Actor, Type: PartyTo, To: c.Instrument, Key: string(c.Role)}
}

// An ObligationClaim says that one bearer owes one thing. Instrument, Bearer
// and Beneficiaries may be empty, but not both of the first two.
type ObligationClaim struct {
	Instrument    string         `json:"instrument,omitempty"`
	Bearer        string         `json:"bearer,omitempty"`
	Beneficiaries []string       `json:"beneficiaries,omitempty"`
	Kind          ObligationKind `json:"kind"`
	Status        Status         `json:"status"`
	Provision     string         `json:"provision,omitempty"`
	Condition     string         `json:"condition,omitempty"`
	Evidence      []Evidence     `json:"evidence"`
}

// ID is the obligation's identity.
func (c ObligationClaim) ID() string {
	return ObligationID(c.Instrument, c.Kind, c.Bearer, c.Beneficiaries)
}

// A ViolationClaim says that one perpetrator did one thing to one victim.
// Perpetrator and Victim may be empty, where the document names none.
type ViolationClaim struct {
	Perpetrator string        `json:"perpetrator,omitempty"`
	Victim      string        `json:"victim,omitempty"`
	Kind        ViolationKind `json:"kind"`
	Date        Date          `json:"date,omitempty"`
	Standing    Standing      `json:"standing"`
	Evidence    []Evidence    `json:"evidence"`
}

// ID is the violation's identity as this document says it. The graph can show
// it under the id of a dated mention of the same act.
func (c ViolationClaim) ID() string {
	return ViolationID(c.Perpetrator, c.Kind, c.Victim, c.Date)
}

func (c ViolationClaim) group() string {
	return violationGroup(c.Perpetrator, c.Kind, c.Victim)
}

// A BreachClaim says that a violation of the batch broke an instrument or an
// obligation of the batch: exactly one of the two is set.
type BreachClaim struct {
	Violation  string     `json:"violation"`
	Instrument string     `json:"instrument,omitempty"`
	Obligation string     `json:"obligation,omitempty"`
	Evidence   []Evidence `json:"evidence"`
}

func (c BreachClaim) fact() string {
	return Edge{From: c.Violation, Type: Breaches, To: c.Instrument + c.Obligation}.ID()
}

// A ResponseClaim says what an actor did about a violation of the batch.
type ResponseClaim struct {
	Violation string       `json:"violation"`
	Actor     string       `json:"actor"`
	Kind      ResponseKind `json:"kind"`
	Evidence  []Evidence   `json:"evidence"`
}

func (c ResponseClaim) edge() Edge {
	return Edge{From: c.Actor, Type: RespondedTo, To: c.Violation, Key: string(c.Kind)}
}

// An EventClaim is a dataset's event, with the obligations that it put to the
// test.
type EventClaim struct {
	Dataset  string         `json:"dataset"`
	Key      string         `json:"key"` // the dataset's own id
	Name     string         `json:"name"`
	Date     Date           `json:"date,omitempty"`
	Triggers []EventTrigger `json:"triggers,omitempty"`
	Evidence []Evidence     `json:"evidence"`
}

// ID is the event's identity.
func (c EventClaim) ID() string { return EventID(c.Dataset, c.Key) }

// An EventTrigger is an obligation of the batch that an event put to the test.
type EventTrigger struct {
	Obligation string  `json:"obligation"`
	Outcome    Outcome `json:"outcome"`
}

// A Batch is all that one extractor read in one document. It is applied whole
// or not at all; document and extractor are its identity.
type Batch struct {
	Document    Document          `json:"document"`
	Extractor   string            `json:"extractor"`
	Actors      []ActorClaim      `json:"actors,omitempty"`
	Instruments []InstrumentClaim `json:"instruments,omitempty"`
	Parties     []PartyClaim      `json:"parties,omitempty"`
	Obligations []ObligationClaim `json:"obligations,omitempty"`
	Violations  []ViolationClaim  `json:"violations,omitempty"`
	Breaches    []BreachClaim     `json:"breaches,omitempty"`
	Responses   []ResponseClaim   `json:"responses,omitempty"`
	Events      []EventClaim      `json:"events,omitempty"`
}

// ClaimCount is the number of claims in the batch, actors not counted.
func (b *Batch) ClaimCount() int {
	return len(b.Instruments) + len(b.Parties) + len(b.Obligations) + len(b.Violations) +
		len(b.Breaches) + len(b.Responses) + len(b.Events)
}

// Validate checks the whole batch and returns every mistake, each wrapping
// ErrInvalid and naming the claim: ids that are not of the model's form, words
// outside the vocabularies, references to what the batch does not hold, quotes
// that do not stand verbatim at their offsets, and claims that hang on what the
// batch only denies: the graph would hold an edge to a node that it does not show.
func (b *Batch) Validate() error {
	v := validation{batch: b, ids: map[string]Label{}, supported: map[string]bool{}}
	v.document()
	v.declare()
	v.claims()
	return errors.Join(v.mistakes...)
}

type validation struct {
	batch     *Batch
	ids       map[string]Label // what the batch declares
	supported map[string]bool  // the instruments and obligations of these that it does not only deny
	mistakes  []error
}

func (v *validation) wrong(claim, format string, args ...any) {
	v.mistakes = append(v.mistakes, fmt.Errorf("%w: %s: %s", ErrInvalid, claim, fmt.Sprintf(format, args...)))
}

func (v *validation) document() {
	d := v.batch.Document
	if !digest.MatchString(d.SHA256) {
		v.wrong("document", "sha256 %q is not 64 hexadecimal digits", d.SHA256)
	}
	if !utf8.ValidString(d.Text) {
		v.wrong("document", "text is not valid UTF-8")
	}
	if _, err := ParseDate(string(d.Published)); err != nil {
		v.wrong("document", "published %q is no date", d.Published)
	}
	v.fits("document", v.batch.Extractor, []string{d.URI})
	if v.batch.Extractor == "" {
		v.wrong("document", "the batch does not say which extractor read it")
	}
}

func (v *validation) declare() {
	for _, c := range v.batch.Actors {
		switch {
		case !actorID.MatchString(c.ID):
			v.wrong("actor "+c.ID, "id is not of the form state:RUS, org:nato, person:name or group:name")
		case v.ids[c.ID] != "":
			v.wrong("actor "+c.ID, "declared twice")
		case c.Name == "":
			v.wrong("actor "+c.ID, "has no name")
		}
		v.fits("actor "+c.ID, c.ID, append([]string{c.Name}, c.Names...))
		word(v, "actor "+c.ID, "kind", ActorKinds, c.Kind)
		v.ids[c.ID] = ActorLabel
	}
	for _, c := range v.batch.Instruments {
		switch {
		case !instrumentID.MatchString(c.ID) || c.ID == Unattached:
			v.wrong("instrument "+c.ID, "id is not lower case letters, digits and hyphens")
		case v.ids[c.ID] != "":
			v.wrong("instrument "+c.ID, "declared twice")
		case c.Name == "":
			v.wrong("instrument "+c.ID, "has no name")
		}
		v.fits("instrument "+c.ID, c.ID, append([]string{c.Name}, c.Names...))
		v.ids[c.ID] = InstrumentLabel
		v.supported[c.ID] = supports(c.Evidence)
	}
	for _, c := range v.batch.Obligations {
		v.ids[c.ID()] = ObligationLabel
		v.supported[c.ID()] = v.supported[c.ID()] || supports(c.Evidence)
	}
	for _, c := range v.batch.Violations {
		v.ids[c.ID()] = ViolationLabel
	}
}

// fits refuses an id or a name that is longer than a store can look up.
func (v *validation) fits(claim, id string, names []string) {
	if len(id) > MaxIDLength {
		v.wrong(claim, "id is longer than %d bytes", MaxIDLength)
	}
	for _, name := range names {
		if len(name) > MaxNameLength {
			v.wrong(claim, "name %.40q… is longer than %d bytes", name, MaxNameLength)
		}
	}
}

func (v *validation) claims() {
	b := v.batch
	for _, c := range b.Instruments {
		claim := "instrument " + c.ID
		word(v, claim, "kind", InstrumentKinds, c.Kind)
		word(v, claim, "binding", Bindings, c.Binding)
		word(v, claim, "status", Statuses, c.Status)
		v.date(claim, c.Date)
		v.evidence(claim, c.Evidence)
	}
	for _, c := range b.Parties {
		claim := "party " + c.edge().ID()
		v.refers(claim, c.Actor, ActorLabel)
		v.hangs(claim, c.Evidence, c.Instrument, InstrumentLabel)
		word(v, claim, "role", Roles, c.Role)
		v.evidence(claim, c.Evidence)
	}
	for _, c := range b.Obligations {
		claim := "obligation " + c.ID()
		if c.Instrument == "" && c.Bearer == "" {
			v.wrong(claim, "has neither an instrument nor a bearer")
		}
		if c.Instrument != "" {
			v.hangs(claim, c.Evidence, c.Instrument, InstrumentLabel)
		}
		if c.Bearer != "" {
			v.refers(claim, c.Bearer, ActorLabel)
		}
		for _, beneficiary := range c.Beneficiaries {
			v.refers(claim, beneficiary, ActorLabel)
		}
		word(v, claim, "kind", ObligationKinds, c.Kind)
		word(v, claim, "status", Statuses, c.Status)
		v.evidence(claim, c.Evidence)
	}
	for _, c := range b.Violations {
		claim := c.ID()
		if c.Perpetrator != "" {
			v.refers(claim, c.Perpetrator, ActorLabel)
		}
		if c.Victim != "" {
			v.refers(claim, c.Victim, ActorLabel)
		}
		word(v, claim, "kind", ViolationKinds, c.Kind)
		word(v, claim, "standing", Standings, c.Standing)
		v.date(claim, c.Date)
		v.evidence(claim, c.Evidence)
	}
	for _, c := range b.Breaches {
		claim := "breach " + c.fact()
		v.refers(claim, c.Violation, ViolationLabel)
		switch {
		case c.Instrument != "" && c.Obligation == "":
			v.hangs(claim, c.Evidence, c.Instrument, InstrumentLabel)
		case c.Obligation != "" && c.Instrument == "":
			v.refers(claim, c.Obligation, ObligationLabel)
		default:
			v.wrong(claim, "names not exactly one of instrument and obligation")
		}
		v.evidence(claim, c.Evidence)
	}
	for _, c := range b.Responses {
		claim := "response " + c.edge().ID()
		v.refers(claim, c.Violation, ViolationLabel)
		v.refers(claim, c.Actor, ActorLabel)
		word(v, claim, "kind", ResponseKinds, c.Kind)
		v.evidence(claim, c.Evidence)
	}
	for _, c := range b.Events {
		claim := c.ID()
		v.fits(claim, claim, []string{c.Name})
		if !eventID.MatchString(claim) {
			v.wrong(claim, "id is not event:dataset.key")
		}
		if c.Name == "" {
			v.wrong(claim, "has no name")
		}
		for _, t := range c.Triggers {
			v.hangs(claim, c.Evidence, t.Obligation, ObligationLabel)
			word(v, claim, "outcome", Outcomes, t.Outcome)
		}
		v.date(claim, c.Date)
		v.evidence(claim, c.Evidence)
	}
}

func word[T ~string](v *validation, claim, field string, vocabulary Vocabulary[T], value T) {
	if !vocabulary.Has(value) {
		v.wrong(claim, "unknown %s %q; one of %v", field, value, vocabulary.Names())
	}
}

func (v *validation) refers(claim, id string, label Label) {
	if v.ids[id] != label {
		v.wrong(claim, "refers to %s %q, which the batch does not hold", label, id)
	}
}

// hangs checks a reference to what must be shown wherever the claim is.
func (v *validation) hangs(claim string, evidence []Evidence, id string, label Label) {
	v.refers(claim, id, label)
	if v.ids[id] == label && supports(evidence) && !v.supported[id] {
		v.wrong(claim, "is stated of %s %q, which the batch only denies", label, id)
	}
}

func (v *validation) date(claim string, d Date) {
	if _, err := ParseDate(string(d)); err != nil {
		v.wrong(claim, "date %q is not YYYY, YYYY-MM or YYYY-MM-DD", d)
	}
}

func (v *validation) evidence(claim string, evidence []Evidence) {
	if len(evidence) == 0 {
		v.wrong(claim, "has no evidence")
	}
	text := v.batch.Document.Text
	for _, e := range evidence {
		switch {
		case e.Quote == "":
			v.wrong(claim, "has evidence without a quote")
		case e.Start < 0 || e.End > len(text) || e.Start > e.End || text[e.Start:e.End] != e.Quote:
			v.wrong(claim, "quote %.60q does not stand at bytes %d to %d of the document", e.Quote, e.Start, e.End)
		}
		if e.Confidence < 0 || e.Confidence > 1 {
			v.wrong(claim, "confidence %v is not between 0 and 1", e.Confidence)
		}
		if e.Extractor == "" {
			v.wrong(claim, "has evidence that names no extractor")
		}
		word(v, claim, "stance", Stances, e.Stance)
	}
}

// supports reports whether any of the passages states the claim.
func supports(evidence []Evidence) bool {
	return slices.ContainsFunc(evidence, func(e Evidence) bool { return e.Stance == Supports })
}
