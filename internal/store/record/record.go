// Package record keeps what happened to complaints, for good: rows that are only appended, each
// chained to the one before by its hash. Seals over all chains, kept elsewhere, show later that
// nothing was cut off; [Store.Verify] finds what was tampered with.
package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/record/db"
)

var (
	// ErrTaken says that the record already holds something at the place of a write, the same write
	// or another: whoever made it forgot it, and reads from there on what it was.
	ErrTaken = errors.New("the record goes on already")
	// ErrConflict refuses a write whose rows exist with other content, or would leave a gap. It is
	// never cured by trying again: after a reset of the workflow somebody has to look.
	ErrConflict = errors.New("the record holds something else")
)

// Store is the record. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
}

// New is the record in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool, queries: db.New(pool)} }

// Row is one row of the record.
type Row struct {
	Sequence int
	complaint.Event
	Hash []byte
}

// Page returns the rows of a complaint's record after a sequence, oldest first, at most limit (50
// when 0, never more than 500).
func (s *Store) Page(ctx context.Context, number string, after, limit int) ([]Row, error) {
	rows, err := s.queries.RecordAfter(ctx, db.RecordAfterParams{Number: number, After: int32(after), PageSize: int32(store.PageSize(limit))})
	return store.All(rows, err, rowFrom, "read the record of %s", number)
}

// OfSubmission returns the first row of a complaint's record to which a submission's words belong,
// or store.ErrNotFound.
func (s *Store) OfSubmission(ctx context.Context, number, submission string) (Row, error) {
	id := store.ParseID(submission)
	row, err := s.queries.RecordOfSubmission(ctx, db.RecordOfSubmissionParams{Number: number, Submission: &id})
	return store.One(row, err, rowFrom, "row of submission %s in the record of %s", submission, number)
}

// Written returns which of these causes a complaint's record has writes of.
func (s *Store) Written(ctx context.Context, number string, causes []string) ([]string, error) {
	written, err := s.queries.WrittenCauses(ctx, db.WrittenCausesParams{Number: number, Causes: causes})
	return written, store.Failed(err, "look for causes in the record of %s", number)
}

// Ledger names the rows of the record that are about one round of one deadline.
type Ledger struct {
	Deadline string
	Round    int // from 1
}

// Ledgers returns the rows of every ledger of a complaint, oldest first.
func (s *Store) Ledgers(ctx context.Context, number string) (map[Ledger][]Row, error) {
	rows, err := s.queries.Ledgers(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the ledgers of %s: %w", number, err)
	}
	ledgers := map[Ledger][]Row{}
	for _, row := range rows {
		decoded, err := rowFrom(row)
		if err != nil {
			return nil, err
		}
		of := Ledger{*row.Deadline, int(*row.Round)}
		ledgers[of] = append(ledgers[of], decoded)
	}
	return ledgers, nil
}

func rowFrom(row db.Record) (Row, error) {
	r := Row{Sequence: int(row.Sequence), Hash: row.Hash}
	err := json.Unmarshal(row.Data, &r.Event)
	return r, store.Failed(err, "decode row %d of the record of %s", row.Sequence, row.Number)
}
