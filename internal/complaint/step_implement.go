package complaint

import (
	"slices"

	"recourse/internal/bilingual"
)

// toImplement reports how the fix is coming along (报告实施情况): done, in parts by the remedies
// proposed, or impossible. What is reported is done, unless it says otherwise; its result fills the
// form's field of that name.
var toImplement = act{
	label:   text("Report the fix", "报告实施情况"),
	carries: func(f *Facts) any { f.Work = &Work{Done: true}; return f.Work },
	settles: func(f *Facts, _ body) error {
		f.Work.Done = f.Work.Done && !f.Work.Impossible
		return nil
	},
	fills: func(f Facts) string {
		if f.Work.Impossible {
			return ""
		}
		return "result"
	},
	lacks: func(f Facts) []string {
		w := f.Work
		return missing(lack{w == nil || (!w.Done && !w.Impossible && w.Part == 0), "done"})
	},
	needs: func(c *Complaint, s Step) (Code, Reason) {
		part := s.Facts.Work.Part
		if part < 0 || (part > 0 && (c.Proposal == nil || part > len(c.Proposal.Remedies))) {
			return CodeRuleViolation, ReasonNoSuchPart
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		w := s.Facts.Work
		if !w.Impossible && w.Part > 0 && !slices.Contains(c.WorkParts, w.Part) {
			c.WorkParts = append(c.WorkParts, w.Part)
		}
	},
	results: []result{
		{"done", func(f Facts) bool { return f.Work != nil && f.Work.Done }},
		{"impossible", func(f Facts) bool { return f.Work != nil && f.Work.Impossible }},
	},
	says: func(s Step) bilingual.Text {
		switch w := s.Facts.Work; {
		case w.Impossible:
			return text("{person} reported that the fix proves impossible.", "{person}报告方案无法实施。")
		case w.Part > 0:
			return text("{person} reported part {number} of the fix done.", "{person}报告方案第{number}项已完成。")
		case w.Done:
			return text("{person} reported the fix done.", "{person}报告方案已实施完成。")
		}
		return bilingual.Text{}
	},
}

// WorkDone reports whether the step finishes the fix: it says so, or it is the
// last part of it.
func (c *Complaint) WorkDone(s Step) bool {
	w := s.Facts.Work
	if w.Part == 0 {
		return w.Done
	}
	return c.Proposal != nil && len(c.WorkParts) >= len(c.Proposal.Remedies)
}

// Work says how the fix is coming along.
type Work struct {
	Done       bool `json:"done"`
	Impossible bool `json:"impossible,omitempty"`
	// Part is the remedy reported, counted from 1; 0 reports the whole fix.
	Part int `json:"part,omitempty"`
}
