package neo4jstore

import (
	"fmt"
	"slices"
	"strings"

	"pacta/graph"
	"pacta/graph/cypher"
	"pacta/graph/neo4jstore/layout"
)

// The statements that write, made from the vocabulary once: labels and types
// are its own, everything else is a parameter. Several small statements go as
// one, each in a subquery, since a round trip costs more than an empty part.

// steady keeps a statement's plan when the graph grows: it looks everything up by
// id, so that no other plan is better, and planning again would cost more than
// running it.
const steady = "CYPHER replan=skip\n"

// A group is what of one statement's parameter goes into one part of it.
type group struct {
	parameter string
	from, to  graph.Label
	kind      string // the second label of actors
}

// nodeGroups are the parts of writeNodes: a label each, and of actors a kind each.
var nodeGroups = func() []group {
	var groups []group
	for _, label := range graph.Labels.Names() {
		if graph.Label(label) == graph.ActorLabel {
			for _, kind := range graph.ActorKinds.Names() {
				groups = append(groups, group{parameter: "actors_" + kind, from: graph.ActorLabel, kind: kind})
			}
			continue
		}
		groups = append(groups, group{parameter: strings.ToLower(label) + "s", from: graph.Label(label)})
	}
	return groups
}()

// writeNodes makes each node exactly what its row says.
var writeNodes = func() string {
	var all []string
	for _, kind := range graph.ActorKinds.Names() {
		all = append(all, layout.KindLabels[kind])
	}
	return steady + subqueries(nodeGroups, func(g group) string {
		second := ""
		if g.kind != "" {
			others := slices.DeleteFunc(slices.Clone(all), func(l string) bool { return l == layout.KindLabels[g.kind] })
			second = fmt.Sprintf(" REMOVE n:%s SET n:%s", strings.Join(others, ":"), layout.KindLabels[g.kind])
		}
		return fmt.Sprintf("UNWIND $%s AS row MERGE (n:%s {id: row.id}) SET n = row.properties%s", g.parameter, g.from, second)
	})
}()

// deleteNodes deletes nodes with all their relationships.
var deleteNodes = func() string {
	return steady + subqueries(labelGroups, func(g group) string {
		return fmt.Sprintf("UNWIND $%s AS id MATCH (n:%s {id: id}) DETACH DELETE n", g.parameter, g.from)
	})
}()

// labelGroups are a part for each label.
var labelGroups = func() []group {
	var groups []group
	for _, label := range graph.Labels.Names() {
		groups = append(groups, group{parameter: strings.ToLower(label) + "s", from: graph.Label(label)})
	}
	return groups
}()

// edgeGroups are a part for each type and pair of labels that it joins.
var edgeGroups = func() map[graph.EdgeType][]group {
	groups := map[graph.EdgeType][]group{}
	for _, rule := range graph.EdgeRules {
		for _, from := range rule.From {
			for _, to := range rule.To {
				groups[rule.Type] = append(groups[rule.Type], group{
					parameter: edgeParameter(from, rule.Type, to), from: from, to: to,
				})
			}
		}
	}
	return groups
}()

func edgeParameter(from graph.Label, t graph.EdgeType, to graph.Label) string {
	return strings.ToLower(fmt.Sprintf("%s_%s_%s", from, t, to))
}

// factEdges are the types that the fold and the inference yield. Attestations
// are written apart.
var factEdges = func() []graph.EdgeType {
	var types []graph.EdgeType
	for _, rule := range graph.EdgeRules {
		if rule.Type != graph.EvidencedBy {
			types = append(types, rule.Type)
		}
	}
	return types
}()

var writeEdges = overEdges(func(t graph.EdgeType, g group) string {
	return fmt.Sprintf("UNWIND $%s AS row MATCH (a:%s {id: row.from}) MATCH (b:%s {id: row.to}) MERGE (a)-[r:%s%s]->(b) SET r = row.properties",
		g.parameter, g.from, g.to, t, keyOf(t))
})

var deleteEdges = overEdges(func(t graph.EdgeType, g group) string {
	return fmt.Sprintf("UNWIND $%s AS row MATCH (a:%s {id: row.from})-[r:%s%s]->(b:%s {id: row.to}) DELETE r",
		g.parameter, g.from, t, keyOf(t), g.to)
})

func keyOf(t graph.EdgeType) string {
	if cypher.Keyed(t) {
		return " {" + cypher.Key + ": row.key}"
	}
	return ""
}

func overEdges(part func(graph.EdgeType, group) string) string {
	var parts []string
	for _, t := range factEdges {
		parts = append(parts, subqueries(edgeGroups[t], func(g group) string { return part(t, g) }))
	}
	return steady + strings.Join(parts, "\n")
}

func subqueries(groups []group, part func(group) string) string {
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = "CALL () { " + part(g) + " }"
	}
	return strings.Join(parts, "\n")
}

// readNodes returns the nodes with those ids.
var readNodes = func() string {
	parts := make([]string, len(labelGroups))
	for i, g := range labelGroups {
		parts[i] = fmt.Sprintf("UNWIND $%s AS id MATCH (n:%s {id: id}) RETURN n", g.parameter, g.from)
	}
	return steady + strings.Join(parts, "\nUNION ALL\n")
}()

// readEdgesFrom returns the edges that leave the nodes with those ids.
var readEdgesFrom = func() string {
	parts := make([]string, len(labelGroups))
	for i, g := range labelGroups {
		parts[i] = fmt.Sprintf("UNWIND $%s AS id MATCH (n:%s {id: id})-[r]->(m) RETURN n.id AS source, r, m.id AS target", g.parameter, g.from)
	}
	return steady + strings.Join(parts, "\nUNION ALL\n")
}()

// byLabel sorts ids into the parameters of labelGroups.
func byLabel(ids []string) map[string]any {
	parameters := map[string]any{}
	of := map[graph.Label][]string{}
	for _, id := range ids {
		of[graph.LabelOf(id)] = append(of[graph.LabelOf(id)], id)
	}
	for _, g := range labelGroups {
		parameters[g.parameter] = append([]string{}, of[g.from]...)
	}
	return parameters
}

// byKind sorts nodes into the parameters of nodeGroups.
func byKind(nodes []graph.Node) map[string]any {
	parameters := map[string]any{}
	for _, g := range nodeGroups {
		parameters[g.parameter] = []map[string]any{}
	}
	for _, n := range nodes {
		parameter := strings.ToLower(string(n.Label)) + "s"
		if n.Label == graph.ActorLabel {
			parameter = "actors_" + n.Properties.Text(graph.Kind)
		}
		parameters[parameter] = append(parameters[parameter].([]map[string]any), nodeRow(n))
	}
	return parameters
}

// byEnds sorts edges into the parameters of edgeGroups.
func byEnds(edges []graph.Edge) map[string]any {
	parameters := map[string]any{}
	for _, t := range factEdges {
		for _, g := range edgeGroups[t] {
			parameters[g.parameter] = []map[string]any{}
		}
	}
	for _, e := range edges {
		parameter := edgeParameter(graph.LabelOf(e.From), e.Type, graph.LabelOf(e.To))
		parameters[parameter] = append(parameters[parameter].([]map[string]any), edgeRow(e))
	}
	return parameters
}
