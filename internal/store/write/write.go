// Package write commits what one cause made happen to a complaint: everything that follows from it,
// in one transaction over the other concerns.
package write

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/confirmation"
	"recourse/internal/store/learning"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
)

// Store is where writes go. It is safe for concurrent use.
type Store struct {
	pool   *pgxpool.Pool
	record *record.Store
	outbox *outbox.Store
	said   *submission.Store
}

// New is where writes to a database go.
func New(pool *pgxpool.Pool) *Store {
	return &Store{pool: pool, record: record.New(pool), outbox: outbox.New(pool), said: submission.New(pool)}
}

// patience is how often another write may come in between; each time there is one more row on the
// record.
const patience = 5

// Commit writes what happened in one transaction: the chained rows of the record, the read model
// with its clocks, tasks, side processes and relations, the messages, the answer to the
// submission, the case that an assessment drafts, and that its workflow is still to confirm it. It
// costs two round trips.
//
// The write is whole: all of its rows are there, and its complaint is as it is after them. What the
// complaint says of its rows (Recorded) is filled in here.
//
// It may be asked any number of times. Where something stands at its place already, nothing is
// written: that is record.ErrTaken or record.ErrConflict, as [record.Store.Next] says.
func (s *Store) Commit(ctx context.Context, write complaint.Write) error {
	rows := len(write.Rows())
	if rows == 0 {
		return fmt.Errorf("record %s: a write without events", write.Complaint.Number)
	}
	write.Complaint.Recorded = write.Before + rows
	for range patience {
		err := s.commit(ctx, write)
		if !store.IsTaken(err) {
			return err
		}
	}
	return fmt.Errorf("record %s: another writer is always faster; is its workflow running twice?", write.Complaint.Number)
}

func (s *Store) commit(ctx context.Context, write complaint.Write) error {
	rows, err := s.record.Next(ctx, write)
	if err != nil {
		return err
	}
	var tx pipeline
	// The record comes first: when its place is taken, that is what fails.
	if err := rows.Append(ctx, &tx); err != nil {
		return err
	}
	if err := reading.Save(ctx, &tx, write, rows.Head()); err != nil {
		return err
	}
	messages, err := outbox.Queue(ctx, &tx, write)
	if err != nil {
		return err
	}
	if err := submission.Answer(ctx, &tx, write); err != nil {
		return err
	}
	if err := s.said.PutRight(ctx, &tx, write); err != nil {
		return err
	}
	if err := learning.Keep(ctx, &tx, write); err != nil {
		return err
	}
	if err := confirmation.Save(ctx, &tx, write); err != nil {
		return err
	}
	if err := tx.send(ctx, s.pool); err != nil {
		return fmt.Errorf("record %s from row %d: %w", write.Complaint.Number, write.Before+1, err)
	}
	if messages {
		s.outbox.Tell()
	}
	return nil
}
