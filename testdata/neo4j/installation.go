package neo4jtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// ErrMissing is that Java or Neo4j's jars are not on this machine.
var ErrMissing = errors.New("no Neo4j here")

// jarsVariable names a folder of jars other than lib beside pom.xml.
const jarsVariable = "PACTA_TEST_NEO4J_LIB"

// installation is what a server runs with.
type installation struct {
	java string // the program
	jars string // the folder
}

// find looks for Java on the path and for the jars beside this file.
func find() (installation, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return installation{}, fmt.Errorf("%w: no java on the path; run make tools", ErrMissing)
	}
	jars := os.Getenv(jarsVariable)
	if jars == "" {
		_, source, _, _ := runtime.Caller(0)
		jars = filepath.Join(filepath.Dir(source), "lib")
	}
	if jars, err = filepath.Abs(jars); err != nil {
		return installation{}, err
	}
	if found, _ := filepath.Glob(filepath.Join(jars, "neo4j-server-*.jar")); len(found) == 0 {
		return installation{}, fmt.Errorf("%w: no jars in %s; run make neo4j-jars or set %s", ErrMissing, jars, jarsVariable)
	}
	return installation{java: java, jars: jars}, nil
}
