package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
)

// standing is how a complaint stands after the demo.
type standing struct {
	*life
	now                    api.Complaint
	late                   bool // a deadline of it has lapsed, at any time
	messages, sent, failed int
}

// sayDirt tells what is wrong with rows: each kind once, with its lines.
func sayDirt(out io.Writer, found []dirty) {
	lines := map[string][]string{}
	rows := map[int]bool{}
	for _, d := range found {
		what := d.Reason + ": " + d.Done
		lines[what] = append(lines[what], fmt.Sprint(d.line))
		rows[d.line] = true
	}
	fmt.Fprintf(out, "Dirty, and told rather than dropped: %s.\n", phrase.Counted(len(rows), "row"))
	kinds := slices.SortedFunc(maps.Keys(lines), func(a, b string) int {
		return cmp.Or(len(lines[b])-len(lines[a]), strings.Compare(a, b))
	})
	for _, what := range kinds {
		fmt.Fprintf(out, "  %s (lines %s)\n", what, strings.Join(lines[what], ", "))
	}
}

// sum tells what happened, and where to look at it.
func (st *stage) sum(ctx context.Context, out io.Writer, s settings, lives []*life, troubles []trouble, took time.Duration) error {
	stands, err := st.look(ctx, lives, s.atOnce)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s in %s.\n", phrase.Counted(len(stands), "complaint"), took.Round(time.Second))
	sayTable(out, stands)
	sayFates(out, stands)
	if len(troubles) > 0 {
		fmt.Fprintf(out, "\nNot played to its end: %s.\n", phrase.Counted(len(troubles), "part"))
		for _, t := range troubles {
			fmt.Fprintf(out, "  line %d: %s\n", t.line, t.err)
		}
	}
	st.sayLinks(out, s, stands)
	return nil
}

// look reads how every complaint stands now.
func (st *stage) look(ctx context.Context, lives []*life, atOnce int) ([]standing, error) {
	var mu sync.Mutex
	var stands []standing
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, atOnce))
	for _, l := range lives {
		group.Go(func() error {
			one := standing{life: l}
			var err error
			if one.now, err = st.api.Complaint(ctx, l.reader, l.number); err != nil {
				return fmt.Errorf("read %s: %w", l.number, err)
			}
			clocks, err := st.api.Deadlines(ctx, l.reader, l.number)
			if err != nil {
				return fmt.Errorf("read the clocks of %s: %w", l.number, err)
			}
			one.late = slices.ContainsFunc(clocks, func(d api.DeadlineWithLedger) bool { return d.Deadline.Overdue })
			messages, err := st.api.Messages(ctx, l.reader, l.number)
			if err != nil {
				return fmt.Errorf("read the messages of %s: %w", l.number, err)
			}
			one.messages = len(messages)
			for _, m := range messages {
				switch m.State {
				case "sent":
					one.sent++
				case "failed":
					one.failed++
				}
			}
			mu.Lock()
			defer mu.Unlock()
			stands = append(stands, one)
			return nil
		})
	}
	err := group.Wait()
	slices.SortFunc(stands, func(a, b standing) int { return strings.Compare(a.number, b.number) })
	return stands, err
}

// sayTable counts by where complaints stand, for each procedure and in all.
func sayTable(out io.Writer, stands []standing) {
	of := func(procedure string, fits func(standing) bool) int {
		n := 0
		for _, s := range stands {
			if (procedure == "" || s.procedure() == procedure) && fits(s) {
				n++
			}
		}
		return n
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\n\t%s\t%s\tall\n", courier, realEstate)
	line := func(what string, fits func(standing) bool) {
		if all := of("", fits); all > 0 {
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", what, of(courier, fits), of(realEstate, fits), all)
		}
	}
	for _, at := range complaint.Stages() {
		line("stage "+string(at), func(s standing) bool { return string(s.now.Stage) == string(at) })
	}
	for _, outcome := range complaint.Outcomes() {
		line("  outcome "+string(outcome), func(s standing) bool { return s.now.Outcome == string(outcome) })
	}
	for tier := 1; tier <= 3; tier++ {
		line(fmt.Sprintf("tier %d", tier), func(s standing) bool { return s.now.Tier == tier })
	}
	line("late at any time", func(s standing) bool { return s.late })
	line("suspended", func(s standing) bool { return s.now.Suspended })
	line("declined twice or more", func(s standing) bool { return s.now.Declined >= 2 })
	line("all", func(standing) bool { return true })
	messages := func(count func(standing) int) (n [3]int) {
		for _, s := range stands {
			n[2] += count(s)
			if s.procedure() == courier {
				n[0] += count(s)
			} else {
				n[1] += count(s)
			}
		}
		return n
	}
	for _, kind := range []struct {
		what  string
		count func(standing) int
	}{{"messages", func(s standing) int { return s.messages }}, {"  of them sent", func(s standing) int { return s.sent }}, {"  of them failed", func(s standing) int { return s.failed }}} {
		if n := messages(kind.count); n[2] > 0 {
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", kind.what, n[0], n[1], n[2])
		}
	}
	_ = table.Flush()
}

// sayFates tells what the demo meant to show, with an example of each.
func sayFates(out io.Writer, stands []standing) {
	examples, counts := map[fate]string{}, map[fate]int{}
	for _, s := range stands {
		if counts[s.fate]++; examples[s.fate] == "" {
			examples[s.fate] = fmt.Sprintf("%s (%s, tier %d)", s.number, s.now.Stage, s.now.Tier)
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nwhat was played\tcomplaints\tfor example\n")
	for _, f := range slices.SortedFunc(maps.Keys(counts), func(a, b fate) int { return cmp.Or(counts[b]-counts[a], strings.Compare(string(a), string(b))) }) {
		fmt.Fprintf(table, "%s\t%d\t%s\n", f, counts[f], examples[f])
	}
	_ = table.Flush()
}

// sayLinks tells where to look; the commands work as printed.
func (st *stage) sayLinks(out io.Writer, s settings, stands []standing) {
	ui, namespace := cmp.Or(s.temporalUI, "http://127.0.0.1:8233"), cmp.Or(s.namespace, "recourse")
	fmt.Fprintf(out, "\nIn Temporal's UI:\n")
	for _, query := range []struct{ what, query string }{
		{"at the highest tier", "ComplaintTier = 3"},
		{"nobody has looked at", `ComplaintStage = "received" AND ExecutionStatus = "Running"`},
		{"resting until a date", "ComplaintSuspended = true"},
		{"emergencies", `ComplaintSeverity = "emergency"`},
	} {
		fmt.Fprintf(out, "  %s: %s/namespaces/%s/workflows?query=%s\n", query.what, ui, namespace, strings.ReplaceAll(url.QueryEscape(query.query), "+", "%20"))
	}
	if st.mail.address != "" {
		fmt.Fprintf(out, "What was sent: %s\n", st.mail.address)
	}
	fmt.Fprintf(out, "Through the API, as people see it:\n")
	curl := func(procedure string, role complaint.Role, path string) {
		fmt.Fprintf(out, "  curl -sS '%s%s' -H \"Authorization: Bearer $(cat '%s/%s')\"\n", st.api.Address, path, s.tokens, st.people.holder(procedure, role))
	}
	curl(courier, officesOf[courier].agent, "/v1/complaints?overdue=true&limit=20")
	curl(realEstate, officesOf[realEstate].director, "/v1/complaints?tier_min=3")
	curl(courier, officesOf[courier].agent, "/v1/tasks")
	curl(realEstate, officesOf[realEstate].serviceManager, "/v1/open-matters")
	for _, wanted := range []fate{declinedTwice, emergency} {
		for _, one := range stands {
			if one.fate == wanted {
				curl(one.procedure(), officesOf[one.procedure()].agent, "/v1/complaints/"+one.number+"/events")
				break
			}
		}
	}
}
