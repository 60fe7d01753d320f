package complaint

import (
	"math/big"
	"time"
)

// Facts are the coded facts that a step carries: exactly one member for its
// step, but that registering may carry what Screen, Assign or ResolveOnSpot
// carry, and that any step by which people hear from the customer may carry a Threat. Free text (narratives, reasons, words) is not here: it stays with the
// submission.
type Facts struct {
	Registration *Registration  `json:"registration,omitempty"`
	OnSpot       *OnSpot        `json:"on_spot,omitempty"`
	Screening    *Screening     `json:"screening,omitempty"`
	Explanation  *Explanation   `json:"explanation,omitempty"`
	Assignment   *Assignment    `json:"assignment,omitempty"`
	Contact      *ContactMade   `json:"contact,omitempty"`
	Support      *Support       `json:"support,omitempty"`
	Findings     *Findings      `json:"findings,omitempty"`
	Proposal     *Proposal      `json:"proposal,omitempty"`
	Decision     *Decision      `json:"decision,omitempty"`
	Answer       *CustomerReply `json:"answer,omitempty"`
	Visit        *VisitFacts    `json:"visit,omitempty"`
	Work         *Work          `json:"work,omitempty"`
	Check        *Verification  `json:"check,omitempty"`
	Callback     *Callback      `json:"callback,omitempty"`
	Assessment   *Assessment    `json:"assessment,omitempty"`
	Closing      *ClosingFacts  `json:"closing,omitempty"`
	Suspension   *Suspension    `json:"suspension,omitempty"`
	Extension    *Extension     `json:"extension,omitempty"`
	Acknowledged *Acknowledged  `json:"acknowledged,omitempty"`
	Order        *Order         `json:"order,omitempty"`
	Linked       *Linked        `json:"linked,omitempty"`
	Rebase       *RebaseFacts   `json:"rebase,omitempty"`
	Report       *SideReport    `json:"report,omitempty"`
	Beside       *SideFacts     `json:"beside,omitempty"`
	Absent       *Absent        `json:"absent,omitempty"`
	Threat       *ThreatHeard   `json:"threat,omitempty"`
	// Fields names the form's fields that this step filled; the values stay
	// with the submission.
	Fields []string `json:"fields,omitempty"`
}

// Registration is what is known when a complaint is taken in.
type Registration struct {
	Procedure string     `json:"procedure"`
	Version   int        `json:"version"`
	Channel   string     `json:"channel"`
	Category  string     `json:"category,omitempty"` // as the customer or the rule sees it; screening decides
	Subjects  []PersonID `json:"subjects,omitempty"` // the people complained about
	// HeardAt is when an employee first heard the complaint; the clocks of
	// received run from it. Never after the submission was stored.
	HeardAt  *time.Time `json:"heard_at,omitempty"`
	Anger    int        `json:"anger,omitempty"` // 1–5, 0 when not rated
	Language string     `json:"language"`        // the customer's, "zh-CN" or "en"
	// Reachable says by which ways messages reach the customer ("email",
	// "phone"); the addresses stay with the submission.
	Reachable []string `json:"reachable,omitempty"`
	// CustomerClass is A–D where the organisation rates its customers.
	CustomerClass string `json:"customer_class,omitempty"`
}

// OnSpot says that the matter was settled at first contact.
type OnSpot struct {
	CustomerAccepts bool `json:"customer_accepts"`
}

// Screening is the first judgement of a complaint.
type Screening struct {
	Kind     Kind     `json:"kind"`
	Valid    bool     `json:"valid"`
	Category string   `json:"category"`
	Severity Severity `json:"severity"`
}

// Explanation says that an unfounded complaint was explained to the customer.
type Explanation struct {
	Contested bool `json:"contested"`
}

// Assignment names who gets the complaint. Empty members leave the choice to
// the procedure.
type Assignment struct {
	Department string   `json:"department,omitempty"`
	Handler    PersonID `json:"handler,omitempty"`
	Owner      PersonID `json:"owner,omitempty"`
}

// ContactMade is one attempt to speak with the customer.
type ContactMade struct {
	Reached bool `json:"reached"`
}

// Support asks another department for professional help, or gives it.
type Support struct {
	Request    int    `json:"request,omitempty"` // the request answered, from 1
	Department string `json:"department,omitempty"`
}

// Findings are what the investigation established.
type Findings struct {
	Founded   bool       `json:"founded"`
	Cause     string     `json:"cause,omitempty"` // a coded cause of the procedure
	Liability Liability  `json:"liability"`
	People    []PersonID `json:"people,omitempty"` // those liable; they become subjects
}

// Remedy is one part of a proposed fix. The amount is a decimal string in
// Currency (ISO 4217), empty where the remedy costs nothing.
type Remedy struct {
	Kind     string `json:"kind"`
	Amount   string `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// RemedyKinds lists the kinds of remedies.
func RemedyKinds() []string {
	return []string{"apology", "explanation", "repair", "rework", "replacement", "return", "refund",
		"discount", "compensation", "free_service", "other"}
}

// Proposal is a proposed fix; each has a revision of its own.
type Proposal struct {
	Remedies []Remedy `json:"remedies"`
	// Due is the promised time limit of the fix.
	Due *time.Time `json:"due,omitempty"`
}

// Matter is what an approval or refusal decides on.
type Matter string

// The matters that may need an approval.
const (
	MatterProposal    Matter = "proposal"
	MatterSuspension  Matter = "suspension"
	MatterVisit       Matter = "visit"
	MatterReply       Matter = "reply"
	MatterClosingForm Matter = "closing_form"
	MatterReport      Matter = "report"
)

// Decision approves or refuses one matter.
type Decision struct {
	Matter           Matter `json:"matter"`
	ProposalRevision int    `json:"proposal_revision,omitempty"` // required for MatterProposal
	Number           int    `json:"number,omitempty"`            // of the suspension, visit … decided on
}

// CustomerReply is the customer's yes or no to one revision of the proposal.
type CustomerReply struct {
	ProposalRevision int  `json:"proposal_revision"`
	Agrees           bool `json:"agrees"`
	// AskedBy says how the customer was asked when somebody answers on their
	// behalf: "phone", "visit", "letter", "email"; empty by link.
	AskedBy string `json:"asked_by,omitempty"`
}

// VisitFacts are the plan or the report of an on-site visit.
type VisitFacts struct {
	Report bool       `json:"report"`
	At     *time.Time `json:"at,omitempty"`
}

// Work says how the fix is coming along.
type Work struct {
	Done       bool `json:"done"`
	Impossible bool `json:"impossible,omitempty"`
	// Part is the remedy reported, counted from 1; 0 reports the whole fix.
	Part int `json:"part,omitempty"`
}

// Verification is the owner's check with the customer.
type Verification struct {
	Satisfied bool  `json:"satisfied"`
	BackTo    Stage `json:"back_to,omitempty"` // Implementing or Proposing when not satisfied
}

// Callback is one attempt to call the customer back.
type Callback struct {
	Number       int          `json:"number,omitempty"` // the callback that the customer's link names
	Reached      bool         `json:"reached"`
	Satisfaction Satisfaction `json:"satisfaction,omitempty"` // required when reached
}

// Assessment says whether a complaint is worth a case study.
type Assessment struct {
	CaseValue bool `json:"case_value"`
}

// ClosingFacts carry the final outcome.
type ClosingFacts struct {
	Outcome Outcome `json:"outcome"`
}

// SuspensionKind says why a complaint rests.
type SuspensionKind string

// The kinds of open matter (未了事宜).
const (
	CustomerAway SuspensionKind = "customer-away"
	PartsOnOrder SuspensionKind = "parts-on-order"
	AgreedDate   SuspensionKind = "agreed-date"
)

// Suspension rests a complaint until a date, on which it resumes by itself.
type Suspension struct {
	Kind  SuspensionKind `json:"kind"`
	Until time.Time      `json:"until"`
}

// Extension gives a named deadline a new time.
type Extension struct {
	Deadline string    `json:"deadline"`
	Due      time.Time `json:"due"`
}

// Acknowledged names the deadline whose rung is acknowledged; empty means the
// one whose rung fired last.
type Acknowledged struct {
	Deadline string `json:"deadline,omitempty"`
}

// Order is a written instruction (督办) with a deadline of its own.
type Order struct {
	To  PersonID  `json:"to,omitempty"` // the owner when empty
	Due time.Time `json:"due"`
}

// Linked ties this complaint to another.
type Linked struct {
	Relation Relation `json:"relation"`
	Number   string   `json:"number"`
}

// RebaseFacts put a running complaint on another version of its procedure.
type RebaseFacts struct {
	Version int `json:"version"`
}

// SideReport is what a side process tells its complaint: where it stands, and
// which rung of its clock has fired.
type SideReport struct {
	Side  string `json:"side"`
	ID    string `json:"id"`
	State string `json:"state"` // the step it waits for, or SideDone
	// Person has the step to take, by Due, for the duty that Role is.
	Person PersonID   `json:"person,omitempty"`
	Role   Role       `json:"role,omitempty"`
	Due    *time.Time `json:"due,omitempty"`
	// Rung and Tell are set when a rung of the side's clock fired.
	Rung string `json:"rung,omitempty"`
	Tell []Role `json:"tell,omitempty"`
	// TakenBy took the step before, with the stored Submission, and Said this by it.
	TakenBy    PersonID   `json:"taken_by,omitempty"`
	Submission string     `json:"submission,omitempty"`
	Said       *SideFacts `json:"said,omitempty"`
}

// SideFacts are what a step beside the main course decides: of a judgement the
// people and the penalty, of a review whether it agrees.
type SideFacts struct {
	Agrees *bool      `json:"agrees,omitempty"` // nil: the step said neither yes nor no
	People []PersonID `json:"people,omitempty"`
	// Amount is a decimal string in Currency (ISO 4217).
	Amount   string     `json:"amount,omitempty"`
	Currency string     `json:"currency,omitempty"`
	Due      *time.Time `json:"due,omitempty"`
	Code     string     `json:"code,omitempty"` // a word of the organisation's, such as "red-flag"
}

// SideDone is the state of a side process that has ended.
const SideDone = "done"

// Absent names who is away, so that their duties in this complaint move on.
type Absent struct {
	Person PersonID `json:"person"`
}

// Sum adds up the amounts of the remedies, exactly, as a decimal string with
// two places; "0.00" for none. Amounts were checked when they came in.
func (p Proposal) Sum() string {
	sum := new(big.Rat)
	for _, r := range p.Remedies {
		if amount, ok := new(big.Rat).SetString(r.Amount); ok {
			sum.Add(sum, amount)
		}
	}
	return sum.FloatString(2)
}
