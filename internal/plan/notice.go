package plan

import (
	"recourse/internal/complaint"
	"recourse/internal/message"
)

// tellNotices sends the procedure's notices whose moment this is.
func (p *planner) tellNotices(e complaint.Event) {
	for _, n := range p.Procedure.Notices {
		if p.comes(n.On, e) && n.When.Holds(&p.c) {
			p.sendWith(because(n.ID), message.Notice, p.people(n.Tell)...)
		}
	}
}
