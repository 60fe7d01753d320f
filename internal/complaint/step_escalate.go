package complaint

// toEscalate calls the manager of the next tier by hand (升级). It calls a person, and changes no
// authority: who has to approve is as before.
var toEscalate = act{
	label: text("Escalate", "升级"),
	open:  refusedWhen(ReasonNoHigherTier, func(c *Complaint, _ Actor) bool { return c.Tier() >= c.Terms.TopTier() }),
}
