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
	fold: func(c *Complaint, s Step) { c.Supports[c.supportAnswered(s)-1].Given = true },
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
	number := 0
	if s.Facts.Support != nil {
		number = s.Facts.Support.Request
	}
	for i, asked := range slices.Backward(c.Supports) { // the oldest are answered first
		if asked.Given && (number == i+1 || number == 0 && c.maySupport(asked, s.By)) {
			return asked, true
		}
	}
	return SupportAsked{}, false
}
