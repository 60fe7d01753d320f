package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"recourse/internal/calendar"
)

func TestDurationsReadAndWritten(t *testing.T) {
	for _, row := range []struct {
		text, written string
		measure       calendar.Measure
		length        time.Duration
		count         int
	}{
		{"1h", "1h", calendar.Elapsed, time.Hour, 0},
		{"10m", "10m", calendar.Elapsed, 10 * time.Minute, 0},
		{"48h", "48h", calendar.Elapsed, 48 * time.Hour, 0},
		{"1h 10m 5s", "1h 10m 5s", calendar.Elapsed, time.Hour + 10*time.Minute + 5*time.Second, 0},
		{"1h10m", "1h 10m", calendar.Elapsed, 70 * time.Minute, 0},
		{" 90m ", "1h 30m", calendar.Elapsed, 90 * time.Minute, 0},
		{"90 s", "1m 30s", calendar.Elapsed, 90 * time.Second, 0},
		{"4wh", "4wh", calendar.WorkingTime, 4 * time.Hour, 0},
		{"30wm", "30wm", calendar.WorkingTime, 30 * time.Minute, 0},
		{"1wh 30wm", "1wh 30wm", calendar.WorkingTime, 90 * time.Minute, 0},
		{"3wd", "3wd", calendar.WorkingDays, 0, 3},
		{"30d", "30d", calendar.CivilDays, 0, 30},
		{"3y", "3y", calendar.CivilYears, 0, 3},
		{"same-day", "same-day", calendar.SameDay, 0, 0},
		{"agreed", "agreed", calendar.Agreed, 0, 0},
	} {
		t.Run(row.text, func(t *testing.T) {
			d, err := calendar.ParseDuration(row.text)
			require.NoError(t, err)
			require.Equal(t, row.measure, d.Measure())
			require.Equal(t, row.length, d.Length())
			require.Equal(t, row.count, d.Count())
			require.Equal(t, row.written, d.String())
			again, err := calendar.ParseDuration(d.String())
			require.NoError(t, err)
			require.Equal(t, d, again)
		})
	}
}

func TestWhatIsNoDurationSaysWhatToWrite(t *testing.T) {
	for text, says := range map[string]string{
		"":                        "is empty",
		"  ":                      "is empty",
		"24":                      "24 has no unit",
		"h":                       `"h" is not understood`,
		"soon":                    `"soon" is not understood`,
		"-1h":                     `"-" is not understood`,
		"+4wh":                    `"+" is not understood`,
		"1.5h":                    `write smaller units instead, like "1h 30m"`,
		"3days":                   "is written d (civil days) or wd (working days)",
		"2 hours":                 "is written h",
		"1w":                      "is written d, 7 for a week",
		"3bd":                     "is written wd",
		"3工作日":                    "is written wd",
		"3x":                      `the unit "x" is unknown`,
		"1h 2wh":                  `mixes "h" with "wh"`,
		"1d 2h":                   `mixes "d" with "h"`,
		"10m 1h":                  `"h" can't follow "m"`,
		"1h 1h":                   `"h" can't follow "h"`,
		"3wd 1wd":                 `"wd" can't follow "wd"`,
		"0h":                      "is nothing",
		"0wd":                     "is nothing",
		"87841h":                  "ten years at most",
		"3661d":                   "3660d at most",
		"101y":                    "100y at most",
		"2601wd":                  "2600wd at most",
		"10000wh 1wm":             "10000wh at most",
		"999999999h":              "ten years at most",
		"9999999999999999999999h": "ten years at most",
		"same day":                `"same" is not understood`,
	} {
		t.Run(text, func(t *testing.T) {
			_, err := calendar.ParseDuration(text)
			var wrong *calendar.DurationError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, text, wrong.Text)
			require.ErrorContains(t, err, says)
		})
	}
}

func TestDurationsInJSON(t *testing.T) {
	type clock struct {
		Within calendar.Duration  `json:"within"`
		Else   *calendar.Duration `json:"else,omitempty"`
		None   calendar.Duration  `json:"none"`
	}
	special := d("3wd")
	data, err := json.Marshal(clock{Within: d("24h"), Else: &special})
	require.NoError(t, err)
	require.JSONEq(t, `{"within": "24h", "else": "3wd", "none": ""}`, string(data))
	var again clock
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, clock{Within: d("24h"), Else: &special}, again)

	var wrong *calendar.DurationError
	require.ErrorAs(t, json.Unmarshal([]byte(`{"within": "3 moons"}`), &again), &wrong)
}

func TestDurationsInYAML(t *testing.T) {
	var clock struct{ Within calendar.Duration }
	require.NoError(t, yaml.Unmarshal([]byte("within: 4wh 30wm"), &clock))
	require.Equal(t, d("4wh 30wm"), clock.Within)
	require.NoError(t, yaml.Unmarshal([]byte(`within: "same-day"`), &clock))
	require.Equal(t, d("same-day"), clock.Within)
	for _, text := range []string{"within: 24", `within: ""`, "within: 3 moons"} {
		require.ErrorContains(t, yaml.Unmarshal([]byte(text), &clock), "duration ", text)
	}
	require.Error(t, yaml.Unmarshal([]byte("within: [1h]"), &clock))
}

func TestMustParseDurationPanicsOnAMistakeInCode(t *testing.T) {
	require.Panics(t, func() { calendar.MustParseDuration("3 moons") })
}
