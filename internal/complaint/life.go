package complaint

import (
	"cmp"
	"time"
)

// This file is the whole life of a complaint: what each event leads to. The
// workflow, the planner and the simulation ask it alike, and nothing else decides
// that a stage changes, that a round is counted, or that a complaint rests. (Only
// registering folds the first stage in itself: a complaint has one from then on.)

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
		WatchNamed, MessageQueued:
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
		case c.Stage == Investigating && c.Accepted && c.Contacted && c.Findings != nil:
			return events(c.enter(Proposing))
		}

	// Proposing, and approving: one decision for each level that the fix needs.
	case Propose:
		return events(c.enter(Approving))
	case Approve:
		if f.Decision.Matter == MatterProposal && c.ProposalApproved() {
			return events(c.enter(AwaitingCustomer))
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
			return events(c.enter(Verifying))
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
		case c.Contested || c.Screening == nil:
			return events(c.enter(Received))
		case s.Name == Appeal:
			return events(c.enter(c.Terms.AppealTo))
		}
		return events(c.enter(c.Terms.ReopenTo))

	// At any stage.
	case Resume:
		return c.resume(func(OpenMatter) bool { return true })
	case Escalate:
		return events(Event{Kind: TierReached, Tier: c.Tier() + 1})
	case Acknowledge:
		asked, _ := c.AskedOf(s) // there is one: the step was judged by it
		ref := c.RungAfter(asked)
		return events(Event{Kind: RungSkipped, Rung: &ref})
	case Assign, MarkSpecial, RequestSupport, GiveSupport, Inform, Visit, Assess, Suspend, Extend, Reassign, TakeOver, Instruct,
		CallOutDone, Note, Substitute, Rebase, Report:
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
		named := c.People.Owner != "" || c.Terms.NamedBy == ""
		if named && c.People.Handler != "" && c.CallOut != CallOutOpen {
			next = Investigating
		}
	case Approving:
		if c.ProposalApproved() {
			next = AwaitingCustomer
		}
	case FollowingUp:
		if c.CallbacksMet >= c.Callbacks {
			next = Closing
		}
	case Received, Explaining, Investigating, Proposing, AwaitingCustomer, Implementing, Verifying, Closing, Closed:
		// They wait for somebody.
	}
	if next == "" {
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
