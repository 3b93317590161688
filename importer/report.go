package importer

import (
	"maps"
	"slices"
)

// An Outcome is what became of one source.
type Outcome string

// The outcomes of a source.
const (
	Imported  Outcome = "imported"
	Replaced  Outcome = "replaced"  // an earlier reading of the same document gave way
	Unchanged Outcome = "unchanged" // it was there already
	Skipped   Outcome = "skipped"   // it is nothing that Pacta reads
	Refused   Outcome = "refused"   // its claims break a rule; nothing of it was written
)

// A Result is what became of one source.
type Result struct {
	Source   string         `json:"source"`
	Outcome  Outcome        `json:"outcome"`
	Document string         `json:"document,omitempty"` // its id
	Title    string         `json:"title,omitempty"`
	Reason   string         `json:"reason,omitempty"` // why it was skipped or refused
	Claims   int            `json:"claims"`
	NotFacts map[string]int `json:"notFacts,omitempty"` // sentences that are no fact, by reason
}

// A Report is what became of all sources of an import, in their order.
type Report struct {
	Results []Result `json:"results"`
}

// Count is the number of sources with that outcome.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// Claims is the number of claims in all sources that are now in the graph.
func (r Report) Claims() int {
	n := 0
	for _, result := range r.Results {
		n += result.Claims
	}
	return n
}

// NotFacts sums, by reason, the sentences that had a cue and are no fact.
func (r Report) NotFacts() map[string]int {
	sum := map[string]int{}
	for _, result := range r.Results {
		for reason, n := range result.NotFacts {
			sum[reason] += n
		}
	}
	return sum
}

// Failed reports whether any source was skipped or refused.
func (r Report) Failed() bool {
	return slices.ContainsFunc(r.Results, func(x Result) bool { return x.Outcome == Skipped || x.Outcome == Refused })
}

func merge(into, from map[string]int) map[string]int {
	if into == nil {
		return maps.Clone(from)
	}
	for reason, n := range from {
		into[reason] += n
	}
	return into
}
