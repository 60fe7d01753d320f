package plan

import (
	"slices"
	"strings"

	"recourse/internal/complaint"
)

// duty is the duty that fills a role in this complaint. A role of a department, while none has it,
// is that of the department to which the routes will send it; where they name none either, it is
// with the service manager, who sends it on.
func (p *planner) duty(role complaint.Role) complaint.Role {
	department := p.c.People.Department
	if department != "" || !ofDepartment(p.Procedure.Duty(role, unknownDepartment)) {
		return p.Procedure.Duty(role, department)
	}
	if department = p.Procedure.Route(&p.c).Department; department != "" {
		return p.Procedure.Duty(role, department)
	}
	if manager := p.Procedure.Duty(complaint.ServiceManager, unknownDepartment); !ofDepartment(manager) {
		return manager
	}
	return p.Procedure.Duty(role, "")
}

// tierDuty is the duty of a tier: while no department has the complaint, that of the one to which
// the routes will send it, else the service manager's, who is the next above the agent.
func (p *planner) tierDuty(tier int) complaint.Role {
	if p.c.People.Department != "" || tier < 1 || tier > p.c.Terms.TopTier() {
		return p.c.Terms.TierRole(tier, p.c.People.Department)
	}
	return p.duty(p.c.Terms.Tiers[tier-1])
}

// unknownDepartment stands in a duty for the department that is to be known first.
const unknownDepartment = "{department}"

func ofDepartment(duty complaint.Role) bool { return strings.Contains(string(duty), unknownDepartment) }

// holder is who takes a role now: never a subject of the complaint, never
// somebody away, and none of those excepted. For a whistleblowing letter it is
// one of the people named, whoever holds the role.
func (p *planner) holder(role complaint.Role, except ...complaint.PersonID) complaint.PersonID {
	except = p.excluded(except)
	person, _ := p.Directory.Holder(p.duty(role), p.at, except...)
	named := p.c.People.SeenBy
	if len(named) == 0 || slices.Contains(named, person) {
		return person
	}
	for _, person := range named {
		if !slices.Contains(except, person) && p.present(person) {
			return person
		}
	}
	return ""
}

// excluded are those excepted, the subjects, and whoever is away by the step.
func (p *planner) excluded(except []complaint.PersonID) []complaint.PersonID {
	return slices.Concat(except, p.c.KeptOut(), p.absent)
}

// somebody is who takes a role, and there is always somebody: the holder, where
// both people of the service manager's duty are excluded the director and the
// general manager next; else a manager of the organisation, present if one is. Where all of these
// are kept out it is whoever else has a duty; nobody, where each of them is.
func (p *planner) somebody(role complaint.Role, except ...complaint.PersonID) complaint.PersonID {
	excluded := p.excluded(except)
	managers := []complaint.Role{complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Headquarters}
	if p.duty(role) == p.duty(complaint.ServiceManager) && len(p.c.People.SeenBy) == 0 {
		for _, next := range managers {
			if person, there := p.Directory.Bearer(p.duty(next), p.at, excluded...); there {
				return person
			}
		}
	}
	if person := p.holder(role, except...); person != "" {
		return person
	}
	if named := p.c.People.SeenBy; len(named) > 0 { // they are away, and nobody else may know of it
		return firstBut(slices.Concat(except, p.c.KeptOut()), slices.DeleteFunc(slices.Clone(named), func(person complaint.PersonID) bool { return !p.inDirectory(person) }))
	}
	for _, next := range managers {
		if person := p.holder(next, except...); person != "" {
			return person
		}
	}
	for _, next := range append([]complaint.Role{role}, managers...) {
		duty := p.Directory.Duties[p.duty(next)]
		if person := firstBut(slices.Concat(except, p.c.KeptOut()), []complaint.PersonID{duty.Primary, duty.Secondary}); person != "" {
			return person
		}
	}
	// Administrators read no complaint; where nobody but them is left, they are told its number.
	person, _ := p.Directory.Remaining(p.Procedure.Duty(complaint.Administrator, ""), p.at, excluded...)
	return person
}

func firstBut(except, people []complaint.PersonID) complaint.PersonID {
	for _, person := range people {
		if person != "" && !slices.Contains(except, person) {
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
	if e.Kind == complaint.StepTaken && e.Step.Name == complaint.Substitute {
		if absent := *e.Step.Facts.Absent; len(absent.Duties) > 0 {
			p.relieved = absent
		} else {
			p.absent = append(p.absent, absent.Person)
		}
	}
	if e.Kind == complaint.StepTaken || e.Kind == complaint.RungFired {
		p.nameAnew()
	}
	people := p.c.People
	people.SeenBy, people.With = slices.Clone(people.SeenBy), slices.Clone(people.With)

	switch {
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Register:
		p.receive(e.Step, &people)
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Screen:
		p.judgeWhoMayKnow(&people)
	case e.Kind == complaint.StepTaken && (e.Step.Name == complaint.Find || e.Step.Name == complaint.Correct):
		p.close(&people)
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Appeal:
		p.handToOthers(&people)
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Assigning:
		p.route(&people)
		people.With = nil
		if len(people.SeenBy) == 0 { // departments have no part in what only the people named may see
			people.With = p.Procedure.Route(&p.c).With
		}
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Investigating && people.Handler == "":
		p.route(&people)
	case e.Kind == complaint.StepTaken && people.Handler == "" && people.Department != "" && p.c.Terms.HandlerNamedBy == "" &&
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

	if p.unfit(people.Agent) || p.relievedOf(people.Agent, complaint.Agent) {
		people.Agent = p.somebody(complaint.Agent)
	}
	if p.unfit(people.Owner) || p.namedAway(e, people.Owner) || p.relievedOf(people.Owner, p.Procedure.Owner.Role) {
		people.Owner = p.somebody(p.Procedure.Owner.Role)
	}
	if p.unfit(people.Handler) || p.namedAway(e, people.Handler) ||
		p.relievedOf(people.Handler, p.handlerDuty(people.Department)) || p.relievedOf(people.Handler, p.Procedure.Route(&p.c).To) {
		people.Handler = p.somebody(p.handlerDuty(people.Department))
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
	p.replaceApprovers()
	p.moveTasks()
}

// unfit reports whether somebody may not go on with what they have: they are
// away by the step, or have left, or a subject, or not of those who alone may see it.
func (p *planner) unfit(person complaint.PersonID) bool {
	return person != "" && (!p.c.MayBeToldTo(person) || slices.Contains(p.absent, person) || !p.inDirectory(person))
}

func (p *planner) inDirectory(person complaint.PersonID) bool {
	_, known := p.Directory.People[person]
	return known
}

// relievedOf reports whether somebody has lost, by the step, the duty by which they have something.
func (p *planner) relievedOf(person complaint.PersonID, role complaint.Role) bool {
	return person != "" && role != "" && person == p.relieved.Person && slices.Contains(p.relieved.Duties, p.duty(role))
}

// present reports whether somebody is there to act now.
func (p *planner) present(person complaint.PersonID) bool {
	return p.inDirectory(person) && !p.Directory.AwayAt(person, p.at)
}

// namedAway reports whether a step has just given a role to somebody who is
// away: it goes to whoever stands in, as what they had did when they left.
func (p *planner) namedAway(e complaint.Event, person complaint.PersonID) bool {
	return e.Kind == complaint.StepTaken && e.Step.Facts.Assignment != nil && person != e.By && p.Directory.AwayAt(person, p.at) &&
		(person == e.Step.Facts.Assignment.Handler || person == e.Step.Facts.Assignment.Owner)
}

// moveTasks gives the open orders and the steps beside the main course of
// somebody away, or of somebody who became a subject, to whoever stands in. An
// order to the owner or the handler has gone with the role.
func (p *planner) moveTasks() {
	for i, order := range slices.Clone(p.c.Orders) {
		if order.Answered || !p.unfit(order.To) && !p.Directory.AwayAt(order.To, p.at) {
			continue
		}
		to, _ := p.Directory.StandIn(order.To, p.at, p.excluded(nil)...)
		if to == "" || !p.c.MayBeToldTo(to) {
			to = p.somebody(complaint.Owner, order.To)
		}
		if to != "" && to != order.To {
			p.decide(complaint.Event{Kind: complaint.TaskMoved, Moved: &complaint.Moved{Order: i + 1, From: order.To, To: to}})
			p.tellOrder(p.c.Orders[i])
		}
	}
	for _, side := range slices.Clone(p.c.Sides) {
		if side.State == complaint.SideDone || !p.unfit(side.Person) && !p.relievedOf(side.Person, side.Role) {
			continue
		}
		if to := p.somebody(side.Role, side.Person); to != "" {
			p.decide(complaint.Event{Kind: complaint.TaskMoved, Moved: &complaint.Moved{Side: side.Kind, ID: side.ID, From: side.Person, To: to}})
			p.tellSide(complaint.SideReport{Side: side.Kind, ID: side.ID, State: side.State, Person: to, Due: side.Due})
		}
	}
}

// standIn sees to it that each task of a duty has somebody to take it: where
// everybody who holds the duty is excluded, the next manager stands in. Whoever
// stood in keeps it.
func (p *planner) standIn() {
	people := p.c.People
	people.StandIns = nil
	for _, task := range p.c.Tasks() {
		ofTask := func(s complaint.StandIn) bool { return s.Step == task.Kind && s.Role == task.Role }
		stood := slices.ContainsFunc(p.c.People.StandIns, ofTask)
		if task.Person != "" && !stood || slices.ContainsFunc(people.StandIns, ofTask) {
			continue
		}
		except := p.mayNot(task)
		person := task.Person
		if person == "" || p.unfit(person) || slices.Contains(except, person) {
			person = p.somebody(task.Role, except...)
		}
		if person != "" && (stood || !p.bears(person, task.Role)) {
			people.StandIns = append(people.StandIns, complaint.StandIn{Step: task.Kind, Role: task.Role, Person: person})
		}
	}
	before := p.c.People.StandIns
	if slices.Equal(people.StandIns, before) {
		return
	}
	p.decide(complaint.Event{Kind: complaint.PeopleNamed, People: &people})
	for _, s := range people.StandIns {
		if !slices.Contains(before, s) && !p.told(s.Person) {
			p.sendTask(s.Step, s.Person)
		}
	}
}

// mayNot are those who hold a task's duty and may not take it all the same.
func (p *planner) mayNot(task complaint.Task) []complaint.PersonID {
	switch {
	case task.Kind == complaint.Screen && p.c.Contested:
		return []complaint.PersonID{p.c.ScreenedBy}
	case task.Kind == complaint.CallBack && task.Role == p.c.CallBackBy():
		return append(slices.Concat(p.c.Parties, p.neutral()), p.c.People.Handler)
	case task.Kind == complaint.Approve:
		decides, _ := task.Decides()
		for _, matter := range p.c.Approvals {
			if matter.Open() && matter.Matter == decides.Matter {
				return slices.DeleteFunc([]complaint.PersonID{matter.By, p.c.People.Handler},
					func(person complaint.PersonID) bool { return person == "" || person == task.Person })
			}
		}
	}
	return nil
}

// caller is who calls the customer back by the procedure's plan; a party to the case only where
// they own it.
func (p *planner) caller() complaint.PersonID {
	by := p.c.CallBackBy()
	caller := p.person(by)
	if slices.Contains(p.c.Parties, caller) && caller != p.c.People.Owner {
		caller = p.holder(by, p.c.Parties...)
	}
	return caller
}

// told reports whether a message to this person is queued already.
func (p *planner) told(person complaint.PersonID) bool {
	return slices.ContainsFunc(p.messages, func(e complaint.Event) bool { return e.Message.To == person })
}

// bears reports whether a person holds a duty without standing in for anybody
// in this complaint alone.
func (p *planner) bears(person complaint.PersonID, role complaint.Role) bool {
	duty := p.duty(role)
	if _, there := p.Directory.Duties[duty]; !there {
		return false
	}
	holder, _ := p.Directory.Holder(duty, p.at)
	return person == holder || person == p.Directory.Duties[duty].Primary || person == p.Directory.Duties[duty].Secondary
}

// receive names who is known at registration: the agent, and the owner where
// the rule names one.
func (p *planner) receive(step *complaint.Step, people *complaint.People) {
	people.Agent = p.somebody(complaint.Agent)
	if step.By.Has(complaint.Agent) && !slices.Contains(p.c.KeptOut(), step.By.Person) {
		people.Agent = step.By.Person
	}
	if p.Procedure.Owner.IsByRule() && people.Owner == "" {
		people.Owner = p.somebody(p.Procedure.Owner.Role)
	}
	p.close(people)
}

// ClosedTo are those who alone may know of a complaint from its registration on, by what is said
// then: its kind, its category, its channel. Nobody is named where the procedure closes it to
// nobody.
func (r Rules) ClosedTo(registration complaint.Step) []complaint.PersonID {
	p := &planner{Rules: r, at: registration.At}
	p.c.Apply(complaint.Event{Kind: complaint.StepTaken, At: registration.At, By: registration.By.Person, Step: &registration})
	return p.readers()
}

// Mentioned are those whom a registration mentions and who are kept out of it for that, until it is
// screened: all of them, as long as somebody else is left to screen it. Else the highest of them
// who isn't a subject is let in, for whoever writes to us may name everybody.
func (r Rules) Mentioned(registration complaint.Step) []complaint.PersonID {
	mentioned := registration.Facts.Registration.Mentioned
	p := &planner{Rules: r, at: registration.At}
	p.c.Apply(complaint.Event{Kind: complaint.StepTaken, At: registration.At, By: registration.By.Person, Step: &registration})
	if len(mentioned) == 0 || p.somebody(complaint.Agent) != "" {
		return mentioned
	}
	p.c.Mentioned = nil
	highest := p.somebody(complaint.Headquarters)
	return slices.DeleteFunc(slices.Clone(mentioned), func(person complaint.PersonID) bool { return person == highest })
}

// close closes the complaint to everybody but those whom the route names, where it names any: they
// own it and screen it. So it is from its registration on, by what is known then.
func (p *planner) close(people *complaint.People) {
	readers := p.readers()
	if len(readers) == 0 {
		return
	}
	for _, person := range people.SeenBy { // whoever could read it before has read it
		if !slices.Contains(readers, person) && !slices.Contains(p.c.KeptOut(), person) {
			readers = append(readers, person)
		}
	}
	if slices.Equal(readers, people.SeenBy) {
		return
	}
	people.SeenBy, people.Owner, people.Agent = readers, readers[0], readers[0]
	p.c.People.SeenBy = slices.Clone(readers) // who else is named below is one of them
}

// judgeWhoMayKnow closes the complaint as it was screened, or opens it: whoever it was closed to
// has judged that it is one like any other.
func (p *planner) judgeWhoMayKnow(people *complaint.People) {
	if len(p.readers()) > 0 || len(people.SeenBy) == 0 {
		p.close(people)
		return
	}
	p.c.People.SeenBy, people.SeenBy = nil, nil
	people.Agent, people.Owner = p.somebody(complaint.Agent), ""
	if p.Procedure.Owner.IsByRule() {
		people.Owner = p.somebody(p.Procedure.Owner.Role)
	}
}

// nameAnew names who else reads what is closed to people named, when none of them is left to act on
// it: the next who hold those duties. Whoever is only away goes on seeing it.
func (p *planner) nameAnew() {
	people := p.c.People
	left := func(person complaint.PersonID) bool {
		return !slices.Contains(p.excluded(nil), person) && p.present(person)
	}
	if len(people.SeenBy) == 0 || slices.ContainsFunc(people.SeenBy, left) {
		return
	}
	people.SeenBy = slices.DeleteFunc(slices.Clone(people.SeenBy), func(person complaint.PersonID) bool { return slices.Contains(p.c.KeptOut(), person) })
	for _, person := range p.readers() {
		if !slices.Contains(people.SeenBy, person) {
			people.SeenBy = append(people.SeenBy, person)
		}
	}
	if !slices.Equal(people.SeenBy, p.c.People.SeenBy) {
		p.decide(complaint.Event{Kind: complaint.PeopleNamed, People: &people})
	}
}

// readers are those whom the route lets see what it closes, each once: who holds the duties now,
// whoever was named before.
func (p *planner) readers() []complaint.PersonID {
	named := p.c.People.SeenBy
	p.c.People.SeenBy = nil
	defer func() { p.c.People.SeenBy = named }()
	var readers []complaint.PersonID
	for _, role := range p.Procedure.Route(&p.c).SeenBy {
		if person := p.somebody(role); person != "" && !slices.Contains(readers, person) {
			readers = append(readers, person)
		}
	}
	return readers
}

// route sends the complaint where the procedure's routes say, unless somebody
// has said otherwise, or the department named has just returned it.
func (p *planner) route(people *complaint.People) {
	route := p.Procedure.Route(&p.c)
	if people.Department == "" && route.Department != p.c.ReturnedFrom {
		people.Department = route.Department
	}
	switch {
	case people.Handler != "" || p.c.Terms.HandlerNamedBy != "":
	case route.To != "":
		people.Handler = p.holder(route.To)
	case people.Department != "":
		people.Handler = p.handlerOf(people.Department)
	}
}

// handToOthers gives an appealed complaint to people who had no part in it, as
// the final reply promises: to the next managers, where all of a duty had one.
func (p *planner) handToOthers(people *complaint.People) {
	had := slices.Concat(p.c.HadPart, p.c.Parties, []complaint.PersonID{people.Owner, people.Handler, p.c.ScreenedBy})
	anew := func(role complaint.Role, before complaint.PersonID, except ...complaint.PersonID) complaint.PersonID {
		for _, next := range []complaint.Role{role, complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Headquarters} {
			if person := p.holder(next, append(except, had...)...); person != "" {
				return person
			}
		}
		return before
	}
	if people.Owner != "" {
		people.Owner = anew(p.Procedure.Owner.Role, people.Owner)
	}
	if people.Handler != "" {
		people.Handler = anew(p.handlerDuty(people.Department), people.Handler, people.Owner)
	}
	if slices.Contains(had, people.Agent) {
		people.Agent = anew(complaint.Agent, people.Agent, people.Handler)
	}
}

func (p *planner) handlerDuty(department string) complaint.Role {
	return p.Procedure.Duty(complaint.Handler, department)
}

func (p *planner) handlerOf(department string) complaint.PersonID {
	return p.holder(p.handlerDuty(department), p.neutral()...)
}

func samePeople(a, b complaint.People) bool {
	return a.Department == b.Department && a.Agent == b.Agent && a.Owner == b.Owner && a.Handler == b.Handler &&
		slices.Equal(a.SeenBy, b.SeenBy) && slices.Equal(a.With, b.With) && slices.Equal(a.StandIns, b.StandIns)
}
