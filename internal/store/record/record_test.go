package record_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store/record"
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

// First review: D7.
func TestAStateThatIsNotTheFoldOfItsRecordIsFound(t *testing.T) {
	s := storetest.New(t)
	right, _ := s.Recorded(t)
	altered, _ := s.Recorded(t)
	newer, _ := s.Recorded(t)
	// These complaints' beginnings say more than their events; the fold is what it should be.
	for _, l := range []*storetest.Life{right, altered, newer} {
		s.SQL(t, `UPDATE complaints SET state = state - 'accepted' WHERE number = '`+l.Number+`'`)
	}
	s.SQL(t, `UPDATE complaints SET state = state || '{"reopened": 3}' WHERE number = '`+altered.Number+`'`,
		`UPDATE complaints SET state = state || '{"mood": "angry", "reopened": 3}' WHERE number = '`+newer.Number+`'`)
	found, err := s.Record.VerifyAllStates(t.Context())
	require.NoError(t, err)
	require.Equal(t, []record.Tampered{{Number: altered.Number, Finding: record.StateDiffers}}, places(found), "of the newer version's nobody here can tell")
	_, err = s.Record.Accept(t.Context(), altered.Number, "auditor", "put right by the next step")
	require.NoError(t, err)
	times := 0
	for share := range record.Shares {
		found, err = s.Record.VerifyStates(t.Context(), 0, share, nil)
		require.NoError(t, err)
		for _, one := range found {
			require.NotNil(t, one.Accepted)
			times++
		}
	}
	require.Equal(t, 1, times, "each once in four weeks")
}
