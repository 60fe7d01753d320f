package complaint

import (
	"slices"

	"time"
)

// SideQuestion asks the procedure for the next step of a side process.
type SideQuestion struct {
	Number     string     `json:"number"`
	Procedure  string     `json:"procedure"`
	Version    int        `json:"version"`
	Kind       string     `json:"kind"`
	Steps      []string   `json:"steps"` // those that the case needs
	Step       int        `json:"step"`  // which of them, from 0
	At         time.Time  `json:"at"`    // the step before was taken
	Department string     `json:"department,omitempty"`
	Subjects   []PersonID `json:"subjects,omitempty"`
	SeenBy     []PersonID `json:"seen_by,omitempty"` // of a letter closed to people named
	// Agreed is set when the step before agreed: nothing is disputed.
	Agreed bool `json:"agreed,omitempty"`
}

// SideTask is the answer: who has to take which step by when.
type SideTask struct {
	// Done is set when the process has no further step.
	Done   bool      `json:"done,omitempty"`
	Step   StepName  `json:"step,omitempty"`
	Role   Role      `json:"role,omitempty"`
	Person PersonID  `json:"person,omitempty"`
	DueAt  time.Time `json:"due_at,omitzero"`
	Rungs  []Rung    `json:"rungs,omitempty"`
	// Skipped is how many of the case's steps before this one aren't needed,
	// because nothing is disputed or unsolved.
	Skipped int `json:"skipped,omitempty"`
	// Decides is set where the step has to say whether it agrees: what follows
	// depends on it.
	Decides bool `json:"decides,omitempty"`
}

// Report is what the process of a kind and an ID tells its complaint when it comes to
// wait for this step, or has ended; with a rung, that this one of the step's clock fired.
func (t SideTask) Report(kind, id string, rung Rung) SideReport {
	report := SideReport{Side: kind, ID: id, State: string(t.Step), Person: t.Person, Role: t.Role, Rung: rung.Label, Tell: rung.Tell}
	if t.Done {
		report.State = SideDone
	} else {
		report.Due = &t.DueAt
	}
	return report
}

// CheckSide says whether the step is the one that the side process waits for,
// by whom it waits for; nil means yes.
func (t SideTask) CheckSide(s Step, subjects []PersonID) *Refusal {
	refuse := func(code Code, reason Reason) *Refusal {
		return &Refusal{Code: code, Reason: reason, Step: s.Name, Allowed: []StepName{t.Step}}
	}
	switch {
	case slices.Contains(subjects, s.By.Person):
		return &Refusal{Code: CodeNotFound, Reason: ReasonSubject, Step: s.Name}
	case t.Done:
		return &Refusal{Code: CodeClosed, Reason: ReasonSideEnded, Step: s.Name, Allowed: []StepName{}}
	case s.Name != t.Step:
		return refuse(CodeStepNotAllowed, ReasonWrongStage)
	case s.By.Person != t.Person && !s.By.Has(t.Role):
		return refuse(CodeForbidden, ReasonNotYourStep)
	case t.Decides && (s.Facts.Side == nil || s.Facts.Side.Agrees == nil):
		r := refuse(CodeRuleViolation, ReasonMissingFacts)
		r.Missing = []string{"agrees"}
		return r
	}
	return nil
}

// Agreed reports whether a step beside the main course said yes.
func (f *SideFacts) Agreed() bool { return f != nil && f.Agrees != nil && *f.Agrees }

// SideFacts are what a step beside the main course decides: of a judgement the
// people and the penalty, of a review whether it agrees.
type SideFacts struct {
	Agrees *bool      `json:"agrees,omitempty"` // nil: the step said neither yes nor no
	People []PersonID `json:"people,omitempty"`
	// Amount is a decimal string in Currency (ISO 4217).
	Amount   string      `json:"amount,omitempty"`
	Currency string      `json:"currency,omitempty"`
	Due      *time.Time  `json:"due,omitempty"`
	Code     Consequence `json:"code,omitempty"`
}

// Consequence is what a judgement beside the main course brings somebody.
type Consequence string

// The consequences of a judgement.
const (
	NoConsequence Consequence = "none"
	Warning       Consequence = "warning"
	CutOfPay      Consequence = "pay"
	CutOfBonus    Consequence = "bonus"
	RedFlag       Consequence = "red-flag" // in the annual review
	Reward        Consequence = "reward"
)

// Of a side process that waits for a step, the state is that step.
const (
	// SideOpen is the state of one that has told its complaint nothing yet.
	SideOpen = "open"
	// SideDone is the state of one that has ended.
	SideDone = "done"
)
