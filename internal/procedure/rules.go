package procedure

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
)

// ownClocks are the clocks that every procedure has; no deadline is called so.
var ownClocks = []string{complaint.CustomerAnswerClock, complaint.CallbackClock, complaint.CallOutClock,
	complaint.OpenMatterClock, complaint.InstructionClock, complaint.PromiseClock, complaint.ReopenClock,
	complaint.TellByPhoneClock, complaint.AskAgainClock, complaint.EscalationClock}

// check checks a deadline against the life of a complaint.
func (d *Deadline) check(p *Procedure, path string) {
	p.checkID(path, d.ID)
	if slices.Contains(ownClocks, d.ID) {
		p.doc.Addf(path, "every procedure has a clock called %q already; choose another name", d.ID)
	}
	d.OnReentry, d.TellIn = cmp.Or(d.OnReentry, NewRound), cmp.Or(d.TellIn, AnyTime)
	if p.doc.Unread(path) {
		return
	}
	for j, until := range d.Until {
		ends := slices.ContainsFunc(d.From, func(from Moment) bool { return p.canFollow(from, until) })
		if !ends && len(d.From) > 0 {
			p.doc.Addf(pathItem(path+".until", j), "%q never comes after %q; write a moment that does, such as %q", until, d.From[0], p.onwardFrom(d.From[0]))
		}
	}
	for j, pause := range d.Pauses {
		for _, from := range d.From {
			if pause.Stage != "" && from.Entering(pause.Stage) {
				p.doc.Addf(pathItem(path+".pauses", j), "the clock starts in stage %q and is paused there, so it never runs; take this pause out", pause.Stage)
			}
		}
	}
	p.checkLadderOf(path, d.Ladder, d.Within)
	p.checkTimeAllowed(path, d)
	p.checkRunsTo(path, d)
	p.checkTold(path, *d)
	if d.Special != nil && d.Special.Within == d.Within && !d.Within.IsZero() {
		p.doc.Addf(path+".within_if_special.within", "a special case has the same %s as any other; write another time, or take it out", d.Within)
	}
}

func (c *Channel) check(p *Procedure, path string) { p.checkID(path, c.ID) }

func (s *Side) check(p *Procedure, path string) {
	p.checkID(path, s.ID)
	if len(s.Steps) == 0 {
		p.doc.Addf(path+".steps", "the side process %q has no step; add one", s.ID)
	} else if first := s.Steps[0]; first.OnlyIf != "" {
		p.doc.Addf(path+".steps."+first.ID+".only_if", "no step comes before %q that could be %s; take this out", first.ID, first.OnlyIf)
	}
}

func (s *SideStep) check(p *Procedure, path string) {
	p.checkID(path, s.ID)
	s.TellIn = cmp.Or(s.TellIn, AnyTime)
	p.checkLadderOf(path, s.Ladder, s.Within)
}

func (c *CallOut) check(p *Procedure, path string) {
	c.TellIn = cmp.Or(c.TellIn, AnyTime)
	p.checkLadderOf(path, c.Ladder, c.Within)
}

// onwardFrom proposes a moment that can end a clock.
func (p *Procedure) onwardFrom(from Moment) Moment {
	for _, stage := range stagesAt(from, p) {
		if next := onward(stage); len(next) > 0 {
			return entering(next[0])
		}
	}
	return entering(complaint.Closed)
}

// checkLadderOf checks a ladder where it is used: a named one was checked by
// itself, but not against this deadline's time.
func (p *Procedure) checkLadderOf(path string, l Ladder, within calendar.Duration) {
	if l.Named != "" {
		for _, rung := range l.Rungs {
			if beforeStart(rung.At, within) {
				p.doc.Addf(path+".ladder", "the ladder %q has a rung at %s, before a clock of %s even starts; use another ladder", l.Named, rung.At, within)
			}
		}
		return
	}
	p.checkLadder(path+".ladder", l.Rungs, &within)
}

// checkLadder checks that rungs stand in order, tell somebody, and climb.
func (p *Procedure) checkLadder(path string, rungs []Rung, within *calendar.Duration) {
	if p.doc.Unread(path) {
		return
	}
	if len(rungs) == 0 {
		p.doc.Addf(path, "the ladder has no rung; add at least {at: due, tell: …}")
		return
	}
	due, tier := false, 0
	for i, rung := range rungs {
		here := pathItem(path, i)
		if len(rung.Tell) == 0 {
			p.doc.Addf(here, "this rung tells nobody; add tell: … with a role")
		}
		if rung.HandOver != "" && rung.Tier == 0 {
			p.doc.Addf(here+".hand_over", "only the manager of a tier can be handed a %s; add tier: …", rung.HandOver)
		}
		if rung.Tier != 0 && rung.Tier < tier {
			p.doc.Addf(here+".tier", "tier %d comes after tier %d; tiers never fall on a ladder", rung.Tier, tier)
		}
		tier = max(tier, rung.Tier)
		if within != nil && beforeStart(rung.At, *within) {
			p.doc.Addf(here+".at", "%s comes before a clock of %s even starts; write a share such as 75%%, or less time", rung.At, *within)
		}
		if i > 0 && outOfOrder(rungs[i-1].At, rung.At) {
			p.doc.Addf(here+".at", "%s comes before %s; put the rungs in the order in which they fire", rung.At, rungs[i-1].At)
		}
		if i > 0 && rungs[i-1].At == rung.At {
			p.doc.Addf(here+".at", "two rungs stand at %s; make them one, tell: [a, b]", rung.At)
		}
		due = due || rung.At.IsDue()
	}
	if !due {
		p.doc.Addf(path, "the ladder has no rung at due, so nobody hears that the time is up; add {at: due, tell: …}")
	}
}

// beforeStart reports whether a rung so long before due comes before the start.
func beforeStart(at At, within calendar.Duration) bool {
	return at.Before && at.Offset.Measure() == within.Measure() &&
		(at.Offset.Length() >= within.Length() && at.Offset.Length() > 0 || at.Offset.Count() >= within.Count() && at.Offset.Count() > 0)
}

// outOfOrder reports whether two neighbouring rungs stand the wrong way round,
// as far as one can tell without a calendar.
func outOfOrder(first, second At) bool {
	phase := func(a At) int {
		switch {
		case a.IsDue():
			return 1
		case a.IsBefore():
			return 0
		default:
			return 2
		}
	}
	if phase(first) != phase(second) {
		return phase(first) > phase(second)
	}
	if first.Share > 0 && second.Share > 0 {
		return first.Share > second.Share
	}
	if first.Offset.Measure() != second.Offset.Measure() {
		return false
	}
	longer := first.Offset.Length() > second.Offset.Length() || first.Offset.Count() > second.Offset.Count()
	shorter := first.Offset.Length() < second.Offset.Length() || first.Offset.Count() < second.Offset.Count()
	if first.Before {
		return shorter
	}
	return longer
}

// checkWaiting checks that no stage can wait without a clock.
func (p *Procedure) checkWaiting() {
	if p.doc.Unread("deadlines") {
		return
	}
	var waits []string
	for _, stage := range complaint.Stages() {
		// Not all are told apart: the others are right anywhere.
		//exhaustive:ignore
		switch stage {
		case complaint.AwaitingCustomer, complaint.FollowingUp, complaint.Closed:
			continue // the customer's answer and the callbacks have clocks of their own
		}
		if p.passesAlways(stage) {
			continue
		}
		if !slices.ContainsFunc(p.Deadlines, func(d Deadline) bool { return d.runsIn(stage, p) }) {
			waits = append(waits, string(stage))
		}
	}
	switch len(waits) {
	case 0:
	case 1:
		p.doc.AddAtKey("deadlines", "a complaint can wait in stage %q for ever; add a deadline without a condition with from: %s and until: leaving %s", waits[0], waits[0], waits[0])
	default:
		p.doc.AddAtKey("deadlines", "a complaint can wait for ever in the stages %s; add a deadline without a condition from each of them until leaving it, or one from: received until: closed", strings.Join(waits, ", "))
	}
}

// check checks that each case of a matter has a line.
func (a *Authority) check(p *Procedure, path string) {
	if len(a.Rules) == 0 {
		p.doc.Addf(path, "nothing is said about who approves a %s; write [{approve: []}] if nobody need", a.Matter)
	}
	for i, rule := range a.Rules {
		last := i == len(a.Rules)-1
		switch {
		case last && !rule.When.IsZero():
			p.doc.Addf(pathItem(path, i), "no rule is left for the other cases; end with a rule without when, such as {approve: []}")
		case !last && rule.When.IsZero():
			p.doc.Addf(pathItem(path, i), "this rule fits always, so those after it never do; give it a when, or put it last")
		}
	}
}

// checkMatters checks that every matter has somebody to decide it, or nobody on purpose.
func (p *Procedure) checkMatters() {
	for _, matter := range []complaint.Matter{complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterVisit, complaint.MatterReply, complaint.MatterClosingForm} {
		given := slices.ContainsFunc(p.Authority, func(a Authority) bool { return a.Matter == matter })
		if !given && !p.doc.Unread("authority") {
			p.doc.Addf("authority", "nothing is said about who approves a %s; add %s: [{approve: []}] if nobody need", matter, matter)
		}
	}
}

// check checks what is done when the customer is silent.
func (c *CustomerAnswer) check(p *Procedure, path string) {
	steps := c.IfSilent
	if p.doc.Has(path+".if_silent") && len(steps) == 0 {
		p.doc.Addf(path+".if_silent", "a silent customer would keep the complaint open for ever; end with {suspend: 30d}, proceed or {close: unresolved}")
	}
	for i, step := range steps {
		path := pathItem(path+".if_silent", i)
		if p.doc.Unread(path) {
			continue
		}
		ends := step.Proceed || step.Close != ""
		switch last := i == len(steps)-1; {
		case !step.Remind && !ends && step.Suspend.IsZero():
			p.doc.Addf(path, "nothing is done here; write remind, proceed, {suspend: 30d} or {close: unresolved}")
		case last && step.Remind:
			p.doc.Addf(path, "after the last reminder a silent customer would keep the complaint open for ever; end with {suspend: 30d}, proceed or {close: unresolved}")
		case !last && ends:
			p.doc.Addf(path, "what follows is never reached; put this last")
		}
		if step.Close != "" && step.Close != complaint.Unresolved {
			p.doc.Addf(path+".close", "silence can't close a complaint as %q; write unresolved", step.Close)
		}
		if m := step.Suspend.Measure(); m == calendar.SameDay {
			p.doc.Addf(path+".suspend", "%s is no time to rest; write one such as 30d", step.Suspend)
		}
	}
	if c.Declined.ClimbAfter < 0 {
		p.doc.Addf(path+".declined.climb_after", "a count can't be below 0; write 0 for never")
	}
}

// checkFollowUps checks that each case has a plan of callbacks.
func (p *Procedure) checkFollowUps() {
	for i := range p.FollowUps {
		path := pathItem("follow_up", i)
		switch last, always := i == len(p.FollowUps)-1, p.FollowUps[i].When.IsZero(); {
		case last && !always:
			p.doc.Addf(path, "no plan is left for the other cases; end with a plan without when, such as {callbacks: []} where nobody calls back")
		case !last && always:
			p.doc.Addf(path, "this plan fits always, so those after it never do; give it a when, or put it last")
		}
	}
}

func (f *FollowUp) check(p *Procedure, path string) {
	if len(f.Callbacks) == 0 {
		return // nobody calls back
	}
	for _, key := range []string{"by", "attempts", "dissatisfied"} {
		if !p.doc.Has(path + "." + key) {
			p.doc.Addf(path, "the key %q is missing here; add it", key)
		}
	}
	if f.Attempts.Count < 1 {
		p.doc.Addf(path+".attempts.count", "with %d attempts nobody is ever called; write 1 or more", f.Attempts.Count)
	}
	if f.Attempts.Count > 1 && f.Attempts.Every.IsZero() {
		p.doc.Addf(path+".attempts", "how long to wait between attempts is missing; add every: 4wh")
	}
	if f.Dissatisfied.ClimbAfter < 0 {
		p.doc.Addf(path+".dissatisfied.climb_after", "a count can't be below 0; write 0 for never")
	}
	p.checkReturn(path+".dissatisfied.reopen", f.Dissatisfied.Reopen)
}

func (c *Callback) check(p *Procedure, path string) {
	c.TellIn = cmp.Or(c.TellIn, AnyTime)
	if c.NotBefore.Measure() == c.Within.Measure() && (c.NotBefore.Length() > c.Within.Length() || c.NotBefore.Count() > c.Within.Count()) {
		p.doc.Addf(path+".not_before", "the call may not come before %s but must come within %s; write less", c.NotBefore, c.Within)
	}
	p.checkLadderOf(path, c.Ladder, c.Within)
	for i, from := range c.From {
		called := entering(complaint.FollowingUp)
		if from == called || p.canFollow(from, called) || slices.Contains(stagesAt(from, p), complaint.FollowingUp) {
			continue
		}
		p.doc.Addf(pathItem(path+".from", i), "%q never comes before a customer is called back; write a moment that does, such as %q", from, taken(complaint.Implement))
	}
}

func (r *Reopen) check(p *Procedure, path string) { p.checkReturn(path+".to", r.To) }

func (a *Appeal) check(p *Procedure, path string) { p.checkReturn(path+".to", a.To) }

// checkReturns checks what the life leads to.
func (p *Procedure) checkReturns() {
	for i, kind := range p.AnswerAtOnce {
		if kind != complaint.KindEnquiry && kind != complaint.KindSuggestion {
			p.doc.Addf(pathItem("answer_at_once", i), "a %s can't be closed as answered; write enquiry or suggestion", kind)
		}
	}
	// Not all are told apart: the others are right anywhere.
	//exhaustive:ignore
	switch p.Verify.BackTo {
	case "":
		p.Verify.BackTo = complaint.Implementing
	case complaint.Implementing, complaint.Proposing:
	default:
		p.doc.Addf("verify.back_to", "a check that fails can't lead to %q; write implementing or proposing", p.Verify.BackTo)
	}
}

func (p *Procedure) checkReturn(path string, to complaint.Stage) {
	if to != "" && !slices.Contains(complaint.Returnable(), to) {
		p.doc.Addf(path, "a complaint can't be taken back to %q; write one of %s", to, strings.Join(wordsOf(complaint.Returnable()), ", "))
	}
}

// on is when a report is made, by its period.
var on = map[Period]*regexp.Regexp{
	EveryWeek:     regexp.MustCompile(`^(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday) ([01]\d|2[0-3]):[0-5]\d$`),
	EveryMonth:    regexp.MustCompile(`^day ([1-9]|1\d|2[0-8]) ([01]\d|2[0-3]):[0-5]\d$`),
	EveryQuarter:  regexp.MustCompile(`^day ([1-9]|1\d|2[0-8]) ([01]\d|2[0-3]):[0-5]\d$`),
	EveryHalfYear: regexp.MustCompile(`^day ([1-9]|1\d|2[0-8]) ([01]\d|2[0-3]):[0-5]\d$`),
	EveryYear:     regexp.MustCompile(`^day ([1-9]|1\d|2[0-8]) ([01]\d|2[0-3]):[0-5]\d$`),
}

// check checks when a report is made and what it covers.
func (r *Report) check(p *Procedure, path string) {
	p.checkID(path, r.Kind)
	if pattern, known := on[r.Every]; known && !pattern.MatchString(r.On) {
		example := "day 2 06:00"
		if r.Every == EveryWeek {
			example = "Tuesday 06:00"
		}
		p.doc.Addf(path+".on", "%q is no time of a %s; write one such as %q", r.On, r.Every, example)
	}
	if covers := fmt.Sprintf("previous %s", r.Every); r.Covers != "" && r.Covers != covers {
		p.doc.Addf(path+".covers", "a report of every %s covers the %s; write that, or leave it out", r.Every, covers)
	}
}

// check checks how long things are kept.
func (k *Keep) check(p *Procedure, path string) {
	for _, kept := range []struct {
		path string
		long calendar.Duration
	}{{path + ".record", k.Record}, {path + ".personal_data", k.PersonalData}} {
		if m := kept.long.Measure(); m != "" && m != calendar.CivilYears && m != calendar.CivilMonths && m != calendar.CivilDays && m != calendar.Agreed {
			p.doc.Addf(kept.path, "%s is no time to keep something; write one such as 3y or 90d", kept.long)
		}
	}
}
