package calendar

import "time"

// wall is the clock on the wall of one zone. What it shows, a reading, is kept as a time in UTC
// with the same date and hour.
//
// It remembers the stretch between two changes of the zone's offset that it used last, because one
// sum mostly stays inside it. So a wall serves one sum and is not shared.
type wall struct {
	zone        *time.Location
	offset      time.Duration
	from, until time.Time // where offset holds, and nothing is shown a second time
}

// widest is more than any zone is or was away from UTC.
const widest = 24 * time.Hour

// forever stands for the end of a stretch that has none.
var forever = time.Unix(1<<40, 0)

// show is what the clock shows at that instant.
func (w *wall) show(t time.Time) time.Time {
	_, seconds := t.In(w.zone).Zone()
	return t.UTC().Round(0).Add(time.Duration(seconds) * time.Second)
}

// at is the first instant at which the clock shows that reading or a later one.
func (w *wall) at(reading time.Time) time.Time {
	if t := reading.Add(-w.offset); !t.Before(w.from) && t.Before(w.until) {
		return t
	}
	for look := reading.Add(-widest); ; {
		local := look.In(w.zone)
		begin, end := local.ZoneBounds()
		_, seconds := local.Zone()
		offset := time.Duration(seconds) * time.Second
		if end.IsZero() {
			end = forever
		}
		t := reading.Add(-offset)
		if !begin.IsZero() && t.Before(begin) {
			t = begin.UTC() // the reading was skipped when the clock was put forward
		}
		if t.Before(end) || end.Equal(forever) {
			w.offset, w.from, w.until = offset, begin.Add(2*widest), end
			return t
		}
		look = end
	}
}

// on is the instant at which the clock shows that time since midnight on that date; 24 hours are
// the end of the date.
func (w *wall) on(d day, sinceMidnight time.Duration) time.Time {
	return w.at(d.midnight().Add(sinceMidnight))
}
