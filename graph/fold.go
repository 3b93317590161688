package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The fold: what a node shows of all that its sources say. One rule a
// property, each a function of the counted claims and never of their order.
//
//	name, kind      what most batches say
//	names           all, the most used first
//	date            the date that most batches agree with, at its most precise
//	binding         what most say, of those that say anything
//	status          what most say; proposed where as many say agreed
//	standing        the strongest
//	beneficiaries   all
//	disputed        the properties on which sources contradict each other, and
//	                "occurrence" where one denies what another states

const occurrence = "occurrence"

func foldDocument(id string, s said) Yield {
	if len(s) == 0 {
		return Yield{Owner: id}
	}
	node := Node{ID: id, Label: DocumentLabel, Properties: Properties{}}
	for _, property := range []Property{SHA256, Title, Author, Published, Language, MediaType} {
		node.Properties.set(property, s.first(string(property)))
	}
	uris := s.sorted(string(URI))
	node.Properties.set(URI, uris[0])
	node.Name = cmp.Or(node.Properties.Text(Title), uris[0])
	return Yield{Owner: id, Nodes: []Node{node}}
}

// captionLength is how many characters of a quote name its passage.
const captionLength = 60

// passage is the span of a document that evidence quotes. Nothing is folded:
// all who cite it cite the same text.
func passage(id, document string, e Evidence) Yield {
	name := []rune(strings.Join(strings.Fields(e.Quote), " "))
	if len(name) > captionLength {
		name = append(name[:captionLength-1], '…')
	}
	node := Node{ID: id, Label: PassageLabel, Name: string(name), Properties: Properties{Quote: e.Quote, Start: e.Start, End: e.End}}
	return Yield{Owner: id, Nodes: []Node{node}, Edges: []Edge{{From: id, Type: PartOf, To: document}}}
}

func foldActor(id string, s said) (Node, bool) {
	if !s.supported() {
		return Node{}, false
	}
	node := Node{ID: id, Label: ActorLabel, Name: s.first(string(Name)), Properties: Properties{}}
	node.Properties.set(Kind, s.first(string(Kind)))
	node.Properties.set(Names, s.values(string(Names)))
	return node, true
}

func foldInstrument(id string, s said) (Node, bool) {
	if !s.supported() {
		return Node{}, false
	}
	var disputed disputes
	node := Node{ID: id, Label: InstrumentLabel, Name: s.first(string(Name)), Properties: Properties{}}
	node.Properties.set(Kind, s.first(string(Kind)))
	node.Properties.set(Names, s.values(string(Names)))
	node.Properties.set(DateOf, string(disputed.date(s)))
	node.Properties.set(BindingOf, foldBinding(s))
	node.Properties.set(StatusOf, string(disputed.status(s)))
	disputed.denial(s)
	node.Properties.set(Disputed, []string(disputed))
	return node, true
}

func foldBinding(s said) string {
	for _, value := range s.values(string(BindingOf)) {
		if Binding(value) != UnspecifiedBinding {
			return value
		}
	}
	return string(UnspecifiedBinding)
}

func foldParty(fact string, s said) Yield {
	if !s.supported() {
		return Yield{Owner: fact}
	}
	edge := cutEdge(fact)
	edge.Properties = Properties{RoleOf: edge.Key}
	edge.Properties.set(Disputed, denied(s))
	return Yield{Owner: fact, Edges: []Edge{edge}}
}

// foldObligation needs the nodes of its actors and instrument: an obligation
// is called by their names and holds since the instrument's date.
func foldObligation(id string, s said, nodes map[string]Node) Yield {
	if !s.supported() {
		return Yield{Owner: id}
	}
	var disputed disputes
	bearer, instrument := s.first(saidBearer), s.first(saidInstrument)
	beneficiaries := s.sorted(saidBeneficiary)
	kind := s.first(string(Kind))
	node := Node{ID: id, Label: ObligationLabel, Properties: Properties{}}
	node.Name = obligationName(nodes, bearer, kind, beneficiaries, instrument)
	node.Properties.set(Kind, kind)
	node.Properties.set(StatusOf, string(disputed.status(s)))
	node.Properties.set(Since, nodes[instrument].Properties.Text(DateOf))
	node.Properties.set(Provision, strings.Join(s.sorted(string(Provision)), "; "))
	node.Properties.set(Condition, strings.Join(s.sorted(string(Condition)), "; "))
	disputed.denial(s)
	node.Properties.set(Disputed, []string(disputed))

	var edges []Edge
	if instrument != "" {
		edges = append(edges, Edge{From: instrument, Type: Creates, To: id})
	}
	if bearer != "" {
		edges = append(edges, Edge{From: bearer, Type: Owes, To: id})
	}
	for _, beneficiary := range beneficiaries {
		edges = append(edges, Edge{From: id, Type: OwedTo, To: beneficiary})
	}
	return Yield{Owner: id, Nodes: []Node{node}, Edges: edges}
}

// unnamed stands for an actor that the sources do not name.
const unnamed = "someone"

func obligationName(nodes map[string]Node, bearer, kind string, beneficiaries []string, instrument string) string {
	name := cmp.Or(nodes[bearer].Name, unnamed) + " owes " + kind
	if kind == string(OtherObligation) {
		name += " duties"
	}
	if len(beneficiaries) > 0 {
		name += " to " + nodes[beneficiaries[0]].Name
		if more := len(beneficiaries) - 1; more > 0 {
			name += fmt.Sprintf(" and %d more", more)
		}
	}
	if instrument != "" {
		name += " (" + nodes[instrument].Name + ")"
	}
	return name
}

// An act is one violation as the graph shows it, with all that is said of it
// under its own id and, where the two are one, under the undated id.
type act struct {
	node                Node
	perpetrator, victim string
	kind                ViolationKind
	said                said
	facts               []string // the ids under which batches speak of it
}

func (a act) date() Date { return Date(a.node.Properties.Text(DateOf)) }

// foldGroup folds the violations that share perpetrator, kind and victim. An
// undated one counts as the dated one where there is exactly one, unless they
// are said to have broken different things. What is said of the group names
// the perpetrator and the victim.
func foldGroup(group string, ofGroup said, members map[string]said, nodes map[string]Node) []act {
	var dated []string
	for id, s := range members {
		if id != group && s.supported() {
			dated = append(dated, id)
		}
	}
	slices.Sort(dated)
	var acts []act
	for _, id := range dated {
		s, facts := members[id], []string{id}
		if undated, ok := members[group]; ok && len(dated) == 1 && !brokeOther(s, undated) {
			s, facts = s.plus(undated), append(facts, group)
		}
		acts = append(acts, foldAct(id, group, ofGroup, s, facts, nodes))
	}
	merged := len(dated) == 1 && !brokeOther(members[dated[0]], members[group])
	if undated := members[group]; !merged && undated.supported() {
		acts = append(acts, foldAct(group, group, ofGroup, undated, []string{group}, nodes))
	}
	return acts
}

// brokeOther reports whether two accounts each say what was broken, and name
// nothing in common.
func brokeOther(a, b said) bool {
	if len(a[saidBreaches]) == 0 || len(b[saidBreaches]) == 0 {
		return false
	}
	for target := range a[saidBreaches] {
		if b[saidBreaches][target] > 0 {
			return false
		}
	}
	return true
}

func foldAct(id, group string, ofGroup, s said, facts []string, nodes map[string]Node) act {
	var disputed disputes
	a := act{
		node:        Node{ID: id, Label: ViolationLabel, Properties: Properties{}},
		perpetrator: ofGroup.first(saidPerpetrator),
		victim:      ofGroup.first(saidVictim),
		kind:        kindOf(group),
		said:        s,
		facts:       facts,
	}
	date := disputed.date(s)
	a.node.Name = cmp.Or(nodes[a.perpetrator].Name, unnamed) + ": " + string(a.kind)
	if a.kind == OtherViolation {
		a.node.Name += " violation"
	}
	if a.victim != "" {
		a.node.Name += " against " + nodes[a.victim].Name
	}
	if date != "" {
		a.node.Name += " (" + date.Year() + ")"
	}
	standing := slices.MaxFunc(s.sorted(string(StandingOf)), func(a, b string) int {
		return cmp.Compare(Standings.index(Standing(a)), Standings.index(Standing(b)))
	})
	a.node.Properties.set(Kind, string(a.kind))
	a.node.Properties.set(DateOf, string(date))
	a.node.Properties.set(StandingOf, standing)
	disputed.denial(s)
	a.node.Properties.set(Disputed, []string(disputed))
	if len(facts) > 1 {
		a.node.Properties.set(Facts, facts)
	}
	return a
}

// edges are the act's edges to those who did, suffered and answered it.
func (a act) edges() []Edge {
	var edges []Edge
	if a.perpetrator != "" {
		edges = append(edges, Edge{From: a.perpetrator, Type: Committed, To: a.node.ID})
	}
	if a.victim != "" {
		edges = append(edges, Edge{From: a.node.ID, Type: Against, To: a.victim})
	}
	for _, response := range a.said.sorted(saidResponse) {
		actor, kind, _ := strings.Cut(response, "|")
		facts := make([]string, len(a.facts))
		for i, fact := range a.facts {
			facts[i] = Edge{From: actor, Type: RespondedTo, To: fact, Key: kind}.ID()
		}
		edges = append(edges, Edge{From: actor, Type: RespondedTo, To: a.node.ID, Key: kind, Properties: Properties{Kind: kind, Facts: facts}})
	}
	return edges
}

func foldEvent(id string, s said) Yield {
	if !s.supported() {
		return Yield{Owner: id}
	}
	var disputed disputes
	node := Node{ID: id, Label: EventLabel, Name: s.first(string(Name)), Properties: Properties{}}
	node.Properties.set(Dataset, s.first(string(Dataset)))
	node.Properties.set(DateOf, string(disputed.date(s)))
	var edges []Edge
	for _, trigger := range s.sorted(saidTrigger) {
		obligation, outcome, _ := strings.Cut(trigger, "|")
		edges = append(edges, Edge{From: id, Type: Triggers, To: obligation, Key: outcome,
			Properties: Properties{BasisOf: string(Coded), OutcomeOf: outcome, Facts: []string{id}}})
	}
	return Yield{Owner: id, Nodes: []Node{node}, Edges: edges}
}

// disputes collects the properties on which a fact's sources contradict each other.
type disputes []string

func (d *disputes) date(s said) Date {
	values := s.sorted(string(DateOf))
	best, bestVotes := Date(""), -1
	for _, value := range values {
		votes := 0
		for _, other := range values {
			if Date(value).Within(Date(other)) {
				votes += s[string(DateOf)][other]
			}
		}
		if votes > bestVotes || votes == bestVotes && len(value) > len(best) {
			best, bestVotes = Date(value), votes
		}
	}
	for _, value := range values {
		if !best.Within(Date(value)) && !Date(value).Within(best) {
			*d = append(*d, string(DateOf))
			break
		}
	}
	return best
}

func (d *disputes) status(s said) Status {
	agreed, proposed := s[string(StatusOf)][string(Agreed)], s[string(StatusOf)][string(Proposed)]
	if agreed > 0 && proposed > 0 {
		*d = append(*d, string(StatusOf))
	}
	if agreed > proposed {
		return Agreed
	}
	return Proposed
}

func (d *disputes) denial(s said) {
	*d = append(*d, denied(s)...)
}

func denied(s said) []string {
	if s.denied() {
		return []string{occurrence}
	}
	return nil
}
