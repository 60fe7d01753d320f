package complaint

// toAccept takes the complaint in charge (接收).
var toAccept = act{
	label: text("Accept", "接收"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if c.Accepted {
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.Accepted = true
		c.party(s.By.Person)
	},
}
