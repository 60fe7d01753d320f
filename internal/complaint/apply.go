package complaint

// Apply folds one event into the state. It is the only way in which a complaint
// changes, in the workflow and in the activity that records it alike.
func (c *Complaint) Apply(e Event) {
	switch e.Kind {
	case StepTaken:
		c.take(*e.Step)
	case StageEntered:
		c.enter(e)
	case TermsSet:
		c.Terms = *e.Terms
	case PeopleNamed:
		c.name(*e.People)
	case ApprovalsAsked:
		c.ask(*e.Approval)
	case CallbacksPlanned:
		c.Callbacks, c.CallbacksMet, c.Attempts = e.Callbacks, 0, 0
	case DeadlineStarted:
		c.Deadlines = append(c.Deadlines, *e.Deadline)
		c.countRound(*e.Deadline)
		if e.Deadline.Name == CallOutClock {
			c.CallOut = CallOutOpen
		}
	case DeadlineChanged:
		c.replaceDeadline(*e.Deadline)
	case DeadlineEnded:
		c.dropDeadline(*e.Deadline)
	case RungFired:
		c.fire(*e.Rung, e)
	case RungSkipped:
		c.skip(*e.Rung)
	case TierReached:
		if e.Tier > c.RoundsTier {
			c.RoundsTier = e.Tier
		}
	case Suspended:
		c.matter(*e.Matter, func(m *OpenMatter) { m.Active = true })
	case Resumed:
		c.matter(*e.Matter, func(m *OpenMatter) { m.Active, m.Over = false, true })
	case AnsweredBySilence:
		if c.Proposal != nil {
			c.Proposal.Agreed = true
		}
	case CallbackEnded:
		c.endCallback(e.Rating)
	case Concluded:
		at := e.At
		c.Outcome, c.ClosedAt = e.Outcome, &at
	case AlertRaised:
		c.Alerted = append(c.Alerted, e.Code)
	case SideStarted:
		c.putSide(*e.Side)
	case TaskMoved:
		c.move(*e.Moved)
	case ThreatAnnounced, WatchNamed:
		c.Threat = cloneOf(e.Threat)
	}
}

// take folds an accepted step.
func (c *Complaint) take(s Step) {
	c.Revision++
	for _, name := range s.Facts.Fields {
		if !contains(c.Fields, name) {
			c.Fields = append(c.Fields, name)
		}
	}
	for i := range c.Orders {
		if c.Orders[i].To == s.By.Person {
			c.Orders[i].Answered = true
		}
	}
	f := s.Facts
	switch s.Name {
	case Register:
		c.register(s)
	case Screen:
		c.screen(s, *f.Screening)
	case Explain:
		c.Contested = f.Explanation.Contested
	case Assign, Reassign:
		c.assign(*f.Assignment)
	case Accept:
		c.Accepted = true
		c.party(s.By.Person)
	case Return:
		c.ReturnedFrom = c.People.Department
		c.People.Department, c.People.Handler = "", ""
	case Contact:
		c.Contacted = c.Contacted || f.Contact.Reached // a call that nobody answers tells nobody anything
	case MarkSpecial:
		c.Special = true
	case RequestSupport:
		c.Supports = append(c.Supports, SupportAsked{Department: f.Support.Department, By: s.By.Person})
	case GiveSupport:
		c.Supports[f.Support.Request-1].Given = true
	case Find:
		c.find(*f.Findings)
	case Propose:
		c.propose(s)
	case Approve, Refuse:
		c.decide(s)
	case Inform:
		c.Proposal.Informed = true
	case Answer:
		c.Proposal.Informed = true
		if f.Answer.Agrees {
			c.Proposal.Agreed = true
		} else {
			c.Proposal.Declined = true
			c.Declined++
		}
	case Visit:
		c.Visits = append(c.Visits, *f.Visit)
	case Implement:
		c.implement(s)
	case CallBack:
		c.Attempts++
	case Assess:
		value := f.Assessment.CaseValue
		c.CaseValue = &value
	case Suspend:
		c.Matters = append(c.Matters, OpenMatter{Number: len(c.Matters) + 1, Kind: f.Suspension.Kind,
			Until: f.Suspension.Until, By: s.By.Person})
	case TakeOver:
		c.TakenOverBy = s.By.Person
		c.People.Handler = s.By.Person
		c.party(s.By.Person)
	case Instruct:
		to := f.Order.To
		if to == "" {
			to = c.People.Owner
		}
		c.Orders = append(c.Orders, OrderGiven{To: to, By: s.By.Person, Due: f.Order.Due})
	case CallOutDone:
		c.CallOut = CallOutOver
	case Link:
		c.Links = append(c.Links, *f.Linked)
	case Reopen, Appeal:
		c.reopen(s)
	case Report:
		c.report(*f.Report)
	}
}

func (c *Complaint) register(s Step) {
	r := *s.Facts.Registration
	c.Registration = r
	c.RegisteredAt, c.RegisteredBy = s.At, s.By.Person
	c.HeardAt = s.At
	if r.HeardAt != nil {
		c.HeardAt = *r.HeardAt
	}
	c.Subjects = append(c.Subjects, r.Subjects...)
	c.Stage, c.StageSince = Received, c.HeardAt
	if s.Facts.Screening != nil {
		c.screen(s, *s.Facts.Screening)
	}
	if s.Facts.Assignment != nil {
		c.assign(*s.Facts.Assignment)
	}
}

func (c *Complaint) screen(s Step, screening Screening) {
	c.Screening = &screening
	c.ScreenedBy = s.By.Person
}

func (c *Complaint) assign(a Assignment) {
	if a.Department != "" && a.Department != c.People.Department {
		c.People.Department, c.People.Handler = a.Department, ""
	}
	if a.Handler != "" {
		c.People.Handler = a.Handler
		c.Accepted = false
	}
	if a.Owner != "" {
		c.People.Owner = a.Owner
	}
}

// find takes the findings. Those liable become subjects; whoever of them holds
// a role is replaced by the procedure in the same step.
func (c *Complaint) find(f Findings) {
	c.Findings = &f
	for _, person := range f.People {
		if !contains(c.Subjects, person) {
			c.Subjects = append(c.Subjects, person)
		}
	}
}

func (c *Complaint) propose(s Step) {
	c.Proposals++
	c.Proposal = &OpenProposal{Proposal: *s.Facts.Proposal, Revision: c.Proposals, By: s.By.Person}
	c.WorkParts = nil
	c.party(s.By.Person)
	c.dropApprovals(MatterProposal)
}

func (c *Complaint) decide(s Step) {
	d := s.Facts.Decision
	for i := range c.Approvals {
		m := &c.Approvals[i]
		if m.Matter != d.Matter || !m.Open() || (d.Matter != MatterProposal && d.Number != 0 && d.Number != m.Number) {
			continue
		}
		m.Levels[m.next()].DecidedBy = s.By.Person
		m.Refused = s.Name == Refuse
		c.party(s.By.Person)
		if m.Refused && m.Matter == MatterSuspension {
			c.matter(OpenMatter{Number: m.Number}, func(rest *OpenMatter) { rest.Over = true })
		}
		return
	}
}

func (c *Complaint) implement(s Step) {
	w := s.Facts.Work
	switch {
	case w.Impossible:
	case w.Part > 0 && !contains(c.WorkParts, w.Part):
		c.WorkParts = append(c.WorkParts, w.Part)
	}
}

// WorkDone reports whether the step finishes the fix: it says so, or it is the
// last part of it.
func (c *Complaint) WorkDone(s Step) bool {
	w := s.Facts.Work
	if w.Part == 0 {
		return w.Done
	}
	return c.Proposal != nil && len(c.WorkParts) >= len(c.Proposal.Remedies)
}

// reopen begins anew: what was judged stays on the record, what was decided is
// open again. A customer who doesn't accept the explanation that closed it
// contests it by that, once; after the second judgement there is the appeal.
func (c *Complaint) reopen(s Step) {
	c.Contested = s.Name == Reopen && s.By.Person == Customer && c.Outcome == RejectedInvalid && !c.Contested
	c.Outcome, c.ClosedAt = "", nil
	c.Reopened++
	c.Satisfaction = ""
	c.CaseValue = nil
}

func (c *Complaint) enter(e Event) {
	c.Stage, c.StageSince = e.Stage, e.At
	switch e.Stage {
	case Investigating:
		c.Accepted, c.Contacted = false, false
		if e.From != Assigning {
			c.Findings = nil
		}
	case Received:
		c.Findings = nil
	case Assigning:
		c.Contested = false // the new screening has upheld it
	case Closed:
		c.Asked, c.Approvals = nil, nil
		for i := range c.Matters {
			c.Matters[i].Active, c.Matters[i].Over = false, true
		}
	}
}

// name puts people into their roles. What was ordered of the one before and
// isn't answered goes with the role.
func (c *Complaint) name(p People) {
	for i, order := range c.Orders {
		switch {
		case order.Answered:
		case order.To == c.People.Owner && p.Owner != "":
			c.Orders[i].To = p.Owner
		case order.To == c.People.Handler && p.Handler != "":
			c.Orders[i].To = p.Handler
		}
	}
	if p.Handler != c.People.Handler {
		c.Accepted = false
	}
	c.People = p
}

func (c *Complaint) ask(a Approval) {
	c.dropApprovals(a.Matter)
	c.Approvals = append(c.Approvals, a)
}

// dropApprovals forgets the decided approvals of a matter; the record keeps them.
func (c *Complaint) dropApprovals(matter Matter) {
	kept := c.Approvals[:0:0]
	for _, m := range c.Approvals {
		if m.Matter != matter {
			kept = append(kept, m)
		}
	}
	c.Approvals = kept
}

func (c *Complaint) party(person PersonID) {
	if person != "" && !contains(c.Parties, person) {
		c.Parties = append(c.Parties, person)
	}
}

func (c *Complaint) countRound(d Deadline) {
	for i := range c.Rounds {
		if c.Rounds[i].Deadline == d.Name {
			c.Rounds[i].Count = d.Round
			return
		}
	}
	c.Rounds = append(c.Rounds, Round{Deadline: d.Name, Count: d.Round})
}

// replaceDeadline takes a deadline as it is now. An order is due when its clock is.
func (c *Complaint) replaceDeadline(changed Deadline) {
	if changed.Name == InstructionClock && changed.Round <= len(c.Orders) {
		c.Orders[changed.Round-1].Due = changed.DueAt
	}
	for i, d := range c.Deadlines {
		if d.Name == changed.Name && d.Round == changed.Round {
			c.Deadlines[i] = changed
		}
	}
}

func (c *Complaint) dropDeadline(ended Deadline) {
	kept := c.Deadlines[:0:0]
	for _, d := range c.Deadlines {
		if d.Name != ended.Name || d.Round != ended.Round {
			kept = append(kept, d)
		}
	}
	c.Deadlines = kept
	for i := range c.Rounds {
		if c.Rounds[i].Deadline == ended.Name && ended.Continues {
			c.Rounds[i].Last = &ended
		}
	}
	c.answerAsked(ended.Name, ended.Round)
}

func (c *Complaint) fire(ref RungRef, e Event) {
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if d.Name != ref.Deadline || d.Round != ref.Round {
			continue
		}
		d.Rungs = append([]Rung(nil), d.Rungs...)
		at := e.At
		r := &d.Rungs[ref.Rung]
		r.FiredAt = &at
		if r.Lapses && d.LapsedAt == nil {
			due := d.DueAt
			d.LapsedAt = &due
		}
		if r.Ask {
			c.answerAsked(ref.Deadline, ref.Round)
			c.Asked = append(c.Asked, ref)
		}
		switch r.Does {
		case EndLife:
			c.Ended = true
		}
	}
}

// skip passes over a rung; with one that the ladder doesn't have it only ends
// the asking.
func (c *Complaint) skip(ref RungRef) {
	c.answerAsked(ref.Deadline, ref.Round)
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if d.Name == ref.Deadline && d.Round == ref.Round && ref.Rung < len(d.Rungs) {
			d.Rungs = append([]Rung(nil), d.Rungs...)
			d.Rungs[ref.Rung].Skipped = true
		}
	}
}

// answerAsked forgets the asking of one deadline's round: it was acknowledged, it
// ended, or its next rung asks somebody else.
func (c *Complaint) answerAsked(deadline string, round int) {
	kept := c.Asked[:0:0]
	for _, ref := range c.Asked {
		if ref.Deadline != deadline || ref.Round != round {
			kept = append(kept, ref)
		}
	}
	c.Asked = kept
}

func (c *Complaint) matter(m OpenMatter, change func(*OpenMatter)) {
	for i := range c.Matters {
		if c.Matters[i].Number == m.Number {
			change(&c.Matters[i])
			return
		}
	}
	change(&m)
	c.Matters = append(c.Matters, m)
}

func (c *Complaint) endCallback(rating Satisfaction) {
	c.Satisfaction = rating
	c.CallbacksMet++
	c.Attempts = 0
	if rating == Dissatisfied {
		c.Unsatisfied++
	}
}

// report takes over where a side process stands. A rung of its clock says
// nothing new of whose step it is: that may have moved here since.
func (c *Complaint) report(r SideReport) {
	side := Side{Kind: r.Side, ID: r.ID, State: r.State, Person: r.Person, Role: r.Role, Due: r.Due}
	if known, there := c.side(r.Side, r.ID); there && r.Rung != "" && known.State == r.State {
		side.Person, side.Role = known.Person, known.Role
	}
	c.putSide(side)
}

func (c *Complaint) side(kind, id string) (Side, bool) {
	for _, s := range c.Sides {
		if s.Kind == kind && s.ID == id {
			return s, true
		}
	}
	return Side{}, false
}

// move gives an order, or the step of a process beside, to somebody else.
func (c *Complaint) move(m Moved) {
	if m.Order > 0 && m.Order <= len(c.Orders) {
		c.Orders[m.Order-1].To = m.To
	}
	if side, there := c.side(m.Side, m.ID); there {
		side.Person = m.To
		c.putSide(side)
	}
}

func (c *Complaint) putSide(side Side) {
	for i := range c.Sides {
		if c.Sides[i].Kind == side.Kind && c.Sides[i].ID == side.ID {
			c.Sides[i] = side
			return
		}
	}
	c.Sides = append(c.Sides, side)
}
