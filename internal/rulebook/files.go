package rulebook

import (
	"context"
	"errors"
	"fmt"
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

// Files are procedures with their calendars and people, read from files and checked; each is the
// first version of its name.
type Files struct {
	Procedures  map[string]*procedure.Procedure
	Calendars   map[string]*calendar.Calendar
	Directories map[string]*directory.Directory
	// Texts are what was read, by kind and ID: "procedure courier-station".
	Texts map[string]string
}

// ReadFiles reads the procedures of a folder, their calendars in its folder "calendars", and the
// people of another: the directory that has a procedure's name is its. The error says all that is
// wrong.
func ReadFiles(procedures, directories fs.FS) (Files, error) {
	f := Files{map[string]*procedure.Procedure{}, map[string]*calendar.Calendar{}, map[string]*directory.Directory{}, map[string]string{}}
	var wrong []error
	note := func(err error) { wrong = append(wrong, err) }
	for id, text := range yamlFiles(procedures, "calendars", note) {
		read, err := calendar.Parse(id+".yaml", text)
		if err != nil {
			note(err)
			continue
		}
		f.Calendars[id], f.Texts["calendar "+id] = read.WithVersion(1), string(text)
	}
	for id, text := range yamlFiles(directories, ".", note) {
		read, err := directory.Parse(id+".yaml", text)
		if err != nil {
			note(err)
			continue
		}
		f.Directories[id], f.Texts["directory "+id] = read, string(text)
	}
	for id, text := range yamlFiles(procedures, ".", note) {
		read, err := procedure.Parse(id+".yaml", text)
		if err != nil {
			note(err)
			continue
		}
		read.Version = 1
		f.Procedures[id], f.Texts["procedure "+id] = read, string(text)
		if people, there := f.Directories[id]; !there {
			note(fmt.Errorf("procedure %q has no example people: add deploy/directory/%s.yaml", id, id))
		} else if err := read.Check(f.Calendars, people); err != nil {
			note(err)
		}
	}
	return f, errors.Join(wrong...)
}

func yamlFiles(files fs.FS, folder string, note func(error)) map[string][]byte {
	texts := map[string][]byte{}
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		note(err)
	}
	for _, entry := range entries {
		id, isYAML := strings.CutSuffix(entry.Name(), ".yaml")
		if !isYAML {
			continue
		}
		text, err := fs.ReadFile(files, path.Join(folder, entry.Name()))
		if err != nil {
			note(err)
			continue
		}
		texts[id] = text
	}
	return texts
}

// Rules are a procedure of the files with its calendar and people; false when the files have none
// of that name.
func (f Files) Rules(id string) (plan.Rules, bool) {
	rules, known := f.Procedures[id]
	if !known {
		return plan.Rules{}, false
	}
	return plan.Rules{Procedure: rules, Calendar: f.Calendars[rules.Calendar], Directory: f.Directories[id]}, true
}

// RulesWith are Rules with another text in the procedure's place; name is what its mistakes are
// said to be in.
func (f Files) RulesWith(id, name string, text []byte) (plan.Rules, error) {
	rules, err := procedure.Parse(name, text)
	if err != nil {
		return plan.Rules{}, err
	}
	if err := rules.Check(f.Calendars, f.Directories[id]); err != nil {
		return plan.Rules{}, err
	}
	rules.Version = 1
	return plan.Rules{Procedure: rules, Calendar: f.Calendars[rules.Calendar], Directory: f.Directories[id]}, nil
}

// Publish publishes the files by a name. One that changed becomes a new version; one that didn't
// stays. Say is told a line for each.
func (f Files) Publish(ctx context.Context, into *published.Store, by string, now time.Time, say func(line string) error) error {
	publish := func(kind, id string, how func(ctx context.Context, id, text, by string) (published.Document, error)) error {
		newest, err := how(ctx, id, f.Texts[kind+" "+id], by)
		if err != nil {
			return err
		}
		state := "unchanged"
		if newest.New {
			state = "published"
		}
		return say(fmt.Sprintf("%s %s: version %d %s", kind, id, newest.Version, state))
	}
	if err := f.fitWith(ctx, into); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(f.Calendars)) { // calendars and people first: procedures need them
		if err := publish("calendar", id, into.PublishCalendar); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.Procedures)) {
		if err := publish("directory", id, into.PublishDirectory); err != nil {
			return err
		}
		if err := publish("procedure", id, into.PublishProcedure); err != nil {
			return err
		}
		if ended := f.Procedures[id].CheckCovers(f.Calendars, now); ended != nil {
			if err := say(fmt.Sprint("warning: ", ended)); err != nil {
				return err
			}
		}
	}
	return nil
}

// fitWith compares the files with what is in force: each number and each person belongs to one
// organisation.
func (f Files) fitWith(ctx context.Context, into *published.Store) error {
	inForce, people := map[string]*procedure.Procedure{}, map[string]*directory.Directory{}
	published, err := into.Procedures(ctx)
	if err != nil {
		return err
	}
	for _, newest := range published {
		if inForce[newest.ID], err = procedure.Parse(newest.ID+".yaml", []byte(newest.Body)); err != nil {
			return fmt.Errorf("version %d of procedure %q: %w", newest.Version, newest.ID, err)
		}
	}
	if published, err = into.Directories(ctx); err != nil {
		return err
	}
	for _, newest := range published {
		if people[newest.ID], err = directory.Parse(newest.ID+".yaml", []byte(newest.Body)); err != nil {
			return fmt.Errorf("version %d of directory %q: %w", newest.Version, newest.ID, err)
		}
	}
	var wrong []error
	for _, id := range slices.Sorted(maps.Keys(f.Procedures)) {
		wrong = append(wrong, f.Procedures[id].CheckNumbers(inForce))
		inForce[id], people[id] = f.Procedures[id], f.Directories[id]
	}
	_, err = directory.Homes(people)
	return errors.Join(append(wrong, err)...)
}
