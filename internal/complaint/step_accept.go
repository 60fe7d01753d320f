package complaint

// toAccept takes the complaint in charge (接收).
var toAccept = act{
	label: text("Accept", "接收"),
	open:  refusedWhen(ReasonAlreadyDone, func(c *Complaint, _ Actor) bool { return c.inCharge() }),
	fold: func(c *Complaint, s Step) {
		c.Accepted = true
		c.party(s.By.Person)
	},
}
