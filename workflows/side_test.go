package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
	"recourse/workflows"
)

// liable is a complaint whose findings hold people of the department liable:
// accountability (责任认定) begins beside it at 10:04.
func liable(t *testing.T) *stage {
	s := staged(t)
	s.registers()
	s.sends(minutes(2), "accepted", "zhao-lei", complaint.Accept, none)
	s.sends(minutes(3), "reached", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	s.sends(minutes(4), "found", "zhao-lei", complaint.Find, complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: "mistake",
		Liability: complaint.LiableDepartment, People: []complaint.PersonID{"zhao-lei"}}})
	return s
}

var accountability = workflows.SideID("CS-2026-000001", "accountability", "1")

var (
	yes, no  = true, false
	agreed   = complaint.SideFacts{Agrees: &yes}
	disputed = complaint.SideFacts{Agrees: &no}
)

// sideStep sends a step to the process beside the complaint.
func (s *stage) sideStep(after time.Duration, submission string, person complaint.PersonID, name string, said ...complaint.SideFacts) {
	step := complaint.Step{Name: complaint.StepName(name), Submission: submission, By: s.person(person), At: start.Add(after)}
	if len(said) > 0 {
		step.Facts.Side = &said[0]
	}
	s.RegisterDelayedCallback(func() {
		require.NoError(s.t, s.UpdateWorkflowByID(accountability, workflows.StepUpdate, submission, &sideAnswering{s, submission}, step))
	}, after)
}

type sideAnswering struct {
	stage      *stage
	submission string
}

func (a *sideAnswering) Accept() {}
func (a *sideAnswering) Reject(err error) {
	a.stage.replies[a.submission] = append(a.stage.replies[a.submission], reply{err: err, rejected: true})
}
func (a *sideAnswering) Complete(_ any, err error) {
	a.stage.replies[a.submission] = append(a.stage.replies[a.submission], reply{err: err})
}

func TestAccountabilityRunsBesideTheComplaintStepByStep(t *testing.T) {
	s := liable(t)
	s.sideStep(minutes(10), "subject", "zhao-lei", "judgement")
	s.sideStep(minutes(11), "nobody", "chen-jing", "judgement")
	s.sideStep(minutes(12), "too-soon", "sun-hao", "review")
	s.sideStep(minutes(20), "judged", "yang-fan", "judgement")
	s.sideStep(minutes(30), "reviewed", "sun-hao", "review", disputed)
	s.sideStep(minutes(40), "settled", "sun-hao", "settlement")
	s.sideStep(minutes(50), "reported", "yang-fan", "report")
	s.sideStep(minutes(60), "enforced", "yang-fan", "enforcement")
	s.lives(2 * time.Hour)

	require.Equal(t, complaint.CodeNotFound, s.refusal("subject").Code, "who is liable knows nothing of it")
	require.Equal(t, complaint.CodeForbidden, s.refusal("nobody").Code)
	require.Equal(t, complaint.CodeStepNotAllowed, s.refusal("too-soon").Code)
	require.Equal(t, []complaint.StepName{"judgement"}, s.refusal("too-soon").Allowed)
	for _, submission := range []string{"judged", "reviewed", "settled", "reported", "enforced"} {
		require.NoError(t, s.reply(submission).err, submission)
	}
	c := s.complaint()
	require.Equal(t, complaint.Proposing, c.Stage, "the customer's fix doesn't wait for it")
	require.Equal(t, []complaint.Side{{Kind: "accountability", ID: "1", State: complaint.SideDone, About: []complaint.PersonID{"zhao-lei"}, Cause: "mistake"}}, c.Sides)
	require.Contains(t, s.told(complaint.MessageQueued), "li-na side_ended  ")
	var reports []string
	for _, write := range s.writes {
		if strings.Contains(write.Cause, "accountability") {
			reports = append(reports, strings.TrimPrefix(write.Cause, "step:accountability/1/"))
		}
	}
	require.Equal(t, []string{"judgement", "review", "settlement", "report", "enforcement", "done"}, reports, "each has an ID of its own")
}

func TestAClosedComplaintLivesOnUntilWhatRunsBesideItHasEnded(t *testing.T) {
	s := liable(t)
	s.sends(minutes(30), "withdrawn", "li-na", complaint.Withdraw, none)
	day := 24 * time.Hour // reopening and appeal are over after sixty
	s.RegisterDelayedCallback(func() { require.True(t, s.complaint().Ended) }, 65*day)
	for i, step := range []string{"judgement", "review", "settlement", "report", "enforcement"} {
		s.sideStep(70*day+minutes(i), step, []complaint.PersonID{"yang-fan", "sun-hao", "sun-hao", "yang-fan", "yang-fan"}[i], step, disputed)
	}
	s.lives(100 * day)
	require.NoError(t, s.GetWorkflowError())
	require.False(t, s.Now().Before(start.Add(70*day)))
}

func TestSideStepsThatComeWhileTheNextIsBeingAskedWaitTheirTurn(t *testing.T) {
	s := liable(t)
	s.sideStep(minutes(20), "judged", "yang-fan", "judgement")
	s.sideStep(minutes(20), "judged-again", "yang-fan", "judgement")
	s.sideStep(minutes(20), "reviewed", "sun-hao", "review", disputed)
	s.sideStep(minutes(40), "settled", "sun-hao", "settlement")
	s.sideStep(minutes(50), "reported", "yang-fan", "report")
	s.sideStep(minutes(60), "enforced", "yang-fan", "enforcement")
	s.lives(2 * time.Hour)

	require.NoError(t, s.reply("judged").err)
	require.NoError(t, s.reply("reviewed").err)
	require.Equal(t, complaint.CodeStepNotAllowed, s.refusal("judged-again").Code)
	require.Equal(t, complaint.SideDone, s.complaint().Sides[0].State)
}

func TestAJudgementThatTheReviewAgreesToNeedsNoSettlement(t *testing.T) {
	s := liable(t)
	penalty := complaint.SideFacts{People: []complaint.PersonID{"yang-fan"}, Amount: "200.00", Currency: "CNY", Code: "penalty"}
	s.sideStep(minutes(20), "judged", "yang-fan", "judgement", penalty)
	s.sideStep(minutes(25), "undecided", "sun-hao", "review")
	s.sideStep(minutes(30), "reviewed", "sun-hao", "review", agreed)
	s.sideStep(minutes(40), "judged-reports", "yang-fan", "report")
	s.sideStep(minutes(50), "reported", "xu-mei", "report")
	s.sideStep(minutes(60), "enforced", "xu-mei", "enforcement")
	s.lives(2 * time.Hour)

	require.Equal(t, []string{"agrees"}, s.refusal("undecided").Missing, "what follows depends on it")
	require.Equal(t, complaint.CodeNotFound, s.refusal("judged-reports").Code, "who was judged takes no further part in it")
	for _, submission := range []string{"judged", "reviewed", "reported", "enforced"} {
		require.NoError(t, s.reply(submission).err, submission)
	}
	require.Equal(t, complaint.SideDone, s.complaint().Sides[0].State)
	var states []string
	var said []complaint.SideFacts
	for _, e := range s.recorded {
		if e.Kind == complaint.StepTaken && e.Step.Facts.Report != nil && e.Step.Facts.Report.Rung == "" {
			states = append(states, e.Step.Facts.Report.State)
			if e.Step.Facts.Report.Said != nil {
				said = append(said, *e.Step.Facts.Report.Said)
			}
		}
	}
	require.Equal(t, []string{"judgement", "review", "report", "enforcement", complaint.SideDone}, states)
	require.Equal(t, []complaint.SideFacts{penalty, agreed}, said, "what was decided is on the record")
}

func TestAProcessThatIsCancelledTellsTheComplaintWhateverItWasAtThen(t *testing.T) {
	for name, cancelled := range map[string]time.Duration{
		"waiting for a step":         minutes(15),
		"asking for its second step": minutes(20) + 30*time.Second,
	} {
		t.Run(name, func(t *testing.T) {
			s := staged(t)
			s.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: accountability})
			s.unanswered = func(q complaint.SideQuestion) bool { return q.Step > 0 }
			var told []complaint.SideReport
			s.OnSignalExternalWorkflow(mock.Anything, "CS-2026-000001", "", workflows.StepSignal, mock.Anything).Return(
				func(_, _, _, _ string, step any) error {
					told = append(told, *step.(complaint.Step).Facts.Report)
					return nil
				})
			judged := complaint.Step{Name: "judgement", Submission: "judged", By: s.person("yang-fan"), At: start.Add(minutes(20)),
				Facts: complaint.Facts{Side: &disputed}}
			s.RegisterDelayedCallback(func() { s.UpdateWorkflow(workflows.StepUpdate, "judged", &sideAnswering{s, "judged"}, judged) }, minutes(20))
			s.RegisterDelayedCallback(s.CancelWorkflow, cancelled)
			s.ExecuteWorkflow(workflows.SideWorkflow, workflows.Side{Number: "CS-2026-000001", Kind: "accountability", ID: "1",
				Procedure: "courier-station", Version: 1, Department: "operations", Steps: []string{"judgement", "review"}})

			require.True(t, temporal.IsCanceledError(s.GetWorkflowError()), "%v", s.GetWorkflowError())
			require.Equal(t, "judgement", told[0].State)
			last := told[len(told)-1]
			require.Equal(t, complaint.SideDone, last.State)
			require.Equal(t, cancelled > minutes(20), last.Submission == "judged", "the step taken is told of, once")
		})
	}
}

func TestAProcessTellsItsComplaintUntilItIsHeard(t *testing.T) {
	for name, since := range map[string]workflow.Version{"from now on": 1, "one that gave up before goes on as it did": workflow.DefaultVersion} {
		t.Run(name, func(t *testing.T) {
			s := staged(t)
			s.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: accountability})
			s.OnGetVersion("told until heard", workflow.DefaultVersion, workflow.Version(1)).Return(since)
			gone, tries := minutes(20), map[string]int{}
			var heard []complaint.SideReport
			tells := func(report complaint.SideReport) error {
				tries[report.State]++
				if now := s.Now().Sub(start); now >= gone && now < gone+minutes(5) {
					return errAway
				}
				heard = append(heard, report)
				return nil
			}
			s.OnSignalExternalWorkflow(mock.Anything, "CS-2026-000001", "", workflows.StepSignal, mock.Anything).Return(
				func(_, _, _, _ string, step any) error { return tells(*step.(complaint.Step).Facts.Report) })
			s.RegisterActivityWithOptions(func(_ context.Context, _ string, report complaint.SideReport) error { return tells(report) },
				activity.RegisterOptions{Name: workflows.TellActivity})
			for i, step := range []string{"judgement", "review", "report", "enforcement"} {
				taken := complaint.Step{Name: complaint.StepName(step), Submission: step, At: start.Add(minutes(20 + i)),
					By: s.person([]complaint.PersonID{"yang-fan", "sun-hao", "yang-fan", "yang-fan"}[i]), Facts: complaint.Facts{Side: &agreed}}
				s.RegisterDelayedCallback(func() { s.UpdateWorkflow(workflows.StepUpdate, step, &sideAnswering{s, step}, taken) }, time.Duration(i*4)*time.Hour+minutes(20))
			}
			s.ExecuteWorkflow(workflows.SideWorkflow, workflows.Side{Number: "CS-2026-000001", Kind: "accountability", ID: "1",
				Procedure: "courier-station", Version: 1, Department: "operations", Steps: []string{"judgement", "review", "settlement", "report", "enforcement"}})
			require.NoError(t, s.GetWorkflowError())

			var states []string
			for _, report := range heard {
				if report.Rung == "" {
					states = append(states, report.State)
				}
			}
			answer, err := s.QueryWorkflow(workflows.SideQuery)
			require.NoError(t, err)
			var said []complaint.SideReport
			require.NoError(t, answer.Get(&said))
			if since == workflow.DefaultVersion {
				require.Equal(t, []string{"judgement", "report", "enforcement", complaint.SideDone}, states)
				require.Greater(t, len(said), len(heard), "whoever asks is told what was said in vain")
				return
			}
			require.Equal(t, []string{"judgement", "review", "report", "enforcement", complaint.SideDone}, states)
			require.Equal(t, said, heard)
			require.Equal(t, "judgement", heard[1].Submission)
			require.Less(t, tries["review"], 30, "the pauses grow")
		})
	}
}

func TestAProcessThatEndedBeforeAResetIsNotStartedAnew(t *testing.T) {
	s := liable(t)
	// The complaint was reset to before the findings: the record has them, and what came of them.
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Submission != "found" {
			return nil, nil
		}
		followed := s.rules.Follow(r)
		events := append(append([]complaint.Event{}, r.Happened...), followed.Decided...)
		report := complaint.Step{Name: complaint.Report, Submission: "accountability/1/done", By: complaint.Actor{Person: complaint.Procedure}, At: start.Add(minutes(5)),
			Facts: complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: complaint.SideDone}}}
		events = append(events, complaint.Event{Kind: complaint.StepTaken, At: report.At, By: report.By.Person, Step: &report})
		s.recorded = append(s.recorded, events...)
		return &complaint.Written{Events: events, Rows: r.Before + len(events), Found: []string{r.Cause, "step:accountability/1/done"}}, nil
	}
	started := 0
	s.SetOnChildWorkflowStartedListener(func(*workflow.Info, workflow.Context, converter.EncodedValues) { started++ })
	s.lives(2 * time.Hour)

	require.Equal(t, complaint.SideDone, s.complaint().Sides[0].State)
	require.Zero(t, started)
}

func TestTheLeadersCoordinateOnlyWhatTheDispatcherCouldNotSolve(t *testing.T) {
	rules := courier(t)
	next := func(agreed bool) complaint.SideTask {
		return rules.SideStep(complaint.SideQuestion{Kind: "coordination-review", Steps: []string{"look-into", "coordinate"}, Step: 1, At: start, Agreed: agreed})
	}
	require.True(t, next(true).Done)
	require.Equal(t, complaint.StepName("coordinate"), next(false).Step)
}
