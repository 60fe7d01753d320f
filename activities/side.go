package activities

import (
	"context"

	"go.temporal.io/sdk/activity"

	"recourse/internal/complaint"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/workflows"
)

// Sides answers the processes beside a complaint.
type Sides struct {
	Rulebook *rulebook.Rulebook
}

// SideStep is the activity workflows.SideActivity: who takes the next step of
// the side process, and by when.
func (s Sides) SideStep(ctx context.Context, question complaint.SideQuestion) (complaint.SideTask, error) {
	rules, err := s.Rulebook.Rules(ctx, question.Procedure, question.Version, 0)
	if err != nil {
		return complaint.SideTask{}, err
	}
	return rules.SideStep(question), nil
}

// tell is the activity workflows.TellActivity.
func tell(ctx context.Context, number string, report complaint.SideReport) error {
	err := activity.GetClient(ctx).SignalWorkflow(ctx, number, "", workflows.StepSignal, workflows.ReportStep(report))
	return store.Failed(err, "tell %s of the process %s beside it", number, report.Side)
}
