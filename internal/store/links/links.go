// Package links keeps the links that customers were given: until when they hold, and whether
// somebody revoked them.
package links

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/store"
	"recourse/internal/store/links/db"
)

// Store is the customers' links. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
}

// New is the customers' links in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool, queries: db.New(pool)} }

// Link is a capability given to a customer: one complaint, one purpose, for a time. The token that
// carries its ID is signed elsewhere; here it is known, and can be revoked.
type Link struct {
	ID      string
	Number  string
	Purpose link.Purpose
	// Subject is the proposal revision, the callback or the round that the purpose is about; 0 for
	// none.
	Subject int
	// Campaign is whose question a link "rate" answers; empty for a callback's.
	Campaign  string
	IssuedAt  time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

func linkFrom(row db.Link) (Link, error) {
	issued := Link{ID: row.ID.String(), Number: row.Number, Purpose: link.Purpose(row.Purpose), Subject: int(row.Subject),
		IssuedAt: row.IssuedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC(), RevokedAt: store.UTC(row.RevokedAt)}
	if row.Campaign != nil {
		issued.Campaign = row.Campaign.String()
	}
	return issued, nil
}

// ErrRevoked says that somebody ended the link, and so nobody is to get another for the same thing.
var ErrRevoked = errors.New("the link was revoked")

// For is the link to a complaint for a purpose and its subject: the one that was issued before
// while it holds for at least so long from now, or a new one that lives for life. After one was
// revoked there is no other: ErrRevoked.
func (s *Store) For(ctx context.Context, number string, purpose link.Purpose, subject int, now time.Time, least, life time.Duration) (Link, error) {
	var found Link
	err := store.InTurn(ctx, s.pool, "links to "+number, func(tx pgx.Tx) error {
		in := &Store{pool: s.pool, queries: s.queries.WithTx(tx)}
		issued, err := in.Of(ctx, number)
		if err != nil {
			return err
		}
		for _, known := range slices.Backward(issued) {
			switch {
			case known.Purpose != purpose || known.Subject != subject || known.Campaign != "":
			case known.RevokedAt != nil:
				return fmt.Errorf("a link to %s for %q: %w", number, purpose, ErrRevoked)
			case known.ExpiresAt.After(now.Add(least)):
				found = known
				return nil
			}
		}
		found, err = in.Issue(ctx, number, purpose, subject, now.Add(life))
		return err
	})
	return found, err
}

// Issue stores a new link and returns it with its ID.
func (s *Store) Issue(ctx context.Context, number string, purpose link.Purpose, subject int, expires time.Time) (Link, error) {
	return s.issue(ctx, db.IssueLinkParams{Number: number, Purpose: string(purpose), Subject: int32(subject), ExpiresAt: expires})
}

// IssueForCampaign stores a new link by which the customer of a complaint answers a campaign, and
// returns it with its ID.
func (s *Store) IssueForCampaign(ctx context.Context, number, campaign string, expires time.Time) (Link, error) {
	id := store.ParseID(campaign)
	return s.issue(ctx, db.IssueLinkParams{Number: number, Purpose: string(message.CustomerCampaign.Link()), Campaign: &id, ExpiresAt: expires})
}

func (s *Store) issue(ctx context.Context, link db.IssueLinkParams) (Link, error) {
	link.ID = uuid.Must(uuid.NewV7())
	row, err := s.queries.IssueLink(ctx, link)
	return store.One(row, err, linkFrom, "issue a link to %s", link.Number)
}

// One returns a link, revoked and expired ones too, or store.ErrNotFound.
func (s *Store) One(ctx context.Context, id string) (Link, error) {
	row, err := s.queries.Link(ctx, store.ParseID(id))
	return store.One(row, err, linkFrom, "link %q", id)
}

// Of returns the links to a complaint, oldest first.
func (s *Store) Of(ctx context.Context, number string) ([]Link, error) {
	rows, err := s.queries.LinksOf(ctx, number)
	return store.All(rows, err, linkFrom, "read the links to %s", number)
}

// Revoke ends a link at once. It returns store.ErrNotFound when the complaint has no such link that
// is still good.
func (s *Store) Revoke(ctx context.Context, number, id, by string) error {
	revoked, err := s.queries.RevokeLink(ctx, db.RevokeLinkParams{ID: store.ParseID(id), Number: number, RevokedBy: by})
	if err != nil {
		return fmt.Errorf("revoke the link %q: %w", id, err)
	}
	if revoked == 0 {
		return fmt.Errorf("link %q to %s: %w", id, number, store.ErrNotFound)
	}
	return nil
}
