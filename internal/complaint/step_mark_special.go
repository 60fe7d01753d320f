package complaint

// toMarkSpecial gives the case the time limits of a special one (标记为特殊情况).
var toMarkSpecial = act{
	label: text("Mark as special", "标记为特殊情况"),
	open:  refusedWhen(ReasonAlreadyDone, func(c *Complaint, _ Actor) bool { return c.Special }),
	fold:  func(c *Complaint, _ Step) { c.Special = true },
}
