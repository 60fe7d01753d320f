package complaint

import (
	"slices"
	"time"
)

// EventKind names what happened.
type EventKind string

// The kinds of events: the words of the record.
const (
	StepTaken         EventKind = "step_taken"
	StepRefused       EventKind = "step_refused"
	StageEntered      EventKind = "stage_entered"
	TermsSet          EventKind = "terms_set"           // by the procedure, at registration, re-base, and as the case is judged
	PeopleNamed       EventKind = "people_named"        // department, agent, owner, handler
	ApprovalsAsked    EventKind = "approvals_asked"     // who has to decide on what
	CallbacksPlanned  EventKind = "callbacks_planned"   // how many, on entering following_up
	DeadlineStarted   EventKind = "deadline_started"    // a clock begins, with its ladder
	DeadlineChanged   EventKind = "deadline_changed"    // paused, resumed, extended, marked special, re-based
	DeadlineEnded     EventKind = "deadline_ended"      // met, late, or not needed
	RungFired         EventKind = "rung_fired"          // reminder or escalation
	RungSkipped       EventKind = "rung_skipped"        // by an acknowledgement
	TierReached       EventKind = "tier_reached"        // a round climbed, or somebody escalated
	Suspended         EventKind = "suspended"           // an open matter takes effect
	Resumed           EventKind = "resumed"             // an open matter is over
	Concluded         EventKind = "concluded"           // the complaint closed, with its outcome
	AnsweredBySilence EventKind = "answered_by_silence" // the customer's silence counts as a yes
	CallbackEnded     EventKind = "callback_ended"      // satisfied, neutral, dissatisfied or unreached
	SideStarted       EventKind = "side_started"        // accountability, supplier claim …
	AlertRaised       EventKind = "alert_raised"        // a condition of the procedure came true
	ThreatAnnounced   EventKind = "threat_announced"    // drastic acts, by the customer: who keeps watch
	TaskMoved         EventKind = "task_moved"          // an order, or a step beside, goes to whoever stands in
	WatchNamed        EventKind = "watch_named"         // who keeps watch from now on
	MomentCame        EventKind = "moment_came"         // one from which callbacks count
	MessageQueued     EventKind = "message_queued"      // written with the step, sent beside it
)

// ByHand is the code of a TierReached to which somebody escalated: it calls the tier's manager, and
// changes nobody's authority.
const ByHand = "by hand"

// Judged is the code of a DeadlineChanged whose clock has another time by the case, as its
// procedure judges that.
const Judged = "judged"

// DateTold is the code of a DeadlineChanged whose clock runs to a date that was just told.
const DateTold = "told"

// Event is one thing that happened to a complaint. The state of a complaint is
// the fold of its events, and the record is their list: that is why the system
// can always say why. Events hold coded facts only.
type Event struct {
	// Every event has these; left out where they stand beside it, as in the API.
	Kind EventKind `json:"kind,omitempty"`
	At   time.Time `json:"at,omitzero"`
	By   PersonID  `json:"by,omitempty"`

	Step      *Step        `json:"step,omitempty"`      // StepTaken, StepRefused
	Code      string       `json:"code,omitempty"`      // StepRefused: the refusal's code; DeadlineChanged: why; TierReached: ByHand; MomentCame: the moment, as the procedure writes it
	Reason    Reason       `json:"reason,omitempty"`    // StepRefused: the refusal's reason; absent from older records
	Stage     Stage        `json:"stage,omitempty"`     // StageEntered: to
	From      Stage        `json:"from,omitempty"`      // StageEntered: from
	Terms     *Terms       `json:"terms,omitempty"`     // TermsSet
	People    *People      `json:"people,omitempty"`    // PeopleNamed: the whole of them, after
	Approval  *Approval    `json:"approval,omitempty"`  // ApprovalsAsked
	Deadline  *Deadline    `json:"deadline,omitempty"`  // DeadlineStarted, -Changed, -Ended: as it is after
	Rung      *RungRef     `json:"rung,omitempty"`      // RungFired, RungSkipped
	Tier      int          `json:"tier,omitempty"`      // TierReached, RungFired
	Matter    *OpenMatter  `json:"matter,omitempty"`    // Suspended, Resumed
	Outcome   Outcome      `json:"outcome,omitempty"`   // Concluded
	Callbacks int          `json:"callbacks,omitempty"` // CallbacksPlanned; CallbackEnded: which
	Rating    Satisfaction `json:"rating,omitempty"`    // CallbackEnded
	Side      *Side        `json:"side,omitempty"`      // SideStarted
	Moved     *Moved       `json:"moved,omitempty"`     // TaskMoved
	Threat    *Threat      `json:"threat,omitempty"`    // ThreatAnnounced, WatchNamed: the whole of it, after
	Message   *Message     `json:"message,omitempty"`   // MessageQueued
}

// People are those who have a complaint in hand. Empty means: nobody yet.
type People struct {
	Department string   `json:"department,omitempty"`
	Agent      PersonID `json:"agent,omitempty"`
	Owner      PersonID `json:"owner,omitempty"`
	Handler    PersonID `json:"handler,omitempty"`
	// With are the departments that the route lets take part: their heads may see it.
	With []string `json:"with,omitempty"`
	// SeenBy closes the complaint to everybody but these (whistleblowing).
	SeenBy []PersonID `json:"seen_by,omitempty"`
	// StandIns take a step for a duty whose holders are all excluded here.
	StandIns []StandIn `json:"stand_ins,omitempty"`
}

// Approval is a matter that needs decisions, lowest level first.
type Approval struct {
	Matter Matter `json:"matter"`
	// Number is the proposal revision, or the number of the suspension, visit …
	Number int      `json:"number"`
	By     PersonID `json:"by,omitempty"` // whose matter it is: never their own approver
	// Submission is that of the step that asks: whose words those who decide are told. Empty where
	// no step asks, but a stage.
	Submission string  `json:"submission,omitempty"`
	Levels     []Level `json:"levels"`
	// Refused is set when a level said no; the matter is then decided.
	Refused bool `json:"refused,omitempty"`
}

// Level is one decision that a matter needs.
type Level struct {
	Role      Role     `json:"role"`
	Person    PersonID `json:"person"` // who has the task; whoever else holds the role may decide too
	DecidedBy PersonID `json:"decided_by,omitempty"`
}

// Open reports whether the matter still waits for a decision.
func (a Approval) Open() bool { return !a.Refused && a.next() >= 0 }

func (a Approval) next() int {
	return slices.IndexFunc(a.Levels, func(l Level) bool { return l.DecidedBy == "" })
}

// OpenMatter (未了事宜) is a reason to rest, with the date on which it ends.
type OpenMatter struct {
	Number int            `json:"number"`
	Kind   SuspensionKind `json:"kind"`
	Until  time.Time      `json:"until"`
	By     PersonID       `json:"by"`
	Active bool           `json:"active"`
	Over   bool           `json:"over,omitempty"`
	// Submission is that of the step that suspended; empty where the customer's silence did.
	Submission string `json:"submission,omitempty"`
}

// Side is a process beside the main course, as its complaint knows it.
type Side struct {
	Kind   string     `json:"kind"` // "accountability", "corrective-actions", "supplier-claims" …
	ID     string     `json:"id"`
	State  string     `json:"state"` // the step it waits for, "open" before the first, SideDone at the end
	Person PersonID   `json:"person,omitempty"`
	Role   Role       `json:"role,omitempty"` // the duty whose step it is
	Due    *time.Time `json:"due,omitempty"`
	// Steps are those that this case needs, in order; set when it starts.
	Steps []string `json:"steps,omitempty"`
	// About are the people liable, and Cause the coded cause, by the findings when it started:
	// about the same it starts once, however often the case comes back.
	About []PersonID `json:"about,omitempty"`
	Cause string     `json:"cause,omitempty"`
}

// Moved is a task that went to somebody else because whoever had it is away, or
// became a subject.
type Moved struct {
	// Order is the number of the order, from 1; 0 where a step beside moved.
	Order int `json:"order,omitempty"`
	// Side and ID are of the process beside the main course.
	Side string   `json:"side,omitempty"`
	ID   string   `json:"id,omitempty"`
	From PersonID `json:"from"`
	To   PersonID `json:"to"`
}

// Message is one message to one person, coded: the words are made when it is
// sent, in the recipient's language, from the template and the submission.
type Message struct {
	// ID is stable: the complaint's number, the record's sequence, and the
	// recipient. A message with a known ID is never sent again.
	ID string `json:"id"`
	// To is a person of the directory, or Customer.
	To PersonID `json:"to"`
	// Template names what is said ("assigned", "reminder", "escalation" …).
	Template string `json:"template"`
	// Reason is the coded cause: a step, a deadline and its rung, an outcome.
	Reason string `json:"reason,omitempty"`
	// Tells is the submission of the step that it tells of: its words are told, and nobody else's.
	// Empty where it tells of no step.
	Tells string `json:"tells,omitempty"`
	// Severity and Category are how an alert's case was judged when it was raised; empty before it
	// was.
	Severity Severity `json:"severity,omitempty"`
	Category string   `json:"category,omitempty"`
	// Deadline, Rung, Tier, Due and ProposalRevision fill the template.
	Deadline         string     `json:"deadline,omitempty"`
	Rung             string     `json:"rung,omitempty"`
	Tier             int        `json:"tier,omitempty"`
	Due              *time.Time `json:"due,omitempty"`
	ProposalRevision int        `json:"proposal_revision,omitempty"`
	Callback         int        `json:"callback,omitempty"`
	// Link is the purpose of the signed link that the message carries, for the customer.
	Link string `json:"link,omitempty"`
}
