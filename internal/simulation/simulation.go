// Package simulation lives a complaint through, without Temporal and without a
// database: a queue of steps and rungs, taken in their order, and what follows from
// each. It shows what would happen if nobody acted, or if given steps came at given
// times. The life is that of the workflow (complaint.Unfold), and what the procedure
// makes of it that of the activity (plan.Rules), so it says what would happen.
package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/plan"
)

// Request says what to simulate.
type Request struct {
	Rules plan.Rules
	// Number is the complaint's number in the timeline; "SIMULATED-1" when empty.
	Number string
	// Start is when the complaint is registered; its zone doesn't matter.
	Start time.Time
	// Registration is the step that begins it; its At is Start unless given.
	Registration complaint.Step
	// Steps come at their times, in any order; each At must not lie before Start.
	Steps []complaint.Step
	// Until ends the simulation; the zero time lets it run until the complaint's
	// life is over, at most for Longest, or until nothing comes any more but that whoever was
	// called last is asked again.
	Until time.Time
}

// Longest is how far a simulation looks ahead.
const Longest = 3 * 365 * 24 * time.Hour

// MostSteps is how many steps a simulation takes.
const MostSteps = 200

// mostWrites bounds what one simulation computes, whatever the procedure says.
const mostWrites = 10_000

// ErrTooLong is returned for a request beyond Longest or MostSteps, and for a life that doesn't
// end.
var ErrTooLong = errors.New("the simulation is too long")

// Timeline is what would happen, in order.
type Timeline struct {
	Number  string
	Entries []Entry
	// Complaint is the complaint at the end.
	Complaint complaint.Complaint
}

// Entry is one event of the timeline: a step, a rung, a stage, a message.
type Entry struct {
	complaint.Event
	// Refused is why a step that was to come wasn't taken.
	Refused *complaint.Refusal
}

// Run simulates a complaint. It errs with ErrTooLong, with the context's error, or
// because a step comes before the registration.
func Run(ctx context.Context, request Request) (Timeline, error) {
	request.Number = cmp.Or(request.Number, "SIMULATED-1")
	if request.Registration.At.IsZero() {
		request.Registration.At = request.Start
	}
	endless := request.Until.IsZero()
	if endless {
		request.Until = request.Start.Add(Longest)
	}
	if err := request.check(); err != nil {
		return Timeline{}, err
	}
	l := &life{rules: request.Rules, now: request.Start, complaint: complaint.Complaint{Number: request.Number}}
	l.steps = append([]complaint.Step{request.Registration}, request.Steps...)
	slices.SortStableFunc(l.steps, func(a, b complaint.Step) int { return a.At.Compare(b.At) })
	for i := range l.steps {
		l.steps[i].Submission = fmt.Sprintf("step-%03d", i+1)
	}
	for writes := 0; !(endless && l.onlyAsksAgain()) && l.next(request.Until); writes++ {
		if writes > mostWrites {
			return Timeline{}, fmt.Errorf("simulate %s: after %d steps and rungs it still goes on: %w", request.Rules.Procedure.ID, writes, ErrTooLong)
		}
		if err := ctx.Err(); err != nil {
			return Timeline{}, err
		}
	}
	slices.SortStableFunc(l.entries, func(a, b Entry) int { return a.At.Compare(b.At) }) // what was heard before it was registered
	return Timeline{Number: request.Number, Entries: l.entries, Complaint: l.complaint}, nil
}

// onlyAsksAgain reports whether nothing is to come any more but that whoever was called last is
// asked again, as they were a few times already.
func (l *life) onlyAsksAgain() bool {
	const few = 3
	if len(l.steps) > 0 || l.complaint.RoundsOf(complaint.AskAgainClock) <= few {
		return false
	}
	for _, d := range l.complaint.Deadlines {
		if d.Name != complaint.AskAgainClock && slices.ContainsFunc(d.Rungs, func(r complaint.Rung) bool { return !r.Done() }) {
			return false
		}
	}
	return !slices.ContainsFunc(l.sides, func(s side) bool { return s.fired < len(s.task.Rungs) })
}

func (r Request) check() error {
	if len(r.Steps) > MostSteps {
		return fmt.Errorf("%d steps are given, %d are taken: %w", len(r.Steps), MostSteps, ErrTooLong)
	}
	if r.Until.After(r.Start.Add(Longest)) {
		return fmt.Errorf("until %s lies more than three years after the start: %w", r.Until.Format(time.DateOnly), ErrTooLong)
	}
	for i, s := range r.Steps {
		if s.At.Before(r.Start) {
			return fmt.Errorf("step %d (%s) comes at %s, before the complaint is registered at %s",
				i+1, s.Name, s.At.Format(time.RFC3339), r.Start.Format(time.RFC3339))
		}
	}
	return nil
}

// life is one complaint as it is lived through.
type life struct {
	rules     plan.Rules
	complaint complaint.Complaint
	now       time.Time
	steps     []complaint.Step // still to come, in their order
	sides     []side
	reports   int
	entries   []Entry
}

// side is a process beside the complaint. Nobody takes its steps here: the rungs of
// its first one's clock fire.
type side struct {
	kind, id string
	task     complaint.SideTask
	fired    int
}

// next lets the earliest thing happen that is still to come: a step before a rung of
// the same time, as clocks count from when a step was stored. It returns false when
// nothing comes until then.
func (l *life) next(until time.Time) bool {
	const none, step, rung, sideRung = 0, 1, 2, 3
	first, at, which := none, until, -1
	ref, armed := l.complaint.NextRung()
	for i, s := range l.sides {
		if s.fired < len(s.task.Rungs) && s.task.Rungs[s.fired].At.Before(at) {
			first, at, which = sideRung, s.task.Rungs[s.fired].At, i
		}
	}
	if armed && !ref.At.After(at) {
		first, at = rung, ref.At
	}
	if len(l.steps) > 0 && !l.steps[0].At.After(at) {
		first, at = step, l.steps[0].At
	}
	if at.After(l.now) {
		l.now = at
	}
	switch first {
	case step:
		s := l.steps[0]
		l.steps = l.steps[1:]
		l.take(s)
	case rung:
		_, fires, _ := l.complaint.Rung(ref)
		l.write(complaint.Event{Kind: complaint.RungFired, At: l.now, By: complaint.Clock, Rung: &ref, Tier: fires.Tier})
	case sideRung:
		s := &l.sides[which]
		s.fired++
		l.report(*s, s.task.Rungs[s.fired-1])
	}
	return first != none
}

// take takes a step as the workflow would, or notes why it refuses it.
func (l *life) take(s complaint.Step) {
	refusal := l.complaint.Check(s)
	if refusal == nil && l.complaint.Over() {
		refusal = &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Step: s.Name, Stage: complaint.Closed}
	}
	if refusal == nil {
		l.write(complaint.Event{Kind: complaint.StepTaken, At: s.At, By: s.By.Person, Step: &s})
		return
	}
	l.entries = append(l.entries, Entry{Refused: refusal, Event: complaint.Event{Kind: complaint.StepRefused, At: s.At, By: s.By.Person,
		Step: &s, Code: string(refusal.Code), Reason: refusal.Reason}})
}

// write is one wait of the workflow: what a cause leads to, and what the procedure makes of it.
func (l *life) write(cause complaint.Event) {
	w := complaint.Write{Before: l.complaint.Recorded, PeopleBefore: l.complaint.Clone().People}
	w.Happened = l.complaint.Unfold(cause)
	w.Complaint = l.complaint
	followed := l.rules.Follow(w)
	for _, e := range followed.Rows() {
		l.entries = append(l.entries, Entry{Event: e})
	}
	l.complaint = followed.Complaint
	for _, e := range followed.Decided {
		if e.Kind == complaint.SideStarted {
			l.begin(*e.Side)
		}
	}
}

// begin begins a process beside the complaint, which tells where it stands.
func (l *life) begin(started complaint.Side) {
	c := &l.complaint
	task := l.rules.SideStep(complaint.SideQuestion{Number: c.Number, Procedure: c.Terms.Procedure, Version: c.Terms.Version, Kind: started.Kind,
		Steps: started.Steps, At: l.now, Department: c.People.Department, Subjects: c.KeptOut(), SeenBy: c.People.SeenBy})
	s := side{kind: started.Kind, id: started.ID, task: task}
	l.sides = append(l.sides, s)
	l.report(s, complaint.Rung{})
}

func (l *life) report(s side, rung complaint.Rung) {
	l.reports++
	report := s.task.Report(s.kind, s.id, rung)
	l.take(complaint.Step{Name: complaint.Report, Submission: fmt.Sprintf("report-%03d", l.reports), By: complaint.Actor{Person: complaint.Procedure},
		At: l.now, Facts: complaint.Facts{Report: &report}})
}
