// Package growth lets tests hold readers of what strangers send to this: the work grows with the
// input, and no faster.
package growth

import (
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"
)

// Input doubled twice takes a linear reader four times the work and a quadratic one sixteen times.
const (
	times = 4
	most  = 8
)

// rounds are tried at most: a busy machine needs some to show how long the work takes by itself.
const rounds = 12

// Linear fails the test when an input of four times the size takes more than eight times the
// processor time, or has more than eight times as many bytes allocated. Prepare makes the reading
// of an input of a size, which must be large enough to be told from what every reading takes.
func Linear(t testing.TB, size int, prepare func(size int) (read func())) {
	t.Helper()
	small, large := prepare(size), prepare(times*size)
	if a, b := allocated(small), allocated(large); b > most*a {
		t.Errorf("%d bytes were allocated for an input of size %d, but %d for one of %d times the size", a, size, b, times)
	}
	leastSmall, leastLarge := took(small), took(large)
	for round := 1; round < rounds && leastLarge > most*leastSmall; round++ {
		leastSmall, leastLarge = min(leastSmall, took(small)), min(leastLarge, took(large))
	}
	if leastLarge > most*leastSmall {
		t.Errorf("an input of size %d took %s, but one of %d times the size %s", size, leastSmall, times, leastLarge)
	}
}

// Within fails the test when a reading takes more processor time than that.
func Within(t testing.TB, limit time.Duration, read func()) {
	t.Helper()
	least := took(read)
	for round := 1; round < rounds && least > limit; round++ {
		least = min(least, took(read))
	}
	if least > limit {
		t.Errorf("the input took %s, which is more than %s", least, limit)
	}
}

// took is the processor time that a reading takes, whatever else the machine does. The garbage
// collector, which has its own moments, is left out.
func took(read func()) time.Duration {
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	start := processorTime()
	read()
	return processorTime() - start
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // only for arguments that there aren't
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func allocated(read func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
