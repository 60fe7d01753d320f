// Package published keeps the versions of procedures, calendars and directories by which everything
// is decided.
package published

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/store"
	"recourse/internal/store/published/db"
)

// patience is how often somebody else may publish at the same moment.
const patience = 10

// Store is what was published. It is safe for concurrent use.
type Store struct{ queries *db.Queries }

// New is what was published, in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{queries: db.New(pool)} }

// Document is one version of a procedure, a calendar, or an organisation's directory: a YAML
// document that never changes again, because complaints that began with it go by it to their end.
type Document struct {
	ID          string
	Version     int // from 1
	Body        string
	SHA256      []byte
	PublishedAt time.Time
	PublishedBy string
	// New is set by publishing when the document wasn't the newest version already.
	New bool
}

func documentFrom(row db.Procedure) (Document, error) {
	return Document{ID: row.ID, Version: int(row.Version), Body: row.Body, SHA256: row.Sha256,
		PublishedAt: row.PublishedAt.UTC(), PublishedBy: row.PublishedBy}, nil
}

func calendarFrom(row db.Calendar) (Document, error) { return documentFrom(db.Procedure(row)) }

func directoryFrom(row db.Directory) (Document, error) {
	return documentFrom(db.Procedure{ID: row.Organisation, Version: row.Version, Body: row.Body, Sha256: row.Sha256, PublishedAt: row.PublishedAt, PublishedBy: row.PublishedBy})
}

// PublishProcedure stores a document as the next version of a procedure. A document equal to the
// newest version is that version. It must have been checked: what is published can't be taken back.
func (s *Store) PublishProcedure(ctx context.Context, id, body, by string) (Document, error) {
	return publish(ctx, "procedure", id, body, by, s.NewestProcedure, func(version int32, digest []byte) (time.Time, error) {
		return s.queries.PublishProcedure(ctx, db.PublishProcedureParams{ID: id, Body: body, Version: version, Sha256: digest, PublishedBy: by})
	})
}

// PublishCalendar does for calendars what PublishProcedure does for procedures.
func (s *Store) PublishCalendar(ctx context.Context, id, body, by string) (Document, error) {
	return publish(ctx, "calendar", id, body, by, s.newestCalendar, func(version int32, digest []byte) (time.Time, error) {
		return s.queries.PublishCalendar(ctx, db.PublishCalendarParams{ID: id, Body: body, Version: version, Sha256: digest, PublishedBy: by})
	})
}

// PublishDirectory does for an organisation's directory (departments, people, duties) what
// PublishProcedure does for procedures. Older versions say who held what when a decision was taken.
func (s *Store) PublishDirectory(ctx context.Context, organisation, body, by string) (Document, error) {
	return publish(ctx, "directory", organisation, body, by, s.newestDirectory, func(version int32, digest []byte) (time.Time, error) {
		return s.queries.PublishDirectory(ctx, db.PublishDirectoryParams{Organisation: organisation, Body: body, Version: version, Sha256: digest, PublishedBy: by})
	})
}

func publish(ctx context.Context, kind, id, body, by string, newest func(context.Context, string) (Document, error),
	insert func(version int32, digest []byte) (time.Time, error)) (Document, error) {
	digest := sha256.Sum256([]byte(body))
	for range patience {
		latest, err := newest(ctx, id)
		if err == nil && bytes.Equal(latest.SHA256, digest[:]) {
			return latest, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Document{}, err
		}
		version := latest.Version + 1
		at, err := insert(int32(version), digest[:])
		switch {
		case err == nil:
			return Document{ID: id, Version: version, Body: body, SHA256: digest[:], PublishedAt: at.UTC(), PublishedBy: by, New: true}, nil
		case !store.IsTaken(err): // else somebody published at the same moment
			return Document{}, fmt.Errorf("publish the %s %q: %w", kind, id, err)
		}
	}
	return Document{}, fmt.Errorf("publish the %s %q: others publish it all the time; try again", kind, id)
}

// NewestProcedure returns the version by which new complaints go, or store.ErrNotFound.
func (s *Store) NewestProcedure(ctx context.Context, id string) (Document, error) {
	row, err := s.queries.NewestProcedure(ctx, id)
	return store.One(row, err, documentFrom, "procedure %q", id)
}

// Procedure returns one version, or store.ErrNotFound.
func (s *Store) Procedure(ctx context.Context, id string, version int) (Document, error) {
	row, err := s.queries.Procedure(ctx, db.ProcedureParams{ID: id, Version: int32(version)})
	return store.One(row, err, documentFrom, "version %d of procedure %q", version, id)
}

// Procedures returns the newest version of each procedure.
func (s *Store) Procedures(ctx context.Context) ([]Document, error) {
	rows, err := s.queries.NewestProcedures(ctx)
	return store.All(rows, err, documentFrom, "read the procedures")
}

// newestCalendar returns the version by which new clocks count, or store.ErrNotFound.
func (s *Store) newestCalendar(ctx context.Context, id string) (Document, error) {
	row, err := s.queries.NewestCalendar(ctx, id)
	return store.One(row, err, calendarFrom, "calendar %q", id)
}

// Calendar returns one version, or store.ErrNotFound.
func (s *Store) Calendar(ctx context.Context, id string, version int) (Document, error) {
	row, err := s.queries.Calendar(ctx, db.CalendarParams{ID: id, Version: int32(version)})
	return store.One(row, err, calendarFrom, "version %d of calendar %q", version, id)
}

// Calendars returns the newest version of each calendar.
func (s *Store) Calendars(ctx context.Context) ([]Document, error) {
	rows, err := s.queries.NewestCalendars(ctx)
	return store.All(rows, err, calendarFrom, "read the calendars")
}

// newestDirectory returns an organisation's directory in force, or store.ErrNotFound.
func (s *Store) newestDirectory(ctx context.Context, organisation string) (Document, error) {
	row, err := s.queries.NewestDirectory(ctx, organisation)
	return store.One(row, err, directoryFrom, "directory %q", organisation)
}

// Directories returns the directory in force of each organisation.
func (s *Store) Directories(ctx context.Context) ([]Document, error) {
	rows, err := s.queries.NewestDirectories(ctx)
	return store.All(rows, err, directoryFrom, "read the directories")
}

// Stamp changes whenever something was published, or an absence entered or ended: a cheap question
// to ask before loading anew.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	stamp, err := s.queries.ConfigurationStamp(ctx)
	return stamp, store.Failed(err, "ask whether the configuration changed")
}
