// Package importer turns sources into facts of a graph.
//
//	bytes      -> Document    Parse: text and sections; no format after this
//	           -> Sentences   spans of the text
//	           -> Mentions    who and what the sentences name (Reader)
//	           -> Claims      what the document states (Extractor)
//	           -> Batch       atomic facts with ids (Resolve)
//	           -> the store   Importer, one transaction a document
//
// Claims files enter as Claims. Nothing is dropped silently: a source
// that is skipped or refused, and a sentence that is no fact, is counted in the
// Report with its reason.
package importer
