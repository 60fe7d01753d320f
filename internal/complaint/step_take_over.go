package complaint

// toTakeOver makes the manager of a tier reached the handler (接管).
var toTakeOver = act{
	label: text("Take over", "接管"),
	open:  refusedWhen(ReasonAlreadyDone, func(c *Complaint, a Actor) bool { return c.People.Handler == a.Person }),
	fold: func(c *Complaint, s Step) {
		c.TakenOverBy = s.By.Person
		c.People.Handler = s.By.Person
		c.party(s.By.Person)
	},
}
