package neo4jstore_test

import (
	"testing"

	neo4jtest "pacta/testdata/neo4j"
)

func TestMain(m *testing.M) { neo4jtest.Main(m) }
