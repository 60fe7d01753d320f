package complaint

import "recourse/internal/bilingual"

// toExplain gives the customer of an unfounded complaint the explanation (解释), once the reply is
// approved where it needs that. The customer's own act is to contest it, and nothing else.
var toExplain = act{
	label:   text("Explain", "解释"),
	carries: func(f *Facts) any { f.Explanation = &Explanation{}; return f.Explanation },
	lacks:   func(f Facts) []string { return missing(lack{f.Explanation == nil, "contested"}) },
	open:    refusedWhen(ReasonApprovalMissing, func(c *Complaint, _ Actor) bool { return c.waitsForDecision(MatterReply) }),
	needs: func(_ *Complaint, s Step) (Code, Reason) {
		if s.By.Person == Customer && !s.Facts.Explanation.Contested {
			return CodeForbidden, ReasonNotYourStep
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.judged(s.By.Person)
		c.Contested = s.Facts.Explanation.Contested
		c.AskedMore = s.Facts.Explanation.AskedMore
	},
	results: []result{
		{"contested", func(f Facts) bool { return f.Explanation != nil && f.Explanation.Contested }},
		{"accepted", func(f Facts) bool { return f.Explanation != nil && !f.Explanation.Contested }},
	},
	says: func(s Step) bilingual.Text {
		switch {
		case !s.Facts.Explanation.Contested:
			return text("{person} explained to the customer that the complaint is unfounded.", "{person}向客户解释了投诉不成立的原因。")
		case s.By.Person == Customer:
			return text("The customer contested the explanation.", "客户对解释提出异议。")
		}
		return text("{person} recorded that the customer contests the explanation.", "{person}记录了客户对解释的异议。")
	},
}

// Explanation says that an unfounded complaint was explained to the customer.
type Explanation struct {
	Contested bool `json:"contested"`
	// AskedMore says that the customer wants more than the explanation gives.
	AskedMore bool `json:"asked_more,omitempty"`
}
