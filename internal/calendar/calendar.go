// Package calendar holds working time: calendars, the durations a procedure is written in, and when
// a clock measured by them falls due.
//
// # Times
//
// Every time returned is in UTC and without a monotonic reading; every time taken may be in any
// zone. What is civil (dates, hours of work) is read in the calendar's own IANA zone. Working time
// is made of half-open intervals: at the minute of opening people work, at the minute of closing
// they don't. A shift over midnight belongs to the date on which it begins: the hours after
// midnight make no working day of the next date.
//
// # Daylight saving
//
// A civil time happens at the first instant at which the clock on the wall shows it or a later one.
// So a time that is skipped in spring happens when the clock is put forward, a time that is
// repeated in autumn happens the first time, and what is in force when the clock is put back stays
// in force until the repeated hour is over. An interval of work is therefore always one piece, and
// a calendar open day and night neither loses nor gains a minute.
//
// # Bounds
//
// [Parse] refuses a week with less than an hour of work, and [ParseDuration] refuses durations of
// more than about ten years (retention: a hundred), so every sum here ends. Instants far outside
// the years that calendars are written for are still answered: a search gives up after 250 years
// and answers with what it was given.
//
// A [Calendar] never changes after it was read, so it may be used by any number of goroutines at
// once.
package calendar

import (
	"fmt"
	"time"
	_ "time/tzdata" // the same zones on every machine, also one without a zone database
)

// Calendar says when people work: the hours of an ordinary week, the dates that differ from it, and
// the time zone in which both are meant. It comes from [Parse]; the zero value is not usable.
type Calendar struct {
	id      string
	version int
	zone    *time.Location
	week    [7]hours // by time.Weekday
	days    map[day]hours
	covers  Years
	nights  bool // there are shifts over midnight
}

// Years is a range of civil years, both ends included.
type Years struct {
	First, Last int
}

// hours are the intervals of work of one date: in order, without overlap; none when it is closed.
type hours []span

// night is the shift with which a date's work goes on over midnight; false when there is none.
func (h hours) night() (span, bool) {
	if len(h) == 0 || h[len(h)-1].to <= hoursOfDay {
		return span{}, false
	}
	return h[len(h)-1], true
}

// span is a half-open interval of the clock on the wall, as time since the midnight with which its
// date begins: shorter than 24 hours, or the whole date. A shift that goes on over midnight ends
// after more than 24 hours and belongs to the date on which it begins.
type span struct {
	from, to time.Duration
}

// ID is the name by which procedures choose the calendar, such as "cn".
func (c *Calendar) ID() string { return c.id }

// Version is the number under which the calendar was published; 0 until [Calendar.WithVersion] set
// it.
func (c *Calendar) Version() int { return c.version }

// WithVersion returns the same calendar under the version it was published as.
func (c *Calendar) WithVersion(version int) *Calendar {
	published := *c
	published.version = version
	return &published
}

// Zone is the IANA time zone in which dates and hours are meant.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Covers are the years for which all holidays and make-up days were entered. Of the year after them
// those may be entered that are sure already.
func (c *Calendar) Covers() Years { return c.covers }

// Covered tells whether the holidays of that year were entered. Other years are worked out by the
// week alone.
func (c *Calendar) Covered(year int) bool {
	return c.covers.First <= year && year <= c.covers.Last
}

// CoversEnded tells whether the last covered year was over at that time.
func (c *Calendar) CoversEnded(at time.Time) bool {
	return at.In(c.zone).Year() > c.covers.Last
}

// firstWarned is the month from which on the next year's holidays are missed: states announce them
// in autumn.
const firstWarned = time.October

// Lacks is the first year whose holidays have to be entered now: one that has begun, or, from
// October on, the next; 0 when none is missing.
func (c *Calendar) Lacks(at time.Time) int {
	needed := at.In(c.zone).Year()
	if at.In(c.zone).Month() >= firstWarned {
		needed++
	}
	if needed <= c.covers.Last {
		return 0
	}
	return max(c.covers.Last+1, at.In(c.zone).Year())
}

// Warning says which year's holidays the calendar lacks; empty when it lacks none.
func (c *Calendar) Warning(at time.Time) string {
	lacks := c.Lacks(at)
	if lacks == 0 {
		return ""
	}
	return fmt.Sprintf("the holidays of calendar %q are known to the end of %d; add those of %d to the calendar and extend its covers", c.id, c.covers.Last, lacks)
}

// hoursOf are the hours worked on that date: its own entry if it has one, else those of its
// weekday.
func (c *Calendar) hoursOf(d day) hours {
	if own, ok := c.days[d]; ok {
		return own
	}
	return c.week[d.weekday()]
}

// covered tells whether the holidays of the date's year were entered.
func (c *Calendar) covered(d day) bool {
	return c.Covered(d.midnight().Year())
}
