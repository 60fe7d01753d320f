package complaint

// toAppeal is the customer's appeal against the outcome (申诉), within the procedure's window.
var toAppeal = act{
	label: text("Appeal", "申诉"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if c.Terms.AppealTo == "" {
			return CodeStepNotAllowed, ReasonNotInProcedure
		}
		return c.windowOpen("appeal")
	},
	fold: func(c *Complaint, s Step) {
		c.appealed()
		foldReopening(c, s)
	},
	says: byTheCustomer(text("The customer appealed.", "客户提出申诉。")),
}
