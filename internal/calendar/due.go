package calendar

import "time"

// Due is when a clock falls due.
type Due struct {
	// At is the instant, in UTC. Zero for a duration that names none: agreed, or the zero
	// [Duration].
	At time.Time `json:"at"`
	// BeyondCovers says that the sum begins or ends in a year whose holidays weren't entered, so
	// that there it knows only the ordinary week. Never set for elapsed time, which asks no
	// calendar.
	BeyondCovers bool `json:"beyond_covers,omitempty"`
}

// Due is when a clock that starts then and runs for d falls due:
//
//   - elapsed time (24h) so much later, through nights, holidays and changes of the clock;
//   - civil days and years (30d, 3y) at the same time of that date, or, where that is written, of
//     the next working day;
//   - working time (4wh) as soon as so much working time has passed, so possibly at a closing;
//   - working days (3wd) at the closing of the third working day after the date of the start,
//     which never counts itself;
//   - same-day at the closing of the date of the start, or of the next working day when that
//     closing has come or the date is closed.
//
// For agreed the due time is the one agreed with the customer: Due has none and returns the zero
// value.
func (c *Calendar) Due(start time.Time, d Duration) Due {
	start = plain(start)
	w := c.walk()
	switch d.measure {
	case Elapsed:
		return Due{At: start.Add(d.length)}
	case CivilDays:
		return c.OnWorkingDay(Due{At: w.wall.at(w.wall.show(start).AddDate(0, 0, d.count))}, d)
	case CivilYears:
		return c.OnWorkingDay(Due{At: w.wall.at(w.wall.show(start).AddDate(d.count, 0, 0))}, d)
	case WorkingTime:
		at, on := w.add(start, d.length)
		return w.due(start, at, on)
	case WorkingDays:
		business, ok := w.workday(w.workDate(start), d.count)
		if !ok {
			return Due{At: start, BeyondCovers: true}
		}
		return w.due(start, business.close, business.day)
	case SameDay:
		return w.sameDay(start)
	default:
		return Due{}
	}
}

// OnWorkingDay is a due time moved to the same time of the next working day, where the duration
// says so and nobody works on its date.
func (c *Calendar) OnWorkingDay(due Due, d Duration) Due {
	if !d.orNextWorkingDay {
		return due
	}
	w := c.walk()
	on := w.date(due.At)
	moved := w.due(due.At, due.At, on)
	if len(c.hoursOf(on)) > 0 {
		return moved
	}
	next, ok := w.workday(on, 1)
	if !ok {
		return Due{At: due.At, BeyondCovers: true}
	}
	return w.due(due.At, w.wall.at(w.wall.show(due.At).AddDate(0, 0, int(next.day-on))), next.day)
}

// NotBefore is the earliest moment for what must not come sooner than d after start: for working
// days the opening of that working day after the date of the start, for every other measure the
// same as [Calendar.Due].
func (c *Calendar) NotBefore(start time.Time, d Duration) Due {
	if d.measure != WorkingDays {
		return c.Due(start, d)
	}
	start = plain(start)
	w := c.walk()
	business, ok := w.workday(w.workDate(start), d.count)
	if !ok {
		return Due{At: start, BeyondCovers: true}
	}
	return w.due(start, business.open, business.day)
}

func (w *walk) sameDay(start time.Time) Due {
	today := w.workDate(start)
	business, ok := w.business(today)
	if !ok || !start.Before(business.close) {
		if business, ok = w.workday(today, 1); !ok {
			return Due{At: start, BeyondCovers: true}
		}
	}
	return w.due(start, business.close, business.day)
}

// due is a sum of working time from start that ended then, in the hours of that date.
func (w *walk) due(start, at time.Time, on day) Due {
	covered := w.calendar.covered(w.workDate(start)) && w.calendar.covered(on)
	return Due{At: at, BeyondCovers: !covered}
}
