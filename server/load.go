package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	examples "recourse/deploy/directory"
	"recourse/internal/rulebook"
	"recourse/internal/store/published"
	"recourse/procedures"
)

// loader is by whom the files that come with the software are published.
const loader = "server load"

// load publishes the files that come with the software. One that changed becomes a new version; one
// that didn't stays.
func load(ctx context.Context, out io.Writer) error {
	files, err := shipped()
	if err != nil {
		return err
	}
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		return files.Publish(ctx, published.New(database), loader, time.Now(), func(line string) error {
			_, err := fmt.Fprintln(out, line)
			return err
		})
	})
}

// shipped are the procedures, calendars and example people that come with the software.
func shipped() (rulebook.Files, error) {
	files, err := rulebook.ReadFiles(procedures.Files, examples.Files)
	if err != nil {
		err = fmt.Errorf("the files that come with the software: %w", err)
	}
	return files, err
}
