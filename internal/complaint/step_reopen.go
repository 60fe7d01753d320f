package complaint

import (
	"slices"

	"recourse/internal/bilingual"
)

// toReopen opens a closed complaint again (重新办理), within the procedure's window. The software
// opens what was merged into a complaint that was taken back: nobody sees to it any more.
var toReopen = act{
	label:   text("Reopen", "重新办理"),
	carries: func(f *Facts) any { f.Reopening = &Reopening{}; return f.Reopening },
	open: func(c *Complaint, a Actor) (Code, Reason) {
		if a.Person == Procedure && !c.Ended {
			return "", ""
		}
		if c.Terms.ReopenTo == "" {
			return CodeStepNotAllowed, ReasonNotInProcedure
		}
		return c.windowOpen("reopen")
	},
	// Whoever else takes the customer's call reopens it for them, and not for themselves.
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if !owner.is(c, s.By) && !s.byCustomersWish() && s.By.Person != Procedure {
			return CodeForbidden, ReasonNotYourStep
		}
		return "", ""
	},
	fold: foldReopening,
	says: func(s Step) bilingual.Text {
		if s.By.Person == Procedure {
			return text("The complaint into which this one was merged was taken back, so this one is open again.", "并入的在先投诉已撤销，本投诉重新办理。")
		}
		if wish := s.Facts.Reopening; wish != nil && wish.AskedBy != "" && s.By.Person != Customer {
			return text("{person} recorded that the customer asks to open the complaint again.", "{person}记录了客户要求重新办理。")
		}
		return byTheCustomer(text("The customer asked to open the complaint again.", "客户要求重新办理。"))(s)
	},
}

// foldReopening begins anew: what was judged stays on the record, what was decided
// is open again. A customer who doesn't accept the explanation that closed it
// contests it by that, once; after the second judgement there is the appeal.
func foldReopening(c *Complaint, s Step) {
	c.Contested = s.Name == Reopen && s.byCustomersWish() && c.Outcome == RejectedInvalid && !c.Contested
	c.Outcome, c.ClosedAt = "", nil
	c.Reopened++
	c.Satisfaction = ""
	c.CaseValue = nil
	c.CalledTier, c.Called = 0, nil
	if c.Terms.Generation >= Reviewed {
		c.Special = false // what makes a case special is judged anew
	}
}

// Reopening says how the customer asked for it when somebody takes the step for them: "phone",
// "visit", "letter", "email"; empty by link, and where it isn't the customer's wish.
type Reopening struct {
	AskedBy string `json:"asked_by,omitempty"`
}

// byCustomersWish reports whether the customer wants it reopened, by their link or by telephone.
func (s Step) byCustomersWish() bool {
	return s.By.Person == Customer || s.Facts.Reopening != nil && s.Facts.Reopening.AskedBy != ""
}

// windowOpen reads the window from the ladder of ReopenClock, whose rungs are
// labelled "reopen" and "appeal". It is open, too, while the customer has yet to be
// told by phone how the complaint ended: it begins with that call.
func (c *Complaint) windowOpen(which string) (Code, Reason) {
	opens := func(r Rung) bool { return r.Label == which && !r.Done() }
	if slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Name == ReopenClock && slices.ContainsFunc(d.Rungs, opens) }) {
		return "", ""
	}
	if !c.Ended && c.WaitsForCall() {
		return "", ""
	}
	return CodeStepNotAllowed, ReasonWindowOver
}
