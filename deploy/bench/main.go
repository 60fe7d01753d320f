// Bench measures, side by side on one PostgreSQL and one Temporal of its own, what a complaint
// costs: (a) the floor, a bare workflow that takes as many bare updates as a complaint takes steps,
// and (b) the same through the whole of Recourse: register, assign, resolve and read over HTTP. The
// ratio of the two says how much of what the machine can do is left after records, clocks, messages
// and rights. "make bench" runs it.
//
// The server, the worker, the floor's worker and the mail sink are processes of their own, as in
// production. The two sides take turns in short rounds, so that what else the machine does hits
// both. Commits wait for the disk, and mail is delivered while it measures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"recourse/deploy/process"
)

// The targets: what is left of the floor's throughput with many callers, and how much longer a step
// may take than a bare update with one.
const (
	targetRatio = 0.75
	targetStep  = 1.5
)

// plan says how long and how hard is measured.
type plan struct {
	rounds  int
	callers int           // of the crowded rounds
	one     time.Duration // of each round with one caller
	many    time.Duration // of each round with many callers
	rung    time.Duration // of each rung between the two sides, with many callers
	warmUp  time.Duration // before the first round of each side and number of callers
	profile string        // a directory for CPU profiles; empty for none
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil
	stop()
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	if interrupted && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func run(ctx context.Context, arguments []string) error {
	if err := process.EndWithParent(); err != nil {
		return err
	}
	if len(arguments) > 0 && roles[arguments[0]] != nil {
		return roles[arguments[0]](ctx, arguments[1:])
	}
	p := plan{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&p.rounds, "rounds", 3, "how often the two sides take turns")
	flags.IntVar(&p.callers, "callers", 32, "how many callers there are at the same time in the crowded rounds")
	flags.DurationVar(&p.one, "one", 6*time.Second, "how long each round with one caller lasts; 0 leaves them out")
	flags.DurationVar(&p.many, "many", 10*time.Second, "how long each round with many callers lasts; 0 leaves them out")
	flags.DurationVar(&p.rung, "rung", 4*time.Second, "how long each rung between the floor and Recourse lasts; 0 leaves them out")
	flags.DurationVar(&p.warmUp, "warm-up", 3*time.Second, "how long each side runs before its first round")
	flags.StringVar(&p.profile, "profile", "", "a directory to which CPU profiles of the server and the worker under load are written")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 || p.rounds < 1 || p.callers < 1 {
		return errors.New("nothing is expected but flags, with at least one round and one caller; see -help")
	}
	return measure(ctx, p)
}

// measure brings everything up, lets the sides take turns, prints what came of it, and takes
// everything down.
func measure(ctx context.Context, p plan) (err error) {
	began := time.Now()
	b, err := start(ctx, p.profile != "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	say("Ready after %s", time.Since(began).Round(time.Second))

	idle, err := b.rest(ctx)
	if err != nil {
		return err
	}
	var results []contest
	for _, size := range []struct {
		callers int
		window  time.Duration
	}{{1, p.one}, {p.callers, p.many}} {
		if size.window == 0 {
			continue
		}
		c, err := b.contest(ctx, p, size.callers, size.window)
		if err != nil {
			return err
		}
		results = append(results, c)
	}
	var rungs []round
	if p.rung > 0 {
		if rungs, err = b.climb(ctx, p); err != nil {
			return err
		}
	}
	return b.report(ctx, idle, results, rungs)
}

func say(format string, arguments ...any) { fmt.Printf(format+"\n", arguments...) }
