package plan

import (
	"slices"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// ladder plans the rungs of a deadline of the complaint, and lets everybody whom it calls act:
// whoever is called with a tier, and whoever is told last, is asked for "I have it", unless they
// are handed the complaint itself.
func (p *planner) ladder(d *complaint.Deadline, rules []procedure.Rung, tellIn procedure.TellIn, within calendar.Duration) {
	p.rungs(d, rules, tellIn, within)
	for i := range d.Rungs {
		r := &d.Rungs[i]
		handed := r.Does == complaint.HandOverDecision || r.Does == complaint.HandOverTask
		if !r.Done() && !handed && (r.Tier > 0 || i == len(d.Rungs)-1) && slices.ContainsFunc(r.Tell, above) {
			r.Ask = true
		}
	}
}

// rungs plans the rungs of a deadline. Rungs that have fired stay as they are;
// the others are reckoned from the due time as it is now. Every ladder has a
// rung at due, if only to note that the deadline lapsed.
func (p *planner) rungs(d *complaint.Deadline, rules []procedure.Rung, tellIn procedure.TellIn, within calendar.Duration) {
	var rungs []complaint.Rung
	lapses := false
	for _, rule := range rules {
		rung := complaint.Rung{Label: rule.At.String(), At: p.place(d, rule.At, within), Tier: rule.Tier,
			Ask: rule.Ask == procedure.Acknowledge, Tell: p.tells(rule.Tell)}
		switch rule.HandOver {
		case procedure.HandOverDecision:
			rung.Does = complaint.HandOverDecision
		case procedure.HandOverTask:
			rung.Does = complaint.HandOverTask
		}
		if rule.At.IsDue() && !lapses {
			rung.Lapses, lapses = true, true
		}
		rungs = append(rungs, rung)
	}
	if !lapses {
		rungs = withLapse(rungs, complaint.Rung{Label: "due", At: d.DueAt, Lapses: true})
	}
	p.holdBack(rungs, tellIn, within)
	for i, rung := range rungs {
		if was := slices.IndexFunc(d.Rungs, func(r complaint.Rung) bool { return r.Label == rung.Label && r.Done() }); was >= 0 {
			rungs[i].FiredAt, rungs[i].Skipped = d.Rungs[was].FiredAt, d.Rungs[was].Skipped
		}
	}
	p.keepGaps(d.Name, rungs, tellIn)
	d.Rungs = fired(d.Rungs, rungs)
}

// keepGaps lets no ladder fall down at once: where rungs are overdue (the complaint rested beyond a
// date, a clock was shortened, it was registered long after it was heard, or nobody was there to
// ring), the first comes now and each of the others after the one before it, with the gap that they
// have in working time; those of an emergency by the clock on the wall. What is still to come in
// time stays where it stands, unless it would then come before one that was moved. It reports
// whether any moved.
func (p *planner) keepGaps(clock string, rungs []complaint.Rung, tellIn procedure.TellIn) bool {
	const late = time.Minute
	var told, stood time.Time // the one before: when it was told, and where it stood in the ladder
	overdue, moved := false, false
	for i := range rungs {
		r, place := &rungs[i], rungs[i].At
		silent := len(r.Tell) == 0 && r.Does == ""
		inTime := !place.Before(p.now.Add(-late))
		switch {
		case r.Skipped:
			continue
		case r.FiredAt != nil:
			if !silent {
				told, stood = *r.FiredAt, place
			}
			continue
		case !overdue && inTime:
			return moved // the first still to come is in time, and so are those after it
		}
		overdue = true
		at := latest(place, p.now)
		if tellIn == procedure.WorkingHours && !inTime {
			at = p.Calendar.NextWorking(at)
		}
		if !told.IsZero() && !silent && (!inTime || told.After(place)) {
			next := p.Calendar.After(told, stood, place)
			if clock == complaint.CallOutClock {
				next = told.Add(place.Sub(stood))
			}
			at = latest(at, next)
		}
		if !at.Equal(place) {
			rungs[i], moved = movedTo(*r, at), true
		}
		if !silent {
			told, stood = at, place
		}
	}
	return moved
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// spaceRungs keeps the gaps of a ladder of which a rung has just fired late, because nobody was
// there to ring. The windows to reopen and appeal, and the date of an open matter, stand where they
// stand.
func (p *planner) spaceRungs(e complaint.Event) {
	if e.Kind != complaint.RungFired || e.Rung.Deadline == complaint.ReopenClock || e.Rung.Deadline == complaint.OpenMatterClock {
		return
	}
	d, open := p.c.Deadline(e.Rung.Deadline)
	if !open || d.Round != e.Rung.Round {
		return
	}
	rule, _ := p.Procedure.Deadline(d.Name)
	d.Rungs = slices.Clone(d.Rungs)
	if p.keepGaps(d.Name, d.Rungs, rule.TellIn) {
		p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "gaps kept"})
	}
}

// withLapse puts the silent rung at due where it belongs in time.
func withLapse(rungs []complaint.Rung, lapse complaint.Rung) []complaint.Rung {
	for i, r := range rungs {
		if r.At.After(lapse.At) {
			return append(rungs[:i:i], append([]complaint.Rung{lapse}, rungs[i:]...)...)
		}
	}
	return append(rungs, lapse)
}

// place is when a rung stands.
func (p *planner) place(d *complaint.Deadline, at procedure.At, within calendar.Duration) time.Time {
	switch {
	case at.IsDue():
		return d.DueAt
	case at.Share > 0:
		share := p.Calendar.Share(d.StartedAt, p.whole(d, within), at.Share, within)
		if d.Fixed || within.Measure() == calendar.Agreed {
			return share
		}
		return p.past(d.Pauses, share, within)
	default:
		return p.Calendar.Offset(d.DueAt, at.Before, at.Offset)
	}
}

// past moves an instant past the pauses before it, minute for minute: of
// working time where the deadline is measured in it.
func (p *planner) past(pauses []complaint.Interval, at time.Time, within calendar.Duration) time.Time {
	measure := calendar.MustParseDuration("1h")
	if within.InWorkingTime() {
		measure = calendar.MustParseDuration("1wh")
	}
	for _, pause := range pauses {
		if pause.From.Before(at) {
			at = p.Calendar.Resume(pause.To, p.Calendar.Remaining(pause.From, at, measure)).At
		}
	}
	return at
}

// holdBack keeps the rungs that are told in working hours only until the first
// working minute, with their gaps; and spreads those that fall on an opening or
// a closing within their minute.
func (p *planner) holdBack(rungs []complaint.Rung, tellIn procedure.TellIn, within calendar.Duration) {
	if tellIn == procedure.WorkingHours {
		times := make([]time.Time, len(rungs))
		for i, r := range rungs {
			times[i] = r.At
		}
		for i, at := range p.Calendar.HoldBack(times) {
			rungs[i].At = at
		}
	}
	if tellIn != procedure.WorkingHours && !within.InWorkingTime() {
		return
	}
	for i := range rungs {
		rungs[i].At = rungs[i].At.Add(spread(p.c.Number))
	}
}

// tells resolves the departments in the roles of a rung. The owner, the handler
// and the agent stay as such: they are who they are when it fires.
func (p *planner) tells(roles []complaint.Role) []complaint.Role {
	resolved := make([]complaint.Role, len(roles))
	for i, role := range roles {
		switch role {
		case complaint.Owner, complaint.Handler, complaint.Agent, complaint.CustomerRole:
			resolved[i] = role
		default:
			resolved[i] = p.duty(role)
		}
	}
	return resolved
}

// fired puts what has fired or was skipped before what is still to fire: a rung
// fires exactly once, also when its ladder is planned anew, and keeps its number.
// One that another version of the ladder no longer has stays, so that a tier
// reached stays reached.
func fired(before, planned []complaint.Rung) []complaint.Rung {
	var ladder []complaint.Rung
	for _, was := range before {
		if !was.Done() {
			continue
		}
		ladder = append(ladder, was)
		if i := slices.IndexFunc(planned, func(r complaint.Rung) bool { return r.Label == was.Label }); i >= 0 {
			planned = slices.Delete(planned, i, i+1)
		}
	}
	return append(ladder, planned...)
}
