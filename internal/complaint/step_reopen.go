package complaint

import "slices"

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
	c.CalledTier = 0
	if c.Terms.Generation >= Reviewed {
		c.Special = false // what makes a case special is judged anew
	}
}

// windowOpen reads the window from the ladder of ReopenClock, whose rungs are
// labelled "reopen" and "appeal". It is open, too, while the customer has yet to be
// told by phone how the complaint ended: it begins with that call.
func (c *Complaint) windowOpen(which string) (Code, Reason) {
	opens := func(r Rung) bool { return r.Label == which && !r.Done() }
	if slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Name == ReopenClock && slices.ContainsFunc(d.Rungs, opens) }) {
		return "", ""
	}
	if !c.Ended && len(c.Lost()) > 0 {
		return "", ""
	}
	return CodeStepNotAllowed, ReasonWindowOver
}
