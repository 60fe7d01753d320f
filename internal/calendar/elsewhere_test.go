package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
)

// What users of other systems reported about calendars doesn't happen here. Each test carries the
// name of the report.

func TestElsewhere_glpi10594_WeekendIsNotCreditedTwiceWhenAPauseEnds(t *testing.T) {
	c := load(t, "cn")
	start := civil(t, c, "2026-03-05 16:00") // a Thursday
	due := c.Due(start, d("8wh")).At
	require.Equal(t, "2026-03-06 16:30", shown(c, due))

	// Paused on Friday at 16:00 with half an hour left; whenever it goes on before Monday's
	// opening, it ends at the same time.
	left := c.Remaining(civil(t, c, "2026-03-06 16:00"), due, d("8wh"))
	require.Equal(t, 30*time.Minute, left.Amount)
	for _, resumed := range []string{"2026-03-06 18:00", "2026-03-07 10:00", "2026-03-08 23:59", "2026-03-09 09:00"} {
		require.Equal(t, "2026-03-09 09:30", shown(c, c.Resume(civil(t, c, resumed), left).At), resumed)
	}

	// Two pauses over the same weekend give back what one does.
	first := c.Resume(civil(t, c, "2026-03-07 10:00"), left).At
	again := c.Remaining(civil(t, c, "2026-03-07 12:00"), first, d("8wh"))
	require.Equal(t, left, again)
	require.Equal(t, "2026-03-09 09:30", shown(c, c.Resume(civil(t, c, "2026-03-08 12:00"), again).At))
}

func TestElsewhere_glpi17186_AnAgreedTimeIsNotShiftedByAPause(t *testing.T) {
	c := load(t, "cn")
	agreed := civil(t, c, "2026-03-20 15:00")
	left := c.Remaining(civil(t, c, "2026-03-02 10:00"), agreed, d("agreed"))
	require.Equal(t, agreed.UTC(), c.Resume(civil(t, c, "2026-03-12 10:00"), left).At)
}

func TestElsewhere_glpi467_zendeskbiz103_122_WorkingSaturdaysAndShortDaysArePossible(t *testing.T) {
	c := parse(t, `
calendar: short
zone: Asia/Shanghai
week: {mon-fri: ["09:00-12:00", "13:30-18:00"], sat: "09:00-12:00"}
days:
  2026-02-14: mon                   # a Saturday that is worked like a Monday
  2026-02-16: "09:00-11:00"         # a short Monday
  2026-02-17: closed
covers: 2026`)
	require.Equal(t, "2026-02-07 12:00", shown(c, c.Due(civil(t, c, "2026-02-06 10:00"), d("1wd")).At), "an ordinary Saturday")
	require.Equal(t, "2026-02-14 18:00", shown(c, c.Due(civil(t, c, "2026-02-13 10:00"), d("1wd")).At), "the worked Saturday")
	require.Equal(t, "2026-02-16 11:00", shown(c, c.Due(civil(t, c, "2026-02-13 10:00"), d("2wd")).At), "the short Monday")
	require.Equal(t, "2026-02-18 10:00", shown(c, c.Due(civil(t, c, "2026-02-16 10:00"), d("2wh")).At), "an hour on it, an hour after the holiday")
}

func TestElsewhere_zammad3706_AHolidayIsNotADayEarly(t *testing.T) {
	for _, zone := range []string{"Asia/Shanghai", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		c := parse(t, `{calendar: one, zone: `+zone+`, week: {mon-sun: "00:00-24:00"}, days: {2026-04-06: closed}, covers: 2026}`)
		for at, working := range map[string]bool{
			"2026-04-05 00:00": true, "2026-04-05 23:59": true,
			"2026-04-06 00:00": false, "2026-04-06 23:59": false,
			"2026-04-07 00:00": true,
		} {
			require.Equal(t, working, c.IsWorking(civil(t, c, at)), "%s in %s", at, zone)
		}
	}
}

func TestElsewhere_zammad3180_DayAndNightLosesNoMinute(t *testing.T) {
	for _, zone := range []string{"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"} {
		c := parse(t, `{calendar: always, zone: `+zone+`, week: {mon-sun: "00:00-24:00"}, covers: 2026}`)
		start := civil(t, c, "2026-01-01 00:00")
		require.Equal(t, 365*24*time.Hour, c.WorkingBetween(start, civil(t, c, "2027-01-01 00:00")), zone)
		for _, hours := range []string{"1", "24", "25", "2000", "8000"} {
			require.Equal(t, c.Due(start, d(hours+"h")).At, c.Due(start, d(hours+"wh")).At, "%s hours in %s", hours, zone)
		}
	}
}

func TestElsewhere_chatwoot2882_oncall3261_DaylightSavingMovesNoDueTime(t *testing.T) {
	ny := load(t, "new-york")                                                                                                       // Monday to Friday 09:00-12:30, 13:15-17:30; Saturday 10:00-14:00; +1h on 8 March, -1h on 1 November
	sydney := parse(t, `{calendar: sydney, zone: Australia/Sydney, week: {mon-fri: ["09:00-12:00", "13:00-17:00"]}, covers: 2026}`) // -1h on 5 April, +1h on 4 October
	for _, row := range []struct {
		name               string
		c                  *calendar.Calendar
		start, within, due string
	}{
		{"spring, working days close by the wall", ny, "2026-03-06 10:00", "2wd", "2026-03-09 17:30"},
		{"spring, working hours", ny, "2026-03-07 13:00", "2wh", "2026-03-09 10:00"},
		{"spring, elapsed hours are hours", ny, "2026-03-07 12:00", "24h", "2026-03-08 13:00"},
		{"spring, civil days keep the time of day", ny, "2026-03-07 12:00", "1d", "2026-03-08 12:00"},
		{"spring, a civil day to the hour that is skipped", ny, "2026-03-07 02:30", "1d", "2026-03-08 03:00"},
		{"autumn, working days close by the wall", ny, "2026-10-30 10:00", "2wd", "2026-11-02 17:30"},
		{"autumn, working hours", ny, "2026-10-31 13:00", "2wh", "2026-11-02 10:00"},
		{"autumn, elapsed hours are hours", ny, "2026-10-31 12:00", "24h", "2026-11-01 11:00"},
		{"autumn, civil days keep the time of day", ny, "2026-10-31 12:00", "1d", "2026-11-01 12:00"},
		{"south, autumn, working days", sydney, "2026-04-02 10:00", "2wd", "2026-04-06 17:00"},
		{"south, autumn, working hours", sydney, "2026-04-03 16:00", "2wh", "2026-04-06 10:00"},
		{"south, autumn, elapsed", sydney, "2026-04-04 12:00", "24h", "2026-04-05 11:00"},
		{"south, spring, working days", sydney, "2026-10-02 10:00", "1wd", "2026-10-05 17:00"},
		{"south, spring, working hours", sydney, "2026-10-02 16:00", "2wh", "2026-10-05 10:00"},
		{"south, spring, elapsed", sydney, "2026-10-03 12:00", "24h", "2026-10-04 13:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.due, shown(row.c, row.c.Due(civil(t, row.c, row.start), d(row.within)).At))
		})
	}

	night := parse(t, `{calendar: night, zone: America/New_York, week: {mon-sun: ["01:00-05:00"]}, covers: 2026}`)
	hours := func(date string) time.Duration {
		at := civil(t, night, date+" 00:00")
		return night.WorkingBetween(at, at.AddDate(0, 0, 1))
	}
	require.Equal(t, 4*time.Hour, hours("2026-03-07"))
	require.Equal(t, 3*time.Hour, hours("2026-03-08"), "the night that loses an hour")
	require.Equal(t, 5*time.Hour, hours("2026-11-01"), "the night that works an hour twice")
}

func TestElsewhere_frappehelpdesk3776_ZonesAreReadOnceAndALongHoldCounts(t *testing.T) {
	c := load(t, "cn")
	start := civil(t, c, "2026-02-13 17:30")
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Kolkata"} {
		elsewhere, err := time.LoadLocation(zone)
		require.NoError(t, err)
		due := c.Due(start.In(elsewhere), d("3wd"))
		require.Equal(t, "2026-02-25 18:00", shown(c, due.At), "given in %s", zone)
		require.Equal(t, time.UTC, due.At.Location())
	}

	due := c.Due(start, d("3wd")).At
	left := c.Remaining(civil(t, c, "2026-02-24 10:00"), due, d("3wd"))
	require.Equal(t, "2026-08-11 18:00", shown(c, c.Resume(civil(t, c, "2026-08-10 10:00"), left).At), "from February to August")
}

func TestElsewhere_frappehelpdesk2212_NobodyWorksAtLunch(t *testing.T) {
	c := load(t, "cn")
	require.Equal(t, "2026-03-02 14:30", shown(c, c.Due(civil(t, c, "2026-03-02 11:00"), d("2wh")).At))
	require.Equal(t, "2026-03-02 14:30", shown(c, c.Due(civil(t, c, "2026-03-02 12:15"), d("1wh")).At))
}

func TestElsewhere_glpi22678_AReminderBeforeDueDoesNotComeAtMidnight(t *testing.T) {
	c := load(t, "cn")
	due := c.Due(civil(t, c, "2026-03-06 16:00"), d("1wd")).At
	require.Equal(t, "2026-03-09 18:00", shown(c, due))
	for before, rung := range map[string]string{"8wh": "2026-03-06 17:30", "1wd": "2026-03-06 09:00"} {
		at := c.Offset(due, true, d(before))
		require.Equal(t, rung, shown(c, at))
		require.True(t, c.IsWorking(at))
	}
}

func TestElsewhere_zammad4432_2157_RemindersDoNotComeAtNightAndOnSundays(t *testing.T) {
	c := load(t, "cn")
	due := c.Due(civil(t, c, "2026-03-07 02:00"), d("24h")).At // on Sunday at 02:00, and so it stays
	told := c.HoldBack([]time.Time{due.Add(-6 * time.Hour), due, due.Add(time.Hour)})
	require.Equal(t, "2026-03-08 02:00", shown(c, due))
	for _, at := range told {
		require.True(t, c.IsWorking(at), shown(c, at))
	}
	require.Equal(t, "2026-03-09 09:00", shown(c, told[0]))
}
