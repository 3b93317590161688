package neo4jstore

import (
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/neo4jstore/layout"
)

// asNode reads a node of the vocabulary.
func asNode(n neo4j.Node) graph.Node {
	node := graph.Node{Properties: asProperties(n.Props)}
	node.ID, node.Name = node.Properties.Text(graph.ID), node.Properties.Text(graph.Name)
	delete(node.Properties, graph.ID)
	delete(node.Properties, graph.Name)
	node.Label = graph.LabelOf(node.ID)
	return node
}

// asEdge reads a relationship between the nodes with those ids.
func asEdge(r neo4j.Relationship, from, to string) graph.Edge {
	edge := graph.Edge{From: from, Type: graph.EdgeType(r.Type), To: to, Properties: asProperties(r.Props)}
	edge.Key = edge.Properties.Text(layout.Key)
	for _, own := range []graph.Property{layout.Key, layout.FactOf, layout.ReaderOf} {
		delete(edge.Properties, own)
	}
	return edge
}

func asProperties(props map[string]any) graph.Properties {
	properties := make(graph.Properties, len(props))
	for name, value := range props {
		switch v := value.(type) {
		case int64:
			value = int(v)
		case []any:
			value = texts(v)
		}
		properties[graph.Property(name)] = value
	}
	return properties
}

// texts is a list of texts as the driver gives it.
func texts(list any) []string {
	values, _ := list.([]any)
	all := make([]string, len(values))
	for i, v := range values {
		all[i], _ = v.(string)
	}
	return all
}
