package store

import "recourse/internal/complaint"

// Viewer is who looks at lists, and how far they see. Whoever is the subject of a complaint never sees it; one that is closed
// to named people shows to them alone; others show to those who have a part in them, and as far as All and Departments
// reach. For a complaint by itself, complaint.Visible decides.
type Viewer struct {
	Person complaint.PersonID
	// Procedure is the one that the viewer's organisation follows: other organisations' complaints don't exist for them. Empty
	// shows those of all.
	Procedure string
	// All shows every complaint that is not closed to named people: for customer service, managers, auditors.
	All bool
	// Departments show the complaints that these have in hand: for department heads.
	Departments []string
}
