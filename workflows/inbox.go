package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// entry is one step in the inbox, and its answer once it has one.
type entry struct {
	step complaint.Step
	done bool
	// signalled is set for a signal without a stored submission.
	signalled bool
	result    complaint.Result
	refusal   *complaint.Refusal
}

// cause is the cause of the write of a step that was judged.
func (e *entry) cause() string {
	if e.refusal != nil {
		return complaint.CauseOfRefusal(e.step.Submission)
	}
	return complaint.CauseOfStep(e.step.Submission)
}

// validate refuses a step before it leaves any trace in the history.
func (l *life) validate(_ workflow.Context, step complaint.Step) error {
	if _, repeated := l.answerOf(step.Submission); repeated {
		return nil
	}
	if l.draining {
		return refused(&complaint.Refusal{Code: complaint.CodeDraining, Reason: complaint.ReasonContinuing,
			Step: step.Name, Stage: l.complaint.Stage})
	}
	refusal := l.complaint.Check(step)
	switch {
	case refusal == nil:
		return nil
	case len(l.unwritten) > 0: // judged by what isn't on the record yet, and might never be
		return refused(&complaint.Refusal{Code: complaint.CodeDraining, Reason: complaint.ReasonBeingWritten,
			Step: step.Name, Stage: l.written.Stage})
	}
	refusal.Known = new(l.written.Recorded)
	return refused(refusal)
}

// receive puts a step into the inbox and waits for its answer.
func (l *life) receive(ctx workflow.Context, step complaint.Step) (complaint.Result, error) {
	if result, repeated := l.answerOf(step.Submission); repeated {
		return result, nil
	}
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a request to cancel changes nothing here either
	e := &entry{step: step}
	l.inbox = append(l.inbox, e)
	if err := workflow.Await(ctx, func() bool { return e.done }); err != nil {
		return complaint.Result{}, err
	}
	if e.refusal != nil {
		return complaint.Result{}, refused(e.refusal)
	}
	return e.result, nil
}

// receiveSignals puts the steps of senders that can't wait into the same inbox. A
// signal that names no stored submission has an operator's rights, and coded
// facts only.
func (l *life) receiveSignals(ctx workflow.Context) {
	signals := workflow.GetSignalChannel(ctx, StepSignal)
	for {
		// Receive would take a signal out of the channel before this runs: the run
		// could end in between and not know of it. The context is never cancelled.
		_ = workflow.Await(ctx, func() bool { return signals.Len() > 0 })
		var step complaint.Step
		if !signals.ReceiveAsync(&step) {
			continue // no step at all, and dropped
		}
		bare := step.Submission == ""
		if bare {
			step.By = complaint.Actor{Person: complaint.Operator, Roles: []complaint.Role{complaint.OperatorRole}}
			if step.Name == complaint.Report { // from a side process
				step.By = complaint.Actor{Person: complaint.Procedure}
			}
			step.At = workflow.Now(ctx)
			step.Submission = l.signalID(step)
		} else {
			l.reading++
			step = l.stored(ctx, step.Submission)
			l.reading--
		}
		l.inbox = append(l.inbox, &entry{step: step, signalled: bare})
	}
}

// SubmissionActivity answers the complaint.Step of a stored submission.
const SubmissionActivity = "Submission"

// stored reads the step that a signal names. Only the submission says who took
// it and what it carries: a signal's own word for that isn't taken.
func (l *life) stored(ctx workflow.Context, submission string) complaint.Step {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second,
		Summary: cut("read submission " + submission)})
	var step complaint.Step
	if err := workflow.ExecuteActivity(ctx, SubmissionActivity, l.complaint.Number, submission).Get(ctx, &step); err != nil {
		l.log.Error("a signal names a submission that can't be read", "number", l.complaint.Number, "submission", submission)
		return complaint.Step{Submission: submission, At: workflow.Now(ctx)} // unknown step: refused, and recorded
	}
	return step
}

// wait returns when a step has come, with its place in the inbox, or when a rung
// is due, with -1, and at once where the record is said to be ahead. A step that was stored before
// the rung was due comes first, however late both are seen: clocks count from when a step was
// stored.
func (l *life) wait(ctx workflow.Context) (int, complaint.RungRef) {
	for {
		ref, armed := l.complaint.NextRung()
		if l.behind {
			return -1, ref
		}
		due := armed && !ref.At.After(workflow.Now(ctx))
		place := slices.IndexFunc(l.inbox, func(e *entry) bool { return !due || !e.step.At.After(ref.At) })
		if place >= 0 || due {
			return place, ref
		}
		l.setAlarm(ctx, ref, armed)
		// The only error is that of a cancelled context, and this one never is.
		_ = workflow.Await(ctx, func() bool { return len(l.inbox) > 0 || l.behind || l.alarm.rang() })
	}
}

// take takes a step out of the inbox: it is judged again, for the one before it
// may have changed what it was judged by. Two updates that arrive in one workflow
// task both pass the validator before either runs.
func (l *life) take(place int) {
	e := l.inbox[place]
	l.inbox = slices.Delete(l.inbox, place, place+1)
	l.current = e

	if result, repeated := l.answerOf(e.step.Submission); repeated {
		e.result, e.done = result, true
		l.current = nil
		return
	}
	refusal := l.complaint.Check(e.step)
	if refusal == nil && e.signalled {
		refusal = l.checkSignal(e.step)
	}
	if refusal != nil {
		l.refuse(refusal)
		return
	}
	e.step.At = l.complaint.NotBefore(e.step.At)
	l.cause = e.cause()
	l.happened(complaint.Event{Kind: complaint.StepTaken, At: e.step.At, By: e.step.By.Person, Step: &e.step})
}

// refuse refuses the step at hand, and that is recorded. Before the registration
// there is no record, and no procedure that could be asked.
func (l *life) refuse(refusal *complaint.Refusal) {
	e := l.current
	e.refusal = refusal
	if l.complaint.Stage == "" {
		l.log.Warn("a step came before the registration", "number", l.complaint.Number, "step", e.step.Name)
		e.done, l.current = true, nil
		return
	}
	l.cause = e.cause()
	l.happened(complaint.Event{Kind: complaint.StepRefused, At: e.step.At, By: e.step.By.Person,
		Step: &complaint.Step{Name: e.step.Name, Submission: e.step.Submission, By: e.step.By, At: e.step.At},
		Code: string(refusal.Code), Reason: refusal.Reason})
}

// remembered is how many answered submissions are carried to the next run.
// Later repeats are answered from PostgreSQL before they come here.
const remembered = 100

// answer answers the step just written.
func (l *life) answer() {
	e := l.current
	l.current = nil
	if e == nil {
		return
	}
	if e.refusal == nil {
		e.result = l.complaint.ResultFor(e.step.By, e.step.At)
		l.remember(e.step.Submission, e.result)
	}
	e.done = true
}

func (l *life) remember(submission string, result complaint.Result) {
	if submission == "" {
		return
	}
	l.answered = append(l.answered, Answered{Submission: submission, Result: result})
	if surplus := len(l.answered) - remembered; surplus > 0 {
		l.answered = append([]Answered(nil), l.answered[surplus:]...)
	}
}

func (l *life) answerOf(submission string) (complaint.Result, bool) {
	if submission == "" {
		return complaint.Result{}, false
	}
	for _, a := range l.answered {
		if a.Submission == submission {
			return a.Result, true
		}
	}
	return complaint.Result{}, false
}

// refused is a refusal as an application error, which fails the update alone
// and carries the refusal to the caller.
func refused(r *complaint.Refusal) error {
	return temporal.NewNonRetryableApplicationError(r.Error(), complaint.RefusalType, nil, *r)
}

// Refusal returns the refusal that an update's error carries, if it is one.
func Refusal(err error) (*complaint.Refusal, bool) {
	var refusal complaint.Refusal
	application, is := errors.AsType[*temporal.ApplicationError](err)
	if !is || application.Type() != complaint.RefusalType || application.Details(&refusal) != nil {
		return nil, false
	}
	return &refusal, true
}
