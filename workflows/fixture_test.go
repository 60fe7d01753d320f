package workflows_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/workflows"
)

// start is a Tuesday, 10:00 in China.
var start = time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)

// stage is a courier complaint on the SDK's test suite, with a record in memory
// that can be made to fail.
type stage struct {
	*testsuite.TestWorkflowEnvironment
	t     *testing.T
	rules plan.Rules

	recorded []complaint.Event // the record
	writes   []complaint.Write // what was asked, failures included
	local    []bool            // whether it was asked the fast way
	answer   func(ctx context.Context, r complaint.Write) (*complaint.Written, error)
	stored   map[string]complaint.Step
	// unanswered says which questions of side processes fail.
	unanswered func(q complaint.SideQuestion) bool
	replies    map[string][]reply // by submission
}

type reply struct {
	result   complaint.Result
	err      error
	rejected bool // by the validator: it left no trace
}

func staged(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, rules: courier(t), stored: map[string]complaint.Step{}, replies: map[string][]reply{}}
	suite := testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	s.TestWorkflowEnvironment = suite.NewTestWorkflowEnvironment()
	s.SetStartTime(start)
	s.SetTestTimeout(20 * time.Second)
	s.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: "CS-2026-000001"})
	s.RegisterWorkflowWithOptions(workflows.ComplaintLife, workflow.RegisterOptions{Name: workflows.LifeWorkflow})
	s.RegisterWorkflowWithOptions(workflows.SideProcess, workflow.RegisterOptions{Name: workflows.SideWorkflow})
	s.RegisterActivityWithOptions(s.record, activity.RegisterOptions{Name: workflows.RecordActivity})
	s.RegisterActivityWithOptions(s.submission, activity.RegisterOptions{Name: workflows.SubmissionActivity})
	s.RegisterActivityWithOptions(func(_ context.Context, q complaint.SideQuestion) (complaint.SideTask, error) {
		if s.unanswered != nil && s.unanswered(q) {
			return complaint.SideTask{}, errAway
		}
		return s.rules.SideStep(q), nil
	}, activity.RegisterOptions{Name: workflows.SideActivity})
	return s
}

func courier(t *testing.T) plan.Rules {
	t.Helper()
	return rulebooktest.Rules(t, "courier-station")
}

func (s *stage) record(ctx context.Context, r complaint.Write) (complaint.Written, error) {
	s.writes = append(s.writes, r)
	s.local = append(s.local, activity.GetInfo(ctx).IsLocalActivity)
	if s.answer != nil {
		if answer, err := s.answer(ctx, r); answer != nil || err != nil {
			if err != nil {
				return complaint.Written{}, err
			}
			return *answer, nil
		}
	}
	followed := s.rules.Follow(r)
	s.recorded = append(s.recorded, followed.Rows()...)
	return complaint.Written{Events: followed.Decided, Rows: followed.Complaint.Recorded}, nil
}

func (s *stage) submission(_ context.Context, _, id string) (complaint.Step, error) {
	step, known := s.stored[id]
	if !known {
		return complaint.Step{}, temporal.NewNonRetryableApplicationError("no such submission", "NoSubmission", nil)
	}
	return step, nil
}

// person is somebody of the example directory, as the edge fills them in.
func (s *stage) person(id complaint.PersonID) complaint.Actor {
	if id == complaint.Customer {
		return complaint.Actor{Person: id, Roles: []complaint.Role{complaint.CustomerRole}}
	}
	return s.rules.Directory.Actor(id, start, s.rules.Procedure.Roles)
}

// sends lets somebody send a step as an update, so long after the start. The ID
// of the submission is the given one.
func (s *stage) sends(after time.Duration, submission string, person complaint.PersonID, name complaint.StepName, facts complaint.Facts) {
	s.sendsAs(submission, after, submission, person, name, facts)
}

func (s *stage) sendsAs(update string, after time.Duration, submission string, person complaint.PersonID, name complaint.StepName, facts complaint.Facts) {
	step := complaint.Step{Name: name, Submission: submission, By: s.person(person), At: start.Add(after), Facts: facts}
	s.stored[submission] = step
	s.RegisterDelayedCallback(func() {
		s.UpdateWorkflow(workflows.StepUpdate, update, &answering{s, submission}, step)
	}, after)
}

// signals sends a step as a signal.
func (s *stage) signals(after time.Duration, step complaint.Step) {
	s.RegisterDelayedCallback(func() { s.SignalWorkflow(workflows.StepSignal, step) }, after)
}

// lives runs the complaint until its run ends or so much time has passed.
func (s *stage) lives(until time.Duration, carried ...*workflows.Carried) {
	s.t.Helper()
	s.SetWorkflowRunTimeout(until)
	life := workflows.Life{Number: "CS-2026-000001"}
	if len(carried) > 0 {
		life.Carried = carried[0]
	}
	s.ExecuteWorkflow(workflows.LifeWorkflow, life)
	err := s.GetWorkflowError()
	var over *temporal.TimeoutError
	var next *workflow.ContinueAsNewError
	if err != nil && !errors.As(err, &over) && !errors.As(err, &next) {
		require.NoError(s.t, err)
	}
}

// carried is what the run handed to the next.
func (s *stage) carried() *workflows.Carried {
	s.t.Helper()
	var next *workflow.ContinueAsNewError
	require.ErrorAs(s.t, s.GetWorkflowError(), &next)
	var life workflows.Life
	require.NoError(s.t, s.dataOf(next, &life))
	require.NotNil(s.t, life.Carried)
	return life.Carried
}

// reply is the only answer that the sender of a submission got.
func (s *stage) reply(submission string) reply {
	s.t.Helper()
	require.Len(s.t, s.replies[submission], 1, submission)
	return s.replies[submission][0]
}

// refusal is the refusal that the sender of a submission got.
func (s *stage) refusal(submission string) *complaint.Refusal {
	s.t.Helper()
	refusal, is := workflows.Refusal(s.reply(submission).err)
	require.True(s.t, is, "%v", s.reply(submission).err)
	return refusal
}

// told lists what the record holds of a kind, one word each.
func (s *stage) told(kind complaint.EventKind) []string {
	var words []string
	for _, e := range s.recorded {
		if e.Kind != kind {
			continue
		}
		switch {
		case e.Step != nil:
			words = append(words, string(e.By)+" "+string(e.Step.Name))
		case e.Rung != nil:
			words = append(words, complaint.CauseOfRung(*e.Rung))
		case e.Stage != "":
			words = append(words, string(e.Stage))
		case e.Message != nil:
			words = append(words, string(e.Message.To)+" "+e.Message.Template+" "+e.Message.Deadline+" "+e.Message.Rung)
		}
	}
	return words
}

type answering struct {
	stage      *stage
	submission string
}

func (a *answering) Accept() {}
func (a *answering) Reject(err error) {
	a.stage.replies[a.submission] = append(a.stage.replies[a.submission], reply{err: err, rejected: true})
}
func (a *answering) Complete(result any, err error) {
	r := reply{err: err}
	if err == nil {
		r.result = result.(complaint.Result)
	}
	a.stage.replies[a.submission] = append(a.stage.replies[a.submission], r)
}

func (s *stage) dataOf(next *workflow.ContinueAsNewError, life *workflows.Life) error {
	return decode(next.Input, life)
}

// registers begins the complaint: screened at once, so that zhao-lei handles it.
func (s *stage) registers() {
	s.sends(0, "registered", "li-na", complaint.Register, complaint.Facts{
		Registration: &complaint.Registration{Procedure: "courier-station", Version: 1, Channel: "phone", Category: "operations.mistake", Language: "en", Reachable: []string{"email"}},
		Screening:    &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "operations.mistake", Severity: complaint.Normal},
	})
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func words(lines string) []string { return strings.Split(strings.TrimSpace(lines), "\n") }
