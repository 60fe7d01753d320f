package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"google.golang.org/protobuf/proto"
)

// report prints what was measured, and whether it is what it should be.
func (b *bench) report(ctx context.Context, idle cost, contests []contest, rungs []round) error {
	var version string
	if err := b.database.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return fmt.Errorf("ask PostgreSQL for its version: %w", err)
	}
	say("\nPostgreSQL %s, %d cores, everything on this machine; commits wait for the disk; mail is delivered meanwhile.", version, runtime.NumCPU())
	for _, c := range contests {
		c.print()
	}
	for _, c := range contests {
		c.printSpending(idle)
		if err := b.printSplit(ctx, c); err != nil {
			return err
		}
	}
	printLadder(rungs)
	return b.printHistories(ctx, contests)
}

// printLadder says what Temporal asks for each thing that a step of Recourse asks of it.
func printLadder(rungs []round) {
	if len(rungs) == 0 {
		return
	}
	say("\nWHAT TEMPORAL ASKS for a complaint of %d updates, nothing of Recourse in it", len(floorSteps))
	table(func(row func(...any)) {
		row("", "complaints/s", "of the floor's", "update p50", temporalServer, temporalDatabase, "PostgreSQL's log")
		for i, r := range rungs {
			each := func(total float64) float64 { return total / float64(r.complaints) }
			row(ladder[i].Name, fmt.Sprintf("%.1f", r.perSecond()), fmt.Sprintf("%.2f", r.perSecond()/rungs[0].perSecond()),
				milliseconds(percentile(r.steps(), .5)),
				fmt.Sprintf("%.1f ms CPU", each(float64(r.cost.cpu[temporalServer])/1e6)), fmt.Sprintf("%.1f ms CPU", each(float64(r.cost.cpu[temporalDatabase])/1e6)),
				fmt.Sprintf("%.0f KB", each(float64(r.cost.log)/1024)))
		}
	})
}

// table prints aligned columns.
func table(write func(row func(cells ...any))) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	write(func(cells ...any) {
		texts := make([]string, len(cells))
		for i, cell := range cells {
			texts[i] = fmt.Sprint(cell)
		}
		fmt.Fprintln(w, "  "+strings.Join(texts, "\t"))
	})
	w.Flush()
}

func (c contest) print() {
	say("\n%s, %d rounds of %s", strings.ToUpper(callersOf(c.callers)), len(c.floor), c.floor[0].window)
	table(func(row func(...any)) {
		row("", "complaints/s", "step p50", "step p99", "of which")
		for _, side := range []struct {
			name   string
			rounds []round
		}{{"floor: bare updates", c.floor}, {"Recourse over HTTP", c.recourse}} {
			steps := together(side.rounds).steps()
			row(side.name, spread(side.rounds, round.perSecond, 1), milliseconds(percentile(steps, .5)), milliseconds(percentile(steps, .99)), calls(side.rounds))
		}
	})
	if unanswered := together(c.recourse).unanswered; unanswered > 0 {
		say("  %d complaints were not answered in time and don't count", unanswered)
	}
	ratios := c.each(func(floor, recourse round) float64 { return recourse.perSecond() / floor.perSecond() })
	steps := c.each(func(floor, recourse round) float64 {
		return float64(percentile(recourse.steps(), .5)) / float64(percentile(floor.steps(), .5))
	})
	if c.callers == 1 {
		say("  a step ÷ a bare update (p50): %s; the target is at most %.2f: %s", summary(steps, 2), targetStep, verdict(median(steps) <= targetStep))
		say("  complaints/s ÷ the floor's: %s", summary(ratios, 2))
		return
	}
	say("  complaints/s ÷ the floor's: %s; the target is at least %.2f: %s", summary(ratios, 2), targetRatio, verdict(median(ratios) >= targetRatio))
	say("  a step ÷ a bare update (p50): %s", summary(steps, 2))
}

// each compares the two sides round by round.
func (c contest) each(compare func(floor, recourse round) float64) []float64 {
	var all []float64
	for i := range c.recourse {
		all = append(all, compare(c.floor[i], c.recourse[i]))
	}
	return all
}

func verdict(reached bool) string {
	if reached {
		return "reached"
	}
	return "MISSED"
}

func together(rounds []round) round {
	var whole round
	for _, r := range rounds {
		whole.complaints += r.complaints
		whole.unanswered += r.unanswered
		whole.window += r.window
		whole.calls = append(whole.calls, r.calls...)
	}
	return whole
}

// calls are the medians of each kind of call, in the order in which they are made.
func calls(rounds []round) string {
	all := together(rounds).calls
	var names, parts []string
	for _, c := range all {
		if !slices.Contains(names, c.name) {
			names = append(names, c.name)
		}
		if len(names) == len(journey) {
			break
		}
	}
	for _, name := range names {
		parts = append(parts, name+" "+milliseconds(percentile(took(all, func(c call) bool { return c.name == name }), .5)))
	}
	return strings.Join(parts, ", ")
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }

func spread(rounds []round, of func(round) float64, digits int) string {
	var all []float64
	for _, r := range rounds {
		all = append(all, of(r))
	}
	return summary(all, digits)
}

// summary is the median with the least and the greatest.
func summary(values []float64, digits int) string {
	return fmt.Sprintf("%.*f (%.*f–%.*f)", digits, median(values), digits, slices.Min(values), digits, slices.Max(values))
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// printSpending says where the machine's time goes: processor time for each complaint, program by
// program.
func (c contest) printSpending(idle cost) {
	say("\nWHERE IT GOES, %s, for each complaint", callersOf(c.callers))
	per := func(rounds []round, of func(cost) float64) float64 {
		var sum, complaints float64
		for _, r := range rounds {
			sum += of(r.cost)
			complaints += float64(r.complaints)
		}
		return sum / complaints
	}
	table(func(row func(...any)) {
		row("", "floor", "Recourse", "difference", "a second without calls")
		line := func(name, unit string, of func(cost) float64) {
			floor, recourse := per(c.floor, of), per(c.recourse, of)
			row(name, fmt.Sprintf("%.1f %s", floor, unit), fmt.Sprintf("%.1f %s", recourse, unit), fmt.Sprintf("%+.1f", recourse-floor),
				fmt.Sprintf("%.1f %s", of(idle)/restFor.Seconds(), unit))
		}
		if len(c.floor[0].cost.cpu) > 0 {
			for _, program := range programs {
				line(program, "ms CPU", func(spent cost) float64 { return float64(spent.cpu[program]) / 1e6 })
			}
			line("all", "ms CPU", allPrograms)
		}
		line("transactions of Temporal", "", func(spent cost) float64 {
			return float64(spent.commits["temporal"] + spent.commits["temporal_visibility"])
		})
		line("transactions of Recourse", "", func(spent cost) float64 { return float64(spent.commits["recourse"]) })
		line("PostgreSQL's log", "KB", func(spent cost) float64 { return float64(spent.log) / 1024 })
		line("messages sent", "", func(spent cost) float64 { return float64(spent.sent) })
	})
	if recourse := per(c.recourse, allPrograms); recourse > 0 {
		say("  the floor's processor time ÷ Recourse's: %.2f", per(c.floor, allPrograms)/recourse)
	}
	say("  messages still waiting at the end of a round: %s", spread(c.recourse, func(r round) float64 { return float64(r.waiting) }, 0))
}

// allPrograms is their processor time in milliseconds.
func allPrograms(spent cost) (all float64) {
	for _, used := range spent.cpu {
		all += float64(used) / 1e6
	}
	return all
}

// printSplit follows the steps of Recourse through the database, whose clock is ours: when the
// submission was stored, when the step was on the record, and when the caller had the answer.
func (b *bench) printSplit(ctx context.Context, c contest) error {
	rows, err := b.database.Query(ctx, `SELECT s.number, s.step, s.stored_at, w.written_at FROM submissions s JOIN writes w ON w.submission = s.id`)
	if err != nil {
		return fmt.Errorf("read when steps were stored and written: %w", err)
	}
	defer rows.Close()
	type moments struct{ stored, written time.Time }
	known := map[[2]string]moments{}
	for rows.Next() {
		var number, step string
		var m moments
		if err := rows.Scan(&number, &step, &m.stored, &m.written); err != nil {
			return fmt.Errorf("read when steps were stored and written: %w", err)
		}
		known[[2]string{number, step}] = m
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read when steps were stored and written: %w", err)
	}
	stepOf := map[string]string{}
	for _, leg := range journey {
		stepOf[leg.name] = string(leg.step)
	}
	var arriving, deciding, answering []time.Duration
	for _, one := range together(c.recourse).calls {
		m, found := known[[2]string{one.complaint, stepOf[one.name]}]
		if !found {
			continue
		}
		arriving = append(arriving, m.stored.Sub(one.began))
		deciding = append(deciding, m.written.Sub(m.stored))
		answering = append(answering, one.ended.Sub(m.written))
	}
	say("  a step's time (p50, p99):")
	table(func(row func(...any)) {
		for _, part := range []struct {
			name string
			took []time.Duration
		}{
			{"  HTTP, token, checks, until the submission's transaction", arriving},
			{"  submission stored, update through Temporal to the worker, planned, until the record's transaction", deciding},
			{"  record written, workflow task completed, answered", answering},
		} {
			slices.Sort(part.took)
			row(part.name, milliseconds(percentile(part.took, .5)), milliseconds(percentile(part.took, .99)))
		}
	})
	return nil
}

// printHistories counts the events of the last complaint of each side.
func (b *bench) printHistories(ctx context.Context, contests []contest) error {
	if len(contests) == 0 {
		return nil
	}
	say("\nHISTORY of one complaint of %d steps", len(floorSteps))
	last := contests[len(contests)-1]
	for _, side := range []struct {
		name   string
		rounds []round
	}{{"floor", last.floor}, {"Recourse", last.recourse}} {
		var id string
		for _, c := range together(side.rounds).calls {
			if c.name == floorSteps[len(floorSteps)-1] || c.name == "resolve" {
				id = c.complaint
			}
		}
		counts, sizes := map[string]int{}, map[string]int{}
		total, bytes := 0, 0
		events := b.temporal.GetWorkflowHistory(ctx, id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				return fmt.Errorf("read the history of %s: %w", id, err)
			}
			kind, size := event.GetEventType().String(), proto.Size(event)
			counts[kind]++
			sizes[kind] += size
			total++
			bytes += size
		}
		var parts []string
		for name, count := range counts {
			parts = append(parts, fmt.Sprintf("%d %s (%.1f KB)", count, name, float64(sizes[name])/1024))
		}
		slices.Sort(parts)
		say("  %s: %d events, %.1f KB, %d workflow tasks\n    %s", side.name, total, float64(bytes)/1024, counts["WorkflowTaskCompleted"], strings.Join(parts, ", "))
	}
	return nil
}
