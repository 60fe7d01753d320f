// Package erasure takes personal data and free text out of the database, wherever they are.
package erasure

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/erasure/db"
	"recourse/internal/store/searchtext"
)

// Store is the database that is erased from. It is safe for concurrent use.
type Store struct{ pool *pgxpool.Pool }

// New is the erasure from a database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Erase takes all personal data and free text of a complaint out of the database: who the customer
// is, what was said in every submission with the salt of its digest, the files, what spot checks
// found, and the case study; and revokes the customer's links. The record, the clocks and the coded
// facts stay, and the chain stays whole. A second call erases what came since. It returns
// store.ErrNotFound where there is no such complaint.
func (s *Store) Erase(ctx context.Context, number string, by complaint.PersonID) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := db.New(tx)
		found, err := q.EraseComplaint(ctx, number)
		if err != nil {
			return fmt.Errorf("erase %s: %w", number, err)
		}
		if found == 0 {
			return fmt.Errorf("complaint %s: %w", number, store.ErrNotFound)
		}
		draws, err := q.DrawsOf(ctx, number)
		if err != nil {
			return fmt.Errorf("find the spot checks of %s: %w", number, err)
		}
		remembered := []string{"/v1/complaints/" + number + "/attachments"} // these answers name the file
		for _, draw := range draws {
			remembered = append(remembered, "/v1/spot-checks/"+draw.String()+"/findings")
		}
		for _, erase := range []func() error{
			func() error {
				return q.EraseCustomer(ctx, db.EraseCustomerParams{Number: number, ErasedBy: (*string)(&by), Search: searchtext.NumberWords(number)})
			},
			func() error { return q.EraseKeys(ctx, number) },
			func() error { return q.EraseSubmissions(ctx, number) },
			func() error { return q.EraseAttachments(ctx, number) },
			func() error { return q.EraseCampaignWords(ctx, number) },
			func() error { return q.EraseFindings(ctx, number) },
			func() error { return q.EraseCase(ctx, number) },
			func() error { return q.EraseAnswers(ctx, remembered) },
			func() error { return q.RevokeLinks(ctx, db.RevokeLinksParams{Number: number, RevokedBy: string(by)}) },
		} {
			if err := erase(); err != nil {
				return fmt.Errorf("erase the personal data of %s: %w", number, err)
			}
		}
		return nil
	})
}
