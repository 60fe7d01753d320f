package complaint

import "slices"

// somebody is who takes a step: somebody to this complaint. The name is how the
// documentation calls them.
type somebody struct {
	name string
	is   func(*Complaint, Actor) bool
}

// butTheHandler leaves the complaint's own handler out: nobody gives their own case more time.
func (s somebody) butTheHandler() somebody {
	return somebody{s.name + " (not the handler)", func(c *Complaint, a Actor) bool { return !handler.is(c, a) && s.is(c, a) }}
}

// since lets them take the step where complaints are lived the way of that generation.
func (s somebody) since(generation int) somebody {
	return somebody{s.name, func(c *Complaint, a Actor) bool { return c.Terms.Generation >= generation && s.is(c, a) }}
}

var (
	employee = somebody{"any employee", func(_ *Complaint, a Actor) bool { return a.Person != Customer && a.Person != Operator }}

	// agent is whoever holds the duty and had no part in what is appealed against, and the agent of
	// this complaint: of a whistleblowing letter that is one of the people named.
	agent = somebody{"agent", func(c *Complaint, a Actor) bool {
		return a.Has(Agent) && !slices.Contains(c.HadPart, a.Person) || c.People.Agent != "" && c.People.Agent == a.Person
	}}

	// caller is who calls the customer back by the procedure's plan.
	caller = somebody{"who calls back by the procedure", func(c *Complaint, a Actor) bool {
		switch by := c.CallBackBy(); by {
		case Agent:
			return agent.is(c, a)
		case Owner:
			return owner.is(c, a)
		default:
			return a.Has(by)
		}
	}}

	// screenerAnew is who screens a contested complaint: the service manager, or who
	// stands in where that was the first screener, or for a whistleblowing letter,
	// which they don't see, one of the people named.
	screenerAnew = somebody{"service manager (when contested)", func(c *Complaint, a Actor) bool {
		return c.Contested && (a.Has(ServiceManager) || slices.Contains(c.People.SeenBy, a.Person) || c.standsIn(Screen, a.Person))
	}}

	owner = somebody{"owner", func(c *Complaint, a Actor) bool {
		if c.People.Owner != "" {
			return c.People.Owner == a.Person
		}
		return a.Has(c.Terms.OwnerRole)
	}}

	// ownerNamer is who names the owner, for as long as nobody is named.
	ownerNamer = somebody{"who names the owner", func(c *Complaint, a Actor) bool {
		return c.Terms.NamedBy != "" && a.Has(c.Terms.NamedBy)
	}}

	// handlerNamer is who names the handler, where the procedure says so.
	handlerNamer = somebody{"who names the handler", func(c *Complaint, a Actor) bool {
		return c.LacksHandler() && a.Has(inDepartment(c.Terms.HandlerNamedBy, c.People.Department))
	}}

	handler = somebody{"handler", func(c *Complaint, a Actor) bool {
		return c.People.Handler != "" && c.People.Handler == a.Person
	}}

	departmentHead = somebody{"department head", func(c *Complaint, a Actor) bool {
		return c.People.Department != "" && a.Has(c.Terms.HeadOf(c.People.Department))
	}}

	serviceManager = holding("service manager", ServiceManager)
	director       = holding("director", Director)
	generalManager = holding("general manager", GeneralManager)
	auditor        = holding("auditor", Auditor)
	administrator  = holding("administrator", Administrator)
	operator       = holding("operator", OperatorRole)
	customer       = somebody{"customer (by link)", func(_ *Complaint, a Actor) bool { return a.Person == Customer }}
	system         = somebody{"the software", func(_ *Complaint, a Actor) bool { return a.Person == Procedure }}

	// reopener opens what was merged, and was then left alone.
	reopener = somebody{system.name, func(c *Complaint, a Actor) bool { return system.is(c, a) && c.Outcome == Merged }}

	emergencyTeam = somebody{"emergency team", func(c *Complaint, a Actor) bool { return a.Has(c.Terms.EmergencyTeam...) }}

	// callerOut is who calls the emergency team out.
	callerOut = somebody{"who calls the team out", func(c *Complaint, a Actor) bool {
		return c.Terms.CallOutBy != "" && a.Has(c.Terms.CallOutBy)
	}}

	specialMarker = somebody{"who the procedure lets mark it special", func(c *Complaint, a Actor) bool { return a.Has(c.Terms.MarkSpecialBy...) }}

	// tierManager is the manager of a tier that the complaint has reached, or whoever was called in
	// their place while no department has it.
	tierManager = somebody{"manager of the tier reached", func(c *Complaint, a Actor) bool {
		if a.Has(c.Called...) {
			return true
		}
		for tier := c.Tier(); tier >= 1; tier-- {
			if a.Has(c.Terms.TierRole(tier, c.People.Department)) {
				return true
			}
		}
		return false
	}}

	// askedManager is a manager told by a rung that waits for an acknowledgement;
	// while none waits, whoever might be.
	askedManager = somebody{"manager asked", func(c *Complaint, a Actor) bool {
		if len(c.Asked) == 0 {
			return departmentHead.is(c, a) || a.Has(ServiceManager, Director, GeneralManager)
		}
		return slices.ContainsFunc(c.Asked, func(ref RungRef) bool { return c.asks(ref, a) })
	}}

	// ordered is who has a written order that isn't answered yet.
	ordered = somebody{"who was ordered", func(c *Complaint, a Actor) bool { return c.orderOf(a.Person, 0) > 0 }}

	supporter = somebody{"department asked", func(c *Complaint, a Actor) bool {
		return slices.ContainsFunc(c.Supports, func(s SupportAsked) bool {
			return !s.Given && (s.Department == a.Department || a.Has(c.Terms.HeadOf(s.Department)))
		})
	}}

	// decider is who may decide the next level of any open matter.
	decider = somebody{"who the authority rules name", func(c *Complaint, a Actor) bool {
		return slices.ContainsFunc(c.Approvals, func(m Approval) bool { return c.mayDecide(m, a) })
	}}

	inTheCase = somebody{"anyone in the case", func(c *Complaint, a Actor) bool {
		return slices.Contains(c.parts(), a.Person) || a.Person == Customer || a.Has(Agent, ServiceManager, Director, GeneralManager) ||
			departmentHead.is(c, a) || tierManager.is(c, a) || supporter.is(c, a) || decider.is(c, a)
	}}
)

// holding is whoever holds a duty, in every complaint.
func holding(name string, duty Role) somebody {
	return somebody{name, func(_ *Complaint, a Actor) bool { return a.Has(duty) }}
}

// asks reports whether the rung asked this actor to acknowledge it.
func (c *Complaint) asks(ref RungRef, a Actor) bool {
	_, rung, open := c.Rung(ref)
	return open && (a.Has(rung.asks()...) || slices.Contains(c.People.SeenBy, a.Person) || c.standsIn(Acknowledge, a.Person))
}

// asks are the duties that a rung asks to acknowledge it. The people of the
// case, whom it may tell as well, are not asked.
func (r Rung) asks() []Role {
	return without(r.Tell, func(role Role) bool { return role == Owner || role == Handler || role == Agent })
}
