package config

import (
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
	file := write(t, "store: remote:x\nimport:\n  workers: -1\n  wrokers: 3\nserve:\n  address: 0.0.0.0:80\n  uploadmib: 0\n")
	t.Setenv("PACTA_STOER", "local:x")
	_, err := Load(file, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"wrokers", "PACTA_STOER", "remote:x", "import.workers: -1", "0.0.0.0:80", "serve.uploadmib: 0"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not name %s:\n%v", part, err)
		}
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

func TestLocalPathInTheHomeFolder(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	path, err := Config{Store: "local:~/graph.db"}.LocalPath()
	if err != nil || path != "/home/someone/graph.db" {
		t.Errorf("got %q, %v", path, err)
	}
}
