package main

import (
	"context"
	"fmt"
	"io"

	"recourse/internal/config"
	"recourse/internal/store"
)

// migrate brings the database to the newest schema, and grants the role by which the programs
// connect what they need of it.
func migrate(ctx context.Context, out io.Writer) error {
	settings, err := config.Load(config.Command)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, settings.DatabaseURL.Reveal()); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "The database has the newest schema."); err != nil || settings.DatabaseAppRole == "" {
		return err
	}
	if err := store.Grant(ctx, settings.DatabaseURL.Reveal(), settings.DatabaseAppRole); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The role %s has the rights that the server and the worker need.\n", settings.DatabaseAppRole)
	return err
}
