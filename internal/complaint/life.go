package complaint

import (
	"cmp"
	"slices"
	"time"

	"recourse/internal/bilingual"
)

// This file is the whole life of a complaint: its stages, and what each event
// leads to. The workflow, the planner and the simulation ask it alike, and nothing
// else decides that a stage changes, that a round is counted, or that a complaint
// rests. (Only registering folds the first stage in itself: a complaint has one
// from then on.)

// Stage is where a complaint stands in its life. It has exactly one at a time
// (ISO 10002:2018, clause 7; the order is that of the twelve procedures).
type Stage string

// The stages, in the order in which an ordinary complaint passes them.
const (
	Received         Stage = "received"          // 受理: waits for screening
	Explaining       Stage = "explaining"        // 解释: an unfounded complaint is explained to the customer
	Assigning        Stage = "assigning"         // 转办: waits for a department and a handler
	Investigating    Stage = "investigating"     // 调查: acceptance, contact with the customer, findings
	Proposing        Stage = "proposing"         // 拟定方案: waits for a proposed fix with its time limit
	Approving        Stage = "approving"         // 审批: one decision for each level that the fix needs
	AwaitingCustomer Stage = "awaiting_customer" // 征求客户意见: the customer's yes or no
	Implementing     Stage = "implementing"      // 实施: the department carries the fix out
	Verifying        Stage = "verifying"         // 核实: the owner checks with the customer
	FollowingUp      Stage = "following_up"      // 回访: the callbacks that the procedure plans
	Closing          Stage = "closing"           // 结案: what must be complete before the file closes
	Closed           Stage = "closed"            // 归档: nothing is left to do
)

// stages says all else of each stage, in the order in which an ordinary complaint
// passes them: what a page calls it, and the ways to the next that are
// led below, so that others can reason about them: onward, as an ordinary complaint
// goes, and back. Where a procedure names the stage to come back to (dissatisfied
// callbacks, reopening, appeal), it is one of returnable.
var stages = []stageRow{
	{Received, text("Received", "受理"), []Stage{Assigning, Explaining, Closed}, nil},
	{Explaining, text("Explaining", "解释"), []Stage{Closed}, []Stage{Received}},
	{Assigning, text("Assigning", "转办"), []Stage{Investigating, Closed}, nil},
	{Investigating, text("Investigating", "调查"), []Stage{Proposing, Explaining, Closed}, []Stage{Received}},
	{Proposing, text("Proposing a fix", "拟定方案"), []Stage{Approving, Closed}, nil},
	{Approving, text("Awaiting approval", "审批"), []Stage{AwaitingCustomer, Closed}, []Stage{Proposing}},
	{AwaitingCustomer, text("Awaiting the customer", "征求客户意见"), []Stage{Implementing, Closed}, []Stage{Proposing}},
	{Implementing, text("Implementing", "实施"), []Stage{Verifying, Closed}, []Stage{Proposing}},
	{Verifying, text("Verifying", "核实"), []Stage{FollowingUp, Closed}, []Stage{Proposing, Implementing}},
	{FollowingUp, text("Following up", "回访"), []Stage{Closing, Closed}, returnable},
	{Closing, text("Closing the file", "结案"), []Stage{Closed}, nil},
	{Closed, text("Closed", "归档"), nil, returnable},
}

type stageRow struct {
	stage        Stage
	label        bilingual.Text
	onward, back []Stage
}

var returnable = []Stage{Received, Assigning, Investigating, Proposing, Implementing}

// Stages lists every stage in its order.
func Stages() []Stage {
	var all []Stage
	for _, row := range stages {
		all = append(all, row.stage)
	}
	return all
}

// Returnable lists the stages to which a procedure may let a complaint come back.
func Returnable() []Stage { return slices.Clone(returnable) }

// Label is what a page calls the stage; zero for one that isn't known.
func (s Stage) Label() bilingual.Text { return s.row().label }

// Onward are the stages that may come next where nothing leads back.
func (s Stage) Onward() []Stage { return s.row().onward }

// LeadsTo are all stages that may come next.
func (s Stage) LeadsTo() []Stage { return slices.Concat(s.row().onward, s.row().back) }

func (s Stage) row() stageRow {
	for _, row := range stages {
		if row.stage == s {
			return row
		}
	}
	return stageRow{}
}

// Outcome is how a closed complaint ended.
type Outcome string

// The outcomes of a closed complaint.
const (
	Resolved        Outcome = "resolved"
	ResolvedOnSpot  Outcome = "resolved_on_spot"
	Answered        Outcome = "answered"         // an enquiry or a suggestion
	RejectedInvalid Outcome = "rejected_invalid" // unfounded, and explained
	Referred        Outcome = "referred"         // an outside body's business
	Withdrawn       Outcome = "withdrawn"
	Unresolved      Outcome = "unresolved" // the last tier's proposal was declined, or the customer fell silent
	Merged          Outcome = "merged"     // a duplicate of an older complaint
	// RegisteredInError is for what should not have been registered as it was: a wrong row of a
	// file.
	RegisteredInError Outcome = "registered_in_error"
)

// Outcomes lists every outcome.
func Outcomes() []Outcome {
	return []Outcome{Resolved, ResolvedOnSpot, Answered, RejectedInvalid, Referred, Withdrawn, Unresolved, Merged, RegisteredInError}
}

// Unfold folds an event into the complaint, and all that follows from it, and
// returns them in their order. What follows happens by the person of what led to
// it, and at its time unless it has one of its own.
func (c *Complaint) Unfold(e Event) []Event {
	c.Apply(e)
	happened := []Event{e}
	for _, next := range c.leadsTo(e) {
		if next.At.IsZero() {
			next.At = e.At
		}
		next.By = e.By
		happened = append(happened, c.Unfold(next)...)
	}
	return happened
}

// leadsTo says what an event leads to; it is folded in already.
func (c *Complaint) leadsTo(e Event) []Event {
	switch e.Kind {
	case StepTaken:
		return c.afterStep(*e.Step)
	case RungFired:
		return c.afterRung(*e.Rung)
	case CallbackEnded:
		switch {
		case e.Rating == Dissatisfied:
			return append(c.climb(c.Unsatisfied, c.Terms.DissatisfiedClimbAfter), c.enter(c.Terms.DissatisfiedReopens))
		case c.CallbacksMet >= c.Callbacks:
			return events(c.enter(Closing))
		}
	case AnsweredBySilence:
		return events(c.enter(Implementing))
	case Concluded:
		return events(c.enter(Closed))
	case StepRefused, StageEntered, TermsSet, PeopleNamed, ApprovalsAsked, CallbacksPlanned, DeadlineStarted, DeadlineChanged,
		DeadlineEnded, RungSkipped, TierReached, Suspended, Resumed, SideStarted, AlertRaised, ThreatAnnounced, TaskMoved,
		WatchNamed, MomentCame, MessageQueued:
		// What became of something. The planner decides these and only folds them in: nothing may
		// follow from them here.
	}
	return nil
}

// afterStep is what a step leads to, in the order in which a complaint is lived.
func (c *Complaint) afterStep(s Step) []Event {
	f := s.Facts
	switch s.Name {
	// Received: it waits for screening. What can be settled or judged at once is one act with
	// registering.
	case Register:
		received := Event{Kind: StageEntered, At: c.HeardAt, Stage: Received}
		switch {
		case f.OnSpot != nil:
			return events(received, conclude(ResolvedOnSpot))
		case f.Screening != nil:
			return events(received, c.screened(*f.Screening))
		}
		return events(received)
	case Screen:
		return events(c.screened(*f.Screening))
	case ResolveOnSpot:
		return events(conclude(ResolvedOnSpot))

	// Explaining: a customer who contests the explanation gets a new screening, by the service
	// manager.
	case Explain:
		if f.Explanation.Contested {
			return events(c.enter(Received))
		}
		return events(conclude(RejectedInvalid))

	// Assigning passes by itself (Onward), mostly at once. Investigating: charge is taken, the
	// customer contacted, the findings are in; or it was wrongly routed, and is screened and
	// assigned anew.
	case Return:
		return events(c.enter(Received))
	case Accept, Contact, Find:
		switch {
		case s.Name == Find && (!f.Findings.Founded || f.Findings.Liability == LiableCustomer):
			return events(c.enter(Explaining))
		case c.investigated():
			return events(c.enter(Proposing))
		}

	// Proposing, and approving: one decision for each level that the fix needs.
	case Propose:
		return events(c.enter(Approving))
	case Approve:
		if f.Decision.Matter == MatterProposal && c.ProposalApproved() {
			return events(c.enter(c.onto(AwaitingCustomer)))
		}
	case Refuse:
		if f.Decision.Matter == MatterProposal {
			return events(c.enter(Proposing))
		}

	// Awaiting the customer: each no is a round. An answer ends the rest that their silence began.
	case Answer:
		resumed := c.resume(func(m OpenMatter) bool { return m.By == Clock })
		if f.Answer.Agrees {
			return append(resumed, c.enter(Implementing))
		}
		return append(append(resumed, c.climb(c.Declined, c.Terms.DeclinedClimbAfter)...), c.enter(Proposing))

	// Implementing, whole or in parts, and verifying with the customer.
	case Implement:
		switch {
		case f.Work.Impossible:
			return events(c.enter(Proposing))
		case c.WorkDone(s):
			return events(c.enter(c.onto(Verifying)))
		}
	case Verify:
		if f.Check.Satisfied {
			return events(c.enter(FollowingUp))
		}
		return events(c.enter(cmp.Or(f.Check.BackTo, c.Terms.VerifyBackTo, Implementing)))

	// Following up: whom the last attempt didn't reach counts as neutral. How a callback ended says
	// what follows.
	case CallBack:
		rating := f.Callback.Satisfaction
		if !f.Callback.Reached {
			if c.Attempts < c.Terms.CallbackAttempts {
				return nil
			}
			rating = Unreached
		}
		return events(Event{Kind: CallbackEnded, Rating: rating, Callbacks: c.CallbacksMet + 1})

	// Closing; and the short ways that lead there from every open stage.
	case Close:
		return events(conclude(f.Closing.Outcome))
	case Withdraw:
		return events(conclude(Withdrawn))
	case Link:
		if f.Linked.Relation == Duplicates {
			return events(conclude(Merged))
		}

	// Closed: reopened or appealed within the windows. A contested explanation, and what was never
	// screened, are screened first.
	case Reopen, Appeal:
		switch {
		case c.Contested || c.Screening == nil || s.By.Person == Procedure: // a person looks at it
			return events(c.enter(Received))
		case s.Name == Appeal:
			return events(c.enter(c.Terms.AppealTo))
		}
		return events(c.enter(c.Terms.ReopenTo))

	// At any stage.
	case Resume:
		return c.resume(func(OpenMatter) bool { return true })
	case Escalate:
		called := Event{Kind: TierReached, Tier: c.Tier() + 1}
		if c.Terms.Generation >= Reviewed {
			called.Code = ByHand
		}
		return events(called)
	case Acknowledge:
		asked, _ := c.AskedOf(s) // there is one: the step was judged by it
		ref := c.RungAfter(asked)
		return events(Event{Kind: RungSkipped, Rung: &ref})
	case Assign, MarkSpecial, RequestSupport, GiveSupport, Inform, Visit, Assess, Suspend, Extend, Reassign, TakeOver, Instruct, CarriedOut,
		CallOutDone, Note, Correct, Substitute, Rebase, Report, Undelivered:
		// Folded in. What follows the procedure answers, and what is passed by itself (Onward).
	}
	return nil
}

// Onward answers what follows by itself from where the complaint stands, with
// nobody acting: a stage that has nothing to wait for is passed, an open matter
// that needs no approval takes effect. The procedure's answers decide (a handler
// was named, no level of approval is needed), so the planner asks this after
// each answer, until nothing follows any more.
func (c *Complaint) Onward(at time.Time) []Event {
	for _, m := range c.Matters {
		if !m.Active && !m.Over && !c.awaits(MatterSuspension, m.Number) {
			m.Active = true
			return events(Event{Kind: Suspended, At: at, By: m.By, Matter: &m})
		}
	}
	next := Stage("")
	switch c.Stage {
	case Assigning:
		if !c.LacksOwner() && c.People.Handler != "" && c.CallOut != CallOutOpen {
			next = Investigating
		}
	case Investigating:
		if len(c.Terms.Passes) > 0 && c.investigated() { // what it waited for isn't needed any more
			next = Proposing
		}
	case Approving:
		if c.ProposalApproved() {
			next = c.onto(AwaitingCustomer)
		}
	case FollowingUp:
		if c.CallbacksMet >= c.Callbacks {
			next = Closing
		}
	case Closing:
		if c.closesByItself() {
			closed := conclude(Resolved)
			closed.At, closed.By = at, Procedure
			return events(closed, Event{Kind: StageEntered, At: at, By: Procedure, From: Closing, Stage: Closed})
		}
	case Received, Explaining, Proposing, AwaitingCustomer, Implementing, Verifying, Closed:
		// They wait for somebody.
	}
	if next == "" || len(c.missingBefore(string(next), Step{})) > 0 {
		return nil
	}
	entered := c.enter(next)
	entered.At, entered.By = at, Procedure
	return events(entered)
}

// afterRung is what a rung leads to besides telling people: what the customer's
// silence does, and the end of an open matter.
func (c *Complaint) afterRung(ref RungRef) []Event {
	_, rung, _ := c.Rung(ref)
	switch rung.Does {
	case ProceedAnyway:
		return events(Event{Kind: AnsweredBySilence})
	case CloseUnresolved:
		return events(conclude(Unresolved))
	case SuspendComplaint:
		return events(Event{Kind: Suspended, Matter: &OpenMatter{Number: len(c.Matters) + 1, Kind: CustomerAway, Until: rung.Until, By: Clock}})
	case ResumeComplaint:
		return c.resume(func(m OpenMatter) bool { return m.Number == ref.Round }) // each has a round of its own
	default:
		return nil // it tells people; or the fold is all that it does
	}
}

// screened: an unfounded complaint is explained to the customer. One that was
// contested and is unfounded again closes, with the appeal route.
func (c *Complaint) screened(screening Screening) Event {
	switch {
	case screening.Valid:
		return c.enter(Assigning)
	case c.Contested:
		return conclude(RejectedInvalid)
	}
	return c.enter(Explaining)
}

// climb takes the complaint one tier up when its rounds have come to a multiple of after.
func (c *Complaint) climb(rounds, after int) []Event {
	if after == 0 || rounds%after != 0 || c.RoundsTier >= c.Terms.TopTier() {
		return nil
	}
	return events(Event{Kind: TierReached, Tier: c.RoundsTier + 1})
}

// resume ends the open matters in force that are meant.
func (c *Complaint) resume(meant func(OpenMatter) bool) []Event {
	var resumed []Event
	for _, matter := range c.InForce() {
		if meant(matter) {
			resumed = append(resumed, Event{Kind: Resumed, Matter: &matter})
		}
	}
	return resumed
}

func (c *Complaint) enter(stage Stage) Event {
	return Event{Kind: StageEntered, From: c.Stage, Stage: stage}
}

func conclude(outcome Outcome) Event { return Event{Kind: Concluded, Outcome: outcome} }

func events(list ...Event) []Event { return list }
