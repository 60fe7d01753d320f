package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// registering waits for the one step that begins a complaint. Registering may
// carry what screening, assigning or settling on the spot carry: then it is one act.
func (l *life) registering(ctx workflow.Context) complaint.Stage {
	step, ok := l.next(ctx)
	if !ok {
		return l.complaint.Stage
	}
	received := l.event(complaint.StageEntered)
	received.At, received.Stage = l.complaint.HeardAt, complaint.Received
	l.happened(received)

	switch {
	case step.Facts.OnSpot != nil:
		return l.conclude(complaint.ResolvedOnSpot)
	case step.Facts.Screening != nil:
		return l.screened(*step.Facts.Screening)
	}
	return complaint.Received
}

// received waits for the screening.
func (l *life) received(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		switch step.Name {
		case complaint.Screen:
			return l.screened(*step.Facts.Screening)
		case complaint.ResolveOnSpot:
			return l.conclude(complaint.ResolvedOnSpot)
		}
	}
}

// screened: an unfounded complaint is explained to the customer. One that was
// contested and is unfounded again closes, with the appeal route.
func (l *life) screened(screening complaint.Screening) complaint.Stage {
	switch {
	case screening.Valid:
		return complaint.Assigning
	case l.complaint.Contested:
		return l.conclude(complaint.RejectedInvalid)
	default:
		return complaint.Explaining
	}
}

// explaining waits for the explanation. A customer who contests it gets a new
// screening, by the service manager.
func (l *life) explaining(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name != complaint.Explain {
			continue
		}
		if step.Facts.Explanation.Contested {
			return complaint.Received
		}
		return l.conclude(complaint.RejectedInvalid)
	}
}

// assigning waits for a department and a handler. Mostly the procedure's routes
// name both at once, and the complaint passes on by itself (complaint.Onward).
func (l *life) assigning(ctx workflow.Context) complaint.Stage {
	for {
		step, ok := l.next(ctx)
		if !ok {
			return l.complaint.Stage
		}
		if step.Name == complaint.ResolveOnSpot {
			return l.conclude(complaint.ResolvedOnSpot)
		}
	}
}
