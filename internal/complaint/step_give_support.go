package complaint

import "slices"

// toGiveSupport answers a request for help (提供支持): the asked department, or whoever stands in for
// its head.
var toGiveSupport = act{
	label:   text("Give support", "提供支持"),
	carries: carriesSupport,
	needs: func(c *Complaint, s Step) (Code, Reason) {
		n := c.supportAnswered(s)
		if n < 1 || n > len(c.Supports) || c.Supports[n-1].Given {
			return CodeRuleViolation, ReasonNoSuchSupport
		}
		if !c.maySupport(c.Supports[n-1], s.By) {
			return CodeForbidden, ReasonNotYourStep
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		asked := &c.Supports[c.supportAnswered(s)-1]
		asked.Given, asked.Submission = true, s.Submission
	},
}

func (c *Complaint) maySupport(asked SupportAsked, a Actor) bool {
	head := c.Terms.HeadOf(asked.Department)
	return asked.Department == a.Department || a.Has(head) || c.People.standIn(GiveSupport, head) == a.Person
}

// supportAnswered is the number of the request that a step answers: the one that it names, else the
// oldest that waits for whoever takes it; 0 where there is none.
func (c *Complaint) supportAnswered(s Step) int {
	if s.Facts.Support != nil && s.Facts.Support.Request != 0 {
		return s.Facts.Support.Request
	}
	for i, asked := range c.Supports {
		if !asked.Given && c.maySupport(asked, s.By) {
			return i + 1
		}
	}
	return 0
}

// SupportAnsweredBy is the request that the step, taken, has answered.
func (c *Complaint) SupportAnsweredBy(s Step) (SupportAsked, bool) {
	i := slices.IndexFunc(c.Supports, func(asked SupportAsked) bool { return asked.Given && asked.Submission == s.Submission })
	if i < 0 {
		return SupportAsked{}, false
	}
	return c.Supports[i], true
}
