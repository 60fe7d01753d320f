package procedure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/procedure"
)

func TestTheLastPeriodIsTheOneThatIsOver(t *testing.T) {
	for _, c := range []struct {
		every          procedure.Period
		zone           string
		at, from, upTo string // local
	}{
		{procedure.EveryDay, "Asia/Shanghai", "2026-03-01 06:00", "2026-02-28 00:00", "2026-03-01 00:00"},
		{procedure.EveryWeek, "Asia/Shanghai", "2026-03-02 06:00", "2026-02-23 00:00", "2026-03-02 00:00"},
		{procedure.EveryWeek, "Asia/Shanghai", "2026-03-08 23:59", "2026-02-23 00:00", "2026-03-02 00:00"},
		{procedure.EveryMonth, "Asia/Shanghai", "2026-01-01 06:00", "2025-12-01 00:00", "2026-01-01 00:00"},
		{procedure.EveryMonth, "Asia/Shanghai", "2026-03-31 06:00", "2026-02-01 00:00", "2026-03-01 00:00"},
		{procedure.EveryQuarter, "Asia/Shanghai", "2026-04-01 06:00", "2026-01-01 00:00", "2026-04-01 00:00"},
		{procedure.EveryQuarter, "Asia/Shanghai", "2026-03-31 23:59", "2025-10-01 00:00", "2026-01-01 00:00"},
		{procedure.EveryHalfYear, "Asia/Shanghai", "2026-07-01 06:00", "2026-01-01 00:00", "2026-07-01 00:00"},
		{procedure.EveryHalfYear, "Asia/Shanghai", "2026-06-30 06:00", "2025-07-01 00:00", "2026-01-01 00:00"},
		{procedure.EveryYear, "Asia/Shanghai", "2026-12-31 06:00", "2025-01-01 00:00", "2026-01-01 00:00"},
		{procedure.EveryMonth, "America/New_York", "2026-04-01 06:00", "2026-03-01 00:00", "2026-04-01 00:00"}, // summer time began within
		{procedure.EveryMonth, "America/Havana", "2026-12-01 06:00", "2026-11-01 00:00", "2026-12-01 00:00"},   // on 1 November, midnight came twice
		{procedure.EveryMonth, "Asia/Amman", "2022-05-01 06:00", "2022-04-01 00:00", "2022-05-01 00:00"},       // the days around saw midnight skipped
	} {
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		require.NoError(t, err)
		from, to := c.every.Last(at, zone)
		require.Equal(t, []string{c.from, c.upTo}, []string{from.In(zone).Format("2006-01-02 15:04"), to.In(zone).Format("2006-01-02 15:04")}, "every %s, at %s", c.every, c.at)
	}
}

func TestADayWithoutMidnightBeginsAtOne(t *testing.T) {
	zone, err := time.LoadLocation("America/Asuncion")
	require.NoError(t, err)
	from, _ := procedure.EveryMonth.Last(time.Date(2000, time.November, 1, 6, 0, 0, 0, zone), zone) // put forward on 1 October, at midnight
	require.Equal(t, "2000-10-01 01:00", from.In(zone).Format("2006-01-02 15:04"))
	_, to := procedure.EveryMonth.Last(from, zone)
	require.Equal(t, from, to, "that instant is of the new month")
}

func TestPeriodsTileTimeInEveryZone(t *testing.T) {
	for _, name := range []string{"UTC", "Asia/Shanghai", "America/New_York", "America/Havana", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		for _, every := range []procedure.Period{procedure.EveryDay, procedure.EveryWeek, procedure.EveryMonth, procedure.EveryQuarter, procedure.EveryHalfYear, procedure.EveryYear} {
			var last time.Time
			for at := time.Date(2014, time.January, 1, 6, 0, 0, 0, zone); at.Year() < 2027; at = at.AddDate(0, 0, 1) {
				from, to := every.Last(at, zone)
				require.True(t, from.Before(to) && !to.After(at), "%s, every %s, at %s: %s to %s", name, every, at, from, to)
				if !last.IsZero() && !to.Equal(last) {
					require.Equal(t, last, from, "%s, every %s, at %s: nothing between two periods, and nothing twice", name, every, at)
				}
				last = to
			}
		}
	}
}

func TestPeriodsHaveSoManyMonths(t *testing.T) {
	for every, months := range map[procedure.Period]int{procedure.EveryDay: 0, procedure.EveryWeek: 0, procedure.EveryMonth: 1, procedure.EveryQuarter: 3,
		procedure.EveryHalfYear: 6, procedure.EveryYear: 12} {
		require.Equal(t, months, every.Months(), every)
	}
}
