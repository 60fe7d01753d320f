package complaint

import (
	"fmt"
	"slices"
)

// Write is one write to the record: all that one cause (a step, a rung, a refused
// step) made happen since the workflow last waited, and what the procedure makes of
// it. The workflow asks with it, plan adds its part, the store keeps it whole.
type Write struct {
	// Cause identifies what made it happen, the same at every attempt:
	// "step:<submission>", "rung:<deadline>/<round>/<rung>", "refused:<submission>".
	Cause string `json:"cause"`
	// Before is how many rows the record has before this write.
	Before int `json:"before"`
	// Happened is what the cause led to (Complaint.Unfold), oldest first.
	Happened []Event `json:"happened"`
	// Complaint is the state with Happened folded in; after plan's answer, with
	// Decided folded in as well, and the rows counted.
	Complaint Complaint `json:"complaint"`
	// PeopleBefore are those who had it when it was last written.
	PeopleBefore People `json:"people_before"`
	// Submission and By are of the step to answer; empty for the clock's writes.
	Submission string `json:"submission,omitempty"`
	By         Actor  `json:"by"`

	// Decided is what the procedure adds: who gets it, what is due, which stage is
	// passed at once. Messages tell people; they are rows of the record too, and the
	// workflow needn't know them. Both are plan's answer and never sent.
	Decided  []Event `json:"-"`
	Messages []Event `json:"-"`
}

// Rows are the rows that the write adds to the record, in their order.
func (w Write) Rows() []Event {
	rows := make([]Event, 0, len(w.Happened)+len(w.Decided)+len(w.Messages))
	return append(append(append(rows, w.Happened...), w.Decided...), w.Messages...)
}

// Written is the answer to a Write.
type Written struct {
	// Events are what the procedure decided on top. Where Found is set they are
	// instead all events that the database already had from Write.Before on.
	Events []Event `json:"events"`
	// Rows is how many rows the record now has.
	Rows int `json:"rows"`
	// Found are the causes of the writes that already stood where this one was to
	// go, oldest first; a cause among them has had its effect. The worker was
	// killed between the database's commit and the workflow's history, or somebody
	// reset the workflow: the record is the truth, and the workflow catches up.
	// Empty for a write that went through.
	Found []string `json:"found_causes,omitempty"`
	// Refused is why the step at hand can't be taken after all: what only the
	// directory knows speaks against it. Nothing was written.
	Refused Reason `json:"refused,omitempty"`
}

// Place is how far a workflow knows the record of its complaint.
type Place struct {
	Number   string `json:"number"`
	Recorded int    `json:"recorded"` // rows
}

// Ahead is what there is beyond a Place.
type Ahead struct {
	// Written has the events of the record from there on, whole writes; Found is empty
	// where there are none.
	Written
	// Registration is the stored one, where the record has no row yet.
	Registration *Step `json:"registration,omitempty"`
}

// Rules are the procedure, its version and the version of its calendar by which
// the write is to be followed. A registration and a re-base name their version
// themselves; a registration takes the newest calendar (0), a re-base the one that
// it names, whatever the worker knows, for its sender said what that changes. One
// that names none, of an operator's, takes the newest.
func (w Write) Rules() (procedure string, version, calendar int) {
	terms := w.Complaint.Terms
	for _, e := range w.Happened {
		if e.Kind != StepTaken {
			continue
		}
		switch f := e.Step.Facts; {
		case e.Step.Name == Register:
			return f.Registration.Procedure, f.Registration.Version, 0
		case e.Step.Name == Rebase:
			return terms.Procedure, f.Rebase.Version, f.Rebase.Calendar
		}
	}
	return terms.Procedure, terms.Version, terms.CalendarVersion
}

// NeedsNewest reports whether the write is decided by what is in force at this moment:
// a registration and a re-base, by which a complaint will go on, and what moves
// because of an absence or a directory that has just been entered. For all else what
// is in force since a moment ago will do.
func (w Write) NeedsNewest() bool {
	return slices.ContainsFunc(w.Happened, func(e Event) bool {
		return e.Kind == StepTaken && (e.Step.Name == Register || e.Step.Name == Rebase || e.Step.Name == Substitute)
	})
}

// Answers reports whether a stored submission was taken and waits for its answer.
func (w Write) Answers() bool {
	if w.Submission == "" {
		return false
	}
	for _, e := range w.Happened {
		if e.Kind == StepTaken {
			return e.Step.Submission == w.Submission || e.Step.Facts.Report != nil
		}
	}
	return false
}

// CauseOfStep names the write that a taken step causes, the same at every attempt.
func CauseOfStep(submission string) string { return "step:" + submission }

// CauseOfRefusal names the write that a refused step causes.
func CauseOfRefusal(submission string) string { return "refused:" + submission }

// CauseOfRung names the write that a fired rung causes.
func CauseOfRung(ref RungRef) string {
	return fmt.Sprintf("rung:%s/%d/%d", ref.Deadline, ref.Round, ref.Rung)
}

// CausesOf are the causes of recorded events, oldest first.
func CausesOf(events []Event) []string {
	var causes []string
	for _, e := range events {
		// Not all are told apart: the others are no cause of a write.
		//exhaustive:ignore
		switch e.Kind {
		case StepTaken:
			causes = append(causes, CauseOfStep(e.Step.Submission))
		case StepRefused:
			causes = append(causes, CauseOfRefusal(e.Step.Submission))
		case RungFired:
			causes = append(causes, CauseOfRung(*e.Rung))
		}
	}
	return causes
}
