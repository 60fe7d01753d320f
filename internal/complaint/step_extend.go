package complaint

import "time"

// toExtend gives a running deadline a new time (延长时限). An open matter stands at its own date:
// resume and suspend change that.
var toExtend = act{
	label:   text("Extend a deadline", "延长时限"),
	carries: func(f *Facts) any { f.Extension = &Extension{}; return f.Extension },
	lacks: func(f Facts) []string {
		e := f.Extension
		return missing(lack{e == nil || e.Deadline == "", "deadline"}, lack{e == nil || e.Due.IsZero(), "due"})
	},
	open: refusedWhen(ReasonNoSuchDeadline, func(c *Complaint, _ Actor) bool { return len(c.extendable()) == 0 }),
	needs: func(c *Complaint, s Step) (Code, Reason) {
		d, running := c.Deadline(s.Facts.Extension.Deadline)
		switch due := s.Facts.Extension.Due; {
		case !running:
			return CodeRuleViolation, ReasonNoSuchDeadline
		case d.Name == OpenMatterClock:
			return CodeRuleViolation, ReasonMatterKeepsDate
		case !due.After(s.At) || !due.After(d.StartedAt):
			return CodeRuleViolation, ReasonDateInPast
		}
		return "", ""
	},
}

// extendable are the running deadlines that may be given another time.
func (c *Complaint) extendable() []Deadline {
	return without(c.Deadlines, func(d Deadline) bool { return !d.Open() || d.Name == OpenMatterClock })
}

// Extension gives a named deadline a new time.
type Extension struct {
	Deadline string    `json:"deadline"`
	Due      time.Time `json:"due"`
}
