package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
)

func TestAnAnswerIsRememberedByItsKey(t *testing.T) {
	s, url := database(t)
	ctx := t.Context()
	posted := store.Posted{Actor: "li-na", Key: "k", Path: "/v1/spot-checks", Body: []byte(`{"size":1}`)}
	known, claim, err := s.ClaimAnswer(ctx, posted)
	require.NoError(t, err)
	require.Nil(t, known)
	_, _, err = s.ClaimAnswer(ctx, posted)
	require.ErrorIs(t, err, store.ErrBeingAnswered, "two at once: one acts")

	require.NoError(t, s.Forget(ctx, claim))
	_, claim, err = s.ClaimAnswer(ctx, posted)
	require.NoError(t, err, "a refused one is judged anew")
	answer := store.Answer{Status: 201, ContentType: "application/json", Body: []byte(`{"id":"1"}`)}
	require.NoError(t, s.Remember(ctx, claim, answer))
	require.NoError(t, s.Forget(ctx, claim), "what was answered stays")
	known, _, err = s.ClaimAnswer(ctx, posted)
	require.NoError(t, err)
	require.Equal(t, &answer, known)

	other := posted
	other.Body = []byte(`{"size":2}`)
	_, _, err = s.ClaimAnswer(ctx, other)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
	other = posted
	other.Path = "/v1/campaigns"
	_, _, err = s.ClaimAnswer(ctx, other)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)

	t.Run("for three days", func(t *testing.T) {
		sql(t, url, `UPDATE remembered_answers SET at = now() - interval '73 hours'`)
		_, claim, err := s.ClaimAnswer(ctx, other)
		require.NoError(t, err)
		require.NotNil(t, claim)
	})
	t.Run("and one who claimed it and is gone gives it up", func(t *testing.T) {
		sql(t, url, `UPDATE remembered_answers SET at = now() - interval '3 minutes'`)
		_, later, err := s.ClaimAnswer(ctx, other)
		require.NoError(t, err)
		require.NotNil(t, later)
		require.NoError(t, s.Remember(ctx, claim, answer))
		_, _, err = s.ClaimAnswer(ctx, other)
		require.ErrorIs(t, err, store.ErrBeingAnswered, "an answer that comes too late counts for nothing")
	})
}
