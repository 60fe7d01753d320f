package record_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestTheRecordOnlyGrows(t *testing.T) {
	s := storetest.New(t)
	connection, err := pgx.Connect(t.Context(), s.URL)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	for _, statement := range []string{
		"UPDATE record SET by = 'nobody'", "DELETE FROM record", "TRUNCATE record", "UPDATE writes SET cause = ''", "DELETE FROM seals",
		"UPDATE procedures SET body = ''", "DELETE FROM calendars",
	} {
		_, err := connection.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "append-only", statement)
	}
}
