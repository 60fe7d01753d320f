package procedure

import (
	"slices"
	"strings"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// What a complaint brings with it comes step by step: a condition, a clock or a rung that asks for
// something earlier would be in force and never hold.

// knownAt reports whether what a step brings can be known at a moment, the first time that a
// complaint comes there.
func (p *Procedure) knownAt(brings complaint.StepName, m Moment) bool {
	if brings == "" || m.BroughtBy() == brings {
		return true
	}
	at := takenIn(brings)
	var after []complaint.Stage
	for queue := at; len(queue) > 0; queue = queue[1:] {
		for _, next := range queue[0].Onward() {
			if !slices.Contains(after, next) {
				after, queue = append(after, next), append(queue, next)
			}
		}
	}
	return slices.Contains(at, m.Leaves()) || slices.Contains(after, m.Leaves()) ||
		slices.ContainsFunc(stagesAt(m, p), func(s complaint.Stage) bool { return slices.Contains(after, s) })
}

// checkKnown checks that what conditions and clocks ask for is known when they do.
func (p *Procedure) checkKnown() {
	yamlfile.EachWithin(p.doc, func(path string, when *Condition, around judging) { p.checkFacts(path, *when, around) })
	yamlfile.EachWithin(p.doc, func(path string, within *calendar.Duration, around judging) {
		if within.Measure() == calendar.Agreed && !p.doc.Unread(path) {
			p.checkAgreed(path, around)
		}
	})
}

// checkFacts checks that the facts of a condition are known when it is judged.
func (p *Procedure) checkFacts(path string, when Condition, around judging) {
	if around == nil {
		panic("procedure: nothing says when " + path + " is judged") // a mistake of ours: see part.go
	}
	judged := around.judged()
	for _, use := range when.uses {
		brings := p.known[use.fact].brings
		if len(judged.at) == 0 || slices.ContainsFunc(judged.at, func(m Moment) bool { return p.knownAt(brings, m) }) {
			continue
		}
		p.doc.AddAfter(path, use.column, "%q isn't known yet %s: the step %q brings it; leave it out, or ask at a later moment", use.fact, judged, brings)
	}
}

// checkAgreed checks that a clock that runs to the date agreed with the customer, which is the
// proposal's, starts when that is there.
func (p *Procedure) checkAgreed(path string, around judging) {
	var judged judgement
	if around != nil {
		judged = around.judged()
	}
	switch early := slices.IndexFunc(judged.at, func(m Moment) bool { return !p.knownAt(complaint.Propose, m) }); {
	case !judged.dates:
		p.doc.Addf(path, "nothing is agreed on here; write a time, such as 3wd")
	case early >= 0:
		p.doc.Addf(path, "no date is agreed on yet at %q: the step %q brings it; start the clock at %q or later, or write a time such as 3wd", judged.at[early], complaint.Propose, complaint.Implementing)
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

// checkTold checks that those whom a clock's ladder tells are there while it runs: nobody handles a
// complaint, and no department has it, before it is assigned.
func (p *Procedure) checkTold(path string, d Deadline) {
	if runs := d.stages(p); len(runs) != 1 || !runs[complaint.Received] {
		return
	}
	for i, rung := range d.Ladder.Rungs {
		for j, role := range rung.Tell {
			if role != complaint.Handler && !strings.Contains(string(p.Roles[role]), "{department}") && !strings.Contains(string(role), "{department}") {
				continue
			}
			at := pathItem(pathItem(path+".ladder", i)+".tell", j)
			if d.Ladder.Named != "" {
				at = path + ".ladder"
			}
			p.doc.Addf(at, "there is no %s yet while the clock runs: it ends before a department has the complaint; tell another, such as agent or service_manager", role)
		}
	}
}

// stages are those in which a clock can run.
func (d Deadline) stages(p *Procedure) map[complaint.Stage]bool {
	if slices.Contains(p.asking, d.ID) {
		return nil // it begins with itself: it never does
	}
	p.asking = append(p.asking, d.ID)
	defer func() { p.asking = p.asking[:len(p.asking)-1] }()
	// Not all are told apart: a set.
	//exhaustive:ignore
	stop := map[complaint.Stage]bool{}
	for _, until := range d.Until {
		if stage := until.Enters(); stage != "" {
			stop[stage] = true
		} else if until.Leaves() != "" {
			for _, next := range onward(until.Leaves()) {
				stop[next] = true
			}
		}
	}
	// Not all are told apart: a set.
	//exhaustive:ignore
	runs := map[complaint.Stage]bool{}
	for _, from := range d.From {
		for stage := range reachable(stagesAt(from, p), stop) {
			runs[stage] = true
		}
	}
	return runs
}
