package stack

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// temporalDatabases are Temporal's databases, each with the folder of its schema.
var temporalDatabases = map[string]string{"temporal": "postgresql/v12/temporal", "temporal_visibility": "postgresql/v12/visibility"}

// Backup keeps a copy of its databases as they are now, until Restore. The server must be stopped.
func (t *Temporal) Backup(ctx context.Context) error {
	return t.copyDatabases(ctx, func(name string) (from, to string) { return name, name + "_backup" })
}

// Restore brings its databases back to where Backup kept them: what the server was told since is
// lost. It must be stopped.
func (t *Temporal) Restore(ctx context.Context) error {
	return t.copyDatabases(ctx, func(name string) (from, to string) { return name + "_backup", name })
}

func (t *Temporal) copyDatabases(ctx context.Context, of func(name string) (from, to string)) error {
	if !t.ours {
		return ErrNotOurs
	}
	settings := t.database.Copy()
	settings.Database = "postgres"
	connection, err := pgx.ConnectConfig(ctx, settings)
	if err != nil {
		return fmt.Errorf("connect beside Temporal's databases: %w", err)
	}
	for name := range temporalDatabases {
		from, to := of(name)
		for _, statement := range []string{
			"DROP DATABASE IF EXISTS " + pgx.Identifier{to}.Sanitize(),
			"CREATE DATABASE " + pgx.Identifier{to}.Sanitize() + " TEMPLATE " + pgx.Identifier{from}.Sanitize(),
		} {
			if _, err := connection.Exec(ctx, statement); err != nil {
				return errors.Join(fmt.Errorf("copy Temporal's database %s to %s: %w", from, to, err), connection.Close(ctx))
			}
		}
	}
	return connection.Close(ctx)
}
