package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/delivery"
	"recourse/internal/store"
)

func TestAnOperatorFindsTheMessagesThatFailedAndHasThemTriedAgain(t *testing.T) {
	r := living(t)
	r.register(dispatcher, parcel())
	t.Setenv("DATABASE_URL", r.databaseURL)
	said, err := command(t, "requeue")
	require.NoError(t, err)
	require.Equal(t, "No message failed.\n", said)

	claimed, err := r.server.store.ClaimMessages(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.NotEmpty(t, claimed)
	id := claimed[0].ID
	require.NoError(t, r.server.store.MarkFailed(t.Context(), delivery.BadSecret, id))
	said, err = command(t, "requeue")
	require.NoError(t, err)
	require.Contains(t, said, id+"  ")
	require.Contains(t, said, ": "+delivery.BadSecret+"\n")

	said, err = command(t, "requeue", id, "CS-1-1")
	require.EqualError(t, err, "no messages that failed: CS-1-1; server requeue lists them")
	require.Equal(t, id+" is tried again.\n", said)
	message, err := r.server.store.Message(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, store.MessageQueued, message.State)
	_, err = command(t, "requeue", id)
	require.EqualError(t, err, "no messages that failed: "+id+"; server requeue lists them", "it is on its way")
}

func TestTheReceiverOfAWebhookIsToldTheirSecret(t *testing.T) {
	r, _ := standing(t)
	published, err := r.server.store.Directories(t.Context())
	require.NoError(t, err)
	text := published[slices.IndexFunc(published, func(p store.Published) bool { return p.ID == "courier-station" })].Body
	t.Setenv("DATABASE_URL", r.databaseURL)
	t.Setenv("RECOURSE_LINK_KEY", string(linkKey))
	_, err = command(t, "webhook-secret")
	require.ErrorContains(t, err, "say whose secret")
	_, err = command(t, "webhook-secret", "nobody")
	require.ErrorContains(t, err, "not in the directory")
	_, err = command(t, "webhook-secret", dispatcher)
	require.ErrorContains(t, err, "has no webhook")

	hooked := strings.Replace(text, "email: li-na@example.com,", "email: li-na@example.com, webhook: https://hooks.example.org/recourse,", 1)
	require.NotEqual(t, text, hooked)
	_, err = r.server.store.PublishDirectory(t.Context(), "courier-station", hooked, administrator)
	require.NoError(t, err)
	said, err := command(t, "webhook-secret", dispatcher)
	require.NoError(t, err)
	require.Equal(t, delivery.SecretFor(linkKey, dispatcher)+"\n", said)
}
