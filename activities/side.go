package activities

import (
	"context"

	"recourse/internal/complaint"
	"recourse/internal/rulebook"
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
