package complaint

import "time"

// StepName names a step: what a person does to move a complaint. The names are
// those of the HTTP paths.
type StepName string

// The steps (1-domain, "Steps").
const (
	Register       StepName = "register"
	ResolveOnSpot  StepName = "resolve-on-spot"
	Screen         StepName = "screen"
	Explain        StepName = "explain"
	Assign         StepName = "assign"
	Accept         StepName = "accept"
	Return         StepName = "return"
	Contact        StepName = "contact"
	MarkSpecial    StepName = "mark-special"
	RequestSupport StepName = "request-support"
	GiveSupport    StepName = "give-support"
	Find           StepName = "find"
	Propose        StepName = "propose"
	Approve        StepName = "approve"
	Refuse         StepName = "refuse"
	Inform         StepName = "inform"
	Answer         StepName = "answer"
	Visit          StepName = "visit"
	Implement      StepName = "implement"
	Verify         StepName = "verify"
	CallBack       StepName = "call-back"
	Assess         StepName = "assess"
	Close          StepName = "close"
	Suspend        StepName = "suspend"
	Resume         StepName = "resume"
	Extend         StepName = "extend"
	Escalate       StepName = "escalate"
	Acknowledge    StepName = "acknowledge"
	Reassign       StepName = "reassign"
	TakeOver       StepName = "take-over"
	Instruct       StepName = "instruct"
	CallOutDone    StepName = "call-out-done"
	Note           StepName = "note"
	Link           StepName = "link"
	Withdraw       StepName = "withdraw"
	Reopen         StepName = "reopen"
	Appeal         StepName = "appeal"

	// Substitute moves the duties of an absent person to the secondary; the
	// system takes it when an absence is entered.
	Substitute StepName = "substitute"
	// Rebase puts a running complaint on another version of its procedure; an
	// administrator takes it, with a reason.
	Rebase StepName = "rebase"
	// Report is how a side process tells its complaint that it has ended.
	Report StepName = "report"
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

// StepNames lists the steps that people may send, in the order of the table in
// the specification; Register is not among them, it begins the complaint.
func StepNames() []StepName {
	return []StepName{ResolveOnSpot, Screen, Explain, Assign, Accept, Return, Contact, MarkSpecial,
		RequestSupport, GiveSupport, Find, Propose, Approve, Refuse, Inform, Answer, Visit, Implement,
		Verify, CallBack, Assess, Close, Suspend, Resume, Extend, Escalate, Acknowledge, Reassign,
		TakeOver, Instruct, CallOutDone, Note, Link, Withdraw, Reopen, Appeal}
}
