package casework

import (
	"maps"
	"path"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
)

// WrongFields says that values of the form's fields aren't as the procedure wants them.
type WrongFields struct {
	// Place is where in the body (RFC 6901) the step is that fills them; empty for the body itself.
	Place string
	// Invalid is what the validator of the form's schema says.
	Invalid error
}

// Error says nothing of what was written: it may be personal.
func (w *WrongFields) Error() string { return "fields of the form aren't as the procedure wants them" }

// whyLacking says more than that it is missing of what a step's facts may lack.
var whyLacking = map[string]complaint.Reason{"customer_accepts": "not_accepted_by_customer", "done": "not_done"}

// checkAct checks what only the procedure and the directory know: fields, categories, departments,
// people, money. What the facts lack the complaint says; where there is more to say of it than
// that, it is said here, before anything is stored. It answers the act with all of its facts: those
// that are codes by the procedure, too.
func checkAct(rules *procedure.Procedure, people *directory.Directory, said Act) (Act, error) {
	for _, place := range slices.Sorted(maps.Keys(said.Carried)) {
		if err := rules.ValidateFields(said.Carried[place]); err != nil {
			return said, &WrongFields{place, err}
		}
	}
	if err := rules.ValidateFields(said.Fields); err != nil {
		return said, &WrongFields{Invalid: err}
	}
	said.Facts = rules.Coded(said.Facts, said.Fields)
	for _, place := range (complaint.Step{Name: said.Step, Facts: said.Facts}).Lacks() {
		if why, known := whyLacking[path.Base(place)]; known {
			return said, violation("/"+place, why, "")
		}
	}
	return said, fitting(plan.Rules{Procedure: rules, Directory: people}.Misfits(said.Facts))
}

// fitting is the first misfit as a violation.
func fitting(misfits []plan.Misfit) error {
	if len(misfits) == 0 {
		return nil
	}
	return violation(misfits[0].Pointer, misfits[0].Reason, misfits[0].Name, misfits[0].Known...)
}
