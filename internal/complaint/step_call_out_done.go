package complaint

// toCallOutDone reports the emergency contained (报告险情已控制).
var toCallOutDone = act{
	label: text("Report the emergency contained", "报告险情已控制"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if c.CallOut != CallOutOpen {
			return CodeStepNotAllowed, ReasonNoCallOut
		}
		return "", ""
	},
	fold: func(c *Complaint, _ Step) { c.CallOut = CallOutOver },
}
