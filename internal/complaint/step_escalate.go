package complaint

// toEscalate raises the complaint a tier by hand (升级).
var toEscalate = act{
	label: text("Escalate", "升级"),
	open:  refusedWhen(ReasonNoHigherTier, func(c *Complaint, _ Actor) bool { return c.Tier() >= c.Terms.TopTier() }),
}
