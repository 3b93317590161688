package importer

// A Mention is a span of a document that names an actor or an instrument.
type Mention struct {
	Span
	Sentence int    // index into the document's sentences
	ID       string // the actor's or instrument's id
	Name     string // its canonical name
	Kind     string // an actor kind or an instrument kind
	Actor    bool   // false for an instrument
	How      How
}

// How says how a mention names what it names.
type How string

// The ways to name an actor or an instrument.
const (
	ByName        How = "name"        // "Russia", "Budapest Memorandum"
	ByAlias       How = "alias"       // "Russian Federation", "North Atlantic Treaty"
	ByDemonym     How = "demonym"     // "Russian troops", "the Russians"
	ByCapital     How = "capital"     // "Moscow", where it speaks for the state
	ByGovernment  How = "government"  // "the Kremlin", "the Turkish Government"
	ByLeader      How = "leader"      // "Putin", in a term of office
	ByPronoun     How = "pronoun"     // "it", "we", where safe
	ByDescription How = "description" // "the memorandum", "my country"
	ByForm        How = "form"        // an instrument that no catalogue has, recognised by its form
)
