package plan

import (
	"slices"
	"strings"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// startClocks begins the deadlines whose first moment has come, each with its ladder.
func (p *planner) startClocks(e complaint.Event) {
	for _, rule := range p.Procedure.Deadlines {
		if !p.comes(rule.From, e) && !comesAgain(rule, e) || !rule.When.Holds(&p.c) || p.needless(rule) {
			continue
		}
		if open, runs := p.c.Deadline(rule.ID); runs {
			if rule.OnReentry == procedure.Continues {
				continue
			}
			p.end(open, complaint.NotNeeded)
		}
		p.start(rule, e.At)
	}
	for _, c := range p.clocks() {
		if c.begins(e) {
			c.begin(e)
		}
	}
}

// needless reports whether a clock would wait for what can't be done: for somebody to speak with a
// customer with whom nobody can, or to tell one who left no way to be told.
func (p *planner) needless(rule procedure.Deadline) bool {
	waitsFor := func(step complaint.StepName) bool {
		return slices.ContainsFunc(rule.Until, func(m procedure.Moment) bool { return m.BroughtBy() == step })
	}
	return p.c.Unspoken() && waitsFor(complaint.Contact) || p.c.Nowhere() && waitsFor(complaint.Inform)
}

// comesAgain reports whether a complaint comes back from closed into a clock that runs over all of
// it, from its registration until it closes: what is reopened or appealed is a case of its own.
func comesAgain(rule procedure.Deadline, e complaint.Event) bool {
	fromFirst := func(m procedure.Moment) bool {
		return m.Entering(complaint.Received) || m.BroughtBy() == complaint.Register
	}
	toLast := func(m procedure.Moment) bool { return m.Entering(complaint.Closed) }
	return e.Kind == complaint.StageEntered && e.From == complaint.Closed &&
		slices.ContainsFunc(rule.From, fromFirst) && slices.ContainsFunc(rule.Until, toLast)
}

func screened(e complaint.Event) bool {
	return e.Kind == complaint.StepTaken && e.Step.Facts.Screening != nil
}

// start begins one round of a deadline of the procedure. One that continues
// goes on with the time that was left when it last ended.
func (p *planner) start(rule procedure.Deadline, at time.Time) {
	d := complaint.Deadline{Name: rule.ID, Round: p.c.RoundsOf(rule.ID) + 1, StartedAt: at,
		State: complaint.Running, Continues: rule.OnReentry == procedure.Continues, Until: moments(rule.Until), EndedBy: endedBy(rule.Until)}
	if last := p.last(rule.ID); d.Continues && last != nil {
		d = *last
		d.Pauses = append(slices.Clone(d.Pauses), complaint.Interval{From: *d.EndedAt, To: at})
		d.State, d.EndedAt, d.PausedAt = complaint.Running, nil, nil
		if newest, told := p.toldDate(rule, d.StartedAt); told && newest.at.After(*last.EndedAt) {
			d.Extensions = nil // a date told since stands in place of them
		}
	}
	d.Within = p.timeAllowed(rule, d.StartedAt).String()
	p.plan(&d, rule)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

func (p *planner) last(name string) *complaint.Deadline {
	for _, r := range p.c.Rounds {
		if r.Deadline == name {
			return r.Last
		}
	}
	return nil
}

func moments(list []procedure.Moment) []string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = m.String()
	}
	return words
}

// endedBy are the steps that bring those of the moments that don't say so themselves.
func endedBy(list []procedure.Moment) []complaint.StepName {
	var steps []complaint.StepName
	for _, m := range list {
		if step := m.BroughtBy(); step != "" && !strings.HasPrefix(m.String(), "step ") && !slices.Contains(steps, step) {
			steps = append(steps, step)
		}
	}
	return steps
}

// plan reckons a deadline's due time and ladder from its start and its pauses.
func (p *planner) plan(d *complaint.Deadline, rule procedure.Deadline) {
	within := duration(d.Within)
	d.Calendar = p.calendarName()
	if !d.Fixed {
		p.setDue(d, within)
	}
	p.ladder(d, rule.Ladder.Rungs, rule.TellIn, within)
}

// setDue puts a deadline's due time where it is by its start, its pauses and what it was given.
func (p *planner) setDue(d *complaint.Deadline, within calendar.Duration) {
	due := p.Calendar.OnWorkingDay(p.reckon(d, within), within)
	d.DueAt, d.BeyondCovers = due.At, due.BeyondCovers
}

// reckon is the due time by the start, the pauses and the time given by hand: what was left at each
// pause is given back after it, measured as the deadline is; whether it then falls on a day off is
// for whoever asks. A pause that began when the time was
// already up gives nothing back. A date agreed with the customer is a date: no pause shifts it.
func (p *planner) reckon(d *complaint.Deadline, within calendar.Duration) calendar.Due {
	if within.Measure() == calendar.Agreed {
		return p.extended(d, calendar.Due{At: p.agreed(d)}, within, always)
	}
	return p.over(d, p.Calendar.Due(d.StartedAt, within.Exact()), within)
}

// over is a time reckoned from the start with the pauses of the clock, and with what it was given
// by hand.
func (p *planner) over(d *complaint.Deadline, due calendar.Due, within calendar.Duration) calendar.Due {
	for i, pause := range d.Pauses {
		due = p.extended(d, due, within, func(x complaint.Extended) bool { return x.Pauses == i })
		if pause.From.Before(due.At) {
			due = p.Calendar.Resume(pause.To, p.Calendar.Remaining(pause.From, due.At, within))
		}
	}
	return p.extended(d, due, within, func(x complaint.Extended) bool { return x.Pauses >= len(d.Pauses) })
}

// whole is when the deadline would be due had it never paused.
func (p *planner) whole(d *complaint.Deadline, within calendar.Duration) time.Time {
	if d.Fixed || within.Measure() == calendar.Agreed {
		return d.DueAt
	}
	return p.extended(d, p.Calendar.Due(d.StartedAt, within), within, always).At
}

// extended is a due time with those of the extensions that are meant. Each gives the date that was
// said, or, where the clock is reckoned from something else than then, as much time more.
func (p *planner) extended(d *complaint.Deadline, due calendar.Due, within calendar.Duration, meant func(complaint.Extended) bool) calendar.Due {
	for _, x := range d.Extensions {
		switch {
		case !meant(x):
		case due.At.Equal(x.From) || p.Calendar.OnWorkingDay(due, within).At.Equal(x.From) || within.Measure() == calendar.Agreed:
			due = calendar.Due{At: x.To}
		case x.To.Before(x.From):
			due.At = due.At.Add(x.To.Sub(x.From))
		default:
			due = p.Calendar.Resume(due.At, p.Calendar.Remaining(x.From, x.To, within))
		}
	}
	return due
}

func always(complaint.Extended) bool { return true }

// agreed is the date that was told, where the clock runs to one; else the one agreed with the
// customer: that of the newest proposal.
func (p *planner) agreed(d *complaint.Deadline) time.Time {
	rule, _ := p.Procedure.Deadline(d.Name)
	if newest, is := p.toldDate(rule, d.StartedAt); is {
		return newest.date
	}
	start := d.StartedAt
	if p.c.Proposal != nil && p.c.Proposal.TimeLimit != nil && p.c.Proposal.TimeLimit.After(start) {
		return *p.c.Proposal.TimeLimit
	}
	return start
}

// duration reads a duration that a procedure was loaded with; it can't be wrong.
func duration(written string) calendar.Duration {
	d, err := calendar.ParseDuration(written)
	if err != nil {
		return calendar.Duration{}
	}
	return d
}

// endClocks ends the deadlines whose last moment has come: met, or late. They
// count to when the step was stored, however late it was processed.
func (p *planner) endClocks(e complaint.Event) {
	for _, d := range slices.Clone(p.c.Deadlines) {
		switch {
		case p.ends(d, e):
			p.end(d, complaint.Met)
		case e.Kind == complaint.StageEntered && e.Stage == complaint.Received && p.ofDepartment(d),
			e.Kind == complaint.StageEntered && e.Stage == complaint.Proposing && p.ofProposal(d):
			p.end(d, complaint.NotNeeded)
		case d.Name == complaint.TellByPhoneClock && !p.c.WaitsForCall() && p.c.Stage != complaint.AwaitingCustomer:
			// There it stands in place of the clock of their answer, which begins once they are
			// told.
			p.end(d, complaint.NotNeeded)
		}
	}
	if e.Kind != complaint.StageEntered || e.Stage != complaint.Closed {
		return
	}
	for _, d := range slices.Clone(p.c.Deadlines) {
		p.end(d, complaint.NotNeeded)
	}
}

// ofDepartment reports whether the clock began when a department got the
// complaint: back in screening no department has it, and none is chased. The
// next round begins when one gets it.
func (p *planner) ofDepartment(d complaint.Deadline) bool {
	return p.begins(d, func(m procedure.Moment) bool { return m.Entering(complaint.Investigating) })
}

// ofProposal reports whether the clock began with a proposal: what was refused
// nobody may tell the customer, so none is chased for it. The next proposal
// begins the next round.
func (p *planner) ofProposal(d complaint.Deadline) bool {
	return p.begins(d, func(m procedure.Moment) bool { return m.BroughtBy() == complaint.Propose })
}

func (p *planner) begins(d complaint.Deadline, at func(procedure.Moment) bool) bool {
	rule, known := p.Procedure.Deadline(d.Name)
	return known && slices.ContainsFunc(rule.From, at)
}

func (p *planner) ends(d complaint.Deadline, e complaint.Event) bool {
	if c, is := p.builtIn(d.Name); is {
		return c.ends(d, e)
	}
	rule, known := p.Procedure.Deadline(d.Name)
	until := rule.Until
	if p.cutShort(e) {
		until = slices.DeleteFunc(slices.Clone(until), func(m procedure.Moment) bool { return m.Leaves() != "" })
	}
	return known && p.comes(until, e)
}

// cutShort reports whether the complaint closed by a short way: what its stage
// waited for was not done, and is not needed.
func (p *planner) cutShort(e complaint.Event) bool {
	return e.Kind == complaint.StageEntered && e.Stage == complaint.Closed &&
		p.c.Outcome != complaint.Resolved && p.c.Outcome != complaint.RejectedInvalid
}

func (p *planner) end(d complaint.Deadline, how complaint.DeadlineState) {
	at := p.at
	d.LapsedAt = p.lapsed(d)
	if d.PausedAt != nil {
		d.Pauses = append(slices.Clone(d.Pauses), complaint.Interval{From: *d.PausedAt, To: at})
		d.PausedAt = nil
	} else if how == complaint.Met && at.After(d.DueAt) {
		how = complaint.MetLate
	}
	if how == complaint.Met && d.LapsedAt != nil && at.Before(*d.LapsedAt) {
		d.LapsedAt = nil // the step was stored in time, and an outage let it be seen too late
	}
	if how == complaint.Met && d.LapsedAt != nil && !at.Before(d.DueAt) {
		how = complaint.MetLate
	}
	if how == complaint.MetLate && d.LapsedAt == nil {
		d.LapsedAt = new(d.DueAt)
	}
	d.State, d.EndedAt = how, &at
	p.decide(complaint.Event{Kind: complaint.DeadlineEnded, Deadline: &d})
}

// changeClocks gives deadlines another time: extended, marked special, or
// re-based on another version of the procedure.
func (p *planner) changeClocks(e complaint.Event) {
	if e.Kind != complaint.StepTaken {
		return
	}
	// Not all are told apart: the others give no clock another time.
	//exhaustive:ignore
	switch e.Step.Name {
	case complaint.Extend:
		p.extend(*e.Step.Facts.Extension)
	case complaint.MarkSpecial:
		for _, d := range slices.Clone(p.c.Deadlines) {
			rule, known := p.Procedure.Deadline(d.Name)
			if known && rule.Special != nil {
				d.Within = p.timeAllowed(rule, d.StartedAt).String()
				p.change(d, rule, "special")
			}
		}
	case complaint.Rebase:
		p.rebase()
	case complaint.CallBack:
		p.spaceAttempts(e)
	case complaint.Assign, complaint.Reassign, complaint.TakeOver:
		p.readdress()
	}
}

func (p *planner) extend(x complaint.Extension) {
	d, open := p.c.Deadline(x.Deadline)
	if !open {
		return
	}
	d.LapsedAt = p.lapsed(d)
	later := x.Due.Sub(d.DueAt)
	d.Extensions = append(slices.Clone(d.Extensions), complaint.Extended{From: d.DueAt, To: x.Due, Pauses: len(d.Pauses)})
	rule, known := p.Procedure.Deadline(d.Name)
	if !known {
		d.DueAt = x.Due
		d.Rungs = slices.Clone(d.Rungs)
		for i, rung := range d.Rungs {
			if !rung.Done() {
				d.Rungs[i] = movedTo(rung, rung.At.Add(later))
			}
		}
		p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "extended"})
		return
	}
	p.change(d, rule, "extended")
}

// lapsed is since when a clock has been late, before it ends, rests or is given another time: that
// it was late stays on the record, whether or not its rung at due has rung yet.
func (p *planner) lapsed(d complaint.Deadline) *time.Time {
	if d.LapsedAt == nil && d.Late(p.at) {
		return new(d.DueAt)
	}
	return d.LapsedAt
}

func (p *planner) change(d complaint.Deadline, rule procedure.Deadline, why string) {
	d.LapsedAt = p.lapsed(d)
	d.Rungs = slices.Clone(d.Rungs)
	p.plan(&d, rule)
	p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: why})
}

// rebase puts the open deadlines on the new version and its calendar: what the procedure no
// longer names ends as not needed, the rest keeps its start and its pauses. A date stays.
func (p *planner) rebase() {
	for _, d := range slices.Clone(p.c.Deadlines) {
		if c, is := p.builtIn(d.Name); is {
			d.LapsedAt = p.lapsed(d)
			p.reckonAnew(c, d, "re-based")
			continue
		}
		rule, known := p.Procedure.Deadline(d.Name)
		if !known {
			p.end(d, complaint.NotNeeded)
			continue
		}
		d.Within, d.Until, d.EndedBy = p.timeAllowed(rule, d.StartedAt).String(), moments(rule.Until), endedBy(rule.Until)
		p.change(d, rule, "re-based")
	}
}

// readdress names the new department's people in the rungs still to fire.
func (p *planner) readdress() {
	for _, d := range slices.Clone(p.c.Deadlines) {
		rule, known := p.Procedure.Deadline(d.Name)
		if !known {
			continue
		}
		before := slices.Clone(d.Rungs)
		d.Rungs = slices.Clone(d.Rungs)
		p.plan(&d, rule)
		if !sameTells(before, d.Rungs) {
			p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "department"})
		}
	}
}

func sameTells(a, b []complaint.Rung) bool {
	return slices.EqualFunc(a, b, func(x, y complaint.Rung) bool { return slices.Equal(x.Tell, y.Tell) })
}

// restClocks pauses the deadlines that rest now and lets go on those that
// rested and don't any more.
func (p *planner) restClocks() {
	if p.c.Stage == complaint.Closed {
		return // they end
	}
	for _, known := range slices.Clone(p.c.Deadlines) {
		d, open := p.c.Deadline(known.Name) // as it is now: the one before may have taken it along
		rests := p.rests(d)
		switch {
		case !open:
		case rests && d.State == complaint.Running:
			d.LapsedAt = p.lapsed(d)
			d.State, d.PausedAt = complaint.Paused, new(p.at)
			p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "paused"})
		case !rests && d.State == complaint.Paused:
			p.goOn(d)
		}
	}
}

func (p *planner) goOn(d complaint.Deadline) {
	pause := complaint.Interval{From: *d.PausedAt, To: p.at}
	d.Pauses = append(slices.Clone(d.Pauses), pause)
	d.State, d.PausedAt = complaint.Running, nil
	rule, known := p.Procedure.Deadline(d.Name)
	if !known {
		c, _ := p.builtIn(d.Name)
		p.reckonAnew(c, d, "resumed")
		return
	}
	d.Rungs = slices.Clone(d.Rungs)
	p.amountOf(&d)
	p.plan(&d, rule)
	p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "resumed"})
}

// reckonAnew gives a built-in clock its times by the rules of now, unless it runs to a date.
func (p *planner) reckonAnew(c clock, d complaint.Deadline, why string) {
	if c.reckon == nil {
		return
	}
	d.Calendar = p.calendarName()
	c.reckon(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: why})
}

// amountOf lets a clock of the procedure that was given a date, when extensions were dates, count
// on from it: what was given before the pause that has just ended is an amount from now on.
func (p *planner) amountOf(d *complaint.Deadline) {
	if !d.Fixed {
		return
	}
	before := *d
	before.Pauses = d.Pauses[:len(d.Pauses)-1]
	d.Extensions = []complaint.Extended{{From: p.reckon(&before, duration(d.Within)).At, To: d.DueAt, Pauses: len(before.Pauses)}}
	d.Fixed = false
}

// movedTo is the rung at another time; what it begins ends by as much later.
func movedTo(rung complaint.Rung, at time.Time) complaint.Rung {
	if !rung.Until.IsZero() {
		rung.Until = rung.Until.Add(at.Sub(rung.At))
	}
	rung.At = at
	return rung
}

// rests reports whether one of the things that stop this clock is the case.
func (p *planner) rests(d complaint.Deadline) bool {
	if d.Name == complaint.CustomerAnswerClock {
		return p.inForce(func(m complaint.OpenMatter) bool { return m.By != complaint.Clock })
	}
	rule, known := p.Procedure.Deadline(d.Name)
	if !known {
		return false
	}
	for _, pause := range rule.Pauses {
		switch {
		case pause.CallOut && p.c.CallOut == complaint.CallOutOpen,
			pause.Stage != "" && pause.Stage == p.c.Stage,
			pause.Suspension != "" && p.inForce(func(m complaint.OpenMatter) bool { return m.Kind == pause.Suspension }):
			return true
		}
	}
	return false
}

func (p *planner) inForce(is func(complaint.OpenMatter) bool) bool {
	return slices.ContainsFunc(p.c.InForce(), is)
}
