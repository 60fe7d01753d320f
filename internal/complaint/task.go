package complaint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Task says who must do what by when: one line of somebody's inbox.
type Task struct {
	// Kind is the step that is waited for.
	Kind   StepName `json:"kind"`
	Person PersonID `json:"person,omitempty"`
	Role   Role     `json:"role"`
	// Due is the due time of the deadline that waits for the step, if one does.
	Due *time.Time `json:"due,omitempty"`
	// Detail tells like tasks apart: what the task is about, and behind it the number that its step
	// takes, of the matter, the proposal, the request, the order ([Task.About]).
	Detail string `json:"detail,omitempty"`
}

// About is what a task is about, and the number of it; 0 for none.
func (t Task) About() (what string, number int) {
	what, counted, _ := strings.Cut(t.Detail, " ")
	number, err := strconv.Atoi(counted)
	if err != nil {
		return t.Detail, 0
	}
	return what, number
}

func about[What ~string](what What, number int) string {
	return string(what) + " " + strconv.Itoa(number)
}

// Decides is what the step has to name that is about a decision, or about a proposal that is to be
// told or answered; false of every other task.
func (t Task) Decides() (Decision, bool) {
	what, n := t.About()
	if t.Kind != Approve && t.Kind != Inform && t.Kind != Answer || n == 0 {
		return Decision{}, false
	}
	if matter := Matter(what); matter != MatterProposal {
		return Decision{Matter: matter, Number: n}, true
	}
	return Decision{Matter: MatterProposal, ProposalRevision: n}, true
}

// Tasks lists what the complaint waits for, and whom. A person is named where
// the task is theirs, or they stand in for a duty whose holders are all excluded;
// else it is anybody's who holds the role.
func (c *Complaint) Tasks() []Task {
	awaited := c.Awaited()
	if c.Stage == Closed {
		return awaited
	}
	tasks := slices.Clone(awaited)
	add := func(kind StepName, person PersonID, role Role, detail string) {
		tasks = append(tasks, c.task(kind, person, role, detail))
	}
	for _, h := range c.handedTo() {
		for _, task := range awaited {
			if h.has(task) && task.Role != h.duty {
				add(task.Kind, "", h.duty, task.Detail)
			}
		}
	}
	if c.WaitsForPost() {
		role := Owner
		if c.People.Owner == "" {
			role = c.Terms.OwnerRole
		}
		tasks = append(tasks, Task{Kind: Contact, Person: c.People.Owner, Role: role, Detail: "post"})
	}
	tasks = append(tasks, c.supportTasks()...)
	for i, o := range c.Orders {
		if !o.Answered {
			tasks = append(tasks, c.orderTask(i+1))
		}
	}
	for _, w := range c.Threat.watchers() {
		tasks = append(tasks, Task{Kind: Note, Person: w.Person, Role: w.Duty, Detail: WatchTask})
	}
	for _, asked := range c.Asked {
		if _, rung, open := c.Rung(asked); open {
			for _, duty := range rung.asks() {
				add(Acknowledge, "", duty, asked.Deadline)
			}
		}
	}
	return tasks
}

func (c *Complaint) task(kind StepName, person PersonID, role Role, detail string) Task {
	person, role = c.takenBy(kind, person, role)
	return Task{Kind: kind, Person: cmp.Or(person, c.People.standIn(kind, role)), Role: role, Due: c.dueFor(kind, detail), Detail: detail}
}

// Awaited are the tasks of the main course, of an emergency, and the decisions: what the complaint
// waits for before it goes on.
func (c *Complaint) Awaited() []Task {
	tasks := []Task{}
	add := func(kind StepName, person PersonID, role Role, detail string) {
		tasks = append(tasks, c.task(kind, person, role, detail))
	}
	ownerRole := Owner
	if c.People.Owner == "" {
		ownerRole = c.Terms.OwnerRole
	}
	// Not all are told apart: who approves is asked by the approvals; closed waits for nobody.
	//exhaustive:ignore
	switch c.Stage {
	case Received:
		if c.Contested {
			add(Screen, "", ServiceManager, "contested")
		} else {
			add(Screen, c.People.Agent, Agent, "")
		}
	case Explaining:
		if !c.waitsForDecision(MatterReply) {
			add(Explain, c.People.Agent, Agent, "")
		}
	case Assigning:
		if c.CallOut != CallOutOpen {
			switch {
			case c.LacksOwner():
				add(Assign, "", c.Terms.NamedBy, "owner")
			case c.LacksHandler():
				add(Assign, "", inDepartment(c.Terms.HandlerNamedBy, c.People.Department), "handler")
			default:
				add(Assign, c.People.Owner, ownerRole, "")
			}
		}
	case Investigating:
		if !c.inCharge() {
			add(Accept, c.People.Handler, Handler, "")
		}
		if !c.spokenTo() {
			add(Contact, c.People.Handler, Handler, "")
		}
		if c.inCharge() && c.Findings == nil {
			add(Find, c.People.Handler, Handler, "")
		}
	case Proposing:
		add(Propose, c.People.Handler, Handler, "")
	case AwaitingCustomer:
		asked := ""
		if c.Proposal != nil {
			asked = about(MatterProposal, c.Proposal.Revision)
		}
		if c.Proposal != nil && !c.Proposal.Informed && !c.Nowhere() {
			add(Inform, c.People.Owner, ownerRole, asked)
		}
		add(Answer, Customer, CustomerRole, asked)
	case Implementing:
		add(Implement, c.People.Handler, Handler, "")
	case Verifying:
		add(Verify, c.People.Owner, ownerRole, "")
	case FollowingUp:
		person, role := c.caller(ownerRole)
		add(CallBack, person, role, "")
	case Closing:
		if c.Terms.AssessmentNeeded && c.CaseValue == nil {
			add(Assess, c.People.Owner, ownerRole, "")
		}
		add(Close, c.People.Owner, ownerRole, "")
	}
	if len(c.Lost()) > 0 {
		add(Contact, c.People.Owner, ownerRole, "undelivered")
	} else if c.OutcomeUntold {
		about := "outcome"
		if c.OnlyByPost() {
			about = "outcome_by_post"
		}
		add(Contact, c.People.Owner, ownerRole, about)
	}
	if c.Stage == Closed {
		return tasks
	}
	if (c.Stage != Investigating || c.Contacted) && slices.Contains(from(Investigating), c.Stage) && c.waitsFor(Contact) && !c.Unspoken() {
		add(Contact, c.People.Handler, Handler, "") // there is news to tell
	}
	if c.CallOut == CallOutOpen {
		if c.Terms.CallOutBy != "" && !slices.Contains(c.Terms.EmergencyTeam, c.Terms.CallOutBy) {
			add(CallOutDone, "", c.Terms.CallOutBy, "")
		}
		if len(c.Terms.EmergencyTeam) > 0 {
			add(CallOutDone, "", c.Terms.EmergencyTeam[0], "")
		}
	}
	for _, m := range c.Approvals {
		if m.Open() {
			level := m.Levels[m.next()]
			add(Approve, level.Person, level.Role, about(m.Matter, m.Number))
		}
	}
	return tasks
}

// AwaitedBy are the tasks of people that a deadline waits for: those of the steps that end it, else
// all that the complaint waits for before it goes on.
func (c *Complaint) AwaitedBy(d Deadline) []Task {
	if d.Name == InstructionClock {
		if d.Round > len(c.Orders) || c.Orders[d.Round-1].Answered {
			return nil
		}
		return []Task{c.orderTask(d.Round)}
	}
	if d.Name == EscalationClock { // for whoever was called when it began
		var called []Task
		for _, duty := range d.Rungs[0].asks() {
			called = append(called, c.task(Acknowledge, "", duty, d.Name))
		}
		return called
	}
	var all, exact []Task
	for _, task := range append(c.Awaited(), c.supportTasks()...) {
		ends := d.endsBy(task.Kind)
		switch {
		case task.Person == Customer:
		case ends:
			exact = append(exact, task)
		case task.Kind != GiveSupport: // beside the main course
			all = append(all, task)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return all
}

func (c *Complaint) supportTasks() []Task {
	var tasks []Task
	for i, s := range c.Supports {
		if !s.Given {
			tasks = append(tasks, c.task(GiveSupport, "", c.Terms.HeadOf(s.Department), about(s.Department, i+1)))
		}
	}
	return tasks
}

func (c *Complaint) orderTask(number int) Task {
	o, kind := c.Orders[number-1], CarriedOut
	if c.Terms.Generation < Reviewed {
		kind = Note
	}
	return Task{Kind: kind, Person: o.To, Role: Owner, Due: &o.Due, Detail: about(InstructionClock, number)}
}

// handed is a duty to which a rung of an open clock has handed the complaint: what it waits for is
// their task, and their right. Who was handed the handling has the handler's tasks as such.
type handed struct {
	duty     Role
	handling bool
}

func (h handed) has(t Task) bool { return t.Person != Customer && !(h.handling && t.Role == Handler) }

func (c *Complaint) handedTo() []handed {
	if c.Terms.Generation < Reviewed || c.Stage == Closed {
		return nil
	}
	var to []handed
	for _, d := range c.Deadlines {
		for _, r := range d.Rungs {
			if !d.Open() || r.FiredAt == nil || r.Does != HandOverDecision && r.Does != HandOverTask {
				continue
			}
			for _, duty := range r.asks() {
				if h := (handed{duty, r.Does == HandOverTask}); !slices.Contains(to, h) {
					to = append(to, h)
				}
			}
		}
	}
	return to
}

// wasHanded reports whether the complaint was handed to the actor, and waits for this step.
func (c *Complaint) wasHanded(step StepName, a Actor) bool {
	if step == Refuse {
		step = Approve // one decision
	}
	return slices.ContainsFunc(c.handedTo(), func(h handed) bool {
		return (a.Has(h.duty) || slices.Contains(c.People.SeenBy, a.Person)) &&
			slices.ContainsFunc(c.Awaited(), func(t Task) bool { return t.Kind == step && h.has(t) })
	})
}

// OnDuty reports whether somebody's absence leaves something here undone: they
// have the complaint in charge, a task or a step beside it is theirs, or one is
// of a duty of theirs while somebody else who holds it may be excluded.
func (c *Complaint) OnDuty(a Actor) bool {
	if p := c.People; a.Person == p.Agent || a.Person == p.Owner || a.Person == p.Handler {
		return true
	}
	theirs := func(l Level) bool { return l.DecidedBy == "" && l.Person == a.Person } // the next, or one that will be
	excluding := len(c.KeptOut()) > 0 || len(c.People.SeenBy) > 0 || c.Contested
	return slices.ContainsFunc(c.Sides, func(s Side) bool { return s.Person == a.Person && s.State != SideDone }) ||
		slices.ContainsFunc(c.Approvals, func(m Approval) bool { return m.Open() && slices.ContainsFunc(m.Levels, theirs) }) ||
		slices.ContainsFunc(c.Tasks(), func(t Task) bool {
			return t.Person == a.Person || t.Person == "" && excluding && a.Has(t.Role)
		})
}

// CallBackBy is who calls the customer back: Agent, Owner, or a duty.
func (c *Complaint) CallBackBy() Role {
	if c.Terms.CallBackBy == "" {
		return Agent
	}
	return inDepartment(c.Terms.CallBackBy, c.People.Department)
}

// caller is whoever holds the duty that calls back by the procedure's plan. Where that is the
// agent, it is theirs by name, unless they are a party to the case or its handler: then the
// owner's, who may always call.
func (c *Complaint) caller(ownerRole Role) (PersonID, Role) {
	switch by := c.CallBackBy(); by {
	case Agent:
	case Owner:
		return c.People.Owner, ownerRole
	default:
		return "", by
	}
	agent := c.People.Agent
	if agent != c.People.Owner && (agent == c.People.Handler || slices.Contains(c.Parties, agent)) {
		return c.People.Owner, ownerRole
	}
	return agent, Agent
}

// dueFor is when a task is due: with the running clock that its step ends, else with that of the
// stage it belongs to, else with the earliest that runs towards a later stage. A decision on what
// lies beside the main course (a suspension, a visit) has no other clock than its own.
func (c *Complaint) dueFor(step StepName, detail string) *time.Time {
	var exact, stage, general *time.Time
	for _, d := range c.Deadlines {
		if d.State != Running {
			continue
		}
		if d.endsBy(step) {
			exact = earlier(exact, d.DueAt)
		}
		for _, until := range d.Until {
			due := d.DueAt
			switch {
			case endsBy(until, step):
			case c.endsWithStage(until):
				stage = earlier(stage, due)
			case !strings.HasPrefix(until, "step ") && len(d.EndedBy) == 0:
				general = earlier(general, due)
			}
		}
	}
	if matter, _, _ := strings.Cut(detail, " "); step == Approve && (Matter(matter) == MatterSuspension || Matter(matter) == MatterVisit) {
		return exact
	}
	return cmp.Or(exact, stage, general)
}

// endsWithStage reports whether the moment is the end of the stage in which the complaint stands.
func (c *Complaint) endsWithStage(until string) bool {
	return until == "leaving "+string(c.Stage) || until != string(Closed) && slices.Contains(c.Stage.Onward(), Stage(until))
}

// waitsFor reports whether a running deadline is ended by the step.
func (c *Complaint) waitsFor(step StepName) bool {
	return slices.ContainsFunc(c.Deadlines, func(d Deadline) bool {
		return d.State == Running && d.Name != TellByPhoneClock && d.endsBy(step)
	})
}

// endsBy reports whether the step ends the deadline, by what a decision on it is in the end as
// well.
func (d Deadline) endsBy(step StepName) bool {
	return slices.ContainsFunc(d.Until, func(until string) bool { return endsBy(until, step) }) || slices.Contains(d.EndedBy, step) ||
		step == Approve && slices.Contains(d.EndedBy, Refuse) // one decision
}

// endsBy reports whether the moment is that of the step, whatever its result.
func endsBy(until string, step StepName) bool {
	word := "step " + string(step)
	return until == word || strings.HasPrefix(until, word+" ")
}

func earlier(a *time.Time, b time.Time) *time.Time {
	if a == nil || b.Before(*a) {
		return &b
	}
	return a
}
