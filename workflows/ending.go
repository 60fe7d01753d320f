package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// closing waits until everything is filled in and the owner closes the file.
func (l *life) closing(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name == complaint.Close {
			return l.conclude(step.Facts.Closing.Outcome)
		}
	}
}

// closed waits for nothing but a reopening or an appeal, for as long as the
// procedure leaves them open; then the life of the complaint ends.
func (l *life) closed(ctx workflow.Context) complaint.Stage {
	for !l.complaint.Over() {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name == complaint.Reopen || step.Name == complaint.Appeal {
			return l.complaint.LeadsBackTo(step.Name)
		}
	}
	return l.complaint.Stage
}

// conclude gives the complaint its outcome; it is closed from here on.
func (l *life) conclude(outcome complaint.Outcome) complaint.Stage {
	concluded := l.event(complaint.Concluded)
	concluded.Outcome = outcome
	l.happened(concluded)
	return complaint.Closed
}
