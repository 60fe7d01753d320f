// Package remembered remembers what was answered to what people post beside the steps, so that a
// repeated idempotency key gets the first answer. Steps and registrations have theirs with their
// submissions.
package remembered

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/remembered/db"
)

const (
	// rememberedFor is how long an answer is remembered by its idempotency key. Steps and
	// registrations are remembered for good.
	rememberedFor = 72 * time.Hour
	// claimLease is after how long somebody who claimed a key and gave no sign of life since is
	// taken for gone. Whoever is at work gives one every signEvery.
	claimLease = 10 * time.Second
	signEvery  = 2 * time.Second
)

// ErrBeingAnswered says that another request with the same idempotency key is under way: ask again
// in a moment.
var ErrBeingAnswered = errors.New("another request with this idempotency key is being answered")

// Store is the remembered answers. It is safe for concurrent use.
type Store struct{ queries *db.Queries }

// New is the remembered answers in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{queries: db.New(pool)} }

// Posted is what somebody posted under an idempotency key, beside the steps.
type Posted struct {
	Actor complaint.PersonID
	Key   string
	Path  string
	Body  []byte
}

// Answer is what was answered over HTTP.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

// Claim is the right to answer what was posted. End it with Remember or Forget.
type Claim struct {
	posted Posted
	id     uuid.UUID
}

// Claim returns the answer that was remembered for the same key, path and body, or the claim to
// answer now. It returns store.ErrIdempotencyMismatch when the key stands for something else, and
// ErrBeingAnswered while somebody else has the claim.
func (s *Store) Claim(ctx context.Context, posted Posted) (*Answer, *Claim, error) {
	body := store.Digest([]byte(posted.Path), posted.Body)
	claim := &Claim{posted: posted, id: uuid.New()}
	claimed, err := s.queries.ClaimAnswer(ctx, db.ClaimAnswerParams{Actor: string(posted.Actor), Key: posted.Key, Path: posted.Path, BodyHash: body,
		Claim: claim.id, RememberedSeconds: rememberedFor.Seconds(), LeaseSeconds: claimLease.Seconds()})
	if err != nil {
		return nil, nil, fmt.Errorf("claim the idempotency key: %w", err)
	}
	if claimed > 0 {
		return nil, claim, nil
	}
	row, err := s.queries.RememberedAnswer(ctx, db.RememberedAnswerParams{Actor: string(posted.Actor), Key: posted.Key})
	switch {
	case errors.Is(err, pgx.ErrNoRows): // refused meanwhile
		return nil, nil, fmt.Errorf("key %q: %w", posted.Key, ErrBeingAnswered)
	case err != nil:
		return nil, nil, fmt.Errorf("look up the idempotency key: %w", err)
	case !bytes.Equal(row.BodyHash, body):
		return nil, nil, fmt.Errorf("key %q: %w", posted.Key, store.ErrIdempotencyMismatch)
	case row.Status == nil:
		return nil, nil, fmt.Errorf("key %q: %w", posted.Key, ErrBeingAnswered)
	}
	return &Answer{Status: int(*row.Status), ContentType: row.ContentType, Body: row.Answer}, nil, nil
}

// Keep keeps a claim for whoever is at work, however long that takes, until they call what it
// returns. A claim that is kept no more is free after some seconds.
func (s *Store) Keep(ctx context.Context, claim *Claim) (ended func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		signs := time.NewTicker(signEvery)
		defer signs.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-signs.C:
				// One sign that gets lost is made up for by the next.
				_, _ = s.queries.KeepClaim(ctx, db.KeepClaimParams{Actor: string(claim.posted.Actor), Key: claim.posted.Key, Claim: claim.id})
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// Remember keeps the answer for rememberedFor.
func (s *Store) Remember(ctx context.Context, claim *Claim, answer Answer) error {
	err := s.queries.RememberAnswer(ctx, db.RememberAnswerParams{Actor: string(claim.posted.Actor), Key: claim.posted.Key, Claim: claim.id,
		Status: int32(answer.Status), ContentType: answer.ContentType, Answer: answer.Body})
	return store.Failed(err, "remember an answer")
}

// Forget gives the key back: what was refused is judged anew.
func (s *Store) Forget(ctx context.Context, claim *Claim) error {
	err := s.queries.ForgetClaim(ctx, db.ForgetClaimParams{Actor: string(claim.posted.Actor), Key: claim.posted.Key, Claim: claim.id})
	return store.Failed(err, "give an idempotency key back")
}

// Sweep deletes the answers that are remembered no longer, batch by batch. Call it now and then.
func (s *Store) Sweep(ctx context.Context) error {
	for {
		gone, err := s.queries.SweepAnswers(ctx, db.SweepAnswersParams{RememberedSeconds: rememberedFor.Seconds(), Batch: sweptAtOnce})
		if err != nil || gone < sweptAtOnce {
			return store.Failed(err, "delete answers that are remembered no longer")
		}
	}
}

// sweptAtOnce bounds how long a row is locked by a sweep.
const sweptAtOnce = 1000
