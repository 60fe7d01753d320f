package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// call is one call of one caller: an update on the floor, a request to Recourse.
type call struct {
	complaint    string // the number, or the workflow ID on the floor
	name         string
	step         bool // false for the read
	began, ended time.Time
}

func (c call) took() time.Duration { return c.ended.Sub(c.began) }

// observer is told of each call.
type observer func(call)

// errUnanswered says that a call was taken but not answered in time: the machine has too much to do.
var errUnanswered = errors.New("not answered in time")

// turn is what one caller does with one complaint.
type turn func(context.Context, observer) error

// round is what so many callers got done in a window of time.
type round struct {
	complaints int // finished within the window
	window     time.Duration
	calls      []call // ended within the window
	unanswered int    // complaints given up, for a call took too long for the server's patience
	cost       cost   // while it lasted
	waiting    int    // messages not delivered yet at the end
}

func (r round) perSecond() float64 { return float64(r.complaints) / r.window.Seconds() }

// steps are how long the round's steps took, sorted.
func (r round) steps() []time.Duration { return took(r.calls, func(c call) bool { return c.step }) }

func took(calls []call, which func(call) bool) []time.Duration {
	var all []time.Duration
	for _, c := range calls {
		if which(c) {
			all = append(all, c.took())
		}
	}
	slices.Sort(all)
	return all
}

// percentile is the value that a share of the sorted durations don't exceed; 0 of none.
func percentile(sorted []time.Duration, share float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// load lets so many callers take turns for so long. Complaints under way at its end are finished and not counted. The first error ends it, but
// for errUnanswered, which is counted.
func load(ctx context.Context, callers int, window time.Duration, take turn) (round, error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	end := time.Now().Add(window)
	rounds := make([]round, callers)
	var all sync.WaitGroup
	for i := range rounds {
		all.Go(func() {
			r := &rounds[i]
			for time.Now().Before(end) && ctx.Err() == nil {
				err := take(ctx, func(c call) {
					if c.ended.Before(end) {
						r.calls = append(r.calls, c)
					}
				})
				if errors.Is(err, errUnanswered) {
					r.unanswered++
					continue
				}
				if err != nil {
					fail(err)
					return
				}
				if time.Now().Before(end) {
					r.complaints++
				}
			}
		})
	}
	all.Wait()
	whole := round{window: window}
	for _, r := range rounds {
		whole.complaints += r.complaints
		whole.unanswered += r.unanswered
		whole.calls = append(whole.calls, r.calls...)
	}
	if err := context.Cause(ctx); err != nil {
		return whole, err
	}
	if whole.complaints == 0 {
		return whole, fmt.Errorf("no complaint was finished in %s", window)
	}
	return whole, nil
}

// contest is both sides with the same number of callers, round by round.
type contest struct {
	callers  int
	floor    []round
	recourse []round
}

// contest warms both sides up and lets them take turns. Before each round the messages of the one before have left.
func (b *bench) contest(ctx context.Context, p plan, callers int, window time.Duration) (contest, error) {
	say("%s: warming up, then %d rounds of %s for each side", callersOf(callers), p.rounds, window)
	c := contest{callers: callers}
	for _, take := range []turn{b.floorComplaint, b.complaint} {
		if _, err := load(ctx, callers, p.warmUp, take); err != nil {
			return c, err
		}
	}
	for i := range p.rounds {
		for _, side := range []struct {
			take turn
			to   *[]round
		}{{b.floorComplaint, &c.floor}, {b.complaint, &c.recourse}} {
			if err := b.settle(ctx); err != nil {
				return c, err
			}
			recourse := side.to == &c.recourse
			profiled := func() error { return nil }
			if recourse && p.profile != "" && i == p.rounds-1 && callers > 1 {
				profiled = b.profile(ctx, p.profile, window)
			}
			before, err := b.spent(ctx)
			if err != nil {
				return c, err
			}
			r, err := load(ctx, callers, window, side.take)
			if err != nil {
				return c, err
			}
			after, err := b.spent(ctx)
			if err != nil {
				return c, err
			}
			r.cost = after.since(before)
			if r.waiting, err = b.undelivered(ctx); err != nil {
				return c, err
			}
			if err := profiled(); err != nil {
				return c, err
			}
			*side.to = append(*side.to, r)
		}
		say("  round %d: floor %.1f/s, Recourse %.1f/s", i+1, c.floor[i].perSecond(), c.recourse[i].perSecond())
	}
	return c, nil
}

func callersOf(n int) string {
	if n == 1 {
		return "1 caller"
	}
	return fmt.Sprintf("%d callers", n)
}
