// Package graph is Pacta's vocabulary and its questions: who promised what to
// whom, what became of it, and the passage that proves each fact.
//
//	Actor -OWES-> Obligation -OWED_TO-> Actor
//	  |               ^   ^
//	PARTY_TO    CREATES   BREACHES, TRIGGERS
//	  v          |            |
//	Instrument --+        Violation -AGAINST-> Actor
//	                          ^
//	Actor -COMMITTED, RESPONDED_TO
//
//	any fact -EVIDENCED_BY-> Passage -PART_OF-> Document
//
// What one document says is a [Batch] of claims. What all documents say is a
// fold of those claims (fold.go): a function of the set of claims, never of
// their order. Breaches and triggers that follow from facts are derived by one
// table (inference.go). How a batch changes the graph is written once, in
// settle.go, over the small [Ledger] that each store provides.
//
// The package imports the standard library alone.
package graph
