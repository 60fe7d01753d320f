package casework

import (
	"context"
	"errors"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/submission"
)

// reasonTargetOver says that a complaint which is itself merged or withdrawn can lead no duplicate.
const reasonTargetOver complaint.Reason = "target_over"

// target looks at the complaint to which a step links another, and says of it what the step can't:
// it must be one that the caller may know of, in the same organisation, still able to lead a
// duplicate, and not linked so before. The workflow of one complaint can't look at another.
func (o *Office) target(ctx context.Context, said submission.Submission) (*complaint.Leading, error) {
	linked := said.Facts.Linked
	if said.Step != complaint.Link || linked == nil || linked.Number == said.Number { // to itself: the complaint says no
		return nil, nil
	}
	here, err := o.visible(ctx, said.Number, said.By)
	if err != nil {
		return nil, err
	}
	organisation, _ := o.Rulebook.Now().Organisation(said.Number)
	if theirs, known := o.Rulebook.Now().Organisation(linked.Number); !known || theirs != organisation {
		return nil, badTarget("no_such_complaint", linked.Number)
	}
	target, err := o.visible(ctx, linked.Number, said.By)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, ErrNotFound) {
		return nil, badTarget("no_such_complaint", linked.Number)
	}
	if err != nil {
		return nil, err
	}
	if slices.Contains(here.Links, *linked) { // said to those alone who may know of the other
		return nil, badTarget(complaint.ReasonAlreadyDone, linked.Number)
	}
	if linked.Relation == complaint.Duplicates && (target.Outcome == complaint.Merged || target.Outcome == complaint.Withdrawn) {
		return nil, badTarget(reasonTargetOver, linked.Number)
	}
	return new(linked.LedBy(&target.Complaint, here.Customer.SameAs(target.Customer))), nil
}

// badTarget is a refusal of the step, so that its key is judged anew, which names the place of the
// number in the body.
func badTarget(reason complaint.Reason, number string) error {
	return &Violation{Pointer: "/number", Reason: reason, Name: number,
		refusal: &complaint.Refusal{Code: complaint.CodeRuleViolation, Reason: reason, Step: complaint.Link, Allowed: []complaint.StepName{}}}
}
