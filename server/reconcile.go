package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/casework"
	"recourse/internal/complaint"
)

// reconcile sets the workflows back that know more than their record, which lost its last commits
// in a failover or a restore, and names the steps whose words are gone.
func reconcile(ctx context.Context, out io.Writer) error {
	return withOffice(ctx, func(office *casework.Office) error {
		var (
			group      errgroup.Group
			saying     sync.Mutex
			whole, set int
			stuck      error
		)
		until := time.Now().Add(restoredPatience)
		group.SetLimit(reviveAtOnce)
		err := office.Lives.Each(ctx, func(number string) {
			group.Go(func() error {
				var done *casework.Reconciled
				err := insist(ctx, until, func() (err error) {
					done, err = office.Reconcile(ctx, number)
					return err
				})
				saying.Lock()
				defer saying.Unlock()
				switch {
				case err != nil:
					stuck = errors.Join(stuck, fmt.Errorf("%s: %w", number, err))
				case done == nil:
					whole++
				default:
					set++
					_, _ = fmt.Fprintln(out, setBack(done))
				}
				return nil
			})
		})
		_ = group.Wait() // each has said what became of it
		_, saidSo := fmt.Fprintf(out, "Set back: %d. Nothing lost: %d.\n", set, whole)
		return errors.Join(err, saidSo, stuck)
	})
}

// setBack is the line of one complaint: who is to say again what.
func setBack(done *casework.Reconciled) string {
	line := fmt.Sprintf("%s: rows that its workflow knew: %d; that its record has: %d. It goes on from there.", done.Number, done.Knew, done.Recorded)
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
