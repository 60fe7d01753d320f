package plan

import (
	"slices"
	"strconv"

	"recourse/internal/complaint"
)

// duty is the duty that fills a role in this complaint.
func (p *planner) duty(role complaint.Role) complaint.Role {
	return p.Procedure.Duty(role, p.c.People.Department)
}

// holder is who takes a role now: never a subject of the complaint, never
// somebody away, and none of those excepted. For a whistleblowing letter it is
// one of the people named, whoever holds the role.
func (p *planner) holder(role complaint.Role, except ...complaint.PersonID) complaint.PersonID {
	except = append(slices.Clone(p.c.Subjects), except...)
	person, _ := p.Directory.Holder(p.duty(role), p.at, except...)
	named := p.c.People.SeenBy
	if len(named) == 0 || slices.Contains(named, person) {
		return person
	}
	for _, person := range named {
		if !slices.Contains(except, person) && !p.Directory.AwayAt(person, p.at) {
			return person
		}
	}
	return ""
}

// person is who is meant by a role in this complaint: the owner, the handler
// and the agent are people of the case, everybody else is who holds the duty.
func (p *planner) person(role complaint.Role) complaint.PersonID {
	switch {
	case role == complaint.CustomerRole:
		return complaint.Customer
	case role == complaint.Owner && p.c.People.Owner != "":
		return p.c.People.Owner
	case role == complaint.Owner:
		return p.holder(p.c.Terms.OwnerRole)
	case role == complaint.Handler && p.c.People.Handler != "":
		return p.c.People.Handler
	case role == complaint.Agent && p.c.People.Agent != "":
		return p.c.People.Agent
	}
	return p.holder(role)
}

// namePeople puts people into the roles that the event leaves open, and
// replaces those who may not hold theirs any longer.
func (p *planner) namePeople(e complaint.Event) {
	people := p.c.People
	people.SeenBy, people.With = slices.Clone(people.SeenBy), slices.Clone(people.With)
	var absent []complaint.PersonID

	switch {
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Register:
		p.receive(e.Step, &people)
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Screen:
		p.close(&people)
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Substitute:
		absent = append(absent, e.Step.Facts.Absent.Person)
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Appeal:
		p.handToOthers(&people)
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Assigning:
		p.route(&people)
		people.With = nil
		if len(people.SeenBy) == 0 { // departments have no part in what only the people named may see
			people.With = p.Procedure.Route(p.caseOf()).With
		}
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Investigating && people.Handler == "":
		p.route(&people)
	case e.Kind == complaint.StepTaken && people.Handler == "" && people.Department != "" &&
		(e.Step.Name == complaint.Assign || e.Step.Name == complaint.Reassign):
		people.Handler = p.handlerOf(people.Department)
	case e.Kind == complaint.RungFired:
		if _, rung, open := p.c.Rung(*e.Rung); open && rung.Does == complaint.HandOverTask && len(rung.Tell) > 0 {
			if manager := p.person(rung.Tell[0]); manager != "" {
				people.Handler = manager
			}
		}
	case e.Kind != complaint.StepTaken:
		return
	}

	unfit := func(person complaint.PersonID) bool {
		return person != "" && (slices.Contains(p.c.Subjects, person) || slices.Contains(absent, person))
	}
	if unfit(people.Agent) {
		people.Agent = p.holder(complaint.Agent, absent...)
	}
	if unfit(people.Owner) {
		people.Owner = p.holder(p.Procedure.Owner.Role, absent...)
	}
	if unfit(people.Handler) {
		people.Handler = p.holder(p.handlerDuty(people.Department), absent...)
	}
	if !samePeople(people, p.c.People) {
		before := slices.Clone(p.c.Orders)
		p.decide(complaint.Event{Kind: complaint.PeopleNamed, People: &people})
		for i, order := range p.c.Orders {
			if i < len(before) && order.To != before[i].To {
				p.tellOrder(order)
			}
		}
	}
	p.replaceApprovers(absent)
}

// receive names who is known at registration: the agent, and the owner where
// the rule names one.
func (p *planner) receive(step *complaint.Step, people *complaint.People) {
	people.Agent = p.holder(complaint.Agent)
	if step.By.Has(complaint.Agent) && !slices.Contains(p.c.Subjects, step.By.Person) {
		people.Agent = step.By.Person
	}
	if p.Procedure.Owner.IsByRule() && people.Owner == "" {
		people.Owner = p.holder(p.Procedure.Owner.Role)
	}
	if step.Facts.Screening != nil {
		p.close(people)
	}
}

// close closes a whistleblowing letter to everybody but the people that the
// route names.
func (p *planner) close(people *complaint.People) {
	for _, role := range p.Procedure.Route(p.caseOf()).SeenBy {
		if person := p.holder(role); person != "" && !slices.Contains(people.SeenBy, person) {
			people.SeenBy = append(people.SeenBy, person)
		}
	}
	if len(people.SeenBy) > 0 {
		people.Owner = people.SeenBy[0]
		people.Agent = people.SeenBy[0]
	}
}

// route sends the complaint where the procedure's routes say, unless somebody
// has said otherwise, or the department named has just returned it.
func (p *planner) route(people *complaint.People) {
	route := p.Procedure.Route(p.caseOf())
	if people.Department == "" && route.Department != p.c.ReturnedFrom {
		people.Department = route.Department
	}
	switch {
	case people.Handler != "":
	case route.To != "":
		people.Handler = p.holder(route.To)
	case people.Department != "":
		people.Handler = p.handlerOf(people.Department)
	}
}

// handToOthers gives an appealed complaint to people who had no part in it, as
// the final reply promises, wherever such people are left.
func (p *planner) handToOthers(people *complaint.People) {
	had := append(slices.Clone(p.c.Parties), people.Owner, people.Handler, p.c.ScreenedBy)
	anew := func(role complaint.Role, before complaint.PersonID) complaint.PersonID {
		if person := p.holder(role, had...); person != "" {
			had = append(had, person)
			return person
		}
		return before
	}
	if people.Owner != "" {
		people.Owner = anew(p.Procedure.Owner.Role, people.Owner)
	}
	if people.Handler != "" {
		people.Handler = anew(p.handlerDuty(people.Department), people.Handler)
	}
	if contains(p.c.Parties, people.Agent) {
		people.Agent = anew(complaint.Agent, people.Agent)
	}
}

func (p *planner) handlerDuty(department string) complaint.Role {
	return p.Procedure.Duty(complaint.Handler, department)
}

func (p *planner) handlerOf(department string) complaint.PersonID {
	return p.holder(p.handlerDuty(department))
}

func samePeople(a, b complaint.People) bool {
	return a.Department == b.Department && a.Agent == b.Agent && a.Owner == b.Owner && a.Handler == b.Handler &&
		slices.Equal(a.SeenBy, b.SeenBy) && slices.Equal(a.With, b.With)
}

func contains[T comparable](list []T, one T) bool { return slices.Contains(list, one) }

func itoa(n int) string { return strconv.Itoa(n) }
