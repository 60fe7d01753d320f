package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

// Act is what somebody says to take a step, to register, or to take a step beside the main course:
// the coded facts for the workflow, and the whole of it, with its words, for the database.
type Act struct {
	Step  complaint.StepName
	Facts complaint.Facts
	// ExpectedRevision is 0 when the sender expects none.
	ExpectedRevision int
	// Fields are values of the form's fields, by name: of a registration also those that it filled
	// with what it carries of other steps.
	Fields map[string]any
	// Carried are the latter by themselves, by the place in the body of what fills them.
	Carried map[string]map[string]any
	// Body is what was sent, written anew: the same content is the same text, however it was
	// spaced.
	Body json.RawMessage
}

// TakeStep takes a step for the caller. A key that was answered gets the first answer.
func (o *Office) TakeStep(ctx context.Context, who Caller, number string, said Act, key string) (complaint.Result, error) {
	if err := o.InOrganisation(who, number); err != nil {
		return complaint.Result{}, err
	}
	c, err := o.admitted(ctx, who.Actor, number, said.Step, key)
	if err != nil {
		return complaint.Result{}, err
	}
	if said, err = o.check(ctx, c, who, said); err != nil {
		return complaint.Result{}, err
	}
	if err := o.notErased(ctx, number, said); err != nil {
		return complaint.Result{}, err
	}
	return o.take(ctx, submission.Submission{Number: number, Step: said.Step, By: who.Actor, Key: key,
		Body: said.Body, Facts: said.Facts, ExpectedRevision: said.ExpectedRevision})
}

// notErased refuses to put details right of a customer whose details were erased: they would be
// there again.
func (o *Office) notErased(ctx context.Context, number string, said Act) error {
	if put := said.Facts.Correction; put == nil || len(put.Corrected) == 0 {
		return nil
	}
	file, err := o.Reading.Complaint(ctx, number)
	if err == nil && file.Customer.Erased {
		err = violation("/customer", "details_erased", "")
	}
	return err
}

// admitted is a complaint that the caller may know of by the step. To anybody else it doesn't
// exist, before a word of theirs is checked or stored; but whoever repeats a step that was taken,
// which may have ended their part, is still to get its answer.
func (o *Office) admitted(ctx context.Context, by complaint.Actor, number string, step complaint.StepName, key string) (*complaint.Complaint, error) {
	file, err := o.Reading.Complaint(ctx, number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil && file.Standing != reading.Refused && file.Admits(step, by) {
		return &file.Complaint, nil
	}
	// Asked for a number that nobody has as for one that they may not know of: the time tells
	// nothing.
	if key != "" {
		taken, err := o.Submissions.ByKey(ctx, by.Person, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil && taken.Number == number && taken.Step == step && taken.Result != nil {
			return &file.Complaint, nil
		}
	}
	return nil, ErrNotFound
}

// check checks what a step says against the procedure that the complaint goes by, and answers it
// with all of its facts.
func (o *Office) check(ctx context.Context, c *complaint.Complaint, who Caller, said Act) (Act, error) {
	rules, err := o.rules(ctx, c)
	if err != nil {
		return said, err
	}
	people := o.People(who.Organisation)
	if said, err = checkAct(rules, people, said); err != nil {
		return said, err
	}
	step := complaint.Step{Name: said.Step, By: who.Actor, At: o.Now(), Facts: said.Facts}
	return said, fitting(plan.Rules{Procedure: rules, Directory: people}.Unauthorised(*c, step))
}

// take stores a step and hands it to the workflow. A key that was answered gets the first answer.
func (o *Office) take(ctx context.Context, submission submission.Submission) (complaint.Result, error) {
	var err error
	if submission.Search, err = foundBy(submission); err != nil {
		return complaint.Result{}, err
	}
	stored, err := o.Submissions.Submit(ctx, submission)
	if err != nil {
		return complaint.Result{}, err
	}
	if stored.Result != nil {
		return *stored.Result, nil
	}
	if err := o.tooLate(stored); err != nil {
		return complaint.Result{}, o.refused(ctx, stored, err)
	}
	if stored.Facts.Leading, err = o.target(ctx, stored.Submission); err != nil {
		return complaint.Result{}, o.refused(ctx, stored, err)
	}
	result, err := o.ask(ctx, stored)
	if errors.Is(err, ErrNoLife) {
		return o.withoutLife(ctx, stored)
	}
	if err != nil {
		return complaint.Result{}, o.refused(ctx, stored, err)
	}
	o.answered.note(stored)
	return result, nil
}

// UsualStepCounts is how long a step keeps the time at which it was stored, in production.
const UsualStepCounts = 4 * time.Hour

// tooLate refuses a step that is repeated so long after it was stored that no outage explains it:
// by its time it would count before what people have seen happen since. Its key is judged anew.
func (o *Office) tooLate(stored submission.Stored) error {
	if !stored.Repeated || o.Now().Sub(stored.At) <= o.StepCounts {
		return nil
	}
	return &complaint.Refusal{Code: complaint.CodeStaleRevision, Reason: complaint.ReasonSentLongAgo, Step: stored.Step, Allowed: []complaint.StepName{}}
}

// ask hands a stored step to the workflow. A refusal by one that is behind its record is none, and
// so is the absence of one while the complaint lives: it is brought up to date, and asked again.
func (o *Office) ask(ctx context.Context, stored submission.Stored) (complaint.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, o.Lives.Patience)
	defer cancel()
	pause := firstPause
	for try := 1; ; try++ {
		result, err := o.Lives.take(ctx, stored.Number, stored.AsStep())
		behind, looked := o.behind(ctx, stored.Number, err)
		switch {
		case looked != nil:
			return complaint.Result{}, looked
		case !behind:
			return result, err
		case try == behindTries:
			return complaint.Result{}, fmt.Errorf("%w: it is behind its record", ErrUnanswered)
		case try > 1 || errors.Is(err, ErrNoLife): // a write that is just being finished has passed by now
			if err := o.waken(ctx, stored.Number); err != nil {
				return complaint.Result{}, err
			}
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return complaint.Result{}, fmt.Errorf("%w: %w", ErrUnanswered, ctx.Err())
		}
	}
}

// withoutLife answers a step on a complaint that no workflow lives for. The database knows why:
// there never was one, its registration is still to be relayed, or it has ended.
func (o *Office) withoutLife(ctx context.Context, stored submission.Stored) (complaint.Result, error) {
	answered, err := o.Submissions.One(ctx, stored.ID)
	if err != nil {
		return complaint.Result{}, err
	}
	if answered.Result != nil { // taken meanwhile, by the same key
		return *answered.Result, nil
	}
	file, err := o.Reading.Complaint(ctx, stored.Number)
	if err != nil {
		return complaint.Result{}, err
	}
	c := &file.Complaint
	switch {
	case file.Standing == reading.Refused || !c.Admits(stored.Step, stored.By):
		return complaint.Result{}, ErrNotFound
	case !c.Over():
		return complaint.Result{}, fmt.Errorf("%w: %w", ErrUnanswered, ErrNoLife)
	}
	refusal := &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Step: stored.Step, Stage: c.Stage, Allowed: []complaint.StepName{}}
	return complaint.Result{}, o.refused(ctx, stored, refusal)
}
