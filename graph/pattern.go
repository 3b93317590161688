package graph

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// The bounds of a pattern that comes from outside.
const (
	MaxPatternNodes = 12
	DefaultLimit    = 25
	MaxLimit        = 1000
)

// A Pattern is a small conjunctive graph pattern as data: named nodes, the
// edges between them, conditions on both, and what must be absent. A store
// compiles it to one parameterised query; labels, types and properties come
// from the vocabulary alone.
type Pattern struct {
	Nodes  []NodePattern `json:"nodes"`
	Edges  []EdgePattern `json:"edges,omitempty"`
	Absent []Absence     `json:"absent,omitempty"`
	// AsOf keeps what had begun or happened by that day: instruments,
	// obligations, violations and events. What no source dates is left out.
	AsOf  Date    `json:"asOf,omitempty"`
	Order []Order `json:"order,omitempty"`
	// Limit is the largest number of matches; 0 means all of them and is for
	// the program's own use.
	Limit int `json:"limit,omitempty"`
	// Cursor is Page.Next of the page before.
	Cursor string `json:"cursor,omitempty"`
}

// A NodePattern is a node that must exist. As names it within the pattern.
type NodePattern struct {
	As    string   `json:"as"`
	Label Label    `json:"label"`
	Where []Filter `json:"where,omitempty"`
}

// An EdgePattern is an edge between two named nodes. An optional edge and the
// node that only it reaches may be missing; then the match lacks both.
type EdgePattern struct {
	As       string   `json:"as"`
	From     string   `json:"from"`
	Type     EdgeType `json:"type"`
	To       string   `json:"to"`
	Where    []Filter `json:"where,omitempty"`
	Optional bool     `json:"optional,omitempty"`
}

// An Absence is a pattern that must not exist beside the match. Its edges
// may name the match's nodes; nodes of its own are named in Nodes.
type Absence struct {
	Nodes []NodePattern `json:"nodes,omitempty"`
	Edges []EdgePattern `json:"edges"`
}

// An Op compares a property with a value.
type Op string

// The comparisons. Dates are at least and at most a value by their first day.
const (
	Equal    Op = "="
	Unequal  Op = "!="
	In       Op = "in"
	Least    Op = ">="
	Most     Op = "<="
	Exists   Op = "exists"
	Missing  Op = "missing"
	Includes Op = "includes" // a list holds the value
)

// Ops is the vocabulary of comparisons.
var Ops = Vocabulary[Op]{
	{Equal, "is the value"},
	{Unequal, "is there and is not the value"},
	{In, "is one of the values"},
	{Least, "is at least the value"},
	{Most, "is at most the value"},
	{Exists, "is there"},
	{Missing, "is not there"},
	{Includes, "is a list that holds the value"},
}

// A Filter is a condition on one property. Value holds the text of most
// comparisons, Number that of confidence, Values those of In.
type Filter struct {
	Property Property `json:"property"`
	Op       Op       `json:"op"`
	Value    string   `json:"value,omitempty"`
	Values   []string `json:"values,omitempty"`
	Number   float64  `json:"number,omitempty"`
}

// Is is the filter for one value.
func Is(property Property, value string) Filter {
	return Filter{Property: property, Op: Equal, Value: value}
}

// OneOf is the filter for any of the values.
func OneOf(property Property, values ...string) Filter {
	return Filter{Property: property, Op: In, Values: values}
}

// An Order sorts matches by a property of a named node or edge that is one
// text. Dates sort by their first day, a missing one after all; bases sort by
// strength; any other missing property sorts before all values. Ties are broken by the ids
// of the match, so that every order is total.
type Order struct {
	Of         string   `json:"of"`
	Property   Property `json:"property"`
	Descending bool     `json:"descending,omitempty"`
}

// A Match is one way in which the graph fits a pattern: its nodes and edges by
// the names that the pattern gives them.
type Match struct {
	Nodes map[string]Node `json:"nodes"`
	Edges map[string]Edge `json:"edges"`
}

// A Page is some of a pattern's matches, in order. Next is the cursor of the
// page after, "" where this is the last.
type Page struct {
	Matches []Match
	Next    string
}

// NoDate is the sort key of a missing date.
const NoDate = "9999-99-99"

// SortKeys are the match's values for the pattern's order, as stores compare
// them: dates by their first day or NoDate, bases by their rank, "" for
// anything else that is missing.
func (p Pattern) SortKeys(m Match) []string {
	keys := make([]string, len(p.Order))
	for i, o := range p.Order {
		var value any
		if node, ok := m.Nodes[o.Of]; ok {
			value = node.Value(o.Property)
		} else {
			value = m.Edges[o.Of].Properties[o.Property]
		}
		switch v := value.(type) {
		case nil:
			if o.Property.IsDate() {
				keys[i] = NoDate
			}
		case string:
			keys[i] = v
			if o.Property.IsDate() {
				keys[i] = Date(v).First()
			}
			if o.Property == BasisOf {
				keys[i] = fmt.Sprint(Bases.index(Basis(v)))
			}
		default:
			keys[i] = fmt.Sprint(v)
		}
	}
	return keys
}

// Ties are the ids of the match's nodes and the keys of its edges, in the
// pattern's order: they break ties between matches with equal sort keys.
func (p Pattern) Ties(m Match) []string {
	ties := make([]string, 0, len(p.Nodes)+len(p.Edges))
	for _, n := range p.Nodes {
		ties = append(ties, m.Nodes[n.As].ID)
	}
	for _, e := range p.Edges {
		ties = append(ties, m.Edges[e.As].Key)
	}
	return ties
}

// A Cursor is where a page ended: the sort keys of its last match and the ids
// that break ties. Without ids it stands after all matches with those keys.
// Stores make and read it; for users it is opaque.
type Cursor struct {
	Keys []string `json:"k"`
	IDs  []string `json:"i"`
}

// String is the cursor as it travels: URL-safe and without meaning to users.
func (c Cursor) String() string {
	data, _ := json.Marshal(c) // two lists of strings always marshal
	return base64.RawURLEncoding.EncodeToString(data)
}

// ParseCursor reads a cursor back. It returns ErrInvalid where s is none.
func ParseCursor(s string) (Cursor, error) {
	var c Cursor
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		return Cursor{}, fmt.Errorf("%w: cursor %.40q is not one that a page gave", ErrInvalid, s)
	}
	return c, nil
}

var variable = regexp.MustCompile(`^[a-z][a-zA-Z0-9]{0,30}$`)

// Validate checks that the pattern is whole: known labels, types and
// properties, edges between nodes of labels that their type allows, names used
// once, one connected piece. It returns ErrInvalid with the part at fault.
func (p Pattern) Validate() error {
	if len(p.Nodes) == 0 || len(p.Nodes) > MaxPatternNodes {
		return fmt.Errorf("%w: pattern: want 1 to %d nodes, got %d", ErrInvalid, MaxPatternNodes, len(p.Nodes))
	}
	if p.Limit < 0 || p.Limit > MaxLimit {
		return fmt.Errorf("%w: pattern: limit %d is not between 1 and %d", ErrInvalid, p.Limit, MaxLimit)
	}
	if _, err := ParseDate(string(p.AsOf)); err != nil {
		return fmt.Errorf("pattern: asOf: %w", err)
	}
	names := map[string]Label{}
	if err := checkNodes(p.Nodes, names); err != nil {
		return err
	}
	edges := map[string]EdgeType{}
	if err := checkEdges(p.Edges, names, edges); err != nil {
		return err
	}
	if err := p.checkConnected(); err != nil {
		return err
	}
	for _, absence := range p.Absent {
		if err := checkAbsence(absence, names); err != nil {
			return err
		}
	}
	for _, o := range p.Order {
		label, isNode := names[o.Of]
		edge, isEdge := edges[o.Of]
		if !isNode && !isEdge {
			return fmt.Errorf("%w: pattern: order by %q, which the pattern does not name", ErrInvalid, o.Of)
		}
		if isNode && !nodeHas(label, o.Property) || isEdge && !edgeHas(edge, o.Property) {
			return fmt.Errorf("%w: pattern: order by %s.%s: no such property", ErrInvalid, o.Of, o.Property)
		}
		if o.Property.IsList() || o.Property.IsNumber() {
			return fmt.Errorf("%w: pattern: order by %s.%s: only texts and dates have an order", ErrInvalid, o.Of, o.Property)
		}
	}
	return nil
}

func checkNodes(nodes []NodePattern, names map[string]Label) error {
	for _, n := range nodes {
		if !variable.MatchString(n.As) {
			return fmt.Errorf("%w: pattern: node name %q is not letters and digits beginning in lower case", ErrInvalid, n.As)
		}
		if _, ok := names[n.As]; ok {
			return fmt.Errorf("%w: pattern: name %q is used twice", ErrInvalid, n.As)
		}
		if !Labels.Has(n.Label) {
			return fmt.Errorf("%w: pattern: node %s: unknown label %q; one of %v", ErrInvalid, n.As, n.Label, Labels.Names())
		}
		names[n.As] = n.Label
		has := func(p Property) bool { return nodeHas(n.Label, p) }
		if err := checkFilters("node "+n.As, string(n.Label), has, n.Where); err != nil {
			return err
		}
	}
	return nil
}

func checkEdges(edges []EdgePattern, names map[string]Label, seen map[string]EdgeType) error {
	for _, e := range edges {
		rule, ok := RuleOfEdge(e.Type)
		if !ok {
			return fmt.Errorf("%w: pattern: edge %s: unknown type %q", ErrInvalid, e.As, e.Type)
		}
		if _, taken := names[e.As]; taken || seen[e.As] != "" {
			return fmt.Errorf("%w: pattern: name %q is used twice", ErrInvalid, e.As)
		}
		if !variable.MatchString(e.As) {
			return fmt.Errorf("%w: pattern: edge name %q is not letters and digits beginning in lower case", ErrInvalid, e.As)
		}
		seen[e.As] = e.Type
		if !slices.Contains(rule.From, names[e.From]) {
			return fmt.Errorf("%w: pattern: edge %s: %s starts at one of %v, not at %q", ErrInvalid, e.As, e.Type, rule.From, e.From)
		}
		if !slices.Contains(rule.To, names[e.To]) {
			return fmt.Errorf("%w: pattern: edge %s: %s ends at one of %v, not at %q", ErrInvalid, e.As, e.Type, rule.To, e.To)
		}
		has := func(p Property) bool { return edgeHas(e.Type, p) }
		if err := checkFilters("edge "+e.As, string(e.Type), has, e.Where); err != nil {
			return err
		}
	}
	return nil
}

// checkFilters refuses a comparison of what is not there, or is not of its kind.
func checkFilters(of, kind string, has func(Property) bool, filters []Filter) error {
	for _, f := range filters {
		presence := f.Op == Exists || f.Op == Missing
		switch {
		case !has(f.Property):
			return fmt.Errorf("%w: pattern: %s: %s has no property %q", ErrInvalid, of, kind, f.Property)
		case !Ops.Has(f.Op):
			return fmt.Errorf("%w: pattern: %s: unknown comparison %q; one of %v", ErrInvalid, of, f.Op, Ops.Names())
		case !presence && f.Property.IsList() != (f.Op == Includes):
			return fmt.Errorf("%w: pattern: %s: %q does not compare %s: lists, and only they, take %q", ErrInvalid, of, f.Op, f.Property, Includes)
		case f.Op == In && f.Property.IsNumber():
			return fmt.Errorf("%w: pattern: %s: %q does not compare the number %s", ErrInvalid, of, In, f.Property)
		}
	}
	return nil
}

// checkAbsence refuses an absence that does not hang on the match: it would
// speak of the whole graph.
func checkAbsence(a Absence, names map[string]Label) error {
	inner, reached := maps.Clone(names), map[string]bool{}
	for name := range names {
		reached[name] = true
	}
	if err := checkNodes(a.Nodes, inner); err != nil {
		return err
	}
	if len(a.Edges) == 0 {
		return fmt.Errorf("%w: pattern: an absence needs an edge", ErrInvalid)
	}
	if err := checkEdges(a.Edges, inner, map[string]EdgeType{}); err != nil {
		return err
	}
	for range a.Edges {
		for _, e := range a.Edges {
			if reached[e.From] || reached[e.To] {
				reached[e.From], reached[e.To] = true, true
			}
		}
	}
	for _, e := range a.Edges {
		if e.Optional {
			return fmt.Errorf("%w: pattern: edge %s: nothing in an absence is optional", ErrInvalid, e.As)
		}
		if !reached[e.From] {
			return fmt.Errorf("%w: pattern: edge %s: an absence must hang on the match", ErrInvalid, e.As)
		}
	}
	for _, n := range a.Nodes {
		if !reached[n.As] {
			return fmt.Errorf("%w: pattern: node %s: an absence must hang on the match", ErrInvalid, n.As)
		}
	}
	return nil
}

// checkConnected refuses a pattern in pieces, which would match every
// combination of them, and optional edges that do not hang on the rest.
func (p Pattern) checkConnected() error {
	reached := map[string]bool{p.Nodes[0].As: true}
	for range p.Nodes {
		for _, e := range p.Edges {
			if e.Optional && !reached[e.From] && !reached[e.To] {
				continue
			}
			if reached[e.From] || reached[e.To] {
				reached[e.From], reached[e.To] = true, true
			}
		}
	}
	for _, n := range p.Nodes {
		if !reached[n.As] {
			return fmt.Errorf("%w: pattern: node %q is not joined to the others", ErrInvalid, n.As)
		}
	}
	optional := p.OptionalNodes()
	for _, e := range p.Edges {
		if !e.Optional && (optional[e.From] || optional[e.To]) {
			return fmt.Errorf("%w: pattern: edge %s: what hangs on an optional edge must be optional", ErrInvalid, e.As)
		}
	}
	if optional[p.Nodes[0].As] {
		return fmt.Errorf("%w: pattern: the first node cannot be optional", ErrInvalid)
	}
	return nil
}

// OptionalNodes names the nodes that only optional edges reach.
func (p Pattern) OptionalNodes() map[string]bool {
	required := map[string]bool{p.Nodes[0].As: true}
	for range p.Nodes {
		for _, e := range p.Edges {
			if !e.Optional && (required[e.From] || required[e.To]) {
				required[e.From], required[e.To] = true, true
			}
		}
	}
	optional := map[string]bool{}
	for _, n := range p.Nodes {
		if !required[n.As] {
			optional[n.As] = true
		}
	}
	return optional
}

// IsDate reports whether the property holds a Date.
func (p Property) IsDate() bool {
	switch p {
	case DateOf, Since, Published, From, To:
		return true
	}
	return false
}

// IsNumber reports whether the property holds a number.
func (p Property) IsNumber() bool {
	return p == Confidence || p == Start || p == End
}

// IsList reports whether the property holds a list.
func (p Property) IsList() bool {
	switch p {
	case Names, Facts, Disputed:
		return true
	}
	return false
}

// DatedBy is the property by which AsOf judges the nodes of a label, "" where
// they are not in time.
func DatedBy(label Label) Property {
	switch label {
	case ObligationLabel:
		return Since
	case InstrumentLabel, ViolationLabel, EventLabel:
		return DateOf
	}
	return ""
}

func nodeHas(label Label, property Property) bool {
	return property == ID || property == Name || slices.Contains(NodeProperties[label], property)
}

func edgeHas(t EdgeType, property Property) bool {
	rule, ok := RuleOfEdge(t)
	return ok && slices.Contains(rule.Properties, property)
}
