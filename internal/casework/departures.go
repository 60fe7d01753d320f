package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
	"recourse/internal/store/published"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

// What somebody has who is in the directory no longer, or was relieved of a duty, goes to whoever
// holds the duty now, as with an absence: with the publication what can be done while its sender
// waits, the rest a moment later. A directory is followed once a pass that began when every program
// had it has left nobody behind.

const (
	departuresEvery = 10 * time.Second
	// departuresAtOnce is how long whoever publishes a directory waits for what moves.
	departuresAtOnce = 5 * time.Second
)

// followDirectories moves what people had by earlier versions of the directories in force.
func (o *Office) followDirectories(ctx context.Context) error {
	unfollowed, err := o.Published.Unfollowed(ctx)
	if err != nil {
		return err
	}
	var wrong []error
	for _, one := range unfollowed {
		settled := o.Now().Sub(one.PublishedAt) >= departuresEvery
		_, failed, err := o.followDirectory(ctx, one, anyNumber)
		switch {
		case err != nil:
			wrong = append(wrong, err)
		case len(failed) > 0:
			wrong = append(wrong, fmt.Errorf("%s can't be moved on: %s", phrase.Counted(len(failed), "complaint"), strings.Join(failed[:min(len(failed), mostNamed)], ", ")))
		case settled:
			wrong = append(wrong, o.Published.Follow(ctx, one.Organisation, one.Newest))
		}
	}
	return errors.Join(wrong...)
}

// followNow does as much of that for one organisation as its administrator waits for; more reports
// that the rest follows.
func (o *Office) followNow(ctx context.Context, who Caller, organisation string) (moved []string, more bool) {
	ctx, cancel := context.WithTimeout(ctx, departuresAtOnce)
	defer cancel()
	unfollowed, err := o.Published.Unfollowed(ctx)
	for _, one := range unfollowed {
		if one.Organisation != organisation {
			continue
		}
		var failed []string
		moved, failed, err = o.followDirectory(ctx, one, func(c *complaint.Complaint) bool { return c.Admits(complaint.Rebase, who.Actor) })
		more = len(failed) > 0
	}
	if err != nil {
		o.Log.WarnContext(ctx, "what people had by an earlier directory moves on later", "organisation", organisation, "error", err)
	}
	return moved, more || err != nil
}

// followDirectory moves what people had by the versions since the one that was followed last.
// Repeated, it moves nothing twice.
func (o *Office) followDirectory(ctx context.Context, one published.Unfollowed, mayTell func(*complaint.Complaint) bool) (moved, failed []string, err error) {
	read := func(version int) (*directory.Directory, error) {
		document, err := o.Published.Version(ctx, published.Directory, one.Organisation, version)
		if err != nil {
			return nil, err
		}
		return directory.Parse(document.ID+".yaml", []byte(document.Body))
	}
	newest, err := read(one.Newest)
	if err != nil {
		return nil, nil, err // a newer program has published it, and follows it
	}
	var departures []complaint.Absent
	for version := max(one.Followed, 1); version < one.Newest; version++ {
		before, err := read(version)
		if err != nil {
			return nil, nil, err
		}
		departures = together(departures, newest.Departures(before))
	}
	for _, gone := range departures {
		concerned, err := o.concerned(ctx, gone, o.rulesOf)
		if err != nil {
			return moved, failed, err
		}
		for _, file := range concerned {
			key := "directory/" + one.Organisation + "/" + strconv.Itoa(one.Newest) + "/" + string(gone.Person) + "/" + file.Number
			err := o.substitute(ctx, file.Number, key, gone)
			switch {
			case err != nil && !o.alone(ctx, err):
				return moved, failed, err // Temporal is away: the others would only wait as long
			case err != nil:
				o.Log.WarnContext(ctx, "what somebody had who left isn't moved on", "number", file.Number, "error", err)
				failed = append(failed, file.Number)
			case mayTell(&file.Complaint):
				moved = append(moved, file.Number)
			}
		}
	}
	slices.Sort(moved)
	return slices.Compact(moved), failed, nil
}

// together are the departures of several versions, each person once.
func together(all, more []complaint.Absent) []complaint.Absent {
	for _, one := range more {
		i := slices.IndexFunc(all, func(a complaint.Absent) bool { return a.Person == one.Person })
		if i < 0 {
			all = append(all, one)
			continue
		}
		for _, duty := range one.Duties {
			if !all[i].Left && !slices.Contains(all[i].Duties, duty) {
				all[i].Duties = append(slices.Clone(all[i].Duties), duty)
			}
		}
	}
	return all
}

// concerned are the complaints in which something moves by a departure, and rulesOf by which rules.
func (o *Office) concerned(ctx context.Context, gone complaint.Absent, rulesOf func(context.Context, complaint.Terms) (plan.Rules, error)) ([]reading.File, error) {
	numbers, err := o.Reading.OpenComplaintsOf(ctx, complaint.Actor{Person: gone.Person})
	if err != nil {
		return nil, err
	}
	step := complaint.Step{Name: complaint.Substitute, By: complaint.Actor{Person: complaint.Procedure}, At: o.Now().UTC(),
		Facts: complaint.Facts{Absent: &gone}}
	var files []reading.File
	for _, number := range numbers {
		file, err := o.Reading.Complaint(ctx, number)
		if err != nil {
			return nil, err
		}
		rules, err := rulesOf(ctx, file.Terms)
		if err != nil {
			return nil, err
		}
		if moves(foreseen(rules, file.Complaint, step)) {
			files = append(files, file)
		}
	}
	return files, nil
}

func (o *Office) rulesOf(ctx context.Context, terms complaint.Terms) (plan.Rules, error) {
	return o.Rulebook.Rules(ctx, terms.Procedure, terms.Version, terms.CalendarVersion)
}

// moves reports whether a write gives something to somebody else.
func moves(followed complaint.Write) bool {
	return slices.ContainsFunc(followed.Decided, func(e complaint.Event) bool {
		return e.Kind == complaint.PeopleNamed || e.Kind == complaint.ApprovalsAsked || e.Kind == complaint.TaskMoved || e.Kind == complaint.WatchNamed
	})
}

// substitute sends a complaint the step that moves on what somebody has, once for a key.
func (o *Office) substitute(ctx context.Context, number, key string, absent complaint.Absent) error {
	asking, cancel := context.WithTimeout(ctx, stuckAfter)
	defer cancel()
	_, err := o.take(asking, submission.Submission{Number: number, Step: complaint.Substitute, By: complaint.Actor{Person: complaint.Procedure},
		Key: key, Body: []byte("{}"), Facts: complaint.Facts{Absent: &absent}})
	return err
}

// wouldLeave are the complaints from whose people something would move by a text in the place of
// their directory, of those that the caller may know the number of: at most so many.
func (o *Office) wouldLeave(ctx context.Context, who Caller, with *rulebook.Edition, organisation string, most int) (all []Rebased, more bool, err error) {
	before, inForce := o.Rulebook.Now().Directory(organisation)
	after, known := with.Directory(organisation)
	if !inForce || !known {
		return nil, false, nil
	}
	rulesOf := func(ctx context.Context, terms complaint.Terms) (plan.Rules, error) {
		version, err := o.Rulebook.Version(ctx, terms.Procedure, terms.Version)
		if err != nil {
			return plan.Rules{}, err
		}
		return with.Rules(version)
	}
	for _, gone := range after.Departures(before) {
		concerned, err := o.concerned(ctx, gone, rulesOf)
		if err != nil {
			return nil, false, err
		}
		for _, file := range concerned {
			i := slices.IndexFunc(all, func(r Rebased) bool { return r.Number == file.Number })
			switch {
			case i >= 0:
				all[i].From = append(all[i].From, gone.Person)
			case !file.Admits(complaint.Rebase, who.Actor):
			case len(all) == most:
				more = true
			default:
				all = append(all, Rebased{Number: file.Number, FromVersion: file.Terms.Version, From: []complaint.PersonID{gone.Person}})
			}
		}
	}
	return all, more, nil
}
