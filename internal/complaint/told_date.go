package complaint

import (
	"slices"
	"time"
)

// ToldDate is a date that somebody told with a step, to which a clock may run: that of a field of
// the form, or the step's own.
type ToldDate struct {
	// What is “field answer_by” or “step visit”, as procedures name it.
	What string `json:"what"`
	// Date is a day (2026-03-05), or an instant with its offset (RFC 3339), as it was told.
	Date string    `json:"date"`
	At   time.Time `json:"at"` // when it was told
}

// FilledDate is the date that was filled in a field of the form, as [ToldDate] has it.
type FilledDate struct {
	Field string `json:"field"`
	Date  string `json:"date"`
}

// Dating are the steps that tell a date of their own: a proposal its time limit, a visit when it
// is planned for.
func Dating() []StepName {
	return slices.DeleteFunc(StepNames(), func(s StepName) bool {
		row, known := rowOf(s)
		return !known || row.tells == nil
	})
}

// toldDates keeps the newest date of each kind that clocks may run to, the newest of all last.
func (c *Complaint) toldDates(s Step) {
	for _, filled := range s.Facts.Dates {
		c.toldDate(ToldDate{"field " + filled.Field, filled.Date, s.At})
	}
	what := "step " + string(s.Name)
	row, known := rowOf(s.Name)
	if !known || row.tells == nil || !slices.Contains(c.Terms.Dates, what) {
		return
	}
	if date := row.tells(s.Facts); date != nil {
		c.toldDate(ToldDate{what, date.UTC().Format(time.RFC3339Nano), s.At})
	}
}

func (c *Complaint) toldDate(told ToldDate) {
	c.Dates = append(without(c.Dates, func(d ToldDate) bool { return d.What == told.What }), told)
}
