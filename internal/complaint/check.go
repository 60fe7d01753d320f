package complaint

import (
	"slices"
	"time"
)

// Check says whether the complaint takes the step as it stands now; nil means
// yes. It decides in the order in which a person would want to know: may they
// know of it, is it still open, is it theirs, is it time, is something missing.
// It changes nothing. The validator asks it, and the main loop asks it again.
func (c *Complaint) Check(s Step) *Refusal {
	if c.Stage == "" {
		return c.checkRegistering(s)
	}
	if !c.Admits(s.Name, s.By) {
		return &Refusal{Code: CodeNotFound, Reason: ReasonSubject, Step: s.Name}
	}
	row, known := rowOf(s.Name)
	if !known {
		return c.refuse(s, CodeStepNotAllowed, ReasonUnknownStep)
	}
	if s.ExpectedRevision != 0 && s.ExpectedRevision != c.Revision {
		return c.refuse(s, CodeStaleRevision, ReasonMovedOn)
	}
	if c.staleProposal(s) {
		return c.refuse(s, CodeStaleProposal, ReasonOldProposal)
	}
	if !row.at(c) {
		if c.Stage == Closed {
			return c.refuse(s, CodeClosed, ReasonClosed)
		}
		return c.refuse(s, CodeStepNotAllowed, ReasonWrongStage)
	}
	if !row.may(c, s.By) {
		return c.refuse(s, CodeForbidden, ReasonNotYourStep)
	}
	missing := s.Lacks()
	if row.lacking != nil {
		missing = append(missing, row.lacking(c, s.Facts)...)
	}
	if len(missing) > 0 {
		r := c.refuse(s, CodeRuleViolation, ReasonMissingFacts)
		r.Missing = missing
		return r
	}
	code, reason := row.opened(c, s.By)
	if code == "" && s.At.Before(row.opensAt(c, s.By)) {
		code, reason = CodeStepNotAllowed, ReasonCallbackTooEarly
	}
	if code == "" && row.needs != nil {
		code, reason = row.needs(c, s)
	}
	if code != "" {
		r := c.refuse(s, code, reason)
		switch reason {
		case ReasonIncomplete:
			r.Missing = c.MissingForClosing(s)
		case ReasonRemedyMissing:
			r.Missing = c.missingRemedies(s)
		}
		return r
	}
	if lacking := c.lacking(s); len(lacking) > 0 {
		r := c.refuse(s, CodeRuleViolation, ReasonRequired)
		r.Missing = lacking
		return r
	}
	if s.Facts.Charges(c.KeptOut()) { // nobody takes part in a complaint about themselves
		return c.refuse(s, CodeConflictOfInterest, ReasonSubject)
	}
	return nil
}

// checkRegistering: only registering begins a complaint, and it gives no part to
// those complained about.
func (c *Complaint) checkRegistering(s Step) *Refusal {
	if s.Name != Register || s.Facts.Registration == nil {
		return c.refuse(s, CodeNotFound, ReasonNotRegistered)
	}
	if slices.Contains(s.Facts.KeptOut(), s.By.Person) || s.Facts.Charges(s.Facts.KeptOut()) {
		return c.refuse(s, CodeConflictOfInterest, ReasonSubject)
	}
	return nil
}

// Allowed lists the steps that would be taken from the actor at that time, as the complaint stands
// and said rightly, in the order in which a complaint is lived.
func (c *Complaint) Allowed(a Actor, at time.Time) []StepName {
	allowed := []StepName{}
	for _, row := range c.open(a) {
		if !at.Before(row.opensAt(c, a)) {
			allowed = append(allowed, row.name)
		}
	}
	return allowed
}

// AllowedLater lists the steps that would be taken from the actor at a later time than that, with
// nothing else happening.
func (c *Complaint) AllowedLater(a Actor, at time.Time) []Opening {
	var later []Opening
	for _, row := range c.open(a) {
		if from := row.opensAt(c, a); at.Before(from) {
			later = append(later, Opening{Step: row.name, From: from})
		}
	}
	return later
}

// Opening is a step that can be taken from a time on.
type Opening struct {
	Step StepName  `json:"step"`
	From time.Time `json:"from"`
}

// open are the steps that somebody may take, now or later.
func (c *Complaint) open(a Actor) []row {
	if !c.Visible(a) || c.Over() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(steps), func(r row) bool {
		code, _ := r.opened(c, a)
		return code != "" || !r.at(c) || !r.may(c, a) || slices.ContainsFunc(c.missingBefore("step "+string(r.name), Step{}), needsMore)
	})
}

// staleProposal: an answer to an older proposal is told apart from a step at
// the wrong stage, so that the sender knows what happened (glpi#24399).
func (c *Complaint) staleProposal(s Step) bool {
	revision := proposalOf(s)
	return revision != 0 && revision != c.Proposals
}

// proposalOf is the revision of the proposal that a step is about; 0 for none.
func proposalOf(s Step) int {
	switch {
	case s.Facts.Answer != nil && (s.Name == Answer || s.Name == Inform):
		return s.Facts.Answer.ProposalRevision
	case s.Facts.Decision != nil && s.Facts.Decision.Matter == MatterProposal:
		return s.Facts.Decision.ProposalRevision
	}
	return 0
}

func (c *Complaint) refuse(s Step, code Code, reason Reason) *Refusal {
	r := &Refusal{Code: code, Reason: reason, Step: s.Name, Stage: c.Stage, Allowed: c.Allowed(s.By, s.At), Later: c.AllowedLater(s.By, s.At)}
	if s.Name == Close && slices.Contains(r.Allowed, Close) {
		r.Outcomes = c.closableAs(s)
	}
	switch code {
	case CodeStaleRevision:
		r.Revision = c.Revision
		if s.ExpectedRevision > c.Revision {
			r.Reason = ReasonNoSuchRevision
		}
	case CodeStaleProposal:
		r.Revision = c.Proposals
		if c.Proposals == 0 {
			r.Reason = ReasonNoProposal
		} else if proposalOf(s) > c.Proposals {
			r.Reason = ReasonNoSuchProposal
		}
	}
	return r
}
