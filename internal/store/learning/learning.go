// Package learning keeps what the organisation learns from: the case library, spot checks, and
// satisfaction campaigns.
package learning

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/learning/db"
	"recourse/internal/store/outbox"
)

// endOfTime comes after everything: the first page of a list, newest first, begins there.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Store is what the organisation learns from. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
	outbox  *outbox.Store
}

// New is what the organisation learns from, in a database.
func New(pool *pgxpool.Pool) *Store {
	return &Store{pool: pool, queries: db.New(pool), outbox: outbox.New(pool)}
}

// Case is a closed complaint written up for the case library, without personal data.
type Case struct {
	Number     string
	Procedure  string // of its complaint; not stored with the case
	Category   string
	Title      string
	Body       string
	DraftedBy  complaint.PersonID
	DraftedAt  time.Time
	ReportedAt *time.Time // to headquarters
}

// Keep puts the draft that an assessment brings into the case library, or its new draft, as part of
// a write's transaction.
func Keep(ctx context.Context, tx db.DBTX, write complaint.Write) error {
	for _, event := range write.Rows() {
		if event.Kind != complaint.StepTaken || event.Step.Name != complaint.Assess || !event.Step.Facts.Assessment.CaseValue {
			continue
		}
		err := db.New(tx).KeepCase(ctx, db.KeepCaseParams{Submission: store.ParseID(event.Step.Submission), Category: write.Complaint.Category()})
		if err != nil {
			return err
		}
	}
	return nil
}

// Cases returns the case library of the complaints of a procedure (of all when empty), newest
// first: none about the reader, and none of a complaint that is closed to named people.
func (s *Store) Cases(ctx context.Context, reader complaint.PersonID, procedure string, cursor store.Cursor, limit int) ([]Case, store.Cursor, error) {
	limit = store.PageSize(limit)
	arguments := db.CasesParams{Reader: string(reader), Procedure: procedure, Before: endOfTime, PageSize: int32(limit + 1)}
	if err := cursor.Read("cases", &arguments.Before, &arguments.BeforeNumber); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.Cases(ctx, arguments)
	rows, next := store.Page(rows, limit, func(last db.CasesRow) store.Cursor { return store.CursorAfter("cases", last.DraftedAt, last.Number) })
	cases, err := store.All(rows, err, func(row db.CasesRow) (Case, error) {
		return Case{Number: row.Number, Procedure: row.Procedure, Category: row.Category, Title: row.Title, Body: row.Body, DraftedBy: complaint.PersonID(row.DraftedBy),
			DraftedAt: row.DraftedAt.UTC(), ReportedAt: store.UTC(row.ReportedAt)}, nil
	}, "read the case library")
	return cases, next, err
}

// SampleSize says how many are drawn: a share of those there are, but at least and at most so many.
type SampleSize struct {
	Percent     int
	Least, Most int
}

// Exactly is a sample of so many, or of all when there are fewer.
func Exactly(n int) SampleSize { return SampleSize{Least: n, Most: n} }

// Of is the size of a sample of so many, rounded up.
func (s SampleSize) Of(population int) int {
	return min(population, max(s.Least, min(s.Most, (population*s.Percent+99)/100)))
}

// SpotCheck is one complaint of a random sample that headquarters looks into.
type SpotCheck struct {
	Draw      string // the sample's ID
	Number    string
	DrawnBy   complaint.PersonID
	DrawnAt   time.Time
	Finding   string // empty until checked
	CheckedBy complaint.PersonID
	CheckedAt *time.Time
	// From and To are when the complaints of the sample were received; nil of samples drawn before
	// that was kept.
	From, To *time.Time
}

func spotCheckFrom(row db.SpotCheck) (SpotCheck, error) {
	return SpotCheck{Draw: row.Draw.String(), Number: row.Number, DrawnBy: complaint.PersonID(row.DrawnBy), DrawnAt: row.DrawnAt.UTC(),
		Finding: row.Finding, CheckedBy: complaint.PersonID(row.CheckedBy), CheckedAt: store.UTC(row.CheckedAt)}, nil
}

// Draw is what a spot check is drawn from.
type Draw struct {
	// ID is the sample's; uuid.Nil takes a new one. What was drawn with an ID before is not drawn
	// again.
	ID        uuid.UUID
	Procedure string // of all when empty
	From, To  time.Time
	Size      SampleSize
	By        complaint.PersonID
}

// DrawSpotCheck draws a random sample of the complaints of a procedure received from a time to
// another, in the order of their numbers. Complaints that are closed to named people or about
// whoever draws are never drawn.
func (s *Store) DrawSpotCheck(ctx context.Context, draw Draw) ([]SpotCheck, error) {
	if draw.ID == uuid.Nil {
		draw.ID = uuid.Must(uuid.NewV7())
	}
	var rows []db.SpotCheck
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		begun, err := q.BeginDraw(ctx, db.BeginDrawParams{Draw: draw.ID, Procedure: draw.Procedure, ReceivedFrom: draw.From, ReceivedTo: draw.To})
		if err != nil {
			return err
		}
		if begun > 0 {
			there, err := q.CountToCheck(ctx, db.CountToCheckParams{Procedure: draw.Procedure, DrawnBy: string(draw.By), ReceivedFrom: draw.From, ReceivedTo: draw.To})
			if err != nil {
				return err
			}
			_, err = q.DrawSpotCheck(ctx, db.DrawSpotCheckParams{Draw: draw.ID, DrawnBy: string(draw.By), Procedure: draw.Procedure,
				ReceivedFrom: draw.From, ReceivedTo: draw.To, SampleSize: int32(draw.Size.Of(int(there)))})
			if err != nil {
				return err
			}
		}
		rows, err = q.SpotChecksOf(ctx, draw.ID)
		return err
	})
	drawn, err := store.All(rows, err, spotCheckFrom, "draw a spot check")
	from, to := draw.From.UTC(), draw.To.UTC()
	for i := range drawn {
		drawn[i].From, drawn[i].To = &from, &to
	}
	return drawn, err
}

// SpotChecks returns what was drawn of the complaints of a procedure (of all when empty), newest
// first: nothing about the reader, and nothing that was closed to named people since.
func (s *Store) SpotChecks(ctx context.Context, reader complaint.PersonID, procedure string, cursor store.Cursor, limit int) ([]SpotCheck, store.Cursor, error) {
	limit = store.PageSize(limit)
	arguments := db.SpotChecksParams{Reader: string(reader), Procedure: procedure, Before: endOfTime, PageSize: int32(limit + 1)}
	if err := cursor.Read("spot-checks", &arguments.Before, &arguments.BeforeDraw, &arguments.BeforeNumber); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.SpotChecks(ctx, arguments)
	rows, next := store.Page(rows, limit, func(last db.SpotChecksRow) store.Cursor {
		return store.CursorAfter("spot-checks", last.SpotCheck.DrawnAt, last.SpotCheck.Draw, last.SpotCheck.Number)
	})
	checks, err := store.All(rows, err, func(row db.SpotChecksRow) (SpotCheck, error) {
		check, err := spotCheckFrom(row.SpotCheck)
		check.From, check.To = store.UTC(row.ReceivedFrom), store.UTC(row.ReceivedTo)
		return check, err
	}, "read the spot checks")
	return checks, next, err
}

// RecordSpotCheck stores what headquarters found, or returns store.ErrNotFound when the complaint
// is not in that sample.
func (s *Store) RecordSpotCheck(ctx context.Context, draw, number, finding string, by complaint.PersonID) error {
	changed, err := s.queries.RecordSpotCheck(ctx, db.RecordSpotCheckParams{Draw: store.ParseID(draw), Number: number, Finding: finding, CheckedBy: string(by)})
	if err != nil {
		return fmt.Errorf("record the spot check of %s: %w", number, err)
	}
	if changed == 0 {
		return fmt.Errorf("complaint %s in the sample %q: %w", number, draw, store.ErrNotFound)
	}
	return nil
}
