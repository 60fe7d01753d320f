package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/complaint"
)

var none = complaint.Facts{}

func TestTwoStepsThatBothPassTheValidatorAreTakenOneAfterTheOther(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "note", "zhao-lei", complaint.Note, none)
	for _, submission := range []string{"first", "second"} { // while the note is being written
		s.stored[submission] = complaint.Step{Name: complaint.Accept, Submission: submission, By: s.person("zhao-lei"), At: start.Add(minutes(5))}
	}
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Submission == "note" {
			for _, submission := range []string{"first", "second"} {
				s.UpdateWorkflow("step", submission, &answering{s, submission}, s.stored[submission])
			}
		}
		return nil, nil
	}
	s.lives(time.Hour)

	require.NoError(t, s.reply("first").err)
	second := s.reply("second")
	require.False(t, second.rejected, "the validator let it pass")
	require.Equal(t, complaint.ReasonAlreadyDone, s.refusal("second").Reason)
	require.Equal(t, []string{"zhao-lei accept"}, s.told(complaint.StepRefused), "and the refusal is on the record")
	require.Equal(t, []string{"li-na register", "zhao-lei note", "zhao-lei accept"}, s.told(complaint.StepTaken))
}

func TestARefusedStepLeavesNoTrace(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "early", "zhao-lei", complaint.Find, complaint.Facts{Findings: &complaint.Findings{Liability: complaint.Undetermined}})
	s.lives(minutes(10))
	require.True(t, s.reply("early").rejected)
	require.Equal(t, complaint.ReasonNotAccepted, s.refusal("early").Reason)
	require.Empty(t, s.told(complaint.StepRefused))
	require.Len(t, s.writes, 1, "only registering was written")
}

func TestARepeatedSubmissionGetsTheFirstAnswer(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "accepted", "zhao-lei", complaint.Accept, none)
	s.sendsAs("another-update", minutes(6), "accepted", "zhao-lei", complaint.Accept, none)
	s.sends(minutes(7), "noted", "zhao-lei", complaint.Note, none)
	s.sendsAs("a-third-update", minutes(8), "accepted", "zhao-lei", complaint.Accept, none)
	s.lives(minutes(10))

	answers := s.replies["accepted"]
	require.Len(t, answers, 3)
	for _, a := range answers {
		require.NoError(t, a.err)
		require.Equal(t, 2, a.result.Revision)
		require.Equal(t, answers[0].result, a.result)
	}
	require.Equal(t, []string{"li-na register", "zhao-lei accept", "zhao-lei note"}, s.told(complaint.StepTaken))
}

func TestASignalWithoutASubmissionHasAnOperatorsRightsAndCodedFactsOnly(t *testing.T) {
	s := staged(t)
	s.registers()
	s.signals(minutes(5), complaint.Step{Name: complaint.Suspend, By: s.person("ma-chao"), At: start.AddDate(1, 0, 0),
		Facts: complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.PartsOnOrder, Until: start.AddDate(0, 0, 3)}}})
	s.signals(minutes(6), complaint.Step{Name: complaint.Reassign, Facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "the rude one"}}})
	s.signals(minutes(7), complaint.Step{Name: complaint.Accept, By: s.person("zhao-lei")})
	s.signals(minutes(8), complaint.Step{Name: complaint.Rebase, Facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 99}}})
	s.lives(minutes(10))

	require.Equal(t, []string{"li-na register", "signal suspend"}, s.told(complaint.StepTaken))
	require.Equal(t, []string{"signal reassign", "signal accept", "signal rebase"}, s.told(complaint.StepRefused))
	taken := s.writes[1].Happened[0]
	require.Equal(t, start.Add(minutes(5)), taken.At, "its time is when it came, whatever it says")
	require.Equal(t, complaint.Operator, taken.Step.By.Person, "and so is its actor")
	for _, write := range s.writes[2:] {
		require.Equal(t, complaint.Facts{}, write.Happened[0].Step.Facts, "a refused step's facts are not kept")
		require.NotEmpty(t, write.Happened[0].Reason, "but why it was refused is")
	}
}

func TestASignalThatNamesASubmissionIsTakenAsItWasStored(t *testing.T) {
	s := staged(t)
	s.registers()
	s.stored["stored"] = complaint.Step{Name: complaint.Accept, Submission: "stored", By: s.person("zhao-lei"), At: start.Add(minutes(4))}
	s.signals(minutes(5), complaint.Step{Name: complaint.Withdraw, Submission: "stored", By: s.person("ma-chao")})
	s.signals(minutes(6), complaint.Step{Name: complaint.Withdraw, Submission: "unknown", By: s.person("li-na")})
	s.lives(minutes(10))

	require.Equal(t, []string{"li-na register", "zhao-lei accept"}, s.told(complaint.StepTaken))
	require.Len(t, s.told(complaint.StepRefused), 1, "what can't be read is refused, and recorded")
	require.Equal(t, start.Add(minutes(4)), s.writes[1].Happened[0].At, "clocks count from when it was stored")
}

func TestARequestToCancelChangesNothing(t *testing.T) {
	s := staged(t)
	s.registers()
	s.RegisterDelayedCallback(s.CancelWorkflow, minutes(5))
	s.sends(minutes(6), "accepted", "zhao-lei", complaint.Accept, none)
	s.lives(minutes(10))
	require.NoError(t, s.reply("accepted").err)
	var over *temporal.TimeoutError
	require.ErrorAs(t, s.GetWorkflowError(), &over, "it lived on until the test's end")
}

func TestASignalBeginsNoComplaint(t *testing.T) {
	s := staged(t)
	s.signals(minutes(1), complaint.Step{Name: complaint.Note})
	s.signals(minutes(2), complaint.Step{Name: complaint.Register, Facts: complaint.Facts{
		Registration: &complaint.Registration{Procedure: "no-such", Version: 1, Channel: "phone", Language: "en"}}})
	s.lives(minutes(10))
	require.Empty(t, s.writes, "there is no record yet, and no procedure to ask")
}

func TestAStepThatNamesSomebodyUnknownIsRefusedOnTheRecord(t *testing.T) {
	s := staged(t)
	s.registers()
	s.signals(minutes(5), complaint.Step{Name: complaint.Reassign, Facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "hunag-li"}}})
	s.sends(minutes(6), "reassigned", "yang-fan", complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Handler: "zhao-lie"}})
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if e := r.Happened[0]; e.Kind == complaint.StepTaken && e.Step.Name == complaint.Reassign {
			return &complaint.Written{Refused: complaint.ReasonUnknownName}, nil
		}
		return nil, nil
	}
	s.lives(minutes(10))

	require.Equal(t, complaint.ReasonUnknownName, s.refusal("reassigned").Reason)
	require.Equal(t, []string{"signal reassign", "yang-fan reassign"}, s.told(complaint.StepRefused))
	require.Equal(t, complaint.PersonID("zhao-lei"), s.complaint().People.Handler, "who has it keeps it")
	require.Equal(t, 1, s.complaint().Revision)
}
