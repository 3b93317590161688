package config

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A StoreKind says what keeps the graph.
type StoreKind int

// The kinds of store.
const (
	LocalStore StoreKind = iota // a file
	Neo4jStore                  // a server
)

// neo4jSchemes are how an address of a Neo4j server can begin: neo4j finds the
// members of a cluster, bolt speaks to one server; +s encrypts, +ssc encrypts
// and takes any certificate.
var neo4jSchemes = []string{"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"}

// StoreKind is the kind of store that Store names.
func (c Config) StoreKind() (StoreKind, error) {
	if strings.HasPrefix(c.Store, local) {
		_, err := c.LocalPath()
		return LocalStore, err
	}
	return Neo4jStore, neo4jAddress(c.Store)
}

const local = "local:"

// LocalPath is the path of the local store that Store names.
func (c Config) LocalPath() (string, error) {
	path, ok := strings.CutPrefix(c.Store, local)
	if !ok || path == "" {
		return "", fmt.Errorf("store: %q is not local:PATH", c.Store)
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("store: %w", err)
		}
		return filepath.Join(home, rest), nil
	}
	return path, nil
}

// neo4jAddress refuses what is no address of a Neo4j server. No message repeats
// what may be a password.
func neo4jAddress(store string) error {
	if at := strings.LastIndex(store, "@"); at >= 0 {
		return fmt.Errorf("store: …%s holds a user or a password; give them as neo4j.user and in the environment, PACTA_NEO4J_PASSWORD", store[at:])
	}
	scheme, rest, _ := strings.Cut(store, "://")
	if !slices.Contains(neo4jSchemes, scheme) {
		return fmt.Errorf("store: %q is neither local:PATH nor the address of a Neo4j server; such an address begins with %s", store, strings.Join(neo4jSchemes, "://, ")+"://")
	}
	address, err := url.Parse(store)
	switch {
	case err != nil || address.Hostname() == "":
		return fmt.Errorf("store: %q has no host; write %s://HOST or %[2]s://HOST:PORT", store, scheme)
	case strings.Trim(rest, "/") != address.Host:
		return fmt.Errorf("store: %q goes on after the host; write %s://%s, and the database as neo4j.database", store, scheme, address.Host)
	}
	return nil
}
