package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed grants.sql
var grants string

const (
	// lockPatience is how long a migration waits for a table that is in use: everybody who comes to
	// that table meanwhile waits behind it. Then it lets them pass, and tries again.
	lockPatience = 3 * time.Second
	// migratePatience is how long it tries. A backup may take longer.
	migratePatience = 5 * time.Minute
)

// Migrate brings the database at dsn to the newest schema; on one that has it already, nothing
// happens but that indexes are made whole. Several programs may call it at once: one migrates, the
// others wait. The role in dsn owns the tables.
func Migrate(ctx context.Context, dsn string) error {
	until := time.Now().Add(migratePatience)
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		err := withMigrations(ctx, dsn, func(p *goose.Provider) error {
			_, err := p.Up(ctx)
			return err
		})
		problem, said := errors.AsType[*pgconn.PgError](err)
		if !said || problem.Code != "55P03" { // lock_not_available
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("a long transaction, a backup say, uses a table that is to be changed: migrate again once it has ended: %w", err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

func withMigrations(ctx context.Context, dsn string, work func(*goose.Provider) error) (err error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the database's URL: %w", err)
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectPatience)
	config.RuntimeParams["lock_timeout"] = strconv.FormatInt(lockPatience.Milliseconds(), 10)
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
	connection, err := database.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer closeInto(&err, connection)
	// Not goose's own use of it: that takes no turn where nothing is to be migrated.
	if err := locker.SessionLock(ctx, connection); err != nil {
		return fmt.Errorf("wait for the others who migrate: %w", err)
	}
	defer func() { err = errors.Join(err, locker.SessionUnlock(context.WithoutCancel(ctx), connection)) }()
	if err := makeWhole(ctx, connection); err != nil {
		return fmt.Errorf("make an index whole: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, database, files,
		goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_migrations"))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	return Failed(work(provider), "migrate the database")
}

// interrupted are the statements that mend what an interrupted making of an index has left, and,
// for those that were to take the place of another (…_ccnew, …_ccold), that remove it.
const interrupted = `SELECT format(CASE WHEN c.relname ~ '_cc(new|old)[0-9]*$' THEN 'DROP INDEX CONCURRENTLY %I.%I' ELSE 'REINDEX INDEX CONCURRENTLY %I.%I' END,
    current_schema(), c.relname)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relnamespace = to_regnamespace(current_schema()::text)
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid)
ORDER BY 1`

// makeWhole makes those indexes whose making was interrupted: they are there, so that nobody would
// make them again, cost at every write, and no query uses them.
func makeWhole(ctx context.Context, connection *sql.Conn) error {
	var all []string
	rows, err := connection.QueryContext(ctx, interrupted)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			return err
		}
		all = append(all, statement)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(all) == 0 {
		return err
	}
	// It lets nobody wait, however long it waits itself.
	for _, statement := range slices.Concat([]string{"SET lock_timeout = 0"}, all, []string{"RESET lock_timeout"}) {
		if _, err := connection.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func closeInto(err *error, what io.Closer) {
	if closed := what.Close(); closed != nil && *err == nil {
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
