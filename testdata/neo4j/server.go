// Package neo4jtest runs a real Neo4j for tests and benchmarks: the jars that
// pom.xml names, in a Java process, with a home folder and ports of its own.
// It speaks to the server by HTTP and a bolt handshake alone and knows no
// driver.
//
//	func TestMain(m *testing.M) { neo4jtest.Main(m) }
//
//	func TestStore(t *testing.T) {
//		server := neo4jtest.Shared(t)
//		open(server.URI, server.User, server.Password)
//	}
package neo4jtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The name and the place of every server.
const (
	user = "neo4j"
	host = "127.0.0.1"
)

// stopGrace is how long Stop lets the server finish.
const stopGrace = time.Minute

// Options are what a server is made with. The zero value is a small server for
// one test.
type Options struct {
	// Home is a folder that is there. One that has a database is used as it is,
	// and Password must be its password.
	Home string
	// Password of the user neo4j; a random one where it is empty.
	Password string
	// BoltPort and HTTPPort are ports on loopback; free ones where they are 0.
	BoltPort, HTTPPort int
	// Heap and PageCache are sizes such as "2g"; 512m and 256m where empty.
	Heap, PageCache string
	// Optimized lets Java compile for speed. Without it the server, and
	// neo4j-admin, start with half of the work and run more slowly: right for a
	// test, wrong for a measurement.
	Optimized bool
	// Process says how the Java process is started. Where it is nil, the process
	// dies with this one, by whatever signal (on Linux).
	Process *syscall.SysProcAttr
}

// Server is one Neo4j, running or not. Its fields are fixed when it is made.
type Server struct {
	URI      string // bolt://127.0.0.1:PORT
	HTTP     string // http://127.0.0.1:PORT, where Neo4j Browser is
	User     string
	Password string
	Home     string

	installed installation
	options   Options

	mu      sync.Mutex
	running *process // nil when there is none
}

// Prepare makes the home's configuration and, in a home without one, the
// password. It starts nothing. Where there is no Java or no jar the error is
// ErrMissing.
func Prepare(ctx context.Context, o Options) (*Server, error) {
	installed, err := find()
	if err != nil {
		return nil, err
	}
	if o.Home, err = filepath.Abs(o.Home); err != nil {
		return nil, err
	}
	if o.Password == "" {
		o.Password = rand.Text()
	}
	if o.Heap == "" {
		o.Heap = "512m"
	}
	if o.PageCache == "" {
		o.PageCache = "256m"
	}
	for _, port := range []*int{&o.BoltPort, &o.HTTPPort} {
		if *port == 0 {
			if *port, err = FreePort(); err != nil {
				return nil, err
			}
		}
	}
	s := &Server{
		URI:  fmt.Sprintf("bolt://%s:%d", host, o.BoltPort),
		HTTP: fmt.Sprintf("http://%s:%d", host, o.HTTPPort),
		User: user, Password: o.Password, Home: o.Home,
		installed: installed, options: o,
	}
	if err := s.configure(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(s.Home, "data")); err == nil {
		return s, nil
	}
	return s, s.Admin(ctx, "dbms", "set-initial-password", s.Password)
}

// configure writes neo4j.conf. The server refuses a setting that it does not
// know.
func (s *Server) configure() error {
	bolt, http := strings.TrimPrefix(s.URI, "bolt://"), strings.TrimPrefix(s.HTTP, "http://")
	conf := strings.Join([]string{
		"server.default_listen_address=" + host,
		"server.bolt.listen_address=" + bolt,
		"server.bolt.advertised_address=" + bolt,
		"server.http.listen_address=" + http,
		"server.http.advertised_address=" + http,
		"server.memory.pagecache.size=" + s.options.PageCache,
		"db.tx_log.preallocate=false", // else each empty database takes 256 MB
		"dbms.usage_report.enabled=false",
		"",
	}, "\n")
	folder := filepath.Join(s.Home, "conf")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "neo4j.conf"), []byte(conf), 0o600)
}

// Launch starts the server and returns when it answers questions. Where it
// does not, it is killed and the error has the end of its log. The context
// bounds the wait, not the server.
func (s *Server) Launch(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil && !s.running.ended() {
		return errors.New("neo4j: it runs already")
	}
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	arguments := append(s.java(), "-Xms"+s.options.Heap,
		"--add-opens=java.base/java.nio=ALL-UNNAMED",
		"--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"--add-opens=java.base/java.lang=ALL-UNNAMED",
		"org.neo4j.server.CommunityEntryPoint",
		"--home-dir="+s.Home, "--config-dir="+filepath.Join(s.Home, "conf"), "--console-mode")
	command := exec.Command(s.installed.java, arguments...) //nolint:noctx // it outlives the context
	command.Dir = s.Home
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = s.options.Process
	if command.SysProcAttr == nil {
		command.SysProcAttr = bound()
	}
	s.running, err = start(command)
	if err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	if err := s.await(ctx, s.running); err != nil {
		s.running.kill()
		return fmt.Errorf("neo4j did not start: %w; its log %s ends with\n%s", err, s.log(), s.tail())
	}
	return nil
}

// Kill ends the server at once, as a power cut does to a process. The home
// stays, and nothing happens where it does not run.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.kill()
	}
}

// Stop lets the server finish and returns when it has ended. Nothing happens
// where it does not run.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.stop(stopGrace)
	}
}

// Admin runs neo4j-admin on the home, as in Admin(ctx, "database", "import",
// "full", …). What it printed is in the error. The server must not run where
// the command works on a database.
func (s *Server) Admin(ctx context.Context, args ...string) error {
	arguments := append(s.java(), "-Dapp.name=neo4j-admin", "org.neo4j.cli.AdminTool")
	command := exec.CommandContext(ctx, s.installed.java, append(arguments, args...)...)
	command.Dir = s.Home
	command.Env = append(os.Environ(), "NEO4J_HOME="+s.Home, "NEO4J_CONF="+filepath.Join(s.Home, "conf"))
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("neo4j-admin %s: %w\n%s", strings.Join(args[:min(len(args), 2)], " "), err, bytes.TrimSpace(output))
	}
	return nil
}

// java are the arguments that every Java program here begins with.
func (s *Server) java() []string {
	arguments := []string{"-cp", filepath.Join(s.installed.jars, "*"), "-Xmx" + s.options.Heap}
	if !s.options.Optimized {
		arguments = append(arguments, "-XX:TieredStopAtLevel=1")
	}
	return arguments
}

// log is what the server prints.
func (s *Server) log() string { return filepath.Join(s.Home, "console.log") }

// tail is the end of the log.
func (s *Server) tail() string {
	text, err := os.ReadFile(s.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
