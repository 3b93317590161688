package storetest

import (
	"iter"
	"testing"

	"pacta/graph"
)

// QuestionPatterns gives every pattern of every named question, asked with all
// its arguments and with those alone that it needs, and whether it is asked
// about a node. A store's test reads how it would run each.
func QuestionPatterns(tb testing.TB) iter.Seq2[graph.Pattern, bool] {
	tb.Helper()
	return func(yield func(graph.Pattern, bool) bool) {
		for _, q := range graph.Questions {
			all, needed, anchored := graph.Arguments{}, graph.Arguments{}, false
			for _, parameter := range q.Takes {
				all[parameter] = "state:GUA"
				anchored = anchored || parameter.IsNode()
				if words := parameter.Words(); words != nil {
					all[parameter] = words[0]
				}
				switch parameter {
				case graph.AsOfDay:
					all[parameter] = "1990"
				case graph.MaxHopCount:
					all[parameter] = "3"
				}
			}
			for _, parameter := range q.Needs {
				needed[parameter] = all[parameter]
			}
			for _, arguments := range []graph.Arguments{all, needed} {
				patterns, err := q.Patterns(arguments)
				if err != nil {
					tb.Fatal(err)
				}
				for _, p := range patterns {
					p.Limit = graph.DefaultLimit
					if !yield(p, anchored && len(arguments) > 0) {
						return
					}
				}
			}
		}
	}
}
