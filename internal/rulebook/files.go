package rulebook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/store/published"
)

// The folders of files that are laid out as procedures/ is: the procedures themselves lie beside
// them.
const (
	procedureFolder = "."
	calendarFolder  = "calendars"
	directoryFolder = "directories"
)

func fileOf(folder, id string) string { return path.Join(folder, id+".yaml") }

// Read reads an edition from files instead of what is published: <id>.yaml is a procedure,
// calendars/<id>.yaml a calendar, directories/<id>.yaml the people of the procedure of that ID. All
// of them have version 1. The error is everything that is wrong with any of them, each with its
// file and folder, line and column.
func Read(files fs.FS) (*Edition, error) {
	e := &Edition{}
	var wrong [4]error
	e.calendars, wrong[0] = readFolder(files, calendarFolder, readCalendar)
	e.directories, wrong[1] = readFolder(files, directoryFolder, readDirectory)
	e.procedures, wrong[2] = readFolder(files, procedureFolder, func(files fs.FS, id string) (*procedure.Procedure, error) {
		read, err := readProcedure(files, id)
		if err != nil || wrong[0] != nil || wrong[1] != nil { // what it is to fit with isn't known
			return read, err
		}
		people, there := e.directories[id]
		if !there {
			return nil, fmt.Errorf("procedure %q has no people: write them into %s", id, fileOf(directoryFolder, id))
		}
		return read, read.Check(e.calendars, people)
	})
	e.home, wrong[3] = directory.Homes(e.directories)
	return e, errors.Join(wrong[:]...)
}

// ReadRules reads one procedure with its calendar and its people, from files that are laid out as
// for Read. They are the caller's own and may be altered.
func ReadRules(files fs.FS, id string) (rules plan.Rules, err error) {
	if rules.Procedure, err = readProcedure(files, id); err != nil {
		return rules, err
	}
	if rules.Directory, err = readDirectory(files, id); err != nil {
		return rules, err
	}
	if rules.Calendar, err = readCalendar(files, rules.Procedure.Calendar); err != nil {
		return rules, err
	}
	return rules, rules.Procedure.Check(map[string]*calendar.Calendar{rules.Procedure.Calendar: rules.Calendar}, rules.Directory)
}

// RulesWith are the rules of a procedure of this edition with another text in its place; file is
// where the text's mistakes are said to be.
func (e *Edition) RulesWith(id, file string, text []byte) (plan.Rules, error) {
	p, err := procedure.Parse(file, text)
	if err != nil {
		return plan.Rules{}, err
	}
	if err := p.Check(e.calendars, e.directories[id]); err != nil {
		return plan.Rules{}, err
	}
	p.Version = 1
	return e.Rules(p)
}

func readProcedure(files fs.FS, id string) (*procedure.Procedure, error) {
	read, err := readFile(files, fileOf(procedureFolder, id), procedure.Parse)
	if err == nil {
		read.Version = 1
	}
	return read, err
}

func readCalendar(files fs.FS, id string) (*calendar.Calendar, error) {
	read, err := readFile(files, fileOf(calendarFolder, id), calendar.Parse)
	if err != nil {
		return nil, err
	}
	return read.WithVersion(1), nil
}

func readDirectory(files fs.FS, id string) (*directory.Directory, error) {
	return readFile(files, fileOf(directoryFolder, id), directory.Parse)
}

func readFile[T any](files fs.FS, name string, parse func(file string, text []byte) (*T, error)) (*T, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	return parse(name, text)
}

// readFolder reads every YAML file of a folder, by ID. Those with mistakes are in the error
// instead.
func readFolder[T any](files fs.FS, folder string, read func(files fs.FS, id string) (*T, error)) (map[string]*T, error) {
	entries, err := fs.ReadDir(files, folder)
	all, wrong := map[string]*T{}, []error{err}
	for _, entry := range entries {
		id, isYAML := strings.CutSuffix(entry.Name(), ".yaml")
		if !isYAML {
			continue
		}
		one, err := read(files, id)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		all[id] = one
	}
	return all, errors.Join(wrong...)
}

// Load publishes files, which are laid out as for Read, in the name of whoever does it. One that
// changed becomes a new version; one that didn't stays. What became of each is said, and which
// calendar has run out. Nothing is published when anything is wrong with them, or they don't fit
// with what is in force: each number and each person belongs to one organisation.
func Load(ctx context.Context, into *published.Store, files fs.FS, by string, out io.Writer) error {
	e, err := Read(files)
	if err != nil {
		return fmt.Errorf("the files have mistakes, nothing is published:\n%w", err)
	}
	if err := e.fitsWith(ctx, into); err != nil {
		return err
	}
	publish := func(kind, folder, id string, publish func(context.Context, string, string, string) (published.Document, error)) error {
		text, err := fs.ReadFile(files, fileOf(folder, id))
		if err != nil {
			return err
		}
		newest, err := publish(ctx, id, string(text), by)
		if err != nil {
			return err
		}
		state := "unchanged"
		if newest.New {
			state = "published"
		}
		_, err = fmt.Fprintf(out, "%s %s: version %d %s\n", kind, id, newest.Version, state)
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(e.calendars)) { // calendars and people first: procedures need them
		if err := publish("calendar", calendarFolder, id, into.PublishCalendar); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.procedures)) {
		if err := publish("directory", directoryFolder, id, into.PublishDirectory); err != nil {
			return err
		}
		if err := publish("procedure", procedureFolder, id, into.PublishProcedure); err != nil {
			return err
		}
		if ended := e.procedures[id].CheckCovers(e.calendars, time.Now()); ended != nil {
			if _, err := fmt.Fprintln(out, "warning:", ended); err != nil {
				return err
			}
		}
	}
	return nil
}

// fitsWith compares an edition that was read from files with what is in force.
func (e *Edition) fitsWith(ctx context.Context, into *published.Store) error {
	documents, err := into.Procedures(ctx)
	procedures, err := parsed(documents, err, parseProcedure)
	if err != nil {
		return err
	}
	documents, err = into.Directories(ctx)
	people, err := parsed(documents, err, parseDirectory)
	if err != nil {
		return err
	}
	var wrong []error
	for _, id := range slices.Sorted(maps.Keys(e.procedures)) {
		wrong = append(wrong, e.procedures[id].CheckNumbers(procedures))
		procedures[id], people[id] = e.procedures[id], e.directories[id]
	}
	_, err = directory.Homes(people)
	return errors.Join(append(wrong, err)...)
}
