package complaint

// What each step has to carry: the names of the members that are missing.

func hasOnSpot(f Facts) []string {
	if f.OnSpot == nil || !f.OnSpot.CustomerAccepts {
		return []string{"customer_accepts"}
	}
	return nil
}

func hasScreening(f Facts) []string {
	s := f.Screening
	if s == nil {
		return []string{"kind", "valid", "category", "severity"}
	}
	return missing(s.Kind == "", "kind", s.Category == "", "category", s.Severity == "", "severity")
}

func hasExplanation(f Facts) []string { return missing(f.Explanation == nil, "contested") }

func hasAssignment(f Facts) []string {
	a := f.Assignment
	return missing(a == nil || (a.Department == "" && a.Handler == "" && a.Owner == ""), "department")
}

func hasHandler(f Facts) []string {
	return missing(f.Assignment == nil || f.Assignment.Handler == "", "handler")
}

func hasContact(f Facts) []string { return missing(f.Contact == nil, "reached") }

func hasSupportDepartment(f Facts) []string {
	return missing(f.Support == nil || f.Support.Department == "", "department")
}

func hasSupport(f Facts) []string { return missing(f.Support == nil, "request") }

func hasFindings(f Facts) []string {
	return missing(f.Findings == nil || f.Findings.Liability == "", "liability")
}

func hasProposal(f Facts) []string {
	p := f.Proposal
	return missing(p == nil || len(p.Remedies) == 0, "remedies", p == nil || p.Due == nil, "time_limit")
}

func hasDecision(f Facts) []string {
	d := f.Decision
	if d == nil || d.Matter == "" {
		return []string{"matter"}
	}
	return missing(d.Matter == MatterProposal && d.ProposalRevision == 0, "proposal_revision")
}

func hasAnswerRevision(f Facts) []string {
	return missing(f.Answer == nil || f.Answer.ProposalRevision == 0, "proposal_revision")
}

func hasVisit(f Facts) []string { return missing(f.Visit == nil, "report") }

func hasWork(f Facts) []string {
	w := f.Work
	return missing(w == nil || (!w.Done && !w.Impossible && w.Part == 0), "done")
}

func hasCheck(f Facts) []string {
	v := f.Check
	return missing(v == nil, "satisfied",
		v != nil && !v.Satisfied && v.BackTo != Implementing && v.BackTo != Proposing, "back_to")
}

func hasCallback(f Facts) []string {
	cb := f.Callback
	return missing(cb == nil, "reached", cb != nil && cb.Reached && cb.Satisfaction == "", "satisfaction")
}

func hasAssessment(f Facts) []string { return missing(f.Assessment == nil, "case_value") }

func hasClosing(f Facts) []string {
	return missing(f.Closing == nil || f.Closing.Outcome == "", "outcome")
}

func hasSuspension(f Facts) []string {
	s := f.Suspension
	return missing(s == nil || s.Kind == "", "kind", s == nil || s.Until.IsZero(), "until")
}

func hasExtension(f Facts) []string {
	e := f.Extension
	return missing(e == nil || e.Deadline == "", "deadline", e == nil || e.Due.IsZero(), "due")
}

func hasOrder(f Facts) []string { return missing(f.Order == nil || f.Order.Due.IsZero(), "due") }

func hasLink(f Facts) []string {
	l := f.Linked
	return missing(l == nil || l.Number == "", "number", l == nil || l.Relation == "", "relation")
}

func hasAbsent(f Facts) []string { return missing(f.Absent == nil || f.Absent.Person == "", "person") }
func hasRebase(f Facts) []string { return missing(f.Rebase == nil || f.Rebase.Version < 1, "version") }
func hasReport(f Facts) []string { return missing(f.Report == nil, "report") }

// missing takes pairs of a condition and the name that it misses.
func missing(pairs ...interface{}) []string {
	var names []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i].(bool) {
			names = append(names, pairs[i+1].(string))
		}
	}
	return names
}
