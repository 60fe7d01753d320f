package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
)

func TestDueInChina(t *testing.T) {
	c := load(t, "cn") // Monday to Friday 09:00-12:00 and 13:30-18:00
	for _, row := range []struct{ name, start, within, due string }{
		{"the example of the language: three working days over the Spring Festival", "2026-02-13 17:30", "3wd", "2026-02-25 18:00"},
		{"24 hours run through the holiday", "2026-02-15 10:00", "24h", "2026-02-16 10:00"},
		{"civil days keep the time of day", "2026-02-15 10:17", "30d", "2026-03-17 10:17"},
		{"civil years", "2026-02-15 10:17", "3y", "2029-02-15 10:17"},

		{"one working day", "2026-03-02 10:00", "1wd", "2026-03-03 18:00"},
		{"a start before opening counts no sooner", "2026-03-02 07:00", "1wd", "2026-03-03 18:00"},
		{"a start after closing counts no later", "2026-03-02 23:59", "1wd", "2026-03-03 18:00"},
		{"the starting day never counts, be it closed", "2026-03-07 10:00", "1wd", "2026-03-09 18:00"},
		{"midnight belongs to the day that begins", "2026-03-03 00:00", "1wd", "2026-03-04 18:00"},
		{"a week later", "2026-03-02 10:00", "5wd", "2026-03-09 18:00"},
		{"working days over National Day with 20 September worked", "2026-09-18 10:00", "1wd", "2026-09-20 18:00"},
		{"working days over National Day with 10 October worked", "2026-09-30 10:00", "3wd", "2026-10-10 18:00"},

		{"same day in the morning", "2026-03-02 08:00", "same-day", "2026-03-02 18:00"},
		{"same day a minute before closing", "2026-03-02 17:59", "same-day", "2026-03-02 18:00"},
		{"same day at closing is the next one", "2026-03-02 18:00", "same-day", "2026-03-03 18:00"},
		{"same day on a Friday evening", "2026-03-06 18:30", "same-day", "2026-03-09 18:00"},
		{"same day on a Saturday that is worked", "2026-02-28 10:00", "same-day", "2026-02-28 18:00"},
		{"same day in the holiday", "2026-02-17 10:00", "same-day", "2026-02-24 18:00"},

		{"working hours within a morning", "2026-03-02 09:00", "2wh", "2026-03-02 11:00"},
		{"working hours over lunch", "2026-03-02 11:00", "2wh", "2026-03-02 14:30"},
		{"working hours from the middle of lunch", "2026-03-02 12:40", "1wh", "2026-03-02 14:30"},
		{"working hours that end with lunch end before it", "2026-03-02 09:00", "3wh", "2026-03-02 12:00"},
		{"working hours that end with the day end on it", "2026-03-02 14:00", "4wh", "2026-03-02 18:00"},
		{"a minute more goes to the next morning", "2026-03-02 14:00", "4wh 1wm", "2026-03-03 09:01"},
		{"working hours over a weekend", "2026-03-06 17:00", "4wh", "2026-03-09 12:00"},
		{"working hours from a Sunday", "2026-03-08 03:00", "30wm", "2026-03-09 09:30"},
		{"working hours over the Spring Festival", "2026-02-14 17:00", "2wh", "2026-02-24 10:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			due := c.Due(civil(t, c, row.start), d(row.within))
			require.Equal(t, row.due, shown(c, due.At))
			require.Equal(t, time.UTC, due.At.Location())
		})
	}
}

func TestNotBeforeIsTheOpeningOfTheWorkingDay(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct{ name, start, d, earliest string }{
		{"the next morning", "2026-03-02 10:00", "1wd", "2026-03-03 09:00"},
		{"over a weekend", "2026-03-06 10:00", "1wd", "2026-03-09 09:00"},
		{"two days on, one of them a worked Saturday", "2026-02-13 10:00", "2wd", "2026-02-24 09:00"},
		{"working hours as for due", "2026-03-02 11:00", "2wh", "2026-03-02 14:30"},
		{"elapsed time as for due", "2026-03-06 11:00", "24h", "2026-03-07 11:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.earliest, shown(c, c.NotBefore(civil(t, c, row.start), d(row.d)).At))
		})
	}
}

// First review: B5.
func TestANightShiftBelongsToTheDayOnWhichItBegins(t *testing.T) {
	c, err := calendar.Parse("night.yaml", []byte(`
calendar: night
zone: Asia/Shanghai
week: {mon-fri: ["14:00-18:00", "22:00-06:00"]}
days:
  2026-03-11: closed
covers: 2026
`))
	require.NoError(t, err)
	for _, row := range []struct{ name, start, within, due string }{
		{"in the shift before midnight", "2026-03-05 22:40", "3wd", "2026-03-11 06:00"}, // a Thursday
		{"in it after midnight", "2026-03-06 01:00", "3wd", "2026-03-11 06:00"},
		{"Saturday's small hours are Friday's", "2026-03-07 05:00", "1wd", "2026-03-10 06:00"},
		{"Saturday is no working day", "2026-03-07 06:00", "1wd", "2026-03-10 06:00"},
		{"same day to the end of the shift", "2026-03-05 15:00", "same-day", "2026-03-06 06:00"},
		{"same day after midnight", "2026-03-06 01:00", "same-day", "2026-03-06 06:00"},
		{"working hours go on over midnight", "2026-03-05 23:00", "3wh", "2026-03-06 02:00"},
		{"a shift runs into the holiday after it", "2026-03-10 23:00", "8wh", "2026-03-12 15:00"},
		{"the holiday is none of its own", "2026-03-10 15:00", "1wd", "2026-03-13 06:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.due, shown(c, c.Due(civil(t, c, row.start), d(row.within)).At))
		})
	}
	require.True(t, c.IsWorking(civil(t, c, "2026-03-07 05:59")))
	require.False(t, c.IsWorking(civil(t, c, "2026-03-07 06:00")))
	require.Equal(t, 12*time.Hour, c.WorkingBetween(civil(t, c, "2026-03-06 07:00"), civil(t, c, "2026-03-09 07:00")))
	due := c.Due(civil(t, c, "2026-03-05 22:40"), d("3wd")).At
	require.Equal(t, "2026-03-13 06:00", shown(c, c.Offset(due, false, d("1wd"))), "a day after the shift of the 10th")
	require.Equal(t, "2026-03-09 14:00", shown(c, c.Offset(due, true, d("1wd"))))
}

// First review: B7.
func TestDaysByTheCalendarMayEndOnTheNextWorkingDay(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct{ start, within, due string }{
		{"2026-03-02 10:00", "19d", "2026-03-21 10:00"}, // a Saturday
		{"2026-03-02 10:00", "19d or next working day", "2026-03-23 10:00"},
		{"2026-03-02 10:00", "18d or next working day", "2026-03-20 10:00"},
		{"2026-01-29 22:00", "20d or next working day", "2026-02-24 22:00"}, // 18 February is in the festival
		{"2026-02-07 10:00", "7d or next working day", "2026-02-14 10:00"},  // a Saturday that is worked
		{"2025-10-01 10:00", "1y or next working day", "2026-10-08 10:00"},
		{"2026-01-07 10:00", "2mo or next working day", "2026-03-09 10:00"},
		{"2026-03-06 10:00", "24h or next working day", "2026-03-09 10:00"},
	} {
		due := c.Due(civil(t, c, row.start), d(row.within))
		require.Equal(t, row.due, shown(c, due.At), row.within)
		require.Equal(t, row.within, d(row.within).String())
	}
	require.True(t, c.Due(civil(t, c, "2026-12-30 10:00"), d("3d or next working day")).BeyondCovers, "it asks the calendar")
	_, err := calendar.ParseDuration("3wd or next working day")
	require.ErrorContains(t, err, `ends on a working day anyhow; leave "or next working day" out`)
	sunday := civil(t, c, "2026-03-08 10:00")
	require.Equal(t, "2026-03-09 10:00", shown(c, c.OnWorkingDay(calendar.Due{At: sunday}, d("agreed or next working day")).At))
	require.Equal(t, "agreed or next working day", d("agreed or next working day").String())
}

func TestAMonthEndsOnItsLastDayWhereItIsTooShort(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct{ start, within, due string }{
		{"2026-01-31 10:00", "1mo", "2026-02-28 10:00"},
		{"2026-01-28 10:00", "1mo", "2026-02-28 10:00"},
		{"2028-01-31 10:00", "1mo", "2028-02-29 10:00"},
		{"2026-05-31 23:30", "6mo", "2026-11-30 23:30"},
		{"2026-03-15 09:00", "12mo", "2027-03-15 09:00"},
		{"2024-02-29 09:00", "12mo", "2025-02-28 09:00"},
		{"2026-12-31 09:00", "2mo", "2027-02-28 09:00"},
	} {
		start := civil(t, c, row.start)
		require.Equal(t, row.due, shown(c, c.Due(start, d(row.within)).At), "%s from %s", row.within, row.start)
		require.Equal(t, row.within, d(row.within).String())
	}
	require.Equal(t, "2026-02-28 10:00", shown(c, c.Offset(civil(t, c, "2026-03-31 10:00"), true, d("1mo"))))
	paused := c.Remaining(civil(t, c, "2026-02-10 10:00"), civil(t, c, "2026-02-28 10:00"), d("1mo"))
	require.Equal(t, "2026-03-08 10:00", shown(c, c.Resume(civil(t, c, "2026-02-18 10:00"), paused).At))
}

func TestAgreedHasNoDueTimeOfItsOwn(t *testing.T) {
	c := load(t, "cn")
	start := civil(t, c, "2026-03-02 10:00")
	require.Zero(t, c.Due(start, d("agreed")))
	require.Zero(t, c.Due(start, calendar.Duration{}))
}

// First review: B8.
func TestBeyondCoversIsWorkedOutByTheWeekAndFlagged(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct {
		name, start, within, due string
		flagged                  bool
	}{
		{"within", "2026-12-28 10:00", "3wd", "2026-12-31 18:00", false},
		{"over New Year, which is a holiday by law each year", "2026-12-31 10:00", "1wd", "2027-01-04 18:00", true},
		{"working hours", "2026-12-31 17:00", "2wh", "2027-01-04 10:00", true},
		{"same day", "2026-12-31 18:00", "same-day", "2027-01-04 18:00", true},
		{"begun before", "2025-12-31 10:00", "1wd", "2026-01-04 18:00", true},
		{"elapsed time asks no calendar", "2026-12-31 10:00", "48h", "2027-01-02 10:00", false},
		{"civil days ask no calendar", "2026-12-31 10:00", "30d", "2027-01-30 10:00", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			due := c.Due(civil(t, c, row.start), d(row.within))
			require.Equal(t, row.due, shown(c, due.At))
			require.Equal(t, row.flagged, due.BeyondCovers)
		})
	}
	require.True(t, c.NotBefore(civil(t, c, "2026-12-31 10:00"), d("1wd")).BeyondCovers)
}

func TestSecondsAreKept(t *testing.T) {
	c := load(t, "cn")
	start := civil(t, c, "2026-03-02 17:59").Add(20*time.Second + 5)
	require.Equal(t, civil(t, c, "2026-03-03 09:29").Add(20*time.Second+5).UTC(), c.Due(start, d("30wm")).At)
}

func TestEverySearchEndsAndAnswers(t *testing.T) {
	c := parse(t, `{calendar: rare, zone: Asia/Shanghai, week: {mon: "09:00-10:00"}, covers: 2026..2055, days: {2026-01-01..2055-12-31: closed}}`)
	start := civil(t, c, "2026-03-02 10:00")
	require.Equal(t, "2056-01-03 10:00", shown(c, c.Due(start, d("1wd")).At), "the first Monday after thirty closed years")
	require.True(t, c.Due(start, d("10000wh")).At.After(start))
	require.True(t, c.Due(start, d("2600wd")).At.After(start))
	for _, far := range []time.Time{{}, time.Unix(1<<50, 0), time.Unix(-1<<50, 0), time.Unix(1<<62, 0), time.Unix(-1<<62, 0)} {
		c.Due(far, d("3wd"))
		c.Due(far, d("4wh"))
		c.Offset(far, true, d("4wh"))
		c.WorkingBetween(far, start)
		c.WorkingBetween(start, far)
	}
}

func TestOddDatesOfTheWorld(t *testing.T) {
	// At 00:01 on 7 November 2010 Newfoundland went back to 23:01 on the 6th.
	c := parse(t, `{calendar: newfoundland, zone: America/St_Johns, week: {mon-sat: "09:00-17:00", sun: "00:00-02:00"}, covers: 2010}`)
	midnight := time.Date(2010, 11, 7, 2, 30, 0, 0, time.UTC)
	require.Equal(t, "2010-11-07 00:00", shown(c, midnight))
	repeated := midnight.Add(10 * time.Minute)
	require.Equal(t, "2010-11-06 23:10", shown(c, repeated))
	require.True(t, c.IsWorking(repeated), "what has opened at midnight stays open")
	require.Equal(t, midnight.Add(5*time.Minute), c.Offset(repeated, true, d("5wm")))
	require.Equal(t, 3*time.Hour, c.WorkingBetween(midnight, midnight.Add(24*time.Hour)))

	// Samoa had no 30 December 2011, a Friday.
	c = parse(t, `{calendar: samoa, zone: Pacific/Apia, week: {mon-fri: "09:00-17:00"}, covers: 2011..2012}`)
	require.Equal(t, "2012-01-02 17:00", shown(c, c.Due(civil(t, c, "2011-12-29 10:00"), d("1wd")).At))
	require.Equal(t, 2*time.Hour, c.WorkingBetween(civil(t, c, "2011-12-29 16:00"), civil(t, c, "2012-01-02 10:00")))

	// Before 1970 dates are counted as well.
	c = parse(t, `{calendar: old, zone: UTC, week: {mon-fri: "09:00-17:00"}, covers: 1970}`)
	require.Equal(t, "1969-12-26 17:00", shown(c, c.Due(civil(t, c, "1969-12-25 10:00"), d("1wd")).At))
}
