package complaint

import (
	"slices"
	"time"
)

// Deadline is one round of one clock. It is planned with its ladder when its
// first moment comes, and kept until it has ended; what happened to it is its
// ledger in the record. All instants are UTC.
type Deadline struct {
	Name  string `json:"name"`
	Round int    `json:"round"` // from 1; coming back into the start begins the next
	// Within is the time allowed, as the procedure writes it ("24h", "3wd").
	Within    string    `json:"within,omitempty"`
	StartedAt time.Time `json:"started_at"`
	DueAt     time.Time `json:"due_at"`
	// OpensAt is before when the step must not be taken (callbacks); zero: at once.
	OpensAt time.Time `json:"opens_at,omitzero"`
	// BeyondCovers is set where the due time lies past the years that the
	// calendar covers, and was worked out by the week alone.
	BeyondCovers bool `json:"beyond_covers,omitempty"`
	// Calendar names the calendar and its version ("cn@1") that gave the times.
	Calendar string `json:"calendar,omitempty"`

	// Until are the moments that end it, as the procedure writes them ("step
	// contact", "verifying").
	Until []string `json:"until,omitempty"`
	// EndedBy are the steps that bring those of them that name no step themselves ("refused
	// visit").
	EndedBy []StepName `json:"ended_by,omitempty"`

	State    DeadlineState `json:"state"`
	EndedAt  *time.Time    `json:"ended_at,omitempty"`
	LapsedAt *time.Time    `json:"lapsed_at,omitempty"` // stays, however late the step then comes
	PausedAt *time.Time    `json:"paused_at,omitempty"`
	// Pauses are the times it rested, oldest first: the due time is reckoned anew
	// from the start over all of them, so no pause is ever counted twice.
	Pauses []Interval `json:"pauses,omitempty"`
	// Extensions are the times given by hand, oldest first: each moved the due time.
	Extensions []Extended `json:"extensions,omitempty"`
	// Fixed is set when the due time is a date, ordered or promised: a pause doesn't shift it.
	Fixed bool `json:"fixed,omitempty"`
	// Continues is set where coming back into the start goes on with what was left.
	Continues bool   `json:"continues,omitempty"`
	Rungs     []Rung `json:"rungs,omitempty"`
}

// Interval is a span of time, from its beginning to before its end.
type Interval struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Extended is time given to a deadline by hand: from when it was due to when it is due. It counts
// as an amount, so that the pauses after it shift the new due time as they would have shifted the
// old one.
type Extended struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Pauses is how many pauses had ended before.
	Pauses int `json:"pauses,omitempty"`
}

// DeadlineState says how a deadline stands.
type DeadlineState string

// The states of a deadline.
const (
	Running   DeadlineState = "running"
	Paused    DeadlineState = "paused"
	Met       DeadlineState = "met"
	MetLate   DeadlineState = "met_late"
	NotNeeded DeadlineState = "not_needed" // the complaint closed, or left, first
)

// Open reports whether the clock still runs or rests.
func (d Deadline) Open() bool { return d.State == Running || d.State == Paused }

// Late reports whether it lapsed, or runs on at a time when it was due, whether or not its rung at
// due has rung yet: that may come later than the time is over. A clock that nobody can be late
// with, such as the customer's, has no such rung.
func (d Deadline) Late(at time.Time) bool {
	lapses := func(r Rung) bool { return r.Lapses }
	return d.LapsedAt != nil || d.State == Running && at.After(d.DueAt) && slices.ContainsFunc(d.Rungs, lapses)
}

// Rung is one step of a deadline's ladder. It fires exactly once.
type Rung struct {
	// Label is the rung as the procedure writes it ("75%", "due", "+1h").
	Label string    `json:"label"`
	At    time.Time `json:"at"` // when it fires; held back where it is told in working hours only
	Tell  []Role    `json:"tell,omitempty"`
	Tier  int       `json:"tier,omitempty"`
	// Ask asks those told to acknowledge; an acknowledgement skips the next rung.
	Ask bool `json:"ask,omitempty"`
	// Does is what the rung does besides telling; empty for nothing.
	Does RungAction `json:"does,omitempty"`
	// Until is when the rest of a SuspendComplaint rung ends.
	Until time.Time `json:"until,omitzero"`
	// PassedOver are the duties that it passed over when it fired, for those who hold them are late
	// themselves or may not see to it; Tell is then whom it called.
	PassedOver []Role     `json:"passed_over,omitempty"`
	Lapses     bool       `json:"lapses,omitempty"` // the rung at due: from here on the deadline is lapsed
	FiredAt    *time.Time `json:"fired_at,omitempty"`
	Skipped    bool       `json:"skipped,omitempty"`
}

// Done reports whether the rung has fired or was skipped.
func (r Rung) Done() bool { return r.FiredAt != nil || r.Skipped }

// RungAction is what a rung does besides telling people.
type RungAction string

// The actions of rungs.
const (
	HandOverDecision  RungAction = "hand_over_decision"  // the right to decide moves to the tier's manager
	HandOverTask      RungAction = "hand_over_task"      // the tier's manager becomes the handler
	RemindCustomer    RungAction = "remind_customer"     // the customer is asked again
	SuspendComplaint  RungAction = "suspend_complaint"   // the customer's silence rests the complaint
	ProceedAnyway     RungAction = "proceed"             // the customer's silence counts as a yes
	CloseUnresolved   RungAction = "close_unresolved"    // the customer's silence closes it
	ResumeComplaint   RungAction = "resume"              // an open matter's date has come
	EndLife           RungAction = "end"                 // reopen and appeal are over; the workflow ends
	RemindOpenMatter  RungAction = "remind_open_matter"  // the monthly word to the owner of an open matter
	CountCustomerDate RungAction = "customer_date_comes" // the promised date of the fix has come
	AskAgain          RungAction = "ask_again"           // whoever was called last is asked again
)

// The names of the clocks that every procedure has without naming them.
const (
	CustomerAnswerClock = "customer-answer"
	CallbackClock       = "callback"
	CallOutClock        = "call-out"
	OpenMatterClock     = "open-matter"
	InstructionClock    = "instruction"
	EscalationClock     = "escalated-by-hand"
	PromiseClock        = "promise"
	AskAgainClock       = "ask-again"
	ReopenClock         = "reopen-window"
	TellByPhoneClock    = "tell-by-phone"
)

// next returns the index of the earliest rung still to fire, or -1.
func (d Deadline) next() int {
	if d.State != Running {
		return -1
	}
	return slices.IndexFunc(d.Rungs, func(r Rung) bool { return !r.Done() })
}

// Tier is the highest tier that a rung of this open deadline has reached.
func (d Deadline) Tier() int {
	tier := 0
	for _, r := range d.Rungs {
		if r.FiredAt != nil {
			tier = max(tier, r.Tier)
		}
	}
	return tier
}

// RungRef names one rung of one deadline round.
type RungRef struct {
	Deadline string    `json:"deadline"`
	Round    int       `json:"round"`
	Rung     int       `json:"rung"` // from 0
	At       time.Time `json:"at"`   // when it was to fire
}
