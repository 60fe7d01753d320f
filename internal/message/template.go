// Package message turns coded messages into words: a subject and a plain text
// in the recipient's language, made at the moment of sending, so that no word
// has to travel with the process. The texts stand in texts/*.yaml, both
// languages beside each other.
package message

// Template names what a message says; it is the Template of a
// complaint.Message. The names are kept in records: never rename one.
type Template string

// Messages to the people of the organisation: new work.
const (
	ScreeningAsked Template = "screening_asked" // a complaint came in; to whoever screens it
	OwnerNamed     Template = "owner_named"     // you are its owner (第一责任人)
	Assigned       Template = "assigned"        // you are its handler (经办人)
	Task           Template = "task"            // a step waits for you; Reason is the complaint.StepName, or NameOwner …
	Reassigned     Template = "reassigned"      // to the new handler
	ReassignedAway Template = "reassigned_away" // to the former one
	Substitute     Template = "substitute"      // somebody is away, their duty is yours
	Returned       Template = "returned"        // the handler returned it as wrongly routed
	CallOut        Template = "call_out"        // an emergency: contain it now
	CallOutDone    Template = "call_out_done"   // the emergency is contained
	SupportAsked   Template = "support_asked"   // your department's help is asked
	SupportGiven   Template = "support_given"   // the help you asked for has come
	Instruction    Template = "instruction"     // a written order (督办) with its own deadline
	CallbackDue    Template = "callback_due"    // call the customer back; Callback says which one
	SideTask       Template = "side_task"       // a task of a process beside the main course; Reason is its kind
)

// Messages to the people of the organisation: time.
const (
	Reminder           Template = "reminder"             // a deadline draws near
	Lapsed             Template = "lapsed"               // it passed; to those who have the duty
	Escalation         Template = "escalation"           // it passed; to the manager of Tier, who is asked to acknowledge
	TierReached        Template = "tier_reached"         // rounds climbed, or somebody escalated by hand; to the manager of Tier
	Climbed            Template = "climbed"              // the same, to the owner
	Acknowledged       Template = "acknowledged"         // a manager has it
	DecisionHandedOver Template = "decision_handed_over" // the right to decide is now yours
	TaskHandedOver     Template = "task_handed_over"     // the task of the handler is now yours
	TakenOver          Template = "taken_over"           // a manager handles it now; to those who had it
	Extended           Template = "extended"             // a deadline has a new time
	PromiseDue         Template = "promise_due"          // the day promised to the customer has come
	Suspended          Template = "suspended"            // it rests until Due; Reason is the complaint.SuspensionKind
	Resumed            Template = "resumed"              // it goes on
	OpenMatter         Template = "open_matter"          // the monthly word about an open matter (未了事宜)
)

// Messages to the people of the organisation: decisions and what came of them.
const (
	ApprovalAsked        Template = "approval_asked"        // decide; Reason is the complaint.Matter
	Approved             Template = "approved"              // the last level said yes; Reason is the complaint.Matter
	Refused              Template = "refused"               // a level said no; Reason is the complaint.Matter
	CustomerAgreed       Template = "customer_agreed"       // to ProposalRevision
	CustomerDeclined     Template = "customer_declined"     // ProposalRevision
	CustomerSilent       Template = "customer_silent"       // the silence counts as a yes
	CustomerContested    Template = "customer_contested"    // the explanation; it is screened anew
	CustomerDissatisfied Template = "customer_dissatisfied" // at a callback
	NotReached           Template = "not_reached"           // the last attempt of a callback reached nobody
	Impossible           Template = "impossible"            // the fix proves impossible
	NotSatisfied         Template = "not_satisfied"         // the check with the customer led back
	SettledOnSpot        Template = "settled_on_spot"       // reported upward
	MajorInformed        Template = "major_informed"        // informed before the handling; Reason is the complaint.Severity
	Copied               Template = "copied"                // informed by copy, or because their department takes part; Reason is the complaint.Severity
	Alert                Template = "alert"                 // a condition of the procedure came true; Reason is the alert's ID
	Whistleblowing       Template = "whistleblowing"        // a letter: says nothing but the number
	ThreatWatch          Template = "threat_watch"          // the customer announced drastic acts: keep watch
	ThreatWarned         Template = "threat_warned"         // those at risk are warned
	SafetyWarning        Template = "safety_warning"        // the same, to those who may not know of the complaint: says nothing of it
	Reopened             Template = "reopened"
	Appealed             Template = "appealed"
	Withdrawn            Template = "withdrawn"
	Linked               Template = "linked" // Reason is the complaint.Relation
	SideEnded            Template = "side_ended"
	CaseWritten          Template = "case_written"  // a case study was drafted; to whoever keeps the case library
	Closed               Template = "closed"        // Reason is the complaint.Outcome
	TellCustomer         Template = "tell_customer" // a message can't reach the customer: tell them by phone
	NotDelivered         Template = "not_delivered" // a message was given up after days of trying
)

// Messages to the customer.
const (
	CustomerReceived         Template = "customer_received"          // with the link to follow
	CustomerProgress         Template = "customer_progress"          // what was found out or done so far
	CustomerExplained        Template = "customer_explained"         // with the link to contest
	CustomerProposal         Template = "customer_proposal"          // with the link to answer ProposalRevision; Reason may be InPlaceOfEarlier
	CustomerProposalReminder Template = "customer_proposal_reminder" // asked again
	CustomerSuspended        Template = "customer_suspended"         // it rests until Due
	CustomerResumed          Template = "customer_resumed"
	CustomerDone             Template = "customer_done"     // the fix is reported done; the owner will check with them
	CustomerRating           Template = "customer_rating"   // with the link to rate Callback
	CustomerOutcome          Template = "customer_outcome"  // closed; Reason is the complaint.Outcome
	CustomerReopened         Template = "customer_reopened" // it goes on
	CustomerAppealed         Template = "customer_appealed" // the appeal has come in
	CustomerWithdrawn        Template = "customer_withdrawn"
	CustomerCampaign         Template = "customer_campaign" // a satisfaction campaign asks, with the link to answer; Reason is its ID
)
