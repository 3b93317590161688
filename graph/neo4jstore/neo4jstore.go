// Package neo4jstore keeps the graph in Neo4j, where people look at it in
// Neo4j Browser. It is the only importer of the Neo4j driver.
//
// A pattern compiles to one Cypher query (package cypher); a batch is settled
// in one managed transaction (ledger.go). Beside the nodes and relationships of
// the vocabulary the database holds the record that they are folded from:
//
//	Tally   what all batches say of one fact, and what it yields
//	Batch   the claims of one document by one extractor
//	Text    a document's text
//	Pacta   the version of all this, and the lock of writers
//
// with ATTESTED_BY relationships from a tally to the passages for and against
// its fact. Package layout says what each holds.
package neo4jstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"pacta/graph"
)

//go:embed migrations/*.cypher
var migrations embed.FS

// The oldest Neo4j that has all that the statements here need.
const minMajor, minMinor = 5, 26

// retryTime is how long a transaction is tried again where the server asks for
// it, or is away.
const retryTime = 10 * time.Second

// ErrBare is returned where a database to read was filled by neo4j-admin and
// never opened since: it has a graph, but no constraints and indexes.
var ErrBare = fmt.Errorf("%w: neo4j-admin filled the database, and it has no indexes yet; open it once for writing, as pacta import and pacta serve do", graph.ErrNotFound)

// Options say which database is opened, and how.
type Options struct {
	// URI is the server: neo4j://HOST:PORT, bolt://HOST:PORT, or either with
	// +s (TLS) or +ssc (TLS with any certificate).
	URI      string
	User     string
	Password string
	Database string // "" is the server's default
	// ReadOnly never changes the database's schema or graph.
	ReadOnly bool
}

// A Store is a graph in a Neo4j database. It implements graph.Store.
type Store struct {
	options Options
	driver  neo4j.DriverWithContext
	closed  atomic.Bool
}

var _ graph.Store = (*Store)(nil)

// Open connects to the database and, unless it is to be read only, brings it up
// to this program's version. It returns graph.ErrUnreachable where no server
// answers, graph.ErrDenied where it refuses the user or password,
// graph.ErrVersion where the server is too old or a newer program wrote the
// graph, graph.ErrCorrupt where the database holds something else,
// graph.ErrNotFound where the database, or a graph to read, is missing, and
// ErrBare where it is not ready to be read.
func Open(ctx context.Context, o Options) (*Store, error) {
	driver, err := neo4j.NewDriverWithContext(o.URI, neo4j.BasicAuth(o.User, o.Password, ""), func(c *config.Config) {
		c.UserAgent = "pacta"
		c.MaxTransactionRetryTime = retryTime
	})
	if err != nil {
		return nil, fmt.Errorf("store %s: %w: %w", o.URI, graph.ErrInvalid, err)
	}
	s := &Store{options: o, driver: driver}
	if err := s.open(ctx); err != nil {
		err = fmt.Errorf("store %s: %w", o.URI, s.named(ctx, err))
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := s.driver.VerifyConnectivity(ctx); err != nil {
		return err
	}
	if err := s.checkServer(ctx); err != nil {
		return err
	}
	found, err := s.found(ctx)
	if err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.cypher")
	if err != nil {
		return err
	}
	slices.Sort(files)
	switch {
	case found.version > len(files):
		return fmt.Errorf("%w: the graph has version %d and this program knows %d; use a newer pacta", graph.ErrVersion, found.version, len(files))
	case !found.graph && found.other:
		return fmt.Errorf("%w: database %q holds something that is not Pacta's; name an empty database (Neo4j Community has one: use another server)", graph.ErrCorrupt, s.database())
	case found.graph && found.version == 0 && s.options.ReadOnly:
		return ErrBare
	case found.version < len(files) && s.options.ReadOnly:
		return fmt.Errorf("%w: the database has no graph yet, or one older than this program; import a document to make it ready", graph.ErrNotFound)
	case found.version == len(files):
		return nil
	}
	return s.migrate(ctx, files, found.version)
}

// database is the name for messages.
func (s *Store) database() string {
	if s.options.Database == "" {
		return "neo4j"
	}
	return s.options.Database
}

// checkServer refuses a server that lacks what the statements need.
func (s *Store) checkServer(ctx context.Context) error {
	rows, err := s.read(ctx, "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]", nil)
	if err != nil {
		return err
	}
	version := "of an unknown version"
	if len(rows) > 0 {
		version, _ = rows[0].Values[0].(string)
	}
	if tooOld(version) {
		return fmt.Errorf("%w: the server is Neo4j %s; Pacta needs %d.%d or newer", graph.ErrVersion, version, minMajor, minMinor)
	}
	return nil
}

// tooOld reports whether a version such as 5.26.25 or 2025.01.0 comes before the
// oldest that will do, or is none.
func tooOld(version string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n < 2 {
		return true
	}
	return major < minMajor || major == minMajor && minor < minMinor
}

// contents are what a database holds.
type contents struct {
	graph   bool // a graph of ours
	version int  // of its schema, 0 where it has none: neo4j-admin makes none
	other   bool // nodes of a graph, ours or not
}

func (s *Store) found(ctx context.Context) (contents, error) {
	rows, err := s.read(ctx, `OPTIONAL MATCH (p:Pacta)
RETURN count(p) > 0, coalesce(max(p.version), 0), EXISTS { MATCH (n) WHERE NOT n:Pacta }`, nil)
	if err != nil {
		return contents{}, err
	}
	var c contents
	c.graph, _ = rows[0].Values[0].(bool)
	version, _ := rows[0].Values[1].(int64)
	c.version = int(version)
	c.other, _ = rows[0].Values[2].(bool)
	return c, nil
}

// migrate runs the files after the first found. Each statement changes the
// schema in a transaction of its own and can be run again, so that two programs
// may do this at once, or one that was stopped go on.
func (s *Store) migrate(ctx context.Context, files []string, found int) error {
	for number := found; number < len(files); number++ {
		text, err := migrations.ReadFile(files[number])
		if err != nil {
			return err
		}
		for _, statement := range strings.Split(string(text), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if err := s.write(ctx, func(tx neo4j.ManagedTransaction) error { return run(ctx, tx, statement, nil) }); err != nil {
				return fmt.Errorf("%s: %w", files[number], err)
			}
		}
	}
	if _, err := s.read(ctx, "CALL db.awaitIndexes(600)", nil); err != nil {
		return err
	}
	return s.write(ctx, func(tx neo4j.ManagedTransaction) error {
		return run(ctx, tx, "MERGE (p:Pacta {id: 'pacta'}) SET p.name = 'Pacta', p.version = $version, p.writes = coalesce(p.writes, 0)",
			map[string]any{"version": len(files)})
	})
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.options.Database, BookmarkManager: s.driver.ExecuteQueryBookmarkManager(),
	})
}

// write runs do in one transaction, again where the server asks for it.
func (s *Store) write(ctx context.Context, do func(neo4j.ManagedTransaction) error) error {
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(context.WithoutCancel(ctx))
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return nil, do(tx) })
	return s.named(ctx, err)
}

// read runs one query and returns its rows.
func (s *Store) read(ctx context.Context, query string, parameters map[string]any) ([]*neo4j.Record, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	result, err := neo4j.ExecuteQuery(ctx, s.driver, query, parameters, neo4j.EagerResultTransformer,
		neo4j.ExecuteQueryWithReadersRouting(), neo4j.ExecuteQueryWithDatabase(s.options.Database))
	if err != nil {
		return nil, s.named(ctx, err)
	}
	return result.Records, nil
}

// rows runs a query in the transaction and returns its rows.
func rows(ctx context.Context, tx neo4j.ManagedTransaction, query string, parameters map[string]any) ([]*neo4j.Record, error) {
	result, err := tx.Run(ctx, query, parameters)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// run runs a statement that gives no rows.
func run(ctx context.Context, tx neo4j.ManagedTransaction, statement string, parameters map[string]any) error {
	result, err := tx.Run(ctx, statement, parameters)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}

// named gives what the driver says its name in the model.
func (s *Store) named(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if s.closed.Load() {
		return fmt.Errorf("%w: %w", graph.ErrClosed, err)
	}
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	var refused *neo4j.Neo4jError
	var unreachable *neo4j.ConnectivityError
	var spent *neo4j.TransactionExecutionLimit
	switch {
	case errors.Is(err, graph.ErrUnreachable), errors.Is(err, graph.ErrDenied), errors.Is(err, graph.ErrNotFound):
		return err // it has its name
	case errors.As(err, &refused):
		return s.namedRefusal(refused, err)
	case errors.As(err, &unreachable), errors.As(err, &spent):
		return fmt.Errorf("%w: start Neo4j, or check the address: %w", graph.ErrUnreachable, err)
	}
	return err
}

func (s *Store) namedRefusal(refused *neo4j.Neo4jError, err error) error {
	switch {
	case refused.Code == "Neo.ClientError.Database.DatabaseNotFound":
		return fmt.Errorf("%w: the server has no database %q; set neo4j.database (PACTA_NEO4J_DATABASE)", graph.ErrNotFound, s.database())
	case refused.Code == "Neo.ClientError.Security.AuthenticationRateLimit":
		return fmt.Errorf("%w: it was wrong too often; wait a few seconds, then set PACTA_NEO4J_PASSWORD", graph.ErrDenied)
	case strings.HasPrefix(refused.Code, "Neo.ClientError.Security."):
		return fmt.Errorf("%w: set neo4j.user and PACTA_NEO4J_PASSWORD to those of the server (user %q was refused)", graph.ErrDenied, s.options.User)
	case refused.Code == "Neo.TransientError.General.DatabaseUnavailable", refused.Code == "Neo.ClientError.Database.DatabaseUnavailable":
		return fmt.Errorf("%w: the server is starting or stopping: %w", graph.ErrUnreachable, err)
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
	_, err := s.read(ctx, "RETURN 1", nil)
	return err
}

// Close releases the connections.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	return s.driver.Close(context.Background())
}
