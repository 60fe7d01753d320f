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
//   - civil days, months and years (30d, 1mo, 3y) at the same time of that date; a month that is
//     too short for it ends on its last day;
//   - working time (4wh) as soon as so much working time has passed, so possibly at a closing;
//   - working days (3wd) at the closing of the third working day after the date of the start,
//     which never counts itself;
//   - same-day at the closing of the date of the start, or of the next working day when that
//     closing has come or the date is closed.
//
// Where that is written, a date on which nobody works becomes the next working day.
//
// For agreed the due time is the one agreed with the customer: Due has none and returns the zero
// value.
func (c *Calendar) Due(start time.Time, d Duration) Due {
	start = plain(start)
	w := c.walk()
	switch d.measure {
	case Elapsed:
		return c.OnWorkingDay(Due{At: start.Add(d.length)}, d)
	case CivilDays, CivilMonths, CivilYears:
		return c.OnWorkingDay(Due{At: w.wall.at(d.later(w.wall.show(start), 1))}, d)
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

// later is a reading of the clock on the wall so many civil days, months or years later, or before
// where the sign is negative.
func (d Duration) later(reading time.Time, sign int) time.Time {
	//exhaustive:ignore
	switch n := sign * d.count; d.measure {
	case CivilMonths:
		later := reading.AddDate(0, n, 0)
		if later.Day() != reading.Day() { // the month was too short
			later = later.AddDate(0, 0, -later.Day())
		}
		return later
	case CivilYears:
		return reading.AddDate(n, 0, 0)
	default:
		return reading.AddDate(0, 0, n)
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
