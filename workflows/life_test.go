package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"

	"recourse/internal/complaint"
	"recourse/workflows"
)

func TestAStepThatComesAsTheLifeEndsIsAnswered(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "withdrawn", "li-na", complaint.Withdraw, none)
	s.stored["note"] = complaint.Step{Name: complaint.Note, Submission: "note", By: s.person("li-na"), At: start}
	s.stored["signalled"] = complaint.Step{Name: complaint.Note, Submission: "signalled", By: s.person("li-na"), At: start}
	came := false
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Complaint.Ended && !came { // nothing can reopen it any more, and that is being written
			came = true
			s.UpdateWorkflow("step", "note", &answering{s, "note"}, s.stored["note"])
			s.SignalWorkflow("step", complaint.Step{Submission: "signalled"})
			s.SignalWorkflow("step", complaint.Step{Name: complaint.Escalate})
			s.SignalWorkflow("step", "please hurry") // is no step, and waited for by nobody
		}
		return nil, nil
	}
	s.lives(200 * 24 * time.Hour)

	require.NoError(t, s.reply("note").err)
	require.NoError(t, s.GetWorkflowError(), "and then it ends")
	require.Equal(t, []string{"li-na register", "li-na withdraw", "li-na note", "li-na note"}, s.told(complaint.StepTaken))
	require.Equal(t, []string{"signal escalate"}, s.told(complaint.StepRefused), "what can't be done any more is refused on the record")
}

func TestALifeThatIsToldToCatchUpWhileItsEndIsWrittenEndsAllTheSame(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "withdrawn", "li-na", complaint.Withdraw, none)
	looked, told := 0, false
	s.RegisterActivityWithOptions(func(_ context.Context, place complaint.Place) (complaint.Ahead, error) {
		looked++
		return complaint.Ahead{Written: complaint.Written{Rows: place.Recorded}}, nil
	}, activity.RegisterOptions{Name: workflows.AheadActivity})
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Complaint.Ended && !told {
			told = true
			s.SignalWorkflow(workflows.CatchUpSignal, nil)
		}
		return nil, nil
	}
	s.lives(200 * 24 * time.Hour)

	require.True(t, told)
	require.NoError(t, s.GetWorkflowError())
	require.Equal(t, 1, looked, "the record may be ahead")
}
