//go:build unix

package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	neo4jtest "pacta/testdata/neo4j"
)

// The ports that Neo4j has by default.
const (
	defaultBolt = 7687
	defaultHTTP = 7474
)

// secrets are what a home's server was made with.
type secrets struct {
	Password string `json:"password"`
	BoltPort int    `json:"boltPort"`
	HTTPPort int    `json:"httpPort"`
}

func secretsFile(home string) string { return filepath.Join(home, "secrets.json") }

// loadSecrets reads the home's secrets; a new home gets a new password.
func loadSecrets(home string) (secrets, error) {
	s := secrets{Password: rand.Text(), BoltPort: defaultBolt, HTTPPort: defaultHTTP}
	text, err := os.ReadFile(secretsFile(home))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(home, "data")); err == nil {
			return s, fmt.Errorf("%s has data and no password; remove the folder", home)
		}
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("%s: %w", secretsFile(home), err)
	}
	return s, nil
}

// save writes them for the user's eyes alone.
func (s secrets) save(home string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(secretsFile(home), text, 0o600)
}

// choosePorts keeps the ports that are free, takes the default ones where
// these are, else any.
func (s *secrets) choosePorts() error {
	var err error
	if s.BoltPort, err = neo4jtest.FreePort(s.BoltPort, defaultBolt); err != nil {
		return err
	}
	s.HTTPPort, err = neo4jtest.FreePort(s.HTTPPort, defaultHTTP)
	return err
}
