package complaint

import (
	"slices"

	"recourse/internal/bilingual"
)

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

// stages says all else of each stage, in the order in which an ordinary complaint
// passes them: what a page calls it, and the ways to the next that life.go may
// lead, so that others can reason about them: onward, as an ordinary complaint
// goes, and back. Where a procedure names the stage to come back to (dissatisfied
// callbacks, reopening, appeal), it is one of returnable.
var stages = []stageRow{
	{Received, text("Received", "受理"), []Stage{Assigning, Explaining, Closed}, nil},
	{Explaining, text("Explaining", "解释"), []Stage{Closed}, []Stage{Received}},
	{Assigning, text("Assigning", "转办"), []Stage{Investigating, Closed}, nil},
	{Investigating, text("Investigating", "调查"), []Stage{Proposing, Explaining, Closed}, []Stage{Received}},
	{Proposing, text("Proposing a fix", "拟定方案"), []Stage{Approving, Closed}, nil},
	{Approving, text("Awaiting approval", "审批"), []Stage{AwaitingCustomer, Closed}, []Stage{Proposing}},
	{AwaitingCustomer, text("Awaiting the customer", "征求客户意见"), []Stage{Implementing, Closed}, []Stage{Proposing}},
	{Implementing, text("Implementing", "实施"), []Stage{Verifying, Closed}, []Stage{Proposing}},
	{Verifying, text("Verifying", "核实"), []Stage{FollowingUp, Closed}, []Stage{Proposing, Implementing}},
	{FollowingUp, text("Following up", "回访"), []Stage{Closing, Closed}, returnable},
	{Closing, text("Closing the file", "结案"), []Stage{Closed}, nil},
	{Closed, text("Closed", "归档"), nil, returnable},
}

type stageRow struct {
	stage        Stage
	label        bilingual.Text
	onward, back []Stage
}

var returnable = []Stage{Received, Assigning, Investigating, Proposing, Implementing}

// Stages lists every stage in its order.
func Stages() []Stage {
	var all []Stage
	for _, row := range stages {
		all = append(all, row.stage)
	}
	return all
}

// Returnable lists the stages to which a procedure may let a complaint come back.
func Returnable() []Stage { return slices.Clone(returnable) }

// Label is what a page calls the stage; zero for one that isn't known.
func (s Stage) Label() bilingual.Text { return s.row().label }

// Onward are the stages that may come next where nothing leads back.
func (s Stage) Onward() []Stage { return s.row().onward }

// LeadsTo are all stages that may come next.
func (s Stage) LeadsTo() []Stage { return slices.Concat(s.row().onward, s.row().back) }

func (s Stage) row() stageRow {
	for _, row := range stages {
		if row.stage == s {
			return row
		}
	}
	return stageRow{}
}

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
