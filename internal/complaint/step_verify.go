package complaint

import "recourse/internal/bilingual"

// toVerify is the owner's check with the customer (核实): satisfied, or back to where the step names,
// else the procedure.
var toVerify = act{
	label:   text("Verify", "核实"),
	carries: func(f *Facts) any { f.Check = &Verification{}; return f.Check },
	lacks: func(f Facts) []string {
		v := f.Check
		return missing(lack{v == nil, "satisfied"},
			lack{v != nil && !v.Satisfied && v.BackTo != "" && v.BackTo != Implementing && v.BackTo != Proposing, "back_to"})
	},
	results: []result{
		{"satisfied", func(f Facts) bool { return f.Check != nil && f.Check.Satisfied }},
		{"dissatisfied", func(f Facts) bool { return f.Check != nil && !f.Check.Satisfied }},
	},
	says: func(s Step) bilingual.Text {
		if s.Facts.Check.Satisfied {
			return text("{person} checked with the customer, who is satisfied with the fix.", "{person}与客户核实，客户对处理结果满意。")
		}
		return text("{person} checked with the customer, who isn't satisfied with the fix.", "{person}与客户核实，客户对处理结果不满意。")
	},
}

// Verification is the owner's check with the customer.
type Verification struct {
	Satisfied bool  `json:"satisfied"`
	BackTo    Stage `json:"back_to,omitempty"` // Implementing or Proposing when not satisfied; empty: where the procedure says
}
