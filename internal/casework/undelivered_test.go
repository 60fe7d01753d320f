package casework_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
	"recourse/internal/store/outbox"
)

// claimed are the messages to the customer of a complaint that are to leave now.
func claimed(t *testing.T, r *rig.Rig, number string) []outbox.Message {
	t.Helper()
	all, err := r.Office.Outbox.Claim(t.Context(), 100, time.Minute)
	require.NoError(t, err)
	return slices.DeleteFunc(all, func(m outbox.Message) bool { return m.Number != number || m.To != complaint.Customer })
}

// First review: A7.
func TestALetterThatFailedIsToldToTheComplaintAndSentAgainOnceCorrected(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	sent := claimed(t, r, number)
	require.Len(t, sent, 1)
	require.NoError(t, r.Office.Outbox.MarkFailed(t.Context(), "smtp_rcpt_550", sent[0].ID))
	for range 2 {
		require.NoError(t, casework.TellFailures(r.Office, t.Context()))
	}

	events := r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Dispatcher, header{"Accept-Language": "en"}).Is(http.StatusOK)["events"].([]any)
	told := slices.DeleteFunc(slices.Clone(events), func(e any) bool { return e.(body)["step"] != "undelivered" })
	require.Len(t, told, 1)
	require.Equal(t, "A message to the customer couldn't be delivered.", told[0].(body)["text"])
	tasks := r.Get("/v1/tasks", rig.Dispatcher, header{"Accept-Language": "en"}).Is(http.StatusOK)["tasks"].([]any)
	require.True(t, slices.ContainsFunc(tasks, func(task any) bool {
		return task.(body)["step"] == "contact" && task.(body)["step_label"] == "Call the customer: a message didn't arrive"
	}))
	require.Contains(t, rig.Strings(r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["allowed_steps"]), "contact")

	r.Post("/v1/complaints/"+number+"/steps/correct", rig.Dispatcher, body{"customer": body{}, "reason": "x"}).Refused(400, "invalid_body")
	r.Post("/v1/complaints/"+number+"/steps/correct", rig.Courier, body{"customer": body{"email": "x@example.com"}, "reason": "x"}).Refused(404, "not_found")
	r.Take(number, "correct", rig.Dispatcher, body{"customer": body{"email": "jing.fang@example.org", "phone": "+86 139 0000 0000"}, "reason": "Two letters were swapped."})
	customer := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["customer"].(body)
	require.Equal(t, []any{"Fang Jing", "jing.fang@example.org", "+86 139 0000 0000"}, []any{customer["name"], customer["email"], customer["phone"]})
	again := claimed(t, r, number)
	require.Len(t, again, 1)
	require.Equal(t, []any{sent[0].Template, sent[0].Link}, []any{again[0].Template, again[0].Link})
	require.NotEqual(t, sent[0].ID, again[0].ID)
	require.Len(t, r.Get("/v1/complaints?q=13900000000", rig.Dispatcher).Is(200)["complaints"], 1, "found by the right number")

	record, err := r.Office.Record.Page(t.Context(), number, 0, 200)
	require.NoError(t, err)
	for _, row := range record {
		if row.Step != nil && row.Step.Name == complaint.Correct {
			require.Equal(t, complaint.Details{"email", "phone"}, row.Step.Facts.Correction.Corrected)
		}
	}
	found, err := r.Office.Record.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, found)
}

// First review: A13.
func TestWhatIsMeantForNobodyIsNoFailure(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	sent := claimed(t, r, number)
	require.NoError(t, r.Office.Outbox.MarkWithheld(t.Context(), "no_address", sent[0].ID))
	require.NoError(t, casework.TellFailures(r.Office, t.Context()))
	require.EqualValues(t, 1, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"], "nobody has to call for it")
	failed, err := r.Office.Outbox.Failed(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, failed, "nor is there anything for an operator")
	messages := r.Get("/v1/complaints/"+number+"/messages", rig.Dispatcher, header{"Accept-Language": "en"}).Is(200)["messages"].([]any)
	require.True(t, slices.ContainsFunc(messages, func(m any) bool {
		return m.(body)["state"] == "withheld" && m.(body)["state_label"] == "Meant for nobody any more"
	}))
}
