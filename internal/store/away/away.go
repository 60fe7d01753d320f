// Package away keeps when people are away.
package away

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/away/db"
)

// Store is when people are away. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
}

// New is the absences in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool, queries: db.New(pool)} }

// Absence is a time in which a person is away, and their duties are the secondary's.
type Absence struct {
	ID     string
	Person complaint.PersonID
	// From is inclusive, To exclusive.
	From, To  time.Time
	EnteredBy complaint.PersonID
	EnteredAt time.Time
}

func absenceFrom(row db.Absence) (Absence, error) {
	return Absence{ID: row.ID.String(), Person: complaint.PersonID(row.Person), From: row.StartsAt.UTC(), To: row.EndsAt.UTC(),
		EnteredBy: complaint.PersonID(row.EnteredBy), EnteredAt: row.EnteredAt.UTC()}, nil
}

// Enter stores an absence and returns it with its ID. From must come before To. The same absence of
// the same person is one, however often and at how many places at once it is entered.
func (s *Store) Enter(ctx context.Context, absence Absence) (Absence, error) {
	if !absence.From.Before(absence.To) {
		return Absence{}, fmt.Errorf("enter an absence of %s: it must begin (%s) before it ends (%s)", absence.Person,
			absence.From.Format(time.RFC3339), absence.To.Format(time.RFC3339))
	}
	err := store.InTurn(ctx, s.pool, "absences of "+string(absence.Person), func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		there, err := q.AbsencesOf(ctx, string(absence.Person))
		if err != nil {
			return err
		}
		for _, known := range there {
			if known.StartsAt.Equal(absence.From) && known.EndsAt.Equal(absence.To) {
				absence, err = absenceFrom(known)
				return err
			}
		}
		id := uuid.Must(uuid.NewV7())
		at, err := q.EnterAbsence(ctx, db.EnterAbsenceParams{ID: id, Person: string(absence.Person), StartsAt: absence.From, EndsAt: absence.To,
			EnteredBy: string(absence.EnteredBy)})
		absence.ID, absence.EnteredAt = id.String(), at.UTC()
		return err
	})
	return absence, store.Failed(err, "enter an absence of %s", absence.Person)
}

// End lets an absence of a person end earlier, or not begin. It returns store.ErrNotFound when
// there is none that runs beyond at.
func (s *Store) End(ctx context.Context, person complaint.PersonID, id string, at time.Time) error {
	ended, err := s.queries.EndAbsence(ctx, db.EndAbsenceParams{ID: store.ParseID(id), Person: string(person), EndsAt: at, Begun: at.Add(-time.Microsecond)})
	if err != nil {
		return fmt.Errorf("end the absence %q: %w", id, err)
	}
	if ended == 0 {
		return fmt.Errorf("absence %q of %s beyond %s: %w", id, person, at.Format(time.RFC3339), store.ErrNotFound)
	}
	return nil
}

// Since returns those that end after since, in the order in which they begin.
func (s *Store) Since(ctx context.Context, since time.Time) ([]Absence, error) {
	rows, err := s.queries.AbsencesFrom(ctx, since)
	return store.All(rows, err, absenceFrom, "read the absences")
}

// Of returns all absences of a person, in the order in which they begin.
func (s *Store) Of(ctx context.Context, person complaint.PersonID) ([]Absence, error) {
	rows, err := s.queries.AbsencesOf(ctx, string(person))
	return store.All(rows, err, absenceFrom, "read the absences of %s", person)
}
