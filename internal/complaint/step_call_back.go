package complaint

import (
	"slices"
	"time"

	"recourse/internal/bilingual"
)

// toCallBack is one attempt to call the customer back (回访), by somebody who is no party to the
// case; the owner always may. The customer rates by their link, also before the callback opens.
var toCallBack = act{
	label:   text("Call back", "回访"),
	carries: func(f *Facts) any { f.Callback = &Callback{}; return f.Callback },
	lacks: func(f Facts) []string {
		cb := f.Callback
		return missing(lack{cb == nil, "reached"}, lack{cb != nil && cb.Reached && cb.Satisfaction == "", "satisfaction"})
	},
	open: func(c *Complaint, a Actor) (Code, Reason) {
		if a.Person == Customer || owner.is(c, a) {
			return "", ""
		}
		if slices.Contains(c.Parties, a.Person) || a.Person == c.People.Handler {
			return CodeForbidden, ReasonPartyToCase
		}
		return "", ""
	},
	opens: func(c *Complaint, a Actor) time.Time {
		if d, running := c.Deadline(CallbackClock); running && a.Person != Customer {
			return d.OpensAt
		}
		return time.Time{}
	},
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if n := s.Facts.Callback.Number; n != 0 && n != c.CallbackNow() {
			return CodeStepNotAllowed, ReasonCallbackNotCurrent
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.Attempts++
		if s.Facts.Callback.Reached {
			c.knows()
		}
	},
	says: func(s Step) bilingual.Text {
		switch {
		case s.By.Person == Customer && s.Facts.Callback.Reached:
			return text("The customer answered how satisfied they are: {rating}.", "客户评价：{rating}。")
		case s.Facts.Callback.Reached:
			return text("{person} called the customer back, who said how satisfied they are: {rating}.", "{person}回访了客户，客户评价：{rating}。")
		}
		return text("{person} called the customer back and didn't reach them.", "{person}回访客户，未能联系上。")
	},
}

// CallbackNow is the number of the callback that is due, as the customer's link names it: counted
// over all rounds of following up, so that what they said in one is never their answer in another.
func (c *Complaint) CallbackNow() int {
	if c.Terms.Generation < Handled {
		return c.CallbacksMet + 1
	}
	return c.RoundsOf(CallbackClock)
}

// Callback is one attempt to call the customer back.
type Callback struct {
	Number       int          `json:"number,omitempty"` // the callback that the customer's link names ([Complaint.CallbackNow])
	Reached      bool         `json:"reached"`
	Satisfaction Satisfaction `json:"satisfaction,omitempty"` // required when reached
}

// Satisfaction is what a customer says at a callback.
type Satisfaction string

// The answers to a callback. Unreached fills the field when the last attempt
// reached nobody; it ends the round as Neutral does.
const (
	VerySatisfied Satisfaction = "very_satisfied"
	Satisfied     Satisfaction = "satisfied"
	Neutral       Satisfaction = "neutral"
	Dissatisfied  Satisfaction = "dissatisfied"
	Unreached     Satisfaction = "unreached"
)
