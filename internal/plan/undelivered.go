package plan

import (
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/message"
)

// What follows where nothing written reaches the customer. No clock counts on a letter that failed,
// or that can't be written: what counts on it begins when they are told by phone.

// tellWithin is how long whoever has the complaint may take to tell the customer by phone; a
// working day after that the service manager hears of it.
var tellWithin = duration("1wd")

// tellByPhone begins the clock of the call to a customer whom a message didn't reach.
func (p *planner) tellByPhone(e complaint.Event) {
	if _, runs := p.c.Deadline(complaint.TellByPhoneClock); runs {
		return
	}
	d := p.started(complaint.TellByPhoneClock, e.At)
	d.Within, d.Until = tellWithin.String(), []string{"step inform"}
	if len(p.c.Lost()) > 0 || p.c.OutcomeUntold {
		d.Until = append(d.Until, "step contact")
	}
	p.reckonCall(&d)
	p.decide(complaint.Event{Kind: complaint.DeadlineStarted, Deadline: &d})
}

func (p *planner) reckonCall(d *complaint.Deadline) {
	p.setDue(d, tellWithin)
	rings := func(label string, tell complaint.Role) complaint.Rung {
		at := d.DueAt
		if label != "due" {
			at = p.Calendar.Due(d.DueAt, tellWithin).At
		}
		return complaint.Rung{Label: label, At: at.Add(p.spreadIf(true)), Tell: []complaint.Role{tell}, Lapses: label == "due", Ask: above(tell)}
	}
	d.Rungs = fired(d.Rungs, []complaint.Rung{rings("due", complaint.Owner), rings("+1wd", complaint.ServiceManager)})
}

// toldNow reports whether the customer has just been told at a stage what a clock counts on.
func (p *planner) toldNow(stage complaint.Stage, clock string, e complaint.Event) bool {
	if p.c.Stage != stage || p.c.Ended || e.Kind != complaint.DeadlineEnded || e.Deadline.Name != complaint.TellByPhoneClock || e.Deadline.State == complaint.NotNeeded {
		return false
	}
	_, runs := p.c.Deadline(clock)
	return !runs
}

// failed is what follows from a message that failed: the clocks that counted on it stop, and who
// has the complaint is asked to call, once for all that the customer doesn't know.
func (p *planner) failed(lost complaint.Message) {
	counts := map[string]bool{
		complaint.CustomerAnswerClock: p.c.Stage == complaint.AwaitingCustomer && lost.Link == string(link.Answer),
		complaint.ReopenClock: p.c.Stage == complaint.Closed &&
			(lost.Link == string(link.Appeal) || lost.Link == string(link.Contest) || lost.Template == message.CustomerOutcome.Name()),
	}
	waiting := p.c.Lost()
	if !slices.ContainsFunc(waiting, func(l complaint.LostLetter) bool { return l.Message.ID == lost.ID }) {
		return // nobody needs to know it any more
	}
	for _, d := range slices.Clone(p.c.Deadlines) {
		if counts[d.Name] {
			p.end(d, complaint.NotNeeded)
		}
	}
	if len(waiting) == 1 {
		p.sendToCaller(inPlaceOf(lost.Template, lost), message.LetterFailed)
	}
}

// sendAgain sends what failed once more, to the address that was put right.
func (p *planner) sendAgain() {
	for _, lost := range p.c.Undelivered {
		template, err := message.Named(lost.Message.Template)
		if err == nil && lost.Again {
			again := lost.Message
			again.ID = ""
			p.queue(template, again.To, again)
		}
	}
}
