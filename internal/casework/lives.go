package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/workflows"
)

// Lives speaks to the workflows of complaints. Its errors are a *complaint.Refusal, ErrNoLife,
// ErrUnanswered, or what nobody expected.
type Lives struct {
	Temporal  client.Client
	TaskQueue string
	// Namespace is where they live.
	Namespace string
	// Patience is how long a caller waits for a workflow's answer. A registration waits half of it:
	// it is kept, and goes on by itself.
	Patience time.Duration
}

var (
	// ErrNoLife says that no workflow of this number runs: there never was one, or it has ended.
	ErrNoLife = errors.New("no workflow of this number runs")
	// ErrUnanswered says that no answer came, so that nobody knows whether the step was taken.
	// Repeating it with the same submission is safe.
	ErrUnanswered = errors.New("the workflow didn't answer")
)

const (
	// UsualPatience is how long callers wait in production.
	UsualPatience = 10 * time.Second
	// A workflow that continues as new refuses steps for some milliseconds.
	firstPause    = 20 * time.Millisecond
	drainingTries = 7 // 20 ms + 40 + … + 1.28 s: two and a half seconds at most
)

// take hands a step to its complaint's workflow and returns what it said.
func (l *Lives) take(ctx context.Context, number string, step complaint.Step) (result complaint.Result, err error) {
	err = l.answer(ctx, &result, func(ctx context.Context) (client.WorkflowUpdateHandle, error) {
		return l.Temporal.UpdateWorkflow(ctx, update(number, step))
	})
	return result, err
}

// takeBeside hands a step to a process beside a complaint and returns what that waits for next.
func (l *Lives) takeBeside(ctx context.Context, workflowID string, step complaint.Step) (task complaint.SideTask, err error) {
	err = l.answer(ctx, &task, func(ctx context.Context) (client.WorkflowUpdateHandle, error) {
		return l.Temporal.UpdateWorkflow(ctx, update(workflowID, step))
	})
	return task, err
}

// register starts the workflow of a complaint and hands it its registration, in one call. Repeated,
// it starts nothing and gets the first answer.
func (l *Lives) register(ctx context.Context, number string, step complaint.Step) (result complaint.Result, err error) {
	registration := step.Facts.Registration
	if registration == nil {
		return result, errors.New("register: the step lacks the registration")
	}
	category := registration.Category
	if step.Facts.Screening != nil {
		category = step.Facts.Screening.Category
	}
	ctx, cancel := context.WithTimeout(ctx, l.Patience/2)
	defer cancel()
	err = l.answer(ctx, &result, func(ctx context.Context) (client.WorkflowUpdateHandle, error) {
		// One that was terminated before it recorded anything begins anew; one that has lived
		// doesn't.
		options := l.starting(number, registration.Procedure, category, enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
		start := l.Temporal.NewWithStartWorkflowOperation(options, workflows.LifeWorkflow, workflows.Life{Number: number})
		return l.Temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
			StartWorkflowOperation: start, UpdateOptions: update(number, step),
		})
	})
	return result, err
}

// starting is how a complaint's workflow is started, where none runs.
func (l *Lives) starting(number, procedure, category string, reuse enumspb.WorkflowIdReusePolicy) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{ID: number, TaskQueue: l.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING, WorkflowIDReusePolicy: reuse,
		StaticSummary: workflows.SummaryOf(number, procedure, category), Memo: workflows.MemoOf(number, procedure, category)}
}

// wake has the workflow of a complaint take over what its record has. Where none runs, a new one
// begins with that.
func (l *Lives) wake(ctx context.Context, c *complaint.Complaint) error {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	options := l.starting(c.Number, c.Registration.Procedure, c.Category(), enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
	_, err := l.Temporal.SignalWithStartWorkflow(ctx, c.Number, workflows.CatchUpSignal, nil, options, workflows.LifeWorkflow, workflows.Life{Number: c.Number})
	if err != nil {
		return said(err)
	}
	return nil
}

// askPatience is how long a workflow may take to say how far it is: it has nothing to do for that.
const askPatience = 3 * time.Second

// forgetCached has the next query of a workflow answered from its history. A worker answers from
// what it remembers of it otherwise, which a Temporal that was restored since has never seen.
func (l *Lives) forgetCached(ctx context.Context, workflowID string) error {
	_, err := l.Temporal.WorkflowService().ResetStickyTaskQueue(ctx, &workflowservice.ResetStickyTaskQueueRequest{
		Namespace: l.Namespace, Execution: &common.WorkflowExecution{WorkflowId: workflowID}})
	if err != nil {
		return said(err)
	}
	return nil
}

// recorded is how many rows of the record the running workflow of a complaint has, or ErrNoLife.
func (l *Lives) recorded(ctx context.Context, number string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	if err := ignoring(l.forgetCached(ctx, number), ErrNoLife); err != nil {
		return 0, err
	}
	answer, err := l.Temporal.QueryWorkflowWithOptions(ctx, &client.QueryWorkflowWithOptionsRequest{WorkflowID: number, QueryType: workflows.StateQuery,
		QueryRejectCondition: enumspb.QUERY_REJECT_CONDITION_NOT_OPEN})
	switch {
	case err != nil:
		return 0, said(err)
	case answer.QueryRejected != nil:
		return 0, fmt.Errorf("%w: it is %s", ErrNoLife, answer.QueryRejected.GetStatus())
	}
	var state complaint.Complaint
	err = answer.QueryResult.Get(&state)
	return state.Recorded, store.Failed(err, "read the state of the workflow %s", number)
}

// standsBeside says whether the workflow of a process beside a complaint runs, or has ended by
// itself. One that was terminated, or isn't there, does neither.
func (l *Lives) standsBeside(ctx context.Context, workflowID string) (runs, ended bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	described, err := l.Temporal.DescribeWorkflowExecution(ctx, workflowID, "")
	if err != nil {
		return false, false, ignoring(said(err), ErrNoLife)
	}
	status := described.GetWorkflowExecutionInfo().GetStatus()
	return status == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING,
		status == enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED || status == enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED, nil
}

// saidBeside is what a process beside a complaint has told that, or is telling it
// (workflows.SideQuery), whether or not it still runs; nothing where it isn't there.
func (l *Lives) saidBeside(ctx context.Context, workflowID string) (reports []complaint.SideReport, err error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	if err := ignoring(l.forgetCached(ctx, workflowID), ErrNoLife); err != nil {
		return nil, err
	}
	answer, err := l.Temporal.QueryWorkflow(ctx, workflowID, "", workflows.SideQuery)
	if err != nil {
		return nil, ignoring(said(err), ErrNoLife)
	}
	err = answer.Get(&reports)
	return reports, store.Failed(err, "read what the workflow %s has told", workflowID)
}

// tell tells the workflow of a complaint what a process beside it has to say.
func (l *Lives) tell(ctx context.Context, number string, report complaint.SideReport) error {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	if err := l.Temporal.SignalWorkflow(ctx, number, "", workflows.StepSignal, workflows.ReportStep(report)); err != nil {
		return said(err)
	}
	return nil
}

// ignoring is an error but for one that is no failure here.
func ignoring(err, harmless error) error {
	if errors.Is(err, harmless) {
		return nil
	}
	return err
}

// beginBeside starts the process beside a complaint from where its record is, in place of one that
// may run.
func (l *Lives) beginBeside(ctx context.Context, side workflows.Side) error {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	_, err := l.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: workflows.SideID(side.Number, side.Kind, side.ID), TaskQueue: l.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING, WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}, workflows.SideWorkflow, side)
	if err != nil {
		return said(err)
	}
	return nil
}

// endBeside ends a process beside a complaint that runs on though the record knows it to be done.
func (l *Lives) endBeside(ctx context.Context, workflowID string) error {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	if err := l.Temporal.TerminateWorkflow(ctx, workflowID, "", "the complaint's record has its end"); err != nil {
		return ignoring(said(err), ErrNoLife)
	}
	return nil
}

func update(workflowID string, step complaint.Step) client.UpdateWorkflowOptions {
	return client.UpdateWorkflowOptions{
		WorkflowID: workflowID, UpdateID: step.Submission, UpdateName: workflows.StepUpdate, Args: []any{step},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	}
}

// state asks the running workflow how the complaint stands.
func (l *Lives) state(ctx context.Context, number string) (complaint.Complaint, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	var state complaint.Complaint
	value, err := l.Temporal.QueryWorkflow(ctx, number, "", workflows.StateQuery)
	if err != nil {
		return state, said(err)
	}
	if err := value.Get(&state); err != nil {
		return state, fmt.Errorf("read the state of the workflow %s: %w", number, err)
	}
	return state, nil
}

// Ping asks Temporal for a sign of life.
func (l *Lives) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	_, err := l.Temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

// answer asks until there is an answer, and reads it into result.
func (l *Lives) answer(ctx context.Context, result any, ask func(context.Context) (client.WorkflowUpdateHandle, error)) error {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	pause := firstPause
	for try := 1; ; try++ {
		handle, err := ask(ctx)
		if err == nil {
			err = handle.Get(ctx, result)
		}
		if err == nil {
			return nil
		}
		err = said(err)
		var refusal *complaint.Refusal
		if !errors.As(err, &refusal) || refusal.Code != complaint.CodeDraining {
			return err
		}
		if try == drainingTries {
			return fmt.Errorf("%w: it was continuing as new for too long", ErrUnanswered)
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ErrUnanswered, ctx.Err())
		}
	}
}

// neverBegan reports whether a workflow that doesn't run can't answer because it was ended before
// its first task: it has said nothing.
func neverBegan(err error) bool {
	_, is := errors.AsType[*serviceerror.WorkflowNotReady](err)
	return is
}

// said is what an error of Temporal's client says in our words. It is the one place that knows
// Temporal's errors.
func said(err error) error {
	if refusal, ok := workflows.Refusal(err); ok {
		return refusal
	}
	var (
		notFound    *serviceerror.NotFound
		notReady    *serviceerror.WorkflowNotReady
		ended       *serviceerror.WorkflowExecutionAlreadyStarted
		unanswered  *client.WorkflowUpdateServiceTimeoutOrCanceledError
		away        *serviceerror.Unavailable
		late        *serviceerror.DeadlineExceeded
		canceled    *serviceerror.Canceled
		exhausted   *serviceerror.ResourceExhausted
		noQuery     *serviceerror.QueryFailed
		aborted     *serviceerror.Aborted
		noWorker    *serviceerror.FailedPrecondition // “no poller seen for task queue recently”
		noSpace     *serviceerror.NamespaceNotFound
		application *temporal.ApplicationError
	)
	switch {
	case errors.As(err, &noSpace):
		return fmt.Errorf("%w: %w", ErrUnanswered, err)
	case errors.As(err, &notFound), errors.As(err, &ended):
		return fmt.Errorf("%w: %w", ErrNoLife, err)
	case errors.As(err, &application):
		return fmt.Errorf("the workflow failed the step: %w", err)
	case errors.As(err, &unanswered), errors.As(err, &away), errors.As(err, &late), errors.As(err, &canceled),
		errors.As(err, &exhausted), errors.As(err, &notReady), errors.As(err, &noQuery), errors.As(err, &aborted), errors.As(err, &noWorker),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %w", ErrUnanswered, err)
	}
	return err
}
