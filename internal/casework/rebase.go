package casework

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

const (
	// mostRebased is how many complaints one request re-bases; repeat it for the rest.
	mostRebased = 1000
	// readAtOnce is how many rows of a list are read at a time.
	readAtOnce = 200
)

// Rebasing says which running complaints go on by another version of their procedure.
type Rebasing struct {
	Which RebaseQuery
	// Version is the one by which they go on.
	Version int
	// Preview changes nothing, and only says what would change.
	Preview bool
	// Body is all that was said, with its reason.
	Body json.RawMessage
	// Key is the caller's idempotency key; empty for none.
	Key string
}

// RebaseQuery says which complaints are meant: those of the procedure, of a version and in a stage
// where these are given, or of these the ones with these numbers.
type RebaseQuery struct {
	Procedure string
	Version   int
	Stage     complaint.Stage
	Numbers   []string
}

// Rebased is one complaint on another version, and what that changes.
type Rebased struct {
	Number      string
	FromVersion int
	Changes     []DueChange
	// From are those of whom something would move by the preview of a directory.
	From []complaint.PersonID
	Done bool
	// Problem is why it wasn't done; nil where it was. One that isn't a *complaint.Refusal is that
	// the complaint is stuck.
	Problem error
}

// DueChange is a clock that falls due, or of which a rung rings, at another time. After is the zero
// time for a clock that ends.
type DueChange struct {
	Deadline      string
	Round         int
	Before, After time.Time
	Rungs         []RungChange
}

// RungChange is a rung still to come that rings at another time. Before is the zero time for one
// that the ladder didn't have, After for one that it has no longer.
type RungChange struct {
	Label         string
	Before, After time.Time
}

// Rebase puts running complaints on another version of their procedure, or says what that would
// change; more reports that it takes further requests for the rest.
func (o *Office) Rebase(ctx context.Context, who Caller, said Rebasing) (all []Rebased, more bool, err error) {
	if !who.Has(complaint.Administrator) {
		return nil, false, ErrForbidden
	}
	if said.Which.Procedure != who.Organisation {
		return nil, false, violation("/query/procedure", "no_such_procedure", said.Which.Procedure)
	}
	if err := o.Rulebook.Refresh(ctx); err != nil { // what another server has published, too
		return nil, false, err
	}
	rules, err := o.Rulebook.Rules(ctx, said.Which.Procedure, said.Version, 0)
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return nil, false, violation("/target_version", "no_such_version", strconv.Itoa(said.Version))
		}
		return nil, false, err
	}
	files, all, more, err := o.matching(ctx, who, said.Which, said.Version, rules.Calendar.Version(), mostRebased)
	if err != nil {
		return nil, false, err
	}
	if said.Key == "" {
		said.Key = uuid.NewString()
	}
	for _, file := range files {
		one, err := o.rebase(ctx, who, said, rules, file)
		if err != nil && !o.alone(ctx, err) {
			return nil, false, err
		}
		one.Problem = err
		all = append(all, one)
	}
	return all, more, nil
}

// rebase puts one complaint on another version, or says what that would change.
func (o *Office) rebase(ctx context.Context, who Caller, said Rebasing, rules plan.Rules, file reading.File) (one Rebased, err error) {
	one = Rebased{Number: file.Number, FromVersion: file.Terms.Version}
	step := o.rebaseStep(who, said.Version)
	step.Facts.Rebase.Calendar = rules.Calendar.Version()
	one.Changes = wouldChange(rules, file.Complaint, step)
	if said.Preview {
		return one, nil
	}
	ctx, cancel := context.WithTimeout(ctx, stuckAfter)
	defer cancel()
	_, err = o.take(ctx, submission.Submission{Number: file.Number, Step: complaint.Rebase, By: who.Actor, Key: "rebase/" + said.Key + "/" + file.Number,
		Body: said.Body, Facts: step.Facts})
	if refusal, refused := errors.AsType[*complaint.Refusal](err); refused && refusal.Reason == complaint.ReasonAlreadyDone {
		err = nil // by somebody else, at this moment
	}
	one.Done = err == nil
	return one, err
}

// matching are the running complaints that a query means and that don't go by the target version
// and the calendar in force yet: so many of them, newest first, and whether there are more. Those
// that can't be read are stuck, and keep no other back. An administrator re-bases them without
// reading them: what comes back is numbers and due times. Complaints that are closed to named
// people are re-based by nobody but who is named.
func (o *Office) matching(ctx context.Context, who Caller, query RebaseQuery, target, calendar, most int) (files []reading.File, stuck []Rebased, more bool, err error) {
	take := func(number string) error {
		file, err := o.Reading.Complaint(ctx, number)
		switch {
		case errors.Is(err, store.ErrNotFound),
			err == nil && (!file.Admits(complaint.Rebase, who.Actor) || file.Registration.Procedure != query.Procedure):
			return violation("/query/numbers", "no_such_complaint", number)
		case err != nil && !o.alone(ctx, err):
			return err
		case err != nil:
			o.Log.ErrorContext(ctx, "a complaint can't be read, and isn't re-based", "number", number, "error", err)
			stuck = append(stuck, Rebased{Number: number, Problem: err})
		case file.Standing != reading.Live || file.Stage == complaint.Closed || file.Terms.Version == target && file.Terms.CalendarVersion == calendar:
		case query.Version != 0 && file.Terms.Version != query.Version:
		case query.Stage != "" && file.Stage != query.Stage:
		case len(files) == most:
			more = true
		default:
			files = append(files, file)
		}
		return nil
	}
	for _, number := range query.Numbers {
		if err := take(number); err != nil {
			return nil, nil, false, err
		}
	}
	open, unread := false, who.viewer()
	unread.All = true
	filter := reading.Filter{Procedure: query.Procedure, Version: query.Version, Stage: query.Stage, Closed: &open}
	for cursor, rest := store.Cursor(""), len(query.Numbers) == 0; rest && !more; rest = cursor != "" {
		page, next, err := o.Reading.List(ctx, unread, filter, cursor, readAtOnce)
		if err != nil {
			return nil, nil, false, err
		}
		for _, listed := range page {
			if err := take(listed.Number); err != nil {
				return nil, nil, false, err
			}
		}
		cursor = next
	}
	return files, stuck, more, nil
}

func (o *Office) rebaseStep(who Caller, version int) complaint.Step {
	return complaint.Step{Name: complaint.Rebase, By: who.Actor, At: o.Now().UTC(), Facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: version}}}
}

// wouldChange are the clocks that a step would move.
func wouldChange(rules plan.Rules, before complaint.Complaint, step complaint.Step) []DueChange {
	return changed(before.Deadlines, foreseen(rules, before, step).Complaint.Deadlines)
}

// foreseen asks the rules themselves what they would make of a step.
func foreseen(rules plan.Rules, before complaint.Complaint, step complaint.Step) complaint.Write {
	taken := complaint.Event{Kind: complaint.StepTaken, At: step.At, By: step.By.Person, Step: &step}
	after := before.Clone()
	after.Apply(taken)
	write := complaint.Write{Complaint: after, PeopleBefore: before.People, Before: before.Recorded, Happened: []complaint.Event{taken}, By: step.By}
	return rules.Follow(write)
}

// changed are the open clocks that fall due at another time, or of which a rung to come does, each
// by its name and round.
func changed(before, after []complaint.Deadline) []DueChange {
	var changes []DueChange
	for _, d := range before {
		if !d.Open() {
			continue
		}
		change := DueChange{Deadline: d.Name, Round: d.Round, Before: d.DueAt}
		still := slices.IndexFunc(after, func(now complaint.Deadline) bool { return now.Name == d.Name && now.Round == d.Round && now.Open() })
		if still >= 0 {
			change.After, change.Rungs = after[still].DueAt, changedRungs(d.Rungs, after[still].Rungs)
		}
		if !change.After.Equal(change.Before) || len(change.Rungs) > 0 {
			changes = append(changes, change)
		}
	}
	return changes
}

func changedRungs(before, after []complaint.Rung) []RungChange {
	toCome := func(rungs []complaint.Rung) []complaint.Rung {
		return slices.DeleteFunc(slices.Clone(rungs), complaint.Rung.Done)
	}
	var changes []RungChange
	left := toCome(after)
	for _, r := range toCome(before) {
		change := RungChange{Label: r.Label, Before: r.At}
		if i := slices.IndexFunc(left, func(now complaint.Rung) bool { return now.Label == r.Label }); i >= 0 {
			change.After = left[i].At
			left = slices.Delete(left, i, i+1)
		}
		if !change.After.Equal(change.Before) {
			changes = append(changes, change)
		}
	}
	for _, r := range left {
		changes = append(changes, RungChange{Label: r.Label, After: r.At})
	}
	return changes
}

// Preview checks a text as Publish does, and says which running complaints of the caller's
// organisation would have other due times if they were re-based to it: at most so many as one
// request re-bases. A directory moves no due time: of it they are the complaints in which something
// would go from somebody to somebody else.
func (o *Office) Preview(ctx context.Context, who Caller, kind published.Kind, id, text string) (all []Rebased, more bool, err error) {
	if err := o.MayPublish(ctx, who, kind, id); err != nil {
		return nil, false, err
	}
	if err := o.Rulebook.Refresh(ctx); err != nil { // to compare with what is in force now
		return nil, false, err
	}
	with, err := o.checked(kind, id, text)
	if err != nil {
		return nil, false, err
	}
	if kind == published.Directory {
		return o.wouldLeave(ctx, who, with, id, mostRebased)
	}
	next, known := with.Procedure(who.Organisation)
	if !known || kind == published.Procedure && id != who.Organisation || kind == published.Calendar && next.Calendar != id {
		return nil, false, nil // it concerns no complaint yet
	}
	// None goes by a version that isn't published yet.
	files, _, more, err := o.matching(ctx, who, RebaseQuery{Procedure: who.Organisation}, 0, 0, mostRebased)
	if err != nil {
		return nil, false, err
	}
	for _, file := range files {
		version := next
		if kind == published.Calendar {
			if version, err = o.Rulebook.Version(ctx, who.Organisation, file.Terms.Version); err != nil {
				return nil, false, err
			}
		}
		rules, err := with.Rules(version)
		if err != nil {
			return nil, false, err
		}
		changes := wouldChange(rules, file.Complaint, o.rebaseStep(who, version.Version))
		if len(changes) > 0 {
			all = append(all, Rebased{Number: file.Number, FromVersion: file.Terms.Version, Changes: changes})
		}
	}
	return all, more, nil
}
