package complaint

// toAssign names who gets the complaint (转办); what it leaves out, the procedure's rules choose.
var toAssign = act{
	label:   text("Assign", "转办"),
	carries: carriesAssignment,
	lacking: func(c *Complaint, f Facts) []string {
		if a := f.Assignment; a != nil && *a != (Assignment{}) {
			return nil
		}
		switch {
		case c.LacksOwner():
			return []string{"owner"}
		case c.People.Department != "" && c.People.Handler == "":
			return []string{"handler"}
		}
		return []string{"department"}
	},
	fold: func(c *Complaint, s Step) {
		a := *s.Facts.Assignment
		if a.Department != "" && a.Department != c.People.Department {
			c.People.Department, c.People.Handler = a.Department, ""
		}
		if a.Handler != "" {
			c.People.Handler = a.Handler
			c.Accepted = false
		}
		if a.Owner != "" {
			c.People.Owner = a.Owner
		}
	},
}

func carriesAssignment(f *Facts) any { f.Assignment = &Assignment{}; return f.Assignment }

// Assignment names who gets the complaint. Empty members leave the choice to
// the procedure.
type Assignment struct {
	Department string   `json:"department,omitempty"`
	Handler    PersonID `json:"handler,omitempty"`
	Owner      PersonID `json:"owner,omitempty"`
}
