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

// errUnanswered says that a call was taken but not answered in time: the machine has too much to
// do.
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

// load lets so many callers take turns for so long. Complaints under way at its end are finished
// and not counted. The first error ends it, but for errUnanswered, which is counted.
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

// contest warms both sides up and lets them take turns.
func (b *bench) contest(ctx context.Context, p plan, callers int, window time.Duration) (contest, error) {
	say("%s: warming up, then %d rounds of %s for each side", callersOf(callers), p.rounds, window)
	c := contest{callers: callers}
	for _, take := range []turn{b.floorComplaint, b.complaint} {
		if _, err := load(ctx, callers, p.warmUp, take); err != nil {
			return c, err
		}
	}
	for i := range p.rounds {
		floor, err := b.round(ctx, callers, window, b.floorComplaint)
		if err != nil {
			return c, err
		}
		profiled := func() error { return nil }
		if p.profile != "" && i == p.rounds-1 && callers > 1 {
			profiled = b.profile(ctx, p.profile, window)
		}
		recourse, err := b.round(ctx, callers, window, b.complaint)
		if err != nil {
			return c, err
		}
		if err := profiled(); err != nil {
			return c, err
		}
		c.floor, c.recourse = append(c.floor, floor), append(c.recourse, recourse)
		say("  round %d: floor %.1f/s, Recourse %.1f/s", i+1, floor.perSecond(), recourse.perSecond())
	}
	return c, nil
}

// round is one round of one side, with what it costs. Before it begins the messages of the round
// before have left.
func (b *bench) round(ctx context.Context, callers int, window time.Duration, take turn) (round, error) {
	if err := b.settle(ctx); err != nil {
		return round{}, err
	}
	before, err := b.spent(ctx)
	if err != nil {
		return round{}, err
	}
	r, err := load(ctx, callers, window, take)
	if err != nil {
		return r, err
	}
	after, err := b.spent(ctx)
	if err != nil {
		return r, err
	}
	r.cost = after.since(before)
	r.waiting, err = b.undelivered(ctx)
	return r, err
}

// climb measures each rung of the ladder from the floor up.
func (b *bench) climb(ctx context.Context, p plan) ([]round, error) {
	say("%s: %d rungs from the floor to what Recourse asks of Temporal, %s each", callersOf(p.callers), len(ladder), p.rung)
	var rungs []round
	for _, with := range ladder {
		r, err := b.round(ctx, p.callers, p.rung, func(ctx context.Context, observe observer) error { return b.floorWith(ctx, with, observe) })
		if err != nil {
			return nil, err
		}
		rungs = append(rungs, r)
	}
	return rungs, nil
}

func callersOf(n int) string {
	if n == 1 {
		return "1 caller"
	}
	return fmt.Sprintf("%d callers", n)
}
