package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRungsBeforeAndAfterDue(t *testing.T) {
	c := load(t, "cn")
	const before, after = true, false
	for _, row := range []struct {
		name, due string
		before    bool
		d, rung   string
	}{
		{"an hour after, at night too", "2026-03-02 23:30", after, "1h", "2026-03-03 00:30"},
		{"an hour before", "2026-03-02 10:00", before, "1h", "2026-03-02 09:00"},
		{"a civil day before", "2026-03-02 10:00", before, "1d", "2026-03-01 10:00"},

		{"working hours after", "2026-03-02 10:00", after, "1wh", "2026-03-02 11:00"},
		{"working hours after, over the weekend", "2026-03-06 17:00", after, "4wh", "2026-03-09 13:30"},
		{"due at night: counted from the opening", "2026-03-07 02:00", after, "4wh", "2026-03-09 14:30"},
		{"an end on closing stands at the next opening", "2026-03-02 14:00", after, "4wh", "2026-03-03 09:00"},
		{"an end on lunch stands after lunch", "2026-03-02 09:00", after, "3wh", "2026-03-02 13:30"},

		{"working hours before", "2026-03-02 18:00", before, "2wh", "2026-03-02 16:00"},
		{"working hours before, over lunch", "2026-03-02 14:00", before, "1wh", "2026-03-02 11:30"},
		{"working hours before, to the opening", "2026-03-02 11:00", before, "2wh", "2026-03-02 09:00"},
		{"working hours before, over the weekend", "2026-03-09 10:00", before, "2wh", "2026-03-06 17:00"},
		{"working hours before a Sunday", "2026-03-08 10:00", before, "2wh", "2026-03-06 16:00"},

		{"a working day after ends with it", "2026-03-02 18:00", after, "1wd", "2026-03-03 18:00"},
		{"a working day after the holiday begins", "2026-02-14 18:00", after, "1wd", "2026-02-24 18:00"},
		{"a working day before begins it", "2026-03-04 18:00", before, "1wd", "2026-03-03 09:00"},
		{"a working day before, over the weekend", "2026-03-09 18:00", before, "1wd", "2026-03-06 09:00"},

		{"same-day is no distance", "2026-03-02 10:00", after, "same-day", "2026-03-02 10:00"},
		{"agreed is no distance", "2026-03-02 10:00", before, "agreed", "2026-03-02 10:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			rung := c.Offset(civil(t, c, row.due), row.before, d(row.d))
			require.Equal(t, row.rung, shown(c, rung))
			require.Equal(t, time.UTC, rung.Location())
		})
	}
}

func TestADueTimeAtMidnightBelongsToTheDayItCloses(t *testing.T) {
	c := parse(t, `{calendar: late, zone: Asia/Shanghai, week: {mon-fri: "16:00-24:00"}, covers: 2026}`)
	due := c.Due(civil(t, c, "2026-03-02 10:00"), d("1wd")).At
	require.Equal(t, "2026-03-04 00:00", shown(c, due), "Tuesday closes")
	require.Equal(t, "2026-03-05 00:00", shown(c, c.Offset(due, false, d("1wd"))), "Wednesday closes")
	require.Equal(t, "2026-03-02 16:00", shown(c, c.Offset(due, true, d("1wd"))), "Monday opens")
}

func TestShareOfADeadline(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct {
		name, start, due string
		percent          int
		measured, at     string
	}{
		{"75% of 24 hours is 18 hours, at night too", "2026-03-02 10:00", "2026-03-03 10:00", 75, "24h", "2026-03-03 04:00"},
		{"half of ten minutes", "2026-03-02 10:00", "2026-03-02 10:10", 50, "10m", "2026-03-02 10:05"},
		{"half of 30 civil days", "2026-03-01 10:00", "2026-03-31 10:00", 50, "30d", "2026-03-16 10:00"},
		{"75% of four working hours over lunch", "2026-03-02 10:00", "2026-03-02 15:30", 75, "4wh", "2026-03-02 14:30"},
		{"half of four working hours ends with lunch", "2026-03-02 10:00", "2026-03-02 15:30", 50, "4wh", "2026-03-02 13:30"},
		{"half of two working days", "2026-03-06 18:00", "2026-03-10 18:00", 50, "2wd", "2026-03-10 09:00"},
		{"75% of two working days over a weekend", "2026-03-06 18:00", "2026-03-10 18:00", 75, "2wd", "2026-03-10 14:15"},
		{"80% of the same day", "2026-03-02 08:00", "2026-03-02 18:00", 80, "same-day", "2026-03-02 16:30"},
		{"half of the way to an agreed Monday", "2026-03-06 17:00", "2026-03-09 10:00", 50, "agreed", "2026-03-09 09:00"},
		{"nobody works before an agreed Sunday", "2026-03-07 10:00", "2026-03-08 10:00", 50, "agreed", "2026-03-07 22:00"},
		{"0% is the start", "2026-03-07 10:00", "2026-03-10 18:00", 0, "1wd", "2026-03-07 10:00"},
		{"100% is due, though people close then", "2026-03-07 10:00", "2026-03-10 18:00", 100, "2wd", "2026-03-10 18:00"},
		{"more than all is due", "2026-03-07 10:00", "2026-03-10 18:00", 150, "2wd", "2026-03-10 18:00"},
		{"less than nothing is the start", "2026-03-07 10:00", "2026-03-10 18:00", -5, "2wd", "2026-03-07 10:00"},
		{"due before its start is due", "2026-03-10 10:00", "2026-03-09 18:00", 50, "2wd", "2026-03-09 18:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			at := c.Share(civil(t, c, row.start), civil(t, c, row.due), row.percent, d(row.measured))
			require.Equal(t, row.at, shown(c, at))
		})
	}
}

func TestShareOfTenYearsDoesNotOverflow(t *testing.T) {
	c := load(t, "cn")
	start := civil(t, c, "2026-03-02 10:00")
	due := c.Due(start, d("87840h")).At
	require.Equal(t, start.Add(87840*time.Hour/100*99).UTC(), c.Share(start, due, 99, d("87840h")))
}

// A rung that is told in working hours only waits for the first working minute; its successors keep
// their distance.
func TestRungsHeldBackToWorkingHours(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct {
		name        string
		rungs, told []string
	}{
		{"in working time nothing is held back", []string{"2026-03-02 09:00", "2026-03-02 17:59"}, []string{"2026-03-02 09:00", "2026-03-02 17:59"}},
		{"at night", []string{"2026-03-02 02:00"}, []string{"2026-03-02 09:00"}},
		{"at closing", []string{"2026-03-02 18:00"}, []string{"2026-03-03 09:00"}},
		{"at lunch", []string{"2026-03-02 12:10", "2026-03-02 12:40"}, []string{"2026-03-02 13:30", "2026-03-02 14:00"}},
		{"three tiers on a Sunday each have their chance", []string{"2026-03-08 02:00", "2026-03-08 03:00", "2026-03-08 06:00"},
			[]string{"2026-03-09 09:00", "2026-03-09 10:00", "2026-03-09 14:30"}},
		{"only the second falls outside", []string{"2026-03-06 17:50", "2026-03-06 18:50"}, []string{"2026-03-06 17:50", "2026-03-09 09:00"}},
		{"one in working time waits for those that were held", []string{"2026-03-02 12:10", "2026-03-02 12:40", "2026-03-02 13:50"},
			[]string{"2026-03-02 13:30", "2026-03-02 14:00", "2026-03-02 15:10"}},
		{"one at the very opening keeps its gap", []string{"2026-03-03 08:00", "2026-03-03 09:00"}, []string{"2026-03-03 09:00", "2026-03-03 10:00"}},
		{"two nights: the day between is chance enough", []string{"2026-03-02 23:00", "2026-03-03 23:00"}, []string{"2026-03-03 09:00", "2026-03-04 09:00"}},
		{"two that stand together stay together", []string{"2026-03-08 02:00", "2026-03-08 02:00"}, []string{"2026-03-09 09:00", "2026-03-09 09:00"}},
		{"a gap that ends with closing goes on in the morning", []string{"2026-03-02 04:00", "2026-03-02 07:00"}, []string{"2026-03-02 09:00", "2026-03-02 13:30"}},
		{"none", nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var rungs []time.Time
			for _, rung := range row.rungs {
				rungs = append(rungs, civil(t, c, rung))
			}
			var told []string
			for _, at := range c.HoldBack(rungs) {
				told = append(told, shown(c, at))
				require.True(t, c.IsWorking(at))
			}
			require.Equal(t, row.told, told)
		})
	}
}

func TestNextWorking(t *testing.T) {
	c := load(t, "cn")
	for at, next := range map[string]string{
		"2026-03-02 08:59": "2026-03-02 09:00",
		"2026-03-02 09:00": "2026-03-02 09:00",
		"2026-03-02 11:59": "2026-03-02 11:59",
		"2026-03-02 12:00": "2026-03-02 13:30",
		"2026-03-02 18:00": "2026-03-03 09:00",
		"2026-02-13 18:00": "2026-02-14 09:00",
		"2026-02-14 18:00": "2026-02-24 09:00",
	} {
		require.Equal(t, next, shown(c, c.NextWorking(civil(t, c, at))), "from %s", at)
		require.Equal(t, at == next, c.IsWorking(civil(t, c, at)), "at %s", at)
	}
}

func TestWorkingBetween(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct {
		a, b string
		want time.Duration
	}{
		{"2026-03-02 00:00", "2026-03-03 00:00", 450 * time.Minute},
		{"2026-03-02 10:00", "2026-03-02 10:01", time.Minute},
		{"2026-03-02 12:00", "2026-03-02 13:30", 0},
		{"2026-03-06 17:00", "2026-03-09 10:00", 2 * time.Hour},
		{"2026-03-09 10:00", "2026-03-06 17:00", 0},
		{"2026-01-01 00:00", "2027-01-01 00:00", 248 * 450 * time.Minute},
	} {
		require.Equal(t, row.want, c.WorkingBetween(civil(t, c, row.a), civil(t, c, row.b)), "%s to %s", row.a, row.b)
	}
}
