package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// proposing waits for a proposed fix with its time limit.
func (l *life) proposing(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name == complaint.Propose {
			return complaint.Approving
		}
	}
}

// approving waits for one decision for each level that the fix needs. Where the
// procedure asks for none, the complaint passes on by itself (complaint.Onward).
func (l *life) approving(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		switch {
		case step.Name == complaint.Refuse:
			return complaint.Proposing
		case l.complaint.ProposalApproved():
			return complaint.AwaitingCustomer
		}
	}
}
