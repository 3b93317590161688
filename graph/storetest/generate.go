package storetest

import (
	"fmt"
	"iter"

	"pacta/graph"
)

// edgesAPromise is how many edges one generated promise and its breach come to,
// passages included.
const edgesAPromise = 15

// Generate gives batches that come to that many edges, and a few hundred more: a world of actors
// who promise and attack, and in it one guarantor, state:GUA, whose five promises
// to the busiest of them were each breached by five acts, whatever the world's
// size.
func Generate(size int) iter.Seq[*graph.Batch] {
	const promisesADocument = 25
	return func(yield func(*graph.Batch) bool) {
		guarantor := tell("guarantor")
		for i := range 5 {
			id := fmt.Sprintf("guarantee-%d", i)
			guarantor.instrument(id, "1925").party("GUA", id, graph.Guarantor).owes("GUA", graph.NonAggression, code(0), id)
			guarantor.violates("GUA", graph.Invasion, code(0), graph.Date(fmt.Sprint(1930+i)), id)
		}
		if !yield(guarantor.batch) {
			return
		}
		actors := max(50, size/200)
		for document := 0; document*promisesADocument*edgesAPromise < size; document++ {
			told := tell(fmt.Sprint("generated ", document))
			for i := range promisesADocument {
				n := document*promisesADocument + i
				bearer, victim := code(n%actors), code((n*7+n/actors+1)%actors)
				id := fmt.Sprintf("treaty-%d", n)
				told.instrument(id, "1925").party(bearer, id, graph.Signatory).owes(bearer, graph.NonAggression, victim, id)
				told.violates(bearer, graph.Invasion, victim, graph.Date(fmt.Sprint(1930+n%50)), id)
			}
			if !yield(told.batch) {
				return
			}
		}
	}
}

// code is the three-letter code of the nth actor, none of which is GUA.
func code(n int) string {
	return string([]byte{'H' + byte(n/676%13), 'A' + byte(n/26%26), 'A' + byte(n%26)})
}
