package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/submission"
)

// Reconciled is a workflow that knew more than its record, and was set back to it.
type Reconciled struct {
	Number string
	// Knew is how many rows of the record the workflow knew, and Recorded how many there are.
	Knew, Recorded int
	// Lost are the steps whose words the database has lost. Their coded facts are recorded again.
	Lost []complaint.Step
	// Refused are those that couldn't be taken again.
	Refused []complaint.Step
}

// Reconcile sets the workflow of a complaint back to where its record is, where the database lost
// what the workflow was answered. The steps since come to it again and are recorded anew, with what
// the workflow has of them: their words are gone. It returns nil where nothing was lost.
func (o *Office) Reconcile(ctx context.Context, number string) (*Reconciled, error) {
	knew, err := o.Lives.recorded(ctx, number)
	if err != nil {
		return nil, err
	}
	// Asked after the workflow: what is written meanwhile is no loss.
	recorded, err := o.Confirmations.Recorded(ctx, number)
	if err := ignoring(err, store.ErrNotFound); err != nil {
		return nil, err
	}
	if knew <= recorded {
		return nil, nil
	}
	to, err := o.Lives.historyOf(ctx, number, recorded)
	if err != nil {
		return nil, err
	}
	if to.until == 0 {
		return nil, fmt.Errorf("nothing in the history of %s says how it came to row %d", number, knew)
	}
	done := &Reconciled{Number: number, Knew: knew, Recorded: recorded}
	for _, step := range to.steps {
		lost, err := o.restore(ctx, number, step)
		if err != nil {
			return nil, err
		}
		if lost {
			done.Lost = append(done.Lost, step)
		}
	}
	if err := o.Lives.setBack(ctx, number, to); err != nil {
		return nil, err
	}
	return done, o.takeAgain(ctx, done, to.steps)
}

// takeAgain takes the steps again that came since, one after the other.
func (o *Office) takeAgain(ctx context.Context, done *Reconciled, steps []complaint.Step) error {
	for _, step := range steps {
		if step.Name == complaint.Report || step.Submission == "" {
			continue
		}
		stored, err := o.Submissions.One(ctx, step.Submission)
		if err != nil {
			return err
		}
		if stored.State != submission.Pending {
			continue
		}
		_, err = o.ask(ctx, stored)
		if _, refused := errors.AsType[*complaint.Refusal](err); refused {
			done.Refused = append(done.Refused, step)
			err = nil
		}
		if err != nil {
			return fmt.Errorf("take %s again: %w", step.Name, err)
		}
	}
	return nil
}

// restore stores anew what the database has lost of a step.
func (o *Office) restore(ctx context.Context, number string, step complaint.Step) (lost bool, err error) {
	registration := step.Facts.Registration
	if step.Name != complaint.Register || registration == nil {
		if report := step.Facts.Report; report != nil { // the words are those of the step beside
			step = complaint.Step{Name: complaint.StepName(report.State), Submission: report.Submission, By: complaint.Actor{Person: report.TakenBy}, At: o.Now().UTC()}
			if report.Said != nil {
				step.Facts.Side = report.Said
			}
		}
		return o.Submissions.Restore(ctx, number, step)
	}
	rules, err := o.Rulebook.Version(ctx, registration.Procedure, registration.Version)
	if err != nil {
		return false, err
	}
	zone := time.UTC
	if calendar, known := o.Rulebook.Now().Calendars()[rules.Calendar]; known {
		zone = calendar.Zone()
	}
	return o.Submissions.RestoreRegistered(ctx, number, step, rules.NumberPattern.Pattern, step.At.In(zone).Year())
}
