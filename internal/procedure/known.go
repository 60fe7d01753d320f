package procedure

import (
	"fmt"
	"slices"
	"strings"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
)

// What a complaint brings with it comes step by step: a condition, a clock or a rung that asks for
// something earlier would be in force and never hold.

// knownAt reports whether what a step brings can be known at a moment, the first time that a
// complaint comes there.
func knownAt(brings complaint.StepName, m Moment) bool {
	at := takenIn(brings)
	if brings == "" || m.Step == brings || m.Leaving && slices.Contains(at, m.Stage) {
		return true
	}
	var after []complaint.Stage
	for queue := at; len(queue) > 0; queue = queue[1:] {
		for _, next := range queue[0].Onward() {
			if !slices.Contains(after, next) {
				after, queue = append(after, next), append(queue, next)
			}
		}
	}
	return slices.ContainsFunc(stagesAt(m), func(s complaint.Stage) bool { return slices.Contains(after, s) })
}

// entering is the moment of coming to a stage, and taken that of a step.
func entering(stage complaint.Stage) Moment { return Moment{Stage: stage} }

func taken(step complaint.StepName) Moment { return Moment{Step: step} }

// checkKnown checks that what conditions and clocks ask for is known when they do.
func (p *Procedure) checkKnown() {
	for i, r := range p.Routes {
		p.checkFacts(pathItem("routes", i)+".when", r.When, "when a complaint is routed", taken(complaint.Screen))
	}
	if p.CallOut != nil {
		p.checkFacts("call_out.when", p.CallOut.When, "when the team is called out", taken(complaint.Screen))
		p.checkAgreed("call_out.within", p.CallOut.Within, taken(complaint.Screen))
	}
	for _, d := range p.Deadlines {
		path := "deadlines." + d.ID
		p.checkFacts(path+".when", d.When, "", d.From...)
		p.checkAgreed(path+".within", d.Within, d.From...)
		if d.Special != nil {
			p.checkAgreed(path+".within_if_special.within", d.Special.Within, d.From...)
		}
		p.checkSaysMuch(path+".from", d.From)
		p.checkSaysMuch(path+".until", d.Until)
		p.checkTold(path, d)
	}
	for _, side := range p.Sides {
		path := "sides." + side.ID
		p.checkSaysMuch(path+".from", side.From)
		p.checkFacts(path+".when", side.When, "", side.From...)
		for _, step := range side.Steps {
			p.checkFacts(path+".steps."+step.ID+".when", step.When, "", side.From...)
			p.checkAgreed(path+".steps."+step.ID+".within", step.Within, side.From...)
		}
	}
	for i, plan := range p.FollowUps {
		p.checkFacts(pathItem("follow_up", i)+".when", plan.When, "", entering(complaint.FollowingUp))
		p.checkAgreed(pathItem("follow_up", i)+".attempts.every", plan.Attempts.Every)
	}
	p.checkAgreed("customer_answer.within", p.CustomerAnswer.Within)
	if p.Reopen != nil {
		p.checkAgreed("reopen.within", p.Reopen.Within)
	}
	if p.Appeal != nil {
		p.checkAgreed("appeal.within", p.Appeal.Within)
	}
	decided := map[complaint.Matter]Moment{complaint.MatterReply: entering(complaint.Explaining), complaint.MatterClosingForm: entering(complaint.Closing)}
	for _, authority := range p.Authority {
		if at, once := decided[authority.Matter]; once {
			for i, rule := range authority.Rules {
				p.checkFacts(pathItem("authority."+string(authority.Matter), i)+".when", rule.When, fmt.Sprintf("when a %s is decided", authority.Matter), at)
			}
		}
	}
}

// checkFacts checks the facts of a condition that is judged at one of some moments.
func (p *Procedure) checkFacts(path string, when Condition, judged string, moments ...Moment) {
	for _, use := range when.uses {
		brings := p.known[use.fact].brings
		if len(moments) == 0 || slices.ContainsFunc(moments, func(m Moment) bool { return knownAt(brings, m) }) {
			continue
		}
		at := judged
		if at == "" {
			at = fmt.Sprintf("at %q", moments[0])
		}
		p.doc.AddAfter(path, use.column, "%q isn't known yet %s: the step %q brings it; leave it out, or ask at a later moment", use.fact, at, brings)
	}
}

// checkAgreed checks that a clock that runs to the date agreed with the customer, which is the
// proposal's, starts at one of the moments when that is there.
func (p *Procedure) checkAgreed(path string, within calendar.Duration, from ...Moment) {
	if within.Measure() != calendar.Agreed || p.doc.Unread(path) {
		return
	}
	switch early := slices.IndexFunc(from, func(m Moment) bool { return !knownAt(complaint.Propose, m) }); {
	case len(from) == 0:
		p.doc.Addf(path, "nothing is agreed on here; write a time, such as 3wd")
	case early >= 0:
		p.doc.Addf(path, "no date is agreed on yet at %q: the step %q brings it; start the clock at %q or later, or write a time such as 3wd", from[early], complaint.Propose, complaint.Implementing)
	}
}

// saysNothing is why a step that anybody may take for many reasons says nothing of what a clock
// waits for; empty for every other step.
func saysNothing(step complaint.StepName) string {
	if step == complaint.Acknowledge {
		return "confirms a rung, and that of any clock would count here"
	}
	if step == complaint.Note {
		return "may say anything, and any would count here"
	}
	return ""
}

func (p *Procedure) checkSaysMuch(path string, moments []Moment) {
	for i, m := range moments {
		if why := saysNothing(m.Step); why != "" {
			p.doc.Addf(itemPath(path, i, len(moments), p), "the step %q %s; write a step that does what is waited for, such as %q", m.Step, why, "step contact reached")
		}
	}
}

// checkTold checks that those whom a clock's ladder tells are there while it runs: nobody handles a
// complaint, and no department has it, before it is assigned.
func (p *Procedure) checkTold(path string, d Deadline) {
	if runs := d.stages(); len(runs) != 1 || !runs[complaint.Received] {
		return
	}
	for i, rung := range d.Ladder.Rungs {
		for j, role := range rung.Tell {
			if role != complaint.Handler && !strings.Contains(string(p.Roles[role]), "{department}") && !strings.Contains(string(role), "{department}") {
				continue
			}
			at := itemPath(pathItem(path+".ladder", i)+".tell", j, len(rung.Tell), p)
			if d.Ladder.Named != "" {
				at = path + ".ladder"
			}
			p.doc.Addf(at, "there is no %s yet while the clock runs: it ends before a department has the complaint; tell another, such as agent or service_manager", role)
		}
	}
}

// stages are those in which a clock can run.
func (d Deadline) stages() map[complaint.Stage]bool {
	// Not all are told apart: a set.
	//exhaustive:ignore
	stop := map[complaint.Stage]bool{}
	for _, until := range d.Until {
		switch {
		case until.Leaving:
			for _, next := range onward(until.Stage) {
				stop[next] = true
			}
		case until.Step == "":
			stop[until.Stage] = true
		}
	}
	// Not all are told apart: a set.
	//exhaustive:ignore
	runs := map[complaint.Stage]bool{}
	for _, from := range d.From {
		for stage := range reachable(stagesAt(from), stop) {
			runs[stage] = true
		}
	}
	return runs
}
