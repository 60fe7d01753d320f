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

// An input that is doubled three times takes a linear reader eight times the work, and a quadratic
// one sixty-four times.
const (
	doublings = 3
	times     = 1 << doublings
	most      = 2 * times
)

// rounds are tried at most: a busy machine needs some to show how long the work takes by itself.
const rounds = 12

// Linear fails the test when an input that is doubled three times takes more than sixteen times the
// processor time, or has more than sixteen times as many bytes allocated. It logs what each
// doubling cost. Prepare makes the reading of an input of a size, which must be large enough to be
// told from what every reading takes.
func Linear(t testing.TB, size int, prepare func(size int) (read func())) {
	t.Helper()
	var readings [doublings + 1]func()
	var bytes [doublings + 1]uint64
	var least [doublings + 1]time.Duration
	for i := range readings {
		readings[i] = prepare(size << i)
		bytes[i], least[i] = allocated(readings[i]), took(readings[i])
	}
	for round := 1; round < rounds && least[doublings] > most*least[0]; round++ {
		for i, read := range readings {
			least[i] = min(least[i], took(read))
		}
	}
	for i := 1; i <= doublings; i++ {
		t.Logf("size %d: %s, %d bytes: %.1f times and %.1f times those of half the size", size<<i, least[i], bytes[i],
			float64(least[i])/float64(least[i-1]), float64(bytes[i])/float64(bytes[i-1]))
	}
	if bytes[doublings] > most*bytes[0] {
		t.Errorf("%d bytes were allocated for an input of size %d, but %d for one of %d times the size", bytes[0], size, bytes[doublings], times)
	}
	if least[doublings] > most*least[0] {
		t.Errorf("an input of size %d took %s, but one of %d times the size %s", size, least[0], times, least[doublings])
	}
}

// Within fails the test when a reading takes more than so many times the processor time of
// another, which is what work like that takes at least on this machine, by this build. It logs how
// many times it took.
func Within(t testing.TB, times float64, floor, read func()) {
	t.Helper()
	leastOfFloor, least := took(floor), took(read)
	ratio := func() float64 { return float64(least) / float64(leastOfFloor) }
	for round := 1; round < rounds && ratio() > times; round++ {
		leastOfFloor, least = min(leastOfFloor, took(floor)), min(least, took(read))
	}
	t.Logf("the input took %s, %.1f times the %s of the floor", least, ratio(), leastOfFloor)
	if ratio() > times {
		t.Errorf("the input took %s, which is %.1f times the %s of the floor and more than %.1f times", least, ratio(), leastOfFloor, times)
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
