package plan

import (
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// noteMoments notes when the moments come from which callbacks count, and counts the callback that
// is already planned anew from one that comes only then.
func (p *planner) noteMoments(e complaint.Event) {
	for _, m := range p.Procedure.CallbacksFrom() {
		if !m.Comes(e, &p.c) {
			continue
		}
		p.decide(complaint.Event{Kind: complaint.MomentCame, At: e.At, Code: m.String()})
		d, open := p.c.Deadline(complaint.CallbackClock)
		if next, planned := p.nextCallback(); open && planned && slices.Contains(next.From, m) {
			d.LapsedAt, d.StartedAt = p.lapsed(d), e.At
			c, _ := p.builtIn(d.Name)
			p.reckonAnew(c, d, "counted anew")
		}
	}
}

// nextCallback is the one that comes next by the plan that fits the case.
func (p *planner) nextCallback() (procedure.Callback, bool) {
	plan, planned := p.Procedure.FollowUp(&p.c)
	if !planned || p.c.CallbacksMet >= len(plan.Callbacks) {
		return procedure.Callback{}, false
	}
	return plan.Callbacks[p.c.CallbacksMet], true
}

// countsFrom is when the times of a callback begin: with the last of its moments that has come,
// and otherwise with the stage.
func (p *planner) countsFrom(callback procedure.Callback) time.Time {
	var last time.Time
	for _, m := range callback.From {
		last = latest(last, p.c.Came[m.String()])
	}
	if last.IsZero() {
		return p.c.StageSince
	}
	return last
}
