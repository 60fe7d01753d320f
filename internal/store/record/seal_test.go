package record_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/internal/store/storetest"
)

// First review: D6.
func TestAWriteWhoseTransactionTakesLongIsInALaterSeal(t *testing.T) {
	s := storetest.New(t)
	slow, quick := s.Register(t), s.Register(t)
	_, write := storetest.Begun(slow)
	rows, err := s.Record.Next(t.Context(), write)
	require.NoError(t, err)
	tx, err := s.Pool.Begin(t.Context())
	require.NoError(t, err)
	require.NoError(t, rows.Append(t.Context(), tx))

	_, other := storetest.Begun(quick)
	require.NoError(t, s.Writes.Commit(t.Context(), other))
	require.Equal(t, 1, sealNow(t, s).Complaints, "the quick one, which began later")
	require.EqualValues(t, 1, sealNow(t, s).ID, "nothing grew that can be seen")
	require.NoError(t, tx.Commit(t.Context()))
	sealed := sealNow(t, s)
	require.EqualValues(t, 2, sealed.ID)
	require.Equal(t, 1, sealed.Complaints, "the slow one, and the quick one not again")
}

func TestADatabaseThatWasRestoredIsSealedOn(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	sealNow(t, s)
	// A server on which the dump was restored counts transactions anew.
	meaningHarm(t, s, `UPDATE seals SET oldest_running = 1000000000000`, `UPDATE writes SET transaction_id = 1000000000000`)
	s.Recorded(t)
	sealed := sealNow(t, s)
	require.EqualValues(t, 2, sealed.ID)
	require.Equal(t, 1, sealed.Complaints)
	found, err := s.Record.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestTheFirstSealAfterThoseThatWentByTheClockSealsWhatTheyMissed(t *testing.T) {
	s := storetest.New(t)
	_, err := s.Record.Seal(t.Context())
	require.ErrorIs(t, err, store.ErrNotFound, "nothing to seal yet")
	s.Recorded(t)
	sealNow(t, s)
	missed, _ := s.Recorded(t)
	meaningHarm(t, s, `UPDATE seals SET oldest_running = NULL, through = now()`, `UPDATE writes SET transaction_id = NULL, written_at = now() - interval '2 hours'`)
	require.EqualValues(t, 2, sealNow(t, s).ID, missed.Number)
}
