package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
)

func TestAPausedClockGoesOnWithWhatItHadLeft(t *testing.T) {
	c := load(t, "cn")
	for _, row := range []struct{ name, measured, due, paused, resumed, dueThen string }{
		{"elapsed", "24h", "2026-03-03 10:00", "2026-03-02 20:00", "2026-03-05 07:00", "2026-03-05 21:00"},
		{"working hours", "4wh", "2026-03-02 15:30", "2026-03-02 11:00", "2026-03-04 17:00", "2026-03-05 11:00"},
		{"working hours, paused at lunch", "4wh", "2026-03-02 15:30", "2026-03-02 12:30", "2026-03-04 12:30", "2026-03-04 15:30"},
		{"working days move to the closing of the day they fall on", "3wd", "2026-03-05 18:00", "2026-03-03 10:00", "2026-03-09 15:00", "2026-03-12 18:00"},
		{"working days resumed before opening", "3wd", "2026-03-05 18:00", "2026-03-03 10:00", "2026-03-09 08:00", "2026-03-11 18:00"},
		{"same-day resumed in the morning", "same-day", "2026-03-02 18:00", "2026-03-02 14:00", "2026-03-04 09:30", "2026-03-04 18:00"},
		{"same-day resumed in the afternoon", "same-day", "2026-03-02 18:00", "2026-03-02 14:00", "2026-03-04 17:00", "2026-03-05 18:00"},
		{"agreed dates and budgets are different things", "agreed", "2026-03-20 15:00", "2026-03-02 14:00", "2026-03-06 17:00", "2026-03-20 15:00"},
		{"civil days", "30d", "2026-04-01 10:00", "2026-03-12 09:00", "2026-03-15 09:00", "2026-04-04 10:00"},
		{"a clock that had run out is due at once", "4wh", "2026-03-02 15:30", "2026-03-02 15:30", "2026-03-04 22:00", "2026-03-04 22:00"},
		{"working days that had run out", "3wd", "2026-03-02 18:00", "2026-03-03 15:30", "2026-03-04 10:00", "2026-03-04 10:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			left := c.Remaining(civil(t, c, row.paused), civil(t, c, row.due), d(row.measured))
			require.Equal(t, row.dueThen, shown(c, c.Resume(civil(t, c, row.resumed), left).At))
		})
	}
}

func TestAPauseOfNoTimeMovesNothing(t *testing.T) {
	c := load(t, "cn")
	start := civil(t, c, "2026-02-13 11:00")
	for _, text := range []string{"24h", "4wh", "30wm", "3wd", "same-day", "30d", "1y"} {
		due := c.Due(start, d(text)).At
		at := start.Add(40 * time.Minute)
		if !at.Before(due) {
			continue
		}
		require.Equal(t, due, c.Resume(at, c.Remaining(at, due, d(text))).At, text)
	}
}

func TestWhatIsLeftSurvivesItsStorage(t *testing.T) {
	c := load(t, "cn")
	from, due := civil(t, c, "2026-03-02 10:00"), civil(t, c, "2026-03-05 18:00")
	for text, said := range map[string]string{
		"3wd": "29h0m0s of working time", "99h": "80h0m0s", "agreed": "until 2026-03-05T10:00:00Z",
	} {
		left := c.Remaining(from, due, d(text))
		require.Equal(t, said, left.String())
		data, err := json.Marshal(left)
		require.NoError(t, err)
		var again calendar.Left
		require.NoError(t, json.Unmarshal(data, &again))
		require.Equal(t, left, again)
	}
}

func TestAResumedClockBeyondCoversIsFlagged(t *testing.T) {
	c := load(t, "cn")
	left := c.Remaining(civil(t, c, "2026-12-28 10:00"), civil(t, c, "2026-12-30 18:00"), d("2wd"))
	require.True(t, c.Resume(civil(t, c, "2026-12-31 10:00"), left).BeyondCovers)
	require.False(t, c.Resume(civil(t, c, "2026-12-28 11:00"), left).BeyondCovers)
}
