package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"recourse/internal/casework"
	"recourse/internal/complaint"
)

// reconcile sets the workflows back that know more than their record, which lost its last commits
// in a failover or a restore, and names the steps whose words are gone. One that was interrupted is
// taken up where it stopped.
func reconcile(ctx context.Context, out io.Writer) error {
	return withOffice(ctx, func(office *casework.Office) error {
		all := withSeveral(out)
		one := func(number string) {
			all.one(ctx, number, func() (set bool, err error) {
				return office.Reconcile(ctx, number, func(done casework.Reconciled) error { return all.say(setBack(done)) })
			})
		}
		begun, err := office.Submissions.NumbersBroughtBack(ctx)
		if err != nil {
			return err
		}
		err = office.Lives.Each(ctx, func(number string) {
			begun = slices.DeleteFunc(begun, func(other string) bool { return other == number })
			one(number)
		})
		for _, number := range begun { // no workflow of theirs runs
			one(number)
		}
		stuck := all.conclude("Set back: %d. Nothing lost: %d.")
		if stuck != nil {
			stuck = errors.Join(stuck, errors.New("not all is done yet: run it again, it goes on from here"))
		}
		return errors.Join(err, stuck)
	})
}

// setBack is the line of one complaint: who is to say again what.
func setBack(done casework.Reconciled) string {
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
	return line
}

// named says who took which step when.
func named(steps []complaint.Step) string {
	said := make([]string, len(steps))
	for i, step := range steps {
		said[i] = fmt.Sprintf("%s by %s at %s", step.Name, step.By.Person, step.At.UTC().Format(time.RFC3339))
	}
	return strings.Join(said, ", ")
}
