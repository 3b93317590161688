// Package config is Pacta's configuration: one struct with its defaults in
// code, filled from a file, the environment and flags, and checked once.
package config

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// Config is all that can be set.
type Config struct {
	// Store names the graph: "local:PATH" for a file that needs no server, or
	// the address of a Neo4j server, such as "neo4j://HOST" or "bolt://HOST". A
	// PATH that begins with "~/" is in the user's home folder.
	Store  string `mapstructure:"store"`
	Neo4j  Neo4j  `mapstructure:"neo4j"`
	Import Import `mapstructure:"import"`
	Serve  Serve  `mapstructure:"serve"`
}

// Neo4j says as whom to use a Neo4j server, and which of its databases.
type Neo4j struct {
	User string `mapstructure:"user"`
	// Password is set by the environment or the file, never by a flag: other
	// users of the machine can read flags.
	Password Secret `mapstructure:"password"`
	Database string `mapstructure:"database"`
}

// Import configures the reading of documents.
type Import struct {
	// Workers is how many documents are read at once; 0 means as many as the
	// machine has processors.
	Workers int `mapstructure:"workers"`
}

// Serve configures the HTTP API.
type Serve struct {
	// Address is host:port. The host must be a loopback address, unless Container.
	Address string `mapstructure:"address"`
	// Container says that Pacta runs in a container, so that Address is one of its
	// own and other machines reach it only through a port that the host
	// publishes. The host must publish it on loopback.
	Container bool `mapstructure:"container"`
	// UploadMiB bounds one upload, in MiB.
	UploadMiB int `mapstructure:"uploadmib"`
}

// Default is the configuration where nothing is set.
func Default() Config {
	return Config{
		Store:  "local:~/.local/share/pacta/pacta.db",
		Neo4j:  Neo4j{User: "neo4j", Database: "neo4j"},
		Import: Import{Workers: 0},
		Serve:  Serve{Address: "127.0.0.1:8080", UploadMiB: 64},
	}
}

// DefaultFile is where the configuration file is looked for when none is named.
func DefaultFile() string {
	folder, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(folder, "pacta", "pacta.yaml")
}

// Variables that begin with prefix are ours; those of ours that begin with
// testPrefix are read by tests alone.
const (
	prefix     = "PACTA_"
	testPrefix = "TEST_"
)

// repeated is what an error of the YAML reader repeats of the file. It can be
// the password.
var repeated = regexp.MustCompile("'.*'|`.*`|\".*\"")

// keys are the configuration's keys with their defaults.
func keys(c Config) map[string]any {
	return map[string]any{
		"store":           c.Store,
		"neo4j.user":      c.Neo4j.User,
		"neo4j.password":  string(c.Neo4j.Password),
		"neo4j.database":  c.Neo4j.Database,
		"import.workers":  c.Import.Workers,
		"serve.address":   c.Serve.Address,
		"serve.container": c.Serve.Container,
		"serve.uploadmib": c.Serve.UploadMiB,
	}
}

// Load fills the configuration: defaults, then the file, then PACTA_*
// variables, then those of flags that were set, each named by a key with
// hyphens for dots. An empty file name means DefaultFile, if it exists. The
// error lists every mistake, unknown keys and variables among them.
func Load(file string, flags map[string]*pflag.Flag) (Config, error) {
	v := viper.New()
	v.SetEnvPrefix(strings.TrimSuffix(prefix, "_"))
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	known := keys(Default())
	for key, value := range known {
		v.SetDefault(key, value)
	}
	mistakes := unknownVariables(known)
	if err := readFile(v, file); err != nil {
		mistakes = append(mistakes, err)
	}
	for key, flag := range flags {
		if flag.Changed {
			v.Set(key, flag.Value.String())
		}
	}
	for _, key := range sortedKeys(known) {
		if _, text := known[key].(string); !text {
			continue
		}
		if _, ok := v.Get(key).(string); !ok {
			mistakes = append(mistakes, fmt.Errorf("%s: it is no text; put it in quotes", key))
			v.Set(key, known[key]) // the decoder's error would repeat the value, a password too
		}
	}
	c := Default()
	if err := v.UnmarshalExact(&c); err != nil {
		mistakes = append(mistakes, fmt.Errorf("%w; the keys are %s", err, strings.Join(sortedKeys(known), ", ")))
	}
	return c, errors.Join(append(mistakes, c.mistakes()...)...)
}

func readFile(v *viper.Viper, file string) error {
	named := file != ""
	if !named {
		file = DefaultFile()
	}
	if _, err := os.Stat(file); err != nil {
		if named {
			return fmt.Errorf("configuration file: %w", err)
		}
		return nil
	}
	v.SetConfigFile(file)
	if err := v.ReadInConfig(); err != nil {
		return fmt.Errorf("configuration file %s: %s", file, repeated.ReplaceAllString(err.Error(), "…"))
	}
	return nil
}

func unknownVariables(known map[string]any) []error {
	var mistakes []error
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		key, ours := strings.CutPrefix(name, prefix)
		if !ours || strings.HasPrefix(key, testPrefix) {
			continue
		}
		if !slices.ContainsFunc(sortedKeys(known), func(k string) bool {
			return strings.EqualFold(strings.ReplaceAll(k, ".", "_"), key)
		}) {
			mistakes = append(mistakes, fmt.Errorf("environment: unknown variable %s", name))
		}
	}
	return mistakes
}

func sortedKeys(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for key := range m {
		names = append(names, key)
	}
	slices.Sort(names)
	return names
}

func (c Config) mistakes() []error {
	var mistakes []error
	if _, err := c.StoreKind(); err != nil {
		mistakes = append(mistakes, err)
	}
	if c.Neo4j.User == "" {
		mistakes = append(mistakes, errors.New("neo4j.user: it is empty"))
	}
	if c.Neo4j.Database == "" {
		mistakes = append(mistakes, errors.New("neo4j.database: it is empty"))
	}
	if c.Import.Workers < 0 || c.Import.Workers > 256 {
		mistakes = append(mistakes, fmt.Errorf("import.workers: %d is not between 0 and 256", c.Import.Workers))
	}
	if err := c.Serve.reachable(); err != nil {
		mistakes = append(mistakes, fmt.Errorf("serve.address: %w", err))
	}
	if c.Serve.UploadMiB < 1 || c.Serve.UploadMiB > 1024 {
		mistakes = append(mistakes, fmt.Errorf("serve.uploadmib: %d is not between 1 and 1024", c.Serve.UploadMiB))
	}
	return mistakes
}

// reachable refuses an address that other machines could reach: the API has no
// keys yet.
func (s Serve) reachable() error {
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return fmt.Errorf("%q is not host:port", s.Address)
	}
	if s.Container {
		return nil
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is not a loopback address; the API has no keys, so only this machine may reach it; "+
			"in a container set serve.container, and publish the port on loopback alone", s.Address)
	}
	return nil
}
