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

// First review: A13.
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

	s.Recorded(t)
	claimed, err = s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.NoError(t, s.Outbox.MarkWithheld(t.Context(), "may_not_know", claimed[0].ID))
	require.Equal(t, []int{0, 0, 0}, counts(), "what was meant for nobody waits for nobody")
	again, err = s.Outbox.Requeue(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.Empty(t, again)
}

// First review: A13.
func TestAMessageWhoseActivityIsGoneComesBack(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	claimed, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	id := claimed[0].ID
	require.NoError(t, s.Outbox.MarkHandedOver(t.Context(), "mail server away", id))
	require.NoError(t, s.Outbox.MarkTriedAgain(t.Context(), "mail server away", id))
	none, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, none, "its activity has just tried it")

	s.SQL(t, `UPDATE messages SET claim_after = claim_after - interval '2 hours'`)
	failed, err := s.Outbox.Failed(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, failed, 1, "an operator sees it, too")
	back, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, []any{id, outbox.Queued}, []any{back[0].ID, back[0].State}, "an activity tries at least every half hour: this one is gone")
	require.NoError(t, s.Outbox.MarkHandedOver(t.Context(), "mail server away", id))
	s.SQL(t, `UPDATE messages SET claim_after = NULL`) // as an earlier version noted it
	again, err := s.Outbox.Requeue(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, []string{id}, again)
}

// First review: A12.
func TestByWhichChannelAMessageHasLeftIsKeptWithIt(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	claimed, err := s.Outbox.Claim(t.Context(), 10, 0)
	require.NoError(t, err)
	require.NoError(t, s.Outbox.MarkLeft(t.Context(), "email", claimed[0].ID))
	again, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, "email", again[0].Channel)
	require.NoError(t, s.Outbox.MarkFailed(t.Context(), "webhook_410", claimed[0].ID))
	_, err = s.Outbox.Requeue(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	one, err := s.Outbox.One(t.Context(), claimed[0].ID)
	require.NoError(t, err)
	require.Equal(t, "email", one.Channel, "also when it is tried again")
}

// First review: D7b.
func TestAClaimHoldsUntilSomebodyElseHasOne(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	holds := func(claimed outbox.Message) bool {
		t.Helper()
		held, err := s.Outbox.Holds(t.Context(), claimed, time.Minute)
		require.NoError(t, err)
		return held
	}
	first, err := s.Outbox.Claim(t.Context(), 10, 0)
	require.NoError(t, err)
	require.True(t, holds(first[0]), "its time is over, and nobody else has it: it is renewed")
	none, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, none)

	s.SQL(t, `UPDATE messages SET claim_after = now()`)
	second, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.False(t, holds(first[0]))
	require.True(t, holds(second[0]))
	require.NoError(t, s.Outbox.MarkSent(t.Context(), "email", second[0].ID))
	require.False(t, holds(second[0]), "it has left")
}

// First review: A7.
func TestWhatFailedForACustomerIsToldOnce(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	other, _ := s.Recorded(t)
	s.SQL(t, `UPDATE messages SET recipient = 'customer' WHERE number = '`+other.Number+`'`)
	claimed, err := s.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 2)
	require.NoError(t, s.Outbox.MarkFailed(t.Context(), "smtp_rcpt_550", claimed[0].ID, claimed[1].ID))
	toTell, err := s.Outbox.ToTell(t.Context(), 10, 0)
	require.NoError(t, err)
	require.Len(t, toTell, 1, "of a failed message to the house its operators know")
	require.Equal(t, other.Number, toTell[0].Number)
	toTell, err = s.Outbox.ToTell(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, toTell, 1, "who was to tell it died")
	require.NoError(t, s.Outbox.Told(t.Context(), toTell[0].ID))

	require.NoError(t, s.Outbox.MarkSent(t.Context(), "email", toTell[0].ID))
	none, err := s.Outbox.ToTell(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, none)
	bounced, err := s.Outbox.MarkBounced(t.Context(), "bounced", toTell[0].ID, "unknown")
	require.NoError(t, err)
	require.Equal(t, []string{toTell[0].ID}, bounced)
	toTell, err = s.Outbox.ToTell(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, toTell, 1, "mail that came back failed after all")
	require.Equal(t, []any{"bounced", "", (*time.Time)(nil)}, []any{toTell[0].LastError, toTell[0].Channel, toTell[0].SentAt})
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
