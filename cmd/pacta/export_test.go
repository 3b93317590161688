package main

import (
	"context"
	"errors"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"pacta/graph"
	"pacta/graph/neo4jstore"
)

// TestADatabaseThatNeo4jAdminFilledCanBeAsked opens one for reading before
// anybody has written to it.
func TestADatabaseThatNeo4jAdminFilledCanBeAsked(t *testing.T) {
	server, _ := emptied(t)
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background())
	if _, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (p:Pacta) SET p.version = 0", nil, neo4j.EagerResultTransformer); err != nil {
		t.Fatal(err)
	}
	o := neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password, ReadOnly: true}
	for range 2 {
		store, err := openNeo4j(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Withdraw(t.Context(), "doc:none"); !errors.Is(err, graph.ErrInvalid) {
			t.Errorf("it is not open for reading alone: %v", err)
		}
		_ = store.Close()
	}
	store, err := neo4jstore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
}
