package complaint

// toAssess says whether the complaint is worth a case study (评定案例价值).
var toAssess = act{
	label:   text("Assess the case value", "评定案例价值"),
	carries: func(f *Facts) any { f.Assessment = &Assessment{}; return f.Assessment },
	lacks:   func(f Facts) []string { return missing(lack{f.Assessment == nil, "case_value"}) },
	fold:    func(c *Complaint, s Step) { c.CaseValue = new(s.Facts.Assessment.CaseValue) },
}

// Assessment says whether a complaint is worth a case study.
type Assessment struct {
	CaseValue bool `json:"case_value"`
}
