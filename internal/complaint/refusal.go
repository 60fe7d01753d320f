package complaint

import "fmt"

// Code classes a refusal; it is stable and becomes the "code" of the API's problem.
type Code string

// The codes of refusals.
const (
	CodeStepNotAllowed     Code = "step_not_allowed"     // the stage, or what was done so far, doesn't allow it
	CodeForbidden          Code = "forbidden"            // not this person's step
	CodeConflictOfInterest Code = "conflict_of_interest" // would put a subject into a role
	CodeNotFound           Code = "not_found"            // the person may not know of this complaint
	CodeStaleRevision      Code = "stale_revision"
	CodeStaleProposal      Code = "stale_proposal"
	CodeClosed             Code = "closed"
	CodeRuleViolation      Code = "rule_violation"
	CodeDraining           Code = "draining" // can't be judged at this moment: ask again at once
)

// Reason says in one coded word why a step was refused; the API turns it into a
// sentence in the caller's language.
type Reason string

// The reasons of refusals.
const (
	ReasonWrongStage         Reason = "wrong_stage"
	ReasonNotYourStep        Reason = "not_your_step"
	ReasonSubject            Reason = "subject_of_complaint"
	ReasonClosed             Reason = "complaint_closed"
	ReasonSideEnded          Reason = "side_ended"
	ReasonMovedOn            Reason = "complaint_moved_on"
	ReasonSentLongAgo        Reason = "sent_long_ago"
	ReasonOldProposal        Reason = "older_proposal"
	ReasonNoProposal         Reason = "no_proposal"
	ReasonNoSuchProposal     Reason = "no_such_proposal"
	ReasonNoSuchRevision     Reason = "no_such_revision"
	ReasonNotAccepted        Reason = "not_accepted_yet"
	ReasonAlreadyDone        Reason = "already_done"
	ReasonNothingToDecide    Reason = "nothing_to_decide"
	ReasonNotYourDecision    Reason = "not_your_decision"
	ReasonOwnMatter          Reason = "own_matter"
	ReasonSameScreener       Reason = "same_screener"
	ReasonPartyToCase        Reason = "party_to_the_case"
	ReasonAlreadySuspended   Reason = "already_suspended"
	ReasonNotSuspended       Reason = "not_suspended"
	ReasonNoSuchDeadline     Reason = "no_such_deadline"
	ReasonMatterKeepsDate    Reason = "matter_keeps_its_date"
	ReasonDateInPast         Reason = "date_in_the_past"
	ReasonIncomplete         Reason = "file_incomplete"
	ReasonNotTopTier         Reason = "not_at_top_tier"
	ReasonOutcomeNotHere     Reason = "outcome_not_here"
	ReasonNotAnsweredAtOnce  Reason = "not_answered_at_once"
	ReasonNoHigherTier       Reason = "no_higher_tier"
	ReasonNothingAsked       Reason = "nothing_to_acknowledge"
	ReasonNothingOrdered     Reason = "nothing_ordered"
	ReasonTooManyOrders      Reason = "too_many_orders"
	ReasonNoCallOut          Reason = "no_call_out"
	ReasonApprovalMissing    Reason = "approval_missing"
	ReasonApprovalNeeded     Reason = "approval_needed"
	ReasonWindowOver         Reason = "window_over"
	ReasonNotInProcedure     Reason = "not_in_procedure"
	ReasonNoSuchSupport      Reason = "no_such_support"
	ReasonLinkToItself       Reason = "link_to_itself"
	ReasonOlderNumberWins    Reason = "older_number_wins"
	ReasonNotRegistered      Reason = "not_registered_yet"
	ReasonCallbackTooEarly   Reason = "callback_too_early"
	ReasonCallbackNotCurrent Reason = "callback_not_current"
	ReasonContinuing         Reason = "continuing_as_new"
	ReasonBeingWritten       Reason = "being_written"
	ReasonUnknownStep        Reason = "unknown_step"
	ReasonNotCoded           Reason = "not_coded" // a signal that carries free text
	ReasonNoSuchPart         Reason = "no_such_part"
	ReasonRemedyMissing      Reason = "remedy_missing"
	ReasonUnknownName        Reason = "unknown_name" // of a person or a department
	ReasonMissingFacts       Reason = "missing_facts"
	ReasonRequired           Reason = "required_before"
)

// Refusal says why a step was not taken; nothing has changed. It is the error
// of Check, and travels as the details of the workflow's application error.
type Refusal struct {
	Code    Code       `json:"code"`
	Reason  Reason     `json:"reason"`
	Step    StepName   `json:"step"`
	Stage   Stage      `json:"stage,omitempty"`
	Allowed []StepName `json:"allowed_steps"`
	// Later are the steps that open by themselves, with from when on.
	Later []Opening `json:"allowed_later,omitempty"`
	// Outcomes are those with which it could be closed instead, where closing it was refused.
	Outcomes []Outcome `json:"outcomes,omitempty"`
	// Missing names what is not filled, for ReasonIncomplete and ReasonMissingFacts.
	Missing []string `json:"missing,omitempty"`
	// Revision is the newest revision, for the stale codes.
	Revision int `json:"revision,omitempty"`
	// Known is how many rows of the record the workflow knew that refused the step at its
	// door. Where the record has more, it is no refusal. Nil where the refusal itself is on
	// the record.
	Known *int `json:"known,omitempty"`
}

// Error says it in one English line, for logs and the Temporal UI.
func (r *Refusal) Error() string {
	s := fmt.Sprintf("step %q refused at stage %q: %s (%s)", r.Step, r.Stage, r.Reason, r.Code)
	if len(r.Missing) > 0 {
		s += fmt.Sprintf(": missing %v", r.Missing)
	}
	return s
}

// RefusalType is the type of the application error that carries a Refusal out of a workflow.
const RefusalType = "Refusal"
