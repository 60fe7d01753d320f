package complaint

// toAcknowledge is a manager's "I have it" (确认知悉); it skips exactly the next rung of the ladder
// that asked.
var toAcknowledge = act{
	label:   text("Acknowledge", "确认知悉"),
	carries: func(f *Facts) any { f.Acknowledged = &Acknowledged{}; return f.Acknowledged },
	open:    func(c *Complaint, a Actor) (Code, Reason) { return askedSomething(c, Step{By: a}) },
	needs:   askedSomething,
}

func askedSomething(c *Complaint, s Step) (Code, Reason) {
	if _, asked := c.AskedOf(s); !asked {
		return CodeStepNotAllowed, ReasonNothingAsked
	}
	return "", ""
}

// Acknowledged names the deadline whose rung is acknowledged; empty means the
// one whose rung fired last.
type Acknowledged struct {
	Deadline string `json:"deadline,omitempty"`
}
