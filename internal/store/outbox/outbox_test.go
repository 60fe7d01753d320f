package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store"
	"recourse/internal/store/outbox"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestAMessageIsClaimedByOneSenderAndSentOnce(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)

	claimed, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.Equal(t, "assigned", claimed[0].Template)
	require.Equal(t, 1, claimed[0].Attempts)
	other, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, other)

	require.NoError(t, s.Outbox.MarkHandedOver(t.Context(), "mail server away", claimed[0].ID))
	failed, err := s.Outbox.Failed(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, failed, "an activity tries it")
	again, err := s.Outbox.Requeue(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.Empty(t, again, "an activity tries it")
	require.NoError(t, s.Outbox.MarkTriedAgain(t.Context(), "mail server still away", claimed[0].ID))
	require.NoError(t, s.Outbox.MarkSent(t.Context(), "email", claimed[0].ID))
	require.NoError(t, s.Outbox.MarkFailed(t.Context(), "too late", claimed[0].ID), "what was sent stays sent")
	again, err = s.Outbox.Requeue(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.Empty(t, again, "what was sent stays sent")
	messages, err := s.Outbox.Of(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, outbox.Sent, messages[0].State)
	require.Equal(t, "email", messages[0].Channel)
	require.Equal(t, 2, messages[0].Attempts)
	require.NotNil(t, messages[0].SentAt)
	_, err = s.Outbox.One(t.Context(), "unknown")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestTheMessagesThatWaitAreCountedByState(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	counts := func() []int {
		t.Helper()
		waiting, err := s.Outbox.Waiting(t.Context())
		require.NoError(t, err)
		var counted []int
		for i, state := range []outbox.State{outbox.Queued, outbox.HandedOver, outbox.Failed} {
			require.Equal(t, state, waiting[i].State)
			counted = append(counted, waiting[i].Count)
		}
		return counted
	}
	require.Equal(t, []int{1, 0, 0}, counts())
	s.SQL(t, `UPDATE messages SET queued_at = now() - interval '1 hour'`)
	waiting, err := s.Outbox.Waiting(t.Context())
	require.NoError(t, err)
	require.InDelta(t, time.Hour.Seconds(), waiting[0].Oldest.Seconds(), 60)

	claimed, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0, 0}, counts(), "claimed is not sent")
	require.NoError(t, s.Outbox.MarkHandedOver(t.Context(), "mail server away", claimed[0].ID))
	require.Equal(t, []int{0, 1, 0}, counts())
	require.NoError(t, s.Outbox.MarkFailed(t.Context(), "no such address", claimed[0].ID))
	require.Equal(t, []int{0, 0, 1}, counts())
	failed, err := s.Outbox.Failed(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, failed, 1)
	require.Equal(t, "no such address", failed[0].LastError)
	again, err := s.Outbox.Requeue(t.Context(), claimed[0].ID, "unknown")
	require.NoError(t, err)
	require.Equal(t, []string{claimed[0].ID}, again)
	require.Equal(t, []int{1, 0, 0}, counts())
	require.NoError(t, s.Outbox.MarkSent(t.Context(), "email", claimed[0].ID))
	require.Equal(t, []int{0, 0, 0}, counts())

}

func TestWhatACustomerGotIsCounted(t *testing.T) {
	s := storetest.New(t)
	one, _ := s.Recorded(t)
	s.Recorded(t)
	s.SQL(t, `UPDATE messages SET recipient = 'customer', state = 'sent', sent_at = now(), claim_after = NULL`)
	sent, err := s.Outbox.SentToCustomer(t.Context(), one.Number, time.Now().Add(-time.Minute))
	require.NoError(t, err)
	require.Equal(t, 1, sent)
	sent, err = s.Outbox.SentToCustomer(t.Context(), one.Number, time.Now().Add(time.Minute))
	require.NoError(t, err)
	require.Zero(t, sent)
}

func TestAMessageIsTakenOverOnlyWhenNoSenderHasIt(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	claimed, err := s.Outbox.Claim(t.Context(), 1, time.Minute)
	require.NoError(t, err)
	taken, err := s.Outbox.TakeOver(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.False(t, taken, "its sender may be about to send it")

	s.Recorded(t)
	claimed, err = s.Outbox.Claim(t.Context(), 1, 0)
	require.NoError(t, err)
	taken, err = s.Outbox.TakeOver(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.True(t, taken, "its sender's time is over")
	taken, err = s.Outbox.TakeOver(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.False(t, taken, "once")
}

func TestASenderThatDiedLosesItsMessagesToTheNext(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	first, err := s.Outbox.Claim(t.Context(), 10, 0)
	require.NoError(t, err)
	second, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, first[0].ID, second[0].ID)
	require.Equal(t, 2, second[0].Attempts)
}

// First review: D5.
func TestAMessageThatCanNotBeReadKeepsNoOtherWaiting(t *testing.T) {
	s := storetest.New(t)
	stuck, _ := s.Recorded(t)
	other, _ := s.Recorded(t)
	s.SQL(t, `UPDATE messages SET queued_at = now(), params = '{"to": []}' WHERE number = '`+stuck.Number+`'`)

	claimed, err := s.Outbox.Claim(t.Context(), 10, 0)
	require.ErrorContains(t, err, "decode the message "+stuck.Number+"/6/zhao-lei")
	require.Len(t, claimed, 1)
	require.Equal(t, other.Number, claimed[0].Number)
	require.NoError(t, s.Outbox.MarkSent(t.Context(), "email", claimed[0].ID))
	waiting, err := s.Outbox.Of(t.Context(), stuck.Number)
	require.NoError(t, err)
	require.Equal(t, outbox.Queued, waiting[0].State, "a newer sender may read it")
	require.Equal(t, "cannot_read", waiting[0].LastError)

	s.SQL(t, `UPDATE messages SET queued_at = now() - interval '2 hours'`)
	_, err = s.Outbox.Claim(t.Context(), 10, 0)
	require.Error(t, err)
	failed, err := s.Outbox.Failed(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, failed, 1, "now it is an operator's")
	require.Equal(t, "assigned", failed[0].Template)
	require.EqualValues(t, "zhao-lei", failed[0].To)
	claimed, err = s.Outbox.Claim(t.Context(), 10, 0)
	require.NoError(t, err)
	require.Empty(t, claimed)
}

func TestASenderIsWokenByAMessage(t *testing.T) {
	s := storetest.New(t)
	woken := make(chan error, 1)
	go func() { woken <- s.Outbox.Wait(context.WithoutCancel(t.Context()), time.Minute) }()
	s.Recorded(t)
	select {
	case err := <-woken:
		require.NoError(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("nobody was woken")
	}
	claimed, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.NoError(t, s.Outbox.Wait(t.Context(), time.Millisecond), "nothing to do: back after a while, to look for what got lost")
}
