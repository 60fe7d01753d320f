package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// investigating waits until the handler has taken charge, the customer was
// contacted and the findings are in.
func (l *life) investigating(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		switch step.Name {
		case complaint.Return: // wrongly routed: screened and assigned anew
			return complaint.Received
		case complaint.ResolveOnSpot:
			return l.conclude(complaint.ResolvedOnSpot)
		case complaint.Find:
			f := step.Facts.Findings
			if !f.Founded || f.Liability == complaint.LiableCustomer {
				return complaint.Explaining
			}
		}
		if l.complaint.Investigated() {
			return complaint.Proposing
		}
	}
}
