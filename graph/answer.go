package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// proofsAHop is how many passages an answer shows for each hop; the question
// "evidence" gives them all.
const proofsAHop = 3

// An Answer is what a question or a pattern found: rows that are paths through
// the graph, each hop with the passages that prove it.
type Answer struct {
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
	Next    string   `json:"next,omitempty"` // cursor of the page after
}

// A Row is one path of an answer. Values are its cells, one a column.
type Row struct {
	Values []string `json:"values,omitempty"`
	Nodes  []Node   `json:"nodes"`
	Hops   []Hop    `json:"hops,omitempty"`
	// Evidence proves the row's node where it has no hops.
	Evidence []Proof `json:"evidence,omitempty"`
}

// Proofs are all the row's passages, each once.
func (r Row) Proofs() []Proof {
	all := slices.Clone(r.Evidence)
	for _, h := range r.Hops {
		for _, p := range h.Evidence {
			if !slices.ContainsFunc(all, func(q Proof) bool { return q.Passage == p.Passage }) {
				all = append(all, p)
			}
		}
	}
	return all
}

// A Hop is an edge of a path with the passages that prove it.
type Hop struct {
	Edge
	Evidence []Proof `json:"evidence"`
}

// Ask answers the question with at most limit rows (0: DefaultLimit) after the
// cursor. It returns ErrInvalid for arguments that it does not take.
func (q Question) Ask(ctx context.Context, s Store, a Arguments, limit int, cursor string) (Answer, error) {
	answer := Answer{Columns: make([]string, len(q.Columns)), Rows: []Row{}}
	for i, c := range q.Columns {
		answer.Columns[i] = c.Heading
	}
	if limit < 0 || limit > MaxLimit {
		return answer, fmt.Errorf("%w: limit %d is not between 1 and %d", ErrInvalid, limit, MaxLimit)
	}
	limit = cmp.Or(limit, DefaultLimit)
	if err := q.check(a); err != nil {
		return answer, err
	}
	if q.search != nil {
		rows, err := q.search(ctx, s, a, limit)
		answer.Rows = append(answer.Rows, rows...)
		return answer, err
	}
	matches, next, err := merged(ctx, s, q.patterns(a), limit, cursor)
	if err != nil {
		return answer, err
	}
	answer.Next = next
	answer.Rows, err = cite(ctx, s, matches)
	for i, m := range matches {
		if err == nil {
			answer.Rows[i].Values = q.cells(m.Match)
		}
	}
	return answer, err
}

// AnswerPattern answers a user's own pattern.
func AnswerPattern(ctx context.Context, s Store, p Pattern) (Answer, error) {
	p.Limit = cmp.Or(p.Limit, DefaultLimit)
	page, err := s.Match(ctx, p)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Next: page.Next}
	for _, n := range p.Nodes {
		answer.Columns = append(answer.Columns, n.As)
	}
	matches := make([]matchOf, len(page.Matches))
	for i, m := range page.Matches {
		matches[i] = matchOf{m, p}
	}
	if answer.Rows, err = cite(ctx, s, matches); err != nil {
		return Answer{}, err
	}
	for i, m := range page.Matches {
		for _, n := range p.Nodes {
			answer.Rows[i].Values = append(answer.Rows[i].Values, m.Nodes[n.As].Name)
		}
	}
	return answer, nil
}

// AnswerPaths answers a path query.
func AnswerPaths(ctx context.Context, s Store, query PathQuery) (Answer, error) {
	paths, err := s.Paths(ctx, query)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Columns: []string{"path"}, Rows: []Row{}}
	for _, path := range paths {
		row := Row{Values: []string{path.String()}, Nodes: path.Nodes}
		for _, edge := range path.Edges {
			row.Hops = append(row.Hops, Hop{Edge: edge})
		}
		answer.Rows = append(answer.Rows, row)
	}
	return answer, prove(ctx, s, answer.Rows)
}

func searchPaths(ctx context.Context, s Store, a Arguments, limit int) ([]Row, error) {
	hops, _ := strconv.Atoi(a[MaxHopCount]) // none: the default
	answer, err := AnswerPaths(ctx, s, PathQuery{From: a[About], To: a[Toward], MaxHops: hops, Limit: min(limit, MaxPaths)})
	return answer.Rows, err
}

func searchEvidence(ctx context.Context, s Store, a Arguments, limit int) ([]Row, error) {
	node, err := s.Node(ctx, a[About])
	if err != nil {
		return nil, err
	}
	proofs, err := s.Evidence(ctx, node.Facts(), limit)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, fact := range node.Facts() {
		for _, p := range proofs[fact] {
			rows = append(rows, Row{
				Values: []string{p.Quote, cmp.Or(p.Title, p.URI), p.Extractor},
				Nodes:  []Node{node}, Evidence: []Proof{p},
			})
		}
	}
	return rows[:min(len(rows), limit)], nil
}

// String is the path for people: names joined by edge types, with arrows in
// the direction of the edges.
func (p Path) String() string {
	var b strings.Builder
	for i, n := range p.Nodes {
		b.WriteString(n.Name)
		if i < len(p.Edges) {
			if p.Edges[i].From == n.ID {
				fmt.Fprintf(&b, " -%s-> ", p.Edges[i].Type)
			} else {
				fmt.Fprintf(&b, " <-%s- ", p.Edges[i].Type)
			}
		}
	}
	return b.String()
}

func (q Question) cells(m Match) []string {
	cells := make([]string, len(q.Columns))
	for i, c := range q.Columns {
		var value any
		if node, ok := m.Nodes[c.Of]; ok {
			value = node.Value(c.Property)
			if c.Property == Since {
				value = string(node.Date())
			}
		} else if edge, ok := m.Edges[c.Of]; ok {
			value = edge.Properties[c.Property]
		}
		switch v := value.(type) {
		case nil:
		case []string:
			cells[i] = strings.Join(v, ", ")
		default:
			cells[i] = fmt.Sprint(v)
		}
	}
	return cells
}

// A matchOf is a match with the pattern that it fits.
type matchOf struct {
	Match
	pattern Pattern
}

// merged gives the next limit matches of all patterns together. Several
// patterns share an order whose last key is the id of the thing asked for; a
// thing that more than one finds comes once.
func merged(ctx context.Context, s Store, patterns []Pattern, limit int, cursor string) ([]matchOf, string, error) {
	if len(patterns) == 1 {
		p := patterns[0]
		p.Limit, p.Cursor = limit, cursor
		page, err := s.Match(ctx, p)
		matches := make([]matchOf, len(page.Matches))
		for i, m := range page.Matches {
			matches[i] = matchOf{m, p}
		}
		return matches, page.Next, err
	}
	streams := make([]*stream, len(patterns))
	for i, p := range patterns {
		p.Limit, p.Cursor = min(limit+1, MaxLimit), cursor
		streams[i] = &stream{store: s, pattern: p, more: true}
	}
	var matches []matchOf
	var last []string
	for {
		var next *stream
		for _, st := range streams {
			if err := st.fill(ctx, last); err != nil {
				return nil, "", err
			}
			if len(st.matches) > 0 && (next == nil || slices.Compare(st.key(), next.key()) < 0) {
				next = st
			}
		}
		if next == nil {
			return matches, "", nil
		}
		if len(matches) == limit {
			return matches, Cursor{Keys: last}.String(), nil
		}
		last = next.key()
		matches = append(matches, matchOf{next.matches[0], next.pattern})
	}
}

// A stream is the matches of one pattern, a page at a time.
type stream struct {
	store   Store
	pattern Pattern
	matches []Match
	more    bool
}

func (st *stream) key() []string { return st.pattern.SortKeys(st.matches[0]) }

// fill drops the matches up to the key after, and reads on where none is left.
func (st *stream) fill(ctx context.Context, after []string) error {
	for {
		for len(st.matches) > 0 && slices.Compare(st.key(), after) <= 0 {
			st.matches = st.matches[1:]
		}
		if len(st.matches) > 0 || !st.more {
			return nil
		}
		page, err := st.store.Match(ctx, st.pattern)
		if err != nil {
			return err
		}
		st.matches, st.pattern.Cursor, st.more = page.Matches, page.Next, page.Next != ""
	}
}

// cite makes rows of matches, in the order in which their patterns name nodes
// and edges, and proves each hop.
func cite(ctx context.Context, s Store, matches []matchOf) ([]Row, error) {
	rows := make([]Row, len(matches))
	for i, m := range matches {
		for _, n := range m.pattern.Nodes {
			if node, ok := m.Nodes[n.As]; ok {
				rows[i].Nodes = append(rows[i].Nodes, node)
			}
		}
		for _, e := range m.pattern.Edges {
			if edge, ok := m.Edges[e.As]; ok {
				rows[i].Hops = append(rows[i].Hops, Hop{Edge: edge})
			}
		}
	}
	return rows, prove(ctx, s, rows)
}

// prove fills in the passages of the rows, with one look-up for all.
func prove(ctx context.Context, s Store, rows []Row) error {
	facts := set{}
	for _, r := range rows {
		for _, h := range r.Hops {
			facts.add(h.Facts()...)
		}
		if len(r.Hops) == 0 {
			facts.add(r.Nodes[0].Facts()...)
		}
	}
	if len(facts) == 0 {
		return nil
	}
	proofs, err := s.Evidence(ctx, facts.sorted(), proofsAHop)
	if err != nil {
		return err
	}
	of := func(facts []string) []Proof {
		all := []Proof{}
		for _, fact := range facts {
			all = append(all, proofs[fact]...)
		}
		return all
	}
	for i := range rows {
		for j, h := range rows[i].Hops {
			rows[i].Hops[j].Evidence = of(h.Facts())
		}
		if len(rows[i].Hops) == 0 {
			rows[i].Evidence = of(rows[i].Nodes[0].Facts())
		}
	}
	return nil
}
