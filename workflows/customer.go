package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// awaitingCustomer waits for the customer's yes or no to the newest proposal.
// Each no is a round; after as many as the procedure says, a tier comes in. The
// customer's silence is a clock like any other (clock.go).
func (l *life) awaitingCustomer(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name != complaint.Answer {
			continue
		}
		l.resume(l.event(complaint.Resumed), func(m complaint.OpenMatter) bool { return m.By == complaint.Clock }) // their silence is over
		if step.Facts.Answer.Agrees {
			return complaint.Implementing
		}
		l.climb(l.complaint.Declined, l.complaint.Terms.DeclinedClimbAfter)
		return complaint.Proposing
	}
}

// climb takes the complaint one tier up when its rounds have come to a multiple
// of after.
func (l *life) climb(rounds, after int) {
	if after == 0 || rounds%after != 0 || l.complaint.RoundsTier >= l.complaint.Terms.TopTier() {
		return
	}
	reached := l.event(complaint.TierReached)
	reached.Tier = l.complaint.RoundsTier + 1
	l.happened(reached)
}
