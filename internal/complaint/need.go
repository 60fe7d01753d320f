package complaint

import "slices"

// What a step needs besides its stage and its person. Each answers with empty
// code and reason when nothing is missing.

func notTheFirstScreener(c *Complaint, s Step) (Code, Reason) {
	if !c.Contested {
		return "", ""
	}
	if s.By.Person == c.ScreenedBy {
		return CodeForbidden, ReasonSameScreener
	}
	if !screenerAnew(c, s.By) {
		return CodeForbidden, ReasonNotYourStep
	}
	return "", ""
}

// mayExplain: the customer only contests; the agent explains once the reply is
// approved, where it needs that.
func mayExplain(c *Complaint, s Step) (Code, Reason) {
	if e := s.Facts.Explanation; s.By.Person == Customer && e != nil && !e.Contested {
		return CodeForbidden, ReasonNotYourStep
	}
	for _, m := range c.Approvals {
		if m.Matter == MatterReply && m.Open() {
			return CodeStepNotAllowed, ReasonApprovalMissing
		}
	}
	return "", ""
}

func notAcceptedYet(c *Complaint, _ Step) (Code, Reason) {
	if c.Accepted {
		return CodeStepNotAllowed, ReasonAlreadyDone
	}
	return "", ""
}

func accepted(c *Complaint, _ Step) (Code, Reason) {
	if !c.Accepted {
		return CodeStepNotAllowed, ReasonNotAccepted
	}
	return "", ""
}

func notSpecialYet(c *Complaint, _ Step) (Code, Reason) {
	if c.Special {
		return CodeStepNotAllowed, ReasonAlreadyDone
	}
	return "", ""
}

func supportAsked(c *Complaint, s Step) (Code, Reason) {
	n := s.Facts.Support.Request
	if n < 1 || n > len(c.Supports) || c.Supports[n-1].Given {
		return CodeRuleViolation, ReasonNoSuchSupport
	}
	asked := c.Supports[n-1]
	if asked.Department != s.By.Department && !s.By.Has(c.Terms.HeadOf(asked.Department)) && c.People.standIn(GiveSupport, c.Terms.HeadOf(asked.Department)) != s.By.Person {
		return CodeForbidden, ReasonNotYourStep
	}
	return "", ""
}

func theirDecision(c *Complaint, s Step) (Code, Reason) {
	d := s.Facts.Decision
	if d.Matter == MatterProposal && c.Proposal != nil && d.ProposalRevision != c.Proposal.Revision {
		return CodeStaleProposal, ReasonOldProposal
	}
	for _, m := range c.Approvals {
		if m.Matter != d.Matter || !m.Open() || (d.Matter != MatterProposal && d.Number != m.Number) {
			continue
		}
		if m.By == s.By.Person {
			return CodeForbidden, ReasonOwnMatter
		}
		if !c.mayDecide(m, s.By) {
			return CodeForbidden, ReasonNotYourDecision
		}
		return "", ""
	}
	return CodeStepNotAllowed, ReasonNothingToDecide
}

func newestProposal(c *Complaint, s Step) (Code, Reason) {
	if c.Proposal == nil {
		return CodeStepNotAllowed, ReasonNoProposal
	}
	if s.Facts.Answer.ProposalRevision != c.Proposal.Revision {
		return CodeStaleProposal, ReasonOldProposal
	}
	if s.Name == Inform && c.Proposal.Informed {
		return CodeStepNotAllowed, ReasonAlreadyDone
	}
	return "", ""
}

func noParty(c *Complaint, s Step) (Code, Reason) {
	if cb := s.Facts.Callback; cb.Number != 0 && cb.Number != c.CallbacksMet+1 {
		return CodeStepNotAllowed, ReasonCallbackNotCurrent
	}
	if s.By.Person == Customer {
		return "", ""
	}
	if d, open := c.Deadline(CallbackClock); open && s.At.Before(d.OpensAt) {
		return CodeStepNotAllowed, ReasonCallbackTooEarly
	}
	if owner(c, s.By) {
		return "", ""
	}
	if contains(c.Parties, s.By.Person) || s.By.Person == c.People.Handler {
		return CodeForbidden, ReasonPartyToCase
	}
	return "", ""
}

// keepsWhatIsRequired: a proposal promises a time still to come, and holds
// certain kinds of remedies where the procedure says so (an apology, when the
// attitude was confirmed).
func keepsWhatIsRequired(c *Complaint, s Step) (Code, Reason) {
	if !s.Facts.Proposal.Due.After(s.At) {
		return CodeRuleViolation, ReasonDateInPast
	}
	if len(c.missingRemedies(s)) > 0 {
		return CodeRuleViolation, ReasonRemedyMissing
	}
	return "", ""
}

func (c *Complaint) missingRemedies(s Step) []string {
	var missing []string
	for _, kind := range c.Terms.RemediesRequired {
		if !slices.ContainsFunc(s.Facts.Proposal.Remedies, func(r Remedy) bool { return r.Kind == kind }) {
			missing = append(missing, kind)
		}
	}
	return missing
}

// partOfTheFix: what is reported in parts is reported by the remedies proposed.
func partOfTheFix(c *Complaint, s Step) (Code, Reason) {
	part := s.Facts.Work.Part
	if part < 0 || (part > 0 && (c.Proposal == nil || part > len(c.Proposal.Remedies))) {
		return CodeRuleViolation, ReasonNoSuchPart
	}
	return "", ""
}

func orderAhead(_ *Complaint, s Step) (Code, Reason) {
	if !s.Facts.Order.Due.After(s.At) {
		return CodeRuleViolation, ReasonDateInPast
	}
	return "", ""
}

// mayClose: closing closes when the file is complete; the short ways referred
// and answered are open at every stage; unresolved needs the top tier and a
// declined proposal.
func mayClose(c *Complaint, s Step) (Code, Reason) {
	switch s.Facts.Closing.Outcome {
	case Referred, Answered:
		return "", ""
	case Resolved:
		if c.Stage != Closing {
			return CodeStepNotAllowed, ReasonWrongStage
		}
		if s.By.Person != c.People.Owner && c.People.Owner != "" {
			return CodeForbidden, ReasonNotYourStep
		}
		for _, m := range c.Approvals {
			if m.Matter == MatterClosingForm && m.Open() {
				return CodeStepNotAllowed, ReasonApprovalMissing
			}
		}
		if len(c.MissingForClosing(s)) > 0 {
			return CodeRuleViolation, ReasonIncomplete
		}
		return "", ""
	case Unresolved:
		if !owner(c, s.By) {
			return CodeForbidden, ReasonNotYourStep
		}
		if c.Tier() < c.Terms.TopTier() || c.Proposal == nil || !c.Proposal.Declined {
			return CodeStepNotAllowed, ReasonNotTopTier
		}
		return "", ""
	}
	return CodeRuleViolation, ReasonOutcomeNotHere
}

func notSuspended(c *Complaint, s Step) (Code, Reason) {
	if _, resting := c.Suspended(); resting {
		return CodeStepNotAllowed, ReasonAlreadySuspended
	}
	for _, m := range c.Approvals {
		if m.Matter == MatterSuspension && m.Open() {
			return CodeStepNotAllowed, ReasonAlreadySuspended
		}
	}
	if !s.Facts.Suspension.Until.After(s.At) {
		return CodeRuleViolation, ReasonDateInPast
	}
	return "", ""
}

// visitPermitted: a visit is planned first where it needs a permission, and
// reported once it has it.
func visitPermitted(c *Complaint, s Step) (Code, Reason) {
	if !s.Facts.Visit.Report {
		return "", ""
	}
	if c.Terms.VisitsPermitted {
		switch n := len(c.Visits); {
		case n == 0:
			return CodeStepNotAllowed, ReasonApprovalMissing
		case c.Visits[n-1].Report:
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
	}
	for _, m := range c.Approvals {
		if m.Matter == MatterVisit && (m.Open() || m.Refused) {
			return CodeStepNotAllowed, ReasonApprovalMissing
		}
	}
	return "", ""
}

func suspended(c *Complaint, _ Step) (Code, Reason) {
	if _, resting := c.Suspended(); !resting {
		return CodeStepNotAllowed, ReasonNotSuspended
	}
	return "", ""
}

func deadlineOpen(c *Complaint, s Step) (Code, Reason) {
	d, open := c.Deadline(s.Facts.Extension.Deadline)
	if !open {
		return CodeRuleViolation, ReasonNoSuchDeadline
	}
	if d.Name == OpenMatterClock { // it stands at the matter's own date; resume and suspend change that
		return CodeRuleViolation, ReasonMatterKeepsDate
	}
	if !s.Facts.Extension.Due.After(s.At) || !s.Facts.Extension.Due.After(d.StartedAt) {
		return CodeRuleViolation, ReasonDateInPast
	}
	return "", ""
}

func tierAbove(c *Complaint, _ Step) (Code, Reason) {
	if c.Tier() >= c.Terms.TopTier() {
		return CodeStepNotAllowed, ReasonNoHigherTier
	}
	return "", ""
}

func askedSomething(c *Complaint, s Step) (Code, Reason) {
	if _, asked := c.AskedOf(s); !asked {
		return CodeStepNotAllowed, ReasonNothingAsked
	}
	return "", ""
}

func somebodyAssigned(c *Complaint, s Step) (Code, Reason) {
	if c.Stage == Received || c.Stage == Explaining {
		return CodeStepNotAllowed, ReasonWrongStage
	}
	if s.Facts.Assignment.Handler == c.People.Handler {
		return CodeStepNotAllowed, ReasonAlreadyDone
	}
	return "", ""
}

func notTakenOver(c *Complaint, s Step) (Code, Reason) {
	if c.People.Handler == s.By.Person {
		return CodeStepNotAllowed, ReasonAlreadyDone
	}
	return "", ""
}

func callOutOpen(c *Complaint, _ Step) (Code, Reason) {
	if c.CallOut != CallOutOpen {
		return CodeStepNotAllowed, ReasonNoCallOut
	}
	return "", ""
}

func linkable(c *Complaint, s Step) (Code, Reason) {
	l := s.Facts.Linked
	if l.Number == c.Number {
		return CodeRuleViolation, ReasonLinkToItself
	}
	// The older number wins: of two merges that cross, one is refused (zammad#1216).
	if l.Relation == Duplicates && !olderNumber(l.Number, c.Number) {
		return CodeRuleViolation, ReasonOlderNumberWins
	}
	return "", ""
}

// olderNumber compares numbers by length, then by text: years and padded
// sequences order that way within a procedure.
func olderNumber(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

func reopenable(c *Complaint, _ Step) (Code, Reason) {
	if c.Terms.ReopenTo == "" {
		return CodeStepNotAllowed, ReasonNotInProcedure
	}
	return c.windowOpen("reopen")
}

func appealable(c *Complaint, _ Step) (Code, Reason) {
	if c.Terms.AppealTo == "" {
		return CodeStepNotAllowed, ReasonNotInProcedure
	}
	return c.windowOpen("appeal")
}

// windowOpen reads the window from the ladder of ReopenClock, whose rungs are
// labelled "reopen" and "appeal".
func (c *Complaint) windowOpen(which string) (Code, Reason) {
	for _, d := range c.Deadlines {
		if d.Name != ReopenClock {
			continue
		}
		for _, r := range d.Rungs {
			if r.Label == which && !r.Done() {
				return "", ""
			}
		}
	}
	return CodeStepNotAllowed, ReasonWindowOver
}
