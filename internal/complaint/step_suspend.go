package complaint

import "time"

// toSuspend rests the complaint as an open matter (暂缓办理、未了事宜) until a date, on which it resumes by
// itself. It takes effect when it is approved, where the procedure asks that.
var toSuspend = act{
	label:   text("Suspend", "暂缓办理"),
	carries: func(f *Facts) any { f.Suspension = &Suspension{}; return f.Suspension },
	lacks: func(f Facts) []string {
		s := f.Suspension
		return missing(lack{s == nil || s.Kind == "", "kind"}, lack{s == nil || s.Until.IsZero(), "until"})
	},
	open: refusedWhen(ReasonAlreadySuspended, func(c *Complaint, _ Actor) bool {
		return len(c.InForce()) > 0 || c.waitsForDecision(MatterSuspension)
	}),
	needs: func(_ *Complaint, s Step) (Code, Reason) {
		if !s.Facts.Suspension.Until.After(s.At) {
			return CodeRuleViolation, ReasonDateInPast
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.Matters = append(c.Matters, OpenMatter{Number: len(c.Matters) + 1, Kind: s.Facts.Suspension.Kind,
			Until: s.Facts.Suspension.Until, By: s.By.Person, Submission: s.Submission})
	},
}

// SuspensionKind says why a complaint rests.
type SuspensionKind string

// The kinds of open matter (未了事宜).
const (
	CustomerAway SuspensionKind = "customer-away"
	PartsOnOrder SuspensionKind = "parts-on-order"
	AgreedDate   SuspensionKind = "agreed-date"
)

// Suspension rests a complaint until a date, on which it resumes by itself.
type Suspension struct {
	Kind  SuspensionKind `json:"kind"`
	Until time.Time      `json:"until"`
}
