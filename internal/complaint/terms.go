package complaint

import "strings"

// Terms are what a complaint was promised by its procedure: the few rules that
// its workflow branches on. They are answered once, recorded, and stay until an
// administrator re-bases the complaint; so a changed procedure changes no
// running complaint and breaks no replay.
type Terms struct {
	Procedure string `json:"procedure"`
	Version   int    `json:"version"`
	// Calendar and CalendarVersion are those by which its clocks run.
	Calendar        string `json:"calendar,omitempty"`
	CalendarVersion int    `json:"calendar_version,omitempty"`
	// Generation says by which of the software's own ways it is lived: those of the time when it
	// began, or was re-based. What a later version does otherwise it asks here, so that no running
	// complaint goes another way than in its history.
	Generation int `json:"generation,omitempty"`
	// OwnerRole is whose task the complaint is until an owner is named.
	OwnerRole Role `json:"owner_role"`
	// NamedBy is the role that names the owner; empty when the rule does.
	NamedBy Role `json:"named_by,omitempty"`
	// Tiers are the duties of the tiers 1, 2, 3; "{department}" in one stands
	// for the department in charge.
	Tiers []Role `json:"tiers"`
	// HeadDuty is the duty of a department's head, with "{department}" in it.
	HeadDuty Role `json:"head_duty,omitempty"`
	// DeclinedClimbAfter and DissatisfiedClimbAfter are after how many declined
	// proposals or dissatisfied callbacks the complaint goes one tier up; 0 never.
	DeclinedClimbAfter     int `json:"declined_climb_after,omitempty"`
	DissatisfiedClimbAfter int `json:"dissatisfied_climb_after,omitempty"`
	// DissatisfiedReopens is the stage to which a dissatisfied callback leads back.
	DissatisfiedReopens Stage `json:"dissatisfied_reopens,omitempty"`
	ReopenTo            Stage `json:"reopen_to,omitempty"` // empty: no reopening
	AppealTo            Stage `json:"appeal_to,omitempty"`
	// VerifyBackTo is where a check that doesn't satisfy leads, unless the step names it.
	VerifyBackTo Stage `json:"verify_back_to,omitempty"`
	// AnswerAtOnce are the kinds that may be closed as answered where they were received.
	AnswerAtOnce []Kind `json:"answer_at_once,omitempty"`
	// CallBackBy is who calls the customer back: Agent (also when empty), Owner, or a
	// duty, with "{department}" in it where it is one of the department's.
	CallBackBy Role `json:"call_back_by,omitempty"`
	// CallbackAttempts is after how many attempts a callback counts as unreached.
	CallbackAttempts int    `json:"callback_attempts,omitempty"`
	MarkSpecialBy    []Role `json:"mark_special_by,omitempty"`
	// VisitsPermitted is set where the procedure asks permission for a visit in
	// this case: it is planned before it is reported, and reported once.
	VisitsPermitted bool `json:"visits_permitted,omitempty"`
	// CloseRequires names what must be filled before the file closes.
	CloseRequires []string `json:"close_requires,omitempty"`
	// SettlingApprovedBy are the duties that would have to approve even a fix that costs nothing:
	// only who holds them settles the complaint on the spot.
	SettlingApprovedBy []Role `json:"settling_approved_by,omitempty"`
	// EmergencyTeam is who contains an emergency; CallOutBy calls them out, and
	// has the task with them.
	EmergencyTeam []Role `json:"emergency_team,omitempty"`
	CallOutBy     Role   `json:"call_out_by,omitempty"`
	// RemediesRequired are the kinds that a proposal must hold, by the findings.
	RemediesRequired []string `json:"remedies_required,omitempty"`
	// AssessmentNeeded is set where the procedure asks for a judgement of case value before
	// closing.
	AssessmentNeeded bool `json:"assessment_needed,omitempty"`
	// HandlerNamedBy is the duty that names the handler, with "{department}" in it where it is one
	// of the department's; empty when the rule does.
	HandlerNamedBy Role `json:"handler_named_by,omitempty"`
	// Passes are the parts of the main course that the procedure hasn't in this case (Passable).
	Passes []string `json:"passes,omitempty"`
	// May says who takes some steps; of the others the table of steps does.
	May []Right `json:"may,omitempty"`
	// Neutral are the duties of third parties, who never handle, decide or call back.
	Neutral []Role `json:"neutral,omitempty"`
	// Requires is what has to be there first, in this case; Notes are the steps that any of the
	// procedure's requirements may ask for ("step contact reached").
	Requires []Requirement `json:"requires,omitempty"`
	Notes    []string      `json:"notes,omitempty"`
	// Dates are the steps to whose dates a clock of the procedure runs (“step visit”).
	Dates []string `json:"dates,omitempty"`
}

// The generations of the software's own ways.
const (
	// Reviewed is the generation in which whoever is handed a complaint has what it waits for as a
	// task and may take it, escalating by hand changes no authority, only an enquiry or a
	// suggestion is closed as answered, a written order has an answer of its own, and a case
	// reopened is special no more.
	Reviewed = 1
	// Handled is the generation in which a customer's link names a callback by its number over all
	// rounds of following up, whoever had a part in what is contested or appealed against doesn't
	// end it the short way, whoever is called by hand while no department has it may act on it, and
	// a customer with whom nobody can speak needs no contact for it to go on.
	Handled = 2
	// Remembering is the generation in which a complaint knows which of its clocks lapsed once they
	// have ended, and that somebody tried in vain to contact the customer.
	Remembering = 3
	// Correcting is the generation in which the handler puts wrong entries right, too, the agent
	// takes a customer's call that reopens, and a contest that is upheld is remembered.
	Correcting = 4
	// Newest is what complaints begin with.
	Newest = Correcting
)

// TopTier is the highest tier of the procedure.
func (t Terms) TopTier() int { return len(t.Tiers) }

// TierRole is the duty of a tier from 1 in a department, or empty beyond the top.
func (t Terms) TierRole(tier int, department string) Role {
	if tier < 1 || tier > len(t.Tiers) {
		return ""
	}
	return inDepartment(t.Tiers[tier-1], department)
}

// HeadOf is the duty of the head of a department.
func (t Terms) HeadOf(department string) Role {
	if department == "" {
		return ""
	}
	return inDepartment(t.HeadDuty, department)
}

func inDepartment(duty Role, department string) Role {
	return Role(strings.ReplaceAll(string(duty), "{department}", department))
}
