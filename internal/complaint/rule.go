package complaint

// rule says at which stages a step may be taken, by whom, and what it needs
// besides. It is the table of 1-domain, "Steps", in Go.
type rule struct {
	stages []Stage // nil: every open stage
	by     []who   // one of them suffices
	facts  func(Facts) []string
	needs  func(*Complaint, Step) (Code, Reason)
}

// who reports whether an actor is somebody to this complaint.
type who func(*Complaint, Actor) bool

// rules has one entry for each step that anybody may send.
var rules = map[StepName]rule{
	ResolveOnSpot: {stages: in(Received, Assigning, Investigating), by: any(agent, owner, handler), facts: hasOnSpot},
	Screen:        {stages: in(Received), by: any(agent, owner, screenerAnew), facts: hasScreening, needs: notTheFirstScreener},
	Explain:       {stages: in(Explaining), by: any(agent, customer), facts: hasExplanation, needs: mayExplain},
	Assign:        {stages: in(Assigning), by: any(owner, serviceManager, ownerNamer, operator), facts: hasAssignment},
	Accept:        {stages: in(Investigating), by: any(handler), needs: notAcceptedYet},
	Return:        {stages: in(Investigating), by: any(handler)},
	Contact:       {stages: from(Investigating), by: any(handler, owner), facts: hasContact},
	MarkSpecial:   {by: any(besidesTheHandler(specialMarker)), needs: notSpecialYet},
	RequestSupport: {stages: between(Investigating, Implementing), by: any(handler),
		facts: hasSupportDepartment},
	GiveSupport: {by: any(supporter), facts: hasSupport, needs: supportAsked},
	Find:        {stages: in(Investigating), by: any(handler), facts: hasFindings, needs: accepted},
	Propose:     {stages: in(Proposing), by: any(handler, owner, tierManager), facts: hasProposal, needs: keepsWhatIsRequired},
	Approve:     {by: any(decider), facts: hasDecision, needs: theirDecision},
	Refuse:      {by: any(decider), facts: hasDecision, needs: theirDecision},
	Inform:      {stages: in(AwaitingCustomer), by: any(owner, customer), facts: hasAnswerRevision, needs: newestProposal},
	Answer:      {stages: in(AwaitingCustomer), by: any(customer, owner, agent), facts: hasAnswerRevision, needs: newestProposal},
	Visit:       {stages: between(Investigating, Implementing), by: any(handler, owner, director), facts: hasVisit, needs: visitPermitted},
	Implement:   {stages: in(Implementing), by: any(handler), facts: hasWork, needs: partOfTheFix},
	Verify:      {stages: in(Verifying), by: any(owner), facts: hasCheck},
	CallBack:    {stages: in(FollowingUp), by: any(agent, owner, customer), facts: hasCallback, needs: noParty},
	Assess:      {stages: in(FollowingUp, Closing), by: any(owner), facts: hasAssessment},
	Close:       {by: any(owner, agent), facts: hasClosing, needs: mayClose},
	Suspend:     {by: any(owner, operator), facts: hasSuspension, needs: notSuspended},
	Resume:      {by: any(owner, operator), needs: suspended},
	Extend:      {by: any(besidesTheHandler(serviceManager, director, generalManager), operator), facts: hasExtension, needs: deadlineOpen},
	Escalate:    {by: any(agent, owner, handler, departmentHead, serviceManager, director, generalManager, operator), needs: tierAbove},
	Acknowledge: {by: any(askedManager), needs: askedSomething},
	Reassign:    {by: any(departmentHead, serviceManager, director, generalManager, operator), facts: hasHandler, needs: somebodyAssigned},
	TakeOver:    {stages: between(Assigning, Verifying), by: any(tierManager), needs: notTakenOver},
	Instruct:    {by: any(tierManager, auditor), facts: hasOrder, needs: orderAhead},
	CallOutDone: {by: any(emergencyTeam, callerOut), needs: callOutOpen},
	Note:        {stages: Stages(), by: any(inTheCase, auditor, operator)},
	Link:        {by: any(owner), facts: hasLink, needs: linkable},
	Withdraw:    {by: any(customer, agent, owner)},
	Reopen:      {stages: in(Closed), by: any(owner, customer), needs: reopenable},
	Appeal:      {stages: in(Closed), by: any(customer, owner, agent), needs: appealable},
	Substitute:  {stages: Stages(), by: any(system), facts: hasAbsent},
	Rebase:      {stages: Stages(), by: any(administrator), facts: hasRebase},
	Report:      {stages: Stages(), by: any(system), facts: hasReport},
}

func in(stages ...Stage) []Stage { return stages }

func any(people ...who) []who { return people }

// between lists the stages from first to last, both included.
func between(first, last Stage) []Stage {
	var picked []Stage
	begun := false
	for _, s := range Stages() {
		begun = begun || s == first
		if begun {
			picked = append(picked, s)
		}
		if s == last {
			break
		}
	}
	return picked
}

func from(first Stage) []Stage { return between(first, Closing) }

// The somebodies.

// agent is whoever holds the duty, and the agent of this complaint: of a
// whistleblowing letter that is one of the people named.
func agent(c *Complaint, a Actor) bool {
	return a.Has(Agent) || (c.People.Agent != "" && c.People.Agent == a.Person)
}

// screenerAnew is who screens a contested complaint: the service manager, or who
// stands in where that was the first screener, or for a whistleblowing letter,
// which they don't see, one of the people named.
func screenerAnew(c *Complaint, a Actor) bool {
	return c.Contested && (a.Has(ServiceManager) || contains(c.People.SeenBy, a.Person) || c.standsIn(Screen, a.Person))
}

func owner(c *Complaint, a Actor) bool {
	if c.People.Owner != "" {
		return c.People.Owner == a.Person
	}
	return a.Has(c.Terms.OwnerRole)
}

// ownerNamer is who names the owner, for as long as nobody is named.
func ownerNamer(c *Complaint, a Actor) bool {
	return c.Terms.NamedBy != "" && a.Has(c.Terms.NamedBy)
}

func handler(c *Complaint, a Actor) bool {
	return c.People.Handler != "" && c.People.Handler == a.Person
}

// besidesTheHandler are the people but for the complaint's own handler: nobody
// gives their own case more time.
func besidesTheHandler(people ...who) who {
	return func(c *Complaint, a Actor) bool { return !handler(c, a) && rule{by: people}.may(c, a) }
}

func departmentHead(c *Complaint, a Actor) bool {
	return c.People.Department != "" && a.Has(c.Terms.HeadOf(c.People.Department))
}

func serviceManager(_ *Complaint, a Actor) bool { return a.Has(ServiceManager) }
func director(_ *Complaint, a Actor) bool       { return a.Has(Director) }
func generalManager(_ *Complaint, a Actor) bool { return a.Has(GeneralManager) }
func auditor(_ *Complaint, a Actor) bool        { return a.Has(Auditor) }
func administrator(_ *Complaint, a Actor) bool  { return a.Has(Administrator) }
func customer(_ *Complaint, a Actor) bool       { return a.Person == Customer }
func operator(_ *Complaint, a Actor) bool       { return a.Has(OperatorRole) }
func system(_ *Complaint, a Actor) bool         { return a.Person == Procedure }

func emergencyTeam(c *Complaint, a Actor) bool { return a.Has(c.Terms.EmergencyTeam...) }
func callerOut(c *Complaint, a Actor) bool {
	return c.Terms.CallOutBy != "" && a.Has(c.Terms.CallOutBy)
}
func specialMarker(c *Complaint, a Actor) bool { return a.Has(c.Terms.MarkSpecialBy...) }

// tierManager is the manager of a tier that the complaint has reached.
func tierManager(c *Complaint, a Actor) bool {
	for tier := c.Tier(); tier >= 1; tier-- {
		if a.Has(c.Terms.TierRole(tier, c.People.Department)) {
			return true
		}
	}
	return false
}

// askedManager is a manager told by a rung that waits for an acknowledgement;
// while none waits, whoever might be.
func askedManager(c *Complaint, a Actor) bool {
	if len(c.Asked) == 0 {
		return departmentHead(c, a) || a.Has(ServiceManager, Director, GeneralManager)
	}
	for _, ref := range c.Asked {
		if c.asks(ref, a) {
			return true
		}
	}
	return false
}

// asks reports whether the rung asked this actor to acknowledge it.
func (c *Complaint) asks(ref RungRef, a Actor) bool {
	_, rung, open := c.Rung(ref)
	return open && (a.Has(rung.asks()...) || contains(c.People.SeenBy, a.Person) || c.standsIn(Acknowledge, a.Person))
}

// asks are the duties that a rung asks to acknowledge it. The people of the
// case, whom it may tell as well, are not asked.
func (r Rung) asks() []Role {
	var duties []Role
	for _, role := range r.Tell {
		if role != Owner && role != Handler && role != Agent {
			duties = append(duties, role)
		}
	}
	return duties
}

func supporter(c *Complaint, a Actor) bool {
	for _, s := range c.Supports {
		if !s.Given && (s.Department == a.Department || a.Has(c.Terms.HeadOf(s.Department))) {
			return true
		}
	}
	return false
}

// decider is who may decide the next level of any open matter.
func decider(c *Complaint, a Actor) bool {
	for _, matter := range c.Approvals {
		if c.mayDecide(matter, a) {
			return true
		}
	}
	return false
}

// mayDecide reports whether the next level of the matter is the actor's: the
// person asked, a holder of its role, or, once the right to decide was handed
// over, the manager of a tier reached. Never whoever made the matter, and the
// handler only where they are the person asked.
func (c *Complaint) mayDecide(matter Approval, a Actor) bool {
	if !matter.Open() || matter.By == a.Person {
		return false
	}
	level := matter.Levels[matter.next()]
	if level.Person != a.Person && handler(c, a) {
		return false
	}
	return level.Person == a.Person || a.Has(level.Role) || (c.decisionHandedOver() && tierManager(c, a))
}

func (c *Complaint) decisionHandedOver() bool {
	for _, d := range c.Deadlines {
		for _, r := range d.Rungs {
			if d.Open() && r.FiredAt != nil && r.Does == HandOverDecision {
				return true
			}
		}
	}
	return false
}

func inTheCase(c *Complaint, a Actor) bool {
	if c.partOf(a.Person) || a.Person == Customer || a.Has(Agent, ServiceManager, Director, GeneralManager) {
		return true
	}
	return departmentHead(c, a) || tierManager(c, a) || supporter(c, a) || decider(c, a)
}

func (c *Complaint) partOf(person PersonID) bool { return contains(c.parts(), person) }

func contains[T comparable](list []T, wanted T) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}
