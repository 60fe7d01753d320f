package complaint

// Recording is one write: everything that one cause (a step, a rung, a refused
// step) made happen since the workflow last waited. It is the whole question of
// the workflow to the world: keep this, and say what the procedure makes of it.
type Recording struct {
	// Complaint is the state with Events already folded in.
	Complaint Complaint `json:"complaint"`
	// PeopleBefore are those who had it when it was last written.
	PeopleBefore People `json:"people_before"`
	// Before is how many rows the record has before this write.
	Before int `json:"before"`
	// Cause identifies what made it happen, the same at every attempt:
	// "step:<submission>", "rung:<deadline>/<round>/<rung>", "refused:<submission>".
	Cause  string  `json:"cause"`
	Events []Event `json:"events"`
	// Submission and By are of the step to answer; empty for the clock's writes.
	Submission string `json:"submission,omitempty"`
	By         Actor  `json:"by"`
}

// Recorded is the answer to a Recording.
type Recorded struct {
	// Events are what the procedure decided on top: who gets it, what is due,
	// which stage is passed at once. Where Found is set they are instead all
	// events that the database already had from Recording.Before on.
	Events []Event `json:"events"`
	// Rows is how many rows the record now has.
	Rows int `json:"rows"`
	// Found are the causes of the writes that already stood where this one was to
	// go, oldest first; a cause among them has had its effect. The worker was
	// killed between the database's commit and the workflow's history, or somebody
	// reset the workflow: the record is the truth, and the workflow takes it over.
	// Empty for a write that went through.
	Found []string `json:"found_causes,omitempty"`
	// Refused is why the step at hand can't be taken after all: what only the
	// directory knows speaks against it. Nothing was written.
	Refused Reason `json:"refused,omitempty"`
}

// Rules are the procedure, its version and the version of its calendar by which
// the recording is to be followed. A registration and a re-base name their
// version themselves, and take the newest calendar (0).
func (r Recording) Rules() (procedure string, version, calendar int) {
	c := &r.Complaint
	for _, e := range r.Events {
		if e.Kind != StepTaken {
			continue
		}
		switch e.Step.Name {
		case Register:
			return e.Step.Facts.Registration.Procedure, e.Step.Facts.Registration.Version, 0
		case Rebase:
			return c.Terms.Procedure, e.Step.Facts.Rebase.Version, 0
		}
	}
	return c.Terms.Procedure, c.Terms.Version, c.Terms.CalendarVersion
}

// Answers reports whether a stored submission was taken and waits for its answer.
func (r Recording) Answers() bool {
	if r.Submission == "" {
		return false
	}
	for _, e := range r.Events {
		if e.Kind == StepTaken {
			return e.Step.Submission == r.Submission || e.Step.Facts.Report != nil
		}
	}
	return false
}
