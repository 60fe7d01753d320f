package complaint

import (
	"time"

	"recourse/internal/bilingual"
)

// toReport is what a side process tells its complaint. A rung of its clock says nothing new of
// whose step it is: that may have moved here since.
var toReport = act{
	label:   text("Report of a side process", "附属流程报告"),
	carries: func(f *Facts) any { f.Report = &SideReport{}; return f.Report },
	lacks:   func(f Facts) []string { return missing(lack{f.Report == nil, "report"}) },
	fold: func(c *Complaint, s Step) {
		r := *s.Facts.Report
		side := Side{Kind: r.Side, ID: r.ID, State: r.State, Person: r.Person, Role: r.Role, Due: r.Due}
		if known, there := c.side(r.Side, r.ID); there && r.Rung != "" && known.State == r.State {
			side.Person, side.Role = known.Person, known.Role
		}
		if known, there := c.side(r.Side, r.ID); there {
			side.About, side.Cause = known.About, known.Cause
		}
		c.putSide(side)
	},
	says: func(s Step) bilingual.Text {
		report := s.Facts.Report
		judged := report.Said != nil && report.Said.Code != ""
		switch {
		case judged && report.State == SideDone:
			return text("The process beside the main course has ended: {side}. It was judged: {consequence}.", "附属流程结束：{side}。处理结果：{consequence}。")
		case judged && report.Rung == "":
			return text("Beside the main course, “{side}” waits for “{task}”. It was judged: {consequence}.", "附属流程“{side}”待办：{task}。处理结果：{consequence}。")
		case report.State == SideDone:
			return text("The process beside the main course has ended: {side}.", "附属流程结束：{side}。")
		case report.Rung != "":
			return text("Beside the main course, “{side}”: “{task}” reached {rung}.", "附属流程“{side}”的“{task}”已到“{rung}”节点。")
		}
		return text("Beside the main course, “{side}” waits for “{task}”.", "附属流程“{side}”待办：{task}。")
	},
}

// SideReport is what a side process tells its complaint: where it stands, and
// which rung of its clock has fired.
type SideReport struct {
	Side  string `json:"side"`
	ID    string `json:"id"`
	State string `json:"state"` // the step it waits for, or SideDone
	// Person has the step to take, by Due, for the duty that Role is.
	Person PersonID   `json:"person,omitempty"`
	Role   Role       `json:"role,omitempty"`
	Due    *time.Time `json:"due,omitempty"`
	// Rung and Tell are set when a rung of the side's clock fired.
	Rung string `json:"rung,omitempty"`
	Tell []Role `json:"tell,omitempty"`
	// TakenBy took the step before, which is Taken, with the stored Submission, and Said this by
	// it.
	TakenBy    PersonID   `json:"taken_by,omitempty"`
	Taken      StepName   `json:"taken,omitempty"`
	Submission string     `json:"submission,omitempty"`
	Said       *SideFacts `json:"said,omitempty"`
}
