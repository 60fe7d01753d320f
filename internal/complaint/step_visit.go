package complaint

import (
	"slices"
	"time"

	"recourse/internal/bilingual"
)

// toVisit plans or reports an on-site visit (现场走访). Where it needs a permission it is planned
// first, and reported once it has it.
var toVisit = act{
	label:   text("Visit", "现场走访"),
	carries: func(f *Facts) any { f.Visit = &VisitFacts{}; return f.Visit },
	lacks:   func(f Facts) []string { return missing(lack{f.Visit == nil, "report"}) },
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if !s.Facts.Visit.Report {
			return "", ""
		}
		if c.Terms.VisitsPermitted {
			switch n := len(c.Visits); {
			case n == 0:
				return CodeStepNotAllowed, ReasonApprovalMissing
			case c.Visits[n-1].Report:
				return CodeStepNotAllowed, ReasonAlreadyDone
			}
		}
		if slices.ContainsFunc(c.Approvals, func(a Approval) bool { return a.Matter == MatterVisit && (a.Open() || a.Refused) }) {
			return CodeStepNotAllowed, ReasonApprovalMissing
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) { c.Visits = append(c.Visits, *s.Facts.Visit) },
	tells: func(f Facts) *time.Time {
		if f.Visit.Report {
			return nil
		}
		return f.Visit.At
	},
	results: []result{
		{"planned", func(f Facts) bool { return f.Visit != nil && !f.Visit.Report }},
		{"reported", func(f Facts) bool { return f.Visit != nil && f.Visit.Report }},
	},
	says: func(s Step) bilingual.Text {
		if s.Facts.Visit.Report {
			return text("{person} reported on an on-site visit.", "{person}报告了现场走访情况。")
		}
		return text("{person} planned an on-site visit.", "{person}安排了现场走访。")
	},
}

// VisitFacts are the plan or the report of an on-site visit.
type VisitFacts struct {
	Report bool       `json:"report"`
	At     *time.Time `json:"at,omitempty"`
}
