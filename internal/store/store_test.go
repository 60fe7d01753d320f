package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
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

func TestAnAbsentDatabaseIsSaidWithinTwoSeconds(t *testing.T) {
	began := time.Now()
	_, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/nothing")
	require.ErrorContains(t, err, "doesn't answer")
	require.Less(t, time.Since(began), 2*time.Second)
}
