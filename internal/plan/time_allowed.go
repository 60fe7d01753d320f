package plan

import (
	"slices"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// This file is how long a clock of the procedure has: to the date that was told, or by the case.

// judgeClocks gives the clocks the time that they have now: by conditions that hold or don't any
// more, and to a date that has just been told, which stands in place of whatever was given before.
func (p *planner) judgeClocks(e complaint.Event) {
	for _, known := range slices.Clone(p.c.Deadlines) {
		d, open := p.c.Deadline(known.Name) // as it is now: the one before may have taken it along
		rule, its := p.Procedure.Deadline(known.Name)
		if !open || !its || len(rule.WithinIf)+len(rule.RunsTo) == 0 {
			continue
		}
		newest, told := p.toldDate(rule, d.StartedAt)
		if told && e.Kind == complaint.StepTaken && newest.at.Equal(e.Step.At) && !newest.date.Equal(d.DueAt) {
			d.Within, d.Extensions, d.Fixed = agreedOn(rule).String(), nil, false
			p.change(d, rule, complaint.DateTold)
			continue
		}
		if within := p.timeAllowed(rule, d.StartedAt).String(); within != d.Within {
			d.Within = within
			p.change(d, rule, complaint.Judged)
		}
	}
}

// timeAllowed is the time that a clock which started then has.
func (p *planner) timeAllowed(rule procedure.Deadline, started time.Time) calendar.Duration {
	if _, told := p.toldDate(rule, started); told {
		return agreedOn(rule)
	}
	return rule.TimeAllowed(&p.c)
}

// agreedOn is the time of a clock that runs to a date.
func agreedOn(rule procedure.Deadline) calendar.Duration {
	if rule.Within.OrNextWorkingDay() {
		return duration("agreed or next working day")
	}
	return duration("agreed")
}

// told is a date with when it was told.
type told struct{ date, at time.Time }

// toldDate is the newest of the dates told to which the clock runs. One that was over when it was
// told, or before the clock started, is none of its.
func (p *planner) toldDate(rule procedure.Deadline, started time.Time) (told, bool) {
	for _, said := range slices.Backward(p.c.Dates) {
		if !slices.Contains(rule.RunsTo, procedure.DateSource(said.What)) {
			continue
		}
		if date := p.dateOf(said.Date); date.After(said.At) && date.After(started) {
			return told{date, said.At}, true
		}
	}
	return told{}, false
}

// dateOf is an instant as it was told, or the closing of a day; of one on which nobody works, its
// last minute, for what was told is that day.
func (p *planner) dateOf(said string) time.Time {
	if at, err := time.Parse(time.RFC3339, said); err == nil {
		return at.UTC()
	}
	day, err := time.ParseInLocation(time.DateOnly, said, p.Calendar.Zone())
	if err != nil {
		return time.Time{} // it was checked when it was told
	}
	closes := p.Calendar.Due(day, duration("same-day")).At
	if year, month, date := day.Date(); closes.In(day.Location()).Day() != date {
		return time.Date(year, month, date, 23, 59, 0, 0, day.Location()).UTC()
	}
	return closes
}
