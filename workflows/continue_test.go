package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
	"recourse/workflows"
)

// firstRun is a complaint whose history has grown long: it continues as new
// after the note at 10:05.
func firstRun(t *testing.T) *stage {
	s := staged(t)
	s.registers()
	s.sends(minutes(4), "accepted", "zhao-lei", complaint.Accept, none)
	s.RegisterDelayedCallback(func() { s.SetContinueAsNewSuggested(true) }, minutes(4)+30*time.Second)
	s.sends(minutes(5), "noted", "zhao-lei", complaint.Note, none)
	return s
}

func TestTheNextRunGoesOnWhereTheLastStopped(t *testing.T) {
	first := firstRun(t)
	first.lives(time.Hour)
	require.NoError(t, first.reply("noted").err)
	carried := first.carried()

	next := staged(t)
	next.SetStartTime(start.Add(minutes(6)))
	next.sends(minutes(1), "accepted", "zhao-lei", complaint.Accept, none) // a late repeat
	next.sends(minutes(2), "reached", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	next.lives(20*time.Hour, carried)

	answer, repeated := first.reply("accepted").result, next.reply("accepted").result
	require.NotEmpty(t, answer.Deadlines)
	for i := range answer.Deadlines {
		require.NotEmpty(t, answer.Deadlines[i].Rungs)
		answer.Deadlines[i].Rungs = nil
	}
	require.Equal(t, answer, repeated, "the first answer; the ladders of a hundred would be too much to carry")
	require.Equal(t, 4, next.reply("reached").result.Revision)
	require.Equal(t, first.writes[len(first.writes)-1].Before+len(first.writes[len(first.writes)-1].Happened), next.writes[0].Before,
		"the record goes on where it was")
	require.Equal(t, []string{"zhao-lei contact"}, next.told(complaint.StepTaken))
	require.Equal(t, []string{"rung:settle/1/0"}, next.told(complaint.RungFired), "the clocks run on")
}

// First review: D7.
func TestAnOldWorkerCarriesOnWhatANewerOneWrote(t *testing.T) {
	first := firstRun(t)
	first.lives(time.Hour)
	carried := first.carried()
	carried.Complaint.Unknown = `{"mood":{"tone":"angry"}}`

	next := staged(t)
	next.SetStartTime(start.Add(minutes(6)))
	next.RegisterDelayedCallback(func() { next.SetContinueAsNewSuggested(true) }, minutes(1))
	next.sends(minutes(2), "reached", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	next.lives(20*time.Hour, carried)
	require.Equal(t, carried.Complaint.Unknown, next.writes[0].Complaint.Unknown, "the read model keeps it")
	require.Equal(t, carried.Complaint.Unknown, next.carried().Complaint.Unknown, "and the run after this one")
}

func TestAStepInTheMomentOfContinuingIsRefusedRetryably(t *testing.T) {
	s := firstRun(t)
	s.sends(minutes(5)+500*time.Millisecond, "meanwhile", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	s.sendsAs("again", minutes(5)+600*time.Millisecond, "noted", "zhao-lei", complaint.Note, none)
	s.lives(time.Hour)
	require.True(t, s.reply("meanwhile").rejected)
	require.Equal(t, complaint.CodeDraining, s.refusal("meanwhile").Code)
	require.Len(t, s.replies["noted"], 2, "a repeat gets its answer even then")
	require.Equal(t, s.replies["noted"][0].result, s.replies["noted"][1].result)
	require.NotNil(t, s.carried())
}

func TestASignalInTheMomentOfContinuingIsNotLost(t *testing.T) {
	s := firstRun(t)
	s.stored["signalled"] = complaint.Step{Name: complaint.Contact, Submission: "signalled", By: s.person("zhao-lei"),
		At: start.Add(minutes(5)), Facts: complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}}
	s.signals(minutes(5)+999*time.Millisecond, complaint.Step{Submission: "signalled"})
	s.lives(time.Hour)
	require.Contains(t, s.told(complaint.StepTaken), "zhao-lei contact")
	require.Len(t, s.carried().Answered, 4)
}

func TestASignalInTheSameTaskAsTheEndOfTheRunIsNotLost(t *testing.T) {
	s := firstRun(t)
	s.RegisterDelayedCallback(func() {
		s.SignalWorkflowSkippingWorkflowTask(workflows.StepSignal, complaint.Step{Name: complaint.Escalate})
	}, minutes(5)+999*time.Millisecond)
	s.lives(time.Hour)
	require.Contains(t, s.told(complaint.StepTaken), "signal escalate")
	require.Equal(t, 1, s.carried().Complaint.Tier())
}

func TestTheAnswersCarriedAreBounded(t *testing.T) {
	s := staged(t)
	s.registers()
	for i := range 120 {
		s.sends(time.Minute+time.Duration(i)*time.Second, "note-"+string(rune('a'+i/26))+string(rune('a'+i%26)), "zhao-lei", complaint.Note, none)
	}
	s.RegisterDelayedCallback(func() { s.SetContinueAsNewSuggested(true) }, minutes(4))
	s.sends(minutes(5), "last", "zhao-lei", complaint.Note, none)
	s.lives(time.Hour)
	answered := s.carried().Answered
	require.Len(t, answered, 100)
	require.Equal(t, "last", answered[99].Submission)
}

func TestAComplaintThatHasJustContinuedIsNotRegisteredAgain(t *testing.T) {
	first := firstRun(t)
	first.lives(time.Hour)
	next := staged(t)
	next.registers()
	next.lives(minutes(10), first.carried())
	require.NoError(t, next.reply("registered").err, "the repeat of the registration gets its answer")
	require.Empty(t, next.told(complaint.StepTaken))

	var again *workflow.ContinueAsNewError
	require.NotErrorAs(t, next.GetWorkflowError(), &again)
	require.Equal(t, "ComplaintLife", workflows.LifeWorkflow)
}
