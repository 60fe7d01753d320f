package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
)

// MigrateDownTo takes back the migrations after a version; with 0 all of them, and everything
// stored.
func MigrateDownTo(ctx context.Context, dsn string, version int64) error {
	return withMigrations(ctx, dsn, func(p *goose.Provider) error {
		_, err := p.DownTo(ctx, version)
		return err
	})
}

// OpenTraced opens a database whose queries tracer hears of.
func OpenTraced(ctx context.Context, dsn string, tracer pgx.QueryTracer) (*pgxpool.Pool, error) {
	return open(ctx, dsn, func(config *pgxpool.Config) { config.ConnConfig.Tracer = tracer })
}
