package complaint

import "slices"

// StandIn is who takes a step in the place of the duty whose it is, because
// everybody who holds that duty is excluded from this complaint or away: its
// subjects, or the first screener of what is to be screened anew.
type StandIn struct {
	Step   StepName `json:"step"`
	Role   Role     `json:"role"` // of the task
	Person PersonID `json:"person"`
}

// standIn is who stands in for a role at a step, if somebody has to.
func (p People) standIn(step StepName, role Role) PersonID {
	for _, s := range p.StandIns {
		if s.Step == step && s.Role == role {
			return s.Person
		}
	}
	return ""
}

// standsIn reports whether the person takes the step in somebody's place.
func (c *Complaint) standsIn(step StepName, person PersonID) bool {
	return slices.ContainsFunc(c.People.StandIns, func(s StandIn) bool { return s.Step == step && s.Person == person })
}
