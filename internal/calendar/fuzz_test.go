package calendar_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/yamlfile"
)

// Whatever stands in a file: it is a calendar that answers, or problems that each have a place in
// the file.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"cn.yaml", "new-york.yaml"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "procedures", "calendars", name))
		require.NoError(f, err)
		f.Add(data)
	}
	for _, text := range []string{
		"", sound, "a: &x [*x]", "[[[[[[", "{{{{", "? a\n: b", "calendar: |\n  cn\n", "week: {sun-sat: 00:00-24:00}",
		"days: {2026-01-01..2026-12-31: closed}", "covers: 1970..1999", "<<: {a: b}", "--- !!map {a: b}", "a: b: c", "\t", "'", "\"\\x", "- - - -",
		`{calendar: a, zone: Africa/Cairo, week: {mon-sun: "00:00-24:00"}, covers: 2026, days: {2026-04-24: "00:15-00:45"}}`,
	} {
		f.Add([]byte(text))
	}
	start := time.Date(2026, 2, 13, 9, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := calendar.Parse("fuzz.yaml", data)
		if err != nil {
			require.Nil(t, c)
			var problems yamlfile.Problems
			require.ErrorAs(t, err, &problems)
			require.NotEmpty(t, problems)
			for _, problem := range problems {
				require.Positive(t, problem.Line)
				require.Positive(t, problem.Column)
				require.NotEmpty(t, problem.Message)
			}
			return
		}
		for _, text := range []string{"3wd", "4wh", "same-day"} {
			within := d(text)
			due := c.Due(start, within).At
			require.True(t, due.After(start), text)
			require.Equal(t, due, c.Resume(start, c.Remaining(start, due, within)).At, text)
		}
		require.True(t, c.IsWorking(c.NextWorking(start)))
	})
}

// Whatever is written: it is a duration that is written back the same, or an error that quotes it.
func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{
		"1h", "1h 10m 90s", "4wh", "30wm", "3wd", "same-day", "agreed", "30d", "1y", "", " ", "24", "1.5h", "-1h", "1h 2wh", "0h",
		"9999999999999999999h", "1 h", "３h", "3工作日", "1h\x00", "\xff", "10000wh", "h1", "1h1h1h", "10 000h",
	} {
		f.Add(text)
	}
	c := load(f, "cn")
	start := time.Date(2026, 2, 13, 9, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := calendar.ParseDuration(text)
		if err != nil {
			var wrong *calendar.DurationError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, text, wrong.Text)
			require.True(t, parsed.IsZero())
			return
		}
		again, err := calendar.ParseDuration(parsed.String())
		require.NoError(t, err)
		require.Equal(t, parsed, again)
		if parsed.Measure() != calendar.Agreed {
			require.True(t, c.Due(start, parsed).At.After(start))
		}
	})
}
