package complaint

import (
	"slices"

	"recourse/internal/bilingual"
)

// toApprove and toRefuse decide the next level of what needs a decision (批准、不批准): a revision of the
// proposal, a suspension, a visit, a reply, a closing form.
var (
	toApprove = decision(text("Approve", "批准"), text("{person} approved: {what}.", "{person}批准了{what}。"))
	toRefuse  = decision(text("Refuse", "不批准"), text("{person} didn't approve: {what}.", "{person}未批准{what}。"))
)

func decision(label, says bilingual.Text) act {
	return act{
		label:   label,
		carries: func(f *Facts) any { f.Decision = &Decision{Matter: MatterProposal}; return f.Decision },
		// Without its number, a decision would fall on whichever suspension, visit or reply is
		// open when it comes. A proposal is named by its revision.
		settles: func(f *Facts, _ body) error {
			if f.Decision.Matter != MatterProposal && f.Decision.Number == 0 {
				return Unsaid("number")
			}
			return nil
		},
		lacks: func(f Facts) []string {
			d := f.Decision
			return missing(lack{d == nil || d.Matter == "", "matter"},
				lack{d != nil && d.Matter == MatterProposal && d.ProposalRevision == 0, "proposal_revision"})
		},
		open:  somethingToDecide,
		needs: theirDecision,
		fold:  foldDecision,
		says:  func(Step) bilingual.Text { return says },
	}
}

// decides is the open matter that a decision is about; nil where there is none.
func (c *Complaint) decides(d Decision) *Approval {
	for i := range c.Approvals {
		m := &c.Approvals[i]
		if m.Matter == d.Matter && m.Open() && (d.Matter == MatterProposal || d.Number == m.Number) {
			return m
		}
	}
	return nil
}

// somethingToDecide: somebody who decides in another's place decides nothing that they made.
func somethingToDecide(c *Complaint, a Actor) (Code, Reason) {
	open := without(c.Approvals, func(m Approval) bool { return !m.Open() })
	switch {
	case len(open) == 0:
		return CodeStepNotAllowed, ReasonNothingToDecide
	case slices.ContainsFunc(open, func(m Approval) bool { return c.mayDecide(m, a) }):
		return "", ""
	case slices.ContainsFunc(open, func(m Approval) bool { return m.By == a.Person }):
		return CodeForbidden, ReasonOwnMatter
	}
	return CodeForbidden, ReasonNotYourDecision
}

func theirDecision(c *Complaint, s Step) (Code, Reason) {
	d := *s.Facts.Decision
	if d.Matter == MatterProposal && c.Proposal != nil && d.ProposalRevision != c.Proposal.Revision {
		return CodeStaleProposal, ReasonOldProposal
	}
	switch m := c.decides(d); {
	case m == nil:
		return CodeStepNotAllowed, ReasonNothingToDecide
	case m.By == s.By.Person:
		return CodeForbidden, ReasonOwnMatter
	case !c.mayDecide(*m, s.By):
		return CodeForbidden, ReasonNotYourDecision
	}
	return "", ""
}

func foldDecision(c *Complaint, s Step) {
	m := c.decides(*s.Facts.Decision)
	if m == nil {
		return
	}
	m.Levels = slices.Clone(m.Levels) // those of the event that asked stay as they were
	m.Levels[m.next()].DecidedBy = s.By.Person
	m.Refused = s.Name == Refuse
	c.party(s.By.Person)
	if m.Refused && m.Matter == MatterSuspension {
		c.matter(OpenMatter{Number: m.Number}, func(rest *OpenMatter) { rest.Over = true })
	}
}

// mayDecide reports whether the next level of the matter is the actor's: the
// person asked, a holder of its role, or, once the right to decide was handed
// over, whoever has it. Never whoever made the matter, and the handler only where
// they are the person asked.
func (c *Complaint) mayDecide(matter Approval, a Actor) bool {
	if !matter.Open() || matter.By == a.Person {
		return false
	}
	level := matter.Levels[matter.next()]
	if level.Person != a.Person && handler.is(c, a) {
		return false
	}
	if level.Person == a.Person || a.Has(level.Role) {
		return true
	}
	if c.Terms.Generation < Reviewed {
		return c.decisionHandedOver() && tierManager.is(c, a)
	}
	return c.wasHanded(Approve, a)
}

func (c *Complaint) decisionHandedOver() bool {
	return slices.ContainsFunc(c.Deadlines, func(d Deadline) bool {
		return d.Open() && slices.ContainsFunc(d.Rungs, func(r Rung) bool { return r.FiredAt != nil && r.Does == HandOverDecision })
	})
}

// ProposalApproved reports whether the newest proposal has every decision that it needs.
func (c *Complaint) ProposalApproved() bool {
	return c.Proposal != nil && !slices.ContainsFunc(c.Approvals, func(a Approval) bool {
		return a.Matter == MatterProposal && (a.Open() || a.Refused)
	})
}

func (c *Complaint) awaits(matter Matter, number int) bool {
	return slices.ContainsFunc(c.Approvals, func(a Approval) bool {
		return a.Matter == matter && a.Number == number && (a.Open() || a.Refused)
	})
}

// waitsForDecision reports whether a matter of this kind waits for a decision.
func (c *Complaint) waitsForDecision(matter Matter) bool {
	return slices.ContainsFunc(c.Approvals, func(a Approval) bool { return a.Matter == matter && a.Open() })
}

// Matter is what an approval or refusal decides on.
type Matter string

// The matters that may need an approval.
const (
	MatterProposal    Matter = "proposal"
	MatterSuspension  Matter = "suspension"
	MatterVisit       Matter = "visit"
	MatterReply       Matter = "reply"
	MatterClosingForm Matter = "closing_form"
	MatterReport      Matter = "report"
)

// Decision approves or refuses one matter.
type Decision struct {
	Matter           Matter `json:"matter"`
	ProposalRevision int    `json:"proposal_revision,omitempty"` // required for MatterProposal
	Number           int    `json:"number,omitempty"`            // of the suspension, visit … decided on
}
