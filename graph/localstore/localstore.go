// Package localstore keeps the graph in one SQLite file: no server, one writer
// and many readers, whole again after a crash at any moment.
//
// A pattern compiles to one SQL statement (compile.go); a batch is settled in
// one transaction (ledger.go). Nothing holds the graph in memory.
package localstore

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"pacta/graph"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a SQLite file as a Pacta store: "PACT".
const applicationID = 0x50414354

// idleReaders is how many connections wait for the next reader: opening one
// costs more than most reads.
const idleReaders = 8

// Options say how a store is opened.
type Options struct {
	// ReadOnly opens beside a writer and never changes the file.
	ReadOnly bool
}

// A Store is a graph in a file. It implements graph.Store.
type Store struct {
	path     string
	read     *sql.DB
	write    *sql.DB              // nil in a read-only store
	prepared map[string]*sql.Stmt // of write
	lock     *flock.Flock
	closed   atomic.Bool
}

var _ graph.Store = (*Store)(nil)

// Open opens the store at path, and makes it where it is missing unless it is
// to be read only. It returns graph.ErrLocked where another process writes to
// the store, graph.ErrVersion where a newer program wrote it, graph.ErrCorrupt
// where the file is damaged or something else, and graph.ErrNotFound where a
// store to read is missing.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	s := &Store{path: path}
	if err := s.open(ctx, o); err != nil {
		err = fmt.Errorf("store %s: %w", path, s.named(err))
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	if !o.ReadOnly {
		if err := s.openToWrite(ctx); err != nil {
			return err
		}
	} else if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no store yet; import a document first", graph.ErrNotFound)
	}
	var err error
	if s.read, err = sql.Open("sqlite", s.address("query_only(1)", "cache_size(-16000)")); err != nil {
		return err
	}
	s.read.SetMaxIdleConns(idleReaders)
	return checkVersion(ctx, s.read)
}

func (s *Store) openToWrite(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	if err := s.takeLock(); err != nil {
		return err
	}
	var err error
	if s.write, err = sql.Open("sqlite", s.address("page_size(8192)", "synchronous(FULL)", "cache_size(-64000)")+"&_txlock=immediate"); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(ctx, s.write); err != nil {
		return err
	}
	s.prepared = map[string]*sql.Stmt{}
	for _, query := range statements {
		if s.prepared[query], err = s.write.PrepareContext(ctx, query); err != nil { //nolint:sqlclosecheck // it is closed with the store
			return err
		}
	}
	return nil
}

// takeLock makes this process the store's one writer until it closes the store
// or ends. The lock file says which process that is.
func (s *Store) takeLock() error {
	path := s.path + ".lock"
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR))
	locked, err := lock.TryLock()
	if err != nil {
		return err
	}
	if !locked {
		holder, _ := os.ReadFile(path) // who it is only helps the message
		return fmt.Errorf("%w, process %s; wait until it has finished, or stop it", graph.ErrLocked, cmp.Or(string(holder), "unknown"))
	}
	s.lock = lock
	return os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o600)
}

// address is the file's data source name with the pragmas of every connection.
// Cache sizes are in kibibytes, below zero.
func (s *Store) address(pragmas ...string) string {
	query := url.Values{"_pragma": append([]string{"foreign_keys(1)", "busy_timeout(10000)"}, pragmas...)}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: s.path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

// version is how many migrations this program knows.
func version() (int, []string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	slices.Sort(names)
	return len(names), names, err
}

// migrate brings the file up to this program's version.
func migrate(ctx context.Context, db *sql.DB) error {
	known, names, err := version()
	if err != nil {
		return err
	}
	found, err := versionOf(ctx, db)
	if err != nil {
		return err
	}
	// only now: the file is known to be ours
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	for number := found; number < known; number++ {
		text, err := migrations.ReadFile(names[number])
		if err != nil {
			return err
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		// pragmas take no parameters; both values are this program's own
		script := string(text) + fmt.Sprintf("\nPRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, number+1)
		if _, err := tx.ExecContext(ctx, script); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", names[number], err), tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// checkVersion refuses a file that this program cannot read as it is.
func checkVersion(ctx context.Context, db *sql.DB) error {
	found, err := versionOf(ctx, db)
	if err != nil {
		return err
	}
	known, _, err := version()
	if err == nil && found < known {
		return fmt.Errorf("%w: the store is empty or older than this program; import a document to make it ready", graph.ErrNotFound)
	}
	return err
}

// versionOf reads the file's version, 0 for a file that is new.
func versionOf(ctx context.Context, db *sql.DB) (int, error) {
	var application, found, tables int
	for pragma, into := range map[string]*int{"PRAGMA application_id": &application, "PRAGMA user_version": &found,
		"SELECT count(*) FROM sqlite_master": &tables} {
		if err := db.QueryRowContext(ctx, pragma).Scan(into); err != nil {
			return 0, err
		}
	}
	if application != applicationID && (tables > 0 || application != 0) {
		return 0, fmt.Errorf("%w: the file is a database of another program; choose another path", graph.ErrCorrupt)
	}
	known, _, err := version()
	if err == nil && found > known {
		return 0, fmt.Errorf("%w: it has version %d and this program knows %d; use a newer pacta", graph.ErrVersion, found, known)
	}
	return found, err
}

// named gives what SQLite says of a bad file, or of a store that was closed
// meanwhile, its name in the model.
func (s *Store) named(err error) error {
	if err != nil && s.closed.Load() {
		return fmt.Errorf("%w: %w", graph.ErrClosed, err)
	}
	var fault *sqlite.Error
	if errors.As(err, &fault) {
		switch fault.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("%w: %w; move the file away and import the documents again", graph.ErrCorrupt, err)
		}
	}
	return err
}

// usable returns ErrClosed after Close.
func (s *Store) usable() error {
	if s.closed.Load() {
		return graph.ErrClosed
	}
	return nil
}

// Check returns nil where the store can answer.
func (s *Store) Check(ctx context.Context) error {
	if err := s.usable(); err != nil {
		return err
	}
	var n int
	return s.named(s.read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM node LIMIT 1)").Scan(&n))
}

// Close releases the file and, in a writer, the lock.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	var faults []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			faults = append(faults, db.Close())
		}
	}
	if s.lock != nil {
		faults = append(faults, s.lock.Unlock())
	}
	return errors.Join(faults...)
}

// now is the time of an import, which no export shows.
func now() string { return time.Now().UTC().Format(time.RFC3339) }
