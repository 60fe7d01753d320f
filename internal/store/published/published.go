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

// Kind is what is published.
type Kind string

// The kinds, each called as people call one of them.
const (
	Procedure Kind = "procedure"
	Calendar  Kind = "calendar"
	Directory Kind = "directory"
)

// Document is one version of a procedure, a calendar, or an organisation's directory (departments,
// people, duties; its ID is the organisation's): a YAML document that never changes again, because
// complaints that began with it go by it to their end, and older versions of a directory say who
// held what when a decision was taken.
type Document struct {
	Kind        Kind
	ID          string
	Version     int // from 1
	Body        string
	SHA256      []byte
	PublishedAt time.Time
	PublishedBy string
	// New is set by publishing when the document wasn't the newest version already.
	New bool
}

// table is the same of all kinds: where the documents of one are kept.
type table struct {
	publish func(ctx context.Context, id, body, by string, version int32, digest []byte) (time.Time, error)
	newest  func(ctx context.Context, id string) (Document, error)
	version func(ctx context.Context, id string, version int32) (Document, error)
	ofText  func(ctx context.Context, id string, digest []byte) (Document, error)
	all     func(context.Context) ([]Document, error)
}

func (s *Store) table(kind Kind) table {
	switch kind {
	case Procedure:
		return table{
			publish: func(ctx context.Context, id, body, by string, version int32, digest []byte) (time.Time, error) {
				return s.queries.PublishProcedure(ctx, db.PublishProcedureParams{ID: id, Body: body, Version: version, Sha256: digest, PublishedBy: by})
			},
			newest: one(s.queries.NewestProcedure, procedureFrom),
			version: func(ctx context.Context, id string, version int32) (Document, error) {
				row, err := s.queries.Procedure(ctx, db.ProcedureParams{ID: id, Version: version})
				return procedureFrom(row), err
			},
			ofText: func(ctx context.Context, id string, digest []byte) (Document, error) {
				row, err := s.queries.ProcedureOfText(ctx, db.ProcedureOfTextParams{ID: id, Sha256: digest})
				return procedureFrom(row), err
			},
			all: all(s.queries.NewestProcedures, procedureFrom),
		}
	case Calendar:
		return table{
			publish: func(ctx context.Context, id, body, by string, version int32, digest []byte) (time.Time, error) {
				return s.queries.PublishCalendar(ctx, db.PublishCalendarParams{ID: id, Body: body, Version: version, Sha256: digest, PublishedBy: by})
			},
			newest: one(s.queries.NewestCalendar, calendarFrom),
			version: func(ctx context.Context, id string, version int32) (Document, error) {
				row, err := s.queries.Calendar(ctx, db.CalendarParams{ID: id, Version: version})
				return calendarFrom(row), err
			},
			ofText: func(ctx context.Context, id string, digest []byte) (Document, error) {
				row, err := s.queries.CalendarOfText(ctx, db.CalendarOfTextParams{ID: id, Sha256: digest})
				return calendarFrom(row), err
			},
			all: all(s.queries.NewestCalendars, calendarFrom),
		}
	case Directory:
		return table{
			publish: func(ctx context.Context, id, body, by string, version int32, digest []byte) (time.Time, error) {
				return s.queries.PublishDirectory(ctx, db.PublishDirectoryParams{Organisation: id, Body: body, Version: version, Sha256: digest, PublishedBy: by})
			},
			newest: one(s.queries.NewestDirectory, directoryFrom),
			version: func(ctx context.Context, id string, version int32) (Document, error) {
				row, err := s.queries.Directory(ctx, db.DirectoryParams{Organisation: id, Version: version})
				return directoryFrom(row), err
			},
			ofText: func(ctx context.Context, id string, digest []byte) (Document, error) {
				row, err := s.queries.DirectoryOfText(ctx, db.DirectoryOfTextParams{Organisation: id, Sha256: digest})
				return directoryFrom(row), err
			},
			all: all(s.queries.NewestDirectories, directoryFrom),
		}
	}
	panic("published: nothing is kept of the kind " + string(kind))
}

func one[Row any](query func(context.Context, string) (Row, error), from func(Row) Document) func(context.Context, string) (Document, error) {
	return func(ctx context.Context, id string) (Document, error) {
		row, err := query(ctx, id)
		return from(row), err
	}
}

func all[Row any](query func(context.Context) ([]Row, error), from func(Row) Document) func(context.Context) ([]Document, error) {
	return func(ctx context.Context) ([]Document, error) {
		rows, err := query(ctx)
		documents := make([]Document, len(rows))
		for i, row := range rows {
			documents[i] = from(row)
		}
		return documents, err
	}
}

func procedureFrom(row db.Procedure) Document {
	return Document{Kind: Procedure, ID: row.ID, Version: int(row.Version), Body: row.Body, SHA256: row.Sha256,
		PublishedAt: row.PublishedAt.UTC(), PublishedBy: row.PublishedBy}
}

func calendarFrom(row db.Calendar) Document {
	document := procedureFrom(db.Procedure(row))
	document.Kind = Calendar
	return document
}

func directoryFrom(row db.Directory) Document {
	return Document{Kind: Directory, ID: row.Organisation, Version: int(row.Version), Body: row.Body, SHA256: row.Sha256,
		PublishedAt: row.PublishedAt.UTC(), PublishedBy: row.PublishedBy}
}

// Publish stores a document as the next version. One that is equal to the newest version is that
// version. It must have been checked: what is published can't be taken back.
func (s *Store) Publish(ctx context.Context, kind Kind, id, body, by string) (Document, error) {
	into, digest := s.table(kind), sha256.Sum256([]byte(body))
	for range patience {
		latest, err := s.Newest(ctx, kind, id)
		if err == nil && bytes.Equal(latest.SHA256, digest[:]) {
			return latest, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Document{}, err
		}
		version := latest.Version + 1
		at, err := into.publish(ctx, id, body, by, int32(version), digest[:])
		switch {
		case err == nil:
			return Document{Kind: kind, ID: id, Version: version, Body: body, SHA256: digest[:], PublishedAt: at.UTC(), PublishedBy: by, New: true}, nil
		case !store.IsTaken(err): // else somebody published at the same moment
			return Document{}, fmt.Errorf("publish the %s %q: %w", kind, id, err)
		}
	}
	return Document{}, fmt.Errorf("publish the %s %q: others publish it all the time; try again", kind, id)
}

// Newest is the version that was published last, or store.ErrNotFound.
func (s *Store) Newest(ctx context.Context, kind Kind, id string) (Document, error) {
	document, err := s.table(kind).newest(ctx, id)
	return document, store.OrNotFound(err, "%s %q", kind, id)
}

// Version is one version, or store.ErrNotFound.
func (s *Store) Version(ctx context.Context, kind Kind, id string, version int) (Document, error) {
	document, err := s.table(kind).version(ctx, id, int32(version))
	return document, store.OrNotFound(err, "version %d of %s %q", version, kind, id)
}

// OfText is the newest version whose text is this one, or store.ErrNotFound.
func (s *Store) OfText(ctx context.Context, kind Kind, id, body string) (Document, error) {
	digest := sha256.Sum256([]byte(body))
	document, err := s.table(kind).ofText(ctx, id, digest[:])
	return document, store.OrNotFound(err, "%s %q with that text", kind, id)
}

// All are the newest version of each.
func (s *Store) All(ctx context.Context, kind Kind) ([]Document, error) {
	documents, err := s.table(kind).all(ctx)
	return documents, store.Failed(err, "read what is published of the kind %s", kind)
}

// Unfollowed is a directory whose newest version what people have is still to follow.
type Unfollowed struct {
	Organisation string
	// Followed is the version that was followed last; 0 for none. Newest is to be followed now.
	Followed, Newest int
	PublishedAt      time.Time // of the newest
}

// Unfollowed are the directories that were published since what people had by an earlier version
// moved on.
func (s *Store) Unfollowed(ctx context.Context) ([]Unfollowed, error) {
	rows, err := s.queries.UnfollowedDirectories(ctx)
	return store.All(rows, err, func(row db.UnfollowedDirectoriesRow) (Unfollowed, error) {
		return Unfollowed{row.Organisation, int(row.Followed), int(row.Newest), row.PublishedAt.UTC()}, nil
	}, "look for directories that are to be followed")
}

// Follow notes that what people had by earlier versions of a directory has moved on.
func (s *Store) Follow(ctx context.Context, organisation string, version int) error {
	err := s.queries.FollowDirectory(ctx, db.FollowDirectoryParams{Organisation: organisation, Version: int32(version)})
	return store.Failed(err, "note that version %d of the directory %q is followed", version, organisation)
}

// Stamp changes whenever something was published, or an absence entered or ended: a cheap question
// to ask before loading anew.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	stamp, err := s.queries.ConfigurationStamp(ctx)
	return stamp, store.Failed(err, "ask whether the configuration changed")
}
