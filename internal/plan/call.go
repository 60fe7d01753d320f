package plan

import (
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/message"
)

// This file says whom a rung calls: whoever has what is late hears that it is, and nobody is called
// to look after what they are late with themselves. Whoever is called last is asked again until
// somebody acts.

// calls reports whether a rung calls somebody who is to see to it, more than it reminds.
func calls(rung complaint.Rung) bool {
	return rung.Tier > 0 || rung.Ask || rung.Does == complaint.HandOverDecision || rung.Does == complaint.HandOverTask
}

// ofTheCase reports whether a role is one of the people of the case, and no duty above them.
func ofTheCase(role complaint.Role) bool {
	return role == complaint.Owner || role == complaint.Handler || role == complaint.Agent || role == complaint.CustomerRole
}

func above(role complaint.Role) bool { return !ofTheCase(role) }

// late are those who hold the tasks that a deadline waits for, each once.
func (p *planner) late(d complaint.Deadline) []complaint.PersonID {
	var people []complaint.PersonID
	for _, task := range p.c.AwaitedBy(d) {
		person := task.Person
		if person == "" {
			person = p.holder(task.Role, p.mayNot(task)...)
		}
		if person != "" && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	return people
}

// Holder is who has a task at a time: the person named, unless they left, else who holds the duty
// and may take it.
func (r Rules) Holder(c *complaint.Complaint, task complaint.Task, at time.Time) complaint.PersonID {
	p := &planner{Rules: r, c: *c, at: at, now: at}
	if task.Person == complaint.Customer || p.inDirectory(task.Person) {
		return task.Person
	}
	return p.holder(task.Role, p.mayNot(task)...)
}

// barred are those who may not take what a deadline waits for: who made what is to be decided, and
// handles it; who judged first; who is a party to the case.
func (p *planner) barred(d complaint.Deadline) []complaint.PersonID {
	var people []complaint.PersonID
	for _, task := range p.c.AwaitedBy(d) {
		people = append(people, p.mayNot(task)...)
	}
	return people
}

// reminded are who is reminded where a rung names one of the people of the case: the owner always,
// who follows the complaint to its end; the others where it is with them, else who has it.
func (p *planner) reminded(d complaint.Deadline, role complaint.Role) []complaint.PersonID {
	person, late := p.person(role), p.late(d)
	if role == complaint.Owner || len(late) == 0 || slices.Contains(late, person) {
		return []complaint.PersonID{person}
	}
	return late
}

// remindedBy are all whom a rung reminds, each once. Whoever has what a deadline waits for is among
// them, and nobody who may not see to it but for the owner.
func (p *planner) remindedBy(d complaint.Deadline, rung complaint.Rung) []complaint.PersonID {
	var people []complaint.PersonID
	add := func(told ...complaint.PersonID) {
		for _, person := range told {
			if person != "" && !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
	}
	late, barred := p.late(d), p.barred(d)
	for _, role := range rung.Tell {
		if ofTheCase(role) {
			add(p.reminded(d, role)...)
		} else if person := p.person(role); !slices.Contains(barred, person) {
			add(person)
		}
	}
	if !slices.ContainsFunc(late, func(person complaint.PersonID) bool { return slices.Contains(people, person) }) {
		add(late...)
	}
	return people
}

// passOver lets a rung pass over those who are late themselves, or may not see to what is late:
// where nobody else is called by it, the next above is. It keeps whom it called, for they may act
// on it. Those who are late hear that the time is up, and that they were passed over.
func (p *planner) passOver(e complaint.Event) {
	p.overdue = nil
	if e.Kind != complaint.RungFired {
		return
	}
	d, rung, open := p.c.Rung(*e.Rung)
	if !open || !calls(rung) {
		return
	}
	late := p.late(d)
	unfit := slices.Concat(p.barred(d), late, p.calledInstead(d))
	var tell, over []complaint.Role
	var passed []complaint.PersonID
	if rung.Lapses {
		passed = slices.Clone(late)
	}
	called := false
	for _, role := range rung.Tell {
		if ofTheCase(role) {
			tell = append(tell, role)
			continue
		}
		person := p.holder(role)
		if slices.Contains(late, person) && !slices.Contains(passed, person) {
			passed = append(passed, person)
		}
		if person != "" && !slices.Contains(unfit, person) {
			tell, called = append(tell, role), true
		} else {
			over = append(over, role)
		}
	}
	if len(over) == 0 {
		p.overdue = passed
		return
	}
	tier := rung.Tier
	if !called {
		duty, reached := p.nextAbove(rung, unfit)
		if duty == "" {
			return // nobody is above: they are told themselves
		}
		tell, tier = append(tell, duty), max(tier, reached)
	}
	d.Rungs = slices.Clone(d.Rungs)
	fired := &d.Rungs[e.Rung.Rung]
	fired.Tell, fired.PassedOver, fired.Tier = tell, over, tier
	p.decide(complaint.Event{Kind: complaint.DeadlineChanged, Deadline: &d, Code: "passed over"})
	p.overdue = passed
}

// calledInstead are whom earlier rungs of the ladder called in the place of others: the tier that
// is theirs brings somebody new in.
func (p *planner) calledInstead(d complaint.Deadline) []complaint.PersonID {
	var people []complaint.PersonID
	for _, r := range d.Rungs {
		if r.FiredAt == nil || len(r.PassedOver) == 0 {
			continue
		}
		for _, role := range r.Tell {
			if above(role) {
				people = append(people, p.holder(role))
			}
		}
	}
	return people
}

// nextAbove is the duty of the next tier above a rung that somebody holds who isn't excepted, with
// its tier; above the tiers that of the director, then of the general manager.
func (p *planner) nextAbove(rung complaint.Rung, except []complaint.PersonID) (complaint.Role, int) {
	may := func(duty complaint.Role) bool {
		person := p.holder(duty)
		return person != "" && !slices.Contains(except, person) && !slices.Contains(rung.Tell, duty)
	}
	for tier := rung.Tier + 1; tier <= p.c.Terms.TopTier(); tier++ {
		if duty := p.tierDuty(tier); may(duty) {
			return duty, tier
		}
	}
	for _, role := range []complaint.Role{complaint.Director, complaint.GeneralManager} {
		if duty := p.duty(role); may(duty) {
			return duty, 0
		}
	}
	return "", 0
}

// bringIn lets the tier that the complaint has climbed to bring somebody new in: where its manager
// handles or owns the case, made the proposal, was called before, or has just acted, it climbs on
// to the next.
func (p *planner) bringIn(e complaint.Event) {
	if e.Kind != complaint.TierReached || e.Tier >= p.c.Terms.TopTier() {
		return
	}
	inIt := append(p.holders(p.c.Called), p.c.People.Handler, p.c.People.Owner, p.actor)
	if p.c.Proposal != nil {
		inIt = append(inIt, p.c.Proposal.By)
	}
	if slices.Contains(inIt, p.holder(p.tierDuty(e.Tier))) {
		p.decide(complaint.Event{Kind: complaint.TierReached, Tier: e.Tier + 1, Code: e.Code})
	}
}

// ended are the ladders that have come to their end while what they wait for is still not done,
// those first that are late the longest, each with the rung by which somebody was told last.
func (p *planner) ended() []complaint.Deadline {
	var ended []complaint.Deadline
	for _, d := range p.c.Deadlines {
		windows := d.Name == complaint.ReopenClock || d.Name == complaint.OpenMatterClock || d.Name == complaint.AskAgainClock
		toCome := slices.ContainsFunc(d.Rungs, func(r complaint.Rung) bool { return !r.Done() })
		if _, told := lastTold(d); !windows && !toCome && told && d.State == complaint.Running {
			ended = append(ended, d)
		}
	}
	slices.SortStableFunc(ended, func(a, b complaint.Deadline) int { return a.DueAt.Compare(b.DueAt) })
	return ended
}

// lastTold is the rung by which a deadline told somebody last.
func lastTold(d complaint.Deadline) (complaint.Rung, bool) {
	for _, r := range slices.Backward(d.Rungs) {
		if r.FiredAt != nil && len(r.Tell) > 0 {
			return r, true
		}
	}
	return complaint.Rung{}, false
}

// askAgain keeps the clock by which whoever was called last is asked again, at the procedure's
// interval, until somebody acts: no ladder ends in silence. An acknowledgement passes over the next
// time.
func (p *planner) askAgain(acknowledged bool) {
	ended := p.ended()
	clock, runs := p.c.Deadline(complaint.AskAgainClock)
	rang := runs && clock.Rungs[0].Done()
	if runs && (len(ended) == 0 || rang || acknowledged) {
		p.end(clock, complaint.NotNeeded)
		runs = false
	}
	if len(ended) == 0 || runs || p.c.Ended {
		return
	}
	every := p.Procedure.AskAgain
	at := p.Calendar.NotBefore(p.now, every).At
	if acknowledged {
		at = p.Calendar.NotBefore(at, every).At
	}
	d := p.started(complaint.AskAgainClock, p.now)
	d.Within, d.DueAt = every.String(), at
	rung := complaint.Rung{Label: "again", At: at.Add(p.spreadIf(every.InWorkingTime())), Does: complaint.AskAgain}
	for _, one := range ended {
		last, _ := lastTold(one)
		for _, role := range last.Tell {
			if !slices.Contains(rung.Tell, role) {
				rung.Tell = append(rung.Tell, role)
			}
		}
	}
	d.Rungs = []complaint.Rung{rung}
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

// reckonAgain keeps the next time off what has become a day off.
func (p *planner) reckonAgain(d *complaint.Deadline) {
	every := duration(d.Within)
	if d.Rungs[0].Done() || !every.InWorkingTime() {
		return
	}
	d.DueAt = p.Calendar.NextWorking(d.DueAt)
	d.Rungs = slices.Clone(d.Rungs)
	d.Rungs[0].At = d.DueAt.Add(p.spreadIf(true))
}

// tellAgain asks again whomever the ended ladders called last, and reminds those who are late, each
// person once.
func (p *planner) tellAgain() {
	for _, d := range p.ended() {
		last, _ := lastTold(d)
		asked := complaint.Message{Deadline: d.Name, Rung: last.Label, Tier: last.Tier, Due: &d.DueAt}
		for _, role := range last.Tell {
			if person := p.person(role); !ofTheCase(role) && !p.told(person) {
				p.sendWith(asked, message.AskedAgain, person)
			}
		}
		for _, person := range p.remindedBy(d, last) {
			if !p.told(person) {
				p.sendWith(asked, message.Reminder, person)
			}
		}
	}
}
