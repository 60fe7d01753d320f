package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// connectPatience bounds how long an absent database may keep a caller waiting.
	connectPatience = 2 * time.Second
	// leastConnections is the size of the pool where the URL doesn't say (pool_max_conns).
	leastConnections = 16
)

// Open connects to the database of one organisation at dsn (a postgres:// URL or key=value words).
// It fails within two seconds when the database doesn't answer, and so does every later call. The
// database must have been migrated with [Migrate].
func Open(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	return open(ctx, dsn, func(*pgxpool.Config) {})
}

func open(ctx context.Context, dsn string, adjust func(*pgxpool.Config)) (*pgxpool.Pool, error) {
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
	parameters["application_name"] = cmp.Or(parameters["application_name"], "recourse")
	adjust(config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("the database doesn't answer: %w", err)
	}
	return pool, nil
}

// InTurn does work in one transaction, and never at the same time as other work under the same
// name, on whichever server: what looks whether something is there, and else inserts it, is to see
// what the one before inserted. work has to use the transaction.
func InTurn(ctx context.Context, pool *pgxpool.Pool, name string, work func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name); err != nil {
			return fmt.Errorf("wait for the others: %w", err)
		}
		return work(tx)
	})
}

// OrNotFound says what was looked for: with ErrNotFound when it isn't there, else with why it
// couldn't be read.
func OrNotFound(err error, format string, arguments ...any) error {
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	return Failed(err, format, arguments...)
}

// Failed says in front of an error what it kept from being done; nil when there is none.
func Failed(err error, format string, arguments ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(arguments, err)...)
}

// IsTaken reports whether somebody else has written the row first.
func IsTaken(err error) bool {
	problem, said := errors.AsType[*pgconn.PgError](err)
	return said && problem.Code == "23505" // unique_violation
}
