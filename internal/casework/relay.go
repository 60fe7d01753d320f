package casework

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/complaint"
	"recourse/internal/store/submission"
)

const (
	relayEvery = time.Second
	relayLease = 15 * time.Second
	// relayAtOnce leaves Temporal some air when it comes back to many complaints.
	relayAtOnce = 8
	// relayBatch is answered, or given up, within the lease though Temporal stays silent.
	relayBatch    = 2 * relayAtOnce
	absencesEvery = time.Minute
	overdueEvery  = time.Minute
	leftEvery     = time.Minute
	renewEvery    = time.Minute
)

// Relay goes on with what was stored while Temporal was away, until the context ends: it starts the
// workflows of registrations that none has taken up, brings those up to date that are behind their
// record, moves the duties of people whose absence has begun, or who left the directory, tells
// complaints of messages to their customers that failed, and opens again what was merged into one
// that was taken back; none of it waits for the other. Several may run at once, and beside the
// callers who registered: the database gives each complaint to one of them at a time, and starting
// a complaint twice starts it once, under its number and its submission's ID.
func (o *Office) Relay(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { o.every(ctx, relayEvery, "registrations wait", o.relayWaiting) })
	all.Go(func() { o.every(ctx, tellEvery, "messages that failed wait to be told", o.tellFailures) })
	all.Go(func() { o.every(ctx, relayEvery, "workflows wait that may be behind their record", o.confirmWaiting) })
	all.Go(func() {
		o.every(ctx, overdueEvery, "rungs that are late weren't looked for", o.Confirmations.AskOverdue)
	})
	all.Go(func() {
		o.every(ctx, leftEvery, "complaints wait whose leading one was taken back", o.reopenLeftAlone)
	})
	all.Go(func() {
		o.every(ctx, renewEvery, "complaints wait that are found by words of an earlier form", o.renewSearch)
	})
	all.Go(func() {
		o.every(ctx, departuresEvery, "what people had by an earlier directory waits", o.followDirectories)
	})
	all.Go(func() {
		o.every(ctx, absencesEvery, "duties of absent people wait", func(ctx context.Context) error { return o.moveBegun(ctx, o.Now()) })
	})
}

// renewSearch makes the words anew by which complaints of an earlier version are found.
func (o *Office) renewSearch(ctx context.Context) error {
	renewed, err := o.Submissions.RenewSearch(ctx, func(said submission.Stored) ([]string, error) {
		return foundBy(said.Submission)
	})
	if renewed > 0 {
		o.Log.Info("search words made anew", "complaints", renewed)
	}
	return err
}

// every does something at once and then again and again, until the context ends. What fails is said
// and tried again.
func (o *Office) every(ctx context.Context, pause time.Duration, waits string, do func(context.Context) error) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			o.Log.Warn(waits, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// relayWaiting starts what waits, until nothing does that can be started. None keeps the others
// waiting: one that can't be read or started is noted, and tried again after its lease.
func (o *Office) relayWaiting(ctx context.Context) (failed error) {
	for {
		waiting, err := o.Submissions.ClaimRegistrations(ctx, relayBatch, relayLease)
		failed = errors.Join(failed, err)
		started, err := o.relayThese(ctx, waiting)
		failed = errors.Join(failed, err)
		if started == 0 {
			return failed
		}
		o.Log.Info("registrations relayed", "count", started)
	}
}

// relayThese starts complaints and says how many it started, and why the others didn't start.
func (o *Office) relayThese(ctx context.Context, waiting []submission.Stored) (started int, failed error) {
	var group errgroup.Group
	group.SetLimit(relayAtOnce)
	errs := make([]error, len(waiting))
	for i, stored := range waiting {
		group.Go(func() error {
			if err := o.relay(ctx, stored); err != nil {
				errs[i] = fmt.Errorf("start complaint %s: %w", stored.Number, err)
			}
			return nil
		})
	}
	_ = group.Wait() // each has said what is wrong with it
	for _, err := range errs {
		if err == nil {
			started++
		}
	}
	return started, errors.Join(errs...)
}

// relay starts one complaint. An error means that Temporal, or the database, is still away.
func (o *Office) relay(ctx context.Context, stored submission.Stored) error {
	_, err := o.Lives.register(ctx, stored.Number, stored.AsStep())
	switch refusal, refused := errors.AsType[*complaint.Refusal](err); {
	case refused:
		return o.Submissions.Refuse(ctx, stored.ID, *refusal)
	case errors.Is(err, ErrNoLife): // it ended before it had lived
		return o.waken(ctx, stored.Number)
	}
	return err
}
