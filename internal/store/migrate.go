package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed grants.sql
var grants string

// Migrate brings the database at dsn to the newest schema; on one that has it already, nothing
// happens. Several programs may call it at once: one migrates, the others wait. The role in dsn
// owns the tables.
func Migrate(ctx context.Context, dsn string) error {
	return withMigrations(dsn, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

func withMigrations(dsn string, work func(*goose.Provider) error) (err error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the database's URL: %w", err)
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectPatience)
	database := stdlib.OpenDB(*config)
	defer closeInto(&err, database)
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("find the migrations: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("prepare the lock of the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, database, files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_migrations"))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	return Failed(work(provider), "migrate the database")
}

func closeInto(err *error, database *sql.DB) {
	if closed := database.Close(); closed != nil && *err == nil {
		*err = fmt.Errorf("close the database: %w", closed)
	}
}

// Grant gives role what the server and the worker need and no more: it may add to the record, never
// change it. The role in dsn must own the tables; role must exist. See grants.sql.
func Grant(ctx context.Context, dsn, role string) error {
	connection, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to grant rights: %w", err)
	}
	defer connection.Close(ctx)
	quoted := role // PUBLIC is no name
	if !strings.EqualFold(role, "public") {
		quoted = pgx.Identifier{role}.Sanitize()
	}
	_, err = connection.Exec(ctx, strings.ReplaceAll(grants, "recourse_app", quoted))
	return Failed(err, "grant rights to the role %q", role)
}
