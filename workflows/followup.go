package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// followingUp waits for the callbacks that the procedure plans. A customer who
// is dissatisfied leads back into the procedure; one whom the last attempt
// didn't reach counts as neutral.
func (l *life) followingUp(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name != complaint.CallBack {
			continue
		}
		rating := step.Facts.Callback.Satisfaction
		if !step.Facts.Callback.Reached {
			if l.complaint.Attempts < l.complaint.Terms.CallbackAttempts {
				continue
			}
			rating = complaint.Unreached
		}
		ended := l.event(complaint.CallbackEnded)
		ended.Rating, ended.Callbacks = rating, l.complaint.CallbacksMet+1
		l.happened(ended)

		if rating == complaint.Dissatisfied {
			l.climb(l.complaint.Unsatisfied, l.complaint.Terms.DissatisfiedClimbAfter)
			return l.complaint.Terms.DissatisfiedReopens
		}
		if l.complaint.CallbacksMet >= l.complaint.Callbacks {
			return complaint.Closing
		}
	}
}
