package localstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pacta/graph"
)

// compile turns a valid pattern into one SQL statement with its arguments. The
// joins start at the most selective node and follow edges outward by index;
// CROSS JOIN keeps SQLite from choosing another order. Values are arguments;
// labels, types and properties were checked against the vocabulary.
func compile(p graph.Pattern) (string, []any, error) {
	c := &compiler{
		pattern: p, optional: p.OptionalNodes(), prefix: "e",
		nodes: map[string]string{}, ids: map[string]string{}, edges: map[string]string{},
	}
	c.from()
	c.join(false)
	c.join(true)
	for _, absence := range p.Absent {
		c.absent(absence)
	}
	if err := c.after(); err != nil {
		return "", nil, err
	}
	text := "SELECT " + strings.Join(c.columns(), ", ") + "\nFROM " + c.tables.text.String()
	if c.where.text.Len() > 0 {
		text += "\nWHERE " + c.where.text.String()
	}
	text += "\nORDER BY " + strings.Join(c.orders(), ", ")
	args := append(c.tables.args, c.where.args...)
	if p.Limit > 0 {
		text += "\nLIMIT ?"
		args = append(args, p.Limit+1)
	}
	return text, args, nil
}

// A clause is SQL text with the arguments of its placeholders, in order.
type clause struct {
	text strings.Builder
	args []any
}

func (c *clause) add(text string, args ...any) {
	c.text.WriteString(text)
	c.args = append(c.args, args...)
}

func (c *clause) and(text string, args ...any) {
	if c.text.Len() > 0 {
		c.text.WriteString(" AND ")
	}
	c.add(text, args...)
}

type compiler struct {
	pattern  graph.Pattern
	optional map[string]bool
	tables   clause
	where    clause
	nodes    map[string]string // the pattern's names of joined nodes: their aliases
	ids      map[string]string // the same: the columns with their ids
	edges    map[string]string
	prefix   string // of the aliases of edges
	later    clause // nodes of which no more than the id is needed to go on
}

func (c *compiler) node(as string) graph.NodePattern {
	return c.pattern.Nodes[slices.IndexFunc(c.pattern.Nodes, func(n graph.NodePattern) bool { return n.As == as })]
}

// from starts at the required node that the fewest rows can be; of several, at
// one that is no hub.
func (c *compiler) from() {
	start := c.pattern.Nodes[0]
	for _, n := range c.pattern.Nodes {
		better := cmp.Or(cmp.Compare(selectivity(n), selectivity(start)), cmp.Compare(fanOut(start.Label), fanOut(n.Label)))
		if !c.optional[n.As] && better > 0 {
			start = n
		}
	}
	alias := "n0"
	c.nodes[start.As], c.ids[start.As] = alias, alias+".id"
	c.tables.add("node AS " + alias)
	nodeConditions(&c.where, alias, start, c.pattern.AsOf)
}

// selectivity ranks how few nodes the conditions leave.
func selectivity(n graph.NodePattern) int {
	best := 0
	for _, f := range n.Where {
		switch {
		case f.Property == graph.ID && f.Op == graph.Equal:
			return 4
		case f.Property == graph.ID && f.Op == graph.In:
			best = max(best, 3)
		case f.Property == graph.URI && f.Op == graph.Equal, f.Property == graph.Name && f.Op == graph.Equal:
			best = max(best, 2)
		default:
			best = max(best, 1)
		}
	}
	return best
}

// fanOut ranks how many edges of one type a node of the label has: a state
// takes part in thousands of obligations, an obligation has a few ends.
func fanOut(label graph.Label) int {
	switch label {
	case graph.ActorLabel:
		return 2
	case graph.DocumentLabel, graph.InstrumentLabel:
		return 1
	}
	return 0
}

// joinedEnds ranks, beside selectivity, an edge between nodes that are joined.
const joinedEnds = 5

// join adds the required or the optional edges, outward from what is joined.
// Edges to nodes that are picked out by id come first: they cut the most.
func (c *compiler) join(optional bool) {
	for range c.pattern.Edges {
		next, score := -1, -1
		for i, e := range c.pattern.Edges {
			_, done := c.edges[e.As]
			_, fromJoined := c.nodes[e.From]
			_, toJoined := c.nodes[e.To]
			if done || e.Optional != optional || !fromJoined && !toJoined {
				continue
			}
			s := joinedEnds
			if !fromJoined {
				s = selectivity(c.node(e.From))
			} else if !toJoined {
				s = selectivity(c.node(e.To))
			}
			if s > score {
				next, score = i, s
			}
		}
		if next < 0 {
			break
		}
		c.joinEdge(c.pattern.Edges[next])
	}
	c.tables.add(c.later.text.String(), c.later.args...)
	c.later = clause{}
}

// joinEdge joins an edge and the node at an end that is not joined yet. An
// optional edge is joined only where its new node fits as well, so that a match
// has both or neither.
func (c *compiler) joinEdge(e graph.EdgePattern) {
	join := "\nCROSS JOIN "
	if e.Optional {
		join = "\nLEFT JOIN "
	}
	alias := fmt.Sprintf("%s%d", c.prefix, len(c.edges))
	c.edges[e.As] = alias
	src, dst := ends(e.Type, alias)
	var on, node clause
	edgeConditions(&on, alias, e)
	seek := true // the new end by its ids, rather than compare the joined end's few edges with them
	for _, as := range []string{e.From, e.To} {
		if _, ok := c.nodes[as]; ok && fanOut(c.node(as).Label) == 0 {
			seek = false
		}
	}
	for _, end := range []struct{ as, column string }{{e.From, src}, {e.To, dst}} {
		if known, ok := c.ids[end.as]; ok {
			on.and(end.column + " = " + known)
			continue
		}
		n := c.node(end.as)
		known := fmt.Sprintf("n%d", len(c.nodes))
		c.nodes[end.as], c.ids[end.as] = known, end.column
		for _, f := range n.Where {
			switch {
			case f.Property == graph.ID && (seek || f.Op != graph.In):
				filter(&on, end.column, f)
			case f.Property == graph.ID:
				filter(&on, "+"+end.column, f)
			}
		}
		if e.Optional {
			var fits clause
			nodeConditions(&fits, "fits", n, c.pattern.AsOf)
			on.and("EXISTS (SELECT 1 FROM node AS fits WHERE fits.id = "+end.column+" AND "+fits.text.String()+")", fits.args...)
		}
		to := &node
		if !e.Optional && !c.conditional(n) {
			to = &c.later
		}
		to.add(join + "node AS " + known + " ON " + known + ".id = " + end.column)
		if !e.Optional {
			to.add(" AND ")
			var fits clause
			nodeConditions(&fits, known, n, c.pattern.AsOf)
			to.add(fits.text.String(), fits.args...)
		}
	}
	c.tables.add(join+table(e.Type)+" AS "+alias+" ON "+on.text.String(), on.args...)
	c.tables.add(node.text.String(), node.args...)
}

// conditional reports whether a node must be read to know that it fits.
func (c *compiler) conditional(n graph.NodePattern) bool {
	return c.pattern.AsOf != "" && graph.DatedBy(n.Label) != "" ||
		slices.ContainsFunc(n.Where, func(f graph.Filter) bool { return f.Property != graph.ID })
}

// table is where edges of a type are kept. EVIDENCED_BY edges are the passages
// of the record.
func table(t graph.EdgeType) string {
	if t == graph.EvidencedBy {
		return "evidence"
	}
	return "edge"
}

func ends(t graph.EdgeType, alias string) (src, dst string) {
	if t == graph.EvidencedBy {
		return alias + ".shown", alias + ".passage"
	}
	return alias + ".src", alias + ".dst"
}

func nodeConditions(c *clause, alias string, n graph.NodePattern, asOf graph.Date) {
	// not as a parameter: SQLite would plan again for each value, since an index is for one label alone
	c.and(alias + ".label = '" + string(n.Label) + "'")
	for _, f := range n.Where {
		filter(c, column(alias, f.Property), f)
	}
	if dated := graph.DatedBy(n.Label); asOf != "" && dated != "" {
		c.and(firstDay(column(alias, dated))+" <= ?", asOf.Last())
	}
}

func edgeConditions(c *clause, alias string, e graph.EdgePattern) {
	if e.Type != graph.EvidencedBy {
		c.and(alias+".type = ?", string(e.Type))
	}
	for _, f := range e.Where {
		filter(c, column(alias, f.Property), f)
	}
}

// column is where a node's or an edge's property is kept.
func column(alias string, property graph.Property) string {
	switch property {
	case graph.ID, graph.Name:
		return alias + "." + string(property)
	}
	return alias + ".properties ->> '$." + string(property) + "'"
}

// firstDay is the first day that a date of any precision can mean.
func firstDay(date string) string {
	return "CASE length(" + date + ") WHEN 4 THEN " + date + " || '-01-01' WHEN 7 THEN " + date + " || '-01' ELSE " + date + " END"
}

func filter(c *clause, column string, f graph.Filter) {
	value, compared := any(f.Value), column
	switch {
	case f.Property.IsNumber():
		value = f.Number
	case f.Property.IsDate() && (f.Op == graph.Least || f.Op == graph.Most):
		value, compared = graph.Date(f.Value).First(), firstDay(column)
	}
	switch f.Op {
	case graph.Equal:
		c.and(compared+" = ?", value)
	case graph.Unequal:
		c.and(compared+" <> ?", value)
	case graph.Least:
		c.and(compared+" >= ?", value)
	case graph.Most:
		c.and(compared+" <= ?", value)
	case graph.Exists:
		c.and(column + " IS NOT NULL")
	case graph.Missing:
		c.and(column + " IS NULL")
	case graph.In:
		c.and(column+" IN (SELECT value FROM json_each(?))", list(f.Values))
	case graph.Includes:
		c.and("EXISTS (SELECT 1 FROM json_each("+column+") WHERE value = ?)", f.Value)
	}
}

// list is values as one JSON argument.
func list(values []string) string {
	data, _ := json.Marshal(values) // strings always marshal
	return string(data)
}

// absent adds that no extension of the match by the absence exists.
func (c *compiler) absent(a graph.Absence) {
	inner := &compiler{
		pattern: graph.Pattern{Nodes: slices.Concat(c.pattern.Nodes, a.Nodes), Edges: a.Edges, AsOf: c.pattern.AsOf},
		nodes:   maps.Clone(c.nodes), ids: maps.Clone(c.ids), edges: map[string]string{}, prefix: "a",
	}
	inner.join(false)
	c.where.and("NOT EXISTS (SELECT 1 FROM (SELECT 1)"+inner.tables.text.String()+")", inner.tables.args...)
}

// keys are the expressions of the pattern's order.
func (c *compiler) keys() []string {
	keys := make([]string, len(c.pattern.Order))
	for i, o := range c.pattern.Order {
		alias, ok := c.nodes[o.Of]
		if !ok {
			alias = c.edges[o.Of]
		}
		key, missing := column(alias, o.Property), ""
		switch {
		case o.Property.IsDate():
			key, missing = firstDay(key), graph.NoDate
		case o.Property == graph.BasisOf:
			rank := "CASE " + key
			for i, basis := range graph.Bases.Names() {
				rank += fmt.Sprintf(" WHEN '%s' THEN '%d'", basis, i)
			}
			key = rank + " END"
		}
		keys[i] = "coalesce(" + key + ", '" + missing + "')"
	}
	return keys
}

// ties are the expressions that break ties: all ids of the match.
func (c *compiler) ties() []string {
	var ties []string
	for _, n := range c.pattern.Nodes {
		ties = append(ties, "coalesce("+c.nodes[n.As]+".id, '')")
	}
	for _, e := range c.pattern.Edges {
		ties = append(ties, "coalesce("+c.edges[e.As]+".key, '')")
	}
	return ties
}

func (c *compiler) orders() []string {
	orders := c.keys()
	for i, o := range c.pattern.Order {
		if o.Descending {
			orders[i] += " DESC"
		}
	}
	return append(orders, c.ties()...)
}

// after adds that a match comes after the cursor.
func (c *compiler) after() error {
	if c.pattern.Cursor == "" {
		return nil
	}
	cursor, err := graph.ParseCursor(c.pattern.Cursor)
	if err != nil {
		return err
	}
	keys, ties := c.keys(), c.ties()
	if len(cursor.Keys) != len(keys) || len(cursor.IDs) != 0 && len(cursor.IDs) != len(ties) {
		return fmt.Errorf("%w: the cursor is of another question", graph.ErrInvalid)
	}
	columns := keys
	if len(cursor.IDs) > 0 {
		columns = append(columns, ties...)
	}
	values := append(slices.Clone(cursor.Keys), cursor.IDs...)
	var any clause
	for i := range columns {
		var one clause
		for j := range i {
			one.and(columns[j]+" = ?", values[j])
		}
		compare := " > ?"
		if i < len(c.pattern.Order) && c.pattern.Order[i].Descending {
			compare = " < ?"
		}
		one.and(columns[i]+compare, values[i])
		if i > 0 {
			any.add(" OR ")
		}
		any.add("("+one.text.String()+")", one.args...)
	}
	c.where.and("("+any.text.String()+")", any.args...)
	return nil
}

// columns are what a match is read from: the nodes, then the edges.
func (c *compiler) columns() []string {
	var columns []string
	for _, n := range c.pattern.Nodes {
		alias := c.nodes[n.As]
		columns = append(columns, alias+".id", alias+".label", alias+".name", alias+".properties")
	}
	for _, e := range c.pattern.Edges {
		alias := c.edges[e.As]
		src, dst := ends(e.Type, alias)
		columns = append(columns, src, dst, alias+".key", alias+".properties")
	}
	return columns
}
