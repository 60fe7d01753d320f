package calendar_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
)

// load reads one of the calendars that come with the software.
func load(t testing.TB, name string) *calendar.Calendar {
	t.Helper()
	file := filepath.Join("..", "..", "procedures", "calendars", name+".yaml")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	c, err := calendar.Parse(file, data)
	require.NoError(t, err)
	return c
}

// parse reads a calendar written in the test.
func parse(t testing.TB, text string) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	return c
}

// civil is the instant at which the clock on the calendar's wall shows that time, like "2026-02-13
// 17:30".
func civil(t testing.TB, c *calendar.Calendar, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, c.Zone())
	require.NoError(t, err)
	return at
}

// shown is what the clock on the calendar's wall shows at that instant.
func shown(c *calendar.Calendar, at time.Time) string {
	return at.In(c.Zone()).Format("2006-01-02 15:04")
}

func d(text string) calendar.Duration { return calendar.MustParseDuration(text) }

func TestWhatACalendarSaysAboutItself(t *testing.T) {
	c := load(t, "cn")
	require.Equal(t, "cn", c.ID())
	require.Equal(t, "Asia/Shanghai", c.Zone().String())
	require.Equal(t, calendar.Years{First: 2026, Last: 2026}, c.Covers())
	require.True(t, c.Covered(2026))
	require.False(t, c.Covered(2025))
	require.False(t, c.Covered(2027))

	published := c.WithVersion(3)
	require.Equal(t, 3, published.Version())
	require.Equal(t, 0, c.Version(), "the calendar it was made of doesn't change")
}

// First review: B8.
func TestFromOctoberOnTheNextYearIsMissed(t *testing.T) {
	c := load(t, "cn")
	for at, lacks := range map[string]int{"2026-09-30 23:59": 0, "2026-10-01 00:00": 2027, "2027-06-01 10:00": 2027, "2028-11-01 10:00": 2028} {
		require.Equal(t, lacks, c.Lacks(civil(t, c, at)), at)
	}
	require.Empty(t, c.Warning(civil(t, c, "2026-09-30 23:59")))
	require.Equal(t, `the holidays of calendar "cn" are known to the end of 2026; add those of 2027 to the calendar and extend its covers`,
		c.Warning(civil(t, c, "2026-11-29 10:00")))
}

func TestCoversEndsWithTheCivilYearOfTheZone(t *testing.T) {
	c := load(t, "cn")
	require.False(t, c.CoversEnded(civil(t, c, "2026-12-31 23:59")))
	require.True(t, c.CoversEnded(civil(t, c, "2027-01-01 00:00")))
	require.True(t, c.CoversEnded(time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)), "it is New Year in China")
	require.False(t, c.CoversEnded(civil(t, c, "2020-01-01 00:00")), "the years before aren't its end")
}
