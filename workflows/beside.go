package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// beside takes the effect of the steps that belong to no stage: they may come
// at any time and leave the main course where it is, or end it. It reports
// false for a step of the main course, which is the stage's own to take.
func (l *life) beside(ctx workflow.Context, step complaint.Step) bool {
	switch step.Name {
	case complaint.Withdraw:
		l.enter(ctx, l.conclude(complaint.Withdrawn))
	case complaint.Link:
		if step.Facts.Linked.Relation == complaint.Duplicates {
			l.enter(ctx, l.conclude(complaint.Merged))
		}
	case complaint.Close:
		if l.complaint.Stage == complaint.Closing && step.Facts.Closing.Outcome == complaint.Resolved {
			return false
		}
		l.enter(ctx, l.conclude(step.Facts.Closing.Outcome))
	case complaint.Approve, complaint.Refuse:
		return step.Facts.Decision.Matter != complaint.MatterProposal
	case complaint.Resume:
		l.resume(l.event(complaint.Resumed), func(complaint.OpenMatter) bool { return true })
	case complaint.Escalate:
		reached := l.event(complaint.TierReached)
		reached.Tier = l.complaint.Tier() + 1
		l.happened(reached)
	case complaint.Acknowledge:
		asked, _ := l.complaint.AskedOf(step) // there is one: the step was judged by it
		ref := l.complaint.RungAfter(asked)
		skipped := l.event(complaint.RungSkipped)
		skipped.Rung = &ref
		l.happened(skipped)
	case complaint.Suspend, complaint.MarkSpecial, complaint.RequestSupport, complaint.GiveSupport, complaint.Inform,
		complaint.Visit, complaint.Assess, complaint.Extend, complaint.Reassign, complaint.TakeOver, complaint.Instruct,
		complaint.CallOutDone, complaint.Note, complaint.Substitute, complaint.Rebase, complaint.Report:
		// Folded into the complaint; what follows from it the procedure answers.
	default:
		return false
	}
	return true
}

// resume ends the open matters in force that are meant.
func (l *life) resume(resumed complaint.Event, meant func(complaint.OpenMatter) bool) {
	for _, matter := range l.complaint.InForce() {
		if meant(matter) {
			resumed.Matter = &matter
			l.happened(resumed)
		}
	}
}
