package complaint

// toResume lets the complaint go on (恢复办理) before the dates of its open matters.
var toResume = act{
	label: text("Resume", "恢复办理"),
	open:  refusedWhen(ReasonNotSuspended, func(c *Complaint, _ Actor) bool { return len(c.InForce()) == 0 }),
}
