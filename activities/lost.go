package activities

import (
	"context"
	"fmt"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"

	"recourse/internal/store/confirmation"
	"recourse/workflows"
)

// Lost finds the complaints that Temporal has lost.
type Lost struct {
	Confirmations *confirmation.Store
}

// Found is what FindLost answers.
type Found struct {
	Running int `json:"running"` // workflows, of complaints and beside them
	Lost    int `json:"lost"`    // complaints that are looked at again
	// Numbers are the first of those.
	Numbers []string `json:"numbers,omitempty"`
}

// atOnce is how many complaints, or workflows, are listed at a time.
const atOnce = 1000

// FindLost compares the complaints that live by their record, and the processes beside them, with
// the workflows that run. Those that lack one are looked at again by the servers, which begin them
// anew; one that Temporal's list doesn't show yet is found there and left alone.
func (l Lost) FindLost(ctx context.Context, _ workflows.Occasion) (Found, error) {
	running, err := runningNow(ctx)
	if err != nil {
		return Found{}, err
	}
	found := Found{Running: len(running)}
	for after := ""; ; {
		living, err := l.Confirmations.Living(ctx, after, atOnce)
		if err != nil {
			return found, err
		}
		var lost []string
		for _, one := range living {
			after = one.Number
			whole := running[one.Number]
			for _, side := range one.Beside {
				whole = whole && running[workflows.SideID(one.Number, side.Kind, side.ID)]
			}
			if !whole {
				lost = append(lost, one.Number)
			}
		}
		if err := l.Confirmations.Ask(ctx, lost...); err != nil {
			return found, err
		}
		found.Lost += len(lost)
		found.Numbers = append(found.Numbers, lost[:min(len(lost), mostFindings-len(found.Numbers))]...)
		if len(living) < atOnce {
			return found, nil
		}
	}
}

// runningNow are the IDs of all workflows that run for complaints.
func runningNow(ctx context.Context) (map[string]bool, error) {
	running := map[string]bool{}
	request := &workflowservice.ListWorkflowExecutionsRequest{PageSize: atOnce,
		Query: fmt.Sprintf("WorkflowType IN ('%s', '%s') AND ExecutionStatus = 'Running' AND TaskQueue = '%s'",
			workflows.LifeWorkflow, workflows.SideWorkflow, activity.GetInfo(ctx).TaskQueue)}
	for {
		listed, err := activity.GetClient(ctx).ListWorkflow(ctx, request)
		if err != nil {
			return nil, fmt.Errorf("list the workflows that run: %w", err)
		}
		for _, execution := range listed.GetExecutions() {
			running[execution.GetExecution().GetWorkflowId()] = true
		}
		if request.NextPageToken = listed.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return running, nil
		}
	}
}
