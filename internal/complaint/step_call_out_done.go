package complaint

// toCallOutDone reports the emergency contained (报告险情已控制).
var toCallOutDone = act{
	label: text("Report the emergency contained", "报告险情已控制"),
	open:  refusedWhen(ReasonNoCallOut, func(c *Complaint, _ Actor) bool { return c.CallOut != CallOutOpen }),
	fold:  func(c *Complaint, _ Step) { c.CallOut = CallOutOver },
}
