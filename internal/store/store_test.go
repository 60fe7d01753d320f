package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestTheApplicationsRoleMayAddToTheRecordAndNoMore(t *testing.T) {
	s := storetest.New(t)
	// A test's database has one role only; "public" stands for the application's.
	require.NoError(t, store.Grant(t.Context(), s.URL, "public"))
	connection, err := pgx.Connect(t.Context(), s.URL)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	for table, may := range map[string][]string{
		"record": {"INSERT", "SELECT"}, "writes": {"INSERT", "SELECT"}, "seals": {"INSERT", "SELECT"}, "procedures": {"INSERT", "SELECT"},
		"complaints": {"INSERT", "SELECT", "UPDATE"}, "submissions": {"INSERT", "SELECT", "UPDATE"},
	} {
		rows, err := connection.Query(t.Context(), `SELECT acl.privilege_type FROM pg_class c, aclexplode(c.relacl) acl
			WHERE c.oid = $1::regclass AND acl.grantee = 0 ORDER BY 1`, table)
		require.NoError(t, err)
		granted, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.Equal(t, may, granted, table)
	}
}

func TestMigrationsGoUpDownAndUpAgain(t *testing.T) {
	url := stack.Database(t)
	require.NoError(t, store.Migrate(t.Context(), url))
	require.NoError(t, store.Migrate(t.Context(), url), "nothing to do")
	require.NoError(t, store.MigrateDownTo(t.Context(), url, 0))
	require.NoError(t, store.Migrate(t.Context(), url))
	pool, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	defer pool.Close()
	storetest.On(pool, url).Recorded(t)
}

func TestRelationsFromBeforeTheyWereKeptApartAreThere(t *testing.T) {
	s := storetest.New(t)
	first, _, _ := s.HangTogether(t)
	kept, err := s.Reading.Relations(t.Context(), storetest.Everybody, first)
	require.NoError(t, err)
	require.Len(t, kept, 2)
	require.NoError(t, store.MigrateDownTo(t.Context(), s.URL, 8))
	require.NoError(t, store.Migrate(t.Context(), s.URL))
	migrated, err := s.Reading.Relations(t.Context(), storetest.Everybody, first)
	require.NoError(t, err)
	require.Equal(t, kept, migrated)
}

// First review: D9.
func TestAMigrationThatWaitsForALongTransactionLetsTheOthersPass(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	require.NoError(t, store.MigrateDownTo(t.Context(), s.URL, 15))
	backup, err := pgx.Connect(t.Context(), s.URL)
	require.NoError(t, err)
	defer backup.Close(context.Background())
	_, err = backup.Exec(t.Context(), "BEGIN; LOCK TABLE submissions IN ACCESS SHARE MODE")
	require.NoError(t, err)

	migrated := make(chan error, 1)
	go func() { migrated <- store.Migrate(t.Context(), s.URL) }()
	reader, err := pgx.Connect(t.Context(), s.URL)
	require.NoError(t, err)
	defer reader.Close(context.Background())
	blocked := func() (waits bool) {
		require.NoError(t, reader.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'submissions'::regclass)").Scan(&waits))
		return waits
	}
	require.Eventually(t, blocked, 20*time.Second, 5*time.Millisecond)
	for range 2 { // tries
		began := time.Now()
		_, err = reader.Exec(t.Context(), "SELECT count(*) FROM submissions WHERE number = $1", l.Number)
		require.NoError(t, err)
		require.Less(t, time.Since(began), 5*time.Second)
		require.Eventually(t, blocked, 20*time.Second, 5*time.Millisecond, "it tries again")
	}
	_, err = backup.Exec(t.Context(), "COMMIT")
	require.NoError(t, err)
	require.NoError(t, <-migrated)
}

func TestAnIndexWhoseMakingWasInterruptedIsMadeWhole(t *testing.T) {
	s := storetest.New(t)
	connection, err := pgx.Connect(t.Context(), s.URL)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	invalid := func() (names []string) {
		t.Helper()
		rows, err := connection.Query(t.Context(), "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1")
		require.NoError(t, err)
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return names
	}
	interrupt := func(statement string) {
		t.Helper()
		writer, err := pgx.Connect(t.Context(), s.URL)
		require.NoError(t, err)
		defer writer.Close(context.Background())
		_, err = writer.Exec(t.Context(), "BEGIN; LOCK TABLE complaints IN ROW EXCLUSIVE MODE")
		require.NoError(t, err)
		_, err = connection.Exec(t.Context(), "SET statement_timeout = '300ms'")
		require.NoError(t, err)
		_, err = connection.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "statement timeout")
		_, err = connection.Exec(t.Context(), "RESET statement_timeout")
		require.NoError(t, err)
	}
	const making = "CREATE INDEX CONCURRENTLY complaints_open ON complaints (stage, tier) INCLUDE (next_due, received_at) WHERE closed_at IS NULL AND standing = 'live'"
	for name, version := range map[string]int64{"the migration itself": 17, "one that was taken for done": 18} {
		require.NoError(t, store.MigrateDownTo(t.Context(), s.URL, version))
		s.SQL(t, "DROP INDEX IF EXISTS complaints_open")
		interrupt(making)
		require.Equal(t, []string{"complaints_open"}, invalid(), name)
		require.NoError(t, store.Migrate(t.Context(), s.URL))
		require.Empty(t, invalid(), name)
	}
	interrupt("REINDEX INDEX CONCURRENTLY complaints_open")
	require.NotEmpty(t, invalid())
	require.NoError(t, store.Migrate(t.Context(), s.URL))
	require.Empty(t, invalid())
	var left int
	require.NoError(t, connection.QueryRow(t.Context(), "SELECT count(*) FROM pg_class WHERE relname LIKE 'complaints_open%'").Scan(&left))
	require.Equal(t, 1, left)
}

// What the version before reads and writes, it reads and writes on: no statement waits longer than
// a caller does, however many rows there are.
// First review: D9.
func TestTheSystemRunsWhileItIsMigrated(t *testing.T) {
	const rows, patience = 2_000, "5s"
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	require.NoError(t, store.MigrateDownTo(t.Context(), s.URL, 11))
	s.SQL(t, fmt.Sprintf(`INSERT INTO complaints SELECT (jsonb_populate_record(c, jsonb_build_object('number', 'OLD-' || i, 'serial', 1000 + i))).*
			FROM complaints c, generate_series(1, %d) i`, rows),
		fmt.Sprintf(`INSERT INTO messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', 'old-' || i))).* FROM messages m, generate_series(1, %d) i`, rows),
		`UPDATE messages SET state = 'handed_over', claim_after = NULL WHERE id = 'old-1'`)

	migrated := make(chan struct{})
	var running, all sync.WaitGroup
	for _, one := range []string{
		`UPDATE complaints SET updated_at = now(), tier = tier + 1 WHERE number = '` + l.Number + `'`,
		`UPDATE messages SET state = 'sent', attempts = attempts + 1 WHERE id = 'old-2'`,
		`INSERT INTO messages (id, number, recipient, template, params, queued_at) SELECT gen_random_uuid(), '` + l.Number + `', 'li-na', 'assigned', '{}', now()`,
		`INSERT INTO submissions SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).* FROM submissions s WHERE number = '` + l.Number + `' LIMIT 1`,
		`SELECT state FROM complaints WHERE number = '` + l.Number + `'`,
		`SELECT number, stage FROM complaints ORDER BY received_at DESC, number DESC LIMIT 50`,
	} {
		connection, err := pgx.Connect(t.Context(), s.URL)
		require.NoError(t, err)
		t.Cleanup(func() { connection.Close(context.Background()) })
		_, err = connection.Exec(t.Context(), "SET statement_timeout = '"+patience+"'")
		require.NoError(t, err)
		running.Add(1)
		all.Go(func() {
			for first := true; ; first = false {
				_, err := connection.Exec(t.Context(), one)
				assert.NoError(t, err, one) //nolint:testifylint // require must not be called beside the test's own goroutine
				if first {
					running.Done()
				}
				select {
				case <-migrated:
					return
				case <-time.After(time.Millisecond):
				}
				if err != nil {
					return
				}
			}
		})
	}
	running.Wait()
	err := store.Migrate(t.Context(), s.URL)
	close(migrated)
	all.Wait()
	require.NoError(t, err)

	for wrong, query := range map[string]string{
		"no index was left half made":                  `SELECT count(*) FROM pg_index WHERE NOT indisvalid`,
		"who was on the way comes back to the outbox":  `SELECT count(*) FROM messages WHERE state = 'handed_over' AND claim_after IS NULL`,
		"each complaint is asked whether it is behind": `SELECT count(*) FROM complaints c WHERE standing = 'live' AND NOT EXISTS (SELECT FROM confirmations f WHERE f.number = c.number)`,
	} {
		var found int
		require.NoError(t, s.Pool.QueryRow(t.Context(), query).Scan(&found))
		require.Zero(t, found, wrong)
	}
	s.Recorded(t)
}

func TestAnAbsentDatabaseIsSaidWithinTwoSeconds(t *testing.T) {
	began := time.Now()
	_, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/nothing")
	require.ErrorContains(t, err, "doesn't answer")
	require.Less(t, time.Since(began), 2*time.Second)
}
