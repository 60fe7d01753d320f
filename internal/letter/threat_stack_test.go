package letter_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/letter/lettertest"
	"recourse/internal/message"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

// threatened records that somebody heard a threat on a complaint, with the
// messages that follow.
func threatened(t *testing.T, s *storetest.Database, number string, queued ...complaint.Message) {
	t.Helper()
	file, err := s.Reading.Complaint(t.Context(), number)
	require.NoError(t, err)
	at := time.Now().UTC().Truncate(time.Millisecond)
	heard, err := s.Submissions.Submit(t.Context(), submission.Submission{Number: number, Step: complaint.Note, By: complaint.Actor{Person: "li-na"}, At: at,
		Body: json.RawMessage(`{"words":"canary 他说要来砸店"}`), Facts: complaint.Facts{Threat: &complaint.ThreatHeard{AtRisk: []complaint.PersonID{"huang-li"}}}})
	require.NoError(t, err)
	step := heard.AsStep()
	events := []complaint.Event{{Kind: complaint.StepTaken, At: at, By: "li-na", Step: &step},
		{Kind: complaint.ThreatAnnounced, At: at, By: "li-na", Threat: &complaint.Threat{AtRisk: []complaint.PersonID{"huang-li"},
			Watch: []complaint.Watcher{{Duty: "leader", Person: "xu-mei"}, {Duty: "operations.head", Person: "yang-fan"}}}}}
	for i := range queued {
		if queued[i].Template == message.ThreatWatch.Name() {
			queued[i].Tells = heard.ID
		}
		events = append(events, complaint.Event{Kind: complaint.MessageQueued, At: at, By: complaint.Procedure, Message: &queued[i]})
	}
	after := file.Complaint.Clone()
	for _, e := range events {
		after.Apply(e)
	}
	err = s.Writes.Commit(t.Context(), complaint.Write{Complaint: after, Before: file.Recorded, Cause: complaint.CauseOfStep(heard.ID), Happened: events,
		Submission: heard.ID, By: heard.By})
	require.NoError(t, err)
}

func letterTo(t *testing.T, s *storetest.Database, letters *letter.Writer, id string) (letter delivery.Letter, text string) {
	t.Helper()
	queued, err := s.Outbox.One(t.Context(), id)
	require.NoError(t, err)
	letter, err = write(t, letters, queued)
	require.NoError(t, err)
	template, err := message.Named(queued.Template)
	require.NoError(t, err)
	subject, body, err := template.Render(letter.Language, letter.Data)
	require.NoError(t, err)
	return letter, subject + "\n" + body
}

func TestASubjectAtRiskIsWarnedWithoutAWordOfTheComplaint(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s)
	threatened(t, s, number,
		complaint.Message{ID: number + "-101", To: "huang-li", Template: message.SafetyWarning.Name()},
		complaint.Message{ID: number + "-102", To: "xu-mei", Template: message.ThreatWatch.Name()},
		complaint.Message{ID: number + "-103", To: "zhang-min", Template: message.ThreatWarned.Name()})

	warning, text := letterTo(t, s, letters, number+"-101")
	require.Contains(t, text, "call Xu Mei (+86 10 5550 0111), Yang Fan (+86 10 5550 0106).")
	whole, err := json.Marshal(struct {
		Number  string
		Message complaint.Message
		Text    string
	}{warning.Number, warning.Message, text})
	require.NoError(t, err)
	for _, told := range []string{number, "canary", "王女士", "砸店", "operations", "Handler"} {
		require.NotContains(t, string(whole), told)
	}
	again, _ := letterTo(t, s, letters, number+"-101")
	require.Equal(t, warning.Message.ID, again.Message.ID, "a receiver still tells a repeat from a new message")
	require.NotEmpty(t, warning.Message.ID)

	_, watch := letterTo(t, s, letters, number+"-102")
	require.Contains(t, watch, number)
	require.Contains(t, watch, "黄丽")
	require.Contains(t, watch, "| canary 他说要来砸店")

	_, warned := letterTo(t, s, letters, number+"-103")
	require.Contains(t, warned, number)
	require.Contains(t, warned, "徐梅（+86 10 5550 0111）、杨帆（+86 10 5550 0106）")
	require.NotContains(t, warned, "砸店")
}
