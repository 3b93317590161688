package main

import (
	"bytes"
	"net"
	"testing"
)

func TestBrowserCommandsNameLocalhost(t *testing.T) {
	var out bytes.Buffer
	printBrowserCommands(&out, &net.TCPAddr{IP: net.IPv4zero, Port: 8080})
	want := `in Neo4j Browser type
  :style http://localhost:8080/neo4j/style.grass
  :play http://localhost:8080/neo4j/guide
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
