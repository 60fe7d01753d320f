package reading

import (
	"slices"

	"recourse/internal/complaint"
)

// Viewer is who looks at lists, and how far they see. Whoever is the subject of a complaint never
// sees it; one that is closed to named people shows to them alone; others show to those who have a
// part in them, by name, by a duty or by their department, and all of them as far as All reaches.
// For a complaint by itself, complaint.Visible decides, by the same audience.
type Viewer struct {
	Person complaint.PersonID
	// Procedure is the one that the viewer's organisation follows: other organisations' complaints
	// don't exist for them. Empty shows those of all.
	Procedure string
	// All shows every complaint that is not closed to named people: complaint.SeesAll.
	All bool
	// Duties are what the viewer holds: they show what these are to know of, such as the complaints
	// of the department that they head.
	Duties []complaint.Role
	// Department is where the viewer belongs: it shows the complaints for which its help is asked.
	Department string
}

// ViewerOf is somebody of an organisation as they look at lists: how far is what complaint.Visible
// says of one complaint.
func ViewerOf(a complaint.Actor, organisation string) Viewer {
	return Viewer{Person: a.Person, Procedure: organisation, All: complaint.SeesAll(a), Duties: a.Roles, Department: a.Department}
}

// keys are what the column "participants" holds of those who may see a complaint: people by their
// ID, duties and departments with a word before it, which no person's ID has.
func (v Viewer) keys() []string {
	return keysOf(complaint.Audience{People: []complaint.PersonID{v.Person}, Duties: v.Duties, Departments: []string{v.Department}})
}

func keysOf(audience complaint.Audience) []string {
	keys := []string{}
	add := func(prefix, name string) {
		if name != "" {
			keys = append(keys, prefix+name)
		}
	}
	for _, person := range audience.People {
		add("", string(person))
	}
	for _, duty := range audience.Duties {
		add("duty:", string(duty))
	}
	for _, department := range audience.Departments {
		add("department:", department)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
