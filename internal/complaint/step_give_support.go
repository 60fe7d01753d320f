package complaint

// toGiveSupport answers a request for help (提供支持): the asked department, or whoever stands in for
// its head.
var toGiveSupport = act{
	label:   text("Give support", "提供支持"),
	carries: carriesSupport,
	lacks:   func(f Facts) []string { return missing(lack{f.Support == nil, "request"}) },
	needs: func(c *Complaint, s Step) (Code, Reason) {
		n := s.Facts.Support.Request
		if n < 1 || n > len(c.Supports) || c.Supports[n-1].Given {
			return CodeRuleViolation, ReasonNoSuchSupport
		}
		asked := c.Supports[n-1].Department
		head := c.Terms.HeadOf(asked)
		if asked != s.By.Department && !s.By.Has(head) && c.People.standIn(GiveSupport, head) != s.By.Person {
			return CodeForbidden, ReasonNotYourStep
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) { c.Supports[s.Facts.Support.Request-1].Given = true },
}
