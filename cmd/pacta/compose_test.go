package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"pacta/config"
)

// top is the folder of docker-compose.yml and Dockerfile.
var top = filepath.Join("..", "..")

// composePassword is the password that these tests give.
const composePassword = "correct-horse-battery"

// compose reads docker-compose.yml as Docker does, which checks it against the
// compose schema.
func compose(t *testing.T, environment types.Mapping) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  top,
		ConfigFiles: types.ToConfigFiles([]string{filepath.Join(top, "docker-compose.yml")}),
		Environment: environment,
	})
}

func composed(t *testing.T) *types.Project {
	t.Helper()
	project, err := compose(t, types.Mapping{"PACTA_NEO4J_PASSWORD": composePassword})
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func topFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestComposeRunsTheTestedNeo4j(t *testing.T) {
	var pom struct {
		Version string `xml:"properties>neo4j.version"`
	}
	if err := xml.Unmarshal([]byte(topFile(t, "testdata/neo4j/pom.xml")), &pom); err != nil {
		t.Fatal(err)
	}
	if got, want := composed(t).Services["neo4j"].Image, "neo4j:"+pom.Version+"-community"; got != want || pom.Version == "" {
		t.Errorf("docker-compose.yml has %s, the tests run %s", got, want)
	}
}

// TestComposeConfiguresPacta loads the configuration as in the container.
func TestComposeConfiguresPacta(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for name, value := range composed(t).Services["pacta"].Environment {
		if value == nil {
			t.Fatalf("%s has no value", name)
		}
		t.Setenv(name, *value)
	}
	c, err := config.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if kind, err := c.StoreKind(); err != nil || kind != config.Neo4jStore {
		t.Errorf("the store is %s: %v", c.Store, err)
	}
	if string(c.Neo4j.Password) != composePassword || !c.Serve.Container {
		t.Errorf("got %+v", c)
	}
}

func TestComposeIsReachableFromThisMachineAlone(t *testing.T) {
	for name, service := range composed(t).Services {
		if len(service.Ports) == 0 || service.NetworkMode != "" {
			t.Errorf("%s: ports %v, network mode %q", name, service.Ports, service.NetworkMode)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes port %s on %q", name, port.Published, port.HostIP)
			}
		}
	}
}

// TestComposeHasNoPasswordOfItsOwn looks for one, and for one that is used
// where none is given.
func TestComposeHasNoPasswordOfItsOwn(t *testing.T) {
	if _, err := compose(t, nil); err == nil || !strings.Contains(err.Error(), "PACTA_NEO4J_PASSWORD") {
		t.Errorf("without a password: %v", err)
	}
	found := 0
	for name, service := range composed(t).Services {
		for variable, value := range service.Environment {
			if !strings.Contains(variable, "PASSWORD") && !strings.Contains(variable, "AUTH") {
				continue
			}
			found++
			if *value != composePassword && *value != "neo4j/"+composePassword {
				t.Errorf("%s sets %s to something else than what was given", name, variable)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d passwords, want one a service", found)
	}
}

func TestComposeKeepsDataAndLooksAfterItself(t *testing.T) {
	project := composed(t)
	volumes := 0
	for name, service := range project.Services {
		if check := service.HealthCheck; check == nil || check.Disable || len(check.Test) < 2 || check.Test[0] != "CMD" {
			t.Errorf("%s has no health check that does without a shell", name)
		}
		for _, volume := range service.Volumes {
			volumes++
			if _, declared := project.Volumes[volume.Source]; volume.Type != types.VolumeTypeVolume || !declared {
				t.Errorf("%s keeps %s in %s %q, which is no named volume", name, volume.Target, volume.Type, volume.Source)
			}
		}
	}
	if volumes == 0 {
		t.Error("no service keeps anything")
	}
	if condition := project.Services["pacta"].DependsOn["neo4j"].Condition; condition != types.ServiceConditionHealthy {
		t.Errorf("pacta waits for neo4j to be %q", condition)
	}
}

// TestComposeRunsWhatTheImageHas runs nothing, but the commands are ones that
// the program in the image knows.
func TestComposeRunsWhatTheImageHas(t *testing.T) {
	dockerfile := topFile(t, "Dockerfile")
	pacta := composed(t).Services["pacta"]
	if !strings.Contains(dockerfile, `ENTRYPOINT ["/pacta"]`) || pacta.HealthCheck.Test[1] != "/pacta" {
		t.Error("the image's program and the health check's differ")
	}
	for _, command := range [][]string{pacta.Command, pacta.HealthCheck.Test[2:]} {
		if found, _, err := newRoot().Find(command); err != nil || found.Name() != command[0] {
			t.Errorf("pacta has no subcommand %v", command)
		}
	}
}

func TestImageIsStaticAndWithoutRoot(t *testing.T) {
	dockerfile := topFile(t, "Dockerfile")
	users := regexp.MustCompile(`(?m)^USER +(\S+)`).FindAllStringSubmatch(dockerfile, -1)
	if len(users) == 0 || !regexp.MustCompile(`^[1-9]\d*(:[1-9]\d*)?$`).MatchString(users[len(users)-1][1]) {
		t.Errorf("the last USER is no number other than 0: %v", users)
	}
	if build := regexp.MustCompile(`(?m)^RUN .*go build.*$`).FindString(dockerfile); !strings.Contains(build, "CGO_ENABLED=0") || !strings.Contains(build, "-trimpath") {
		t.Errorf("the program is built by %q", build)
	}
	line := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(topFile(t, "go.mod"))
	if line == nil || !slices.Contains(strings.Fields(dockerfile), "golang:"+line[1]) {
		t.Errorf("the image is not built with Go %v", line)
	}
}
