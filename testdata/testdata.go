// Package testdata holds the documents that come with Pacta. They were written
// for it, from general knowledge.
package testdata

import "embed"

// Documents are the documents, in the folder "documents".
//
//go:embed documents
var Documents embed.FS
