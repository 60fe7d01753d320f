// Package lettertest gives tests a house with a complaint on its record.
package lettertest

import (
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/letter"
	"recourse/internal/link"
	"recourse/internal/rulebook"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
	"recourse/procedures"
)

// House is the courier station in a database of its own, with who writes its letters.
func House(t testing.TB) (*storetest.Database, *letter.Writer) {
	t.Helper()
	s := storetest.New(t)
	require.NoError(t, rulebook.Load(t.Context(), s.Published, "admin", io.Discard, procedures.Files))
	rules, err := rulebook.Open(t.Context(), s.Pool, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	signer, err := link.NewSigner([]byte(strings.Repeat("k", 32)))
	require.NoError(t, err)
	return s, &letter.Writer{Reading: s.Reading, Submissions: s.Submissions, Issued: s.Links, Learning: s.Learning, Rulebook: rules, Links: signer,
		PublicURL: "https://recourse.example", WebhookKey: []byte(strings.Repeat("w", 32))}
}

// Registered is a complaint on the record that has queued the messages, and its number. Their IDs
// end with a letter each, from a.
func Registered(t testing.TB, s *storetest.Database, queued ...complaint.Message) string {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Millisecond)
	stored, err := s.Submissions.Register(t.Context(), submission.Registration{
		Submission: submission.Submission{Step: complaint.Register, By: complaint.Actor{Person: "li-na"}, At: at,
			Body: json.RawMessage(`{"narrative":"canary narrative"}`),
			Facts: complaint.Facts{Registration: &complaint.Registration{Procedure: "courier-station", Version: 1, Channel: "phone",
				Category: "operations.mistake", Language: "zh-CN"}}},
		NumberPattern: "CS-{year}-{sequence:6}", Year: 2026,
		Customer: submission.Customer{Name: "canary 王女士", Email: "canary@example.org", Language: "zh-CN"},
	})
	require.NoError(t, err)
	proposed, err := s.Submissions.Submit(t.Context(), submission.Submission{Number: stored.Number, Step: complaint.Propose, By: complaint.Actor{Person: "li-na"}, At: at,
		Body: json.RawMessage(`{"reasons":"canary 我们送错了门"}`)})
	require.NoError(t, err)
	register, propose := stored.AsStep(), proposed.AsStep()
	propose.Facts.Proposal = &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: "20.00", Currency: "CNY"}}}
	events := []complaint.Event{
		{Kind: complaint.StepTaken, At: at, By: "li-na", Step: &register},
		{Kind: complaint.TermsSet, At: at, By: complaint.Procedure, Terms: &complaint.Terms{Procedure: "courier-station", Version: 1}},
		{Kind: complaint.StageEntered, At: at, By: complaint.Procedure, Stage: complaint.Proposing, From: complaint.Received},
		{Kind: complaint.StepTaken, At: at, By: "li-na", Step: &propose},
	}
	for i := range queued {
		queued[i].ID = stored.Number + "-" + string(rune('a'+i))
		if queued[i].ProposalRevision > 0 {
			queued[i].Tells = proposed.ID
		}
		events = append(events, complaint.Event{Kind: complaint.MessageQueued, At: at, By: complaint.Procedure, Message: &queued[i]})
	}
	after := complaint.Complaint{Number: stored.Number}
	for _, e := range events {
		after.Apply(e)
	}
	err = s.Writes.Commit(t.Context(), complaint.Write{Complaint: after, Cause: complaint.CauseOfStep(stored.ID), Happened: events,
		Submission: stored.ID, By: stored.By})
	require.NoError(t, err)
	return stored.Number
}
