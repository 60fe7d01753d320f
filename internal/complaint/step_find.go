package complaint

// toFind records what the investigation established (记录调查结果). Those liable become subjects; whoever of them holds
// a role is replaced by the procedure in the same step.
var toFind = act{
	label:   text("Record the findings", "记录调查结果"),
	carries: func(f *Facts) any { f.Findings = &Findings{}; return f.Findings },
	lacks: func(f Facts) []string {
		return missing(lack{f.Findings == nil || f.Findings.Liability == "", "liability"})
	},
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		if !c.Accepted {
			return CodeStepNotAllowed, ReasonNotAccepted
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		found := *s.Facts.Findings
		c.Findings = &found
		for _, person := range found.People {
			if !contains(c.Subjects, person) {
				c.Subjects = append(c.Subjects, person)
			}
		}
	},
}

// Findings are what the investigation established.
type Findings struct {
	Founded   bool       `json:"founded"`
	Cause     string     `json:"cause_code,omitempty"` // a coded cause of the procedure
	Liability Liability  `json:"liability"`
	People    []PersonID `json:"people,omitempty"` // those liable; they become subjects
}
