package complaint

import (
	"cmp"
	"slices"
)

// toClose closes the file (结案): in closing when it is complete; as referred or answered, the short
// ways, at every stage, but that where it was received only what was screened as of a kind that the
// procedure answers at once is answered; as unresolved at the top tier, when the proposal was
// declined there; as registered in error by whoever registered it, before anything was proposed.
var toClose = act{
	label:   text("Close", "结案"),
	carries: func(f *Facts) any { f.Closing = &ClosingFacts{}; return f.Closing },
	lacks:   func(f Facts) []string { return missing(lack{f.Closing == nil || f.Closing.Outcome == "", "outcome"}) },
	open:    judgedBySomebodyElse,
	needs: func(c *Complaint, s Step) (Code, Reason) {
		switch s.Facts.Closing.Outcome {
		case Referred:
			return "", ""
		case Answered:
			if c.Terms.Generation >= Reviewed && (c.Screening == nil || !answerable(c.Screening.Kind)) {
				return CodeStepNotAllowed, ReasonNotAnsweredAtOnce
			}
			if c.Stage == Received && (c.Screening == nil || !slices.Contains(c.Terms.AnswerAtOnce, c.Screening.Kind)) {
				return CodeStepNotAllowed, ReasonNotAnsweredAtOnce
			}
			return "", ""
		case RegisteredInError:
			return c.takesBack(s)
		case Resolved:
			return c.closesResolved(s)
		case Unresolved:
			if !owner.is(c, s.By) {
				return CodeForbidden, ReasonNotYourStep
			}
			if c.Tier() < c.Terms.TopTier() || c.Proposal == nil || !c.Proposal.Declined {
				return CodeStepNotAllowed, ReasonNotTopTier
			}
			return "", ""
		default: // what other steps bring about
			return CodeRuleViolation, ReasonOutcomeNotHere
		}
	},
	fold: func(c *Complaint, s Step) {
		c.judged(s.By.Person)
		c.AskedMore = c.AskedMore || s.Facts.Closing.AskedMore
		c.Decided = cmp.Or(s.Facts.Closing.Decision, c.Decided)
	},
}

// closableAs are the outcomes with which a step would close it, said otherwise as it is.
func (c *Complaint) closableAs(s Step) []Outcome {
	var possible []Outcome
	for _, outcome := range Outcomes() {
		s.Facts.Closing = &ClosingFacts{Outcome: outcome}
		if code, _ := toClose.needs(c, s); code == "" {
			possible = append(possible, outcome)
		}
	}
	return possible
}

// takesBack: whoever registered it, or the owner, as long as nothing has been proposed to anybody.
func (c *Complaint) takesBack(s Step) (Code, Reason) {
	if s.By.Person != c.RegisteredBy && !owner.is(c, s.By) {
		return CodeForbidden, ReasonNotYourStep
	}
	if c.Proposal != nil {
		return CodeStepNotAllowed, ReasonWrongStage
	}
	return "", ""
}

// answerable reports whether what was brought in may be closed as answered: no complaint is, past
// its clocks, approvals and explanation.
func answerable(kind Kind) bool { return kind == KindEnquiry || kind == KindSuggestion }

func (c *Complaint) closesResolved(s Step) (Code, Reason) {
	if c.Stage != Closing {
		return CodeStepNotAllowed, ReasonWrongStage
	}
	if s.By.Person != c.People.Owner && c.People.Owner != "" && !c.wasHanded(Close, s.By) {
		return CodeForbidden, ReasonNotYourStep
	}
	if c.waitsForDecision(MatterClosingForm) {
		return CodeStepNotAllowed, ReasonApprovalMissing
	}
	if len(c.MissingForClosing(s)) > 0 {
		return CodeRuleViolation, ReasonIncomplete
	}
	return "", ""
}

// MissingForClosing names what the procedure wants filled before the file
// closes and isn't, counting what the step itself brings.
func (c *Complaint) MissingForClosing(s Step) []string {
	var open []string
	for _, name := range c.Terms.CloseRequires {
		if !c.filled(name) && !slices.Contains(s.Facts.Fields, name) {
			open = append(open, name)
		}
	}
	return open
}

func (c *Complaint) filled(name string) bool {
	switch name {
	case "customer", "narrative":
		return true // registering asks for both
	case "category":
		return c.Category() != ""
	case "findings":
		return c.Findings != nil
	case "proposal":
		return c.Proposal != nil
	case "result":
		return slices.Contains(c.Fields, "result")
	case "satisfaction":
		return c.Satisfaction != "" || c.Callbacks == 0
	case "assessment":
		return c.CaseValue != nil
	}
	return slices.Contains(c.Fields, name)
}

// ClosingFacts carry the final outcome.
type ClosingFacts struct {
	Outcome Outcome `json:"outcome"`
	// AskedMore says that the customer wants more than the final reply gives; where it doesn't,
	// what the reply before said holds.
	AskedMore bool `json:"asked_more,omitempty"`
	// Decision is what was decided on the customer's demand, by the procedure's word; where it is
	// empty, what was decided before holds.
	Decision string `json:"decision,omitempty"`
}
