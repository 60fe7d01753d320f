package complaint

import (
	"cmp"
	"time"
)

// MostOpenOrders is how many written orders can wait for their answers at once: each has a clock of
// its own, which the workflow carries along.
const MostOpenOrders = 20

func (c *Complaint) openOrders() (open int) {
	for _, order := range c.Orders {
		if !order.Answered {
			open++
		}
	}
	return open
}

// toInstruct gives a written order with a deadline of its own (督办), to the owner unless it names
// somebody.
var toInstruct = act{
	label:   text("Instruct", "督办"),
	carries: func(f *Facts) any { f.Order = &Order{}; return f.Order },
	lacks:   func(f Facts) []string { return missing(lack{f.Order == nil || f.Order.Due.IsZero(), "due"}) },
	needs: func(_ *Complaint, s Step) (Code, Reason) {
		if !s.Facts.Order.Due.After(s.At) {
			return CodeRuleViolation, ReasonDateInPast
		}
		return "", ""
	},
	open: refusedWhen(ReasonTooManyOrders, func(c *Complaint, _ Actor) bool { return c.openOrders() >= MostOpenOrders }),
	fold: func(c *Complaint, s Step) {
		o := s.Facts.Order
		c.Orders = append(c.Orders, OrderGiven{To: cmp.Or(o.To, c.People.Owner), By: s.By.Person, Due: o.Due, Submission: s.Submission})
	},
}

// Order is a written instruction (督办) with a deadline of its own.
type Order struct {
	To  PersonID  `json:"to,omitempty"` // the owner when empty
	Due time.Time `json:"due"`
}
