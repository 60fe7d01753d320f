package plan

import (
	"slices"

	"recourse/internal/complaint"
)

// judgeCourse puts on the terms what of its own course the procedure has in this case.
func (p *planner) judgeCourse(terms *complaint.Terms) {
	terms.Passes, terms.Requires = p.Procedure.Passes(&p.c), p.Procedure.Required(&p.c)
	terms.May = p.Procedure.Rights(&p.c)
	for i := range terms.May {
		terms.May[i].By = p.patterns(terms.May[i].By)
	}
	terms.HandlerNamedBy = ""
	if role := p.Procedure.HandlerNamedBy(&p.c); role != "" {
		terms.HandlerNamedBy = p.patterns([]complaint.Role{role})[0]
	}
}

// patterns are the duties that fill roles, with "{department}" in them where they are one of the
// department's. The people of the case stay who they are.
func (p *planner) patterns(roles []complaint.Role) []complaint.Role {
	duties := slices.Clone(roles)
	for i, role := range duties {
		if duty, filled := p.Procedure.Roles[role]; filled && !ofTheCase(role) {
			duties[i] = duty
		}
	}
	return duties
}

// neutral are the third parties of this complaint: whoever holds one of their duties.
func (p *planner) neutral() []complaint.PersonID {
	var people []complaint.PersonID
	for _, role := range p.c.Terms.Neutral {
		duty := p.Directory.Duties[p.duty(role)]
		people = append(people, duty.Primary, duty.Secondary)
	}
	return slices.DeleteFunc(people, func(person complaint.PersonID) bool { return person == "" })
}
