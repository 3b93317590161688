package neo4jstore_test

import (
	"flag"
	"testing"

	neo4jtest "pacta/testdata/neo4j"
)

// TestMain lets random cases run less often than the 100 times that rapid
// means them to: each change here is a transaction of a server.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "12"); err != nil {
		panic(err)
	}
	neo4jtest.Main(m)
}
