package plan

import (
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/procedure"
)

// tell says who is told what by an event. What a message tells of and asks for, and which link it
// carries, stands with its text in internal/message.
func (p *planner) tell(e complaint.Event) {
	owner, handler := p.person(complaint.Owner), p.c.People.Handler
	// Not all are told apart: of the others nobody is told anything of its own.
	//exhaustive:ignore
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
		if e.Tier < max(p.c.RoundsTier, p.c.CalledTier) {
			return // somebody above is told
		}
		tier, manager := complaint.Message{Tier: e.Tier}, p.holder(p.tierDuty(e.Tier))
		if e.Code == complaint.ByHand {
			called := tier
			called.Reason = p.most(manager)
			p.sendWith(called, message.CalledIn, manager)
		} else {
			p.sendWith(tier, message.TierReached, manager)
		}
		if owner != manager {
			p.sendWith(tier, message.Climbed, owner)
		}
	case complaint.Suspended:
		rests := complaint.Message{Reason: string(e.Matter.Kind), Due: &e.Matter.Until, Tells: e.Matter.Submission}
		p.sendWith(rests, message.Suspended, owner, handler)
		rests.Tells = ""
		p.sendWith(rests, message.CustomerSuspended)
	case complaint.Resumed:
		if _, resting := p.c.Suspended(); !resting { // by another open matter
			p.send(message.Resumed, owner, handler)
			p.send(message.CustomerResumed)
		}
	case complaint.AnsweredBySilence:
		p.sendWith(p.newestProposal(), message.CustomerSilent, owner, handler)
	case complaint.CallbackEnded:
		callback := complaint.Message{Callback: e.Callbacks}
		switch e.Rating {
		case complaint.Dissatisfied:
			p.sendWith(callback, message.CustomerDissatisfied, owner, handler)
		case complaint.Unreached:
			p.sendWith(callback, message.NotReached, owner, handler)
		}
	case complaint.Concluded:
		p.tellOutcome(e.Outcome)
	case complaint.AlertRaised:
		for _, alert := range p.Procedure.Alerts {
			if alert.ID == e.Code {
				raised := because(alert.ID)
				if judged := p.c.Screening; judged != nil {
					raised.Severity, raised.Category = judged.Severity, judged.Category
				}
				p.sendWith(raised, message.Alert, p.people(alert.Tell)...)
			}
		}
	}
}

// tellStep says who is told by the step itself, apart from the stage that follows.
func (p *planner) tellStep(s complaint.Step) {
	owner, handler, agent := p.person(complaint.Owner), p.c.People.Handler, p.c.People.Agent
	manager, facts := p.holder(complaint.ServiceManager), s.Facts
	// Not all are told apart: of the others nobody is told anything of its own.
	//exhaustive:ignore
	switch s.Name {
	case complaint.Register:
		p.send(message.CustomerReceived)
		if facts.OnSpot != nil {
			p.send(message.SettledOnSpot, manager)
		} else if facts.Screening == nil {
			p.send(message.ScreeningAsked, agent)
		}
	case complaint.ResolveOnSpot:
		p.send(message.SettledOnSpot, manager)
	case complaint.Explain:
		if facts.Explanation.Contested {
			p.send(message.CustomerContested, p.anotherScreener())
		} else {
			p.send(message.CustomerExplained)
		}
	case complaint.Return:
		p.send(message.Returned, owner, agent)
	case complaint.RequestSupport:
		p.send(message.SupportAsked, p.holder(p.c.Terms.HeadOf(facts.Support.Department)))
	case complaint.GiveSupport:
		if asked, answered := p.c.SupportAnsweredBy(s); answered {
			p.send(message.SupportGiven, asked.By)
		}
	case complaint.Approve, complaint.Refuse:
		p.tellDecision(s)
	case complaint.Answer:
		if facts.Answer.Agrees {
			p.sendWith(p.newestProposal(), message.CustomerAgreed, owner, handler)
		} else {
			p.sendWith(p.newestProposal(), message.CustomerDeclined, owner, handler)
		}
	case complaint.Implement:
		if facts.Work.Impossible {
			p.send(message.Impossible, owner)
		} else if p.c.WorkDone(s) {
			p.send(message.CustomerDone)
		}
	case complaint.Verify:
		if !facts.Check.Satisfied {
			p.send(message.NotSatisfied, handler)
		}
	case complaint.MarkSpecial:
		p.send(message.MarkedSpecial, owner, handler)
	case complaint.Extend:
		p.sendWith(complaint.Message{Deadline: facts.Extension.Deadline, Due: &facts.Extension.Due}, message.Extended, owner, handler)
	case complaint.Acknowledge:
		p.send(message.Acknowledged, owner, handler)
	case complaint.TakeOver:
		p.send(message.TakenOver, owner)
	case complaint.CarriedOut:
		if order, answered := p.c.OrderAnsweredBy(s); answered {
			p.send(message.OrderCarriedOut, order.By)
		}
	case complaint.Instruct:
		p.tellOrder(p.c.Orders[len(p.c.Orders)-1])
	case complaint.CallOutDone:
		p.send(message.CallOutDone, manager, owner)
		if p.c.Stage == complaint.Assigning {
			p.tellAssigning() // which has waited for it
		}
	case complaint.Assess:
		if kept := p.Procedure.Assessment; kept != nil && facts.Assessment.CaseValue {
			p.send(message.CaseWritten, p.holders(kept.ReportTo)...)
		}
	case complaint.Link:
		p.sendWith(because(facts.Linked.Relation), message.Linked, owner, handler)
		if leads := facts.Leading; leads != nil && leads.By != owner && leads.By != handler {
			p.sendWith(because(facts.Linked.Relation.Reverse()), message.LinkedToYours, leads.By)
		}
	case complaint.Withdraw:
		p.send(message.CustomerWithdrawn)
		p.send(message.Withdrawn, owner, handler)
	case complaint.Reopen:
		p.send(message.CustomerReopened)
		if p.c.Contested {
			p.send(message.CustomerContested, p.anotherScreener())
			p.sendWith(because(message.Contested), message.Reopened, othersThan(p.anotherScreener(), owner, handler)...)
		} else {
			p.send(message.Reopened, owner, handler)
		}
	case complaint.Appeal:
		p.send(message.CustomerAppealed)
		p.send(message.Appealed, owner)
		p.sendWith(complaint.Message{Reason: message.Uninvolved}, message.Appealed, p.hearAppeal(owner)...)
	case complaint.Report:
		p.tellSide(*facts.Report)
	case complaint.Undelivered:
		p.failed(facts.Undelivered.Message)
	case complaint.Correct:
		p.sendAgain()
	}
	if facts.Screening != nil || s.Name == complaint.Register {
		p.send(message.Whistleblowing, p.c.People.SeenBy...)
	}
}

// hearAppeal are who is told of an appeal beside the owner, who sees to it: the service manager,
// and whom the procedure names, where they had no part in what is appealed against.
func (p *planner) hearAppeal(owner complaint.PersonID) []complaint.PersonID {
	var told []complaint.PersonID
	for _, role := range append([]complaint.Role{complaint.ServiceManager}, p.Procedure.Appeal.Tell...) {
		person := p.holder(role, append(slices.Clone(p.c.HadPart), owner)...)
		if !slices.Contains(told, person) {
			told = append(told, person)
		}
	}
	return told
}

// mayEnd reports whether somebody may take a step that a deadline waits for, as the complaint
// stands.
func (p *planner) mayEnd(d complaint.Deadline, person complaint.PersonID) bool {
	allowed := p.c.Allowed(p.Directory.Actor(person, p.at, p.Procedure.Roles), p.at)
	return slices.ContainsFunc(p.c.AwaitedBy(d), func(t complaint.Task) bool { return slices.Contains(allowed, t.Kind) })
}

// most is the most that somebody called in may do as the complaint stands: propose a fix, take it
// over, or order something in writing; empty where they may do none of it.
func (p *planner) most(person complaint.PersonID) string {
	allowed := p.c.Allowed(p.Directory.Actor(person, p.at, p.Procedure.Roles), p.at)
	for _, step := range []complaint.StepName{complaint.Propose, complaint.TakeOver, complaint.Instruct} {
		if slices.Contains(allowed, step) {
			return string(step)
		}
	}
	return ""
}

func (p *planner) tellOrder(order complaint.OrderGiven) {
	p.sendWith(complaint.Message{Due: &order.Due, Tells: order.Submission}, message.Instruction, order.To)
}

// tellSide passes on what a side process reports: a new task, a rung of its clock, its end.
func (p *planner) tellSide(report complaint.SideReport) {
	task := complaint.Message{Reason: report.Side, Due: report.Due, Rung: report.Rung, Tells: p.c.FoundBy}
	switch {
	case report.State == complaint.SideDone:
		p.sendWith(because(report.Side), message.SideEnded, p.person(complaint.Owner))
	case report.Rung != "":
		p.sendWith(task, message.SideTask, p.remindedBeside(report)...)
	default:
		p.sendWith(task, message.SideTask, report.Person)
	}
}

// tellStage says who has to act at a stage, and what the customer learns by it.
func (p *planner) tellStage(e complaint.Event) {
	owner, handler, agent := p.person(complaint.Owner), p.c.People.Handler, p.c.People.Agent
	// Not all are told apart: of the others nobody is told anything of its own.
	//exhaustive:ignore
	switch e.Stage {
	case complaint.Received:
		if p.c.Contested {
			p.send(message.ScreeningAsked, p.anotherScreener())
		} else if e.From != "" {
			p.send(message.ScreeningAsked, agent)
		}
	case complaint.Explaining:
		p.sendTask(complaint.Explain, agent)
	case complaint.Assigning:
		if p.c.Upheld && e.From == complaint.Received {
			p.send(message.CustomerUpheld)
		}
		p.tellRoute(p.Procedure.Route(&p.c))
		if p.c.CallOut != complaint.CallOutOpen {
			p.tellAssigning()
		}
	case complaint.Investigating:
		if e.From == complaint.Assigning {
			p.assigned = true // told by tellPeople, once it is settled who has it
		} else {
			p.sendTask(complaint.Accept, handler)
		}
	case complaint.Proposing:
		p.sendTask(complaint.Propose, handler)
	case complaint.AwaitingCustomer:
		proposal := p.proposed()
		if p.c.RoundsOf(complaint.CustomerAnswerClock) > 1 {
			proposal.Reason = message.InPlaceOfEarlier
		}
		p.sendWith(proposal, message.CustomerProposal)
		if !p.c.Nowhere() {
			asked := p.proposed()
			asked.Reason = string(complaint.Inform)
			p.sendWith(asked, message.Task, owner)
		}
	case complaint.Implementing:
		p.sendTask(complaint.Implement, handler)
	case complaint.Verifying:
		asked := p.newestProposal()
		asked.Reason = string(complaint.Verify)
		p.sendWith(asked, message.Task, owner)
	case complaint.Closing:
		p.sendTask(complaint.Close, owner)
	}
}

// tellAssigning asks for whoever is missing: the owner, or the handler.
func (p *planner) tellAssigning() {
	switch {
	case p.c.LacksOwner():
		p.sendTask(complaint.Assign, p.holder(p.c.Terms.NamedBy))
	case p.c.LacksHandler():
		p.sendTask(complaint.Assign, p.holder(p.c.Terms.HandlerNamedBy))
	case p.c.People.Handler == "":
		p.sendTask(complaint.Assign, p.person(complaint.Owner))
	}
}

// tellRoute informs whom the route names: before the handling begins, or by copy, but for whom an
// alert has just told more.
func (p *planner) tellRoute(route procedure.Route) {
	judged := because(p.c.Severity())
	p.sendWith(judged, message.MajorInformed, p.holders(route.InformFirst)...)
	copies := p.holders(route.Copy)
	for _, department := range p.c.People.With {
		copies = append(copies, p.holder(p.c.Terms.HeadOf(department)))
	}
	for _, person := range copies {
		if !p.queued(person, message.Alert) {
			p.sendWith(judged, message.Copied, person)
		}
	}
}

// tellPeople tells whoever got a role, by a step or by the rules, that they have it, and whoever
// lost one that somebody else has it. A handler is told when the complaint reaches them: before,
// there is nothing that they could do.
func (p *planner) tellPeople(before complaint.People) {
	now := p.c.People
	if now.Owner != before.Owner {
		p.send(message.OwnerNamed, now.Owner)
	}
	// Not all are told apart: of the others nobody is told anything of its own.
	//exhaustive:ignore
	switch p.c.Stage {
	case complaint.Received, complaint.Explaining, complaint.Assigning, complaint.Closed:
		return
	}
	switch {
	case p.assigned || before.Handler == "":
		p.send(message.Assigned, now.Handler)
	case now.Handler != "" && now.Handler != before.Handler:
		if p.step != nil && p.step.Name == complaint.Appeal && p.c.Stage == complaint.Investigating { // its clocks begin anew
			p.sendWith(because(string(complaint.Appeal)), message.Assigned, now.Handler)
		} else {
			p.send(message.Reassigned, now.Handler)
		}
		if p.inDirectory(before.Handler) {
			p.send(message.ReassignedAway, before.Handler)
		}
	}
}

// tellApproval asks whoever has the next decision.
func (p *planner) tellApproval(a complaint.Approval) {
	for _, level := range a.Levels {
		if level.DecidedBy == "" {
			asked := because(a.Matter)
			asked.Tells = a.Submission
			if a.Matter == complaint.MatterProposal {
				asked.ProposalRevision = a.Number
			}
			p.sendWith(asked, message.ApprovalAsked, level.Person)
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
			p.sendWith(because(a.Matter), message.Refused, maker, p.person(complaint.Owner))
		case a.Open():
			p.tellApproval(a)
		default:
			p.sendWith(because(a.Matter), message.Approved, maker)
		}
	}
}

func (p *planner) tellStart(d complaint.Deadline) {
	switch d.Name {
	case complaint.CallbackClock:
		number := p.c.CallbacksMet + 1
		p.sendWith(complaint.Message{Callback: number, Due: &d.DueAt}, message.CallbackDue, p.caller())
		p.sendWith(complaint.Message{Callback: p.c.CallbackNow()}, message.CustomerRating)
	case complaint.CallOutClock:
		team := p.holders(p.Procedure.CallOut.Team)
		if by := p.holder(p.Procedure.CallOut.By); !slices.Contains(team, by) {
			p.sendWith(complaint.Message{Due: &d.DueAt}, message.CallOut, by)
		}
		p.sendWith(complaint.Message{Due: &d.DueAt, Reason: message.Team}, message.CallOut, team...)
	}
}

// tellRung tells whom the rung names: before due it reminds, after due it says that the time has
// passed, and with a tier it calls the manager.
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
	case rung.Does == complaint.AskAgain:
		p.tellAgain()
		return
	case rung.Does == complaint.HandOverDecision:
		template = message.DecisionHandedOver
	case rung.Does == complaint.HandOverTask:
		template = message.TaskHandedOver
	case rung.Tier > 0, rung.Ask && !rung.At.Before(d.DueAt):
		template = message.Escalation
	case !rung.At.Before(d.DueAt):
		template = message.Lapsed
	}
	due := d.DueAt
	rings := complaint.Message{Deadline: d.Name, Rung: rung.Label, Tier: rung.Tier, Due: &due}
	switch {
	case rung.Does == complaint.RemindCustomer:
		if e.Rung.Rung+1 < len(d.Rungs) {
			due = d.Rungs[e.Rung.Rung+1].At // each reminder waits as long again
		}
		for _, role := range rung.Tell {
			if role == complaint.CustomerRole {
				asked := rings
				proposed := p.proposed()
				asked.ProposalRevision, asked.Tells = proposed.ProposalRevision, proposed.Tells
				p.sendWith(asked, template)
			} else {
				p.sendWith(rings, message.Reminder, p.person(role))
			}
		}
	case rung.Does == complaint.RemindOpenMatter:
		p.sendWith(rings, template, p.people(rung.Tell)...)
	case calls(rung):
		for _, role := range rung.Tell {
			if ofTheCase(role) {
				p.sendWith(rings, message.Lapsed, p.reminded(d, role)...) // whose duty it is needs no order to acknowledge
				continue
			}
			person, says := p.person(role), template
			if rung.Does == complaint.HandOverDecision && !p.mayEnd(d, person) {
				says = message.Escalation // where nobody else is left, it comes to who may not decide it
			}
			p.sendWith(rings, says, person)
		}
		p.sendWith(rings, message.Lapsed, p.overdue...)
	default:
		p.sendWith(rings, template, p.remindedBy(d, rung)...)
	}
}

func (p *planner) tellOutcome(outcome complaint.Outcome) {
	closed := because(outcome)
	for _, s := range p.Procedure.WatchedBy(&p.c) { // who watches such complaints in particular learns how they end
		if !s.When.IsZero() {
			p.sendWith(closed, message.Closed, p.holder(s.By))
		}
	}
	p.sendWith(closed, message.Closed, p.c.Threat.Watchers()...) // the watch ends with it
	if outcome != complaint.Withdrawn {                          // that is told by the step
		p.sendWith(closed, message.Closed, p.c.People.Owner, p.c.People.Handler)
		if p.step != nil && p.step.Facts.Leading != nil && p.step.Facts.Leading.OtherCustomer {
			closed.Reason = message.MergedWithAnothers
		}
		p.sendWith(closed, message.CustomerOutcome)
	}
}
