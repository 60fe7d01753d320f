package calendar

import "time"

// day is a civil date, counted in days from 1 January 1970, whatever the zone.
type day int

const hoursOfDay = 24 * time.Hour

// dayOfReading is the date that a clock on the wall shows. For readings see [wall].
func dayOfReading(reading time.Time) day {
	seconds := reading.Unix()
	days := seconds / 86400
	if seconds%86400 < 0 {
		days-- // dates before 1970
	}
	return day(days)
}

// midnight is the reading with which the date begins.
func (d day) midnight() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d day) weekday() time.Weekday { return d.midnight().Weekday() }

func (d day) String() string { return d.midnight().Format(time.DateOnly) }
