package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/confirmation"
	"recourse/internal/store/submission"
	"recourse/workflows"
)

// TakeSideStep takes a step of the process of a kind and an ID beside the main course, and returns
// what that waits for next.
func (o *Office) TakeSideStep(ctx context.Context, who Caller, number, kind, id string, said Act, key string) (complaint.SideTask, error) {
	c, err := o.Open(ctx, who, number)
	if errors.Is(err, ErrNotFound) {
		return o.takenBeside(ctx, who, number, said, key)
	}
	if err != nil {
		return complaint.SideTask{}, err
	}
	at := slices.IndexFunc(c.Sides, func(side complaint.Side) bool { return side.Kind == kind && side.ID == id })
	if at < 0 {
		return complaint.SideTask{}, ErrNotFound
	}
	by := who.Actor
	if side := c.Sides[at]; side.Person == by.Person && side.Role != "" && !by.Has(side.Role) {
		by.Roles = append(slices.Clone(by.Roles), side.Role) // whoever the step moved to stands in for that duty
	}
	if said, err = checkAct(c.Rules, o.People(who.Organisation), said); err != nil {
		return complaint.SideTask{}, err
	}
	stored, err := o.Submissions.Submit(ctx, submission.Submission{Number: number, Step: said.Step, By: by, Key: key, Body: said.Body, Facts: said.Facts})
	if err != nil {
		return complaint.SideTask{}, err
	}
	if stored.Result != nil { // its process may have begun anew since, and not know of it
		return o.recordedBeside(ctx, stored)
	}
	if err := o.tooLate(stored); err != nil {
		return complaint.SideTask{}, o.refused(ctx, stored, err)
	}
	task, err := o.Lives.takeBeside(ctx, workflows.SideID(number, kind, id), stored.AsStep())
	if errors.Is(err, ErrNoLife) {
		task, err = o.withoutSide(ctx, c.Sides[at], stored)
	}
	if err != nil {
		return complaint.SideTask{}, o.refused(ctx, stored, err)
	}
	return task, o.awaitRecord(ctx, stored)
}

// awaitRecord returns when the record has a step that was taken beside the main course: the process
// answers as soon as it knows what follows, and the complaint is told meanwhile. A complaint that
// doesn't record it is looked after: its workflow may be gone. When that takes longer than callers
// wait it is ErrUnanswered; whoever repeats the step then waits on.
func (o *Office) awaitRecord(ctx context.Context, stored submission.Stored) error {
	ctx, cancel := context.WithTimeout(ctx, o.Lives.Patience)
	defer cancel()
	look := time.NewTimer(confirmation.Patience)
	defer look.Stop()
	for pause := firstPause; ; pause = min(2*pause, slowestLook) {
		_, err := o.Record.OfSubmission(ctx, stored.Number, stored.ID)
		if err == nil || !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
			return err
		}
		select {
		case <-time.After(pause):
		case <-look.C:
			if err := o.Confirmations.Ask(ctx, stored.Number); err != nil {
				return err
			}
		case <-ctx.Done():
			return fmt.Errorf("%w: the record of %s doesn't have the step yet", ErrUnanswered, stored.Number)
		}
	}
}

// slowestLook is the longest pause between two looks whether the record has a step.
const slowestLook = 320 * time.Millisecond

// takenBeside answers whoever repeats a step that has ended their part in the complaint. To anybody
// else it doesn't exist.
func (o *Office) takenBeside(ctx context.Context, who Caller, number string, said Act, key string) (complaint.SideTask, error) {
	if key == "" {
		return complaint.SideTask{}, ErrNotFound
	}
	stored, err := o.Submissions.ByKey(ctx, who.Person, key)
	if err != nil {
		return complaint.SideTask{}, err
	}
	if stored.Number != number || stored.Step != said.Step || !bytes.Equal(stored.Body, said.Body) {
		return complaint.SideTask{}, ErrNotFound
	}
	return o.recordedBeside(ctx, stored)
}

// recordedBeside is what a process beside the main course waited for after a step, as it told the
// complaint; store.ErrNotFound when it has told nothing of that step.
func (o *Office) recordedBeside(ctx context.Context, stored submission.Stored) (complaint.SideTask, error) {
	row, err := o.Record.OfSubmission(ctx, stored.Number, stored.ID)
	if err != nil {
		return complaint.SideTask{}, err
	}
	if row.Step == nil || row.Step.Facts.Report == nil {
		return complaint.SideTask{}, ErrNotFound
	}
	state := row.Step.Facts.Report.State
	return complaint.SideTask{Step: complaint.StepName(state), Done: state == complaint.SideDone}, nil
}

// withoutSide answers a step of a process that isn't there, or no more: by the record when the step
// was taken before, else as closed; a process that the complaint takes for running has just begun,
// or just ended.
func (o *Office) withoutSide(ctx context.Context, side complaint.Side, stored submission.Stored) (complaint.SideTask, error) {
	task, err := o.recordedBeside(ctx, stored)
	if !errors.Is(err, store.ErrNotFound) {
		return task, err
	}
	if side.State != complaint.SideDone { // if it is lost, it begins anew in a moment
		return complaint.SideTask{}, errors.Join(ErrUnanswered, o.Confirmations.Ask(ctx, stored.Number))
	}
	return complaint.SideTask{}, &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Step: stored.Step}
}
