package complaint

// toFind records what the investigation established (记录调查结果). Those liable become subjects; whoever
// of them holds a role is replaced by the procedure in the same step.
var toFind = act{
	label:   text("Record the findings", "记录调查结果"),
	carries: func(f *Facts) any { f.Findings = &Findings{}; return f.Findings },
	lacks: func(f Facts) []string {
		return missing(lack{f.Findings == nil || f.Findings.Liability == "", "liability"})
	},
	open: refusedWhen(ReasonNotAccepted, func(c *Complaint, _ Actor) bool { return !c.inCharge() }),
	fold: func(c *Complaint, s Step) {
		c.Findings, c.FoundBy = cloneOf(s.Facts.Findings), s.Submission
		c.subjectTo(c.Findings.People)
	},
}

// Findings are what the investigation established.
type Findings struct {
	Founded   bool       `json:"founded"`
	Cause     string     `json:"cause_code,omitempty"` // a coded cause of the procedure
	Liability Liability  `json:"liability"`
	People    []PersonID `json:"people,omitempty"` // those liable; they become subjects
}

// Liability says who answers for what went wrong; part of the findings.
type Liability string

// The liabilities.
const (
	LiableDepartment Liability = "department"
	LiableCustomer   Liability = "customer"
	LiableSupplier   Liability = "supplier"
	LiableThirdParty Liability = "third_party"
	Undetermined     Liability = "undetermined"
)
