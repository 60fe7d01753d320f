package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/casework"
	"recourse/internal/complaint"
)

// reconcile sets the workflows back that know more than their record, which lost its last commits
// in a failover or a restore, and names the steps whose words are gone. One that was interrupted is
// taken up where it stopped.
func reconcile(ctx context.Context, out io.Writer) error {
	return withOffice(ctx, func(office *casework.Office) error {
		r := &reconciling{office: office, out: out, until: time.Now().Add(restoredPatience)}
		r.group.SetLimit(reviveAtOnce)
		begun, err := office.Submissions.NumbersBroughtBack(ctx)
		if err != nil {
			return err
		}
		err = office.Lives.Each(ctx, func(number string) {
			begun = slices.DeleteFunc(begun, func(other string) bool { return other == number })
			r.one(ctx, number)
		})
		for _, number := range begun { // no workflow of theirs runs
			r.one(ctx, number)
		}
		_ = r.group.Wait() // each has said what became of it
		_, saidSo := fmt.Fprintf(out, "Set back: %d. Nothing lost: %d.\n", r.set, r.whole)
		if r.stuck != nil {
			r.stuck = errors.Join(r.stuck, errors.New("not all is done yet: run it again, it goes on from here"))
		}
		return errors.Join(err, saidSo, r.stuck)
	})
}

// reconciling counts what came of it.
type reconciling struct {
	office *casework.Office
	out    io.Writer
	until  time.Time // when to stop asking again
	group  errgroup.Group

	sync.Mutex
	whole, set int
	stuck      error
}

// one reconciles one complaint, beside the others.
func (r *reconciling) one(ctx context.Context, number string) {
	r.group.Go(func() error {
		var set bool
		err := insist(ctx, r.until, func() (err error) {
			set, err = r.office.Reconcile(ctx, number, r.say)
			return err
		})
		r.Lock()
		defer r.Unlock()
		switch {
		case err != nil:
			r.stuck = errors.Join(r.stuck, fmt.Errorf("%s: %w", number, err))
		case set:
			r.set++
		default:
			r.whole++
		}
		return nil
	})
}

// say writes the line of one complaint: who is to say again what.
func (r *reconciling) say(done casework.Reconciled) error {
	line := fmt.Sprintf("%s: rows that its workflow knew: %d; that its record has: %d. It goes on from there.", done.Number, done.Knew, done.Recorded)
	if done.Knew == done.Recorded {
		line = done.Number + ": it was set back before, and what was left is taken again."
	}
	if len(done.Lost) > 0 {
		line += " The words are gone of: " + named(done.Lost) + "."
	}
	if len(done.Refused) > 0 {
		line += " Could not be taken again: " + named(done.Refused) + "."
	}
	r.Lock()
	defer r.Unlock()
	_, err := fmt.Fprintln(r.out, line)
	return err
}

// named says who took which step when.
func named(steps []complaint.Step) string {
	said := make([]string, len(steps))
	for i, step := range steps {
		said[i] = fmt.Sprintf("%s by %s at %s", step.Name, step.By.Person, step.At.UTC().Format(time.RFC3339))
	}
	return strings.Join(said, ", ")
}
