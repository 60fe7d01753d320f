package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"recourse/internal/message"
	"recourse/internal/store/db"
)

// Link is a capability given to a customer: one complaint, one purpose, for a time. The token that carries its ID is signed
// elsewhere; here it is known, and can be revoked.
type Link struct {
	ID      string
	Number  string
	Purpose string // "follow", "answer", "rate", "contest", "withdraw", "appeal"
	// Subject is the proposal revision, the callback or the round that the purpose is about; 0 for none.
	Subject int
	// Campaign is whose question a link "rate" answers; empty for a callback's.
	Campaign  string
	IssuedAt  time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

func linkFrom(row db.Link) (Link, error) {
	issued := Link{ID: row.ID.String(), Number: row.Number, Purpose: row.Purpose, Subject: int(row.Subject),
		IssuedAt: row.IssuedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC(), RevokedAt: utc(row.RevokedAt)}
	if row.Campaign != nil {
		issued.Campaign = row.Campaign.String()
	}
	return issued, nil
}

// ErrLinkRevoked says that somebody ended the link, and so nobody is to get another for the same thing.
var ErrLinkRevoked = errors.New("the link was revoked")

// LinkFor is the link to a complaint for a purpose and its subject: the one that was issued before while it holds for at
// least so long from now, or a new one that lives for life. After one was revoked there is no other: ErrLinkRevoked.
func (s *Store) LinkFor(ctx context.Context, number, purpose string, subject int, now time.Time, least, life time.Duration) (Link, error) {
	issued, err := s.Links(ctx, number)
	if err != nil {
		return Link{}, err
	}
	for _, link := range slices.Backward(issued) {
		switch {
		case link.Purpose != purpose || link.Subject != subject || link.Campaign != "":
		case link.RevokedAt != nil:
			return Link{}, fmt.Errorf("a link to %s for %q: %w", number, purpose, ErrLinkRevoked)
		case link.ExpiresAt.After(now.Add(least)):
			return link, nil
		}
	}
	return s.IssueLink(ctx, number, purpose, subject, now.Add(life))
}

// IssueLink stores a new link and returns it with its ID.
func (s *Store) IssueLink(ctx context.Context, number, purpose string, subject int, expires time.Time) (Link, error) {
	return s.issueLink(ctx, db.IssueLinkParams{Number: number, Purpose: purpose, Subject: int32(subject), ExpiresAt: expires})
}

// IssueCampaignLink stores a new link by which the customer of a complaint answers a campaign, and returns it with its ID.
func (s *Store) IssueCampaignLink(ctx context.Context, number, campaign string, expires time.Time) (Link, error) {
	id := parseID(campaign)
	return s.issueLink(ctx, db.IssueLinkParams{Number: number, Purpose: string(message.CustomerCampaign.Link()), Campaign: &id, ExpiresAt: expires})
}

func (s *Store) issueLink(ctx context.Context, link db.IssueLinkParams) (Link, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Link{}, fmt.Errorf("make the link's ID: %w", err)
	}
	link.ID = id
	row, err := s.queries.IssueLink(ctx, link)
	if err != nil {
		return Link{}, fmt.Errorf("issue a link to %s: %w", link.Number, err)
	}
	return linkFrom(row)
}

// Link returns a link, revoked and expired ones too, or ErrNotFound.
func (s *Store) Link(ctx context.Context, id string) (Link, error) {
	row, err := s.queries.Link(ctx, parseID(id))
	if err != nil {
		return Link{}, orNotFound(err, "link %q", id)
	}
	return linkFrom(row)
}

// Links returns the links to a complaint, oldest first.
func (s *Store) Links(ctx context.Context, number string) ([]Link, error) {
	rows, err := s.queries.LinksOf(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the links to %s: %w", number, err)
	}
	return decodeAll(rows, linkFrom)
}

// RevokeLink ends a link at once. It returns ErrNotFound when the complaint has no such link that is still good.
func (s *Store) RevokeLink(ctx context.Context, number, id, by string) error {
	revoked, err := s.queries.RevokeLink(ctx, db.RevokeLinkParams{ID: parseID(id), Number: number, RevokedBy: by})
	if err != nil {
		return fmt.Errorf("revoke the link %q: %w", id, err)
	}
	if revoked == 0 {
		return fmt.Errorf("link %q to %s: %w", id, number, ErrNotFound)
	}
	return nil
}
