package complaint

import (
	"strings"
	"time"

	"recourse/internal/bilingual"
)

// Step is one act on a complaint, as the workflow sees it: coded facts and no
// free text. The words stay in PostgreSQL under the submission's ID.
type Step struct {
	Name StepName `json:"name"`
	// Submission is the stored submission's ID, and the ID of the update that
	// carries the step. Empty for a signal with coded facts only.
	Submission string `json:"submission,omitempty"`
	By         Actor  `json:"by"`
	// At is when the submission was stored, UTC: clocks count from it, however
	// late the step is processed.
	At time.Time `json:"at"`
	// ExpectedRevision refuses the step when the complaint has moved on; 0
	// expects nothing.
	ExpectedRevision int   `json:"expected_revision,omitempty"`
	Facts            Facts `json:"facts"`
}

// Says is the sentence of the record about the step, once taken, in both
// languages: {person} stands for who took it; {number}, {what}, {rating}, {absent},
// {side}, {task} and {rung} for what it carries. It is zero where there is no more to say
// than that they took it.
func (s Step) Says() bilingual.Text {
	if r, known := rowOf(s.Name); known && r.says != nil {
		return r.says(s)
	}
	return bilingual.Text{}
}

// Lacks names what the step's facts miss, whatever the complaint.
func (s Step) Lacks() []string {
	if r, known := rowOf(s.Name); known && r.lacks != nil {
		return r.lacks(s.Facts)
	}
	return nil
}

// StepNames lists the steps that people may send, in the order in which a complaint
// is lived; Register is not among them, it begins the complaint.
func StepNames() []StepName {
	var names []StepName
	for _, r := range steps {
		if r.name != Register {
			names = append(names, r.name)
		}
	}
	return names
}

// Label is the step's name as a button has it; zero for a step that isn't known.
func (n StepName) Label() bilingual.Text {
	r, _ := rowOf(n)
	return r.label
}

// Stages are the stages at which the step is taken; none for Register, which begins the complaint.
func (n StepName) Stages() []Stage {
	r, _ := rowOf(n)
	return r.stages
}

// TakenBy says in English by whom the step is taken over the API, for its
// documentation: the people of the case and the duties that the table names.
// Operators send signals, and the software asks nobody.
func (n StepName) TakenBy() string {
	r, _ := rowOf(n)
	var names []string
	for _, one := range r.people {
		if one.name != operator.name && one.name != system.name {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, ", ")
}

// Results are the words that may follow the step's name in a moment of a procedure.
func (n StepName) Results() []string {
	r, _ := rowOf(n)
	words := make([]string, len(r.results))
	for i, one := range r.results {
		words[i] = one.word
	}
	return words
}

// Came reports whether the step, with these facts, came to the result that the word says.
func (n StepName) Came(word string, facts Facts) bool {
	r, _ := rowOf(n)
	for _, one := range r.results {
		if one.word == word {
			return one.came(facts)
		}
	}
	return false
}
