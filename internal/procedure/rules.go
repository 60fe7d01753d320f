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

// checkDeadlines checks each deadline against the life of a complaint.
func (p *Procedure) checkDeadlines() {
	if p.AskAgain.IsZero() {
		p.AskAgain = calendar.MustParseDuration("1wd")
	}
	for i := range p.Deadlines {
		d := &p.Deadlines[i]
		path := "deadlines." + d.ID
		p.checkID(path, d.ID)
		if slices.Contains(ownClocks, d.ID) {
			p.doc.Addf(path, "every procedure has a clock called %q already; choose another name", d.ID)
		}
		d.OnReentry, d.TellIn = cmp.Or(d.OnReentry, NewRound), cmp.Or(d.TellIn, AnyTime)
		if p.doc.Unread(path) {
			continue
		}
		for j, until := range d.Until {
			ends := slices.ContainsFunc(d.From, func(from Moment) bool { return canFollow(from, until) })
			if !ends && len(d.From) > 0 {
				p.doc.Addf(itemPath(path+".until", j, len(d.Until), p), "%q never comes after %q; write a moment that does, such as %q", until, d.From[0], onwardFrom(d.From[0]))
			}
		}
		for j, pause := range d.Pauses {
			for _, from := range d.From {
				if pause.Stage != "" && from.Entering(pause.Stage) {
					p.doc.Addf(itemPath(path+".pauses", j, len(d.Pauses), p), "the clock starts in stage %q and is paused there, so it never runs; take this pause out", pause.Stage)
				}
			}
		}
		p.checkLadderOf(path, d.Ladder, d.Within)
		if d.Special != nil && d.Special.Within == d.Within && !d.Within.IsZero() {
			p.doc.Addf(path+".within_if_special.within", "a special case has the same %s as any other; write another time, or take it out", d.Within)
		}
	}
	for i, side := range p.Sides {
		for j := range side.Steps {
			step := &p.Sides[i].Steps[j]
			step.TellIn = cmp.Or(step.TellIn, AnyTime)
			path := "sides." + side.ID + ".steps." + step.ID
			p.checkLadderOf(path, step.Ladder, step.Within)
			if j == 0 && step.OnlyIf != "" {
				p.doc.Addf(path+".only_if", "no step comes before %q that could be %s; take this out", step.ID, step.OnlyIf)
			}
		}
		if len(side.Steps) == 0 {
			p.doc.Addf("sides."+side.ID+".steps", "the side process %q has no step; add one", side.ID)
		}
	}
	if p.CallOut != nil {
		p.CallOut.TellIn = cmp.Or(p.CallOut.TellIn, AnyTime)
		p.checkLadderOf("call_out", p.CallOut.Ladder, p.CallOut.Within)
	}
}

// onwardFrom proposes a moment that can end a clock.
func onwardFrom(from Moment) Moment {
	for _, stage := range stagesAt(from) {
		if next := onward(stage); len(next) > 0 {
			return Moment{Stage: next[0]}
		}
	}
	return Moment{Stage: complaint.Closed}
}

// itemPath is the path of an item; every single word is a list of one.
func itemPath(path string, i, _ int, p *Procedure) string {
	if item := pathItem(path, i); p.doc.Has(item) {
		return item
	}
	return path
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
		if !slices.ContainsFunc(p.Deadlines, func(d Deadline) bool { return d.runsIn(stage) }) {
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

// checkAuthority checks that every matter has somebody to decide it, or nobody on purpose.
func (p *Procedure) checkAuthority() {
	given := map[complaint.Matter]bool{}
	for _, authority := range p.Authority {
		given[authority.Matter] = true
		path := "authority." + string(authority.Matter)
		if len(authority.Rules) == 0 {
			p.doc.Addf(path, "nothing is said about who approves a %s; write [{approve: []}] if nobody need", authority.Matter)
		}
		for i, rule := range authority.Rules {
			last := i == len(authority.Rules)-1
			switch {
			case last && !rule.When.IsZero():
				p.doc.Addf(pathItem(path, i), "no rule is left for the other cases; end with a rule without when, such as {approve: []}")
			case !last && rule.When.IsZero():
				p.doc.Addf(pathItem(path, i), "this rule fits always, so those after it never do; give it a when, or put it last")
			}
		}
	}
	for _, matter := range []complaint.Matter{complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterVisit, complaint.MatterReply, complaint.MatterClosingForm} {
		if !given[matter] && !p.doc.Unread("authority") {
			p.doc.Addf("authority", "nothing is said about who approves a %s; add %s: [{approve: []}] if nobody need", matter, matter)
		}
	}
}

// checkCustomer checks what is done when the customer is silent.
func (p *Procedure) checkCustomer() {
	steps := p.CustomerAnswer.IfSilent
	if p.doc.Has("customer_answer.if_silent") && len(steps) == 0 {
		p.doc.Addf("customer_answer.if_silent", "a silent customer would keep the complaint open for ever; end with {suspend: 30d}, proceed or {close: unresolved}")
	}
	for i, step := range steps {
		path := pathItem("customer_answer.if_silent", i)
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
		if m := step.Suspend.Measure(); m == calendar.SameDay || m == calendar.Agreed {
			p.doc.Addf(path+".suspend", "%s is no time to rest; write one such as 30d", step.Suspend)
		}
	}
	if p.CustomerAnswer.Declined.ClimbAfter < 0 {
		p.doc.Addf("customer_answer.declined.climb_after", "a count can't be below 0; write 0 for never")
	}
	for i, kind := range p.AnswerAtOnce {
		if kind != complaint.KindEnquiry && kind != complaint.KindSuggestion {
			p.doc.Addf(pathItem("answer_at_once", i), "a %s can't be closed as answered; write enquiry or suggestion", kind)
		}
	}
}

// checkFollowUps checks the plans of callbacks.
func (p *Procedure) checkFollowUps() {
	if p.doc.Has("follow_up") && len(p.FollowUps) == 0 {
		p.doc.Addf("follow_up", "no callback is planned; add one")
	}
	for i := range p.FollowUps {
		plan := &p.FollowUps[i]
		path := pathItem("follow_up", i)
		if len(plan.Callbacks) == 0 {
			p.doc.Addf(path+".callbacks", "this plan holds no callback; add one such as {within: 3wd}")
		}
		for j := range plan.Callbacks {
			c := &plan.Callbacks[j]
			here := pathItem(path+".callbacks", j)
			c.TellIn = cmp.Or(c.TellIn, AnyTime)
			if c.NotBefore.Measure() == c.Within.Measure() && (c.NotBefore.Length() > c.Within.Length() || c.NotBefore.Count() > c.Within.Count()) {
				p.doc.Addf(here+".not_before", "the call may not come before %s but must come within %s; write less", c.NotBefore, c.Within)
			}
			p.checkLadderOf(here, c.Ladder, c.Within)
		}
		if plan.Attempts.Count < 1 {
			p.doc.Addf(path+".attempts.count", "with %d attempts nobody is ever called; write 1 or more", plan.Attempts.Count)
		}
		if plan.Attempts.Count > 1 && plan.Attempts.Every.IsZero() {
			p.doc.Addf(path+".attempts", "how long to wait between attempts is missing; add every: 4wh")
		}
		if plan.Dissatisfied.ClimbAfter < 0 {
			p.doc.Addf(path+".dissatisfied.climb_after", "a count can't be below 0; write 0 for never")
		}
		p.checkReturn(path+".dissatisfied.reopen", plan.Dissatisfied.Reopen)
		switch last := i == len(p.FollowUps)-1; {
		case last && !plan.When.IsZero():
			p.doc.Addf(path, "no plan is left for the other cases; end with a plan without when")
		case !last && plan.When.IsZero():
			p.doc.Addf(path, "this plan fits always, so those after it never do; give it a when, or put it last")
		}
	}
}

// checkReturns checks where a complaint is taken back to.
func (p *Procedure) checkReturns() {
	if p.Reopen != nil {
		p.checkReturn("reopen.to", p.Reopen.To)
	}
	if p.Appeal != nil {
		p.checkReturn("appeal.to", p.Appeal.To)
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

// checkReports checks when reports are made and what they cover.
func (p *Procedure) checkReports() {
	for _, r := range p.Reports {
		path := "reports." + r.Kind
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
	for _, d := range []struct {
		path string
		kept calendar.Duration
	}{{"keep.record", p.Keep.Record}, {"keep.personal_data", p.Keep.PersonalData}} {
		if m := d.kept.Measure(); m != "" && m != calendar.CivilYears && m != calendar.CivilDays {
			p.doc.Addf(d.path, "%s is no time to keep something; write one such as 3y or 90d", d.kept)
		}
	}
}
