package plan

import (
	"fmt"

	"recourse/internal/complaint"
	"recourse/internal/message"
)

// messageID is stable: a message with a known ID is never sent again.
func messageID(number string, row int) string { return fmt.Sprintf("%s-%d", number, row) }

// to queues a message. Who acted needs no message about it, and nobody is told
// about a complaint against themselves.
func (p *planner) to(person complaint.PersonID, template message.Template, fill func(*complaint.Message)) {
	if person == complaint.Customer && p.onlyByPhone() {
		// Nothing written reaches this customer: the owner calls them, and before
		// there is one the agent. It is work, and theirs also when they took the step.
		caller := p.c.People.Owner
		if caller == "" {
			caller = p.person(complaint.Agent)
		}
		if p.c.MayBeToldTo(caller) {
			p.put(caller, message.TellCustomer, because(string(template)))
		}
		return
	}
	p.queue(person, template, fill)
}

// onlyByPhone reports whether the customer left a way to be reached, but none
// for what is written.
func (p *planner) onlyByPhone() bool {
	ways := p.c.Registration.Reachable
	return len(ways) > 0 && !contains(ways, "email")
}

func (p *planner) queue(person complaint.PersonID, template message.Template, fill func(*complaint.Message)) {
	if person != complaint.Customer && (person == p.actor || !p.c.MayBeToldTo(person)) {
		return
	}
	p.put(person, template, fill)
}

// put queues a message once, whoever it is to.
func (p *planner) put(person complaint.PersonID, template message.Template, fill func(*complaint.Message)) {
	if person == "" {
		return
	}
	m := complaint.Message{To: person, Template: string(template)}
	if fill != nil {
		fill(&m)
	}
	for _, queued := range p.messages {
		already := *queued.Message
		already.ID = ""
		if already == m {
			return
		}
	}
	p.messages = append(p.messages, complaint.Event{Kind: complaint.MessageQueued, At: p.at, By: complaint.Procedure, Message: &m})
}

func because(reason string) func(*complaint.Message) {
	return func(m *complaint.Message) { m.Reason = reason }
}

func link(purpose string) func(*complaint.Message) {
	return func(m *complaint.Message) { m.Link = purpose }
}

// tell queues the messages that an event calls for.
func (p *planner) tell(e complaint.Event) {
	switch e.Kind {
	case complaint.StepTaken:
		p.tellStep(*e.Step)
	case complaint.StageEntered:
		p.tellStage(e)
	case complaint.ApprovalsAsked:
		p.tellApproval(*e.Approval)
	case complaint.DeadlineStarted:
		p.tellStart(*e.Deadline)
	case complaint.RungFired:
		p.tellRung(e)
	case complaint.TierReached:
		fill := func(m *complaint.Message) { m.Tier = e.Tier }
		p.to(p.holder(p.c.Terms.TierRole(e.Tier, p.c.People.Department)), message.TierReached, fill)
		p.to(p.person(complaint.Owner), message.Climbed, fill)
	case complaint.Suspended:
		fill := func(m *complaint.Message) { m.Reason, m.Due = string(e.Matter.Kind), &e.Matter.Until }
		p.to(p.person(complaint.Owner), message.Suspended, fill)
		p.to(p.c.People.Handler, message.Suspended, fill)
		p.to(complaint.Customer, message.CustomerSuspended, func(m *complaint.Message) {
			fill(m)
			m.Link = "follow"
		})
	case complaint.Resumed:
		if _, resting := p.c.Suspended(); resting {
			return // by another open matter
		}
		p.to(p.person(complaint.Owner), message.Resumed, nil)
		p.to(p.c.People.Handler, message.Resumed, nil)
		p.to(complaint.Customer, message.CustomerResumed, link("follow"))
	case complaint.AnsweredBySilence:
		p.to(p.person(complaint.Owner), message.CustomerSilent, p.revision)
		p.to(p.c.People.Handler, message.CustomerSilent, p.revision)
	case complaint.CallbackEnded:
		p.tellCallback(e)
	case complaint.Concluded:
		p.tellOutcome(e.Outcome)
	case complaint.AlertRaised:
		p.tellAlert(e.Code)
	}
}

// revision fills in the newest proposal's revision.
func (p *planner) revision(m *complaint.Message) {
	if p.c.Proposal != nil {
		m.ProposalRevision = p.c.Proposal.Revision
	}
}

// tellStep: what the step itself calls for, apart from the stage that follows.
func (p *planner) tellStep(s complaint.Step) {
	owner, handler := p.person(complaint.Owner), p.c.People.Handler
	switch s.Name {
	case complaint.Register:
		p.to(complaint.Customer, message.CustomerReceived, link("follow"))
		if s.Facts.Screening == nil && s.Facts.OnSpot == nil {
			p.to(p.c.People.Agent, message.ScreeningAsked, nil)
		}
		if s.Facts.OnSpot != nil {
			p.tellOnSpot()
		}
	case complaint.ResolveOnSpot:
		p.tellOnSpot()
	case complaint.Explain:
		if s.Facts.Explanation.Contested {
			p.to(p.somebody(complaint.ServiceManager, p.c.ScreenedBy), message.CustomerContested, nil)
		} else {
			p.to(complaint.Customer, message.CustomerExplained, link("contest"))
		}
	case complaint.Return:
		p.to(owner, message.Returned, nil)
		p.to(p.c.People.Agent, message.Returned, nil)
	case complaint.RequestSupport:
		p.to(p.holder(p.c.Terms.HeadOf(s.Facts.Support.Department)), message.SupportAsked, nil)
	case complaint.GiveSupport:
		p.to(p.c.Supports[s.Facts.Support.Request-1].By, message.SupportGiven, nil)
	case complaint.Approve, complaint.Refuse:
		p.tellDecision(s)
	case complaint.Answer:
		template := message.CustomerDeclined
		if s.Facts.Answer.Agrees {
			template = message.CustomerAgreed
		}
		p.to(owner, template, p.revision)
		p.to(handler, template, p.revision)
	case complaint.Implement:
		if s.Facts.Work.Impossible {
			p.to(owner, message.Impossible, nil)
		} else if p.c.WorkDone(s) {
			p.to(complaint.Customer, message.CustomerDone, link("follow"))
		}
	case complaint.Verify:
		if !s.Facts.Check.Satisfied {
			p.to(handler, message.NotSatisfied, nil)
		}
	case complaint.Extend:
		fill := func(m *complaint.Message) { m.Deadline, m.Due = s.Facts.Extension.Deadline, &s.Facts.Extension.Due }
		p.to(owner, message.Extended, fill)
		p.to(handler, message.Extended, fill)
	case complaint.Acknowledge:
		p.to(owner, message.Acknowledged, nil)
		p.to(handler, message.Acknowledged, nil)
	case complaint.TakeOver:
		p.to(owner, message.TakenOver, nil)
	case complaint.Instruct:
		p.tellOrder(p.c.Orders[len(p.c.Orders)-1])
	case complaint.CallOutDone:
		p.to(p.holder(complaint.ServiceManager), message.CallOutDone, nil)
		p.to(owner, message.CallOutDone, nil)
	case complaint.Assess:
		if kept := p.Procedure.Assessment; kept != nil && s.Facts.Assessment.CaseValue {
			for _, role := range kept.ReportTo {
				p.to(p.holder(role), message.CaseWritten, nil)
			}
		}
	case complaint.Link:
		p.to(owner, message.Linked, because(string(s.Facts.Linked.Relation)))
		p.to(handler, message.Linked, because(string(s.Facts.Linked.Relation)))
	case complaint.Withdraw:
		p.to(complaint.Customer, message.CustomerWithdrawn, nil)
		p.to(owner, message.Withdrawn, nil)
		p.to(handler, message.Withdrawn, nil)
	case complaint.Reopen:
		if p.c.Contested {
			p.to(p.somebody(complaint.ServiceManager, p.c.ScreenedBy), message.CustomerContested, nil)
		}
		p.to(complaint.Customer, message.CustomerReopened, link("follow"))
		p.to(owner, message.Reopened, nil)
		p.to(handler, message.Reopened, nil)
	case complaint.Appeal:
		p.to(complaint.Customer, message.CustomerAppealed, link("follow"))
		p.to(owner, message.Appealed, nil)
		p.to(p.holder(complaint.ServiceManager), message.Appealed, nil)
	case complaint.Report:
		p.tellSide(*s.Facts.Report)
	}
	if s.Facts.Screening != nil && len(p.c.People.SeenBy) > 0 {
		for _, named := range p.c.People.SeenBy {
			p.to(named, message.Whistleblowing, nil)
		}
	}
}

func (p *planner) tellOrder(order complaint.OrderGiven) {
	p.to(order.To, message.Instruction, func(m *complaint.Message) { m.Due = &order.Due })
}

// tellSide passes on what a side process reports: a new task, a rung of its
// clock, its end.
func (p *planner) tellSide(report complaint.SideReport) {
	fill := func(m *complaint.Message) { m.Reason, m.Due, m.Rung = report.Side, report.Due, report.Rung }
	switch {
	case report.State == complaint.SideDone:
		p.to(p.person(complaint.Owner), message.SideEnded, because(report.Side))
	case report.Rung != "":
		for _, role := range report.Tell {
			p.to(p.person(role), message.SideTask, fill)
		}
	default:
		p.to(report.Person, message.SideTask, fill)
	}
}

// tellOnSpot reports upward what was settled at first contact.
func (p *planner) tellOnSpot() {
	p.to(p.holder(complaint.ServiceManager), message.SettledOnSpot, nil)
}

// tellStage: who has to act at a stage, and what the customer learns by it.
func (p *planner) tellStage(e complaint.Event) {
	owner, handler := p.person(complaint.Owner), p.c.People.Handler
	switch e.Stage {
	case complaint.Received:
		if p.c.Contested {
			p.to(p.somebody(complaint.ServiceManager, p.c.ScreenedBy), message.ScreeningAsked, nil)
		} else if e.From != "" {
			p.to(p.c.People.Agent, message.ScreeningAsked, nil)
		}
	case complaint.Explaining:
		p.to(p.c.People.Agent, message.Task, because(string(complaint.Explain)))
	case complaint.Assigning:
		p.tellRoute()
		if p.c.Terms.NamedBy != "" && p.c.People.Owner == "" {
			p.to(p.holder(p.c.Terms.NamedBy), message.Task, because(p.asked(complaint.Assign)))
		} else if p.c.People.Handler == "" {
			p.to(owner, message.Task, because(string(complaint.Assign)))
		}
	case complaint.Investigating:
		if e.From == complaint.Assigning {
			p.assigned = true // told by tellPeople, once it is settled who has it
		} else {
			p.to(handler, message.Task, because(string(complaint.Accept)))
		}
	case complaint.Proposing:
		p.to(handler, message.Task, because(string(complaint.Propose)))
	case complaint.AwaitingCustomer:
		p.to(complaint.Customer, message.CustomerProposal, func(m *complaint.Message) {
			p.revision(m)
			m.Link = "answer"
			if p.c.RoundsOf(complaint.CustomerAnswerClock) > 1 {
				m.Reason = message.InPlaceOfEarlier
			}
		})
		p.to(owner, message.Task, because(string(complaint.Inform)))
	case complaint.Implementing:
		p.to(handler, message.Task, because(string(complaint.Implement)))
	case complaint.Verifying:
		p.to(owner, message.Task, because(string(complaint.Verify)))
	case complaint.Closing:
		p.to(owner, message.Task, because(string(complaint.Close)))
	}
}

// asked is the coded request for a step. Whoever names the owner is asked for
// that, and for a handler only where no rule has named one.
func (p *planner) asked(step complaint.StepName) string {
	switch {
	case step != complaint.Assign || p.c.Terms.NamedBy == "" || p.c.People.Owner != "":
		return string(step)
	case p.c.People.Handler != "":
		return message.NameOwner
	}
	return message.NameOwnerAndHandler
}

// tellRoute informs whom the route names: before the handling begins, or by copy.
func (p *planner) tellRoute() {
	route := p.Procedure.Route(p.caseOf())
	for _, role := range route.InformFirst {
		p.to(p.holder(role), message.MajorInformed, because(string(p.c.Severity())))
	}
	for _, role := range route.Copy {
		p.copyTo(p.holder(role))
	}
	for _, department := range p.c.People.With {
		p.copyTo(p.holder(p.c.Terms.HeadOf(department)))
	}
}

// copyTo sends a copy, but to whom an alert has just told more.
func (p *planner) copyTo(person complaint.PersonID) {
	for _, queued := range p.messages {
		if queued.Message.To == person && queued.Message.Template == string(message.Alert) {
			return
		}
	}
	p.to(person, message.Copied, because(string(p.c.Severity())))
}

// tellPeople tells whoever got a role, by a step or by the rules, that they have
// it, and whoever lost one that somebody else has it. A handler is told when the
// complaint reaches them: before, there is nothing that they could do.
func (p *planner) tellPeople(before complaint.People) {
	now := p.c.People
	if now.Owner != "" && now.Owner != before.Owner {
		p.to(now.Owner, message.OwnerNamed, nil)
	}
	switch p.c.Stage {
	case complaint.Received, complaint.Explaining, complaint.Assigning, complaint.Closed:
		return
	}
	if p.assigned || before.Handler == "" && now.Handler != "" {
		p.to(now.Handler, message.Assigned, nil)
		return
	}
	if now.Handler == "" || now.Handler == before.Handler {
		return
	}
	p.to(now.Handler, message.Reassigned, nil)
	p.to(before.Handler, message.ReassignedAway, nil)
}

// tellApproval asks whoever has the next decision.
func (p *planner) tellApproval(a complaint.Approval) {
	for _, level := range a.Levels {
		if level.DecidedBy == "" {
			p.to(level.Person, message.ApprovalAsked, func(m *complaint.Message) {
				m.Reason = string(a.Matter)
				if a.Matter == complaint.MatterProposal {
					m.ProposalRevision = a.Number
				}
			})
			return
		}
	}
}

func (p *planner) tellDecision(s complaint.Step) {
	for _, a := range p.c.Approvals {
		if a.Matter != s.Facts.Decision.Matter {
			continue
		}
		maker := a.By
		if a.Matter == complaint.MatterReply {
			maker = p.person(complaint.Agent)
		}
		switch {
		case s.Name == complaint.Refuse:
			p.to(maker, message.Refused, because(string(a.Matter)))
			p.to(p.person(complaint.Owner), message.Refused, because(string(a.Matter)))
		case a.Open():
			p.tellApproval(a)
		default:
			p.to(maker, message.Approved, because(string(a.Matter)))
		}
	}
}

func (p *planner) tellStart(d complaint.Deadline) {
	switch d.Name {
	case complaint.CallbackClock:
		number := p.c.CallbacksMet + 1
		fill := func(m *complaint.Message) { m.Callback, m.Due = number, &d.DueAt }
		caller := p.c.People.Agent
		if contains(p.c.Parties, caller) && caller != p.c.People.Owner {
			caller = p.holder(complaint.Agent, p.c.Parties...)
		}
		p.to(caller, message.CallbackDue, fill)
		p.to(complaint.Customer, message.CustomerRating, func(m *complaint.Message) { m.Callback, m.Link = number, "rate" })
	case complaint.CallOutClock:
		fill := func(m *complaint.Message) { m.Due = &d.DueAt }
		p.to(p.holder(p.Procedure.CallOut.By), message.CallOut, fill)
		for _, role := range p.Procedure.CallOut.Team {
			p.to(p.holder(role), message.CallOut, fill)
		}
	}
}

// tellRung tells whom the rung names: before due it reminds, after due it says
// that the time has passed, and with a tier it calls the manager.
func (p *planner) tellRung(e complaint.Event) {
	d, rung, known := p.c.Rung(*e.Rung)
	if !known {
		return
	}
	template := message.Reminder
	switch {
	case rung.Does == complaint.RemindCustomer:
		template = message.CustomerProposalReminder
	case rung.Does == complaint.RemindOpenMatter:
		template = message.OpenMatter
	case rung.Does == complaint.CountCustomerDate:
		template = message.PromiseDue
	case rung.Does == complaint.ResumeComplaint, rung.Does == complaint.SuspendComplaint,
		rung.Does == complaint.CloseUnresolved, rung.Does == complaint.ProceedAnyway:
		return // told by what it does
	case rung.Does == complaint.HandOverDecision:
		template = message.DecisionHandedOver
	case rung.Does == complaint.HandOverTask:
		template = message.TaskHandedOver
	case rung.Tier > 0:
		template = message.Escalation
	case !rung.At.Before(d.DueAt):
		template = message.Lapsed
	}
	for _, role := range rung.Tell {
		person := p.person(role)
		said := template
		if template == message.CustomerProposalReminder && person != complaint.Customer {
			said = message.Reminder
		}
		if said == message.Escalation && (role == complaint.Owner || role == complaint.Handler || role == complaint.Agent) {
			said = message.Lapsed // whose duty it is needs no order to acknowledge
		}
		p.to(person, said, func(m *complaint.Message) {
			due := d.DueAt
			if rung.Does == complaint.RemindCustomer && e.Rung.Rung+1 < len(d.Rungs) {
				due = d.Rungs[e.Rung.Rung+1].At // each reminder waits as long again
			}
			m.Deadline, m.Rung, m.Tier, m.Due = d.Name, rung.Label, rung.Tier, &due
			if said == message.CustomerProposalReminder {
				p.revision(m)
				m.Link = "answer"
			}
		})
	}
}

func (p *planner) tellCallback(e complaint.Event) {
	template := message.NotReached
	switch e.Rating {
	case complaint.Dissatisfied:
		template = message.CustomerDissatisfied
	case complaint.Unreached:
	default:
		return
	}
	fill := func(m *complaint.Message) { m.Callback = e.Callbacks }
	p.to(p.person(complaint.Owner), template, fill)
	p.to(p.c.People.Handler, template, fill)
}

func (p *planner) tellOutcome(outcome complaint.Outcome) {
	for _, s := range p.Procedure.Supervision { // who watches such complaints in particular learns how they end
		if !s.When.IsZero() && s.When.Holds(p.caseOf()) {
			p.to(p.holder(s.By), message.Closed, because(string(outcome)))
		}
	}
	for _, person := range p.c.Threat.Watchers() { // the watch ends with it
		p.to(person, message.Closed, because(string(outcome)))
	}
	if outcome == complaint.Withdrawn {
		return // told by the step
	}
	p.to(p.c.People.Owner, message.Closed, because(string(outcome)))
	p.to(p.c.People.Handler, message.Closed, because(string(outcome)))
	p.to(complaint.Customer, message.CustomerOutcome, func(m *complaint.Message) {
		m.Reason = string(outcome)
		if p.c.Terms.AppealTo != "" {
			m.Link = "appeal"
		}
	})
}

func (p *planner) tellAlert(id string) {
	for _, alert := range p.Procedure.Alerts {
		if alert.ID == id {
			for _, role := range alert.Tell {
				p.to(p.person(role), message.Alert, because(id))
			}
		}
	}
}
