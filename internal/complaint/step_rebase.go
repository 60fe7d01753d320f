package complaint

// toRebase puts the complaint on another version of its procedure.
var toRebase = act{
	label:   text("Put on another version of the procedure", "变更流程版本"),
	carries: func(f *Facts) any { f.Rebase = &RebaseFacts{}; return f.Rebase },
	lacks:   func(f Facts) []string { return missing(lack{f.Rebase == nil || f.Rebase.Version < 1, "version"}) },
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if to := s.Facts.Rebase; to.Calendar != 0 && to.Calendar == c.Terms.CalendarVersion && to.Version == c.Terms.Version {
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
		return "", ""
	},
}

// RebaseFacts put a running complaint on another version of its procedure.
type RebaseFacts struct {
	Version int `json:"version"`
	// Calendar is the version of the calendar by which it goes on: the one that was in force
	// when it was sent, which also tells a re-basing that somebody else has just done; 0 in
	// an operator's signal and in older ones.
	Calendar int `json:"calendar,omitempty"`
}
