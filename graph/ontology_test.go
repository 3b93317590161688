package graph

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestOntologyIsWritten holds docs/ontology.md to the vocabulary. Run with
// UPDATE_DOCS=1 to write it anew.
func TestOntologyIsWritten(t *testing.T) {
	const path = "../docs/ontology.md"
	want := ontology()
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the vocabulary says; run UPDATE_DOCS=1 go test ./graph", path)
	}
}

func ontology() string {
	var b strings.Builder
	b.WriteString("# The ontology\n\nMade from the vocabulary in `graph/` by its tests; do not edit.\n\n## Nodes\n\n| label | is | properties beside id and name |\n|---|---|---|\n")
	for _, label := range Labels {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", label.Name, label.Meaning, list(NodeProperties[label.Name]))
	}
	b.WriteString("\n## Edges\n\n| edge | from | to | properties | says that the first |\n|---|---|---|---|---|\n")
	for _, r := range EdgeRules {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Type, list(r.From), list(r.To), list(r.Properties), r.Meaning)
	}
	b.WriteString("\n## What breaks what\n\nAn act breaks the perpetrator's duties of these kinds: stated, where a document says that it broke the instrument; inferred, where the table says so, the duty is agreed, owed to the victim and certainly older than the act.\n\n| violation | breaks | also inferred |\n|---|---|---|\n")
	for _, r := range BreachRules {
		breaks := list(r.Breaks)
		if r.Breaks == nil {
			breaks = "all"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.Violation, breaks, map[bool]string{true: "yes", false: "no"}[r.Inferred])
	}
	vocabulary(&b, "Kinds of actor", ActorKinds)
	vocabulary(&b, "Kinds of instrument", InstrumentKinds)
	vocabulary(&b, "Binding", Bindings)
	vocabulary(&b, "Status", Statuses)
	vocabulary(&b, "Roles of parties", Roles)
	vocabulary(&b, "Kinds of obligation", ObligationKinds)
	vocabulary(&b, "Kinds of violation", ViolationKinds)
	vocabulary(&b, "Standing of a violation", Standings)
	vocabulary(&b, "Kinds of response", ResponseKinds)
	vocabulary(&b, "Basis of a breach", Bases)
	vocabulary(&b, "Outcome of a test", Outcomes)
	vocabulary(&b, "Stance of a passage", Stances)
	b.WriteString("\n## Questions\n\n| question | asks | takes |\n|---|---|---|\n")
	for _, q := range Questions {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", q.Name, q.Asks, list(q.Takes))
	}
	return b.String()
}

func vocabulary[T ~string](b *strings.Builder, title string, v Vocabulary[T]) {
	fmt.Fprintf(b, "\n## %s\n\n| word | means |\n|---|---|\n", title)
	for _, term := range v {
		fmt.Fprintf(b, "| %s | %s |\n", term.Name, term.Meaning)
	}
}

func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ", ")
}
