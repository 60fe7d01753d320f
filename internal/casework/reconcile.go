package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/submission"
	"recourse/workflows"
)

// Reconciled is a complaint whose workflow knew more than its record, and was set back to it.
type Reconciled struct {
	Number string
	// Knew is how many rows of the record the workflow knew, and Recorded how many there are. They
	// are the same where it was set back before, and what came since was not all taken again.
	Knew, Recorded int
	// Lost are the steps whose words the database has lost. Their coded facts are recorded again.
	Lost []complaint.Step
	// Refused are those that couldn't be taken again.
	Refused []complaint.Step
}

// Reconcile sets the workflow of a complaint back to where its record is, where the database lost
// what the workflow was answered. The steps since come to it again and are recorded anew, with what
// the workflow has of them: their words are gone. When all is done it is told, and only then
// forgotten: whatever stops it, the next one goes on from there. It reports whether anything was
// lost.
func (o *Office) Reconcile(ctx context.Context, number string, tell func(Reconciled) error) (lost bool, err error) {
	knew, err := o.Lives.recorded(ctx, number)
	if err := ignoring(err, ErrNoLife); err != nil {
		return false, err
	}
	// Asked after the workflow: what is written meanwhile is no loss.
	recorded, err := o.Confirmations.Recorded(ctx, number)
	if err := ignoring(err, store.ErrNotFound); err != nil {
		return false, err
	}
	if knew > recorded {
		if err := o.setBack(ctx, number, knew, recorded); err != nil {
			return true, err
		}
	}
	brought, err := o.Submissions.BroughtBack(ctx, number)
	if lost = knew > recorded || len(brought) > 0; err != nil || !lost {
		return lost, err
	}
	done := Reconciled{Number: number, Knew: max(knew, recorded), Recorded: recorded}
	if err := o.takeAgain(ctx, &done, brought); err != nil {
		return true, err
	}
	if err := tell(done); err != nil {
		return true, err
	}
	return true, o.Submissions.ForgetBroughtBack(ctx, number)
}

// setBack brings back what the database lost of a complaint's steps, and sets its workflow back to
// its record.
func (o *Office) setBack(ctx context.Context, number string, knew, recorded int) error {
	to, err := o.Lives.historyOf(ctx, number, recorded)
	if err != nil {
		return err
	}
	if to.until == 0 {
		return fmt.Errorf("nothing in the history of %s says how it came to row %d", number, knew)
	}
	beside := map[string]complaint.StepName{} // what each process waits for
	file, err := o.Reading.Complaint(ctx, number)
	if err := ignoring(err, store.ErrNotFound); err != nil {
		return err
	}
	for _, side := range file.Sides {
		beside[workflows.SideID(number, side.Kind, side.ID)] = complaint.StepName(side.State)
	}
	for i, step := range to.steps {
		lost := submission.Lost{Step: step, Place: i}
		if report := step.Facts.Report; report != nil { // the words are those of the step that it waited for
			id := workflows.SideID(number, report.Side, report.ID)
			lost.Beside = true
			lost.Step = complaint.Step{Name: cmp.Or(beside[id], complaint.Report), Submission: report.Submission, At: step.At,
				By: complaint.Actor{Person: report.TakenBy}, Facts: complaint.Facts{Side: report.Said}}
			beside[id] = complaint.StepName(report.State)
		}
		if lost.Name == "" { // a signal that named a submission: nothing else is known of it
			continue
		}
		if err := o.restore(ctx, number, lost); err != nil {
			return err
		}
	}
	return o.Lives.setBack(ctx, number, to)
}

// takeAgain takes the steps again that were brought back, one after the other. Those of processes
// beside the complaint come by themselves.
func (o *Office) takeAgain(ctx context.Context, done *Reconciled, brought []submission.BroughtBack) error {
	for _, one := range brought {
		if one.Erased {
			done.Lost = append(done.Lost, one.AsStep())
		}
		refused := one.State == submission.Refused
		if !one.Beside && one.State == submission.Pending {
			_, err := o.ask(ctx, one.Stored)
			if _, refused = errors.AsType[*complaint.Refusal](err); !refused && err != nil {
				return fmt.Errorf("take %s again: %w", one.Step, err)
			}
			_ = o.refused(ctx, one.Stored, err) // named below
		}
		if refused {
			done.Refused = append(done.Refused, one.AsStep())
		}
	}
	return nil
}

// restore stores anew what the database has lost of a step.
func (o *Office) restore(ctx context.Context, number string, lost submission.Lost) error {
	registration := lost.Facts.Registration
	if lost.Name != complaint.Register || registration == nil {
		return o.Submissions.Restore(ctx, number, lost)
	}
	rules, err := o.Rulebook.Version(ctx, registration.Procedure, registration.Version)
	if err != nil {
		return err
	}
	year := lost.At.In(zoneOf(o.Rulebook.Now(), rules)).Year()
	return o.Submissions.RestoreRegistered(ctx, number, lost, rules.NumberPattern.Pattern, year)
}
