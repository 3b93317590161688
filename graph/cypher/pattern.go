package cypher

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"pacta/graph"
)

// Limit is the parameter that bounds the rows of a query.
const Limit = "limit"

// Key is the property that tells apart edges of one type between the same
// nodes. Edges of other types than [Keyed] have none.
const Key = "key"

// Keyed reports whether there can be several edges of the type between the
// same nodes.
func Keyed(t graph.EdgeType) bool {
	switch t {
	case graph.PartyTo, graph.RespondedTo, graph.Triggers, graph.MemberOf, graph.RefersTo, graph.EvidencedBy:
		return true
	}
	return false
}

// KindLabel is the second label of the actors of a kind.
func KindLabel(kind graph.ActorKind) string {
	return strings.ToUpper(string(kind[:1])) + string(kind[1:])
}

// Match writes the pattern as one query. Its rows are the pattern's nodes, then
// its edges, in their order; they come in the pattern's order, at most the limit
// of them. It returns ErrInvalid for a pattern that Pattern.Validate refuses, or
// a cursor of another pattern.
func Match(p graph.Pattern) (Query, error) {
	w := newWriter(p)
	if err := w.write(); err != nil {
		return Query{}, err
	}
	return Query{Text: w.text.String(), Parameters: w.parameters}, nil
}

// union writes patterns as one query. Its rows are the patterns' rows one
// after the other, each as a list of nodes and a list of edges.
func union(patterns []graph.Pattern) (Query, error) {
	all := Query{Parameters: map[string]any{}}
	texts := make([]string, len(patterns))
	for i, p := range patterns {
		w := newWriter(p)
		w.parameters, w.lists = all.Parameters, true
		if err := w.write(); err != nil {
			return Query{}, err
		}
		texts[i] = w.text.String()
	}
	all.Text = strings.Join(texts, "\nUNION ALL\n")
	return all, nil
}

type writer struct {
	pattern    graph.Pattern
	text       strings.Builder
	indent     string
	names      map[string]string // the pattern's names: their variables
	known      map[string]bool   // nodes that a clause has bound
	parameters map[string]any
	lists      bool // a row is a list of nodes and one of edges
}

func newWriter(p graph.Pattern) *writer {
	return &writer{pattern: p, names: map[string]string{}, known: map[string]bool{}, parameters: map[string]any{}}
}

func (w *writer) write() error {
	if err := w.pattern.Validate(); err != nil {
		return err
	}
	w.start()
	w.edges(w.pattern.Edges, w.pattern.Nodes, false)
	w.edges(w.pattern.Edges, w.pattern.Nodes, true)
	if err := w.conditions(); err != nil {
		return err
	}
	w.answer()
	return nil
}

func (w *writer) line(format string, args ...any) {
	if w.text.Len() > 0 {
		w.text.WriteByte('\n')
	}
	w.text.WriteString(w.indent)
	fmt.Fprintf(&w.text, format, args...)
}

func (w *writer) where(conditions []string) {
	if len(conditions) > 0 {
		w.line("WHERE %s", strings.Join(conditions, " AND "))
	}
}

// roles are the names of nodes and edges that keep their names as variables,
// since people read them: those of the named questions. Others are called by
// their label or type.
var roles = []string{
	"about", "other", "happening", "disputed", "bearer", "beneficiary", "violator", "victim", "perpetrator",
	"obligation", "instrument", "violation", "took", "with", "owes", "owedTo", "creates", "committed", "against",
	"breaches", "triggers", "partyTo", "responded",
}

// variable gives a name its variable: the name itself where it is a role, else
// its label or type with a number.
func (w *writer) variable(as, of string) string {
	if v, ok := w.names[as]; ok {
		return v
	}
	v := as
	if !slices.Contains(roles, as) {
		v = fmt.Sprintf("%s%d", strings.ToLower(strings.ReplaceAll(of, "_", "")), len(w.names))
	}
	w.names[as] = quoted(v)
	return w.names[as]
}

// quoted keeps a variable that Cypher has a meaning for from being read as it.
func quoted(variable string) string {
	if variable == "with" {
		return "`with`"
	}
	return variable
}

func node(nodes []graph.NodePattern, as string) (graph.NodePattern, bool) {
	i := slices.IndexFunc(nodes, func(n graph.NodePattern) bool { return n.As == as })
	if i < 0 {
		return graph.NodePattern{}, false
	}
	return nodes[i], true
}

// start binds the first node where no required edge does.
func (w *writer) start() {
	first := w.pattern.Nodes[0]
	if slices.ContainsFunc(w.pattern.Edges, func(e graph.EdgePattern) bool { return !e.Optional }) {
		w.variable(first.As, string(first.Label))
		return
	}
	text, conditions := w.end(w.pattern.Nodes, first.As)
	w.line("MATCH %s", text)
	w.where(conditions)
}

// end is a node as an end of an edge, with its label and conditions where it
// is mentioned for the first time.
func (w *writer) end(nodes []graph.NodePattern, as string) (string, []string) {
	if w.known[as] {
		return "(" + w.names[as] + ")", nil
	}
	n, _ := node(nodes, as)
	w.known[as] = true
	variable := w.variable(as, string(n.Label))
	conditions := w.filters(variable, n.Where)
	if dated := graph.DatedBy(n.Label); w.pattern.AsOf != "" && dated != "" {
		w.parameters["asOf"] = w.pattern.AsOf.Last()
		conditions = append(conditions, firstDay(variable+"."+string(dated))+" <= $asOf")
	}
	return "(" + variable + ":" + string(n.Label) + ")", conditions
}

// edges writes a clause for each required or each optional edge, outward from
// what is bound. Each has a clause of its own: within one, Cypher would keep
// two edges of the pattern from being the same.
func (w *writer) edges(edges []graph.EdgePattern, nodes []graph.NodePattern, optional bool) {
	clause := "MATCH"
	if optional {
		clause = "OPTIONAL MATCH"
	}
	written := map[string]bool{}
	for range edges {
		for _, e := range edges {
			if written[e.As] || e.Optional != optional || len(w.known) > 0 && !w.known[e.From] && !w.known[e.To] {
				continue
			}
			written[e.As] = true
			from, conditions := w.end(nodes, e.From)
			to, more := w.end(nodes, e.To)
			variable := w.variable(e.As, string(e.Type))
			conditions = slices.Concat(conditions, more, w.filters(variable, e.Where))
			w.line("%s %s-[%s:%s]->%s", clause, from, variable, e.Type, to)
			w.where(conditions)
		}
	}
}

func (w *writer) filters(variable string, filters []graph.Filter) []string {
	var conditions []string
	for _, f := range filters {
		conditions = append(conditions, w.filter(variable, f))
	}
	return conditions
}

func (w *writer) filter(variable string, f graph.Filter) string {
	property := variable + "." + string(f.Property)
	value := any(f.Value)
	switch {
	case f.Op == graph.Exists:
		return property + " IS NOT NULL"
	case f.Op == graph.Missing:
		return property + " IS NULL"
	case f.Op == graph.In:
		return property + " IN " + w.parameter(variable, f.Property, f.Values)
	case f.Op == graph.Includes:
		return w.parameter(variable, f.Property, f.Value) + " IN " + property
	case f.Property.IsNumber():
		value = f.Number
	case f.Property.IsDate() && (f.Op == graph.Least || f.Op == graph.Most):
		property, value = firstDay(property), graph.Date(f.Value).First()
	}
	return property + " " + operators[f.Op] + " " + w.parameter(variable, f.Property, value)
}

var operators = map[graph.Op]string{graph.Equal: "=", graph.Unequal: "<>", graph.Least: ">=", graph.Most: "<="}

// parameter adds a value and returns its parameter, named after what it is
// compared with. Equal values of one name share a parameter.
func (w *writer) parameter(variable string, property graph.Property, value any) string {
	p := string(property)
	name := strings.Trim(variable, "`") + strings.ToUpper(p[:1]) + p[1:]
	for n := 2; ; n++ {
		if other, taken := w.parameters[name]; !taken || reflect.DeepEqual(other, value) {
			break
		}
		name = fmt.Sprintf("%s%d", strings.TrimRight(name, "0123456789"), n)
	}
	w.parameters[name] = value
	return "$" + name
}

// firstDay is the first day that a date of any precision can mean.
func firstDay(date string) string {
	return "CASE size(" + date + ") WHEN 4 THEN " + date + " + '-01-01' WHEN 7 THEN " + date + " + '-01' ELSE " + date + " END"
}

// conditions writes what must be absent, and that a row comes after the cursor.
func (w *writer) conditions() error {
	after, err := w.after()
	if err != nil {
		return err
	}
	if len(w.pattern.Absent) == 0 && after == "" {
		return nil
	}
	w.line("WITH *")
	joiner := "WHERE"
	for _, a := range w.pattern.Absent {
		w.line("%s NOT EXISTS {", joiner)
		w.absence(a)
		w.line("}")
		joiner = "AND"
	}
	if after != "" {
		w.line("%s (%s)", joiner, after)
	}
	return nil
}

func (w *writer) absence(a graph.Absence) {
	known, names, indent := w.known, w.names, w.indent
	w.known, w.names, w.indent = maps.Clone(known), maps.Clone(names), indent+"  "
	w.edges(a.Edges, slices.Concat(w.pattern.Nodes, a.Nodes), false)
	w.known, w.names, w.indent = known, names, indent
}

// keys are the expressions of the pattern's order.
func (w *writer) keys() []string {
	keys := make([]string, len(w.pattern.Order))
	for i, o := range w.pattern.Order {
		key, missing := w.names[o.Of]+"."+string(o.Property), ""
		switch {
		case o.Property == graph.ID && !w.pattern.OptionalNodes()[o.Of]:
			keys[i] = key
			continue
		case o.Property.IsDate():
			key, missing = firstDay(key), graph.NoDate
		case o.Property == graph.BasisOf:
			rank := "CASE " + key
			for rankOf, basis := range graph.Bases.Names() {
				rank += fmt.Sprintf(" WHEN '%s' THEN '%d'", basis, rankOf)
			}
			key = rank + " END"
		}
		keys[i] = "coalesce(" + key + ", '" + missing + "')"
	}
	return keys
}

// A tie is an expression that breaks ties, and which of Pattern.Ties it is.
type tie struct {
	expression string
	index      int
}

// ties are the ids of the row's nodes and the keys of its edges, without those
// that are the same for all rows.
func (w *writer) ties() []tie {
	var ties []tie
	optional := w.pattern.OptionalNodes()
	for i, n := range w.pattern.Nodes {
		id := w.names[n.As] + ".id"
		if optional[n.As] {
			id = "coalesce(" + id + ", '')"
		}
		ties = append(ties, tie{id, i})
	}
	for i, e := range w.pattern.Edges {
		if Keyed(e.Type) {
			ties = append(ties, tie{"coalesce(" + w.names[e.As] + "." + Key + ", '')", len(w.pattern.Nodes) + i})
		}
	}
	return ties
}

// after is the condition that a row comes after the cursor, "" without one.
func (w *writer) after() (string, error) {
	if w.pattern.Cursor == "" {
		return "", nil
	}
	cursor, err := graph.ParseCursor(w.pattern.Cursor)
	if err != nil {
		return "", err
	}
	columns := w.keys()
	if len(cursor.Keys) != len(columns) || len(cursor.IDs) != 0 && len(cursor.IDs) != len(w.pattern.Nodes)+len(w.pattern.Edges) {
		return "", fmt.Errorf("%w: the cursor is of another question", graph.ErrInvalid)
	}
	values := slices.Clone(cursor.Keys)
	if len(cursor.IDs) > 0 {
		for _, t := range w.ties() {
			columns, values = append(columns, t.expression), append(values, cursor.IDs[t.index])
		}
	}
	alternatives := make([]string, len(columns))
	same := ""
	for i, column := range columns {
		parameter := fmt.Sprintf("after%d", i)
		w.parameters[parameter] = values[i]
		compare := ">"
		if i < len(w.pattern.Order) && w.pattern.Order[i].Descending {
			compare = "<"
		}
		alternatives[i] = fmt.Sprintf("%s%s %s $%s", same, column, compare, parameter)
		same += fmt.Sprintf("%s = $%s AND ", column, parameter)
	}
	return strings.Join(alternatives, " OR "), nil
}

// answer returns the nodes and edges in order.
func (w *writer) answer() {
	var nodes, edges, orders []string
	for _, n := range w.pattern.Nodes {
		nodes = append(nodes, w.names[n.As])
	}
	for _, e := range w.pattern.Edges {
		edges = append(edges, w.names[e.As])
	}
	if w.lists {
		w.line("RETURN [%s] AS nodes, [%s] AS edges", strings.Join(nodes, ", "), strings.Join(edges, ", "))
	} else {
		w.line("RETURN %s", strings.Join(slices.Concat(nodes, edges), ", "))
	}
	for i, key := range w.keys() {
		if w.pattern.Order[i].Descending {
			key += " DESC"
		}
		orders = append(orders, key)
	}
	for _, t := range w.ties() {
		orders = append(orders, t.expression)
	}
	w.line("ORDER BY %s", strings.Join(orders, ", "))
	if w.pattern.Limit > 0 {
		w.parameters[Limit] = w.pattern.Limit
		w.line("LIMIT $%s", Limit)
	}
}
