package view

import (
	"strconv"
	"strings"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/internal/words"
)

func (r Reader) deadlines(open []complaint.Deadline) []api.Deadline {
	shown := make([]api.Deadline, 0, len(open))
	for _, d := range open {
		shown = append(shown, r.deadline(d))
	}
	return shown
}

func (r Reader) deadline(d complaint.Deadline) api.Deadline {
	shown := api.Deadline{
		Name: d.Name, Label: r.clockName(d.Name), Round: d.Round, Within: d.Within,
		State: api.DeadlineState(d.State), StateLabel: phrase.Label(phrase.ClockState, string(d.State), r.Language),
		StartedAt: d.StartedAt, DueAt: d.DueAt, Overdue: d.Late(r.Now),
		LapsedAt: orZero(d.LapsedAt), PausedAt: orZero(d.PausedAt), EndedAt: orZero(d.EndedAt),
		BeyondCovers: d.BeyondCovers, Calendar: d.Calendar, Fixed: d.Fixed, Tier: d.Tier(),
	}
	if r.Rules != nil {
		rule, _ := r.Rules.Deadline(d.Name)
		shown.By = string(rule.By)
	}
	for _, rung := range d.Rungs {
		one := api.Rung{Label: rung.Label, At: rung.At, Tier: rung.Tier, Ask: rung.Ask, Does: string(rung.Does), FiredAt: orZero(rung.FiredAt), Skipped: rung.Skipped}
		for _, role := range rung.Tell {
			one.Tell = append(one.Tell, string(role))
		}
		shown.Rungs = append(shown.Rungs, one)
	}
	return shown
}

// Clocks are all clocks of a complaint, each with what happened to it. Open are those that run,
// causes the steps that changed clocks, by the places in the record of those changes, and said the
// complaint's submissions.
func (r Reader) Clocks(clocks []reading.Clock, open []complaint.Deadline, causes map[int]complaint.Event, said []submission.Stored) api.DeadlineList {
	reasons := map[string]string{}
	for _, one := range said {
		if written, err := words.Read[words.Plain](one.Body); err == nil {
			reasons[one.ID] = written.Reason
		}
	}
	list := api.DeadlineList{Deadlines: []api.DeadlineWithLedger{}}
	for _, clock := range clocks {
		list.Deadlines = append(list.Deadlines, api.DeadlineWithLedger{Deadline: r.clock(clock, open), Ledger: r.ledger(clock, causes, reasons)})
	}
	return list
}

// clock is a round of a deadline; while it is open, with its ladder.
func (r Reader) clock(clock reading.Clock, open []complaint.Deadline) api.Deadline {
	for _, d := range open {
		if d.Name == clock.Name && d.Round == clock.Round {
			return r.deadline(d)
		}
	}
	d := complaint.Deadline{Name: clock.Name, Round: clock.Round, Within: clock.Within, Calendar: clock.Calendar, StartedAt: clock.StartedAt,
		DueAt: clock.DueAt, State: clock.State, EndedAt: clock.EndedAt, LapsedAt: clock.LapsedAt, PausedAt: clock.PausedAt}
	if last := len(clock.Ledger) - 1; last >= 0 && clock.Ledger[last].Deadline != nil {
		d.Rungs, d.Fixed, d.BeyondCovers = clock.Ledger[last].Deadline.Rungs, clock.Ledger[last].Deadline.Fixed, clock.Ledger[last].Deadline.BeyondCovers
	}
	shown := r.deadline(d)
	shown.Tier = clock.Tier
	return shown
}

// ledger is what happened to a clock. Each entry says when the clock was due after it, and who
// wanted it so and why.
func (r Reader) ledger(clock reading.Clock, causes map[int]complaint.Event, reasons map[string]string) []api.LedgerEntry {
	entries := []api.LedgerEntry{}
	due, known := clock.StartedAt, ladders{}
	for _, row := range clock.Ledger {
		if row.Deadline != nil {
			due = row.Deadline.DueAt
		}
		known.learn(row.Event)
		entry := api.LedgerEntry{Sequence: row.Sequence, At: row.At, By: r.Person(row.By), What: change(row.Event), DueAt: due}
		if row.Rung != nil {
			entry.Rung = known.rung(*row.Rung).Label
		}
		entry.Text = phrase.Sentence(phrase.Change, entry.What, r.Language, "rung", rungName(entry.Rung, r.Language))
		if taken, there := causes[row.Sequence]; there {
			entry.By, entry.Reason = r.Person(taken.By), reasons[taken.Step.Submission]
		}
		entries = append(entries, entry)
	}
	return entries
}

// changes are the codes of phrase.Change for what the procedure says of a change.
var changes = strings.NewReplacer("re-based", "rebased", " ", "_")

// change is what an event did to a clock, as a code of phrase.Change.
func change(e complaint.Event) string {
	switch code := changes.Replace(e.Code); {
	case e.Kind == complaint.DeadlineStarted:
		return "started"
	case e.Kind == complaint.DeadlineEnded && e.Deadline != nil:
		return string(e.Deadline.State)
	case e.Kind == complaint.RungFired:
		return "rung_fired"
	case e.Kind == complaint.RungSkipped:
		return "rung_skipped"
	case phrase.Has(phrase.Change, code):
		return code
	}
	return "changed"
}

// ladders are the rungs of clocks, by name and round; events name a rung by its place.
type ladders map[string][]complaint.Rung

func laddersOf(open []complaint.Deadline) ladders {
	known := ladders{}
	for _, d := range open {
		known[clockKey(d.Name, d.Round)] = d.Rungs
	}
	return known
}

func (l ladders) learn(e complaint.Event) {
	if e.Deadline != nil {
		l[clockKey(e.Deadline.Name, e.Deadline.Round)] = e.Deadline.Rungs
	}
}

// rung is what an event's reference means; only its place in the ladder is known of a clock that
// ended long ago.
func (l ladders) rung(ref complaint.RungRef) complaint.Rung {
	if ladder := l[clockKey(ref.Deadline, ref.Round)]; ref.Rung < len(ladder) {
		return ladder[ref.Rung]
	}
	return complaint.Rung{Label: strconv.Itoa(ref.Rung + 1)}
}

func clockKey(name string, round int) string { return name + "/" + strconv.Itoa(round) }
