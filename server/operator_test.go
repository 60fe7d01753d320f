package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
