package activities_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/activities"
	"recourse/internal/complaint"
	"recourse/internal/letter/lettertest"
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
