package casework

import (
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
)

// WrongFields says that values of the form's fields aren't as the procedure wants them.
type WrongFields struct {
	// Invalid is what the validator of the form's schema says.
	Invalid error
}

// Error says nothing of what was written: it may be personal.
func (w *WrongFields) Error() string { return "fields of the form aren't as the procedure wants them" }

// checkFacts checks what only the procedure and the directory know: fields, categories,
// departments, people, money.
func checkFacts(rules *procedure.Procedure, people *directory.Directory, facts complaint.Facts, fields map[string]any) error {
	if err := rules.ValidateFields(fields); err != nil {
		return &WrongFields{err}
	}
	return fitting(plan.Rules{Procedure: rules, Directory: people}.Misfits(facts))
}

// fitting is the first misfit as a violation.
func fitting(misfits []plan.Misfit) error {
	if len(misfits) == 0 {
		return nil
	}
	return violation(misfits[0].Pointer, misfits[0].Reason, misfits[0].Name)
}
