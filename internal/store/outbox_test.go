package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
)

func TestAMessageIsClaimedByOneSenderAndSentOnce(t *testing.T) {
	s, _ := database(t)
	l, _ := recorded(t, s)

	claimed, err := s.ClaimMessages(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.Equal(t, "assigned", claimed[0].Template)
	require.Equal(t, 1, claimed[0].Attempts)
	other, err := s.ClaimMessages(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, other)

	require.NoError(t, s.MarkHandedOver(t.Context(), "mail server away", claimed[0].ID))
	undelivered, err := s.Undelivered(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, undelivered, 1)
	require.Equal(t, "mail server away", undelivered[0].LastError)
	require.NoError(t, s.MarkTriedAgain(t.Context(), "mail server still away", claimed[0].ID))
	require.NoError(t, s.MarkSent(t.Context(), "email", claimed[0].ID))
	require.NoError(t, s.MarkFailed(t.Context(), "too late", claimed[0].ID), "what was sent stays sent")
	require.NoError(t, s.Requeue(t.Context(), claimed[0].ID))
	messages, err := s.Messages(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, store.MessageSent, messages[0].State)
	require.Equal(t, "email", messages[0].Channel)
	require.Equal(t, 2, messages[0].Attempts)
	require.NotNil(t, messages[0].SentAt)
	_, err = s.Message(t.Context(), "unknown")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestASenderThatDiedLosesItsMessagesToTheNext(t *testing.T) {
	s, _ := database(t)
	recorded(t, s)
	first, err := s.ClaimMessages(t.Context(), 10, 0)
	require.NoError(t, err)
	second, err := s.ClaimMessages(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, first[0].ID, second[0].ID)
	require.Equal(t, 2, second[0].Attempts)
}

func TestASenderIsWokenByAMessage(t *testing.T) {
	s, _ := database(t)
	woken := make(chan error, 1)
	go func() { woken <- s.WaitForOutbox(context.WithoutCancel(t.Context()), time.Minute) }()
	recorded(t, s)
	select {
	case err := <-woken:
		require.NoError(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("nobody was woken")
	}
	claimed, err := s.ClaimMessages(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.NoError(t, s.WaitForOutbox(t.Context(), time.Millisecond), "nothing to do: back after a while, to look for what got lost")
}
