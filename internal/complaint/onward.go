package complaint

import "time"

// Onward answers what follows by itself from where the complaint stands, with
// nobody acting: a stage that has nothing to wait for is passed, an open matter
// that needs no approval takes effect. The procedure's answers decide (a
// handler was named, no level of approval is needed), so the planner asks this
// after each answer, until nothing follows any more.
func (c *Complaint) Onward(at time.Time) []Event {
	for _, m := range c.Matters {
		if !m.Active && !m.Over && !c.awaits(MatterSuspension, m.Number) {
			m.Active = true
			return []Event{{Kind: Suspended, At: at, By: m.By, Matter: &m}}
		}
	}
	if next, passes := c.passes(); passes {
		return []Event{{Kind: StageEntered, At: at, By: Procedure, From: c.Stage, Stage: next}}
	}
	return nil
}

func (c *Complaint) passes() (Stage, bool) {
	switch c.Stage {
	case Assigning:
		named := c.People.Owner != "" || c.Terms.NamedBy == ""
		return Investigating, named && c.People.Handler != "" && c.CallOut != CallOutOpen
	case Approving:
		return AwaitingCustomer, c.ProposalApproved()
	case FollowingUp:
		return Closing, c.CallbacksMet >= c.Callbacks
	}
	return "", false
}

// LeadsBackTo is the stage to which a reopening or an appeal leads: the
// procedure's, but a contested explanation and what was never screened are
// screened first.
func (c *Complaint) LeadsBackTo(step StepName) Stage {
	switch {
	case c.Contested || c.Screening == nil:
		return Received
	case step == Appeal:
		return c.Terms.AppealTo
	}
	return c.Terms.ReopenTo
}

// ProposalApproved reports whether the newest proposal has every decision that it needs.
func (c *Complaint) ProposalApproved() bool {
	for _, m := range c.Approvals {
		if m.Matter == MatterProposal && (m.Open() || m.Refused) {
			return false
		}
	}
	return c.Proposal != nil
}

func (c *Complaint) awaits(matter Matter, number int) bool {
	for _, m := range c.Approvals {
		if m.Matter == matter && m.Number == number && (m.Open() || m.Refused) {
			return true
		}
	}
	return false
}

// Investigated reports whether the stage investigating has all it waits for:
// the handler took charge, the customer was contacted, the findings are in.
func (c *Complaint) Investigated() bool {
	return c.Accepted && c.Contacted && c.Findings != nil
}
