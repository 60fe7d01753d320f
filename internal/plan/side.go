package plan

import (
	"cmp"
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

// remindedBeside are all whom a rung of a side step's clock tells, each once: always whoever has
// the step, who is its handler, and not the complaint's. From due on they don't stand above
// themselves: where the rung names nobody else, the director hears of it, else the general manager.
func (p *planner) remindedBeside(report complaint.SideReport) []complaint.PersonID {
	late := p.taker(report)
	people := []complaint.PersonID{late}
	for _, role := range report.Tell {
		person := late
		if role != complaint.Handler {
			person = p.person(role)
		}
		if person != "" && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	var at procedure.At
	if err := at.UnmarshalText([]byte(report.Rung)); err != nil || at.IsBefore() || len(people) > 1 {
		return people
	}
	above, _ := p.nextAbove(complaint.Rung{Tell: report.Tell, Tier: p.c.Terms.TopTier()}, people)
	if above == "" {
		return people
	}
	return append(people, p.holder(above))
}

// taker is who has the step that a side process waits for: whoever was asked or it was moved to,
// unless they may not take it any more or are away.
func (p *planner) taker(report complaint.SideReport) complaint.PersonID {
	person := report.Person
	for _, side := range p.c.Sides {
		if side.Kind == report.Side && side.ID == report.ID {
			person = cmp.Or(side.Person, person)
		}
	}
	if p.unfit(person) || p.Directory.AwayAt(person, p.at) {
		return p.somebody(report.Role, person)
	}
	return person
}
