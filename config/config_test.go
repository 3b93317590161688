package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// alone keeps the machine's own configuration out of a test.
func alone(t *testing.T) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, prefix) {
			t.Setenv(name, "") // so that it comes back afterwards
			os.Unsetenv(name)
		}
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pacta.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDefaultsAreValid(t *testing.T) {
	alone(t)
	c, err := Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), c); diff != "" {
		t.Error(diff)
	}
}

func TestExampleFileIsTheDefaults(t *testing.T) {
	alone(t)
	text, err := os.ReadFile("pacta.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load("pacta.example.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), c); diff != "" {
		t.Error(diff)
	}
	for key := range keys(Default()) {
		leaf := key[strings.LastIndex(key, ".")+1:]
		if !strings.Contains(string(text), leaf+":") {
			t.Errorf("the example does not name %s", key)
		}
		if variable := prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_")); !strings.Contains(string(text), variable) {
			t.Errorf("the example does not name %s", variable)
		}
	}
}

func TestFlagsBeforeEnvironmentBeforeFile(t *testing.T) {
	alone(t)
	file := write(t, "store: local:file.db\nimport:\n  workers: 2\nserve:\n  uploadmib: 3\n")
	t.Setenv("PACTA_STORE", "local:environment.db")
	t.Setenv("PACTA_IMPORT_WORKERS", "4")
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	flags.String("store", "", "")
	if err := flags.Parse([]string{"--store", "local:flag.db"}); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file, map[string]*pflag.Flag{"store": flags.Lookup("store")})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Store, want.Import.Workers, want.Serve.UploadMiB = "local:flag.db", 4, 3
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	alone(t)
	file := write(t, "store: remote:x\nneo4j:\n  user: ''\n  database: 7\n  pasword: x\nimport:\n  workers: -1\n  wrokers: 3\nserve:\n  address: 0.0.0.0:80\n  uploadmib: 0\n")
	t.Setenv("PACTA_STOER", "local:x")
	_, err := Load(file, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"wrokers", "PACTA_STOER", "remote:x", "neo4j.user: it is empty", "neo4j.database: it is no text", "pasword", "import.workers: -1", "0.0.0.0:80", "serve.uploadmib: 0"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not name %s:\n%v", part, err)
		}
	}
}

func TestAnyAddressInAContainerAlone(t *testing.T) {
	alone(t)
	t.Setenv("PACTA_SERVE_ADDRESS", "0.0.0.0:8080")
	if _, err := Load("", nil); err == nil || !strings.Contains(err.Error(), "serve.container") {
		t.Errorf("outside of a container: %v", err)
	}
	t.Setenv("PACTA_SERVE_CONTAINER", "true")
	if c, err := Load("", nil); err != nil || !c.Serve.Container {
		t.Errorf("in a container: %v, %v", c.Serve, err)
	}
	t.Setenv("PACTA_SERVE_ADDRESS", "8080")
	if _, err := Load("", nil); err == nil || !strings.Contains(err.Error(), "host:port") {
		t.Errorf("without a host: %v", err)
	}
	t.Setenv("PACTA_SERVE_CONTAINER", "perhaps")
	if _, err := Load("", nil); err == nil || !strings.Contains(err.Error(), "serve.container") {
		t.Errorf("neither true nor false: %v", err)
	}
}

func TestVariablesOfTestsAreNoMistake(t *testing.T) {
	alone(t)
	t.Setenv("PACTA_TEST_NEO4J_LIB", "lib")
	if _, err := Load("", nil); err != nil {
		t.Error(err)
	}
}

func TestFileThatIsNotThereOrNoYAML(t *testing.T) {
	alone(t)
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil); err == nil {
		t.Error("a named file that is not there gave no error")
	}
	if _, err := Load(write(t, "store: [\n"), nil); err == nil {
		t.Error("a broken file gave no error")
	}
}

func TestStores(t *testing.T) {
	for _, c := range []struct {
		store string
		kind  StoreKind
		says  string // "" where it is good
	}{
		{"local:graph.db", LocalStore, ""},
		{"local:", LocalStore, "local:PATH"},
		{"neo4j://localhost", Neo4jStore, ""},
		{"neo4j+s://graph.example.org:7687", Neo4jStore, ""},
		{"neo4j+ssc://10.0.0.1:7687/", Neo4jStore, ""},
		{"bolt://[::1]:7687", Neo4jStore, ""},
		{"bolt+s://h", Neo4jStore, ""},
		{"bolt+ssc://h", Neo4jStore, ""},
		{"", Neo4jStore, "local:PATH"},
		{"graph.db", Neo4jStore, "local:PATH"},
		{"http://localhost:7474", Neo4jStore, "neo4j+ssc://"},
		{"neo4j:localhost", Neo4jStore, "neo4j+ssc://"},
		{"neo4j://", Neo4jStore, "neo4j://HOST"},
		{"bolt://:7687", Neo4jStore, "bolt://HOST"},
		{"bolt://host:port", Neo4jStore, "bolt://HOST:PORT"},
		{"neo4j://host/people", Neo4jStore, "neo4j.database"},
		{"neo4j://host?database=people", Neo4jStore, "neo4j.database"},
		{"neo4j://someone@host", Neo4jStore, "PACTA_NEO4J_PASSWORD"},
	} {
		kind, err := Config{Store: c.store}.StoreKind()
		if err == nil && kind != c.kind || (err == nil) != (c.says == "") {
			t.Errorf("%q: kind %d, %v", c.store, kind, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: the error does not say %s: %v", c.store, c.says, err)
		}
	}
}

// TestPasswordStandsInNoError writes it wherever someone could by mistake.
func TestPasswordStandsInNoError(t *testing.T) {
	const password = "hunter2"
	for _, text := range []string{
		"store: neo4j://neo4j:hunter2@host",
		"store: bolt+s://neo4j:p#/?@hunter2@host:1",
		"store: http://neo4j:hunter2@host",
		"store: neo4j:hunter2@host",
		"store: [neo4j://neo4j:hunter2@host]",
		"neo4j: hunter2",
		"neo4j: [hunter2]",
		"neo4j:\n  password: [hunter2]",
		"neo4j:\n  password: {a: hunter2}",
		"neo4j:\n  password: *hunter2",
		"neo4j:\n  password: !!int hunter2",
		"neo4j:\n  password: 'hunter2",
		"neo4j:\n  password: \"hunter2\\q\"",
		"neo4j:\n  pasword: hunter2",
		"neo4j:\n  password: hunter2\n  password: hunter2",
		"neo4j:\n  password: hunter2\n  user: ''",
	} {
		alone(t)
		_, err := Load(write(t, text), nil)
		if err == nil {
			t.Errorf("%s: no error", text)
		} else if strings.Contains(err.Error(), password) {
			t.Errorf("%s: the error tells it: %v", text, err)
		}
	}
}

func TestPasswordFromTheEnvironmentPrintsAsHidden(t *testing.T) {
	alone(t)
	t.Setenv("PACTA_NEO4J_PASSWORD", "hunter2")
	c, err := Load(write(t, "neo4j:\n  password: other\n"), nil)
	if err != nil || string(c.Neo4j.Password) != "hunter2" {
		t.Fatalf("%q, %v", string(c.Neo4j.Password), err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%v %+v %#v %s %q ", c, c, c, c.Neo4j.Password, c.Neo4j.Password)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(&out, nil))
	logger.Info("loaded", "password", c.Neo4j.Password, "config", c)
	if strings.Contains(out.String(), "hunter2") {
		t.Error(out.String())
	}
}

func TestLocalPathInTheHomeFolder(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	path, err := Config{Store: "local:~/graph.db"}.LocalPath()
	if err != nil || path != "/home/someone/graph.db" {
		t.Errorf("got %q, %v", path, err)
	}
}
