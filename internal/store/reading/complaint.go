// Package reading keeps the read model, which is what lists, inboxes and pages show: complaints
// with their clocks, tasks, processes beside and relations. It follows from the record, and is
// written in the same transaction.
package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading/db"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
)

// Store is the read model. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
	record  *record.Store
}

// New is the read model in a database.
func New(pool *pgxpool.Pool) *Store {
	return &Store{pool: pool, queries: db.New(pool), record: record.New(pool)}
}

// Standing says whether a workflow has taken a complaint up.
type Standing string

// The standings of a complaint.
const (
	Pending Standing = "pending" // stored; goes on when Temporal is there
	Live    Standing = "live"    // on the record
	Refused Standing = "refused" // its registration was refused
)

// File is a complaint as people see it: the state, and what stays out of Temporal.
type File struct {
	complaint.Complaint
	Standing Standing
	Customer submission.Customer
	// Words are the body of the registration, as it was sent; nil when erased.
	Words     json.RawMessage
	UpdatedAt time.Time
	// Head is the hash of the record's last row; nil before the first.
	Head []byte
}

// Complaint returns the file of a complaint, or store.ErrNotFound. Who may see it is decided by
// complaint.Visible.
func (s *Store) Complaint(ctx context.Context, number string) (File, error) {
	row, err := s.queries.Complaint(ctx, number)
	if err != nil {
		return File{}, store.OrNotFound(err, "complaint %s", number)
	}
	file := File{Standing: Standing(row.Standing), Words: row.Body, UpdatedAt: row.UpdatedAt.UTC(), Head: row.HeadHash}
	if err := json.Unmarshal(row.State, &file.Complaint); err != nil {
		return File{}, fmt.Errorf("decode the complaint %s: %w", number, err)
	}
	if row.Name != nil {
		file.Customer = submission.Customer{Name: *row.Name, Phone: *row.Phone, Email: *row.Email, Address: *row.Address, Language: *row.Language,
			Erased: row.ErasedAt != nil}
	}
	return file, nil
}

// Clock is one round of one deadline, with why it is due when it is.
type Clock struct {
	Name       string
	Round      int // from 1
	Within     string
	Calendar   string // and its version: "cn@1"
	StartedAt  time.Time
	DueAt      time.Time
	State      complaint.DeadlineState
	EndedAt    *time.Time
	LapsedAt   *time.Time
	PausedAt   *time.Time
	Tier       int
	Department string // in charge when it last changed
	Handler    complaint.PersonID
	// Ledger are the rows of the record that are about it, oldest first.
	Ledger []record.Row
}

// Clocks returns every clock of a complaint with its ledger, in the order in which they began.
func (s *Store) Clocks(ctx context.Context, number string) ([]Clock, error) {
	ledgers, err := s.record.Ledgers(ctx, number)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries.Clocks(ctx, number)
	return store.All(rows, err, func(row db.Clock) (Clock, error) {
		return Clock{
			Name: row.Name, Round: int(row.Round), Within: row.Within, Calendar: row.Calendar, StartedAt: row.StartedAt.UTC(), DueAt: row.DueAt.UTC(),
			State: complaint.DeadlineState(row.State), EndedAt: store.UTC(row.EndedAt), LapsedAt: store.UTC(row.LapsedAt), PausedAt: store.UTC(row.PausedAt),
			Tier: int(row.Tier), Department: row.Department, Handler: complaint.PersonID(row.Handler), Ledger: ledgers[record.Ledger{Deadline: row.Name, Round: int(row.Round)}],
		}, nil
	}, "read the clocks of %s", number)
}

// Sides returns the processes beside a complaint's main course, oldest first.
func (s *Store) Sides(ctx context.Context, number string) ([]complaint.Side, error) {
	rows, err := s.queries.SidesOf(ctx, number)
	return store.All(rows, err, func(row db.Side) (complaint.Side, error) {
		return complaint.Side{Kind: row.Kind, ID: row.ID, State: row.State, Person: complaint.PersonID(row.Person), Due: store.UTC(row.Due)}, nil
	}, "read the side processes of %s", number)
}

// OpenComplaintsOf returns the numbers of the open complaints in which a person has a part: those
// whose duties move on when the person is away.
func (s *Store) OpenComplaintsOf(ctx context.Context, who complaint.Actor) ([]string, error) {
	numbers, err := s.queries.OpenComplaintsOf(ctx, db.OpenComplaintsOfParams{Person: string(who.Person), Roles: store.Texts(who.Roles)})
	return numbers, store.Failed(err, "find the open complaints of %s", who.Person)
}
