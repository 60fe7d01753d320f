package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/internal/store/away"
	"recourse/internal/store/reading"
)

// EnterAbsence stores an absence. What the person has open moves on at once when they are away by
// now, else when they are: moved are the complaints, of those that the caller may know of, and
// failed those that couldn't be moved.
func (o *Office) EnterAbsence(ctx context.Context, who Caller, person complaint.PersonID, from, until time.Time) (absence away.Absence, moved, failed []string, err error) {
	if err := o.maySayAway(who, person); err != nil {
		return away.Absence{}, nil, nil, err
	}
	from, until = from.UTC().Truncate(time.Microsecond), until.UTC().Truncate(time.Microsecond) // as they are kept
	if !from.Before(until) {
		return away.Absence{}, nil, nil, violation("/until", "ends_before_it_begins", "")
	}
	if !until.After(o.Now()) {
		return away.Absence{}, nil, nil, violation("/until", complaint.ReasonDateInPast, "")
	}
	absence, err = o.Absences.Enter(ctx, away.Absence{Person: person, From: from, To: until, EnteredBy: who.Person})
	if err == nil {
		err = o.Rulebook.Refresh(ctx)
	}
	if err != nil || from.After(o.Now()) {
		return absence, nil, nil, err // moveBegun moves it when the time comes
	}
	moved, failed, err = o.moveDuties(ctx, absence, func(c *complaint.Complaint) bool {
		return c.Admits(complaint.Rebase, who.Actor) // what the caller may know the number of
	})
	return absence, moved, failed, err
}

// EndAbsence ends an absence now; nothing moves back. What is over stays so.
func (o *Office) EndAbsence(ctx context.Context, who Caller, person complaint.PersonID, id string) error {
	if err := o.maySayAway(who, person); err != nil {
		return err
	}
	there, err := o.Absences.Of(ctx, person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(there, func(a away.Absence) bool { return a.ID == id }) {
		return ErrNotFound
	}
	err = o.Absences.End(ctx, person, id, o.Now())
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: it was over before
		return err
	}
	return o.Rulebook.Refresh(ctx)
}

// maySayAway: a person's absences are theirs to enter and end, those of the managers above them,
// and of administrators. Whoever only oversees moves nobody's duties.
func (o *Office) maySayAway(who Caller, person complaint.PersonID) error {
	edition := o.Rulebook.Now()
	whose, organisation, err := edition.Actor(person, o.Now())
	if err != nil || organisation != who.Organisation {
		return ErrNotFound
	}
	if person == who.Person || who.Has(complaint.Director, complaint.GeneralManager, complaint.Administrator) {
		return nil
	}
	if rules, followed := edition.Procedure(organisation); !followed || !who.Has(rules.Duty(complaint.DepartmentHead, whose.Department)) {
		return ErrForbidden
	}
	return nil
}

// moveBegun moves the duties of those who are away at a time, for absences that were entered ahead
// or while Temporal was away.
func (o *Office) moveBegun(ctx context.Context, now time.Time) error {
	absences, err := o.Absences.Since(ctx, now)
	if err != nil {
		return err
	}
	var stuck []string
	for _, absence := range absences {
		if now.Before(absence.From) {
			continue
		}
		_, failed, err := o.moveDuties(ctx, absence, anyNumber)
		if err != nil {
			return err
		}
		stuck = append(stuck, failed...)
	}
	if len(stuck) > 0 {
		return fmt.Errorf("%s can't be moved on: %s", phrase.Counted(len(stuck), "complaint"), strings.Join(stuck[:min(len(stuck), mostNamed)], ", "))
	}
	return nil
}

const (
	mostNamed = 20 // complaints in one line of the log
	// stuckAfter is how long one complaint may keep the others waiting.
	stuckAfter = 3 * time.Second
)

// anyNumber tells all that moved, where nobody is told.
func anyNumber(*complaint.Complaint) bool { return true }

// moveDuties sends each complaint in which somebody absent has a duty the step that moves it on.
// One that is stuck is noted, and the others go on. Repeated, it moves nothing twice: a step has
// the absence's and the complaint's name for its key.
func (o *Office) moveDuties(ctx context.Context, absence away.Absence, mayTell func(*complaint.Complaint) bool) (moved, failed []string, err error) {
	who, _, err := o.Rulebook.Now().Actor(absence.Person, absence.From)
	if errors.Is(err, rulebook.ErrStranger) { // left the organisation meanwhile
		who, err = complaint.Actor{Person: absence.Person}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	numbers, err := o.Reading.OpenComplaintsOf(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	for _, number := range numbers {
		file, done, err := o.moveDuty(ctx, absence, who, number)
		switch {
		case err != nil && !o.alone(ctx, err):
			return nil, nil, err // Temporal is away: the others would only wait as long
		case err != nil:
			o.Log.WarnContext(ctx, "a duty of somebody absent isn't moved on", "number", number, "error", err)
			if mayTell(&file.Complaint) {
				failed = append(failed, number)
			}
		case done && mayTell(&file.Complaint):
			moved = append(moved, number)
		}
	}
	return moved, failed, nil
}

// moveDuty moves what somebody absent has of one complaint; done is false where they have nothing.
func (o *Office) moveDuty(ctx context.Context, absence away.Absence, who complaint.Actor, number string) (file reading.File, done bool, err error) {
	if file, err = o.Reading.Complaint(ctx, number); err != nil || !file.OnDuty(who) {
		return file, false, err
	}
	err = o.substitute(ctx, number, "absence/"+absence.ID+"/"+number, complaint.Absent{Person: absence.Person})
	return file, err == nil, err
}
