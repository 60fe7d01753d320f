package casework

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"recourse/internal/complaint"
	"recourse/workflows"
)

// told is what the history of a complaint's workflow tells of its record.
type told struct {
	run string
	// steps are those that came, by updates and signals, in their order.
	steps []complaint.Step
	// until is the workflow task to which the workflow is set back so that it knows no more rows
	// than were asked for.
	until int64
}

// historyOf reads the history of a running workflow, and of the runs before it as far as it takes:
// to the one that began when the record had no more than so many rows.
func (l *Lives) historyOf(ctx context.Context, number string, rows int) (told, error) {
	described, err := l.Temporal.DescribeWorkflowExecution(ctx, number, "")
	if err != nil {
		return told{}, said(err)
	}
	var later []complaint.Step
	for run := described.GetWorkflowExecutionInfo().GetExecution().GetRunId(); run != ""; {
		one := told{run: run}
		before := ""
		events := l.Temporal.GetWorkflowHistory(ctx, number, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		reader := runReader{rows: rows, told: &one, asked: map[int64]int64{}}
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				return told{}, said(err)
			}
			began, err := reader.read(event)
			if err != nil {
				return told{}, fmt.Errorf("read the history of %s: %w", number, err)
			}
			if began != nil && began.Carried != nil && began.Carried.Complaint.Recorded > rows {
				before = event.GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId()
			}
		}
		later = append(one.steps, later...)
		if before == "" {
			one.steps = later
			return one, nil
		}
		run = before
	}
	return told{}, fmt.Errorf("the history of %s doesn't reach back to row %d of its record", number, rows)
}

// runReader reads one run.
type runReader struct {
	rows int
	*told
	// asked are the workflow tasks in which activities were asked for, by the events.
	asked map[int64]int64
}

var payloads = converter.GetDefaultDataConverter()

// read takes in one event; began is what the run was started with.
func (r runReader) read(event *history.HistoryEvent) (began *workflows.Life, err error) {
	switch event.GetEventType() {
	case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
		began = &workflows.Life{}
		return began, payloads.FromPayloads(event.GetWorkflowExecutionStartedEventAttributes().GetInput(), began)
	case enumspb.EVENT_TYPE_MARKER_RECORDED: // of a local activity
		marker := event.GetMarkerRecordedEventAttributes()
		return nil, r.wrote(marker.GetDetails()["result"], marker.GetWorkflowTaskCompletedEventId())
	case enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
		if scheduled := event.GetActivityTaskScheduledEventAttributes(); scheduled.GetActivityType().GetName() == workflows.RecordActivity {
			r.asked[event.GetEventId()] = scheduled.GetWorkflowTaskCompletedEventId()
		}
	case enumspb.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
		completed := event.GetActivityTaskCompletedEventAttributes()
		if task, records := r.asked[completed.GetScheduledEventId()]; records {
			return nil, r.wrote(completed.GetResult(), task)
		}
	case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
		var step complaint.Step
		err := payloads.FromPayloads(event.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(), &step)
		r.steps = append(r.steps, step)
		return nil, err
	case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
		signal := event.GetWorkflowExecutionSignaledEventAttributes()
		var step complaint.Step
		if signal.GetSignalName() == workflows.StepSignal && payloads.FromPayloads(signal.GetInput(), &step) == nil { // else it is no step, and was dropped
			if step.Submission == "" { // it brings no time of its own
				step.At = event.GetEventTime().AsTime()
			}
			r.steps = append(r.steps, step)
		}
	}
	return nil, nil
}

// wrote takes in what a write was answered, in the workflow task in which it was asked for.
func (r runReader) wrote(answer *common.Payloads, task int64) error {
	var written complaint.Written
	if answer == nil || r.until > 0 {
		return nil
	}
	if err := payloads.FromPayloads(answer, &written); err != nil {
		return err
	}
	if written.Rows > r.rows {
		r.until = task
	}
	return nil
}

// setBack resets a workflow to where it knew no more of its record than was asked of historyOf. The
// signals that came since come to it again.
func (l *Lives) setBack(ctx context.Context, number string, to told) error {
	_, err := l.Temporal.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: l.Namespace, WorkflowExecution: &common.WorkflowExecution{WorkflowId: number, RunId: to.run},
		Reason: "its record lost what came after", RequestId: uuid.NewString(), WorkflowTaskFinishEventId: to.until,
		// Temporal would bring the steps all at once, and those that others come before were
		// refused.
		ResetReapplyExcludeTypes: []enumspb.ResetReapplyExcludeType{enumspb.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE}})
	if err != nil {
		return said(err)
	}
	return nil
}

// Each calls do for each complaint of which a workflow runs.
func (l *Lives) Each(ctx context.Context, do func(number string)) error {
	request := &workflowservice.ListWorkflowExecutionsRequest{Namespace: l.Namespace, PageSize: listedAtOnce,
		Query: fmt.Sprintf("WorkflowType = '%s' AND ExecutionStatus = 'Running' AND TaskQueue = '%s'", workflows.LifeWorkflow, l.TaskQueue)}
	for {
		listed, err := l.Temporal.ListWorkflow(ctx, request)
		if err != nil {
			return said(err)
		}
		for _, one := range listed.GetExecutions() {
			do(one.GetExecution().GetWorkflowId())
		}
		if request.NextPageToken = listed.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return nil
		}
	}
}

const listedAtOnce = 1000
