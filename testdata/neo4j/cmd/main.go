//go:build unix

// Command cmd is behind make neo4j-up and make neo4j-down: it starts and stops
// one Neo4j for the user of this machine. Its data are in
// ~/.local/share/pacta/neo4j and stay.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	neo4jtest "pacta/testdata/neo4j"
)

// How long the server may take to answer, and to end.
const (
	startGrace = 5 * time.Minute
	stopGrace  = time.Minute
	pause      = 100 * time.Millisecond
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	home, err := homeFolder()
	if err != nil {
		return err
	}
	switch strings.Join(args, " ") {
	case "up":
		return up(ctx, home, stdout, stderr)
	case "down":
		return down(ctx, home, stderr)
	}
	return errors.New("usage: up | down")
}

// homeFolder is where the server's data are.
func homeFolder() (string, error) {
	data := os.Getenv("XDG_DATA_HOME")
	if data == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		data = filepath.Join(user, ".local", "share")
	}
	return filepath.Join(data, "pacta", "neo4j"), nil
}

// up starts the server where it does not run, and prints what a shell must
// evaluate so that pacta uses it.
func up(ctx context.Context, home string, stdout, stderr io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, startGrace)
	defer cancel()
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	pid, err := holder(home)
	if err != nil {
		return err
	}
	s, err := loadSecrets(home)
	if err != nil {
		return err
	}
	if pid == 0 {
		if err := s.choosePorts(); err != nil {
			return err
		}
		if err := s.save(home); err != nil {
			return err
		}
	}
	server, err := neo4jtest.Prepare(ctx, neo4jtest.Options{
		Home: home, Password: s.Password, BoltPort: s.BoltPort, HTTPPort: s.HTTPPort,
		Heap: "1g", PageCache: "512m", Optimized: true,
		Process: &syscall.SysProcAttr{Setsid: true}, // it outlives this program
	})
	if err != nil {
		return err
	}
	if pid == 0 {
		err = server.Launch(ctx)
	} else if err = server.Ready(ctx); err != nil {
		err = fmt.Errorf("neo4j runs as process %d and does not answer: %w", pid, err)
	}
	if err != nil {
		return err
	}
	address := strings.TrimPrefix(server.URI, "bolt://")
	fmt.Fprintf(stdout, "export PACTA_STORE=neo4j://%s\nexport PACTA_NEO4J_USER=%s\nexport PACTA_NEO4J_PASSWORD=%s\n",
		address, server.User, server.Password)
	fmt.Fprintf(stderr, "Neo4j Browser: %s/browser/?dbms=bolt://%s@%s&db=neo4j\nIts data are in %s; make neo4j-down stops it.\n",
		server.HTTP, server.User, address, home)
	return nil
}

// down stops the server and waits until it has written everything.
func down(ctx context.Context, home string, stderr io.Writer) error {
	pid, err := holder(home)
	if err != nil {
		return err
	}
	if pid == 0 {
		fmt.Fprintln(stderr, "Neo4j does not run.")
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return fmt.Errorf("neo4j, process %d: %w", pid, err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopGrace)
	defer cancel()
	for pid != 0 {
		select {
		case <-ctx.Done():
			return fmt.Errorf("neo4j, process %d, has not stopped: %w", pid, ctx.Err())
		case <-time.After(pause):
		}
		if pid, err = holder(home); err != nil {
			return err
		}
	}
	fmt.Fprintf(stderr, "Neo4j has stopped. Its data are kept in %s.\n", home)
	return nil
}

// holder is the process that has the home's databases open, 0 where there is
// none: Neo4j locks a file from its start to its end.
func holder(home string) (int, error) {
	file, err := os.OpenFile(filepath.Join(home, "data", "databases", "store_lock"), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart}
	if err := syscall.FcntlFlock(file.Fd(), syscall.F_GETLK, &lock); err != nil {
		return 0, fmt.Errorf("%s: %w", file.Name(), err)
	}
	if lock.Type == syscall.F_UNLCK {
		return 0, nil
	}
	return int(lock.Pid), nil
}
