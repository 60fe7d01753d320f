package plan

import (
	"slices"

	"recourse/internal/complaint"
)

// judgeClocks gives the clocks whose time depends on a condition the time that they have now.
func (p *planner) judgeClocks() {
	for _, known := range slices.Clone(p.c.Deadlines) {
		d, open := p.c.Deadline(known.Name) // as it is now: the one before may have taken it along
		rule, its := p.Procedure.Deadline(known.Name)
		if !open || !its || len(rule.WithinIf) == 0 {
			continue
		}
		if within := rule.Allowed(&p.c).String(); within != d.Within {
			d.Within = within
			p.change(d, rule, complaint.Judged)
		}
	}
}
