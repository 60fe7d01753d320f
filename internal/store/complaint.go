package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store/db"
)

// Standing says whether a workflow has taken a complaint up.
type Standing string

// The standings of a complaint.
const (
	StandingPending Standing = "pending" // stored; goes on when Temporal is there
	StandingLive    Standing = "live"    // on the record
	StandingRefused Standing = "refused" // its registration was refused
)

// File is a complaint as people see it: the state, and what stays out of Temporal.
type File struct {
	complaint.Complaint
	Standing Standing
	Customer Customer
	// Words are the body of the registration, as it was sent; nil when erased.
	Words     json.RawMessage
	UpdatedAt time.Time
	// Head is the hash of the record's last row; nil before the first.
	Head []byte
}

// Complaint returns the file of a complaint, or ErrNotFound. Who may see it is decided by complaint.Visible.
func (s *Store) Complaint(ctx context.Context, number string) (File, error) {
	row, err := s.queries.Complaint(ctx, number)
	if err != nil {
		return File{}, orNotFound(err, "complaint %s", number)
	}
	file := File{Standing: Standing(row.Standing), Words: row.Body, UpdatedAt: row.UpdatedAt.UTC(), Head: row.HeadHash}
	if err := json.Unmarshal(row.State, &file.Complaint); err != nil {
		return File{}, fmt.Errorf("decode the complaint %s: %w", number, err)
	}
	if row.Name != nil {
		file.Customer = Customer{Name: *row.Name, Phone: *row.Phone, Email: *row.Email, Address: *row.Address, Language: *row.Language,
			Erased: row.ErasedAt != nil}
	}
	return file, nil
}

// RecordRow is one row of the record.
type RecordRow struct {
	Sequence int
	complaint.Event
	Hash []byte
}

// RecordPage returns the rows of a complaint's record after a sequence, oldest first, at most limit (50 when 0, never more
// than 500).
func (s *Store) RecordPage(ctx context.Context, number string, after, limit int) ([]RecordRow, error) {
	rows, err := s.queries.RecordAfter(ctx, db.RecordAfterParams{Number: number, After: int32(after), PageSize: int32(pageSize(limit))})
	if err != nil {
		return nil, fmt.Errorf("read the record of %s: %w", number, err)
	}
	return decodeAll(rows, recordRowFrom)
}

// RecordOf returns the first row of a complaint's record to which a submission's words belong, or ErrNotFound.
func (s *Store) RecordOf(ctx context.Context, number, submission string) (RecordRow, error) {
	id := parseID(submission)
	row, err := s.queries.RecordOfSubmission(ctx, db.RecordOfSubmissionParams{Number: number, Submission: &id})
	if err != nil {
		return RecordRow{}, orNotFound(err, "row of submission %s in the record of %s", submission, number)
	}
	return recordRowFrom(row)
}

func recordRowFrom(row db.Record) (RecordRow, error) {
	r := RecordRow{Sequence: int(row.Sequence), Hash: row.Hash}
	if err := json.Unmarshal(row.Data, &r.Event); err != nil {
		return r, fmt.Errorf("decode row %d of the record of %s: %w", row.Sequence, row.Number, err)
	}
	return r, nil
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
	Ledger []RecordRow
}

// Clocks returns every clock of a complaint with its ledger, in the order in which they began.
func (s *Store) Clocks(ctx context.Context, number string) ([]Clock, error) {
	rows, err := s.queries.Clocks(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the clocks of %s: %w", number, err)
	}
	ledgers, err := s.queries.Ledgers(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the ledgers of %s: %w", number, err)
	}
	type round struct {
		name  string
		round int32
	}
	of := map[round][]RecordRow{}
	for _, row := range ledgers {
		decoded, err := recordRowFrom(row)
		if err != nil {
			return nil, err
		}
		key := round{*row.Deadline, *row.Round}
		of[key] = append(of[key], decoded)
	}
	clocks := make([]Clock, 0, len(rows))
	for _, row := range rows {
		clocks = append(clocks, Clock{
			Name: row.Name, Round: int(row.Round), Within: row.Within, Calendar: row.Calendar, StartedAt: row.StartedAt.UTC(), DueAt: row.DueAt.UTC(),
			State: complaint.DeadlineState(row.State), EndedAt: utc(row.EndedAt), LapsedAt: utc(row.LapsedAt), PausedAt: utc(row.PausedAt),
			Tier: int(row.Tier), Department: row.Department, Handler: complaint.PersonID(row.Handler), Ledger: of[round{row.Name, row.Round}],
		})
	}
	return clocks, nil
}

// Sides returns the processes beside a complaint's main course, oldest first.
func (s *Store) Sides(ctx context.Context, number string) ([]complaint.Side, error) {
	rows, err := s.queries.SidesOf(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the side processes of %s: %w", number, err)
	}
	return decodeAll(rows, sideFrom)
}

func sideFrom(row db.Side) (complaint.Side, error) {
	return complaint.Side{Kind: row.Kind, ID: row.ID, State: row.State, Person: complaint.PersonID(row.Person), Due: utc(row.Due)}, nil
}

// OpenComplaintsOf returns the numbers of the open complaints in which a person has a part: those whose duties move on when
// the person is away.
func (s *Store) OpenComplaintsOf(ctx context.Context, who complaint.Actor) ([]string, error) {
	numbers, err := s.queries.OpenComplaintsOf(ctx, db.OpenComplaintsOfParams{Person: string(who.Person), Roles: texts(who.Roles)})
	if err != nil {
		return nil, fmt.Errorf("find the open complaints of %s: %w", who.Person, err)
	}
	return numbers, nil
}
