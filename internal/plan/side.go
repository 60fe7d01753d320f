package plan

import (
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// SideStep answers the next step of a side process: who takes it, by when, and
// who is told as its time runs out.
func (r Rules) SideStep(q complaint.SideQuestion) complaint.SideTask {
	side, _ := r.Procedure.Side(q.Kind)
	next := q.Step
	rule, known := stepOf(side, q.Steps, next)
	for known && q.Agreed && rule.OnlyIf != "" {
		next++
		rule, known = stepOf(side, q.Steps, next)
	}
	if !known {
		return complaint.SideTask{Done: true}
	}
	after, _ := stepOf(side, q.Steps, next+1)
	p := &planner{Rules: r, at: q.At, now: q.At, c: complaint.Complaint{Number: q.Number, Subjects: q.Subjects,
		People: complaint.People{Department: q.Department, SeenBy: q.SeenBy}}}
	clock := complaint.Deadline{Name: q.Kind, StartedAt: q.At, DueAt: r.Calendar.Due(q.At, rule.Within).At, Within: rule.Within.String()}
	p.rungs(&clock, rule.Ladder.Rungs, rule.TellIn, rule.Within)
	return complaint.SideTask{Step: complaint.StepName(rule.ID), Role: p.duty(rule.By), Person: p.somebody(rule.By),
		DueAt: clock.DueAt, Rungs: clock.Rungs, Skipped: next - q.Step, Decides: after.OnlyIf != ""}
}

// stepOf is the procedure's step behind one of those that the case needs.
func stepOf(side procedure.Side, needed []string, n int) (procedure.SideStep, bool) {
	if n >= len(needed) {
		return procedure.SideStep{}, false
	}
	at := slices.IndexFunc(side.Steps, func(s procedure.SideStep) bool { return s.ID == needed[n] })
	if at < 0 {
		return procedure.SideStep{}, false
	}
	return side.Steps[at], true
}
