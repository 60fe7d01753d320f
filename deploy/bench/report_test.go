package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// printed is what a function prints.
func printed(t *testing.T, say func()) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "printed"))
	require.NoError(t, err)
	before := os.Stdout
	os.Stdout = file
	defer func() { os.Stdout = before }()
	say()
	require.NoError(t, file.Close())
	text, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	return string(text)
}

// rounds of a second with so many complaints each, whose every step took so long.
func rounds(step time.Duration, complaints ...int) []round {
	begin := time.Date(2026, 2, 13, 9, 0, 0, 0, time.UTC)
	var all []round
	for _, n := range complaints {
		all = append(all, round{complaints: n, window: time.Second, calls: []call{{name: "assign", step: true, began: begin, ended: begin.Add(step)}}})
	}
	return all
}

func TestMedianAndItsSummary(t *testing.T) {
	require.True(t, math.IsNaN(median(nil)))
	require.InDelta(t, 3, median([]float64{9, 3, 1}), 1e-9)
	require.InDelta(t, 2.5, median([]float64{4, 1, 9, 1}), 1e-9)
	require.Equal(t, "0.78 (0.70–0.81)", summary([]float64{.81, .7, .78}, 2))
	require.Equal(t, "2 (2–2)", summary([]float64{2}, 0))
	require.Equal(t, "1.5 ms", milliseconds(1500*time.Microsecond))
}

func TestTheSidesAreComparedRoundByRound(t *testing.T) {
	c := contest{floor: rounds(time.Millisecond, 100, 200), recourse: rounds(time.Millisecond, 80, 100)}
	require.Equal(t, []float64{.8, .5}, c.each(func(floor, recourse round) float64 { return recourse.perSecond() / floor.perSecond() }))
}

func TestTheReportSaysWhetherTheTargetIsReached(t *testing.T) {
	for _, row := range []struct {
		name string
		contest
		want, wantNot string
	}{
		{"many callers, enough is left of the floor", contest{callers: 32, floor: rounds(10*time.Millisecond, 100, 100, 100), recourse: rounds(20*time.Millisecond, 70, 75, 90)},
			"complaints/s ÷ the floor's: 0.75 (0.70–0.90); the target is at least 0.75: reached", "MISSED"},
		{"many callers, too little is left", contest{callers: 32, floor: rounds(10*time.Millisecond, 100, 100, 100), recourse: rounds(10*time.Millisecond, 90, 74, 70)},
			"complaints/s ÷ the floor's: 0.74 (0.70–0.90); the target is at least 0.75: MISSED", "reached"},
		{"one caller, a step is quick enough", contest{callers: 1, floor: rounds(10*time.Millisecond, 10), recourse: rounds(15*time.Millisecond, 1)},
			"a step ÷ a bare update (p50): 1.50 (1.50–1.50); the target is at most 1.50: reached", "MISSED"},
		{"one caller, a step is too slow", contest{callers: 1, floor: rounds(10*time.Millisecond, 10), recourse: rounds(16*time.Millisecond, 10)},
			"a step ÷ a bare update (p50): 1.60 (1.60–1.60); the target is at most 1.50: MISSED", "reached"},
	} {
		t.Run(row.name, func(t *testing.T) {
			said := printed(t, row.print)
			require.Contains(t, said, row.want)
			require.NotContains(t, said, row.wantNot)
		})
	}
}

func TestTheReportNamesBothSidesAndWhatWentUnanswered(t *testing.T) {
	c := contest{callers: 32, floor: rounds(10*time.Millisecond, 100, 120), recourse: rounds(12*time.Millisecond, 90, 100)}
	c.recourse[1].unanswered = 4
	require.Equal(t, `
32 CALLERS, 2 rounds of 1s
                        complaints/s          step p50   step p99   of which
  floor: bare updates   110.0 (100.0–120.0)   10.0 ms    10.0 ms    assign 10.0 ms
  Recourse over HTTP    95.0 (90.0–100.0)     12.0 ms    12.0 ms    assign 12.0 ms
  4 complaints were not answered in time and don't count
  complaints/s ÷ the floor's: 0.87 (0.83–0.90); the target is at least 0.75: reached
  a step ÷ a bare update (p50): 1.20 (1.20–1.20)
`, printed(t, c.print))
}

func TestTheReportSaysWhereTheTimeGoesForEachComplaint(t *testing.T) {
	c := contest{callers: 1, floor: rounds(time.Millisecond, 10), recourse: rounds(time.Millisecond, 5)}
	c.floor[0].cost = cost{cpu: map[string]time.Duration{temporalServer: 100 * time.Millisecond}, commits: map[string]int64{"temporal": 40}, log: 10 * 1024}
	c.recourse[0].cost = cost{cpu: map[string]time.Duration{temporalServer: 60 * time.Millisecond, ourServer: 15 * time.Millisecond},
		commits: map[string]int64{"temporal": 15, "temporal_visibility": 5, "recourse": 10}, log: 20 * 1024, sent: 10}
	said := printed(t, func() {
		c.printSpending(cost{cpu: map[string]time.Duration{temporalServer: 30 * time.Millisecond}})
	})
	for _, line := range []string{
		`Temporal +10\.0 ms CPU +12\.0 ms CPU +\+2\.0 +10\.0 ms CPU`, // at rest for three seconds
		`Recourse's server +0\.0 ms CPU +3\.0 ms CPU +\+3\.0`,
		`all +10\.0 ms CPU +15\.0 ms CPU +\+5\.0`,
		`transactions of Temporal +4\.0 +4\.0 +\+0\.0`,
		`transactions of Recourse +0\.0 +2\.0 +\+2\.0`,
		`PostgreSQL's log +1\.0 KB +4\.0 KB +\+3\.0`,
		`messages sent +0\.0 +2\.0`,
		`floor's processor time ÷ Recourse's: 0\.67`,
	} {
		require.Regexp(t, line, said)
	}
}

func TestTheReportClimbsFromTheFloor(t *testing.T) {
	require.Empty(t, printed(t, func() { printLadder(nil) }))
	rungs := rounds(2*time.Millisecond, 100, 80, 75, 60, 50)
	rungs[4].cost = cost{cpu: map[string]time.Duration{temporalServer: 500 * time.Millisecond}, log: 50 * 4096}
	said := printed(t, func() { printLadder(rungs) })
	require.Regexp(t, `bare updates +100\.0 +1\.00 +2\.0 ms`, said)
	require.Regexp(t, `\+ search attributes changed +50\.0 +0\.50 +2\.0 ms +10\.0 ms CPU +0\.0 ms CPU +4 KB`, said)
}
