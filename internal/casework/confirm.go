package casework

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/confirmation"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/workflows"
)

const (
	// behindTries is how often a workflow is asked that is behind its record: with pauses of 20 ms,
	// 40 ms, … 1.28 s it has two and a half seconds to catch up.
	behindTries = 8

	confirmLease = 5 * time.Second
	confirmBatch = 80
)

// behind reports whether what a workflow answered says nothing, for it doesn't know all of its
// complaint's record, or isn't there though the complaint lives.
func (o *Office) behind(ctx context.Context, number string, answered error) (bool, error) {
	if errors.Is(answered, ErrNoLife) {
		file, err := o.Reading.Complaint(ctx, number)
		return err == nil && file.Standing != reading.Refused && !file.Over(), ignoring(err, store.ErrNotFound)
	}
	refusal, is := errors.AsType[*complaint.Refusal](answered)
	if !is || refusal.Known == nil {
		return false, nil
	}
	recorded, err := o.Confirmations.Recorded(ctx, number)
	// While it knows of no registration, nobody was told that there is none.
	return err == nil && (recorded > *refusal.Known || *refusal.Known == 0), err
}

// waken has the workflow of a complaint take over its record.
func (o *Office) waken(ctx context.Context, number string) error {
	file, err := o.Reading.Complaint(ctx, number)
	if err != nil {
		return err
	}
	return o.Lives.wake(ctx, &file.Complaint)
}

// answeredSteps are those that workflows have answered, until the database knows of it. The zero
// value is ready.
type answeredSteps struct {
	sync.Mutex
	all []confirmation.Answered
}

// mostAnswered bounds what is kept while the database is away. Whatever is forgotten is asked of
// the workflows.
const mostAnswered = 10_000

func (a *answeredSteps) note(stored submission.Stored) {
	a.Lock()
	defer a.Unlock()
	if len(a.all) < mostAnswered {
		a.all = append(a.all, confirmation.Answered{Number: stored.Number, Submission: stored.ID})
	}
}

func (a *answeredSteps) take() []confirmation.Answered {
	a.Lock()
	defer a.Unlock()
	all := a.all
	a.all = nil
	return all
}

// confirmWaiting asks the workflows that haven't confirmed what was written, until all were asked.
// What one of them doesn't answer keeps no other waiting.
func (o *Office) confirmWaiting(ctx context.Context) error {
	if err := o.Confirmations.Answered(ctx, o.answered.take()); err != nil {
		return err
	}
	for {
		if err := o.Lives.Ping(ctx); err != nil { // all of them would be asked in vain
			return err
		}
		numbers, err := o.Confirmations.Claim(ctx, confirmBatch, confirmLease)
		if err != nil || len(numbers) == 0 {
			return err
		}
		var group errgroup.Group
		group.SetLimit(relayAtOnce)
		for _, number := range numbers {
			group.Go(func() error {
				revived, err := o.Confirm(ctx, number)
				if revived {
					o.Log.WarnContext(ctx, "the workflow was behind its record, and takes it over", "number", number)
				}
				return store.Failed(err, "confirm %s", number)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

// Confirm asks the workflow of a complaint, and those beside it, whether they are where the record
// is. Those that aren't are brought there: revived reports that one was.
func (o *Office) Confirm(ctx context.Context, number string) (revived bool, err error) {
	file, err := o.Reading.Complaint(ctx, number)
	if err != nil {
		return false, err
	}
	recorded, err := o.Lives.recorded(ctx, number)
	switch {
	case file.Standing == reading.Pending: // whoever claims its registration begins it; this is to be sure
		return true, o.Lives.wake(ctx, &file.Complaint)
	case errors.Is(err, ErrNoLife) && file.Over():
		return false, o.Confirmations.Confirm(ctx, number, file.Recorded)
	case errors.Is(err, ErrNoLife), err == nil && recorded < file.Recorded:
		if err := o.Lives.wake(ctx, &file.Complaint); err != nil {
			return false, err
		}
		_, err := o.confirmBeside(ctx, &file.Complaint)
		return true, err
	case err != nil:
		return false, err
	}
	if revived, err = o.confirmBeside(ctx, &file.Complaint); err != nil {
		return revived, err
	}
	return revived, o.Confirmations.Confirm(ctx, number, recorded)
}

// confirmBeside holds the processes beside a complaint and its record to each other. What one of
// them has said, and the record lacks, the complaint is told again. One that is lost, or that knows
// less than the record since it was restored with an older Temporal, begins anew from the record.
func (o *Office) confirmBeside(ctx context.Context, c *complaint.Complaint) (revived bool, err error) {
	for _, recorded := range c.Sides {
		id := workflows.SideID(c.Number, recorded.Kind, recorded.ID)
		runs, ended, err := o.Lives.standsBeside(ctx, id)
		if err != nil {
			return revived, err
		}
		done := recorded.State == complaint.SideDone
		if done && !runs {
			continue
		}
		reports, err := o.Lives.saidBeside(ctx, id)
		if err != nil && (runs || !neverBegan(err)) {
			return revived, err
		}
		told, err := o.tellUnheard(ctx, c.Number, reports)
		revived = revived || told
		switch {
		case err != nil:
			return revived, err
		case told, ended, runs && !isBehind(reports, recorded.State):
			continue // what was told is on the record in a moment, and then it is looked at again
		case done:
			err = o.Lives.endBeside(ctx, id)
		default:
			err = o.beginBeside(ctx, c, recorded)
		}
		if err != nil {
			return revived, err
		}
		revived = true
	}
	return revived, nil
}

// tellUnheard tells a complaint what a process beside it has said and its record lacks: the
// workflow that was told is gone, and the one that began anew from the record has never heard it.
func (o *Office) tellUnheard(ctx context.Context, number string, reports []complaint.SideReport) (told bool, err error) {
	if len(reports) == 0 {
		return false, nil
	}
	var causes []string
	for _, report := range reports {
		id := workflows.ReportID(report)
		causes = append(causes, complaint.CauseOfStep(id), complaint.CauseOfRefusal(id))
	}
	written, err := o.Record.Written(ctx, number, causes)
	if err != nil {
		return false, err
	}
	for i, report := range reports {
		if slices.Contains(written, causes[2*i]) || slices.Contains(written, causes[2*i+1]) {
			continue
		}
		if err := o.Lives.tell(ctx, number, report); err != nil {
			return told, err
		}
		told = true
	}
	return told, nil
}

// isBehind reports whether a process beside a complaint has never come to where the record knows it
// to be.
func isBehind(reports []complaint.SideReport, recorded string) bool {
	return len(reports) > 0 && recorded != complaint.SideOpen &&
		!slices.ContainsFunc(reports, func(report complaint.SideReport) bool { return report.State == recorded })
}

// beginBeside begins a process beside a complaint anew, from where the record knows it to be.
func (o *Office) beginBeside(ctx context.Context, c *complaint.Complaint, of complaint.Side) error {
	from, err := o.besideFrom(ctx, c, of)
	if err != nil {
		return err
	}
	return o.Lives.beginBeside(ctx, from)
}

// besideFrom is how far a process beside a complaint has come, as the complaint's record knows it.
func (o *Office) besideFrom(ctx context.Context, c *complaint.Complaint, of complaint.Side) (workflows.Side, error) {
	from := workflows.Side{Number: c.Number, Kind: of.Kind, ID: of.ID, Procedure: c.Terms.Procedure, Version: c.Terms.Version,
		Department: c.People.Department, Subjects: slices.Clone(c.Subjects), SeenBy: c.People.SeenBy, Resumed: &workflows.Resumed{}}
	for after := 0; ; after += rowsAtOnce {
		rows, err := o.Record.Page(ctx, c.Number, after, rowsAtOnce)
		if err != nil {
			return from, err
		}
		for _, row := range rows {
			if err := o.foldBeside(ctx, &from, row.Event); err != nil {
				return from, err
			}
		}
		if len(rows) < rowsAtOnce {
			break
		}
	}
	from.Resumed.Step = max(0, slices.Index(from.Steps, of.State))
	return from, nil
}

// rowsAtOnce is how many rows of a record are read at a time.
const rowsAtOnce = 500

// foldBeside takes in what a row of the complaint's record says of the process beside it.
func (o *Office) foldBeside(ctx context.Context, side *workflows.Side, e complaint.Event) error {
	if started := e.Side; e.Kind == complaint.SideStarted && started.Kind == side.Kind && started.ID == side.ID {
		side.Steps, side.Resumed.At = started.Steps, e.At
	}
	if e.Kind != complaint.StepTaken || e.Step.Facts.Report == nil {
		return nil
	}
	report := e.Step.Facts.Report
	if report.Side != side.Kind || report.ID != side.ID {
		return nil
	}
	if report.Rung != "" {
		side.Resumed.Fired = append(side.Resumed.Fired, report.Rung)
	}
	if report.Submission == "" {
		return nil
	}
	taken := e.At
	stored, err := o.Submissions.One(ctx, report.Submission)
	if err == nil {
		taken = stored.At
	}
	side.Resumed.At, side.Resumed.Agreed, side.Resumed.Fired = taken, report.Said.Agreed(), nil
	if report.Said != nil { // who is judged takes no further part in it
		side.Subjects = append(side.Subjects, report.Said.People...)
	}
	return ignoring(err, store.ErrNotFound)
}
