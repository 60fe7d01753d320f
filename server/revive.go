package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"iter"
	"log/slog"
	"time"

	"recourse/internal/casework"
	"recourse/internal/config"
	"recourse/internal/program"
)

// readAtOnce is how many complaints are read at a time where all are meant.
const readAtOnce = 1000

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
		those := withSeveral(out)
		for number, err := range meant(ctx, office, numbers) {
			if err != nil {
				return errors.Join(err, those.group.Wait())
			}
			those.one(ctx, number, func() (revived bool, err error) {
				if revived, err = office.Confirm(ctx, number); revived && err == nil {
					err = those.say(number + " goes on from its record.")
				}
				return revived, err
			})
		}
		return those.conclude("Where their record is: %[2]d. Brought there: %[1]d.")
	})
}

// meant are the complaints named, or, where none is, all that live by their record.
func meant(ctx context.Context, office *casework.Office, numbers []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, number := range numbers {
			if !yield(number, nil) {
				return
			}
		}
		for after, more := "", len(numbers) == 0; more; {
			living, err := office.Confirmations.Living(ctx, after, readAtOnce)
			if err != nil {
				yield("", err)
				return
			}
			for _, one := range living {
				if after = one.Number; !yield(after, nil) {
					return
				}
			}
			more = len(living) == readAtOnce
		}
	}
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
