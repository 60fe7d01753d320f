package procedure

import (
	"slices"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
)

// This file is how long a clock runs in a case: by its condition, or as a special case.

// WithinIf is the time that a clock has in some cases, in place of its Within; of several the first
// that fits counts. It is judged whenever something changes for which its condition asks.
type WithinIf struct {
	When   Condition         `yaml:"when,required"`
	Within calendar.Duration `yaml:"within,required"` // from the start of the clock, whenever it is judged
	Source []string          `yaml:"source"`
}

// TimeAllowed is the time that the clock has for a complaint as it stands: that of a special case
// where somebody marked it so, else that of the first condition that holds, else Within.
func (d Deadline) TimeAllowed(c *complaint.Complaint) calendar.Duration {
	if c.Special && d.Special != nil {
		return d.Special.Within
	}
	if fits, one := first(d.WithinIf, func(w WithinIf) bool { return w.When.Holds(c) }); one {
		return fits.Within
	}
	return d.Within
}

func (*WithinIf) judged() judgement { return judgement{} }

// checkTimeAllowed checks the times that a clock has in some cases.
func (p *Procedure) checkTimeAllowed(path string, d *Deadline) {
	runs := d.stages(p)
	for i, one := range d.WithinIf {
		at := pathItem(path+".within_if", i)
		p.checkLadderOf(path, d.Ladder, one.Within)
		if last := i == len(d.WithinIf)-1; last && one.Within == d.Within && !d.Within.IsZero() {
			p.doc.Addf(at+".within", "in this case the clock has the same %s as in any other; write another time, or take it out", d.Within)
		}
		for _, use := range one.When.uses {
			if brings := p.known[use.fact].brings; brings != "" && !p.comesWhile(brings, d, runs) {
				p.doc.AddAfter(at+".when", use.column, "%q isn't known as long as the clock runs: the step %q brings it; leave it out, or let the clock run longer", use.fact, brings)
			}
		}
	}
}

// comesWhile reports whether a step is taken before a clock starts or while it runs.
func (p *Procedure) comesWhile(step complaint.StepName, d *Deadline, runs map[complaint.Stage]bool) bool {
	return slices.ContainsFunc(d.From, func(m Moment) bool { return p.knownAt(step, m) }) ||
		slices.ContainsFunc(takenIn(step), func(s complaint.Stage) bool { return runs[s] })
}
