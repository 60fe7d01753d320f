package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func ms(values ...int) []time.Duration {
	all := make([]time.Duration, len(values))
	for i, value := range values {
		all[i] = time.Duration(value) * time.Millisecond
	}
	return all
}

func upTo(n int) []time.Duration {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return ms(all...)
}

func TestPercentileOfSortedDurations(t *testing.T) {
	for _, row := range []struct {
		name   string
		sorted []time.Duration
		share  float64
		want   int
	}{
		{"of none", nil, .5, 0},
		{"of one", ms(7), .99, 7},
		{"the middle of three", ms(1, 2, 9), .5, 2},
		{"the upper of the two in the middle", ms(1, 2, 3, 9), .5, 3},
		{"half of a hundred", upTo(100), .5, 51},
		{"99 of a hundred", upTo(100), .99, 100},
		{"99 % of a thousand", upTo(1000), .99, 991},
		{"none of them", ms(1, 2, 3), 0, 1},
		{"all of them", ms(1, 2, 3), 1, 3},
	} {
		require.Equal(t, ms(row.want)[0], percentile(row.sorted, row.share), row.name)
	}
}

func TestOnlyStepsCountAsStepsAndTheyAreSorted(t *testing.T) {
	begin := time.Date(2026, 2, 13, 9, 0, 0, 0, time.UTC)
	lasting := func(name string, step bool, took time.Duration) call {
		return call{name: name, step: step, began: begin, ended: begin.Add(took)}
	}
	r := round{calls: []call{lasting("assign", true, 9*time.Millisecond), lasting("read", false, time.Millisecond), lasting("register", true, 3*time.Millisecond)}}
	require.Equal(t, ms(3, 9), r.steps())
	require.Equal(t, ms(1), took(r.calls, func(c call) bool { return c.name == "read" }))
}

func TestThroughputIsOfTheWholeWindow(t *testing.T) {
	require.InDelta(t, 12.5, round{complaints: 25, window: 2 * time.Second}.perSecond(), 1e-9)
	whole := together([]round{{complaints: 10, unanswered: 1, window: time.Second}, {complaints: 20, unanswered: 2, window: 2 * time.Second}})
	require.Equal(t, round{complaints: 30, unanswered: 3, window: 3 * time.Second}, whole)
}

// waiting is a turn that takes so long and makes one call.
func waiting(long time.Duration) turn {
	return func(_ context.Context, observe observer) error {
		began := time.Now()
		<-time.After(long)
		observe(call{name: "x", step: true, began: began, ended: time.Now()})
		return nil
	}
}

func TestLoadCountsWhatIsFinishedWithinTheWindow(t *testing.T) {
	for _, row := range []struct {
		name            string
		callers, counts int
		each            time.Duration
	}{
		{"one caller", 1, 3, 300 * time.Millisecond}, // the fourth ends after a second
		{"four callers", 4, 12, 300 * time.Millisecond},
		{"one that ends with the window is late", 1, 1, 500 * time.Millisecond},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, err := load(t.Context(), row.callers, time.Second, waiting(row.each))
				require.NoError(t, err)
				require.Equal(t, row.counts, r.complaints)
				require.Len(t, r.calls, row.counts)
				require.Equal(t, time.Second, r.window)
			})
		})
	}
}

func TestLoadCountsComplaintsThatAreNotAnswered_AndEndsWithAnyOtherError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := 0
		r, err := load(t.Context(), 1, time.Second, func(ctx context.Context, observe observer) error {
			if turns++; turns%2 == 0 {
				<-time.After(100 * time.Millisecond)
				return errUnanswered
			}
			return waiting(100*time.Millisecond)(ctx, observe)
		})
		require.NoError(t, err)
		require.Equal(t, 5, r.complaints)
		require.Equal(t, 5, r.unanswered)
	})
	synctest.Test(t, func(t *testing.T) {
		refused := errors.New("refused")
		_, err := load(t.Context(), 3, time.Hour, func(context.Context, observer) error { return refused })
		require.ErrorIs(t, err, refused)
	})
	synctest.Test(t, func(t *testing.T) {
		_, err := load(t.Context(), 1, time.Second, waiting(time.Minute))
		require.ErrorContains(t, err, "no complaint was finished in 1s")
	})
}
