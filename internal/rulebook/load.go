package rulebook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"time"

	"recourse/internal/store"
	"recourse/internal/store/published"
)

// Shipped is by whom that is published which comes with the software.
const Shipped = "server load"

// Load publishes the files of folders beside what is in force, in the name of whoever does it; of
// none, what comes with the software. It says what became of each, and which calendar has run out.
//
// A file that changed becomes a new version; one that didn't stays. A file that is an earlier
// version goes over no later one, and what comes with the software (in the name of [Shipped]) over
// nothing that somebody else has published. A calendar that a procedure of the folders names and
// that isn't published is taken from what comes with the software. Nothing is published when
// anything is wrong with the files, or they don't fit with what is in force: each number and each
// person belongs to one organisation.
func Load(ctx context.Context, into *published.Store, by string, out io.Writer, shipped fs.FS, folders ...Folder) error {
	if len(folders) == 0 {
		folders = []Folder{{FS: shipped}}
	}
	inForce, err := inForce(ctx, into, parseProcedure)
	if err != nil {
		return err
	}
	before := &Edition{procedures: inForce.procedures, directories: inForce.directories, calendars: maps.Clone(inForce.calendars)}
	spare, err := before.lendCalendars(shipped)
	if err != nil {
		return err
	}
	with, files, err := before.With(folders...)
	if err == nil {
		err = inForce.Fits(with, files)
	}
	if err != nil {
		return fmt.Errorf("the files have mistakes, nothing is published:\n%w", err)
	}
	files = append(with.lent(files, spare), files...)
	for _, file := range files {
		said, err := publish(ctx, into, file, by)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s %s: %s\n", file.Kind, file.ID, said); err != nil {
			return err
		}
	}
	return with.Warn(out, files, time.Now())
}

// lendCalendars adds the calendars of files that this edition lacks, and returns those.
func (e *Edition) lendCalendars(from fs.FS) ([]File, error) {
	files, err := find([]Folder{{FS: from}})
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f File) bool { return f.Kind != published.Calendar || e.calendars[f.ID] != nil })
	lending, err := (&Edition{}).WithFiles(files...)
	if err != nil {
		return nil, err
	}
	maps.Copy(e.calendars, lending.calendars)
	return files, nil
}

// lent are the spare calendars that a procedure among the files goes by.
func (e *Edition) lent(files, spare []File) []File {
	return slices.DeleteFunc(spare, func(calendar File) bool {
		goesByIt := func(f File) bool { return f.Kind == published.Procedure && e.procedures[f.ID].Calendar == calendar.ID }
		return holds(files, published.Calendar, calendar.ID) || !slices.ContainsFunc(files, goesByIt)
	})
}

// Warn writes a line for whatever in the files' procedures probably isn't meant, and for each
// calendar of theirs, or that their procedures go by, which lacks the holidays of a year.
func (e *Edition) Warn(out io.Writer, files []File, now time.Time) error {
	named := map[string]bool{}
	for _, file := range files {
		if file.Kind == published.Procedure {
			named[e.procedures[file.ID].Calendar] = true
			for _, doubtful := range e.procedures[file.ID].Lint(e.directories[file.ID]) {
				if _, err := fmt.Fprintln(out, "warning:", doubtful); err != nil {
					return err
				}
			}
		} else if file.Kind == published.Calendar {
			named[file.ID] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(named)) {
		if warning := e.calendars[id].Warning(now); warning != "" {
			if _, err := fmt.Fprintln(out, "warning:", warning); err != nil {
				return err
			}
		}
	}
	return nil
}

// publish publishes a file unless something later is in force, and says what became of it.
func publish(ctx context.Context, into *published.Store, file File, by string) (string, error) {
	newest, err := into.Newest(ctx, file.Kind, file.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	same, err := into.OfText(ctx, file.Kind, file.ID, string(file.Text))
	switch {
	case err == nil && same.Version == newest.Version:
		return fmt.Sprintf("version %d unchanged", newest.Version), nil
	case err == nil:
		return fmt.Sprintf("version %d by %s stays in force; the file is version %d, which is older. To go back to that, publish it over the API",
			newest.Version, newest.PublishedBy, same.Version), nil
	case !errors.Is(err, store.ErrNotFound):
		return "", err
	case by == Shipped && newest.Version > 0 && newest.PublishedBy != Shipped:
		return fmt.Sprintf("version %d by %s stays in force; what comes with the software goes over nothing of your own", newest.Version, newest.PublishedBy), nil
	}
	done, err := into.Publish(ctx, file.Kind, file.ID, string(file.Text), by)
	return fmt.Sprintf("version %d published", done.Version), err
}
