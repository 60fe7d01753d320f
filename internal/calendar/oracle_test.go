package calendar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/calendar"
)

// plan is a calendar as the oracle sees it: the same facts from which the file is written, and
// nothing of the code under test.
type plan struct {
	zone *time.Location
	week [7][][2]int      // by time.Weekday, in minutes since midnight
	days map[int][][2]int // by days since 1 January 1970
}

// The oracle walks minute by minute. It watches a clock on the wall that never goes back: in the
// hour that is repeated it stands still. A minute is worked when that clock shows a time of work.
type oracle struct {
	minutes []time.Time // from the first to the last, each a minute after the other
	working []bool
	date    []int // that the clock shows, in days since 1 January 1970
}

func (p plan) watch(from, to time.Time) *oracle {
	o := &oracle{}
	clock := int64(0) // in minutes since 1 January 1970
	// The clock may stand still already when the watch begins.
	for t := from.Add(-3 * time.Hour); t.Before(to); t = t.Add(time.Minute) {
		_, offset := t.In(p.zone).Zone()
		clock = max(clock, (t.Unix()+int64(offset))/60)
		if t.Before(from) {
			continue
		}
		date, minute := int(clock/1440), int(clock%1440)
		spans, own := p.days[date]
		if !own {
			spans = p.week[(4+date)%7] // 1 January 1970 was a Thursday
		}
		o.minutes = append(o.minutes, t)
		o.date = append(o.date, date)
		o.working = append(o.working, slices.ContainsFunc(spans, func(s [2]int) bool { return s[0] <= minute && minute < s[1] }))
	}
	return o
}

// since is what the oracle saw from t on.
func (o *oracle) since(t time.Time) *oracle {
	i := int(t.Sub(o.minutes[0]) / time.Minute)
	return &oracle{o.minutes[i:], o.working[i:], o.date[i:]}
}

// add is the end of the nth working minute, and the date it belongs to.
func (o *oracle) add(n int) (time.Time, int) {
	for i, working := range o.working {
		if working {
			if n--; n == 0 {
				return o.minutes[i].Add(time.Minute), o.date[i]
			}
		}
	}
	return time.Time{}, 0
}

// opening and closing are the first working minute of a date, and the end of the last.
func (o *oracle) opening(date int) time.Time {
	for i, working := range o.working {
		if working && o.date[i] == date {
			return o.minutes[i]
		}
	}
	return time.Time{}
}

func (o *oracle) closing(date int) time.Time {
	for i, v := range slices.Backward(o.working) {
		if v && o.date[i] == date {
			return o.minutes[i].Add(time.Minute)
		}
	}
	return time.Time{}
}

// workdays are the dates with a working minute, in order.
func (o *oracle) workdays() []int {
	var dates []int
	for i, working := range o.working {
		if working && !slices.Contains(dates, o.date[i]) {
			dates = append(dates, o.date[i])
		}
	}
	return dates
}

func (o *oracle) next() time.Time {
	for i, working := range o.working {
		if working {
			return o.minutes[i]
		}
	}
	return time.Time{}
}

func (o *oracle) between() time.Duration {
	var n int
	for _, working := range o.working {
		if working {
			n++
		}
	}
	return time.Duration(n) * time.Minute
}

// zonesThatMove are changes of the clock in 2026: by an hour and by half an hour, in the night and
// over midnight, north and south.
var zonesThatMove = map[string][]string{
	"Asia/Shanghai":        {"2026-02-14"},
	"America/New_York":     {"2026-03-08", "2026-11-01"},
	"Australia/Sydney":     {"2026-04-05", "2026-10-04"},
	"Australia/Lord_Howe":  {"2026-04-05", "2026-10-04"},
	"America/Santiago":     {"2026-04-05", "2026-09-06"},
	"America/Havana":       {"2026-03-08", "2026-11-01"},
	"Africa/Cairo":         {"2026-04-24", "2026-10-30"},
	"Asia/Beirut":          {"2026-03-29", "2026-10-25"},
	"America/Scoresbysund": {"2026-03-29", "2026-10-25"},
	"Africa/Casablanca":    {"2026-02-15", "2026-03-22"},
}

// dateOf is the civil date of a local time, in days since 1 January 1970.
func dateOf(local time.Time) int {
	year, month, date := local.Date()
	return int(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func drawSpans(t *rapid.T, label string) [][2]int {
	// Edges at quarters of an hour, so that many meet the changes of the clock.
	edges := rapid.SliceOfNDistinct(rapid.IntRange(0, 96), 2, 6, rapid.ID).Draw(t, label)
	slices.Sort(edges)
	var spans [][2]int
	for i := 0; i+1 < len(edges); i += 2 {
		spans = append(spans, [2]int{edges[i] * 15, edges[i+1] * 15})
	}
	return spans
}

// drawCalendar draws a calendar, its plan, and an instant near a change of its clock.
func drawCalendar(t *rapid.T) (*calendar.Calendar, plan, time.Time) {
	names := make([]string, 0, len(zonesThatMove))
	for name := range zonesThatMove {
		names = append(names, name)
	}
	slices.Sort(names)
	name := rapid.SampledFrom(names).Draw(t, "zone")
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	change, err := time.ParseInLocation(time.DateOnly, rapid.SampledFrom(zonesThatMove[name]).Draw(t, "change"), zone)
	require.NoError(t, err)

	p := plan{zone: zone, days: map[int][][2]int{}}
	hours := func(spans [][2]int) string {
		if len(spans) == 0 {
			return "closed"
		}
		var written []string
		for _, s := range spans {
			written = append(written, fmt.Sprintf(`"%02d:%02d-%02d:%02d"`, s[0]/60, s[0]%60, s[1]/60, s[1]%60))
		}
		return "[" + strings.Join(written, ", ") + "]"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "calendar: drawn\nzone: %s\ncovers: 2026\nweek:\n  mon: [\"09:00-17:00\"]\n", name)
	p.week[time.Monday] = [][2]int{{9 * 60, 17 * 60}}
	for i, weekday := range []string{"tue", "wed", "thu", "fri", "sat", "sun"} {
		if rapid.IntRange(0, 3).Draw(t, weekday+" worked") > 0 {
			spans := drawSpans(t, weekday)
			p.week[(i+2)%7] = spans
			fmt.Fprintf(&text, "  %s: %s\n", weekday, hours(spans))
		}
	}
	text.WriteString("days:\n")
	for _, offset := range rapid.SliceOfNDistinct(rapid.IntRange(-3, 6), 0, 4, rapid.ID).Draw(t, "days") {
		date := change.AddDate(0, 0, offset)
		var spans [][2]int
		if rapid.Bool().Draw(t, "worked") {
			spans = drawSpans(t, "own hours")
		}
		p.days[dateOf(date)] = spans
		fmt.Fprintf(&text, "  %s: %s\n", date.Format(time.DateOnly), hours(spans))
	}
	c, err := calendar.Parse("drawn.yaml", []byte(text.String()))
	require.NoError(t, err, text.String())
	start := change.Add(time.Duration(rapid.IntRange(-3*24*60, 36*60).Draw(t, "start")) * time.Minute)
	return c, p, start.UTC()
}

const days = 24 * time.Hour

func TestWorkingTimeAgreesWithAWalkMinuteByMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, p, start := drawCalendar(t)
		end := start.Add(time.Duration(rapid.IntRange(1, 6*24*60).Draw(t, "minutes")) * time.Minute)
		o := p.watch(start, end)
		require.Equal(t, o.between(), c.WorkingBetween(start, end))
		require.Equal(t, o.working[0], c.IsWorking(start))
		require.Equal(t, p.watch(start, start.Add(15*days)).next(), c.NextWorking(start))
	})
}

func TestDueTimesAgreeWithAWalkMinuteByMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, p, start := drawCalendar(t)
		o := p.watch(start.Add(-2*days), start.Add(40*days))
		ahead := o.since(start)
		today := dateOf(start.In(p.zone))
		var later []int
		for _, date := range o.workdays() {
			if date > today {
				later = append(later, date)
			}
		}

		n := rapid.IntRange(1, 4).Draw(t, "working days")
		wd := d(fmt.Sprintf("%dwd", n))
		require.Equal(t, o.closing(later[n-1]), c.Due(start, wd).At)
		require.Equal(t, o.opening(later[n-1]), c.NotBefore(start, wd).At)

		sameDay := o.closing(today)
		if !start.Before(sameDay) {
			sameDay = o.closing(later[0])
		}
		require.Equal(t, sameDay, c.Due(start, d("same-day")).At)

		minutes := rapid.IntRange(1, 1500).Draw(t, "working minutes")
		due, _ := ahead.add(minutes)
		wh := d(fmt.Sprintf("%dwm", minutes))
		require.Equal(t, due, c.Due(start, wh).At)
		require.Equal(t, o.since(due).next(), c.Offset(start, false, wh), "a rung stands inside working time")
	})
}

func TestRungsBeforeDueAgreeWithAWalkMinuteByMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, p, due := drawCalendar(t)
		minutes := rapid.IntRange(1, 600).Draw(t, "working minutes")
		o := p.watch(due.Add(-20*days), due)
		var rung time.Time
		for i, left := len(o.working)-1, minutes; i >= 0 && left > 0; i-- {
			if o.working[i] {
				rung = o.minutes[i]
				left--
			}
		}
		require.Equal(t, rung, c.Offset(due, true, d(fmt.Sprintf("%dwm", minutes))))
		require.True(t, c.IsWorking(rung))
	})
}

func TestPausesAgreeWithAWalkMinuteByMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, p, start := drawCalendar(t)
		measured := d(rapid.SampledFrom([]string{"3wh", "90wm", "1wd", "2wd", "same-day"}).Draw(t, "measured"))
		due := c.Due(start, measured).At
		span := int(due.Sub(start) / time.Minute)
		if span < 2 {
			return
		}
		paused := start.Add(time.Duration(rapid.IntRange(0, span-1).Draw(t, "paused")) * time.Minute)
		resumed := paused.Add(time.Duration(rapid.IntRange(0, 8*24*60).Draw(t, "pause")) * time.Minute)

		left := c.Remaining(paused, due, measured)
		require.Equal(t, p.watch(paused, due).between(), left.Amount)
		o := p.watch(resumed.Add(-3*days), resumed.Add(33*days))
		again, on := o.since(resumed).add(int(left.Amount / time.Minute))
		if measured.Measure() != calendar.WorkingTime {
			again = o.closing(on)
		}
		require.Equal(t, again, c.Resume(resumed, left).At)
	})
}

func TestSharesAndHeldRungsKeepOrderAndWorkingTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _, start := drawCalendar(t)
		measured := d(rapid.SampledFrom([]string{"3wh", "2wd", "same-day"}).Draw(t, "measured"))
		due := c.Due(start, measured).At
		var rungs []time.Time
		for _, percent := range []int{25, 50, 75, 100} {
			at := c.Share(start, due, percent, measured)
			require.False(t, at.After(due))
			if percent < 100 {
				require.True(t, c.IsWorking(at))
				total := c.WorkingBetween(start, due)
				require.Equal(t, total*time.Duration(percent)/100, c.WorkingBetween(start, at))
			}
			rungs = append(rungs, at)
		}
		at := due
		for range rapid.IntRange(0, 5).Draw(t, "tiers") {
			at = at.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "gap")) * time.Minute)
			rungs = append(rungs, at)
		}
		told := c.HoldBack(rungs)
		for i := range told {
			require.True(t, c.IsWorking(told[i]))
			require.False(t, told[i].Before(rungs[i]), "never told early")
			if i == 0 {
				continue
			}
			if gap := rungs[i].Sub(rungs[i-1]); gap > 0 {
				require.True(t, told[i].After(told[i-1]), "each tier has its chance")
			} else {
				require.Equal(t, told[i-1], told[i])
			}
		}
	})
}

func TestElapsedAndCivilTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, p, start := drawCalendar(t)
		hours := rapid.IntRange(1, 1000).Draw(t, "hours")
		require.Equal(t, start.Add(time.Duration(hours)*time.Hour), c.Due(start, d(fmt.Sprintf("%dh", hours))).At)

		n := rapid.IntRange(1, 300).Draw(t, "civil days")
		due := c.Due(start, d(fmt.Sprintf("%dd", n))).At.In(p.zone)
		local := start.In(p.zone)
		if due.Format("15:04") == local.Format("15:04") {
			require.Equal(t, local.AddDate(0, 0, n).Format(time.DateOnly), due.Format(time.DateOnly))
			require.NotEqual(t, due.Format(time.DateTime), due.Add(-time.Hour).Format(time.DateTime), "the first time it is shown")
		} else {
			begin, _ := due.ZoneBounds()
			require.True(t, due.Equal(begin), "a time that is skipped happens when the clock is put forward")
		}
	})
}
