// Package rulebook holds what is in force: the newest procedures, calendars and directories, read
// and checked once and kept in memory, and older versions of procedures for the complaints that
// began with them.
package rulebook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/internal/store/away"
	"recourse/internal/store/published"
)

// absenceMemory is how long ended absences are kept in mind.
const absenceMemory = 24 * time.Hour

// Rulebook follows what is published in a database. It is safe for concurrent use.
type Rulebook struct {
	published *published.Store
	absences  *away.Store
	log       *slog.Logger
	now       atomic.Pointer[Edition]
	reading   sync.Mutex
	// versions are procedures once read, by "id@version"; they never change.
	versions sync.Map
}

// Edition is the rulebook at one moment. It never changes.
type Edition struct {
	stamp       string
	procedures  map[string]*procedure.Procedure
	calendars   map[string]*calendar.Calendar
	directories map[string]*directory.Directory
	home        map[complaint.PersonID]*directory.Directory
	documents   []InForce
	unreadable  []Unreadable
}

// Open reads everything for the first time.
func Open(ctx context.Context, database *pgxpool.Pool, log *slog.Logger) (*Rulebook, error) {
	r := &Rulebook{published: published.New(database), absences: away.New(database), log: log}
	if err := r.Refresh(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Now is the edition in force.
func (r *Rulebook) Now() *Edition { return r.now.Load() }

// Follow refreshes the rulebook every so often until the context ends. While the database is away
// the last edition stays in force.
func (r *Rulebook) Follow(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := r.Refresh(ctx); err != nil && ctx.Err() == nil {
				r.log.Warn("the rulebook stays as it is", "error", err)
			}
		}
	}
}

// Refresh reads what was published since the last time; it asks the database one cheap question
// when there is nothing.
func (r *Rulebook) Refresh(ctx context.Context) error {
	r.reading.Lock()
	defer r.reading.Unlock()
	stamp, err := r.published.Stamp(ctx)
	if err != nil {
		return err
	}
	if last := r.now.Load(); last != nil && last.stamp == stamp {
		return nil
	}
	next, err := r.read(ctx, stamp)
	if err != nil {
		return fmt.Errorf("read the rulebook: %w", err)
	}
	r.now.Store(next)
	return nil
}

func (r *Rulebook) read(ctx context.Context, stamp string) (*Edition, error) {
	e, err := inForce(ctx, r.published, r.parsedOnce)
	if err != nil {
		return nil, err
	}
	e.stamp = stamp
	for _, unreadable := range e.unreadable {
		r.log.Error("what was published can't be read, and doesn't count", "error", unreadable)
	}
	absences, err := r.absences.Since(ctx, time.Now().Add(-absenceMemory))
	if err != nil {
		return nil, err
	}
	for _, read := range e.directories {
		for _, a := range absences {
			if _, ours := read.People[a.Person]; ours {
				read.Absences = append(read.Absences, directory.Absence{Person: a.Person, From: a.From, Until: a.To})
			}
		}
	}
	if e.home, err = directory.Homes(e.directories); err != nil {
		r.log.Error("who stands in several directories is nobody until that is put right", "error", err)
	}
	return e, nil
}

// inForce reads the newest version of each document. One that can't be read (a newer program has
// published it) leaves the last that can in force, and stops nobody else's.
func inForce(ctx context.Context, from *published.Store, procedureOf func(published.Document) (*procedure.Procedure, error)) (*Edition, error) {
	e := &Edition{}
	var err error
	if e.calendars, err = readable(ctx, from, published.Calendar, parseCalendar, e); err != nil {
		return nil, err
	}
	if e.procedures, err = readable(ctx, from, published.Procedure, procedureOf, e); err != nil {
		return nil, err
	}
	e.directories, err = readable(ctx, from, published.Directory, parseDirectory, e)
	return e, err
}

// readable are the documents of a kind by ID, each in the newest version that can be read.
func readable[T any](ctx context.Context, from *published.Store, kind published.Kind, parse func(published.Document) (*T, error), e *Edition) (map[string]*T, error) {
	documents, err := from.All(ctx, kind)
	if err != nil {
		return nil, err
	}
	all := map[string]*T{}
	for _, document := range documents {
		read, wrong := parse(document)
		newest := wrong
		for version := document.Version - 1; wrong != nil && version > 0; version-- {
			earlier, err := from.Version(ctx, kind, document.ID, version)
			if err != nil {
				return nil, err
			}
			document = earlier
			read, wrong = parse(earlier)
		}
		if newest != nil {
			e.unreadable = append(e.unreadable, Unreadable{Kind: kind, ID: document.ID, InForce: inForceOf(wrong, document.Version), Problem: newest})
		}
		if wrong == nil {
			all[document.ID] = read
			e.documents = append(e.documents, InForce{Kind: kind, ID: document.ID, Version: document.Version})
		}
	}
	return all, nil
}

func inForceOf(wrong error, version int) int {
	if wrong != nil {
		return 0
	}
	return version
}

// InForce is a document that is in force, by its version.
type InForce struct {
	Kind    published.Kind
	ID      string
	Version int
}

// Documents are all that are in force, by kind and ID.
func (e *Edition) Documents() []InForce { return e.documents }

// Unreadable is a document whose newest version this program can't read.
type Unreadable struct {
	Kind published.Kind
	ID   string
	// InForce is the last version that can be read; 0 where none can.
	InForce int
	// Problem says which version it is, and what is wrong with it.
	Problem error
}

// Error says what can't be read, and what is in force instead.
func (u Unreadable) Error() string {
	instead := "nothing of it is in force"
	if u.InForce > 0 {
		instead = fmt.Sprintf("version %d stays in force", u.InForce)
	}
	return fmt.Sprintf("%s %q: %s: %v", u.Kind, u.ID, instead, u.Problem)
}

// Unwrap is why.
func (u Unreadable) Unwrap() error { return u.Problem }

// Unreadable are the documents of which this program can't read the newest version: one that a
// newer program has published.
func (e *Edition) Unreadable() []Unreadable { return e.unreadable }

// parsedOnce reads a version of a procedure, once.
func (r *Rulebook) parsedOnce(from published.Document) (*procedure.Procedure, error) {
	key := from.ID + "@" + strconv.Itoa(from.Version)
	if known, ok := r.versions.Load(key); ok {
		return known.(*procedure.Procedure), nil
	}
	read, err := parseProcedure(from)
	if err != nil {
		return nil, err
	}
	known, _ := r.versions.LoadOrStore(key, read)
	return known.(*procedure.Procedure), nil
}

func parseProcedure(from published.Document) (*procedure.Procedure, error) {
	read, err := parse(from, procedure.Parse)
	if err != nil {
		return nil, err
	}
	read.Version = from.Version
	return read, nil
}

func parseCalendar(from published.Document) (*calendar.Calendar, error) {
	read, err := parse(from, calendar.Parse)
	if err != nil {
		return nil, err
	}
	return read.WithVersion(from.Version), nil
}

func parseDirectory(from published.Document) (*directory.Directory, error) {
	return parse(from, directory.Parse)
}

func parse[T any](from published.Document, parse func(file string, text []byte) (*T, error)) (*T, error) {
	read, err := parse(from.ID+".yaml", []byte(from.Body))
	if err != nil {
		return nil, fmt.Errorf("version %d of %s %q: %w", from.Version, from.Kind, from.ID, err)
	}
	return read, nil
}

// Version is one version of a procedure, which may be an older one. It returns store.ErrNotFound
// when there is none.
func (r *Rulebook) Version(ctx context.Context, id string, version int) (*procedure.Procedure, error) {
	if known, ok := r.versions.Load(id + "@" + strconv.Itoa(version)); ok {
		return known.(*procedure.Procedure), nil
	}
	published, err := r.published.Version(ctx, published.Procedure, id, version)
	if err != nil {
		return nil, err
	}
	return r.parsedOnce(published)
}

// Procedure is the newest version of a procedure; false when there is none.
func (e *Edition) Procedure(id string) (*procedure.Procedure, bool) {
	p, ok := e.procedures[id]
	return p, ok
}

// Procedures are the newest versions, by ID. Don't change the map.
func (e *Edition) Procedures() map[string]*procedure.Procedure { return e.procedures }

// Calendars are the newest versions, by ID. Don't change the map.
func (e *Edition) Calendars() map[string]*calendar.Calendar { return e.calendars }

// Directories are those in force, by the organisation's ID. Don't change the map.
func (e *Edition) Directories() map[string]*directory.Directory { return e.directories }

// Directory is the directory of the organisation that follows a procedure; false when there is
// none.
func (e *Edition) Directory(organisation string) (*directory.Directory, bool) {
	d, ok := e.directories[organisation]
	return d, ok
}

// ErrStranger says that nobody of this ID is in any directory.
var ErrStranger = errors.New("not in the directory")

// Actor is a person as they act now: with the roles that the directory of their organisation gives
// them, and that organisation's ID. It returns ErrStranger for somebody unknown.
func (e *Edition) Actor(person complaint.PersonID, at time.Time) (complaint.Actor, string, error) {
	d, known := e.home[person]
	if !known {
		return complaint.Actor{}, "", fmt.Errorf("%q: %w", person, ErrStranger)
	}
	var roles map[complaint.Role]complaint.Role
	if p, ok := e.procedures[d.Organisation]; ok {
		roles = p.Roles
	}
	return d.Actor(person, at, roles), d.Organisation, nil
}

// Everybody are the people of an organisation as they act at that instant, by their IDs; nobody
// where there is no directory.
func (e *Edition) Everybody(organisation string, at time.Time) []complaint.Actor {
	var all []complaint.Actor
	if d, known := e.Directory(organisation); known {
		for _, person := range slices.Sorted(maps.Keys(d.People)) {
			if actor, home, err := e.Actor(person, at); err == nil && home == organisation {
				all = append(all, actor)
			}
		}
	}
	return all
}

// Organisation is the organisation to which a complaint's number belongs; false when it is none of
// ours.
func (e *Edition) Organisation(number string) (string, bool) {
	for id, p := range e.procedures {
		if _, _, ours := p.ParseNumber(number); ours {
			return id, true
		}
	}
	return "", false
}
