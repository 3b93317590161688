package neo4jstore_test

import (
	"flag"
	"os"
	"testing"

	neo4jtest "pacta/testdata/neo4j"
)

// TestMain lets random cases run less often than the 100 times that rapid
// means them to: each change here is a transaction of a server. A process that
// a test started as an importer does that alone.
func TestMain(m *testing.M) {
	if uri := os.Getenv(importInto); uri != "" {
		os.Exit(importAsAsked(uri))
	}
	if err := flag.Set("rapid.checks", "12"); err != nil {
		panic(err)
	}
	neo4jtest.Main(m)
}
