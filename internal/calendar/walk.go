package calendar

import (
	"iter"
	"slices"
	"time"
)

// walk goes through the working time of a calendar, day by day, for one sum.
type walk struct {
	calendar *Calendar
	wall     wall
}

// stretch is a piece of working time without a break: half-open, never empty.
type stretch struct {
	open, close time.Time
	day         day // to whose hours it belongs
}

// horizon is how many days a search goes on: 250 years. Every answer to a lawful question is
// nearer.
const horizon = 250 * 366

func (c *Calendar) walk() *walk {
	return &walk{calendar: c, wall: wall{zone: c.zone}}
}

// date is the civil date at that instant.
func (w *walk) date(t time.Time) day { return dayOfReading(w.wall.show(t)) }

// workDate is the date whose work may go on at that instant: the day before while its shift over
// midnight lasts, else the civil date.
func (w *walk) workDate(t time.Time) day {
	d := w.date(t)
	if w.calendar.nights {
		if yesterday, ok := w.business(d - 1); ok && t.Before(yesterday.close) {
			return d - 1
		}
	}
	return d
}

// stretchOf is where a span of that date lies; false when the date's change of the clock leaves
// nothing of it.
func (w *walk) stretchOf(d day, s span) (stretch, bool) {
	opens, closes := w.wall.on(d, s.from), w.wall.on(d, s.to)
	return stretch{opens, closes, d}, opens.Before(closes)
}

// after yields the working time from t on, in order; the first stretch is cut to begin at t.
func (w *walk) after(t time.Time) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		first := w.workDate(t)
		for d := first; d < first+horizon; d++ {
			for _, span := range w.calendar.hoursOf(d) {
				s, ok := w.stretchOf(d, span)
				if !ok || !t.Before(s.close) {
					continue
				}
				if s.open.Before(t) {
					s.open = t
				}
				if !yield(s) {
					return
				}
			}
		}
	}
}

// before yields the working time up to t, latest first; the first stretch is cut to close at t.
func (w *walk) before(t time.Time) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		// The next date may have begun already, where the clock was put back over midnight.
		last := w.date(t) + 1
		for d := last; d > last-horizon; d-- {
			hours := w.calendar.hoursOf(d)
			for _, hour := range slices.Backward(hours) {
				s, ok := w.stretchOf(d, hour)
				if !ok || !s.open.Before(t) {
					continue
				}
				if s.close.After(t) {
					s.close = t
				}
				if !yield(s) {
					return
				}
			}
		}
	}
}

// workday is the nth working day after that date (before it when n is negative): its whole business
// from opening to closing. False when there is none within the horizon.
func (w *walk) workday(d day, n int) (stretch, bool) {
	step := day(1)
	if n < 0 {
		step, n = -1, -n
	}
	for range horizon {
		d += step
		if business, ok := w.business(d); ok {
			if n--; n == 0 {
				return business, true
			}
		}
	}
	return stretch{}, false
}

// business is the date from its opening to its closing, breaks included; false when nobody works on
// it.
func (w *walk) business(d day) (stretch, bool) {
	whole := stretch{day: d}
	for _, span := range w.calendar.hoursOf(d) {
		s, ok := w.stretchOf(d, span)
		if !ok {
			continue
		}
		if whole.open.IsZero() {
			whole.open = s.open
		}
		whole.close = s.close
	}
	return whole, !whole.open.IsZero()
}

// add is the first instant at which so much working time has passed since t, and the date whose
// work it is. The amount is positive.
func (w *walk) add(t time.Time, amount time.Duration) (time.Time, day) {
	for s := range w.after(t) {
		length := s.close.Sub(s.open)
		if amount <= length {
			return s.open.Add(amount), s.day
		}
		amount -= length
	}
	return t, w.workDate(t)
}

// subtract is the last instant from which so much working time passes until t. The amount is
// positive.
func (w *walk) subtract(t time.Time, amount time.Duration) time.Time {
	for s := range w.before(t) {
		length := s.close.Sub(s.open)
		if amount <= length {
			return s.close.Add(-amount)
		}
		amount -= length
	}
	return t
}

// next is the first working instant at or after t.
func (w *walk) next(t time.Time) time.Time {
	for s := range w.after(t) {
		return s.open
	}
	return t
}

// between is how much working time passes from a to b.
func (w *walk) between(a, b time.Time) time.Duration {
	var sum time.Duration
	for s := range w.after(a) {
		if !s.open.Before(b) {
			break
		}
		if s.close.After(b) {
			s.close = b
		}
		sum += s.close.Sub(s.open)
	}
	return sum
}

// plain is the same instant in UTC, without a monotonic reading.
func plain(t time.Time) time.Time { return t.UTC().Round(0) }
