package complaint

// toMarkSpecial gives the case the time limits of a special one (标记为特殊情况).
var toMarkSpecial = act{
	label: text("Mark as special", "标记为特殊情况"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if c.Special {
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
		return "", ""
	},
	fold: func(c *Complaint, _ Step) { c.Special = true },
}
