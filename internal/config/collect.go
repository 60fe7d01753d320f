package config

import (
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

// collectAt is the garbage collector's GOGC where the environment doesn't say. Programs that keep
// some ten megabytes and throw away as many a second would collect all the time with Go's 100,
// which took them a tenth of their processor time; so they may use up to five times of what they
// keep.
const collectAt = 400

// ofTheContainer is which part of the container's memory Go may use, in percent: the rest is for
// what it doesn't count.
const ofTheContainer = 90

// TuneMemory lets the program collect garbage less often, unless GOGC says how often, and yet as
// often as the container's memory asks for, unless GOMEMLIMIT says how much there is. Call it once,
// first thing.
func TuneMemory() { tuneMemory("/sys/fs/cgroup") }

func tuneMemory(controlGroup string) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if limit, bounded := memoryOf(controlGroup); bounded && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit / 100 * ofTheContainer)
	}
}

// memoryOf is how many bytes of memory a control group may use; version 2 of them, and 1.
func memoryOf(controlGroup string) (bytes int64, bounded bool) {
	for _, name := range []string{"memory.max", "memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(filepath.Join(controlGroup, filepath.FromSlash(name)))
		if err != nil {
			continue
		}
		bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && bytes > 0 && bytes < math.MaxInt64/2 { // version 1 writes a huge number for none, 2 "max"
			return bytes, true
		}
	}
	return 0, false
}
