package calendar

import (
	"fmt"
	"time"
)

// Left is what a paused clock has left, measured the way its deadline is. It survives JSON
// unchanged.
type Left struct {
	// Measure is how the deadline is measured.
	Measure Measure `json:"measure"`
	// Amount is the time left: working time for working time, working days and same-day; elapsed
	// time for elapsed time; time on the clock on the wall for civil days, months and years. Never
	// negative; zero when the clock had run out.
	Amount time.Duration `json:"amount,omitempty"`
	// Until is the agreed time, which a pause doesn't move. Only for agreed.
	Until time.Time `json:"until,omitzero"`
}

// String says what is left, for the ledger of the deadline.
func (l Left) String() string {
	switch l.Measure {
	case WorkingTime, WorkingDays, SameDay:
		return fmt.Sprintf("%s of working time", l.Amount)
	case Agreed:
		return "until " + l.Until.UTC().Format(time.RFC3339)
	default:
		return l.Amount.String()
	}
}

// Remaining is what a clock paused at that time has left until due. A pause that begins when people
// don't work takes nothing of the working time, and gives none back either.
func (c *Calendar) Remaining(from, due time.Time, measured Duration) Left {
	from, due = plain(from), plain(due)
	left := Left{Measure: measured.measure}
	w := c.walk()
	switch {
	case measured.measure == Agreed:
		left.Until = due
	case !from.Before(due):
		// the clock had run out
	case measured.InWorkingTime():
		left.Amount = w.between(from, due)
	case measured.byDate():
		left.Amount = max(0, w.wall.show(due).Sub(w.wall.show(from)))
	default:
		left.Amount = due.Sub(from)
	}
	return left
}

// Resume is when a clock that goes on at that time falls due. A clock of working days or same-day
// moves to the closing of the date on which what is left runs out. One with nothing left is due at
// once; an agreed time stays as agreed.
func (c *Calendar) Resume(at time.Time, left Left) Due {
	at = plain(at)
	w := c.walk()
	switch {
	case left.Measure == Agreed:
		return Due{At: plain(left.Until)}
	case left.Amount <= 0:
		return Due{At: at}
	case left.Measure == WorkingTime:
		due, on := w.add(at, left.Amount)
		return w.due(at, due, on)
	case left.Measure == WorkingDays || left.Measure == SameDay:
		due, on := w.add(at, left.Amount)
		if business, ok := w.business(on); ok {
			due = business.close
		}
		return w.due(at, due, on)
	case Duration{measure: left.Measure}.byDate():
		return Due{At: w.wall.at(w.wall.show(at).Add(left.Amount))}
	default:
		return Due{At: at.Add(left.Amount)}
	}
}
