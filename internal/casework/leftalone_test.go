package casework_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/rig"
	"recourse/internal/store/outbox"
)

// queuedFor are the messages that a complaint has waiting, by whom they are to and their template.
func queuedFor(t *testing.T, r *rig.Rig, number string) map[string]outbox.Message {
	t.Helper()
	all, err := r.Office.Outbox.Claim(t.Context(), 1000, time.Millisecond)
	require.NoError(t, err)
	queued := map[string]outbox.Message{}
	for _, m := range all {
		if m.Number == number {
			queued[string(m.To)+" "+m.Template] = m
		}
	}
	return queued
}

// another is the parcel of somebody else.
func another() body {
	said := rig.Parcel()
	said["customer"] = body{"name": "Wu Tao", "phone": "13911112222", "email": "wu.tao@example.org", "language": "zh-CN"}
	return said
}

// First review: A11.
func TestMergingLosesNobody(t *testing.T) {
	r := rig.Living(t)
	screened := body{"kind": "complaint", "valid": true, "category": "operations.mistake"}
	leading := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(leading, "screen", rig.Dispatcher, screened)
	theirs, again := r.Register(rig.Dispatcher, another()), r.Register(rig.Dispatcher, rig.Parcel())
	for _, number := range []string{theirs, again} {
		r.Get("/v1/complaints/"+number, rig.Courier).Refused(http.StatusNotFound, "not_found")
		merged := r.Take(number, "link", rig.Dispatcher, body{"relation": "duplicates", "number": leading})
		require.Equal(t, "closed", merged["stage"])

		queued := queuedFor(t, r, number)
		told, is := queued[rig.Courier+" "+message.LinkedToYours.Name()]
		require.True(t, is, "who has the leading complaint hears of it")
		require.Equal(t, string(complaint.DuplicatedBy), told.Reason)
		r.Get("/v1/complaints/"+number, rig.Courier).Is(http.StatusOK)

		reason := string(complaint.Merged)
		if number == theirs {
			reason = message.MergedWithAnothers
		}
		require.Equal(t, reason, queued[string(complaint.Customer)+" "+message.CustomerOutcome.Name()].Reason,
			"only who told us before is told that they did")
	}

	require.NoError(t, casework.ReopenLeftAlone(r.Office, t.Context()))
	require.Equal(t, "closed", r.Get("/v1/complaints/"+theirs, rig.Dispatcher).Is(200)["stage"], "for as long as the leading one goes on")
	r.Take(leading, "withdraw", rig.Dispatcher, body{"asked_by": "phone", "reason": "It came."})
	for range 2 {
		require.NoError(t, casework.ReopenLeftAlone(r.Office, t.Context()))
	}
	for _, number := range []string{theirs, again} {
		require.Equal(t, "received", r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["stage"])
		events := r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Dispatcher, header{"Accept-Language": "en"}).Is(200)["events"].([]any)
		sentences := []any{}
		for _, event := range events {
			if event.(body)["step"] == "reopen" {
				sentences = append(sentences, event.(body)["text"])
			}
		}
		require.Equal(t, []any{"The complaint into which this one was merged was taken back, so this one is open again."}, sentences)
		tasks := r.Get("/v1/tasks", rig.Dispatcher).Is(200)["tasks"].([]any)
		waits := false
		for _, task := range tasks {
			waits = waits || task.(body)["number"] == number && task.(body)["step"] == "screen"
		}
		require.True(t, waits, "a person looks at it")
	}
}
