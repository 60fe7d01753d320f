package workflows

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"recourse/internal/complaint"
)

// A signal that names no stored submission has no ID of its own, and Temporal
// tells a workflow none. It gets one here, so that it is on the record once.

// signalPrefix begins the ID of a signal that is known by its number alone.
const signalPrefix = "signal-"

// signalID is the ID of a signal. A report is known by what it says, for a side
// process says each thing once; the others are counted.
func (l *life) signalID(step complaint.Step) string {
	if report := step.Facts.Report; step.Name == complaint.Report && report != nil && step.Facts.Coded() {
		return ReportID(*report)
	}
	l.signals++
	return numbered(l.signals)
}

// ReportID is the ID of a report of a process beside a complaint.
func ReportID(report complaint.SideReport) string {
	id := SideID(report.Side, report.ID, report.State)
	if report.Rung != "" {
		id += "/" + report.Rung
	}
	return id
}

func numbered(signal int) string { return signalPrefix + strconv.Itoa(signal) }

// checkSignal: a signal brings no words, and begins no complaint.
func (l *life) checkSignal(step complaint.Step) *complaint.Refusal {
	switch {
	case l.complaint.Stage == "":
		return &complaint.Refusal{Code: complaint.CodeNotFound, Reason: complaint.ReasonNotRegistered, Step: step.Name}
	case !step.Facts.Coded():
		return &complaint.Refusal{Code: complaint.CodeRuleViolation, Reason: complaint.ReasonNotCoded, Step: step.Name, Stage: l.complaint.Stage}
	}
	return nil
}

// tellSignalsApart counts on from the signals that the record has ahead of this
// history, and gives a number of their own to those that came after them.
//
// After a reset Temporal brings the signals since then again, in their order, and
// they get the same numbers as before. Where it was told not to, the numbers go to
// new signals: from the first that says something else on, none is one of those.
func (l *life) tellSignalsApart(found []complaint.Event) {
	there := map[string]complaint.Event{}
	for _, e := range found {
		if e.Step == nil {
			continue
		}
		there[e.Step.Submission] = e
		if number, is := strings.CutPrefix(e.Step.Submission, signalPrefix); is {
			if n, err := strconv.Atoi(number); err == nil {
				l.signals = max(l.signals, n)
			}
		}
	}
	waiting := l.inbox
	if l.current != nil {
		waiting = append([]*entry{l.current}, waiting...)
	}
	others := false
	for _, e := range waiting {
		recorded, taken := there[e.step.Submission]
		if !e.signalled || !taken || e.step.Name == complaint.Report {
			continue
		}
		if others = others || !says(recorded, e.step); others {
			l.signals++
			e.step.Submission = numbered(l.signals)
		}
	}
}

// says reports whether a recorded step says what another does. The facts of a
// refused one aren't on the record.
func says(recorded complaint.Event, step complaint.Step) bool {
	if recorded.Step.Name != step.Name {
		return false
	}
	there, errThere := json.Marshal(recorded.Step.Facts)
	here, errHere := json.Marshal(step.Facts)
	return recorded.Kind == complaint.StepRefused || errThere == nil && errHere == nil && bytes.Equal(there, here)
}
