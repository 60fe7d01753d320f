package casework

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/complaint"
	"recourse/internal/store/submission"
)

const (
	relayEvery = time.Second
	relayLease = 15 * time.Second
	relayBatch = 40
	// relayAtOnce leaves Temporal some air when it comes back to many complaints.
	relayAtOnce   = 8
	absencesEvery = time.Minute
)

// Relay goes on with what was stored while Temporal was away, until the context ends: it starts the
// workflows of registrations that none has taken up, and moves the duties of people whose absence
// has begun. Several may run at once, and beside the callers who registered: the database gives
// each registration to one of them at a time, and starting a complaint twice starts it once, under
// its number and its submission's ID.
func (o *Office) Relay(ctx context.Context) {
	ticker := time.NewTicker(relayEvery)
	defer ticker.Stop()
	last := time.Time{}
	for {
		if err := o.relayWaiting(ctx); err != nil && ctx.Err() == nil {
			o.Log.Warn("registrations wait", "error", err)
		}
		if now := time.Now(); now.Sub(last) >= absencesEvery {
			last = now
			if err := o.moveBegun(ctx, o.Now()); err != nil && ctx.Err() == nil {
				o.Log.Warn("duties of absent people wait", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// relayWaiting starts what waits, until nothing does.
func (o *Office) relayWaiting(ctx context.Context) error {
	for {
		waiting, err := o.Submissions.ClaimRegistrations(ctx, relayBatch, relayLease)
		if err != nil || len(waiting) == 0 {
			return err
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(relayAtOnce)
		for _, stored := range waiting {
			group.Go(func() error { return o.relay(ctx, stored) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
		o.Log.Info("registrations relayed", "count", len(waiting))
	}
}

// relay starts one complaint. An error means that Temporal, or the database, is still away.
func (o *Office) relay(ctx context.Context, stored submission.Stored) error {
	_, err := o.Lives.register(ctx, stored.Number, stored.AsStep())
	switch refusal, refused := errors.AsType[*complaint.Refusal](err); {
	case refused:
		return o.Submissions.Refuse(ctx, stored.ID, *refusal)
	case errors.Is(err, ErrNoLife): // it has lived and ended; the database knows
		return nil
	}
	return err
}
