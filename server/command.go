package main

import (
	"context"

	"recourse/internal/config"
	"recourse/internal/store"
)

// withDatabase runs a command that needs the database only.
func withDatabase(ctx context.Context, command func(*store.Store) error) error {
	settings, err := config.Load(config.Command)
	if err != nil {
		return err
	}
	database, err := store.Open(ctx, settings.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	defer database.Close()
	return command(database)
}
