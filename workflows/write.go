package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// RecordActivity writes a complaint.Write in one transaction and answers
// with complaint.Written. It is called at every wait, first as a local activity.
const RecordActivity = "Record"

// write keeps what happened since the last wait, takes in what the procedure
// makes of it, answers the step that was taken, and shows the operator where the
// complaint stands. One local activity for each step is all that this costs.
func (l *life) write(ctx workflow.Context) {
	if len(l.unwritten) == 0 {
		return
	}
	write := complaint.Write{Complaint: l.complaint, Before: l.written.Recorded, Cause: l.cause,
		PeopleBefore: l.written.People, Happened: l.unwritten}
	if l.current != nil {
		write.Submission, write.By = l.current.step.Submission, l.current.step.By
		if l.current.signalled {
			write.Submission = "" // nobody waits for an answer
		}
		if report := l.current.step.Facts.Report; report != nil {
			write.Submission = report.Submission
		}
	}
	recorded := l.record(ctx, write)
	if recorded.Refused != "" {
		l.refuseAfterAll(recorded.Refused)
		l.write(ctx)
		return
	}
	l.takeIn(ctx, recorded)
}

// takeIn folds in what the record has now, and goes on from there.
func (l *life) takeIn(ctx workflow.Context, recorded complaint.Written) {
	if len(recorded.Found) > 0 {
		l.catchUp(recorded)
	}
	for _, e := range recorded.Events {
		l.complaint.Apply(e)
	}
	l.complaint.Recorded = recorded.Rows
	l.rememberFound(recorded)
	l.written, l.unwritten = l.complaint.Clone(), nil
	l.answer()
	l.startSides(ctx, recorded.Events)
	l.show(ctx)
}

// record has the write done.
func (l *life) record(ctx workflow.Context, write complaint.Write) complaint.Written {
	return durably[complaint.Written](ctx, l, RecordActivity, "write "+write.Cause, write)
}

// durably asks the fast way, then the durable one: when the local activity fails
// because PostgreSQL is away, the same work goes to a regular activity that is
// retried without end, visible in the Temporal UI, and finishes when the database
// is back.
func durably[Answer any](ctx workflow.Context, l *life, activity, summary string, question any) Answer {
	var answer Answer
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout: 3 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{MaximumAttempts: 1},
		Summary:             cut(summary),
	})
	err := workflow.ExecuteLocalActivity(local, activity, question).Get(ctx, &answer)
	if err == nil {
		return answer
	}
	workflow.GetMetricsHandler(ctx).Counter("recourse_durable_writes").Inc(1)
	l.log.Warn("the fast way failed; going on durably", "number", l.complaint.Number, "what", summary)
	durable := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2,
			MaximumInterval: 15 * time.Second},
		Summary: cut(summary),
	})
	for {
		answer = *new(Answer)
		err = workflow.ExecuteActivity(durable, activity, question).Get(ctx, &answer)
		if err == nil {
			return answer
		}
		l.log.Error("the durable way ended without success; starting it again", "number", l.complaint.Number, "error", err)
		_ = workflow.Sleep(ctx, time.Minute)
	}
}

// refuseAfterAll takes the step at hand back: it was taken by what the complaint
// knows, and the directory knows better.
func (l *life) refuseAfterAll(reason complaint.Reason) {
	l.complaint, l.unwritten = l.written.Clone(), nil
	l.refuse(&complaint.Refusal{Code: complaint.CodeRuleViolation, Reason: reason, Step: l.current.step.Name, Stage: l.complaint.Stage})
}

// catchUp goes back to what was last written: the database already has another
// write here, because a worker was killed between its commit and the workflow's
// history, or the workflow was reset. The record is the truth. The step at hand
// goes back to the front of the inbox unless it is among what was found.
func (l *life) catchUp(found complaint.Written) {
	l.complaint = l.written.Clone()
	l.tellSignalsApart(found.Events)
	if l.current != nil && !slices.Contains(found.Found, l.current.cause()) {
		l.current.refusal = nil
		l.inbox = append([]*entry{l.current}, l.inbox...)
		l.current = nil
	}
}

// rememberFound lets late senders of the steps found get their answers.
func (l *life) rememberFound(recorded complaint.Written) {
	if len(recorded.Found) == 0 {
		return
	}
	for _, e := range recorded.Events {
		if e.Kind == complaint.StepTaken {
			l.remember(e.Step.Submission, l.complaint.ResultFor(e.Step.By, e.Step.At))
		}
	}
}
