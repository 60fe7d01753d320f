package complaint

import (
	"math/big"
	"slices"
	"time"
)

// toPropose proposes a fix with the time by which it is done (拟定方案). It promises a time still to
// come, and holds certain kinds of remedies where the procedure says so: an apology, when the
// attitude was confirmed.
var toPropose = act{
	label:   text("Propose a fix", "拟定方案"),
	carries: func(f *Facts) any { f.Proposal = &Proposal{}; return f.Proposal },
	lacks: func(f Facts) []string {
		p := f.Proposal
		return missing(lack{p == nil || len(p.Remedies) == 0, "remedies"}, lack{p == nil || p.TimeLimit == nil, "time_limit"})
	},
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if !s.Facts.Proposal.TimeLimit.After(s.At) {
			return CodeRuleViolation, ReasonDateInPast
		}
		if len(c.missingRemedies(s)) > 0 {
			return CodeRuleViolation, ReasonRemedyMissing
		}
		return "", ""
	},
	tells: func(f Facts) *time.Time { return f.Proposal.TimeLimit },
	fold: func(c *Complaint, s Step) {
		c.Proposals++
		c.Proposal = &OpenProposal{Proposal: *s.Facts.Proposal, Revision: c.Proposals, By: s.By.Person, Submission: s.Submission}
		c.WorkParts = nil
		c.AskedMore, c.Decided = s.Facts.Proposal.AskedMore, s.Facts.Proposal.Decision
		c.party(s.By.Person)
		c.dropApprovals(MatterProposal)
	},
}

func (c *Complaint) missingRemedies(s Step) []string {
	var missing []string
	for _, kind := range c.Terms.RemediesRequired {
		if !slices.ContainsFunc(s.Facts.Proposal.Remedies, func(r Remedy) bool { return r.Kind == kind || r.Own == kind }) {
			missing = append(missing, kind)
		}
	}
	return missing
}

// Proposal is a proposed fix; each has a revision of its own.
type Proposal struct {
	Remedies []Remedy `json:"remedies"`
	// TimeLimit is by when the fix is promised.
	TimeLimit *time.Time `json:"time_limit,omitempty"`
	// AskedMore says that the customer wants more than this.
	AskedMore bool `json:"asked_more,omitempty"`
	// Decision is what was decided on their demand, by the procedure's word.
	Decision string `json:"decision,omitempty"`
}

// Remedy is one part of a proposed fix. The amount is a decimal string in
// Currency (ISO 4217), empty where the remedy costs nothing.
type Remedy struct {
	Kind     string `json:"kind"`          // in general
	Own      string `json:"own,omitempty"` // what the procedure calls it, where it has a name of its own
	Amount   string `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// RemedyKinds lists the kinds of remedies.
func RemedyKinds() []string {
	return []string{"apology", "explanation", "repair", "rework", "replacement", "return", "refund",
		"discount", "compensation", "free_service", "other"}
}

// Sum adds up the amounts of the remedies, exactly, as a decimal string with
// two places; "0.00" for none. Amounts were checked when they came in.
func (p Proposal) Sum() string {
	sum := new(big.Rat)
	for _, r := range p.Remedies {
		if amount, ok := new(big.Rat).SetString(r.Amount); ok {
			sum.Add(sum, amount)
		}
	}
	return sum.FloatString(2)
}
