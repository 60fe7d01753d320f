package activities_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/activities"
	"recourse/internal/complaint"
	"recourse/internal/letter/lettertest"
	"recourse/internal/store/published"
	"recourse/internal/store/record"
	"recourse/internal/store/storetest"
)

// noted is the recording of a note that an operator has signalled.
func noted(c complaint.Complaint, signal int, at time.Time) complaint.Write {
	step := complaint.Step{Name: complaint.Note, Submission: fmt.Sprintf("signal-%d", signal), At: at,
		By: complaint.Actor{Person: complaint.Operator, Roles: []complaint.Role{complaint.OperatorRole}}}
	taken := complaint.Event{Kind: complaint.StepTaken, At: at, By: complaint.Operator, Step: &step}
	recording := complaint.Write{Complaint: c.Clone(), Before: c.Recorded, Cause: complaint.CauseOfStep(step.Submission),
		PeopleBefore: c.People, Happened: []complaint.Event{taken}, By: step.By}
	recording.Complaint.Apply(taken)
	return recording
}

// recording is the activity, and a complaint on its record.
func recording(t *testing.T) (activities.Record, *storetest.Database, complaint.Complaint) {
	t.Helper()
	s, letters := lettertest.House(t)
	file, err := s.Reading.Complaint(t.Context(), lettertest.Registered(t, s))
	require.NoError(t, err)
	return activities.Record{Writes: s.Writes, Recorded: s.Record, Rulebook: letters.Rulebook}, s, file.Complaint
}

func TestWhoeverIsFarBehindTheRecordCatchesUpWriteByWrite(t *testing.T) {
	r, _, c := recording(t)
	behind, at := c.Clone(), time.Now().UTC()
	const notes = 250
	for n := 1; n <= notes; n++ {
		write := noted(c, n, at)
		recorded, err := r.Record(t.Context(), write)
		require.NoError(t, err)
		c = write.Complaint
		for _, e := range recorded.Events {
			c.Apply(e)
		}
		c.Recorded = recorded.Rows
	}

	var caughtUp []string
	answers := 0
	for behind.Recorded < c.Recorded { // as a workflow that was reset to before them does
		recorded, err := r.Record(t.Context(), noted(behind, notes+1, at))
		require.NoError(t, err)
		require.NotEmpty(t, recorded.Found)
		require.LessOrEqual(t, len(recorded.Events), 200, "an answer is never larger than Temporal takes")
		caughtUp = append(caughtUp, recorded.Found...)
		behind.Recorded = recorded.Rows
		answers++
	}
	require.Len(t, caughtUp, notes)
	require.Equal(t, complaint.CauseOfStep(fmt.Sprintf("signal-%d", notes)), caughtUp[notes-1])
	require.Greater(t, answers, 1)
}

func TestASignalThatWasWrittenIsFoundThoughItsTimeAndTheProcedureSayOtherwiseNow(t *testing.T) {
	r, s, c := recording(t)
	at := time.Now().UTC()
	before := noted(c, 1, at)
	err := s.Writes.Commit(t.Context(), complaint.Write{Complaint: before.Complaint, Before: c.Recorded, Cause: before.Cause,
		Happened: append(before.Happened, complaint.Event{Kind: complaint.AlertRaised, At: at, By: complaint.Procedure, Code: "as-it-was"})})
	require.NoError(t, err)

	recorded, err := r.Record(t.Context(), noted(c, 1, at.Add(time.Hour)))
	require.NoError(t, err)
	require.Equal(t, []string{before.Cause}, recorded.Found)
	require.Equal(t, "as-it-was", recorded.Events[1].Code)

	other := noted(c, 1, at)
	other.Happened[0].Step.Name = complaint.Escalate
	_, err = r.Record(t.Context(), other)
	require.ErrorIs(t, err, record.ErrConflict, "another step under the same ID is nothing to go on with")
}

func TestAStepThatNamesSomebodyWhomTheDirectoryDoesNotKnowIsNotRecorded(t *testing.T) {
	r, s, c := recording(t)
	for name, facts := range map[string]complaint.Facts{
		"handler":    {Assignment: &complaint.Assignment{Handler: "hunag-li"}},
		"owner":      {Assignment: &complaint.Assignment{Owner: "hunag-li"}},
		"department": {Assignment: &complaint.Assignment{Department: "operation", Handler: "huang-li"}},
		"at risk":    {Threat: &complaint.ThreatHeard{AtRisk: []complaint.PersonID{"hunag-li"}}},
	} {
		write := noted(c, 1, time.Now().UTC())
		write.Happened[0].Step.Facts = facts
		recorded, err := r.Record(t.Context(), write)
		require.NoError(t, err, name)
		require.Equal(t, complaint.Written{Refused: complaint.ReasonUnknownName}, recorded, name)
	}
	file, err := s.Reading.Complaint(t.Context(), c.Number)
	require.NoError(t, err)
	require.Equal(t, c.Recorded, file.Recorded)
}

// What a server has published a moment ago this worker's rulebook doesn't know yet: nobody
// refreshes it here.
func TestWhatIsDecidedRightAfterAPublicationIsDecidedByIt(t *testing.T) {
	r, s, c := recording(t)
	publish := func(kind published.Kind, id, old, replaced string) {
		t.Helper()
		newest, err := s.Published.Newest(t.Context(), kind, id)
		require.NoError(t, err)
		require.Contains(t, newest.Body, old)
		_, err = s.Published.Publish(t.Context(), kind, id, strings.Replace(newest.Body, old, replaced, 1), "admin")
		require.NoError(t, err)
	}
	takes := func(step complaint.StepName, facts complaint.Facts) []complaint.Event {
		t.Helper()
		write := noted(c, 1, time.Now().UTC())
		write.Happened[0].Step.Name, write.Happened[0].Step.Facts = step, facts
		write.Complaint = c.Clone()
		write.Complaint.Apply(write.Happened[0])
		recorded, err := r.Record(t.Context(), write)
		require.NoError(t, err)
		require.Empty(t, recorded.Refused)
		require.Empty(t, recorded.Found)
		c = write.Complaint
		for _, e := range recorded.Events {
			c.Apply(e)
		}
		c.Recorded = recorded.Rows
		return recorded.Events
	}
	publish(published.Calendar, "cn", "\ncovers: 2026 ", "\n  2026-11-30: closed\ncovers: 2026 ")
	takes(complaint.Rebase, complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 1, Calendar: 2}})
	require.Equal(t, 2, c.Terms.CalendarVersion)
	publish(published.Calendar, "cn", "\n  2026-11-30: closed\n", "\n  2026-11-27: closed\n")
	publish(published.Calendar, "cn", "\n  2026-11-27: closed\n", "\n  2026-11-26: closed\n")
	takes(complaint.Rebase, complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 1, Calendar: 3}})
	require.Equal(t, 3, c.Terms.CalendarVersion, "the one that it names, not the one published since")

	publish(published.Directory, "courier-station", "\n  chen-jing: {",
		"\n  chen-gang: {name: {en: New, zh-CN: 新}, department: operations, email: new@example.com, language: en}\n  chen-jing: {")
	takes(complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "operations", Handler: "chen-gang"}})
	require.EqualValues(t, "chen-gang", c.People.Handler)
}
