package procedure

import "time"

// Last is the last whole period that was over at a time, as the days go in a zone: from the first
// instant of its first day to that of the period after. Weeks begin on Mondays; a period that isn't
// known is taken for a year.
func (p Period) Last(at time.Time, zone *time.Location) (from, to time.Time) {
	year, month, day := at.In(zone).Date()
	begins := func(back int) time.Time {
		switch p {
		case EveryDay:
			return midnight(year, month, day-back, zone)
		case EveryWeek:
			weekday := (int(at.In(zone).Weekday()) + 6) % 7 // Monday is 0
			return midnight(year, month, day-weekday-7*back, zone)
		}
		months := p.Months()
		return midnight(year, month-(month-1)%time.Month(months)-time.Month(back*months), 1, zone)
	}
	return begins(1), begins(0)
}

// Months is how many a period has, counted from January; 0 for a day and a week.
func (p Period) Months() int {
	switch p {
	case EveryDay, EveryWeek:
		return 0
	case EveryMonth:
		return 1
	case EveryQuarter:
		return 3
	case EveryHalfYear:
		return 6
	}
	return 12
}

// midnight is the first instant of a date, which may be over-counted (32 March). Where the clock is
// put forward at midnight that is one o'clock; where it is put back over midnight, the first of the
// two.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	// Noon is never skipped or shown twice.
	noon := time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, zone)
	_, before := noon.Add(-24 * time.Hour).Zone()
	first := date.Add(-time.Duration(before) * time.Second)
	if first.In(zone).Day() != date.Day() { // put back to the day before: midnight is shown an hour later
		_, after := noon.Zone()
		first = date.Add(-time.Duration(after) * time.Second)
	}
	return first
}

// Campaign finds one of the procedure's campaigns; false when there is none of this ID.
func (p *Procedure) Campaign(id string) (Campaign, bool) {
	return first(p.Campaigns, func(c Campaign) bool { return c.ID == id })
}
