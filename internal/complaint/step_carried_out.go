package complaint

import (
	"slices"

	"recourse/internal/bilingual"
)

// toCarryOut answers a written order (督办落实): this and nothing else ends its deadline.
var toCarryOut = act{
	label:   text("Order carried out", "督办已落实"),
	carries: func(f *Facts) any { f.CarriedOut = &OrderAnswered{}; return f.CarriedOut },
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if c.orderOf(s.By.Person, s.Facts.CarriedOut.number()) == 0 {
			return CodeStepNotAllowed, ReasonNothingOrdered
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		if number := c.orderOf(s.By.Person, s.Facts.CarriedOut.number()); number > 0 {
			c.Orders[number-1].Answered = true
		}
	},
	says: func(Step) bilingual.Text {
		return text("{person} carried out the written order.", "{person}落实了督办要求。")
	},
}

// OrderAnswered names the order that was carried out.
type OrderAnswered struct {
	Order int `json:"order,omitempty"` // by number from 1; 0 for the oldest that is open
}

func (o *OrderAnswered) number() int {
	if o == nil {
		return 0
	}
	return o.Order
}

// orderOf is the number of the open order to somebody: the one of that number, with 0 the oldest; 0
// where there is none.
func (c *Complaint) orderOf(person PersonID, number int) int {
	for i, order := range c.Orders {
		if !order.Answered && order.To == person && (number == 0 || number == i+1) {
			return i + 1
		}
	}
	return 0
}

// OrderAnsweredBy is the order that the step, taken, has answered.
func (c *Complaint) OrderAnsweredBy(s Step) (OrderGiven, bool) {
	for i, order := range slices.Backward(c.Orders) { // the oldest are answered first
		number := s.Facts.CarriedOut.number()
		if order.Answered && order.To == s.By.Person && (number == 0 || number == i+1) {
			return order, true
		}
	}
	return OrderGiven{}, false
}
