// Package confirmation keeps what of a complaint's record its workflow is known to have. A worker
// can die between the database's commit and the workflow's history, and Temporal can lose what it
// had: whoever hasn't confirmed its last write is asked, and brought up to date.
package confirmation

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/confirmation/db"
)

// Store is what workflows are known to have. It is safe for concurrent use.
type Store struct{ queries *db.Queries }

// New is what is known in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{queries: db.New(pool)} }

// Patience is how long a write may go without its workflow's word for it. Most have it within
// milliseconds.
const Patience = 3 * time.Second

// Late is how long a rung may be past before its not firing is somebody's business.
const Late = 5 * time.Minute

// Save notes a write as one that its workflow hasn't confirmed yet, as part of its transaction.
func Save(ctx context.Context, tx db.DBTX, write complaint.Write) error {
	c := &write.Complaint
	row := db.SaveConfirmationParams{Number: c.Number, Recorded: int32(c.Recorded), PatienceSeconds: Patience.Seconds(), Over: c.Over()}
	if id := store.ParseID(write.Submission); id != uuid.Nil && write.Answers() {
		row.Submission = &id
	}
	if rung, armed := c.NextRung(); armed {
		row.NextRung = &rung.At
	}
	return db.New(tx).SaveConfirmation(ctx, row)
}

// Answered is a submission that a complaint's workflow has answered.
type Answered struct{ Number, Submission string }

// Answered confirms the writes of submissions, where no other write has followed.
func (s *Store) Answered(ctx context.Context, all []Answered) error {
	if len(all) == 0 {
		return nil
	}
	var of db.ConfirmAnsweredParams
	for _, one := range all {
		of.Numbers = append(of.Numbers, one.Number)
		of.Submissions = append(of.Submissions, store.ParseID(one.Submission))
	}
	return store.Failed(s.queries.ConfirmAnswered(ctx, of), "confirm writes (%d)", len(all))
}

// Confirm notes that the workflow of a complaint has so many rows of its record.
func (s *Store) Confirm(ctx context.Context, number string, recorded int) error {
	err := s.queries.Confirm(ctx, db.ConfirmParams{Number: number, Recorded: int32(recorded)})
	return store.Failed(err, "confirm %s", number)
}

// Claim returns the numbers of complaints whose workflows are to be asked, at most batch, longest
// waiting first. Nobody else gets them during the lease; what isn't confirmed then is given out
// again.
func (s *Store) Claim(ctx context.Context, batch int, lease time.Duration) ([]string, error) {
	numbers, err := s.queries.ClaimUnconfirmed(ctx, db.ClaimUnconfirmedParams{LeaseSeconds: lease.Seconds(), Batch: int32(batch)})
	return numbers, store.Failed(err, "claim what isn't confirmed")
}

// Ask has the workflows of complaints asked now, whatever is known of them.
func (s *Store) Ask(ctx context.Context, numbers ...string) error {
	return store.Failed(s.queries.AskAgain(ctx, numbers), "ask workflows (%d)", len(numbers))
}

// AskOverdue has the workflows asked whose next rung is Late and hasn't fired.
func (s *Store) AskOverdue(ctx context.Context) error {
	return store.Failed(s.queries.AskOverdue(ctx, Late.Seconds()), "ask where a rung is late")
}

// Overdue counts the complaints whose next rung is Late and hasn't fired.
func (s *Store) Overdue(ctx context.Context) (int, error) {
	count, err := s.queries.CountOverdue(ctx, Late.Seconds())
	return int(count), store.Failed(err, "count the rungs that are late")
}

// Living is a complaint that lives by its record.
type Living struct {
	Number string
	// Beside are the processes beside it that haven't ended.
	Beside []Beside
}

// Beside names a process beside a complaint.
type Beside struct{ Kind, ID string }

// Living returns the complaints that live by their record, after a number, in their order: so many.
func (s *Store) Living(ctx context.Context, after string, limit int) ([]Living, error) {
	rows, err := s.queries.LivingAfter(ctx, db.LivingAfterParams{After: after, PageSize: int32(limit)})
	return store.All(rows, err, func(row db.LivingAfterRow) (Living, error) {
		one := Living{Number: row.Number}
		for i := range row.Kinds {
			one.Beside = append(one.Beside, Beside{row.Kinds[i], row.Ids[i]})
		}
		return one, nil
	}, "list the complaints that live")
}

// Recorded is how many rows a complaint's record has; none while no workflow has taken its
// registration up. It returns store.ErrNotFound where there is no such complaint.
func (s *Store) Recorded(ctx context.Context, number string) (int, error) {
	recorded, err := s.queries.RecordedOf(ctx, number)
	return int(recorded), store.OrNotFound(err, "complaint %s", number)
}
