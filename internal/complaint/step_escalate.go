package complaint

// toEscalate raises the complaint a tier by hand (升级).
var toEscalate = act{
	label: text("Escalate", "升级"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if c.Tier() >= c.Terms.TopTier() {
			return CodeStepNotAllowed, ReasonNoHigherTier
		}
		return "", ""
	},
}
