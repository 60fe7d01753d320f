package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/phrase"
	"recourse/internal/store"
	"recourse/internal/store/record"
)

// seal seals what was recorded and prints one line, to be kept elsewhere.
func seal(ctx context.Context, out io.Writer) error {
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		made, err := record.New(database).Seal(ctx)
		if errors.Is(err, store.ErrNotFound) {
			_, err = fmt.Fprintln(out, "# Nothing to seal yet: the record is empty.")
			return err
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s  %s  %s\n", made, made.SealedAt.Format(time.RFC3339), phrase.Counted(made.Complaints, "complaint"))
		return err
	})
}
