package complaint

// toTakeOver makes the manager of a tier reached the handler (接管).
var toTakeOver = act{
	label: text("Take over", "接管"),
	open: func(c *Complaint, a Actor) (Code, Reason) {
		if c.People.Handler == a.Person {
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.TakenOverBy = s.By.Person
		c.People.Handler = s.By.Person
		c.party(s.By.Person)
	},
}
