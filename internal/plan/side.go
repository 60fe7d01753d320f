package plan

import (
	"recourse/internal/complaint"
)

// SideStep answers the next step of a side process: who takes it, by when, and
// who is told as its time runs out. Steps whose condition doesn't hold were
// decided when the process began; here they come in order.
func (r Rules) SideStep(q complaint.SideQuestion) complaint.SideTask {
	side, known := r.Procedure.Side(q.Kind)
	if !known || q.Step >= len(side.Steps) {
		return complaint.SideTask{Done: true}
	}
	rule := side.Steps[q.Step]
	p := &planner{Rules: r, at: q.At, c: complaint.Complaint{Number: q.Number, Subjects: q.Subjects,
		People: complaint.People{Department: q.Department}}}
	clock := complaint.Deadline{Name: q.Kind, StartedAt: q.At, DueAt: r.Calendar.Due(q.At, rule.Within).At, Within: rule.Within.String()}
	p.ladder(&clock, rule.Ladder.Rungs, rule.TellIn, rule.Within)
	return complaint.SideTask{Step: complaint.StepName(rule.ID), Role: p.duty(rule.By), Person: p.holder(rule.By),
		DueAt: clock.DueAt, Rungs: clock.Rungs}
}
