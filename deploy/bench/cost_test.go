package main

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAProcessIsReadWhateverItsNameHolds(t *testing.T) {
	// After the name: state, parent, …; the 12th to the 15th are processor times, in hundredths of
	// a second.
	const rest = " S 7 1 1 0 -1 4194560 100 0 0 0 150 50 25 75 20 0 1 0 300"
	ticks := func(of int) time.Duration { return time.Duration(of) * 10 * time.Millisecond }
	for name, line := range map[string]string{
		"postgres":          "42 (postgres)" + rest,
		"a name":            "42 (a name)" + rest,
		"(sd-pam)":          "42 ((sd-pam))" + rest,
		"worker) S 1 (more": "42 (worker) S 1 (more)" + rest + "\n",
		"":                  "42 ()" + rest,
	} {
		pid, stat, err := parseStat(line)
		require.NoError(t, err, line)
		require.Equal(t, 42, pid)
		require.Equal(t, processStat{parent: 7, name: name, own: ticks(150 + 50), ended: ticks(25 + 75)}, stat)
	}
}

func TestALineThatIsNoProcessIsRefused(t *testing.T) {
	for name, line := range map[string]string{
		"nothing":                   "",
		"no parentheses":            "42 postgres S 7",
		"parentheses the wrong way": "42 )postgres( S 7",
		"no number":                 "x (postgres) S 7 1 1 0 -1 0 0 0 0 0 1 1 1 1",
		"cut short":                 "42 (postgres) S 7 1 1 0 -1 0 0 0 0 0 1 1 1",
		"no parent":                 "42 (postgres) S x 1 1 0 -1 0 0 0 0 0 1 1 1 1",
		"no time":                   "42 (postgres) S 7 1 1 0 -1 0 0 0 0 0 1 x 1 1",
	} {
		_, _, err := parseStat(line)
		require.Error(t, err, name)
	}
}

func TestOurOwnProcessIsAmongTheProcesses(t *testing.T) {
	all, err := processes()
	require.NoError(t, err)
	_, there := all[os.Getpid()]
	require.Equal(t, runtime.GOOS == "linux", there, "other systems don't tell")
}

func TestARoundCostsWhatWasSpentSinceItBegan(t *testing.T) {
	before := cost{cpu: map[string]time.Duration{temporalServer: 5 * time.Second, ourServer: time.Second}, commits: map[string]int64{"recourse": 100}, log: 4096, sent: 10}
	after := cost{cpu: map[string]time.Duration{temporalServer: 7 * time.Second, ourServer: time.Second, mailSink: time.Second},
		commits: map[string]int64{"recourse": 160, "temporal": 30}, log: 10240, sent: 13}
	spent := after.since(before)
	require.Equal(t, cost{cpu: map[string]time.Duration{temporalServer: 2 * time.Second, ourServer: 0, mailSink: time.Second}, // begun meanwhile
		commits: map[string]int64{"recourse": 60, "temporal": 30}, log: 6144, sent: 3}, spent)
	require.Equal(t, 5*time.Second, before.cpu[temporalServer], "what it was stays")
	require.InDelta(t, 3000, allPrograms(spent), 1e-9)
	require.Zero(t, after.since(after).log)
}
