package complaint

import (
	"slices"
	"strings"
)

// This file says what of a complaint's life is its procedure's: the parts of the main course that
// it hasn't, who takes a step there, and what has to be there before. The procedure's conditions
// were judged by the planner; what holds now stands in the terms.

// Right is who takes a step by the procedure, in place of those whom the table of steps names.
type Right struct {
	Step StepName `json:"step"`
	By   []Role   `json:"by"`
}

// AnyEmployee is the role of everybody who works for the organisation.
const AnyEmployee Role = "employee"

// Requirement is what has to be there before a stage is come to, or a step taken.
type Requirement struct {
	// Before is a stage, or a step as “step close”.
	Before string `json:"before"`
	// Have are “field photos”, “step contact reached” or “side returned-goods”, which has ended.
	Have []string `json:"have"`
}

// passes reports whether the procedure doesn't have a part of the main course in this case: a
// stage, or a step as “step accept”.
func (c *Complaint) passes(part string) bool { return slices.Contains(c.Terms.Passes, part) }

// Passable are the parts of the main course that a procedure may leave out.
func Passable() []string {
	return []string{"step accept", "step contact", string(AwaitingCustomer), string(Verifying), string(Closing)}
}

// inCharge reports whether somebody has taken the complaint in charge, or needn't.
func (c *Complaint) inCharge() bool { return c.Accepted || c.passes("step accept") }

// spokenTo reports whether the customer was spoken to, or needn't be, or can't.
func (c *Complaint) spokenTo() bool { return c.Contacted || c.Unspoken() || c.passes("step contact") }

// investigated reports whether nothing is left to wait for in investigating.
func (c *Complaint) investigated() bool {
	return c.Stage == Investigating && c.inCharge() && c.spokenTo() && c.Findings != nil
}

// onto is the stage, or the next onward that the procedure has.
func (c *Complaint) onto(stage Stage) Stage {
	for c.passes(string(stage)) && stage != Closing {
		stage = stage.Onward()[0]
	}
	return stage
}

// closesByItself reports whether the file closes with nobody acting: the procedure lets it, and
// nothing is missing, of what its closing requires neither.
func (c *Complaint) closesByItself() bool {
	return c.Stage == Closing && c.passes(string(Closing)) && len(c.MissingForClosing(Step{})) == 0 && !c.waitsForDecision(MatterClosingForm) &&
		len(c.missingBefore("step "+string(Close), Step{})) == 0 && (!c.Terms.AssessmentNeeded || c.CaseValue != nil)
}

// mayBy reports whether the procedure says who takes a step, and whether the actor is one of them.
// It says nothing of customers, operators and the software.
func (c *Complaint) mayBy(step StepName, a Actor) (may, said bool) {
	if a.Person == Customer || a.Person == Procedure || a.Has(OperatorRole) {
		return false, false
	}
	for _, right := range c.Terms.May {
		if right.Step == step {
			return slices.ContainsFunc(right.By, func(role Role) bool { return c.isOne(a, role) }), true
		}
	}
	return false, false
}

// neutralTo reports whether the actor is a third party who never takes such a step, whatever was
// handed to them.
func (c *Complaint) neutralTo(step StepName, a Actor) bool {
	return slices.Contains(handling, step) && a.Person != Customer && a.Person != Procedure && !a.Has(OperatorRole) &&
		slices.ContainsFunc(c.Terms.Neutral, func(role Role) bool { return a.Has(inDepartment(role, c.People.Department)) })
}

// rightHolders are the duties to which the procedure gives a part in the complaint.
func (c *Complaint) rightHolders() []Role {
	var duties []Role
	for _, right := range c.Terms.May {
		for _, role := range right.By {
			if role != AnyEmployee && role != Agent && role != Owner && role != Handler {
				duties = append(duties, inDepartment(role, c.People.Department))
			}
		}
	}
	if c.LacksHandler() {
		duties = append(duties, inDepartment(c.Terms.HandlerNamedBy, c.People.Department))
	}
	return duties
}

// handling are the steps that a neutral third party never takes.
var handling = []StepName{Accept, Find, Propose, Implement, Approve, Refuse, CallBack}

// isOne reports whether the actor is who a role means in this complaint.
func (c *Complaint) isOne(a Actor, role Role) bool {
	switch role {
	case AnyEmployee:
		return employee.is(c, a)
	case Agent:
		return agent.is(c, a)
	case Owner:
		return owner.is(c, a)
	case Handler:
		return handler.is(c, a)
	}
	return a.Has(inDepartment(role, c.People.Department))
}

// takenBy is who has the task of a step by the procedure, where it says so and leaves the one out
// whose task it is otherwise.
func (c *Complaint) takenBy(step StepName, person PersonID, role Role) (PersonID, Role) {
	for _, right := range c.Terms.May {
		if right.Step != step || len(right.By) == 0 || slices.ContainsFunc(right.By, func(by Role) bool { return c.means(by, role) }) {
			continue
		}
		switch by := right.By[0]; by {
		case AnyEmployee:
			return person, role
		case Agent:
			return c.People.Agent, by
		case Owner:
			return c.People.Owner, by
		case Handler:
			return c.People.Handler, by
		default:
			return "", inDepartment(by, c.People.Department)
		}
	}
	return person, role
}

// means reports whether a role of a right is the one that has a task.
func (c *Complaint) means(by, role Role) bool {
	return by == role || inDepartment(by, c.People.Department) == role || by == Owner && role == c.Terms.OwnerRole
}

// lacking is what the procedure requires before a step, or before the stage to which it leads, and
// isn't there.
func (c *Complaint) lacking(s Step) []string {
	if len(c.Terms.Requires) == 0 {
		return nil
	}
	lacking := c.missingBefore("step "+string(s.Name), s)
	if !slices.ContainsFunc(c.Terms.Requires, func(r Requirement) bool { return slices.Contains(Stages(), Stage(r.Before)) }) {
		return lacking
	}
	after := c.Clone()
	for _, e := range after.Unfold(Event{Kind: StepTaken, At: s.At, By: s.By.Person, Step: &s}) {
		if e.Kind == StageEntered {
			lacking = append(lacking, c.missingBefore(string(e.Stage), s)...)
		}
	}
	return lacking
}

// missingBefore is what is required before a stage or a step and isn't there, counting what the
// step itself brings.
func (c *Complaint) missingBefore(before string, s Step) []string {
	var missing []string
	for _, r := range c.Terms.Requires {
		if r.Before != before {
			continue
		}
		for _, one := range r.Have {
			if !c.has(one, s) && !slices.Contains(missing, one) {
				missing = append(missing, one)
			}
		}
	}
	return missing
}

// has reports whether something required is there, or comes with the step.
func (c *Complaint) has(required string, s Step) bool {
	what, name, _ := strings.Cut(required, " ")
	switch what {
	case "field":
		return slices.Contains(c.Fields, name) || slices.Contains(s.Facts.Fields, name)
	case "side":
		return slices.ContainsFunc(c.Sides, func(side Side) bool { return side.Kind == name && side.State == SideDone })
	default:
		return slices.Contains(c.Noted, required) || answers(s, required)
	}
}

// needsMore reports whether something required has to be there before the step: a field may come
// with it.
func needsMore(required string) bool { return !strings.HasPrefix(required, "field ") }

// note remembers of a step that was taken what requirements may ask for.
func (c *Complaint) note(s Step) {
	for _, wanted := range c.Terms.Notes {
		if answers(s, wanted) && !slices.Contains(c.Noted, wanted) {
			c.Noted = append(c.Noted, wanted)
		}
	}
}

// answers reports whether a step is the one required (“step contact reached”).
func answers(s Step, required string) bool {
	step, result, _ := strings.Cut(strings.TrimPrefix(required, "step "), " ")
	return step == string(s.Name) && (result == "" || s.Name.Came(result, s.Facts))
}
