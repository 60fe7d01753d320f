package plan

import (
	"strconv"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// clock is a clock that every complaint has without its procedure naming it.
type clock struct {
	name   string
	label  bilingual.Text
	begins func(complaint.Event) bool // what starts it
	begin  func(complaint.Event)
	ends   func(complaint.Deadline, complaint.Event) bool
}

// clocks are the built-in clocks, an entry each. The time that a rung counts to, and
// what it does, stand in the function that begins the clock.
func (p *planner) clocks() []clock {
	return []clock{
		{complaint.CustomerAnswerClock, bilingual.Text{English: "The customer's answer", Chinese: "客户答复"},
			func(e complaint.Event) bool {
				return entering(complaint.AwaitingCustomer)(e) && !p.c.WaitsForCall() || p.toldNow(complaint.AwaitingCustomer, complaint.CustomerAnswerClock, e)
			},
			p.awaitAnswer,
			func(_ complaint.Deadline, e complaint.Event) bool { return leaving(complaint.AwaitingCustomer)(e) }},
		{complaint.CallbackClock, bilingual.Text{English: "Callback", Chinese: "回访"},
			func(e complaint.Event) bool {
				return entering(complaint.FollowingUp)(e) || callbackEnded(e) && e.Rating != complaint.Dissatisfied
			},
			p.planCallback,
			func(_ complaint.Deadline, e complaint.Event) bool { return callbackEnded(e) }},
		{complaint.ReopenClock, bilingual.Text{English: "Time to reopen or appeal", Chinese: "重新办理或申诉期限"},
			func(e complaint.Event) bool {
				return entering(complaint.Closed)(e) && !p.c.WaitsForCall() || p.toldNow(complaint.Closed, complaint.ReopenClock, e)
			}, p.openWindows,
			func(_ complaint.Deadline, e complaint.Event) bool {
				return taking(complaint.Reopen)(e) || taking(complaint.Appeal)(e)
			}},
		{complaint.PromiseClock, bilingual.Text{English: "The date promised to the customer", Chinese: "对客户的承诺时限"},
			entering(complaint.Implementing), p.keepPromise,
			func(_ complaint.Deadline, e complaint.Event) bool { return leaving(complaint.Implementing)(e) }},
		{complaint.OpenMatterClock, bilingual.Text{English: "Open matter", Chinese: "未了事宜"},
			func(e complaint.Event) bool { return e.Kind == complaint.Suspended }, p.watchMatter,
			func(d complaint.Deadline, e complaint.Event) bool {
				return e.Kind == complaint.Resumed && d.Round == e.Matter.Number
			}},
		{complaint.InstructionClock, bilingual.Text{English: "Written order", Chinese: "督办"},
			taking(complaint.Instruct), p.watchOrder,
			func(d complaint.Deadline, _ complaint.Event) bool {
				return d.Round <= len(p.c.Orders) && p.c.Orders[d.Round-1].Answered
			}},
		{complaint.EscalationClock, bilingual.Text{English: "Escalated by hand", Chinese: "人工升级"},
			calledByHand, p.watchEscalation,
			func(d complaint.Deadline, e complaint.Event) bool {
				acts := taking(complaint.TakeOver)(e) || taking(complaint.Instruct)(e) || e.Kind == complaint.StageEntered
				return acts || e.Kind == complaint.RungSkipped && e.Rung.Deadline == d.Name && e.Rung.Round == d.Round
			}},
		{complaint.TellByPhoneClock, bilingual.Text{English: "Tell the customer by phone", Chinese: "电话告知客户"},
			func(e complaint.Event) bool {
				begins := taking(complaint.Undelivered)(e) || entering(complaint.AwaitingCustomer)(e) || entering(complaint.Closed)(e)
				return begins && p.c.WaitsForCall()
			}, p.tellByPhone,
			func(_ complaint.Deadline, e complaint.Event) bool {
				return e.Kind == complaint.StepTaken && p.c.Told(*e.Step)
			}},
		{complaint.AskAgainClock, bilingual.Text{English: "Asked again", Chinese: "再次催办"},
			never, nil, // askAgain keeps it: it depends on all the others
			func(complaint.Deadline, complaint.Event) bool { return false }},
		{complaint.CallOutClock, bilingual.Text{English: "Emergency call-out", Chinese: "紧急出动"},
			func(e complaint.Event) bool {
				return screened(e) && p.c.CallOut == "" && p.c.Screening.Valid && p.Procedure.NeedsCallOut(&p.c)
			}, p.callOut,
			func(_ complaint.Deadline, e complaint.Event) bool { return taking(complaint.CallOutDone)(e) }},
	}
}

// builtIn is the built-in clock of a name.
func (p *planner) builtIn(name string) (clock, bool) {
	for _, c := range p.clocks() {
		if c.name == name {
			return c, true
		}
	}
	return clock{}, false
}

// ClockLabel is the name of a clock: the procedure's, or that of a built-in one;
// zero for a clock that neither has, such as one that a newer version dropped.
func ClockLabel(rules *procedure.Procedure, name string) bilingual.Text {
	if rules != nil {
		if rule, known := rules.Deadline(name); known {
			return rule.Name
		}
	}
	c, _ := new(planner).builtIn(name)
	return c.label
}

func never(complaint.Event) bool { return false }

func entering(stage complaint.Stage) func(complaint.Event) bool {
	return func(e complaint.Event) bool { return e.Kind == complaint.StageEntered && e.Stage == stage }
}

func leaving(stage complaint.Stage) func(complaint.Event) bool {
	return func(e complaint.Event) bool { return e.Kind == complaint.StageEntered && e.From == stage }
}

func taking(step complaint.StepName) func(complaint.Event) bool {
	return func(e complaint.Event) bool { return e.Kind == complaint.StepTaken && e.Step.Name == step }
}

func calledByHand(e complaint.Event) bool {
	return e.Kind == complaint.TierReached && e.Code == complaint.ByHand
}

func callbackEnded(e complaint.Event) bool { return e.Kind == complaint.CallbackEnded }

// awaitAnswer begins the wait for the customer's answer: reminders at the
// procedure's interval, then its last word.
func (p *planner) awaitAnswer(e complaint.Event) {
	at := e.At
	rule := p.Procedure.CustomerAnswer
	d := p.started(complaint.CustomerAnswerClock, at)
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

// started is a built-in clock that begins now, for its ladder to be planned.
func (p *planner) started(name string, at time.Time) complaint.Deadline {
	return complaint.Deadline{Name: name, Round: p.c.RoundsOf(name) + 1, StartedAt: at, State: complaint.Running,
		Calendar: p.Calendar.ID() + "@" + strconv.Itoa(p.Calendar.Version())}
}

// planCallback begins the clock of the next callback: it opens at its earliest
// time and is due at its latest, both counted from entering the stage.
func (p *planner) planCallback(e complaint.Event) {
	plan, planned := p.Procedure.FollowUp(&p.c)
	if e.Kind == complaint.StageEntered {
		p.decide(complaint.Event{Kind: complaint.CallbacksPlanned, Callbacks: len(plan.Callbacks)})
	}
	if !planned || p.c.CallbacksMet >= len(plan.Callbacks) || p.c.CallbacksMet >= p.c.Callbacks {
		return
	}
	callback := plan.Callbacks[p.c.CallbacksMet]
	d := p.started(complaint.CallbackClock, p.c.StageSince)
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
	plan, planned := p.Procedure.FollowUp(&p.c)
	ended := p.c.Attempts == 0 // that was the last attempt
	if !open || !planned || ended || e.Step.Facts.Callback.Reached || plan.Attempts.Every.IsZero() {
		return
	}
	d.OpensAt = p.Calendar.Due(e.At, plan.Attempts.Every).At
	p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "next attempt"})
}

// callOut calls the emergency team out at once, on a clock of its own.
func (p *planner) callOut(e complaint.Event) {
	at := e.At
	rule := p.Procedure.CallOut
	d := p.started(complaint.CallOutClock, at)
	d.Within, d.Until = rule.Within.String(), []string{"step call-out-done"}
	due := p.Calendar.Due(at, rule.Within)
	d.DueAt, d.BeyondCovers = due.At, due.BeyondCovers
	p.ladder(&d, rule.Ladder.Rungs, rule.TellIn, rule.Within)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// watchMatter begins the clock of an open matter: the owner is reminded every
// month, and on its date the complaint goes on by itself. Its round is the number
// of the matter: of two that are open each ends on its own date.
func (p *planner) watchMatter(e complaint.Event) {
	matter, at := *e.Matter, e.At
	d := p.started(complaint.OpenMatterClock, at)
	d.Round, d.DueAt = matter.Number, matter.Until
	const most = 24 // two years of months
	zone := p.Calendar.Zone()
	for i := 1; i <= most; i++ {
		month := at.In(zone).AddDate(0, i, 0).UTC()
		if !month.Before(matter.Until) {
			break
		}
		d.Rungs = append(d.Rungs, complaint.Rung{Label: "month " + strconv.Itoa(i), At: p.Calendar.NextWorking(month),
			Tell: []complaint.Role{complaint.Owner}, Does: complaint.RemindOpenMatter})
	}
	d.Rungs = append(d.Rungs, complaint.Rung{Label: "until", At: matter.Until,
		Tell: []complaint.Role{complaint.Owner, complaint.Handler}, Does: complaint.ResumeComplaint})
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// watchOrder begins the clock of the newest written instruction (督办).
func (p *planner) watchOrder(e complaint.Event) {
	order := p.c.Orders[len(p.c.Orders)-1]
	d := p.started(complaint.InstructionClock, e.At)
	d.Round = len(p.c.Orders)
	d.DueAt, d.Fixed = order.Due, true
	d.Rungs = []complaint.Rung{{Label: "due", At: order.Due, Lapses: true, Ask: true,
		Tell: []complaint.Role{complaint.Owner, complaint.ServiceManager}}}
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// watchEscalation asks the manager who was called by hand whether they have it, and calls the next
// tier where they neither say so nor act, nor the case goes on, in the time after which people are
// asked again.
func (p *planner) watchEscalation(e complaint.Event) {
	if earlier, open := p.c.Deadline(complaint.EscalationClock); open {
		p.end(earlier, complaint.NotNeeded)
	}
	next := min(e.Tier+1, p.c.Terms.TopTier())
	called, above := p.tierDuty(e.Tier), p.tierDuty(next)
	d := p.started(complaint.EscalationClock, e.At)
	d.Within, d.DueAt = p.Procedure.AskAgain.String(), p.Calendar.NotBefore(e.At, p.Procedure.AskAgain).At
	d.Rungs = []complaint.Rung{
		{Label: "called", At: e.At, FiredAt: &e.At, Ask: true, Tell: []complaint.Role{called}},
		{Label: "due", At: d.DueAt.Add(p.spreadIf(p.Procedure.AskAgain.InWorkingTime())), Lapses: true, Ask: true, Tell: []complaint.Role{above}, Tier: next},
	}
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// keepPromise watches the date promised to the customer, where no deadline of
// the procedure runs to the agreed date.
func (p *planner) keepPromise(e complaint.Event) {
	if p.c.Proposal == nil || p.c.Proposal.TimeLimit == nil {
		return
	}
	for _, rule := range p.Procedure.Deadlines {
		if _, open := p.c.Deadline(rule.ID); open && rule.Within.Measure() == agreedMeasure {
			return
		}
	}
	d := p.started(complaint.PromiseClock, e.At)
	d.DueAt, d.Fixed = *p.c.Proposal.TimeLimit, true
	d.Until = []string{"leaving implementing"}
	d.Rungs = []complaint.Rung{{Label: "due", At: d.DueAt, Lapses: true, Does: complaint.CountCustomerDate,
		Tell: []complaint.Role{complaint.Handler, complaint.Owner}}}
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

var agreedMeasure = duration("agreed").Measure()

// openWindows keeps a closed complaint open to reopening and appeal for as long
// as the procedure says; then its life ends.
func (p *planner) openWindows(e complaint.Event) {
	at := e.At
	d := p.started(complaint.ReopenClock, at)
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
