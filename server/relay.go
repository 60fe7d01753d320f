package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/complaint"
	"recourse/internal/store"
)

// relay goes on with what was stored while Temporal was away: it starts the workflows of registrations that none has
// taken up. Several may run at once, and beside the callers who registered: the database gives each registration to one
// of them at a time, and starting a complaint twice starts it once, under its number and its submission's ID.
type relay struct {
	store *store.Store
	lives *lives
	log   *slog.Logger
	// also is done now and then beside it.
	also func(context.Context) error
}

const (
	relayEvery = time.Second
	relayLease = 15 * time.Second
	relayBatch = 40
	// relayAtOnce leaves Temporal some air when it comes back to many complaints.
	relayAtOnce = 8
	alsoEvery   = time.Minute
)

// run works until the context ends.
func (r *relay) run(ctx context.Context) {
	ticker := time.NewTicker(relayEvery)
	defer ticker.Stop()
	last := time.Time{}
	for {
		if err := r.round(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("registrations wait", "error", err)
		}
		if now := time.Now(); r.also != nil && now.Sub(last) >= alsoEvery {
			last = now
			if err := r.also(ctx); err != nil && ctx.Err() == nil {
				r.log.Warn("duties of absent people wait", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// round starts what waits, until nothing does.
func (r *relay) round(ctx context.Context) error {
	for {
		waiting, err := r.store.ClaimRegistrations(ctx, relayBatch, relayLease)
		if err != nil || len(waiting) == 0 {
			return err
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(relayAtOnce)
		for _, stored := range waiting {
			group.Go(func() error { return r.start(ctx, stored) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
		r.log.Info("registrations relayed", "count", len(waiting))
	}
}

// start starts one complaint. An error means that Temporal, or the database, is still away.
func (r *relay) start(ctx context.Context, stored store.Stored) error {
	_, err := r.lives.register(ctx, stored.Number, stored.AsStep())
	var refusal *complaint.Refusal
	switch {
	case errors.As(err, &refusal):
		return r.store.Refuse(ctx, stored.ID, *refusal)
	case errors.Is(err, errNoLife): // it has lived and ended; the database knows
		return nil
	}
	return err
}

// begunAbsences moves the duties of those who are away, for absences that were entered ahead or while Temporal was away.
func begunAbsences(s *substitutes, now func() time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		absences, err := s.store.Absences(ctx, now())
		if err != nil {
			return err
		}
		for _, absence := range absences {
			if now().Before(absence.From) {
				continue
			}
			if _, _, err := s.move(ctx, absence, anyNumber); err != nil {
				return err
			}
		}
		return nil
	}
}
