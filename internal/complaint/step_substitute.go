package complaint

import "recourse/internal/bilingual"

// toSubstitute moves the duties of somebody absent to whoever stands in.
var toSubstitute = act{
	label:   text("Move the duties of somebody absent", "移交不在岗人员的职责"),
	carries: func(f *Facts) any { f.Absent = &Absent{}; return f.Absent },
	lacks:   func(f Facts) []string { return missing(lack{f.Absent == nil || f.Absent.Person == "", "person"}) },
	says: func(Step) bilingual.Text {
		return text("What {absent} had in hand was moved: they are away.", "{absent}不在岗，其办理事项已移交。")
	},
}

// Absent names who is away, so that their duties in this complaint move on.
type Absent struct {
	Person PersonID `json:"person"`
}
