package store

import (
	"slices"

	"recourse/internal/complaint"
)

// Viewer is who looks at complaints, and how far they see.
type Viewer struct {
	Person complaint.PersonID
	// All shows every complaint that is not closed to named people: for customer service, managers, auditors.
	All bool
	// Departments show the complaints that these have in hand: for department heads.
	Departments []string
}

// Sees reports whether the viewer may know of a complaint: whoever is its subject never does; one that is closed to named
// people shows to them alone; others show to those who have a part in it, and as far as the viewer sees. Lists hold the
// same line.
func (v Viewer) Sees(c *complaint.Complaint, tasks ...complaint.Task) bool {
	switch {
	case slices.Contains(c.Subjects, v.Person):
		return false
	case len(c.People.SeenBy) > 0:
		return slices.Contains(c.People.SeenBy, v.Person)
	}
	return v.All || (c.People.Department != "" && slices.Contains(v.Departments, c.People.Department)) ||
		slices.Contains(participants(c, tasks), v.Person)
}
