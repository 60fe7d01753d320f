package complaint

import "slices"

// toScreen judges what came in (受理甄别): its kind, whether it is valid, its category, how grave it
// is. What was contested is screened anew, never by the first screener.
var toScreen = act{
	label:   text("Screen", "受理甄别"),
	carries: func(f *Facts) any { f.Screening = &Screening{Severity: Normal}; return f.Screening },
	lacks: func(f Facts) []string {
		s := f.Screening
		return missing(lack{s == nil || s.Kind == "", "kind"}, lack{s == nil, "valid"},
			lack{s == nil || s.Category == "", "category"}, lack{s == nil || s.Severity == "", "severity"})
	},
	open: func(c *Complaint, a Actor) (Code, Reason) {
		switch {
		case !c.Contested:
			return "", ""
		case a.Person == c.ScreenedBy:
			return CodeForbidden, ReasonSameScreener
		case !screenerAnew.is(c, a) && !c.wasHanded(Screen, a):
			return CodeForbidden, ReasonNotYourStep
		}
		return "", ""
	},
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if slices.Contains(s.Facts.Screening.Subjects, s.By.Person) { // somebody else judges it
			return CodeConflictOfInterest, ReasonSubject
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.Screening = cloneOf(s.Facts.Screening)
		c.judged(c.ScreenedBy, s.By.Person)
		c.ScreenedBy = s.By.Person
		c.Mentioned = nil
		c.subjectTo(s.Facts.Screening.Subjects)
	},
}

// judgedBySomebodyElse: while the customer contests a judgement, whoever made it doesn't end the
// complaint by another way.
func judgedBySomebodyElse(c *Complaint, a Actor) (Code, Reason) {
	if c.Terms.Generation >= Handled && c.Contested && (a.Person == c.ScreenedBy || slices.Contains(c.Judges, a.Person)) {
		return CodeForbidden, ReasonSameScreener
	}
	return "", ""
}

// Screening is the first judgement of a complaint.
type Screening struct {
	Kind     Kind     `json:"kind"`
	Valid    bool     `json:"valid"`
	Category string   `json:"category"`
	Severity Severity `json:"severity"`
	// Subjects are the people complained about, beside those whom the registration names.
	Subjects []PersonID `json:"subjects,omitempty"`
}

// Kind says what somebody brought in.
type Kind string

// The kinds of what is brought in; decided by screening.
const (
	KindComplaint      Kind = "complaint"
	KindSuggestion     Kind = "suggestion"
	KindEnquiry        Kind = "enquiry"
	KindWhistleblowing Kind = "whistleblowing" // straight to the people named, visible to nobody else
)

// Severity is how grave a complaint is; decided by screening.
type Severity string

// The severities.
const (
	Normal    Severity = "normal"
	Major     Severity = "major"     // touches image or reputation
	Emergency Severity = "emergency" // a call-out comes first
	Mass      Severity = "mass"      // many customers, one matter; headquarters watches
)
