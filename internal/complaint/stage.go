package complaint

import "slices"

// Stage is where a complaint stands in its life. It has exactly one at a time
// (ISO 10002:2018, clause 7; the order is that of the twelve procedures).
type Stage string

// The stages, in the order in which an ordinary complaint passes them.
const (
	Received         Stage = "received"          // 受理: waits for screening
	Explaining       Stage = "explaining"        // 解释: an unfounded complaint is explained to the customer
	Assigning        Stage = "assigning"         // 转办: waits for a department and a handler
	Investigating    Stage = "investigating"     // 调查: acceptance, contact with the customer, findings
	Proposing        Stage = "proposing"         // 拟定方案: waits for a proposed fix with its time limit
	Approving        Stage = "approving"         // 审批: one decision for each level that the fix needs
	AwaitingCustomer Stage = "awaiting_customer" // 征求客户意见: the customer's yes or no
	Implementing     Stage = "implementing"      // 实施: the department carries the fix out
	Verifying        Stage = "verifying"         // 核实: the owner checks with the customer
	FollowingUp      Stage = "following_up"      // 回访: the callbacks that the procedure plans
	Closing          Stage = "closing"           // 结案: what must be complete before the file closes
	Closed           Stage = "closed"            // 归档: nothing is left to do
)

// Stages lists every stage in its order.
func Stages() []Stage {
	return []Stage{Received, Explaining, Assigning, Investigating, Proposing, Approving,
		AwaitingCustomer, Implementing, Verifying, FollowingUp, Closing, Closed}
}

// ways are the ways from each stage to the next that life.go may lead, so that
// others can reason about them: onward, as an ordinary complaint goes, and back.
// Where a procedure names the stage to come back to (dissatisfied callbacks,
// reopening, appeal), it is one of returnable.
var ways = map[Stage]struct{ onward, back []Stage }{
	Received:         {onward: []Stage{Assigning, Explaining, Closed}},
	Explaining:       {onward: []Stage{Closed}, back: []Stage{Received}},
	Assigning:        {onward: []Stage{Investigating, Closed}},
	Investigating:    {onward: []Stage{Proposing, Explaining, Closed}, back: []Stage{Received}},
	Proposing:        {onward: []Stage{Approving, Closed}},
	Approving:        {onward: []Stage{AwaitingCustomer, Closed}, back: []Stage{Proposing}},
	AwaitingCustomer: {onward: []Stage{Implementing, Closed}, back: []Stage{Proposing}},
	Implementing:     {onward: []Stage{Verifying, Closed}, back: []Stage{Proposing}},
	Verifying:        {onward: []Stage{FollowingUp, Closed}, back: []Stage{Proposing, Implementing}},
	FollowingUp:      {onward: []Stage{Closing, Closed}, back: returnable},
	Closing:          {onward: []Stage{Closed}},
	Closed:           {back: returnable},
}

var returnable = []Stage{Received, Assigning, Investigating, Proposing, Implementing}

// Returnable lists the stages to which a procedure may let a complaint come back.
func Returnable() []Stage { return slices.Clone(returnable) }

// Onward are the stages that may come next where nothing leads back.
func (s Stage) Onward() []Stage { return ways[s].onward }

// LeadsTo are all stages that may come next.
func (s Stage) LeadsTo() []Stage { return append(slices.Clone(ways[s].onward), ways[s].back...) }

// Outcome is how a closed complaint ended.
type Outcome string

// The outcomes of a closed complaint.
const (
	Resolved        Outcome = "resolved"
	ResolvedOnSpot  Outcome = "resolved_on_spot"
	Answered        Outcome = "answered"         // an enquiry or a suggestion
	RejectedInvalid Outcome = "rejected_invalid" // unfounded, and explained
	Referred        Outcome = "referred"         // an outside body's business
	Withdrawn       Outcome = "withdrawn"
	Unresolved      Outcome = "unresolved" // the last tier's proposal was declined, or the customer fell silent
	Merged          Outcome = "merged"     // a duplicate of an older complaint
)

// Outcomes lists every outcome.
func Outcomes() []Outcome {
	return []Outcome{Resolved, ResolvedOnSpot, Answered, RejectedInvalid, Referred, Withdrawn, Unresolved, Merged}
}

// Kind says what somebody brought in.
type Kind string

// The kinds of what is brought in; decided by screening.
const (
	KindComplaint      Kind = "complaint"
	KindSuggestion     Kind = "suggestion"
	KindEnquiry        Kind = "enquiry"
	KindWhistleblowing Kind = "whistleblowing" // straight to the people named, visible to nobody else
)

// Severity is how grave a complaint is; decided by screening.
type Severity string

// The severities.
const (
	Normal    Severity = "normal"
	Major     Severity = "major"     // touches image or reputation
	Emergency Severity = "emergency" // a call-out comes first
	Mass      Severity = "mass"      // many customers, one matter; headquarters watches
)

// Liability says who answers for what went wrong; part of the findings.
type Liability string

// The liabilities.
const (
	LiableDepartment Liability = "department"
	LiableCustomer   Liability = "customer"
	LiableSupplier   Liability = "supplier"
	LiableThirdParty Liability = "third_party"
	Undetermined     Liability = "undetermined"
)

// Satisfaction is what a customer says at a callback.
type Satisfaction string

// The answers to a callback. Unreached fills the field when the last attempt
// reached nobody; it ends the round as Neutral does.
const (
	VerySatisfied Satisfaction = "very_satisfied"
	Satisfied     Satisfaction = "satisfied"
	Neutral       Satisfaction = "neutral"
	Dissatisfied  Satisfaction = "dissatisfied"
	Unreached     Satisfaction = "unreached"
)
