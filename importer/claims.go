package importer

import "context"

// Claims are what one document states, in the interchange format: written by
// extractors, by hand or by other programs, and turned into a graph.Batch by
// resolution.
type Claims struct {
	Document    ClaimsDocument      `json:"document"`
	Extractor   string              `json:"extractor,omitempty"` // who read them; "" in claims made by hand
	Actors      []ClaimedActor      `json:"actors,omitempty"`
	Instruments []ClaimedInstrument `json:"instruments"`
	Parties     []ClaimedParty      `json:"parties"`
	Obligations []ClaimedObligation `json:"obligations"`
	Violations  []ClaimedViolation  `json:"violations"`
	Responses   []ClaimedResponse   `json:"responses"`
}

// ClaimsDocument names the document that the claims are about. Its short form
// is the file name alone.
type ClaimsDocument struct {
	URI       string `json:"uri"`
	SHA256    string `json:"sha256,omitempty"`
	Title     string `json:"title,omitempty"`
	Author    string `json:"author,omitempty"`
	Published string `json:"published,omitempty"`
	Language  string `json:"language,omitempty"`
	MediaType string `json:"mediaType,omitempty"`
	Text      string `json:"text,omitempty"` // the parsed text, in exports alone
}

// Evidence is one passage that supports a claim.
type Evidence struct {
	Quote      string  `json:"quote"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Confidence float64 `json:"confidence,omitempty"` // 0 to 1; 0 where nothing is said
	Extractor  string  `json:"extractor,omitempty"`
	Rule       string  `json:"rule,omitempty"`   // the rule that made the claim
	Stance     string  `json:"stance,omitempty"` // "supports" where nothing is said
}

// ClaimedActor names an actor that the document's claims use.
type ClaimedActor struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Kind  string   `json:"kind"`
	Names []string `json:"names,omitempty"`
}

// ClaimedInstrument is an instrument that the document names or describes.
type ClaimedInstrument struct {
	ID       string     `json:"id"`
	Names    []string   `json:"names"`
	Kind     string     `json:"kind"`
	Date     string     `json:"date,omitempty"`
	Binding  string     `json:"binding"`
	Status   string     `json:"status"`
	Evidence []Evidence `json:"evidence"`
	Optional bool       `json:"optional,omitempty"` // gold alone: careful readers differ
}

// ClaimedParty says in which role an actor stands to an instrument.
type ClaimedParty struct {
	Instrument string     `json:"instrument"`
	Actor      string     `json:"actor"`
	Role       string     `json:"role"`
	Evidence   []Evidence `json:"evidence"`
	Optional   bool       `json:"optional,omitempty"`
}

// ClaimedObligation says who owes what to whom.
type ClaimedObligation struct {
	ID          string     `json:"id"`
	Instrument  string     `json:"instrument,omitempty"`
	Provision   string     `json:"provision,omitempty"`
	Bearer      []string   `json:"bearer"`
	Beneficiary []string   `json:"beneficiary"`
	Kind        string     `json:"kind"`
	Status      string     `json:"status"`
	Condition   string     `json:"condition,omitempty"`
	Evidence    []Evidence `json:"evidence"`
	Optional    bool       `json:"optional,omitempty"`
}

// ClaimedViolation says who did what to whom, and what that broke: instruments
// by id, obligations by "#" and id.
type ClaimedViolation struct {
	ID          string     `json:"id"`
	Perpetrator []string   `json:"perpetrator"`
	Victim      []string   `json:"victim"`
	Kind        string     `json:"kind"`
	Date        string     `json:"date,omitempty"`
	Standing    string     `json:"standing,omitempty"` // alleged, admitted or adjudicated
	Breaches    []string   `json:"breaches"`
	Evidence    []Evidence `json:"evidence"`
	Optional    bool       `json:"optional,omitempty"`
}

// ClaimedResponse says what an actor did about a violation.
type ClaimedResponse struct {
	Violation string     `json:"violation"`
	Actor     string     `json:"actor"`
	Kind      string     `json:"kind"`
	Evidence  []Evidence `json:"evidence"`
	Optional  bool       `json:"optional,omitempty"`
}

// An Extractor reads the claims that a document makes. It is deterministic or
// says in its documentation that it is not.
type Extractor interface {
	// Name tells extractors apart in evidence; it is part of a batch's identity.
	Name() string
	// Extract returns the document's claims, each with evidence whose quote
	// stands verbatim at its offsets, and what it refused, counted by reason.
	Extract(ctx context.Context, d *Document) (*Claims, map[string]int, error)
}
