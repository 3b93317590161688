package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// A Label is what a node is.
type Label string

// The labels of nodes. An actor has its kind as a second label in Neo4j.
const (
	ActorLabel      Label = "Actor"
	InstrumentLabel Label = "Instrument"
	ObligationLabel Label = "Obligation"
	ViolationLabel  Label = "Violation"
	EventLabel      Label = "Event"
	DocumentLabel   Label = "Document"
	PassageLabel    Label = "Passage"
)

// Labels is the vocabulary of node labels.
var Labels = Vocabulary[Label]{
	{ActorLabel, "who can owe, be owed and violate"},
	{InstrumentLabel, "treaty, memorandum, charter, agreement, declaration, law or plan"},
	{ObligationLabel, "one bearer's duty of one kind"},
	{ViolationLabel, "one perpetrator's act of one kind against one victim"},
	{EventLabel, "a war or crisis from a dataset that put obligations to the test"},
	{DocumentLabel, "a source"},
	{PassageLabel, "a span of a document that supports facts"},
}

// A Property is a named value of a node or an edge.
type Property string

// The properties of nodes and edges.
const (
	ID          Property = "id"
	Name        Property = "name"
	Names       Property = "names"
	Kind        Property = "kind"
	StatusOf    Property = "status"
	BindingOf   Property = "binding"
	DateOf      Property = "date"
	Since       Property = "since"
	Condition   Property = "condition"
	Provision   Property = "provision"
	StandingOf  Property = "standing"
	Disputed    Property = "disputed"
	RoleOf      Property = "role"
	BasisOf     Property = "basis"
	OutcomeOf   Property = "outcome"
	HowOf       Property = "how"
	Confidence  Property = "confidence"
	ExtractorOf Property = "extractor"
	RuleOf      Property = "rule"
	StanceOf    Property = "stance"
	Facts       Property = "facts"
	Quote       Property = "quote"
	Start       Property = "start"
	End         Property = "end"
	URI         Property = "uri"
	SHA256      Property = "sha256"
	Title       Property = "title"
	Author      Property = "author"
	Published   Property = "published"
	Language    Property = "language"
	MediaType   Property = "mediaType"
	Dataset     Property = "dataset"
	From        Property = "from"
	To          Property = "to"
)

// NodeProperties lists, for each label, the properties that its nodes can
// have beside id and name.
var NodeProperties = map[Label][]Property{
	ActorLabel:      {Kind, Names},
	InstrumentLabel: {Kind, Names, DateOf, BindingOf, StatusOf, Disputed},
	ObligationLabel: {Kind, StatusOf, Since, Provision, Condition, Facts, Disputed},
	ViolationLabel:  {Kind, DateOf, StandingOf, Facts, Disputed},
	EventLabel:      {Dataset, DateOf},
	DocumentLabel:   {URI, SHA256, Title, Author, Published, Language, MediaType},
	PassageLabel:    {Quote, Start, End},
}

// Properties are the values of a node or edge: strings, lists of strings,
// whole numbers and fractions (string, []string, int, float64). An absent
// property is absent, never empty.
type Properties map[Property]any

// UnmarshalJSON reads values back as the four types that Properties hold.
func (p *Properties) UnmarshalJSON(data []byte) error {
	var raw map[Property]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&raw); err != nil {
		return err
	}
	*p = make(Properties, len(raw))
	for name, value := range raw {
		switch v := value.(type) {
		case string:
			(*p)[name] = v
		case json.Number:
			if n, err := v.Int64(); err == nil {
				(*p)[name] = int(n)
				continue
			}
			f, err := v.Float64()
			if err != nil {
				return err
			}
			(*p)[name] = f
		case []any:
			list := make([]string, len(v))
			for i, item := range v {
				s, ok := item.(string)
				if !ok {
					return fmt.Errorf("%w: property %s: lists hold strings", ErrInvalid, name)
				}
				list[i] = s
			}
			(*p)[name] = list
		default:
			return fmt.Errorf("%w: property %s: want a string, a number or a list of strings", ErrInvalid, name)
		}
	}
	return nil
}

// Text is the property as a string, "" where it is absent or no string.
func (p Properties) Text(name Property) string {
	s, _ := p[name].(string)
	return s
}

// List is the property as a list, nil where it is absent or no list.
func (p Properties) List(name Property) []string {
	l, _ := p[name].([]string)
	return l
}

// set gives the property a value, and leaves it absent where the value is empty.
func (p Properties) set(name Property, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	}
	p[name] = value
}

// A Node is one thing of the graph with what all its sources say together.
type Node struct {
	ID         string     `json:"id"`
	Label      Label      `json:"label"`
	Name       string     `json:"name"`
	Properties Properties `json:"properties,omitempty"`
}

// Value is a property of the node, its id and name among them; nil where it
// has none.
func (n Node) Value(property Property) any {
	switch property {
	case ID:
		return n.ID
	case Name:
		return n.Name
	}
	return n.Properties[property]
}

// Facts are the ids under which [Store.Evidence] keeps the passages that prove
// the node.
func (n Node) Facts() []string {
	if facts := n.Properties.List(Facts); len(facts) > 0 {
		return facts
	}
	return []string{n.ID}
}

// Date is when the node's thing happened or began, "" where no source says.
func (n Node) Date() Date {
	if since := n.Properties.Text(Since); since != "" {
		return Date(since)
	}
	return Date(n.Properties.Text(DateOf))
}

// An EdgeType is what an edge says of the nodes that it joins.
type EdgeType string

// The types of edges. Each reads as a sentence from its source to its target.
const (
	PartyTo     EdgeType = "PARTY_TO"
	Creates     EdgeType = "CREATES"
	Owes        EdgeType = "OWES"
	OwedTo      EdgeType = "OWED_TO"
	Committed   EdgeType = "COMMITTED"
	Against     EdgeType = "AGAINST"
	Breaches    EdgeType = "BREACHES"
	Triggers    EdgeType = "TRIGGERS"
	RespondedTo EdgeType = "RESPONDED_TO"
	MemberOf    EdgeType = "MEMBER_OF"
	Succeeded   EdgeType = "SUCCEEDED"
	RefersTo    EdgeType = "REFERS_TO"
	EvidencedBy EdgeType = "EVIDENCED_BY"
	PartOf      EdgeType = "PART_OF"
)

// An EdgeRule says which nodes a type of edge joins and what it can carry.
type EdgeRule struct {
	Type       EdgeType
	From, To   []Label
	Properties []Property
	Meaning    string
}

// EdgeRules are the rules of all edge types.
var EdgeRules = []EdgeRule{
	{PartyTo, []Label{ActorLabel}, []Label{InstrumentLabel}, []Property{RoleOf, Disputed}, "stands in a role to an instrument"},
	{Creates, []Label{InstrumentLabel}, []Label{ObligationLabel}, nil, "lays the obligation down"},
	{Owes, []Label{ActorLabel}, []Label{ObligationLabel}, nil, "bears the obligation"},
	{OwedTo, []Label{ObligationLabel}, []Label{ActorLabel}, nil, "has this beneficiary"},
	{Committed, []Label{ActorLabel}, []Label{ViolationLabel}, nil, "did it"},
	{Against, []Label{ViolationLabel}, []Label{ActorLabel}, nil, "has this victim"},
	{Breaches, []Label{ViolationLabel}, []Label{ObligationLabel}, []Property{BasisOf, Facts, Disputed}, "broke the obligation"},
	{Triggers, []Label{ViolationLabel, EventLabel}, []Label{ObligationLabel}, []Property{BasisOf, OutcomeOf, Facts}, "put the obligation to the test"},
	{RespondedTo, []Label{ActorLabel}, []Label{ViolationLabel}, []Property{Kind, Facts, Disputed}, "did something about it"},
	{MemberOf, []Label{ActorLabel}, []Label{ActorLabel}, []Property{From, To}, "belongs to an organisation, alliance or coalition"},
	{Succeeded, []Label{ActorLabel}, []Label{ActorLabel}, nil, "followed a dissolved actor"},
	{RefersTo, []Label{InstrumentLabel}, []Label{InstrumentLabel}, []Property{HowOf}, "names another instrument"},
	{EvidencedBy, []Label{InstrumentLabel, ObligationLabel, ViolationLabel, EventLabel}, []Label{PassageLabel}, []Property{Confidence, ExtractorOf, RuleOf, StanceOf}, "is proved by the passage"},
	{PartOf, []Label{PassageLabel}, []Label{DocumentLabel}, nil, "stands in the document"},
}

// RuleOfEdge is the rule of an edge type; ok is false where there is none.
func RuleOfEdge(t EdgeType) (rule EdgeRule, ok bool) {
	for _, r := range EdgeRules {
		if r.Type == t {
			return r, true
		}
	}
	return EdgeRule{}, false
}

// An Edge joins two nodes. Key tells apart edges of one type between the same
// nodes, such as two roles of one party.
type Edge struct {
	From       string     `json:"from"`
	Type       EdgeType   `json:"type"`
	To         string     `json:"to"`
	Key        string     `json:"key,omitempty"`
	Properties Properties `json:"properties,omitempty"`
}

// ID is the edge's identity.
func (e Edge) ID() string {
	return strings.Join([]string{e.From, string(e.Type), e.To, e.Key}, "|")
}

// cutEdge reads an edge's ends, type and key off its id.
func cutEdge(id string) Edge {
	parts := strings.SplitN(id, "|", 4)
	return Edge{From: parts[0], Type: EdgeType(parts[1]), To: parts[2], Key: parts[3]}
}

// Facts are the ids under which [Store.Evidence] keeps the passages that prove
// the edge. An inferred edge is proved by the facts that it follows from.
func (e Edge) Facts() []string {
	if facts := e.Properties.List(Facts); len(facts) > 0 {
		return facts
	}
	switch e.Type {
	case Owes, Creates, Committed:
		return []string{e.To}
	case OwedTo, Against, EvidencedBy:
		return []string{e.From}
	}
	return []string{e.ID()}
}
