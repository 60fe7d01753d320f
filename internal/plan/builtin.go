package plan

import (
	"time"

	"recourse/internal/complaint"
)

// The clocks that every complaint has without its procedure naming them.

// awaitAnswer begins the wait for the customer's answer: reminders at the
// procedure's interval, then its last word.
func (p *planner) awaitAnswer(at time.Time) {
	rule := p.Procedure.CustomerAnswer
	d := p.builtIn(complaint.CustomerAnswerClock, at)
	d.Within = rule.Within.String()
	next := at
	for _, silence := range rule.IfSilent {
		next = p.Calendar.Due(next, rule.Within).At
		rung := complaint.Rung{Label: "silent", At: next.Add(p.spreadIf(rule.Within.InWorkingTime())), Tell: []complaint.Role{complaint.Owner}}
		switch {
		case silence.Proceed:
			rung.Label, rung.Does = "proceed", complaint.ProceedAnyway
		case silence.Close != "":
			rung.Label, rung.Does = "close", complaint.CloseUnresolved
		case !silence.Suspend.IsZero():
			next = p.Calendar.Due(next, silence.Suspend).At
			rung.Label, rung.Does, rung.Until = "suspend", complaint.SuspendComplaint, next
		default:
			rung.Label, rung.Does = "remind", complaint.RemindCustomer
			rung.Tell = []complaint.Role{complaint.CustomerRole, complaint.Owner}
		}
		d.Rungs = append(d.Rungs, rung)
	}
	d.DueAt = p.Calendar.Due(at, rule.Within).At
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

func (p *planner) spreadIf(working bool) time.Duration {
	if working {
		return spread(p.c.Number)
	}
	return 0
}

func (p *planner) builtIn(name string, at time.Time) complaint.Deadline {
	return complaint.Deadline{Name: name, Round: p.c.RoundsOf(name) + 1, StartedAt: at, State: complaint.Running,
		Calendar: p.Calendar.ID() + "@" + itoa(p.Calendar.Version())}
}

// planCallback begins the clock of the next callback: it opens at its earliest
// time and is due at its latest, both counted from entering the stage.
func (p *planner) planCallback() {
	plan, any := p.Procedure.FollowUp(p.caseOf())
	if !any || p.c.CallbacksMet >= len(plan.Callbacks) || p.c.CallbacksMet >= p.c.Callbacks {
		return
	}
	callback := plan.Callbacks[p.c.CallbacksMet]
	d := p.builtIn(complaint.CallbackClock, p.c.StageSince)
	d.Within, d.Until = callback.Within.String(), []string{"step call-back"}
	if !callback.NotBefore.IsZero() {
		d.OpensAt = p.Calendar.NotBefore(p.c.StageSince, callback.NotBefore).At
	}
	due := p.Calendar.Due(p.c.StageSince, callback.Within)
	d.DueAt, d.BeyondCovers = due.At, due.BeyondCovers
	p.ladder(&d, callback.Ladder.Rungs, callback.TellIn, callback.Within)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// spaceAttempts keeps the attempts of a callback apart: after one that reached
// nobody the next waits for the procedure's interval.
func (p *planner) spaceAttempts(e complaint.Event) {
	d, open := p.c.Deadline(complaint.CallbackClock)
	plan, any := p.Procedure.FollowUp(p.caseOf())
	ended := p.c.Attempts == 0 // that was the last attempt
	if !open || !any || ended || e.Step.Facts.Callback.Reached || plan.Attempts.Every.IsZero() {
		return
	}
	d.OpensAt = p.Calendar.Due(e.At, plan.Attempts.Every).At
	p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "next attempt"})
}

// callOut calls the emergency team out at once, on a clock of its own.
func (p *planner) callOut(at time.Time) {
	rule := p.Procedure.CallOut
	d := p.builtIn(complaint.CallOutClock, at)
	d.Within, d.Until = rule.Within.String(), []string{"step call-out-done"}
	due := p.Calendar.Due(at, rule.Within)
	d.DueAt, d.BeyondCovers = due.At, due.BeyondCovers
	p.ladder(&d, rule.Ladder.Rungs, rule.TellIn, rule.Within)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// watchMatter begins the clock of an open matter: the owner is reminded every
// month, and on its date the complaint goes on by itself. Its round is the number
// of the matter: of two that are open each ends on its own date.
func (p *planner) watchMatter(matter complaint.OpenMatter, at time.Time) {
	d := p.builtIn(complaint.OpenMatterClock, at)
	d.Round, d.DueAt = matter.Number, matter.Until
	const most = 24 // two years of months
	zone := p.Calendar.Zone()
	for i := 1; i <= most; i++ {
		month := at.In(zone).AddDate(0, i, 0).UTC()
		if !month.Before(matter.Until) {
			break
		}
		d.Rungs = append(d.Rungs, complaint.Rung{Label: "month " + itoa(i), At: p.Calendar.NextWorking(month),
			Tell: []complaint.Role{complaint.Owner}, Does: complaint.RemindOpenMatter})
	}
	d.Rungs = append(d.Rungs, complaint.Rung{Label: "until", At: matter.Until,
		Tell: []complaint.Role{complaint.Owner, complaint.Handler}, Does: complaint.ResumeComplaint})
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// watchOrder begins the clock of the newest written instruction (督办).
func (p *planner) watchOrder(at time.Time) {
	order := p.c.Orders[len(p.c.Orders)-1]
	d := p.builtIn(complaint.InstructionClock, at)
	d.Round = len(p.c.Orders)
	d.DueAt, d.Fixed = order.Due, true
	d.Rungs = []complaint.Rung{{Label: "due", At: order.Due, Lapses: true,
		Tell: []complaint.Role{complaint.Owner, complaint.ServiceManager}}}
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// keepPromise watches the date promised to the customer, where no deadline of
// the procedure runs to the agreed date.
func (p *planner) keepPromise(at time.Time) {
	if p.c.Proposal == nil || p.c.Proposal.Due == nil {
		return
	}
	for _, rule := range p.Procedure.Deadlines {
		if _, open := p.c.Deadline(rule.ID); open && rule.Within.Measure() == agreedMeasure {
			return
		}
	}
	d := p.builtIn(complaint.PromiseClock, at)
	d.DueAt, d.Fixed = *p.c.Proposal.Due, true
	d.Until = []string{"leaving implementing"}
	d.Rungs = []complaint.Rung{{Label: "due", At: d.DueAt, Lapses: true, Does: complaint.CountCustomerDate,
		Tell: []complaint.Role{complaint.Handler, complaint.Owner}}}
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

var agreedMeasure = duration("agreed").Measure()

// openWindows keeps a closed complaint open to reopening and appeal for as long
// as the procedure says; then its life ends.
func (p *planner) openWindows(at time.Time) {
	d := p.builtIn(complaint.ReopenClock, at)
	var reopen, appeal time.Time
	if rule := p.Procedure.Reopen; rule != nil {
		reopen = p.Calendar.Due(at, rule.Within).At
	}
	if rule := p.Procedure.Appeal; rule != nil {
		appeal = p.Calendar.Due(at, rule.Within).At
	}
	windows := []complaint.Rung{{Label: "reopen", At: reopen}, {Label: "appeal", At: appeal}}
	if appeal.Before(reopen) {
		windows[0], windows[1] = windows[1], windows[0]
	}
	end := at
	for _, w := range windows {
		if !w.At.IsZero() {
			d.Rungs, end = append(d.Rungs, w), w.At
		}
	}
	d.DueAt = end
	d.Rungs = append(d.Rungs, complaint.Rung{Label: "end", At: end, Does: complaint.EndLife})
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}
