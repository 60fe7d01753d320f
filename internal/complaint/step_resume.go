package complaint

// toResume lets the complaint go on (恢复办理) before the dates of its open matters.
var toResume = act{
	label: text("Resume", "恢复办理"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if _, resting := c.Suspended(); !resting {
			return CodeStepNotAllowed, ReasonNotSuspended
		}
		return "", ""
	},
}
