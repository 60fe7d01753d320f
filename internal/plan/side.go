package plan

import (
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// SideStep answers the next step of a side process: who takes it, by when, and
// who is told as its time runs out.
func (r Rules) SideStep(q complaint.SideQuestion) complaint.SideTask {
	side, known := r.Procedure.Side(q.Kind)
	if !known || q.Step >= len(q.Steps) {
		return complaint.SideTask{Done: true}
	}
	at := slices.IndexFunc(side.Steps, func(s procedure.SideStep) bool { return s.ID == q.Steps[q.Step] })
	if at < 0 {
		return complaint.SideTask{Done: true}
	}
	rule := side.Steps[at]
	p := &planner{Rules: r, at: q.At, c: complaint.Complaint{Number: q.Number, Subjects: q.Subjects,
		People: complaint.People{Department: q.Department, SeenBy: q.SeenBy}}}
	clock := complaint.Deadline{Name: q.Kind, StartedAt: q.At, DueAt: r.Calendar.Due(q.At, rule.Within).At, Within: rule.Within.String()}
	p.ladder(&clock, rule.Ladder.Rungs, rule.TellIn, rule.Within)
	return complaint.SideTask{Step: complaint.StepName(rule.ID), Role: p.duty(rule.By), Person: p.somebody(rule.By),
		DueAt: clock.DueAt, Rungs: clock.Rungs}
}
