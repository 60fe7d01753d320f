package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// OpenTraced opens a store whose queries tracer hears of.
func OpenTraced(ctx context.Context, dsn string, tracer pgx.QueryTracer) (*Store, error) {
	return open(ctx, dsn, func(config *pgxpool.Config) { config.ConnConfig.Tracer = tracer })
}

// SealOlderThan seals writes that a test has just made.
func (s *Store) SealOlderThan(ctx context.Context, age time.Duration) (Seal, error) {
	return s.sealOlderThan(ctx, age)
}
