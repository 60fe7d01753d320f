package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"
)

// shouldContinueAsNew: the history has grown long, and nothing is under way.
func (l *life) shouldContinueAsNew(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !l.pending(ctx) &&
		len(l.unwritten) == 0 && l.starting == 0
}

// pending reports whether a step waits: in the inbox, as a signal whose submission
// is being read, or as one not yet looked at. A run that ended now would lose it.
func (l *life) pending(ctx workflow.Context) bool {
	return len(l.inbox) > 0 || l.reading > 0 || workflow.GetSignalChannel(ctx, StepSignal).Len() > 0 ||
		l.behind || workflow.GetSignalChannel(ctx, CatchUpSignal).Len() > 0
}

// settle is how long a run rests before it continues as new: the task that
// completed the last update must be over, or its caller never hears the answer.
const settle = time.Second

// continueAsNew hands the complaint to the next run. New steps are refused for
// that moment, retryably; a signal that slips in is taken first.
func (l *life) continueAsNew(ctx workflow.Context) error {
	l.draining = true
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	if err := workflow.Sleep(ctx, settle); err != nil {
		return err
	}
	if l.pending(ctx) {
		l.draining = false
		return l.run(ctx)
	}
	return workflow.NewContinueAsNewError(ctx, ComplaintLife, Life{Number: l.complaint.Number,
		Carried: &Carried{Complaint: l.complaint, Answered: l.withoutLadders(), Signals: l.signals}})
}

// withoutLadders are the answers as they are carried: with the ladders of all
// their deadlines a hundred could be more than Temporal takes. Who wants a ladder
// asks for the complaint.
func (l *life) withoutLadders() []Answered {
	carried := slices.Clone(l.answered)
	for i := range carried {
		deadlines := slices.Clone(carried[i].Result.Deadlines)
		for j := range deadlines {
			deadlines[j].Rungs = nil
		}
		carried[i].Result.Deadlines = deadlines
	}
	return carried
}
