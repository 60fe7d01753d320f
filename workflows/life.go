// Package workflows holds the life of a complaint as code that reads from top
// to bottom: ComplaintLife is the loop over its stages, and each stage is a
// function that waits for the next step or the clock and returns the stage that
// follows. What the world has to answer comes back from one activity for each
// wait; nothing here reads a clock, a file or the network.
package workflows

import (
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// ComplaintLife sees one complaint through, from its registration until nothing
// can reopen it any more.
func ComplaintLife(ctx workflow.Context, in Life) error {
	// A complaint is never cancelled: it closes by its steps, or an operator
	// terminates or resets the workflow. A request to cancel changes nothing.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	l, err := begin(ctx, in)
	if err != nil {
		return err
	}
	return l.run(ctx)
}

// life is the running workflow of one complaint.
type life struct {
	complaint complaint.Complaint
	// written is the complaint as the record has it; unwritten is what happened
	// since, and cause what made it happen.
	written   complaint.Complaint
	unwritten []complaint.Event
	cause     string

	inbox    []*entry
	current  *entry // the step being taken
	answered []Answered
	draining bool
	starting int // side processes asked for and not begun yet
	signals  int // without a submission, so far: their IDs
	reading  int // signals whose submissions are being read
	alarm    alarm
	shown    shown
	log      log.Logger
}

// begin sets the doors up: the query, the update and the signal.
func begin(ctx workflow.Context, in Life) (*life, error) {
	l := &life{log: workflow.GetLogger(ctx)}
	l.complaint.Number = in.Number
	if in.Carried != nil {
		l.complaint, l.answered, l.signals = in.Carried.Complaint, in.Carried.Answered, in.Carried.Signals
		l.show(ctx)
	}
	l.written = l.complaint.Clone()

	err := workflow.SetQueryHandler(ctx, StateQuery, func() (complaint.Complaint, error) { return l.complaint, nil })
	if err != nil {
		return nil, err
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, StepUpdate, l.takeUpdate,
		workflow.UpdateHandlerOptions{Validator: l.validate})
	if err != nil {
		return nil, err
	}
	workflow.Go(ctx, l.takeSignals)
	return l, nil
}

// run is the loop over the stages.
func (l *life) run(ctx workflow.Context) error {
	for !l.complaint.Over() {
		if l.shouldContinueAsNew(ctx) {
			return l.continueAsNew(ctx)
		}
		l.enter(ctx, l.stage(ctx))
	}
	l.write(ctx)
	return l.finish(ctx)
}

// finish takes the steps that came in the moment in which the life ended, so
// that each is answered. Should one of them begin anything anew, life goes on.
func (l *life) finish(ctx workflow.Context) error {
	for l.complaint.Over() {
		err := workflow.Await(ctx, func() bool {
			return len(l.inbox) > 0 || !l.pending(ctx) && workflow.AllHandlersFinished(ctx)
		})
		if err != nil || len(l.inbox) == 0 {
			return err
		}
		l.take(0)
		l.write(ctx)
	}
	return l.run(ctx)
}

// stage lives through the stage where the complaint stands and returns the next.
func (l *life) stage(ctx workflow.Context) complaint.Stage {
	switch l.complaint.Stage {
	case complaint.Received:
		return l.received(ctx)
	case complaint.Explaining:
		return l.explaining(ctx)
	case complaint.Assigning:
		return l.assigning(ctx)
	case complaint.Investigating:
		return l.investigating(ctx)
	case complaint.Proposing:
		return l.proposing(ctx)
	case complaint.Approving:
		return l.approving(ctx)
	case complaint.AwaitingCustomer:
		return l.awaitingCustomer(ctx)
	case complaint.Implementing:
		return l.implementing(ctx)
	case complaint.Verifying:
		return l.verifying(ctx)
	case complaint.FollowingUp:
		return l.followingUp(ctx)
	case complaint.Closing:
		return l.closing(ctx)
	case complaint.Closed:
		return l.closed(ctx)
	default:
		return l.registering(ctx)
	}
}

// enter moves the complaint to its next stage. It is already there when the
// procedure passed a stage by itself, or the clock moved it.
func (l *life) enter(ctx workflow.Context, next complaint.Stage) {
	if next == l.complaint.Stage {
		return
	}
	at, by := workflow.Now(ctx), complaint.Clock
	if l.current != nil {
		at, by = l.current.step.At, l.current.step.By.Person
	}
	l.happened(complaint.Event{Kind: complaint.StageEntered, At: at, By: by, From: l.complaint.Stage, Stage: next})
}

// happened folds an event into the complaint and keeps it for the next write.
func (l *life) happened(e complaint.Event) {
	l.complaint.Apply(e)
	l.unwritten = append(l.unwritten, e)
}

// event is an event of the step being taken, at its time and by its actor.
func (l *life) event(kind complaint.EventKind) complaint.Event {
	return complaint.Event{Kind: kind, At: l.current.step.At, By: l.current.step.By.Person}
}
