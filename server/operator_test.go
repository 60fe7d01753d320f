package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/rig"
	"recourse/internal/store/outbox"
	"recourse/internal/store/published"
)

func TestAnOperatorFindsTheMessagesThatFailedAndHasThemTriedAgain(t *testing.T) {
	r := rig.Living(t)
	r.Register(rig.Dispatcher, rig.Parcel())
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	said, err := command(t, "requeue")
	require.NoError(t, err)
	require.Equal(t, "No message failed.\n", said)

	claimed, err := r.Office.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.NotEmpty(t, claimed)
	id := claimed[0].ID
	require.NoError(t, r.Office.Outbox.MarkFailed(t.Context(), delivery.BadSecret, id))
	said, err = command(t, "requeue")
	require.NoError(t, err)
	require.Contains(t, said, id+"  ")
	require.Contains(t, said, ": "+delivery.BadSecret+"\n")

	said, err = command(t, "requeue", id, "CS-1-1")
	require.EqualError(t, err, "no messages that failed: CS-1-1; server requeue lists them")
	require.Equal(t, id+" is tried again.\n", said)
	message, err := r.Office.Outbox.One(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, outbox.Queued, message.State)
	_, err = command(t, "requeue", id)
	require.EqualError(t, err, "no messages that failed: "+id+"; server requeue lists them", "it is on its way")
}

func TestTheReceiverOfAWebhookIsToldTheirSecret(t *testing.T) {
	r, _ := rig.Standing(t)
	there, err := r.Office.Published.Newest(t.Context(), published.Directory, "courier-station")
	require.NoError(t, err)
	text := there.Body
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	t.Setenv("RECOURSE_LINK_KEY", string(rig.LinkKey))
	_, err = command(t, "webhook-secret")
	require.ErrorContains(t, err, "say whose secret")
	_, err = command(t, "webhook-secret", "nobody")
	require.ErrorContains(t, err, "not in the directory")
	_, err = command(t, "webhook-secret", rig.Dispatcher)
	require.ErrorContains(t, err, "has no webhook")

	hooked := strings.Replace(text, "email: li-na@example.com,", "email: li-na@example.com, webhook: https://hooks.example.org/recourse,", 1)
	require.NotEqual(t, text, hooked)
	_, err = r.Office.Published.Publish(t.Context(), published.Directory, "courier-station", hooked, rig.Administrator)
	require.NoError(t, err)
	said, err := command(t, "webhook-secret", rig.Dispatcher)
	require.NoError(t, err)
	require.Equal(t, delivery.SecretFor(rig.LinkKey, rig.Dispatcher)+"\n", said)
}

// First review: A7.
func TestMailThatCameBackIsNotedByTheOperator(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	_, err := command(t, "bounced")
	require.ErrorContains(t, err, "say which mail came back")
	claimed, err := r.Office.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	letter := claimed[slices.IndexFunc(claimed, func(m outbox.Message) bool { return m.To == complaint.Customer })]
	_, err = command(t, "bounced", letter.ID)
	require.EqualError(t, err, "no messages that had left by mail: "+letter.ID)
	require.NoError(t, r.Office.Outbox.MarkSent(t.Context(), "email", letter.ID))
	said, err := command(t, "bounced", "<"+delivery.MessageID(letter.ID, "example.org")+">")
	require.NoError(t, err)
	require.Equal(t, letter.ID+" is noted as failed.\n", said)
	toTell, err := r.Office.Outbox.ToTell(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, []string{number, "bounced"}, []string{toTell[0].Number, toTell[0].LastError})
}

// First review: A13.
func TestARequeueListsWhatItCanMendAndSaysThatThereIsMore(t *testing.T) {
	r := rig.Living(t)
	r.Register(rig.Dispatcher, rig.Parcel())
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	claimed, err := r.Office.Outbox.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	id := claimed[0].ID
	require.NoError(t, r.Office.Outbox.MarkWithheld(t.Context(), delivery.NoAddress, id))
	said, err := command(t, "requeue")
	require.NoError(t, err)
	require.Equal(t, "No message failed.\n", said, "nothing mends what was meant for nobody")

	_, err = r.Server.Database.Exec(t.Context(), `INSERT INTO messages (id, number, recipient, template, params, state, last_error, queued_at)
		SELECT 'X-' || n, number, recipient, template, params, 'failed', 'smtp_rcpt_550', queued_at FROM messages, generate_series(1, $1::integer) AS n WHERE id = $2`, failedAtOnce+1, id)
	require.NoError(t, err)
	said, err = command(t, "requeue")
	require.NoError(t, err)
	require.Len(t, strings.Split(strings.TrimSpace(said), "\n"), failedAtOnce+1)
	require.Contains(t, said, "There are more than these 200: list again once they are tried.\n")
}
