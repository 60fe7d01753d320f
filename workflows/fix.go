package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// implementing waits for the department's report that the fix is carried out,
// whole or in parts.
func (l *life) implementing(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name != complaint.Implement {
			continue
		}
		switch {
		case step.Facts.Work.Impossible:
			return complaint.Proposing
		case l.complaint.WorkDone(step):
			return complaint.Verifying
		}
	}
}

// verifying waits for the owner's check with the customer.
func (l *life) verifying(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name != complaint.Verify {
			continue
		}
		if step.Facts.Check.Satisfied {
			return complaint.FollowingUp
		}
		return step.Facts.Check.BackTo
	}
}
