package config

import (
	"os"
	"runtime/debug"
)

// collectAt is the garbage collector's GOGC where the environment doesn't say. Programs that keep
// some ten megabytes and throw away as many a second would collect all the time with Go's 100,
// which took them a tenth of their processor time; so they may use up to five times of what they
// keep.
const collectAt = 400

// TuneMemory lets the program collect garbage less often, unless GOGC says how often. Call it once,
// first thing.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}
