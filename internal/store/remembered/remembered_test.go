package remembered_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store"
	"recourse/internal/store/remembered"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestAnAnswerIsRememberedByItsKey(t *testing.T) {
	s := storetest.New(t)
	ctx := t.Context()
	posted := remembered.Posted{Actor: "li-na", Key: "k", Path: "/v1/spot-checks", Body: []byte(`{"size":1}`)}
	known, claim, err := s.Remembered.Claim(ctx, posted)
	require.NoError(t, err)
	require.Nil(t, known)
	_, _, err = s.Remembered.Claim(ctx, posted)
	require.ErrorIs(t, err, remembered.ErrBeingAnswered, "two at once: one acts")

	require.NoError(t, s.Remembered.Forget(ctx, claim))
	_, claim, err = s.Remembered.Claim(ctx, posted)
	require.NoError(t, err, "a refused one is judged anew")
	first := remembered.Answer{Status: 201, ContentType: "application/json", Body: []byte(`{"id":"1"}`)}
	require.NoError(t, s.Remembered.Remember(ctx, claim, first))
	require.NoError(t, s.Remembered.Forget(ctx, claim), "what was answered stays")
	known, _, err = s.Remembered.Claim(ctx, posted)
	require.NoError(t, err)
	require.Equal(t, &first, known)

	other := posted
	other.Body = []byte(`{"size":2}`)
	_, _, err = s.Remembered.Claim(ctx, other)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
	other = posted
	other.Path = "/v1/campaigns"
	_, _, err = s.Remembered.Claim(ctx, other)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)

	t.Run("for three days", func(t *testing.T) {
		s.SQL(t, `UPDATE remembered_answers SET at = now() - interval '73 hours'`)
		_, claim, err := s.Remembered.Claim(ctx, other)
		require.NoError(t, err)
		require.NotNil(t, claim)
	})
	t.Run("and one who claimed it and is gone gives it up", func(t *testing.T) {
		s.SQL(t, `UPDATE remembered_answers SET at = now() - interval '3 minutes'`)
		_, later, err := s.Remembered.Claim(ctx, other)
		require.NoError(t, err)
		require.NotNil(t, later)
		require.NoError(t, s.Remembered.Remember(ctx, claim, first))
		_, _, err = s.Remembered.Claim(ctx, other)
		require.ErrorIs(t, err, remembered.ErrBeingAnswered, "an answer that comes too late counts for nothing")
	})
}

// First review: D7b.
func TestWhoIsAtWorkKeepsTheKeyAndWhoIsGoneFreesItSoon(t *testing.T) {
	s := storetest.New(t)
	ctx, hangUp := context.WithCancel(t.Context())
	posted := remembered.Posted{Actor: "li-na", Key: "k", Path: "/v1/spot-checks", Body: []byte(`{"size":1}`)}
	_, claim, err := s.Remembered.Claim(ctx, posted)
	require.NoError(t, err)
	ended := s.Remembered.Keep(ctx, claim)
	hangUp() // the caller has gone, the work goes on
	s.SQL(t, `UPDATE remembered_answers SET at = now() - interval '9 seconds'`)
	require.Eventually(t, func() bool {
		var fresh bool
		require.NoError(t, s.Pool.QueryRow(t.Context(), `SELECT at > now() - interval '5 seconds' FROM remembered_answers`).Scan(&fresh))
		return fresh
	}, 10*time.Second, 50*time.Millisecond, "who is at work says so")
	_, _, err = s.Remembered.Claim(t.Context(), posted)
	require.ErrorIs(t, err, remembered.ErrBeingAnswered)

	ended() // as when the server is killed: no sign comes any more
	s.SQL(t, `UPDATE remembered_answers SET at = now() - interval '11 seconds'`)
	_, next, err := s.Remembered.Claim(t.Context(), posted)
	require.NoError(t, err)
	require.NotNil(t, next)
}

// First review: D10.
func TestAnswersThatAreRememberedNoLongerAreSweptAway(t *testing.T) {
	s := storetest.New(t)
	answered := func(key string) {
		_, claim, err := s.Remembered.Claim(t.Context(), remembered.Posted{Actor: "li-na", Key: key, Path: "/v1/spot-checks"})
		require.NoError(t, err)
		require.NoError(t, s.Remembered.Remember(t.Context(), claim, remembered.Answer{Status: 201, Body: []byte(`{}`)}))
	}
	answered("old")
	s.SQL(t, `UPDATE remembered_answers SET at = now() - interval '73 hours'`)
	answered("new")
	require.NoError(t, s.Remembered.Sweep(t.Context()))
	var keys []string
	require.NoError(t, s.Pool.QueryRow(t.Context(), `SELECT array_agg(key) FROM remembered_answers`).Scan(&keys))
	require.Equal(t, []string{"new"}, keys)
}
