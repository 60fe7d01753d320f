package complaint

import "slices"

// Audience are those who may know of one complaint because they have or had a
// part in it: people by name, the holders of duties, and all of a department.
// Those who oversee every complaint (SeesAll) are not listed.
type Audience struct {
	People      []PersonID
	Duties      []Role
	Departments []string
}

// SeesAll reports whether the actor's roles show every complaint that is neither
// about them nor closed to people named: customer service, the managers above
// it, and those who oversee. An administrator has people, absences, calendars and
// procedures to look after, and reads no complaint for that.
func SeesAll(a Actor) bool {
	return a.Has(Agent, ServiceManager, Director, GeneralManager, Auditor, Headquarters)
}

// Audience is who may know of the complaint as it stands. Lists and Visible both
// go by it, so that they agree.
func (c *Complaint) Audience() Audience {
	who := Audience{People: c.parts()}
	add := func(duties ...Role) {
		for _, duty := range duties {
			if duty != "" && !slices.Contains(who.Duties, duty) {
				who.Duties = append(who.Duties, duty)
			}
		}
	}
	add(c.Terms.HeadOf(c.People.Department), c.Terms.NamedBy)
	add(c.rightHolders()...)
	if c.People.Owner == "" {
		add(c.Terms.OwnerRole)
	}
	for _, department := range c.People.With {
		add(c.Terms.HeadOf(department))
	}
	for tier := c.Tier(); tier >= 1; tier-- {
		add(c.Terms.TierRole(tier, c.People.Department))
	}
	add(c.Called...)
	if c.CallOut != "" {
		add(c.Terms.CallOutBy)
		add(c.Terms.EmergencyTeam...)
	}
	if by := c.CallBackBy(); c.Callbacks > 0 && by != Agent && by != Owner {
		add(by)
	}
	for _, asked := range c.Asked {
		if _, rung, open := c.Rung(asked); open {
			add(rung.asks()...)
		}
	}
	for _, s := range c.Supports {
		if !s.Given {
			add(c.Terms.HeadOf(s.Department))
			who.Departments = append(who.Departments, s.Department)
		}
	}
	for _, h := range c.handedTo() {
		add(h.duty)
	}
	for _, m := range c.Approvals {
		if m.Open() {
			add(m.Levels[m.next()].Role)
		}
	}
	return who
}

// parts are the people who have or had a part in the complaint, each once.
func (c *Complaint) parts() []PersonID {
	var people []PersonID
	add := func(named ...PersonID) {
		for _, person := range named {
			if person != "" && person != Customer && !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
	}
	p := c.People
	add(c.RegisteredBy, p.Agent, p.Owner, p.Handler, c.TakenOverBy, c.ScreenedBy)
	add(c.Parties...)
	for _, m := range c.Approvals {
		for _, l := range m.Levels {
			add(l.Person, l.DecidedBy)
		}
	}
	for _, o := range c.Orders {
		add(o.To, o.By)
	}
	for _, s := range c.Sides {
		add(s.Person)
	}
	for _, s := range p.StandIns {
		add(s.Person)
	}
	add(c.LedBy...)
	add(c.Threat.Watchers()...)
	return people
}

// KeptOut are those who may neither know of the complaint nor take a part in it: its subjects, and
// until it is screened those whom its words name.
func (c *Complaint) KeptOut() []PersonID { return slices.Concat(c.Subjects, c.Mentioned) }

func (c *Complaint) keepsOut(person PersonID) bool { return slices.Contains(c.KeptOut(), person) }

// subjectTo makes people subjects of the complaint, each once.
func (c *Complaint) subjectTo(people []PersonID) {
	for _, person := range people {
		if !slices.Contains(c.Subjects, person) {
			c.Subjects = append(c.Subjects, person)
		}
	}
}

// Visible reports whether the actor may know of this complaint at all. A
// subject never does; a whistleblowing letter is seen by the people named and
// by nobody else, whatever their role.
func (c *Complaint) Visible(a Actor) bool {
	switch {
	case c.keepsOut(a.Person):
		return false
	case a.Person == Customer || a.Person == Procedure || a.Has(OperatorRole):
		return true
	case len(c.People.SeenBy) > 0:
		return slices.Contains(c.People.SeenBy, a.Person)
	case SeesAll(a):
		return true
	}
	who := c.Audience()
	return slices.Contains(who.People, a.Person) || a.Has(who.Duties...) || slices.Contains(who.Departments, a.Department)
}

// MayBeToldTo reports whether an employee may be written to about the complaint,
// with a part in it or not: it isn't about them, and where it is closed to people
// named they are one of them.
func (c *Complaint) MayBeToldTo(person PersonID) bool {
	return !c.keepsOut(person) && (len(c.People.SeenBy) == 0 || slices.Contains(c.People.SeenBy, person))
}

// Admits reports whether the actor may send the step and learn what became of
// it: whoever may know of the complaint, and an administrator who re-bases it
// unread. What is about them, or closed to people named, stays hidden from them.
func (c *Complaint) Admits(step StepName, a Actor) bool {
	unread := step == Rebase && a.Has(Administrator) && len(c.People.SeenBy) == 0 && !c.keepsOut(a.Person)
	return unread || c.Visible(a)
}
