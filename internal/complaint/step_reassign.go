package complaint

// toReassign gives the complaint to another handler (改派), once it has been screened.
var toReassign = act{
	label:   text("Reassign", "改派"),
	carries: carriesAssignment,
	lacks: func(f Facts) []string {
		return missing(lack{f.Assignment == nil || f.Assignment.Handler == "", "handler"})
	},
	needs: func(c *Complaint, s Step) (Code, Reason) {
		if s.Facts.Assignment.Handler == c.People.Handler {
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
		return "", ""
	},
	fold: toAssign.fold,
}
