package complaint

import (
	"slices"
	"time"

	"recourse/internal/bilingual"
)

// StepName names a step: what a person does to move a complaint. The names are
// those of the HTTP paths.
type StepName string

// The steps.
const (
	Register       StepName = "register"
	ResolveOnSpot  StepName = "resolve-on-spot"
	Screen         StepName = "screen"
	Explain        StepName = "explain"
	Assign         StepName = "assign"
	Accept         StepName = "accept"
	Return         StepName = "return"
	Contact        StepName = "contact"
	MarkSpecial    StepName = "mark-special"
	RequestSupport StepName = "request-support"
	GiveSupport    StepName = "give-support"
	Find           StepName = "find"
	Propose        StepName = "propose"
	Approve        StepName = "approve"
	Refuse         StepName = "refuse"
	Inform         StepName = "inform"
	Answer         StepName = "answer"
	Visit          StepName = "visit"
	Implement      StepName = "implement"
	Verify         StepName = "verify"
	CallBack       StepName = "call-back"
	Assess         StepName = "assess"
	Close          StepName = "close"
	Suspend        StepName = "suspend"
	Resume         StepName = "resume"
	Extend         StepName = "extend"
	Escalate       StepName = "escalate"
	Acknowledge    StepName = "acknowledge"
	Reassign       StepName = "reassign"
	TakeOver       StepName = "take-over"
	Instruct       StepName = "instruct"
	CarriedOut     StepName = "carried-out"
	CallOutDone    StepName = "call-out-done"
	Note           StepName = "note"
	Correct        StepName = "correct"
	Link           StepName = "link"
	Withdraw       StepName = "withdraw"
	Reopen         StepName = "reopen"
	Appeal         StepName = "appeal"

	// Substitute moves the duties of an absent person to the secondary; the
	// system takes it when an absence is entered.
	Substitute StepName = "substitute"
	// Rebase puts a running complaint on another version of its procedure; an
	// administrator takes it, with a reason.
	Rebase StepName = "rebase"
	// Report is how a side process tells its complaint where it stands.
	Report StepName = "report"
	// Undelivered notes that a message to the customer failed for good; the system
	// takes it when the mail server, or an operator, says so.
	Undelivered StepName = "undelivered"
)

// steps is the table of who may take which step when: a row for each, in the order
// in which a complaint is lived. What a step carries and needs, what it changes and
// what the record says of it stands in its own file, step_….go; what follows from it,
// in life.go. Every step answers with a Result.
var steps = []row{
	{Register, at(), by(employee, customer), toRegister},
	{ResolveOnSpot, at(Received, Assigning, Investigating), by(agent, owner, handler), toResolveOnSpot},
	{Screen, at(Received), by(agent, owner, screenerAnew), toScreen},
	{Explain, at(Explaining), by(agent, customer), toExplain},
	{Assign, at(Assigning), by(owner, serviceManager, ownerNamer, handlerNamer, operator), toAssign},
	{Accept, at(Investigating), by(handler), toAccept},
	{Return, at(Investigating), by(handler), toReturn},
	{Contact, from(Investigating), by(handler, owner), toContact},
	{MarkSpecial, open(), by(specialMarker.butTheHandler()), toMarkSpecial},
	{RequestSupport, between(Investigating, Implementing), by(handler), toRequestSupport},
	{GiveSupport, open(), by(supporter), toGiveSupport},
	{Find, at(Investigating), by(handler), toFind},
	{Propose, at(Proposing), by(handler, owner, tierManager), toPropose},
	{Approve, open(), by(decider), toApprove},
	{Refuse, open(), by(decider), toRefuse},
	{Inform, at(AwaitingCustomer), by(owner, customer), toInform},
	{Answer, at(AwaitingCustomer), by(customer, owner, agent), toAnswer},
	{Visit, between(Investigating, Implementing), by(handler, owner, director), toVisit},
	{Implement, at(Implementing), by(handler), toImplement},
	{Verify, at(Verifying), by(owner), toVerify},
	{CallBack, at(FollowingUp), by(caller, owner, customer), toCallBack},
	{Assess, at(FollowingUp, Closing), by(owner), toAssess},
	{Close, open(), by(owner, agent), toClose},
	{Suspend, open(), by(owner, operator), toSuspend},
	{Resume, open(), by(owner, operator), toResume},
	{Extend, open(), by(serviceManager.butTheHandler(), director.butTheHandler(), generalManager.butTheHandler(), operator), toExtend},
	{Escalate, open(), by(agent, owner, handler, departmentHead, serviceManager, director, generalManager, operator), toEscalate},
	{Acknowledge, open(), by(askedManager), toAcknowledge},
	{Reassign, from(Assigning), by(departmentHead, serviceManager, director, generalManager, operator), toReassign},
	{TakeOver, between(Assigning, Verifying), by(tierManager), toTakeOver},
	{Instruct, open(), by(tierManager, auditor), toInstruct},
	{CarriedOut, open(), by(ordered), toCarryOut},
	{CallOutDone, open(), by(emergencyTeam, callerOut), toCallOutDone},
	{Note, Stages(), by(inTheCase, auditor, operator), toNote},
	{Correct, Stages(), by(agent, owner, handler.since(Correcting)), toCorrect},
	{Link, open(), by(owner), toLink},
	{Withdraw, open(), by(customer, agent, owner), toWithdraw},
	{Reopen, at(Closed), by(owner, customer, agent.since(Correcting), reopener), toReopen},
	{Appeal, at(Closed), by(customer, owner, agent), toAppeal},
}

// inside are the steps that aren't sent as such: the software takes them, and an
// administrator's re-basing has a door of its own.
var inside = []row{
	{Substitute, Stages(), by(system), toSubstitute},
	{Rebase, Stages(), by(administrator), toRebase},
	{Report, Stages(), by(system), toReport},
	{Undelivered, Stages(), by(system), toUndelivered},
}

// row is one step of the table.
type row struct {
	name   StepName
	stages []Stage
	people []somebody // one of them suffices
	act
}

// act is all else that there is to know of a step. What is nil it doesn't have.
type act struct {
	label bilingual.Text // as short as a button
	// carries makes the member of the facts that the step's body fills, with what
	// holds where the body says nothing.
	carries func(*Facts) any
	// also are the steps whose bodies this one may carry.
	also []StepName
	// settles puts right what the body leaves open, or says otherwise than the facts do.
	settles func(*Facts, body) error
	// fills names the word of the body that fills the form's field of the same name; empty for
	// none.
	fills func(Facts) string
	// lacks names what the facts miss.
	lacks func(Facts) []string
	// lacking is lacks for what is asked for by what the complaint doesn't have yet; nil where
	// lacks says all.
	lacking func(*Complaint, Facts) []string
	// whenever is when the step is taken at any other stage, too; nil for never.
	whenever func(*Complaint) bool
	// open says what has to be so whatever the step carries; allowed steps are judged by it.
	open func(*Complaint, Actor) (Code, Reason)
	// opens is from when it can be taken; the zero time where nothing has to be waited for.
	opens func(*Complaint, Actor) time.Time
	// needs says what has to be so by what it carries. Both answer empty when nothing is missing.
	needs func(*Complaint, Step) (Code, Reason)
	fold  func(*Complaint, Step)
	// results are the words that may follow the step's name in a moment of a procedure ("step
	// contact reached").
	results []result
	// tells is the date that the step tells, to which clocks may run; nil where it tells none.
	tells func(Facts) *time.Time
	// says is the record's sentence: {person} took the step, and more places by its facts
	// (see view). Empty where it says no more than that.
	says func(Step) bilingual.Text
}

type result struct {
	word string
	came func(Facts) bool
}

func at(stages ...Stage) []Stage { return stages }

func by(people ...somebody) []somebody { return people }

// between lists the stages from first to last, both included.
func between(first, last Stage) []Stage {
	all := Stages()
	return all[slices.Index(all, first) : slices.Index(all, last)+1]
}

func from(first Stage) []Stage { return between(first, Closing) }

// open lists every stage but closed.
func open() []Stage { return from(Received) }

func text(english, chinese string) bilingual.Text {
	return bilingual.Text{English: english, Chinese: chinese}
}

func rowOf(name StepName) (row, bool) {
	for _, table := range [][]row{steps, inside} {
		for _, r := range table {
			if r.name == name {
				return r, true
			}
		}
	}
	return row{}, false
}

func (r row) may(c *Complaint, a Actor) bool {
	if c.neutralTo(r.name, a) {
		return false
	}
	may, said := c.mayBy(r.name, a)
	if !said {
		may = slices.ContainsFunc(r.people, func(one somebody) bool { return one.is(c, a) })
	}
	return may || c.standsIn(r.name, a.Person) || c.wasHanded(r.name, a)
}

// at reports whether the step is taken at the stage in which the complaint is.
func (r row) at(c *Complaint) bool {
	return slices.Contains(r.stages, c.Stage) || r.whenever != nil && r.whenever(c)
}

// refusedWhen is what has to be so (act.open) for a step that can't be taken while something is so.
func refusedWhen(reason Reason, is func(*Complaint, Actor) bool) func(*Complaint, Actor) (Code, Reason) {
	return func(c *Complaint, a Actor) (Code, Reason) {
		if is(c, a) {
			return CodeStepNotAllowed, reason
		}
		return "", ""
	}
}

// opensAt answers for the steps that have nothing to wait for.
func (r row) opensAt(c *Complaint, a Actor) time.Time {
	if r.opens == nil {
		return time.Time{}
	}
	return r.opens(c, a)
}

// opened answers for the steps that have nothing to ask.
func (r row) opened(c *Complaint, a Actor) (Code, Reason) {
	if r.open == nil {
		return "", ""
	}
	return r.open(c, a)
}
