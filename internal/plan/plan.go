// Package plan says what a procedure makes of what happened to a complaint: who
// gets it, which clocks begin, rest and end, who must approve, which stage is
// passed at once, and who is told. It reads the procedure, its calendar and the
// directory, and nothing else: the same question has the same answer.
//
// The workflow asks it at every wait, through the activity that records; what it
// answers is recorded, so that a change of procedure, calendar or directory
// changes no past decision.
package plan

import (
	"cmp"
	"hash/fnv"
	"reflect"
	"slices"
	"strconv"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/procedure"
)

// Rules are one version of a procedure with what it needs to be understood.
type Rules struct {
	Procedure *procedure.Procedure
	Calendar  *calendar.Calendar
	Directory *directory.Directory
}

// Follow answers what follows from a write: Decided, Messages, and the complaint with both counted.
func (r Rules) Follow(w complaint.Write) complaint.Write {
	p := &planner{Rules: r, c: w.Complaint.Clone(), row: w.Before + len(w.Happened)}
	for _, e := range w.Happened {
		p.now = latest(p.now, e.At)
	}
	for _, e := range w.Happened {
		p.actor = e.By
		if e.Kind == complaint.StepTaken {
			p.step = e.Step
		}
		p.follow(e)
	}
	for {
		onward := p.c.Onward(p.at)
		if len(onward) == 0 {
			break
		}
		for _, e := range onward {
			p.decide(e)
		}
	}
	p.standIn()
	p.askAgain(slices.ContainsFunc(w.Happened, taking(complaint.Acknowledge)))
	p.tellPeople(w.PeopleBefore)
	p.messages = once(p.messages)
	for i := range p.messages {
		p.messages[i].Message.ID = messageID(p.c.Number, p.row+len(p.decided)+i+1)
	}
	w.Complaint, w.Decided, w.Messages = p.c, p.decided, p.messages
	w.Complaint.Recorded = w.Before + len(w.Rows())
	return w
}

// planner is one answer in the making.
type planner struct {
	Rules
	c        complaint.Complaint
	at       time.Time            // of the event followed
	now      time.Time            // of the write: what was heard earlier is followed as of then
	actor    complaint.PersonID   // who acted: they need no message about it
	step     *complaint.Step      // that was taken; nil where none was
	absent   []complaint.PersonID // whom a step says to be away, or to have left
	relieved complaint.Absent     // who a step says to have lost duties; nobody where none does
	overdue  []complaint.PersonID // who hear of the rung followed that they are late
	assigned bool                 // the complaint has reached its handler
	judged   []any                // the facts asked for and the department, as the terms were judged last
	decided  []complaint.Event
	messages []complaint.Event
	row      int
}

// decide adds an event that the procedure decides, folds it in, and follows it in turn.
func (p *planner) decide(e complaint.Event) {
	if e.At.IsZero() {
		e.At = p.at
	}
	e.By = cmp.Or(e.By, complaint.Procedure)
	p.c.Apply(e)
	p.decided = append(p.decided, e)
	p.follow(e)
}

// follow is what one event leads to. The order matters: people first, for clocks
// and messages name them; clocks before messages, for messages name due times.
func (p *planner) follow(e complaint.Event) {
	at := p.at
	p.at = e.At
	defer func() {
		if p.at.Before(at) {
			p.at = at
		}
	}()
	if e.Kind == complaint.StepTaken && (e.Step.Name == complaint.Register || e.Step.Name == complaint.Rebase) {
		p.setTerms()
	}
	p.judgeTerms()
	p.passOver(e)
	p.bringIn(e)
	p.namePeople(e)
	p.guard(e)
	p.askApprovals(e)
	p.noteMoments(e)
	p.endClocks(e)
	p.changeClocks(e)
	p.startClocks(e)
	p.judgeClocks(e)
	p.restClocks()
	p.spaceRungs(e)
	p.raiseAlerts(e)
	p.startSides(e)
	p.tell(e)
	p.tellNotices(e)
}

// setTerms answers what the workflow branches on, once, by this version.
func (p *planner) setTerms() {
	proc := p.Procedure
	terms := complaint.Terms{Procedure: proc.ID, Version: proc.Version, Generation: complaint.Newest,
		Calendar: p.Calendar.ID(), CalendarVersion: p.Calendar.Version(),
		OwnerRole: proc.Owner.Role, Tiers: proc.TierRoles(), HeadDuty: proc.Roles[complaint.DepartmentHead],
		DeclinedClimbAfter: proc.CustomerAnswer.Declined.ClimbAfter,
		VerifyBackTo:       proc.Verify.BackTo, AnswerAtOnce: proc.AnswerAtOnce,
		MarkSpecialBy: proc.MarkSpecialBy(), CloseRequires: proc.CompleteBeforeClosing()}
	if !proc.Owner.IsByRule() {
		terms.OwnerRole, terms.NamedBy = p.duty(proc.Owner.NamedBy), p.duty(proc.Owner.NamedBy)
	}
	for i, role := range terms.Tiers {
		if duty, filled := proc.Roles[role]; filled {
			terms.Tiers[i] = duty
		}
	}
	for i, role := range terms.MarkSpecialBy {
		terms.MarkSpecialBy[i] = p.duty(role)
	}
	if proc.Reopen != nil {
		terms.ReopenTo = proc.Reopen.To
	}
	if proc.Appeal != nil {
		terms.AppealTo = proc.Appeal.To
	}
	if proc.CallOut != nil {
		terms.CallOutBy = p.duty(proc.CallOut.By)
		for _, role := range proc.CallOut.Team {
			terms.EmergencyTeam = append(terms.EmergencyTeam, p.duty(role))
		}
	}
	terms.Neutral, terms.Notes = p.patterns(proc.Neutral), proc.StepsRequired()
	terms.Dates = proc.DatesOfSteps()
	terms.AssessmentNeeded = proc.Assessment != nil && proc.Assessment.Needed
	p.judged = p.judgedBy()
	terms = p.judge(terms)
	p.decide(complaint.Event{Kind: complaint.TermsSet, Terms: &terms})
}

// judgeTerms puts on the terms what a new judgement of the case calls for: whenever something for
// which a condition asks has changed. What it was before the write nobody knows, so that each write
// begins with a judgement.
func (p *planner) judgeTerms() {
	by := p.judgedBy()
	if reflect.DeepEqual(by, p.judged) {
		return
	}
	p.judged = by
	if terms := p.judge(p.c.Terms); !reflect.DeepEqual(terms, p.c.Terms) {
		p.decide(complaint.Event{Kind: complaint.TermsSet, Terms: &terms})
	}
}

// judgedBy is all on which the judged terms depend: the facts of conditions, and the department
// whose duties are named.
func (p *planner) judgedBy() []any {
	return append(p.Procedure.Asked(&p.c), p.c.People.Department)
}

// judge answers the terms with what depends on the case: the remedies by the
// findings, the permission for visits, the follow-up.
func (p *planner) judge(terms complaint.Terms) complaint.Terms {
	terms.RemediesRequired = nil
	for _, kind := range p.Procedure.MustInclude(&p.c) {
		terms.RemediesRequired = append(terms.RemediesRequired, string(kind))
	}
	free := p.c
	free.Proposal = &complaint.OpenProposal{}
	terms.SettlingApprovedBy = p.duties(p.Procedure.Approvers(complaint.MatterProposal, &free))
	p.judgeCourse(&terms)
	terms.VisitsPermitted = len(p.Procedure.Approvers(complaint.MatterVisit, &p.c)) > 0
	plan, _ := p.Procedure.FollowUp(&p.c)
	terms.CallBackBy, terms.CallbackAttempts = plan.By, plan.Attempts.Count
	if duty, filled := p.Procedure.Roles[plan.By]; filled && plan.By != complaint.Agent && plan.By != complaint.Owner {
		terms.CallBackBy = duty
	}
	terms.DissatisfiedReopens, terms.DissatisfiedClimbAfter = plan.Dissatisfied.Reopen, plan.Dissatisfied.ClimbAfter
	return terms
}

// raiseAlerts raises each alert of the procedure the first time that its
// condition holds.
func (p *planner) raiseAlerts(e complaint.Event) {
	if e.Kind != complaint.StepTaken {
		return
	}
	for _, alert := range p.Procedure.AlertsFor(&p.c) {
		if !slices.Contains(p.c.Alerted, alert.ID) {
			p.decide(complaint.Event{Kind: complaint.AlertRaised, Code: alert.ID})
		}
	}
}

// startSides starts the processes beside the main course whose moment has come.
func (p *planner) startSides(e complaint.Event) {
	for _, side := range p.Procedure.Sides {
		if !p.comes(side.From, e) || !side.When.Holds(&p.c) {
			continue
		}
		started := complaint.Side{Kind: side.ID, State: complaint.SideOpen}
		if found := p.c.Findings; found != nil {
			started.About, started.Cause = slices.Clone(found.People), found.Cause
		}
		if p.hadSide(started) {
			continue
		}
		running := 0
		for _, s := range p.c.Sides {
			if s.Kind == side.ID {
				running++
			}
		}
		started.ID = strconv.Itoa(running + 1)
		for _, step := range side.Steps {
			if step.When.Holds(&p.c) {
				started.Steps = append(started.Steps, step.ID)
			}
		}
		p.decide(complaint.Event{Kind: complaint.SideStarted, Side: &started})
	}
}

// hadSide reports whether a process of the kind was started before about the same: about all of the
// people liable, or, where nobody is, the same cause. A case that comes back begins none of them
// anew.
func (p *planner) hadSide(side complaint.Side) bool {
	left := slices.Clone(side.About)
	for _, before := range p.c.Sides {
		if before.Kind != side.Kind {
			continue
		}
		if len(side.About) == 0 && len(before.About) == 0 && side.Cause != "" && before.Cause == side.Cause {
			return true
		}
		left = slices.DeleteFunc(left, func(person complaint.PersonID) bool { return slices.Contains(before.About, person) })
	}
	return len(side.About) > 0 && len(left) == 0
}

// comes reports whether one of the moments is the event.
func (p *planner) comes(moments []procedure.Moment, e complaint.Event) bool {
	return slices.ContainsFunc(moments, func(m procedure.Moment) bool { return m.Comes(e, &p.c) })
}

// spread is a stable offset within the minute, by the complaint's number: the
// deadlines of a whole department fall at the same opening minute, and their
// alarms need not ring in the same second.
func spread(number string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(number)) // a hash never fails
	return time.Duration(h.Sum32()%60) * time.Second
}
