package write

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pipeline collects what the generated queries execute, to send it all in one round trip.
// PostgreSQL runs what arrives together in one transaction: all of it happens, or nothing.
type pipeline struct{ batch pgx.Batch }

var errOnlyExecutes = errors.New("a pipeline only executes: it can't answer a query")

// Exec queues a statement; whether it succeeds is known when the pipeline is sent.
func (p *pipeline) Exec(_ context.Context, sql string, arguments ...any) (pgconn.CommandTag, error) {
	p.batch.Queue(sql, arguments...)
	return pgconn.CommandTag{}, nil
}

// Query refuses: what is read has to be known before the next statement is written.
func (p *pipeline) Query(context.Context, string, ...any) (pgx.Rows, error) {
	return nil, errOnlyExecutes
}

// QueryRow refuses, as Query does.
func (p *pipeline) QueryRow(context.Context, string, ...any) pgx.Row { return noRow{} }

type noRow struct{}

func (noRow) Scan(...any) error { return errOnlyExecutes }

func (p *pipeline) send(ctx context.Context, pool *pgxpool.Pool) error {
	return pool.SendBatch(ctx, &p.batch).Close()
}
