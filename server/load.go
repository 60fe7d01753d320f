package main

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/rulebook"
	"recourse/internal/store/published"
	"recourse/procedures"
)

// loader is by whom the files that come with the software are published.
const loader = "server load"

// load publishes the files that come with the software. One that changed becomes a new version; one
// that didn't stays.
func load(ctx context.Context, out io.Writer) error {
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		return rulebook.Load(ctx, published.New(database), procedures.Files, loader, out)
	})
}
