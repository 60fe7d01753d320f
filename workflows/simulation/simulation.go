// Package simulation runs the real workflow of a complaint with skipped time,
// against the procedure and without a database: it shows what would happen if
// nobody acted, or if given steps came at given times. The tests that walk the
// procedures are written on it too, so what it prints is what is tested.
package simulation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/workflows"
)

// Request says what to simulate.
type Request struct {
	Rules plan.Rules
	// Number is the complaint's number in the timeline; "SIMULATED-1" when empty.
	Number string
	// Start is when the complaint is registered; its zone doesn't matter.
	Start time.Time
	// Registration is the step that begins it; its At is Start unless given.
	Registration complaint.Step
	// Steps come at their times, in any order; each At must not lie before Start.
	Steps []complaint.Step
	// Until ends the simulation; the zero time lets it run until the complaint's
	// life is over, at most for Longest.
	Until time.Time
}

// Longest is how far a simulation looks ahead.
const Longest = 3 * 365 * 24 * time.Hour

// MostSteps is how many steps a simulation takes.
const MostSteps = 200

// ErrTooLong is returned for a request beyond Longest or MostSteps.
var ErrTooLong = errors.New("the simulation is too long")

// Timeline is what would happen, in order.
type Timeline struct {
	Number  string
	Entries []Entry
	// Complaint is the complaint at the end.
	Complaint complaint.Complaint
}

// Entry is one event of the timeline: a step, a rung, a stage, a message.
type Entry struct {
	complaint.Event
	// Refused is why a step that was to come wasn't taken.
	Refused *complaint.Refusal
}

// Run simulates a complaint.
func Run(ctx context.Context, request Request) (timeline Timeline, err error) {
	if request.Number == "" {
		request.Number = "SIMULATED-1"
	}
	if request.Registration.At.IsZero() {
		request.Registration.At = request.Start
	}
	if err := request.check(); err != nil {
		return Timeline{}, err
	}
	run := &run{request: request}
	defer func() {
		// The SDK's test environment panics where a workflow can't go on.
		if failed := recover(); failed != nil {
			err = fmt.Errorf("simulate %s: %v", request.Rules.Procedure.ID, failed)
		}
	}()
	run.live(ctx)
	return run.timeline(), run.err
}

func (r Request) check() error {
	if len(r.Steps) > MostSteps {
		return fmt.Errorf("%d steps are given, %d are taken: %w", len(r.Steps), MostSteps, ErrTooLong)
	}
	if r.Until.After(r.Start.Add(Longest)) {
		return fmt.Errorf("until %s lies more than three years after the start: %w", r.Until.Format(time.DateOnly), ErrTooLong)
	}
	for i, s := range r.Steps {
		if s.At.Before(r.Start) {
			return fmt.Errorf("step %d (%s) comes at %s, before the complaint is registered at %s",
				i+1, s.Name, s.At.Format(time.RFC3339), r.Start.Format(time.RFC3339))
		}
	}
	return nil
}

type run struct {
	request Request
	err     error

	// What is written and what is refused comes from goroutines of its own.
	mutex     sync.Mutex
	complaint complaint.Complaint
	recorded  []Entry
	refused   []Entry
}

// timeline puts in order what happened: of the same instant the steps as they
// were sent. For a step refused on the way its reason stands for the record's line.
func (r *run) timeline() Timeline {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	entries := slices.DeleteFunc(slices.Clone(r.recorded), func(e Entry) bool {
		return e.Kind == complaint.StepRefused && slices.ContainsFunc(r.refused, func(refused Entry) bool {
			return refused.Step.Submission == e.Step.Submission
		})
	})
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	for _, refused := range r.refused {
		next := slices.IndexFunc(entries, func(e Entry) bool {
			later := e.Kind == complaint.StepTaken && e.Step.Submission > refused.Step.Submission
			return e.At.After(refused.At) || e.At.Equal(refused.At) && later
		})
		if next < 0 {
			next = len(entries)
		}
		entries = slices.Insert(entries, next, refused)
	}
	return Timeline{Number: r.request.Number, Entries: entries, Complaint: r.complaint}
}

func (r *run) until() time.Time {
	if r.request.Until.IsZero() {
		return r.request.Start.Add(Longest)
	}
	return r.request.Until
}

func (r *run) live(ctx context.Context) {
	suite := testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(r.request.Start)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: r.request.Number}) // so that side processes find it
	env.SetTestTimeout(30 * time.Second)
	env.SetWorkflowRunTimeout(r.until().Sub(r.request.Start))
	env.RegisterWorkflowWithOptions(workflows.ComplaintLife, workflow.RegisterOptions{Name: workflows.LifeWorkflow})
	env.RegisterWorkflowWithOptions(r.side, workflow.RegisterOptions{Name: workflows.SideWorkflow})
	env.RegisterActivityWithOptions(r.record, activity.RegisterOptions{Name: workflows.RecordActivity})
	env.RegisterActivityWithOptions(r.sideStep, activity.RegisterOptions{Name: workflows.SideActivity})

	steps := append([]complaint.Step{r.request.Registration}, r.request.Steps...)
	slices.SortStableFunc(steps, func(a, b complaint.Step) int { return a.At.Compare(b.At) })
	for i, step := range steps {
		step.Submission = fmt.Sprintf("step-%03d", i+1) // in order as text, too
		env.RegisterDelayedCallback(func() {
			env.UpdateWorkflow(workflows.StepUpdate, step.Submission, &outcome{run: r, step: step}, step)
		}, step.At.Sub(r.request.Start))
	}
	env.ExecuteWorkflow(workflows.LifeWorkflow, workflows.Life{Number: r.request.Number})
	r.err = ctx.Err()
	var ended *temporal.TimeoutError // the simulation's own end
	if err := env.GetWorkflowError(); err != nil && !errors.As(err, &ended) {
		r.err = fmt.Errorf("simulate %s: %w", r.request.Rules.Procedure.ID, err)
	}
}

// record stands in for the database: it keeps what the workflow writes.
func (r *run) record(_ context.Context, recording complaint.Recording) (complaint.Recorded, error) {
	followed := r.request.Rules.Follow(recording)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, events := range [][]complaint.Event{recording.Events, followed.Decided, followed.Messages} {
		for _, e := range events {
			r.recorded = append(r.recorded, Entry{Event: e})
		}
	}
	r.complaint = followed.After
	return complaint.Recorded{Events: followed.Decided, Rows: followed.After.Recorded}, nil
}

func (r *run) sideStep(_ context.Context, question complaint.SideQuestion) (complaint.SideTask, error) {
	return r.request.Rules.SideStep(question), nil
}

// side is a process beside the complaint; it ends with the simulation.
func (r *run) side(ctx workflow.Context, in workflows.Side) error {
	ctx, end := workflow.WithCancel(ctx)
	workflow.Go(ctx, func(ctx workflow.Context) {
		_ = workflow.Sleep(ctx, r.until().Sub(workflow.Now(ctx)))
		end()
	})
	return workflows.SideProcess(ctx, in)
}

// outcome notes a step that was refused.
type outcome struct {
	run  *run
	step complaint.Step
}

func (o *outcome) Accept() {}

func (o *outcome) Reject(err error) { o.refused(err) }

func (o *outcome) Complete(_ interface{}, err error) { o.refused(err) }

// refused notes why.
func (o *outcome) refused(err error) {
	if err == nil {
		return
	}
	entry := Entry{Event: complaint.Event{Kind: complaint.StepRefused, At: o.step.At, By: o.step.By.Person, Step: &o.step}}
	if refusal, is := workflows.Refusal(err); is {
		entry.Refused, entry.Code = refusal, string(refusal.Code)
	}
	o.run.mutex.Lock()
	defer o.run.mutex.Unlock()
	o.run.refused = append(o.run.refused, entry)
}
