package complaint

// toResolveOnSpot settles the matter at first contact (当场解决): nothing has to be proposed. The
// authority rules bind it as they bind a proposal: what others have to approve is proposed to them.
var toResolveOnSpot = act{
	label:   text("Resolve on the spot", "当场解决"),
	carries: func(f *Facts) any { f.OnSpot = &OnSpot{}; return f.OnSpot },
	lacks: func(f Facts) []string {
		return missing(lack{f.OnSpot == nil || !f.OnSpot.CustomerAccepts, "customer_accepts"})
	},
	open: func(c *Complaint, a Actor) (Code, Reason) {
		if a.lacksAny(c.Terms.SettlingApprovedBy) {
			return CodeStepNotAllowed, ReasonApprovalNeeded
		}
		return judgedBySomebodyElse(c, a)
	},
	fold: func(c *Complaint, s Step) {
		c.judged(s.By.Person)
		c.AskedMore, c.Decided = s.Facts.OnSpot.AskedMore, s.Facts.OnSpot.Decision
	},
}

// OnSpot says that the matter was settled at first contact.
type OnSpot struct {
	CustomerAccepts bool `json:"customer_accepts"`
	// Remedies are what the customer got at once.
	Remedies []Remedy `json:"remedies,omitempty"`
	// AskedMore says that the customer wanted more, and accepts this.
	AskedMore bool `json:"asked_more,omitempty"`
	// Decision is what was decided on their demand, by the procedure's word.
	Decision string `json:"decision,omitempty"`
}
