package complaint

// toReopen opens a closed complaint again (重新办理), within the procedure's window.
var toReopen = act{
	label: text("Reopen", "重新办理"),
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if c.Terms.ReopenTo == "" {
			return CodeStepNotAllowed, ReasonNotInProcedure
		}
		return c.windowOpen("reopen")
	},
	fold: foldReopening,
	says: byTheCustomer(text("The customer asked to open the complaint again.", "客户要求重新办理。")),
}

// foldReopening begins anew: what was judged stays on the record, what was decided
// is open again. A customer who doesn't accept the explanation that closed it
// contests it by that, once; after the second judgement there is the appeal.
func foldReopening(c *Complaint, s Step) {
	c.Contested = s.Name == Reopen && s.By.Person == Customer && c.Outcome == RejectedInvalid && !c.Contested
	c.Outcome, c.ClosedAt = "", nil
	c.Reopened++
	c.Satisfaction = ""
	c.CaseValue = nil
}

// windowOpen reads the window from the ladder of ReopenClock, whose rungs are
// labelled "reopen" and "appeal".
func (c *Complaint) windowOpen(which string) (Code, Reason) {
	for _, d := range c.Deadlines {
		if d.Name != ReopenClock {
			continue
		}
		for _, r := range d.Rungs {
			if r.Label == which && !r.Done() {
				return "", ""
			}
		}
	}
	return CodeStepNotAllowed, ReasonWindowOver
}
