package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/casework"
	"recourse/internal/config"
	"recourse/internal/program"
)

const (
	reviveAtOnce = 8
	// readAtOnce is how many complaints are read at a time where all are meant.
	readAtOnce = 1000
	// restoredPatience is how long a whole command asks again those that don't answer: a Temporal
	// that was just started hasn't seen its workers yet.
	restoredPatience = time.Minute
)

// revive holds the workflows of complaints to their records: those that are behind catch up, and
// those that are gone begin anew.
func revive(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("revive", flag.ContinueOnError)
	flags.SetOutput(out)
	all := flags.Bool("all", false, "all complaints that live by their record; after Temporal was restored, say")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	numbers := flags.Args()
	if *all == (len(numbers) > 0) {
		return errors.New("say which complaints: server revive NUMBER…, or server revive --all")
	}
	return withOffice(ctx, func(office *casework.Office) error {
		r := &reviving{office: office, out: out, until: time.Now().Add(restoredPatience)}
		if !*all {
			return r.these(ctx, numbers)
		}
		return r.all(ctx)
	})
}

// withOffice runs a command that needs the database and Temporal.
func withOffice(ctx context.Context, command func(*casework.Office) error) error {
	settings, logger, err := program.Begin(config.Command)
	if err != nil {
		return err
	}
	starting, started := context.WithTimeout(ctx, startPatience)
	defer started()
	to, err := program.Connect(starting, settings, logger, program.Wanted{})
	if err != nil {
		return err
	}
	defer to.Close()
	return command(officeOn(to, settings, logger))
}

// officeOn is casework on these connections, without what only the API needs.
func officeOn(to *program.Connections, settings config.Config, logger *slog.Logger) *casework.Office {
	lives := &casework.Lives{Temporal: to.Temporal, TaskQueue: settings.TemporalTaskQueue, Namespace: settings.TemporalNamespace, Patience: casework.UsualPatience}
	return &casework.Office{Stores: casework.StoresIn(to.Database), Rulebook: to.Rulebook, Lives: lives, Log: logger, Now: time.Now, StepCounts: settings.StepCounts}
}

// reviving counts what came of it.
type reviving struct {
	office *casework.Office
	out    io.Writer
	until  time.Time // when to stop asking again

	sync.Mutex
	whole, revived int
	stuck          error
}

// all revives all that live by their record.
func (r *reviving) all(ctx context.Context) error {
	for after := ""; ; {
		living, err := r.office.Confirmations.Living(ctx, after, readAtOnce)
		if err != nil {
			return err
		}
		var numbers []string
		for _, one := range living {
			after = one.Number
			numbers = append(numbers, one.Number)
		}
		r.ask(ctx, numbers)
		if len(living) < readAtOnce {
			return r.conclude()
		}
	}
}

func (r *reviving) these(ctx context.Context, numbers []string) error {
	r.ask(ctx, numbers)
	return r.conclude()
}

func (r *reviving) ask(ctx context.Context, numbers []string) {
	var group errgroup.Group
	group.SetLimit(reviveAtOnce)
	for _, number := range numbers {
		group.Go(func() error {
			var revived bool
			err := insist(ctx, r.until, func() (err error) {
				revived, err = r.office.Confirm(ctx, number)
				return err
			})
			r.Lock()
			defer r.Unlock()
			switch {
			case err != nil:
				r.stuck = errors.Join(r.stuck, fmt.Errorf("%s: %w", number, err))
			case revived:
				r.revived++
				_, _ = fmt.Fprintln(r.out, number, "goes on from its record.")
			default:
				r.whole++
			}
			return nil
		})
	}
	_ = group.Wait() // each has said what became of it
}

// insist asks again while no answer comes, until then.
func insist(ctx context.Context, until time.Time, ask func() error) error {
	for {
		err := ask()
		if !errors.Is(err, casework.ErrUnanswered) || time.Now().After(until) {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return err
		}
	}
}

func (r *reviving) conclude() error {
	_, err := fmt.Fprintf(r.out, "Where their record is: %d. Brought there: %d.\n", r.whole, r.revived)
	return errors.Join(err, r.stuck)
}
