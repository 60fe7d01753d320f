// Package workflows lets a complaint live in Temporal. What its life is, says
// complaint/life.go; here stands what only a workflow can do: the doors by which
// steps come in, the inbox, the one alarm, the write at every wait, catching up
// with the record, continuing as new, processes beside the complaint, and the
// work that schedules begin. What the world has to answer comes back from one
// activity for each wait; nothing here reads a clock, a file or the network.
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
	starting int  // side processes asked for and not begun yet
	signals  int  // without a submission, so far: their IDs
	reading  int  // signals whose submissions are being read
	behind   bool // somebody says that the record is ahead: look, before anything else
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
	err = workflow.SetUpdateHandlerWithOptions(ctx, StepUpdate, l.receive,
		workflow.UpdateHandlerOptions{Validator: l.validate})
	if err != nil {
		return nil, err
	}
	workflow.Go(ctx, l.receiveSignals)
	workflow.Go(ctx, l.receiveCatchUps)
	return l, nil
}

// run takes what comes next, a step or a rung, lets follow from it what does, and
// writes it down, until nothing can happen to the complaint any more.
func (l *life) run(ctx workflow.Context) error {
	for !l.complaint.Over() {
		if l.shouldContinueAsNew(ctx) {
			return l.continueAsNew(ctx)
		}
		switch place, ref := l.wait(ctx); {
		case l.behind:
			l.readAhead(ctx)
		case place >= 0:
			l.take(place)
		default:
			l.fire(ctx, ref)
		}
		l.write(ctx)
	}
	return l.finish(ctx)
}

// caughtUpAtTheEnd is when a life came to end though it is told to catch up at that moment. One
// that was told so before waits as it did.
const caughtUpAtTheEnd = "caught up at the end"

// finish takes the steps that came in the moment in which the life ended, so
// that each is answered, and looks whether the record is ahead where that was said.
// Should one of them begin anything anew, life goes on.
func (l *life) finish(ctx workflow.Context) error {
	for l.complaint.Over() {
		err := workflow.Await(ctx, func() bool {
			return len(l.inbox) > 0 || l.behind || !l.pending(ctx) && workflow.AllHandlersFinished(ctx)
		})
		switch {
		case err != nil:
			return err
		case len(l.inbox) > 0:
			l.take(0)
			l.write(ctx)
		case !l.behind:
			return nil
		case workflow.GetVersion(ctx, caughtUpAtTheEnd, workflow.DefaultVersion, 1) == workflow.DefaultVersion:
			_ = workflow.Await(ctx, func() bool { return len(l.inbox) > 0 })
		default:
			l.readAhead(ctx)
		}
	}
	return l.run(ctx)
}

// happened folds an event into the complaint, with all that follows from it, and keeps them for the
// next write.
func (l *life) happened(e complaint.Event) {
	l.unwritten = append(l.unwritten, l.complaint.Unfold(e)...)
}
