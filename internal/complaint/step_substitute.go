package complaint

import "recourse/internal/bilingual"

// toSubstitute moves what somebody has who is away, has left, or was relieved of duties, to whoever
// stands in or holds the duty now.
var toSubstitute = act{
	label:   text("Move the duties of somebody absent", "移交不在岗人员的职责"),
	carries: func(f *Facts) any { f.Absent = &Absent{}; return f.Absent },
	lacks:   func(f Facts) []string { return missing(lack{f.Absent == nil || f.Absent.Person == "", "person"}) },
	says: func(s Step) bilingual.Text {
		switch absent := s.Facts.Absent; {
		case absent.Left:
			return text("What {absent} had in hand was moved: they aren't in the directory any more.", "{absent}已不在人员名录中，其办理事项已移交。")
		case len(absent.Duties) > 0:
			return text("What {absent} had by a duty was moved: they hold it no longer.", "{absent}不再担任相应职责，因该职责办理的事项已移交。")
		}
		return text("What {absent} had in hand was moved: they are away.", "{absent}不在岗，其办理事项已移交。")
	},
}

// Absent names who is away, so that what they have in this complaint moves on.
type Absent struct {
	Person PersonID `json:"person"`
	// Left is set where they aren't away but in the directory no longer.
	Left bool `json:"left,omitempty"`
	// Duties are those that they hold no longer, where they are still there: what they have by them
	// moves on, and nothing else.
	Duties []Role `json:"duties,omitempty"`
}
