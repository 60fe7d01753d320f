package calendar

import "time"

// Offset is when a rung stands that was written so long before or after due:
//
//   - elapsed time, civil days, months and years count on the clock, whatever the hour;
//   - working time (+4wh, -2wh) counts working minutes and stands inside working time: where the
//     sum ends with a closing, it is the next opening;
//   - working days never count the date of due itself: after due it is the closing of that working
//     day (as in [Calendar.Due]), before due the opening of it.
//
// Same-day and agreed are no distance from due: for them Offset returns due. A due time that is a
// closing at midnight belongs to the date that it closes.
func (c *Calendar) Offset(due time.Time, before bool, d Duration) time.Time {
	due = plain(due)
	sign := 1
	if before {
		sign = -1
	}
	w := c.walk()
	switch d.measure {
	case Elapsed:
		return due.Add(time.Duration(sign) * d.length)
	case CivilDays, CivilMonths, CivilYears:
		return w.wall.at(d.later(w.wall.show(due), sign))
	case WorkingTime:
		if before {
			return w.subtract(due, d.length)
		}
		at, _ := w.add(due, d.length)
		return w.next(at)
	case WorkingDays:
		business, ok := w.workday(w.dateClosedBy(due), sign*d.count)
		switch {
		case !ok:
			return due
		case before:
			return business.open
		default:
			return business.close
		}
	default:
		return due
	}
}

// dateClosedBy is the date of a due time: at midnight the one before, if its business closes only
// then.
func (w *walk) dateClosedBy(due time.Time) day {
	d := w.date(due)
	if yesterday, ok := w.business(d - 1); ok && !due.After(yesterday.close) {
		return d - 1
	}
	return d
}

// Share is when so many percent of a deadline's time are used up: of its elapsed time if it is
// measured in elapsed time or civil days and years, of the working minutes between start and due
// for every other measure. In working time it stands inside working time: where the share ends with
// a closing, it is the next opening.
//
// Less than 0 percent counts as 0 (start), more than 100 as 100 (due). If nobody works between
// start and due (an agreed Sunday), it is the share of the elapsed time.
func (c *Calendar) Share(start, due time.Time, percent int, measured Duration) time.Time {
	start, due = plain(start), plain(due)
	switch {
	case percent >= 100 || !start.Before(due):
		return due
	case percent <= 0:
		return start
	}
	w := c.walk()
	if measured.InWorkingTime() || measured.measure == Agreed {
		if working := w.between(start, due); working > 0 {
			at, _ := w.add(start, share(working, percent))
			return w.next(at)
		}
	}
	return start.Add(share(due.Sub(start), percent))
}

// share is that many percent of d, without overflow for any d.
func share(d time.Duration, percent int) time.Duration {
	p := time.Duration(percent)
	return d/100*p + d%100*p/100
}

// After is when what stands at second may be told, once what stands at first was told at a later
// time than planned: after as much working time as lies between them. Where none does (both stand
// in the night), it is the elapsed time between them, counted in working time.
func (c *Calendar) After(told, first, second time.Time) time.Time {
	told, first, second = plain(told), plain(first), plain(second)
	w := c.walk()
	gap := w.between(first, second)
	if gap == 0 {
		gap = second.Sub(first)
	}
	if gap <= 0 {
		return told
	}
	at, _ := w.add(told, gap)
	return w.next(at)
}

// HoldBack is when the rungs of one ladder are told that may be told in working hours only. They
// are given in the order of the ladder. One that falls outside working time waits for the first
// working minute. Where several would then be told in the same minute, or one would overtake those
// before it, they keep their gaps, counted in working time from then on, so that each tier has its
// chance: due at 02:00, +1h and +3h on a Sunday become 09:00, 10:00 and 12:00 on Monday.
//
// The gaps come from the rungs given here: leave none out because it was told already.
func (c *Calendar) HoldBack(rungs []time.Time) []time.Time {
	told := make([]time.Time, len(rungs))
	w := c.walk()
	for i, rung := range rungs {
		told[i] = w.next(plain(rung))
		if i == 0 || told[i].After(told[i-1]) {
			continue
		}
		told[i] = told[i-1]
		if gap := rung.Sub(rungs[i-1]); gap > 0 {
			at, _ := w.add(told[i-1], gap)
			told[i] = w.next(at)
		}
	}
	return told
}
