package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/store/db"
)

const (
	// connectPatience bounds how long an absent database may keep a caller waiting.
	connectPatience = 2 * time.Second
	// leastConnections is the size of the pool where the URL doesn't say (pool_max_conns).
	leastConnections = 16
)

// Store is the database of one organisation. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries

	// outboxGrew holds at most one word for the notifier that there are new messages.
	outboxGrew chan struct{}
	closing    context.CancelFunc
	done       sync.WaitGroup
}

// Open connects to the database at dsn (a postgres:// URL or key=value words). It fails within two seconds when the
// database doesn't answer, and so does every later call. The database must have been migrated with [Migrate].
func Open(ctx context.Context, dsn string) (*Store, error) {
	return open(ctx, dsn, func(*pgxpool.Config) {})
}

func open(ctx context.Context, dsn string, adjust func(*pgxpool.Config)) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	if config.ConnConfig.ConnectTimeout == 0 || config.ConnConfig.ConnectTimeout > connectPatience {
		config.ConnConfig.ConnectTimeout = connectPatience
	}
	if !strings.Contains(dsn, "pool_max_conns") {
		config.MaxConns = max(config.MaxConns, leastConnections)
	}
	parameters := config.ConnConfig.RuntimeParams
	parameters["timezone"] = "UTC"
	if parameters["application_name"] == "" {
		parameters["application_name"] = "recourse"
	}
	adjust(config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{pool: pool, queries: db.New(pool), outboxGrew: make(chan struct{}, 1)}
	if err := s.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	// Not the caller's context: the notifier lives until Close.
	background, cancel := context.WithCancel(context.Background())
	s.closing = cancel
	s.done.Go(func() { s.tellOutbox(background) })
	return s, nil
}

// Ping asks the database for a sign of life; it errs within two seconds when there is none.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("the database doesn't answer: %w", err)
	}
	return nil
}

// Close lets go of all connections, when the calls that use them have ended.
func (s *Store) Close() {
	s.closing()
	s.done.Wait()
	s.pool.Close()
}

// inTransaction runs several queries that depend on each other.
func (s *Store) inTransaction(ctx context.Context, options pgx.TxOptions, work func(*db.Queries, pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error { return work(s.queries.WithTx(tx), tx) })
}

// orNotFound says what was looked for when it isn't there.
func orNotFound(err error, format string, arguments ...any) error {
	what := fmt.Sprintf(format, arguments...)
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// isTaken reports whether somebody else has written the row first.
func isTaken(err error) bool {
	var problem *pgconn.PgError
	return errors.As(err, &problem) && problem.Code == "23505" // unique_violation
}
