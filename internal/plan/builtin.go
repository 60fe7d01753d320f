package plan

import (
	"slices"
	"strconv"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// clock is a clock that every complaint has without its procedure naming it.
type clock struct {
	name   string
	label  bilingual.Text
	begins func(complaint.Event) bool // what starts it
	begin  func(complaint.Event)
	// reckon gives it its due time and its rungs by the rules, from its start: when it begins, goes
	// on after a pause, or is re-based. Rungs that have fired stay. It is nil for a clock that runs
	// to a date, which no calendar moves.
	reckon func(*complaint.Deadline)
	ends   func(complaint.Deadline, complaint.Event) bool
}

// clocks are the built-in clocks, an entry each. The time that a rung counts to, and
// what it does, stand in the function that reckons the clock, or begins one that runs to a date.
func (p *planner) clocks() []clock {
	return []clock{
		{complaint.CustomerAnswerClock, bilingual.Text{English: "The customer's answer", Chinese: "客户答复"},
			func(e complaint.Event) bool {
				return entering(complaint.AwaitingCustomer)(e) && !p.c.WaitsForCall() || p.toldNow(complaint.AwaitingCustomer, complaint.CustomerAnswerClock, e)
			},
			p.awaitAnswer, p.reckonAnswer,
			func(_ complaint.Deadline, e complaint.Event) bool { return leaving(complaint.AwaitingCustomer)(e) }},
		{complaint.CallbackClock, bilingual.Text{English: "Callback", Chinese: "回访"},
			func(e complaint.Event) bool {
				return entering(complaint.FollowingUp)(e) || callbackEnded(e) && e.Rating != complaint.Dissatisfied
			},
			p.planCallback, p.reckonCallback,
			func(_ complaint.Deadline, e complaint.Event) bool { return callbackEnded(e) }},
		{complaint.ReopenClock, bilingual.Text{English: "Time to reopen or appeal", Chinese: "重新办理或申诉期限"},
			func(e complaint.Event) bool {
				return entering(complaint.Closed)(e) && !p.c.WaitsForCall() || p.toldNow(complaint.Closed, complaint.ReopenClock, e)
			}, p.openWindows, p.reckonWindows,
			func(_ complaint.Deadline, e complaint.Event) bool {
				return taking(complaint.Reopen)(e) || taking(complaint.Appeal)(e)
			}},
		{complaint.PromiseClock, bilingual.Text{English: "The date promised to the customer", Chinese: "对客户的承诺时限"},
			entering(complaint.Implementing), p.keepPromise, nil,
			func(_ complaint.Deadline, e complaint.Event) bool { return leaving(complaint.Implementing)(e) }},
		{complaint.OpenMatterClock, bilingual.Text{English: "Open matter", Chinese: "未了事宜"},
			func(e complaint.Event) bool { return e.Kind == complaint.Suspended }, p.watchMatter, p.reckonMatter,
			func(d complaint.Deadline, e complaint.Event) bool {
				return e.Kind == complaint.Resumed && d.Round == e.Matter.Number
			}},
		{complaint.InstructionClock, bilingual.Text{English: "Written order", Chinese: "督办"},
			taking(complaint.Instruct), p.watchOrder, nil,
			func(d complaint.Deadline, _ complaint.Event) bool {
				return d.Round <= len(p.c.Orders) && p.c.Orders[d.Round-1].Answered
			}},
		{complaint.EscalationClock, bilingual.Text{English: "Escalated by hand", Chinese: "人工升级"},
			calledByHand, p.watchEscalation, p.reckonEscalation,
			func(d complaint.Deadline, e complaint.Event) bool {
				acts := taking(complaint.TakeOver)(e) || taking(complaint.Instruct)(e) || e.Kind == complaint.StageEntered
				return acts || e.Kind == complaint.RungSkipped && e.Rung.Deadline == d.Name && e.Rung.Round == d.Round
			}},
		{complaint.TellByPhoneClock, bilingual.Text{English: "Tell the customer by phone or post", Chinese: "电话或邮寄告知客户"},
			func(e complaint.Event) bool {
				begins := taking(complaint.Undelivered)(e) || entering(complaint.AwaitingCustomer)(e) || entering(complaint.Closed)(e)
				return begins && p.c.WaitsForCall()
			}, p.tellByPhone, p.reckonCall,
			func(_ complaint.Deadline, e complaint.Event) bool {
				return e.Kind == complaint.StepTaken && p.c.Told(*e.Step)
			}},
		{complaint.AskAgainClock, bilingual.Text{English: "Asked again", Chinese: "再次催办"},
			never, nil, p.reckonAgain, // askAgain keeps it: it depends on all the others
			func(complaint.Deadline, complaint.Event) bool { return false }},
		{complaint.CallOutClock, bilingual.Text{English: "Emergency call-out", Chinese: "紧急出动"},
			func(e complaint.Event) bool {
				return screened(e) && p.c.CallOut == "" && p.c.Screening.Valid && p.Procedure.NeedsCallOut(&p.c)
			}, p.callOut, p.reckonCallOut,
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
	d := p.started(complaint.CustomerAnswerClock, e.At)
	p.reckonAnswer(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

func (p *planner) reckonAnswer(d *complaint.Deadline) {
	rule := p.Procedure.CustomerAnswer
	d.Within = rule.Within.String()
	next := d.StartedAt
	var rungs []complaint.Rung
	for _, silence := range rule.IfSilent {
		next = p.Calendar.Due(next, rule.Within).At
		rung := complaint.Rung{Label: "silent", At: next, Tell: []complaint.Role{complaint.Owner}}
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
		rung = movedTo(rung, p.over(d, calendar.Due{At: rung.At}, rule.Within).At)
		rung.At = rung.At.Add(p.spreadIf(rule.Within.InWorkingTime()))
		rungs = append(rungs, rung)
	}
	p.setDue(d, rule.Within)
	d.Rungs = fired(d.Rungs, rungs)
}

func (p *planner) spreadIf(working bool) time.Duration {
	if working {
		return spread(p.c.Number)
	}
	return 0
}

// started is a built-in clock that begins now, for its ladder to be planned.
func (p *planner) started(name string, at time.Time) complaint.Deadline {
	return complaint.Deadline{Name: name, Round: p.c.RoundsOf(name) + 1, StartedAt: at, State: complaint.Running, Calendar: p.calendarName()}
}

// calendarName names the calendar and its version, as a deadline does.
func (p *planner) calendarName() string {
	return p.Calendar.ID() + "@" + strconv.Itoa(p.Calendar.Version())
}

// planCallback begins the clock of the next callback: it opens at its earliest
// time and is due at its latest, both counted from the moment that the procedure names, or from
// entering the stage.
func (p *planner) planCallback(e complaint.Event) {
	plan, planned := p.Procedure.FollowUp(&p.c)
	if p.c.Unspoken() { // nobody can call them
		plan.Callbacks = nil
	}
	if e.Kind == complaint.StageEntered {
		p.decide(complaint.Event{Kind: complaint.CallbacksPlanned, Callbacks: len(plan.Callbacks)})
	}
	if !planned || p.c.CallbacksMet >= len(plan.Callbacks) || p.c.CallbacksMet >= p.c.Callbacks {
		return
	}
	d := p.started(complaint.CallbackClock, p.countsFrom(plan.Callbacks[p.c.CallbacksMet]))
	d.Until = []string{"step call-back"}
	p.reckonCallback(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// reckonCallback reckons the callback that is next. Where another version plans none any more, the
// one that was planned stays as it is.
func (p *planner) reckonCallback(d *complaint.Deadline) {
	plan, _ := p.Procedure.FollowUp(&p.c)
	callback, planned := p.nextCallback()
	if !planned {
		return
	}
	d.Within = callback.Within.String()
	switch {
	case p.c.Attempts > 0: // the next attempt waits since the last, and on no day off
		if !d.OpensAt.IsZero() && plan.Attempts.Every.InWorkingTime() {
			d.OpensAt = p.Calendar.NextWorking(d.OpensAt)
		}
	case !callback.NotBefore.IsZero():
		d.OpensAt = p.Calendar.NotBefore(d.StartedAt, callback.NotBefore).At
	default:
		d.OpensAt = time.Time{}
	}
	p.setDue(d, callback.Within)
	p.ladder(d, callback.Ladder.Rungs, callback.TellIn, callback.Within)
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
	d := p.started(complaint.CallOutClock, e.At)
	d.Until = []string{"step call-out-done"}
	p.reckonCallOut(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// reckonCallOut leaves a team that is out with its clock where another version calls none.
func (p *planner) reckonCallOut(d *complaint.Deadline) {
	rule := p.Procedure.CallOut
	if rule == nil {
		return
	}
	d.Within = rule.Within.String()
	p.setDue(d, rule.Within)
	p.ladder(d, rule.Ladder.Rungs, rule.TellIn, rule.Within)
}

// watchMatter begins the clock of an open matter: the owner is reminded every
// month, and on its date the complaint goes on by itself. Its round is the number
// of the matter: of two that are open each ends on its own date.
func (p *planner) watchMatter(e complaint.Event) {
	d := p.started(complaint.OpenMatterClock, e.At)
	d.Round, d.DueAt = e.Matter.Number, e.Matter.Until
	p.reckonMatter(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// reckonMatter leaves the date, which was said, and keeps the reminders off days off.
func (p *planner) reckonMatter(d *complaint.Deadline) {
	const most = 24 // two years of months
	zone := p.Calendar.Zone()
	var rungs []complaint.Rung
	for i := 1; i <= most; i++ {
		month := d.StartedAt.In(zone).AddDate(0, i, 0).UTC()
		if !month.Before(d.DueAt) {
			break
		}
		rungs = append(rungs, complaint.Rung{Label: "month " + strconv.Itoa(i), At: p.Calendar.NextWorking(month),
			Tell: []complaint.Role{complaint.Owner}, Does: complaint.RemindOpenMatter})
	}
	rungs = append(rungs, complaint.Rung{Label: "until", At: d.DueAt,
		Tell: []complaint.Role{complaint.Owner, complaint.Handler}, Does: complaint.ResumeComplaint})
	d.Rungs = fired(d.Rungs, rungs)
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
	d.Rungs = []complaint.Rung{
		{Label: "called", At: e.At, FiredAt: &e.At, Ask: true, Tell: []complaint.Role{called}},
		{Label: "due", Lapses: true, Ask: true, Tell: []complaint.Role{above}, Tier: next},
	}
	p.reckonEscalation(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

func (p *planner) reckonEscalation(d *complaint.Deadline) {
	every := p.Procedure.AskAgain
	d.Within, d.DueAt = every.String(), p.Calendar.NotBefore(d.StartedAt, every).At
	d.Rungs = slices.Clone(d.Rungs)
	if due := &d.Rungs[len(d.Rungs)-1]; !due.Done() {
		due.At = d.DueAt.Add(p.spreadIf(every.InWorkingTime()))
	}
}

// keepPromise watches the date promised to the customer, where no deadline of
// the procedure runs to the agreed date.
func (p *planner) keepPromise(e complaint.Event) {
	if p.c.Proposal == nil || p.c.Proposal.TimeLimit == nil {
		return
	}
	for _, rule := range p.Procedure.Deadlines {
		d, open := p.c.Deadline(rule.ID)
		newest, told := p.toldDate(rule, d.StartedAt)
		if open && (rule.Within.Measure() == agreedMeasure || told && newest.date.Equal(*p.c.Proposal.TimeLimit)) {
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
	d := p.started(complaint.ReopenClock, e.At)
	p.reckonWindows(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

func (p *planner) reckonWindows(d *complaint.Deadline) {
	var reopen, appeal time.Time
	if rule := p.Procedure.Reopen; rule != nil {
		reopen = p.Calendar.Due(d.StartedAt, rule.Within).At
	}
	if rule := p.Procedure.Appeal; rule != nil {
		appeal = p.Calendar.Due(d.StartedAt, rule.Within).At
	}
	windows := []complaint.Rung{{Label: "reopen", At: reopen}, {Label: "appeal", At: appeal}}
	if appeal.Before(reopen) {
		windows[0], windows[1] = windows[1], windows[0]
	}
	var rungs []complaint.Rung
	d.DueAt = d.StartedAt
	for _, w := range windows {
		if !w.At.IsZero() {
			rungs, d.DueAt = append(rungs, w), w.At
		}
	}
	rungs = append(rungs, complaint.Rung{Label: "end", At: d.DueAt, Does: complaint.EndLife})
	d.Rungs = fired(d.Rungs, rungs)
}
