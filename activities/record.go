// Package activities holds all that touches the world for the workflows: one
// small struct for each concern. Each activity may run any number of times.
package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
	"recourse/internal/store/write"
)

// Record writes what happened to a complaint, and answers what its procedure
// makes of it, in one transaction.
type Record struct {
	Writes      *write.Store
	Recorded    *record.Store
	Submissions *submission.Store
	Rulebook    *rulebook.Rulebook
}

// Record is the activity workflows.RecordActivity. Where the record already
// holds something at this place, because a worker was killed before the history
// had it or because the workflow was reset, it answers with that instead. The same
// cause with other content is record.ErrConflict: it shows as a failing
// activity, and somebody has to look. A step that names somebody whom the
// directory doesn't know is refused.
func (r Record) Record(ctx context.Context, recording complaint.Write) (complaint.Written, error) {
	rules, err := r.rules(ctx, recording)
	if err != nil {
		return complaint.Written{}, fmt.Errorf("record %s: %w", recording.Complaint.Number, err)
	}
	if !knowsAllNamed(rules, recording.Happened) {
		return complaint.Written{Refused: complaint.ReasonUnknownName}, nil
	}
	if !mayAllBeSettled(rules, recording) {
		return complaint.Written{Refused: complaint.ReasonApprovalNeeded}, nil
	}
	followed := rules.Follow(recording)
	err = r.Writes.Commit(ctx, followed)
	switch {
	case errors.Is(err, record.ErrTaken):
		return r.found(ctx, recording, nil)
	case errors.Is(err, record.ErrConflict):
		return r.found(ctx, recording, err)
	case err != nil:
		return complaint.Written{}, err
	}
	return complaint.Written{Events: followed.Decided, Rows: followed.Complaint.Recorded}, nil
}

// rules are those by which a write is followed. The server may know of a publication a moment
// before this worker does: what is decided by the newest, or names what this worker doesn't know
// yet, is followed once it has looked.
func (r Record) rules(ctx context.Context, recording complaint.Write) (plan.Rules, error) {
	if recording.NeedsNewest() {
		if err := r.Rulebook.Refresh(ctx); err != nil {
			return plan.Rules{}, err
		}
	}
	procedure, version, calendar := recording.Rules()
	rules, err := r.Rulebook.Rules(ctx, procedure, version, calendar)
	if err != nil || knowsAllNamed(rules, recording.Happened) {
		return rules, err
	}
	if err := r.Rulebook.Refresh(ctx); err != nil {
		return plan.Rules{}, err
	}
	return r.Rulebook.Rules(ctx, procedure, version, calendar)
}

// knowsAllNamed reports whether the directory knows the departments and the people
// whom a step names. The edge has asked that of its steps; a signal comes past it.
func knowsAllNamed(rules plan.Rules, events []complaint.Event) bool {
	return !slices.ContainsFunc(events, func(e complaint.Event) bool {
		return e.Kind == complaint.StepTaken && len(rules.Strangers(e.Step.Facts)) > 0
	})
}

// mayAllBeSettled reports whether nothing is settled on the spot that others would have to approve:
// the case may have been judged anew since the edge asked.
func mayAllBeSettled(rules plan.Rules, recording complaint.Write) bool {
	return !slices.ContainsFunc(recording.Happened, func(e complaint.Event) bool {
		return e.Kind == complaint.StepTaken && len(rules.Unauthorised(recording.Complaint, *e.Step)) > 0
	})
}

// found answers with what is on the record from the place of this write on: whole
// writes, and no more of them than Temporal takes in one answer. Whoever is
// further behind finds the rest at the next write. conflict is why the store
// wouldn't: it stands unless the rows there begin with the same events, so that
// only the procedure's part (a changed directory, say) differs.
func (r Record) found(ctx context.Context, recording complaint.Write, conflict error) (complaint.Written, error) {
	there, err := r.after(ctx, complaint.Place{Number: recording.Complaint.Number, Recorded: recording.Before})
	if err != nil {
		return complaint.Written{}, err
	}
	if conflict != nil && !begins(there.Events, recording.Happened) {
		return complaint.Written{}, conflict
	}
	if len(there.Found) == 0 {
		return complaint.Written{}, fmt.Errorf("record %s: the rows from %d on have no cause: %w",
			recording.Complaint.Number, recording.Before+1, record.ErrConflict)
	}
	return there, nil
}

// after is what is on the record from a place on: whole writes, and no more of them than Temporal
// takes in one answer.
func (r Record) after(ctx context.Context, place complaint.Place) (complaint.Written, error) {
	var there []complaint.Event
	for more := true; more; {
		page, err := r.Recorded.Page(ctx, place.Number, place.Recorded+len(there), pageOfRecord)
		if err != nil {
			return complaint.Written{}, err
		}
		for _, row := range page {
			there = append(there, row.Event)
		}
		more = len(page) == pageOfRecord
		if last := lastWrite(there); more && last > 0 { // it may go on in the next page
			there, more = there[:last], false
		}
	}
	return complaint.Written{Events: there, Rows: place.Recorded + len(there), Found: complaint.CausesOf(there)}, nil
}

// Ahead is the activity workflows.AheadActivity: what the record has beyond a place, or the
// registration where it has nothing yet. One that can't begin a complaint is noted as refused, and
// isn't answered.
func (r Record) Ahead(ctx context.Context, place complaint.Place) (complaint.Ahead, error) {
	written, err := r.after(ctx, place)
	if err != nil || written.Rows > 0 {
		return complaint.Ahead{Written: written}, err
	}
	stored, err := r.Submissions.Waiting(ctx, place.Number)
	if errors.Is(err, store.ErrNotFound) {
		return complaint.Ahead{}, nil
	}
	if err != nil {
		return complaint.Ahead{}, err
	}
	step, begun := stored.AsStep(), complaint.Complaint{Number: place.Number}
	if refusal := begun.Check(step); refusal != nil {
		return complaint.Ahead{}, r.Submissions.Refuse(ctx, stored.ID, *refusal)
	}
	return complaint.Ahead{Registration: &step}, nil
}

const pageOfRecord = 200

// lastWrite is where the last write among the events begins: with its cause.
func lastWrite(events []complaint.Event) int {
	for i := len(events) - 1; i > 0; i-- {
		if len(complaint.CausesOf(events[i:i+1])) > 0 {
			return i
		}
	}
	return 0
}

// begins reports whether the events begin with these, apart from when they were
// made: a signal that Temporal brings again has come later than the first time.
func begins(events, with []complaint.Event) bool {
	if len(events) < len(with) {
		return false
	}
	for i := range with {
		a, b := events[i], with[i]
		a.At = b.At
		if a.Step != nil && b.Step != nil {
			step := *a.Step
			step.At, a.Step = b.Step.At, &step
		}
		x, errX := json.Marshal(a)
		y, errY := json.Marshal(b)
		if errX != nil || errY != nil || !bytes.Equal(x, y) {
			return false
		}
	}
	return true
}
