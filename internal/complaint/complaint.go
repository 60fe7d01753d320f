// Package complaint is the domain: the stages of a complaint's life, the steps
// that people take, who may take which, the events that follow, and the state
// that is their fold. It is pure: it reads no clock, no file and no network, and of
// ours it imports nothing but texts in two languages, so the workflow, the API and
// the tests share it.
package complaint

import (
	"slices"
	"time"
)

// Complaint is the state of one complaint: the fold of its events. It holds
// coded facts only and is carried whole when the workflow continues as new.
type Complaint struct {
	Number string `json:"number"`
	Terms  Terms  `json:"terms"`

	Stage      Stage     `json:"stage"`
	StageSince time.Time `json:"stage_since"`
	// Revision counts the steps that were taken, those of the software among them: the
	// reports of side processes, moved duties, re-basing.
	Revision int `json:"revision"`
	// Recorded counts the rows of the record; the next row has the next number.
	Recorded int `json:"recorded"`
	// LastAt is up to when the record tells: when the last step was taken, or the last rung that
	// fired in time was due. No step counts before it.
	LastAt time.Time `json:"last_at,omitzero"`

	RegisteredAt time.Time    `json:"registered_at"`
	HeardAt      time.Time    `json:"heard_at"` // the clocks of received run from it
	RegisteredBy PersonID     `json:"registered_by"`
	Registration Registration `json:"registration"`
	People       People       `json:"people"`
	Subjects     []PersonID   `json:"subjects,omitempty"`
	// Mentioned are those whom the words of the registration name: kept out like subjects until
	// the screening has judged who is one.
	Mentioned []PersonID `json:"mentioned,omitempty"`
	// Parties were handler, approver or proposer at some time: they call nobody back.
	Parties []PersonID `json:"parties,omitempty"`
	// Judges screened, explained or closed it at some time.
	Judges []PersonID `json:"judges,omitempty"`
	// HadPart are those who had a part in what the customer appealed against: no duty lets them act
	// for the customer any more.
	HadPart []PersonID `json:"had_part,omitempty"`
	// Fields names the form's fields filled so far.
	Fields []string `json:"fields,omitempty"`
	// Choices are what was chosen last in the form's fields that have options.
	Choices map[string]string `json:"choices,omitempty"`

	// Dates are those told to which clocks of the procedure may run, the newest last.
	Dates []ToldDate `json:"dates,omitempty"`
	// Came is when the moments last came from which callbacks count, as the procedure writes them,
	// since it was last followed up.
	Came map[string]time.Time `json:"came,omitempty"`

	// Noted are the steps taken that a requirement may ask for (Terms.Notes).
	Noted []string `json:"noted,omitempty"`

	Screening  *Screening `json:"screening,omitempty"`
	ScreenedBy PersonID   `json:"screened_by,omitempty"`
	// ReturnedFrom is the department that returned it last as wrongly routed: the
	// rules don't send it there again.
	ReturnedFrom string `json:"returned_from,omitempty"`
	// Contested is set when the customer contests an explanation: the service
	// manager screens anew, never the first screener.
	Contested bool `json:"contested,omitempty"`
	// Upheld is set once the newest screening has found the customer right who contested.
	Upheld    bool `json:"upheld,omitempty"`
	Accepted  bool `json:"accepted,omitempty"`  // by the handler, in this round of investigating
	Contacted bool `json:"contacted,omitempty"` // the customer was reached, in this round of investigating
	Attempted bool `json:"attempted,omitempty"` // a contact reached nobody, in this round of investigating
	Special   bool `json:"special,omitempty"`

	Findings  *Findings     `json:"findings,omitempty"`
	FoundBy   string        `json:"found_by,omitempty"` // the submission of the newest findings
	Proposal  *OpenProposal `json:"proposal,omitempty"`
	Proposals int           `json:"proposals,omitempty"` // how many there were: the newest revision
	Approvals []Approval    `json:"approvals,omitempty"` // open ones, and the newest proposal's
	Matters   []OpenMatter  `json:"matters,omitempty"`
	// Decided is the newest decision on what the customer demanded, by the procedure's word.
	Decided string `json:"decided,omitempty"`
	// AskedMore is set when the customer wants more than the newest reply gives.
	AskedMore bool           `json:"asked_more,omitempty"`
	Visits    []VisitFacts   `json:"visits,omitempty"`
	Supports  []SupportAsked `json:"supports,omitempty"`
	Orders    []OrderGiven   `json:"orders,omitempty"`
	CallOut   CallOutState   `json:"call_out,omitempty"`
	// WorkParts are the remedies reported done, by number from 1.
	WorkParts []int `json:"work_parts,omitempty"`

	Declined    int `json:"declined,omitempty"`    // proposals declined by the customer
	Unsatisfied int `json:"unsatisfied,omitempty"` // dissatisfied callbacks
	RoundsTier  int `json:"rounds_tier,omitempty"` // the tier to which rounds climbed; never falls
	CalledTier  int `json:"called_tier,omitempty"` // the tier whose manager somebody called by hand
	// Called are the duties that somebody called by hand while no department had it.
	Called      []Role   `json:"called,omitempty"`
	TakenOverBy PersonID `json:"taken_over_by,omitempty"`

	Callbacks    int          `json:"callbacks,omitempty"`     // planned in this round
	CallbacksMet int          `json:"callbacks_met,omitempty"` // ended in this round
	Attempts     int          `json:"attempts,omitempty"`      // at the callback now due
	Satisfaction Satisfaction `json:"satisfaction,omitempty"`
	CaseValue    *bool        `json:"case_value,omitempty"`

	Deadlines []Deadline `json:"deadlines,omitempty"` // open ones
	Rounds    []Round    `json:"rounds,omitempty"`    // how often each clock began
	Alerted   []string   `json:"alerted,omitempty"`   // the procedure's alerts raised so far
	Asked     []RungRef  `json:"asked,omitempty"`     // the rungs that wait for an acknowledgement, oldest first
	Links     []Linked   `json:"links,omitempty"`
	// LedBy have the complaints that lead this one on, whose duplicate or part it is.
	LedBy  []PersonID `json:"led_by,omitempty"`
	Sides  []Side     `json:"sides,omitempty"`
	Threat *Threat    `json:"threat,omitempty"` // nil: the customer announced no drastic acts

	// Undelivered are messages to the customer that failed for good and of which they haven't been
	// told by phone; CallsMissed is how many calls for it reached nobody.
	Undelivered []LostLetter `json:"undelivered,omitempty"`
	CallsMissed int          `json:"calls_missed,omitempty"`
	// Written: a customer whom only post reaches was written to.
	Written bool `json:"written,omitempty"`
	// OutcomeUntold: it was closed while they can't be written to, and nobody has called them
	// since.
	OutcomeUntold bool `json:"outcome_untold,omitempty"`

	Outcome  Outcome    `json:"outcome,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	Ended    bool       `json:"ended,omitempty"` // nothing can reopen it any more
	Reopened int        `json:"reopened,omitempty"`

	// Unknown is JSON of what this version doesn't know of the complaint, which a newer one wrote.
	Unknown string `json:"-"`
}

// OpenProposal is the newest proposal.
type OpenProposal struct {
	Proposal
	Revision int      `json:"revision"`
	By       PersonID `json:"by"`
	// Submission is that of the step that proposed it: whose words belong to it.
	Submission string `json:"submission,omitempty"`
	Informed   bool   `json:"informed,omitempty"`
	// Agreed is set by the customer's yes, or by their silence where the
	// procedure says so; Declined by their no.
	Agreed   bool `json:"agreed,omitempty"`
	Declined bool `json:"declined,omitempty"`
}

// SupportAsked is professional help asked of another department.
type SupportAsked struct {
	Department string   `json:"department"`
	By         PersonID `json:"by"`
	Given      bool     `json:"given,omitempty"`
	// Submission is that of the step that gave it.
	Submission string `json:"submission,omitempty"`
}

// OrderGiven is a written instruction that runs on its own deadline.
type OrderGiven struct {
	To  PersonID  `json:"to"`
	By  PersonID  `json:"by"`
	Due time.Time `json:"due"`
	// Answered is set by the step CarriedOut of the person ordered.
	Answered bool `json:"answered,omitempty"`
	// Submission is that of the step that ordered it.
	Submission string `json:"submission,omitempty"`
}

// CallOutState says how an emergency call-out stands.
type CallOutState string

// The states of a call-out; empty when there was none.
const (
	CallOutOpen CallOutState = "open"
	CallOutOver CallOutState = "done"
)

// Round counts how often a clock has begun.
type Round struct {
	Deadline string `json:"deadline"`
	Count    int    `json:"count"`
	// Last is the last round, for a clock that continues when its start comes again.
	Last *Deadline `json:"last,omitempty"`
	// Lapsed is set when a round that has ended was late.
	Lapsed bool `json:"lapsed,omitempty"`
}

// Late are the clocks that lapsed in some round, in the order in which they first began.
func (c *Complaint) Late() []string {
	late := []string{}
	for _, r := range c.Rounds {
		lapsed := func(d Deadline) bool { return d.Name == r.Deadline && d.LapsedAt != nil }
		if r.Lapsed || slices.ContainsFunc(c.Deadlines, lapsed) {
			late = append(late, r.Deadline)
		}
	}
	return late
}

// Repeats is of how many earlier complaints this one is a repeat.
func (c *Complaint) Repeats() int {
	var earlier []string
	for _, l := range c.Links {
		if l.Relation == Repeats && !slices.Contains(earlier, l.Number) {
			earlier = append(earlier, l.Number)
		}
	}
	return len(earlier)
}

// Tier is the highest of the tier that rounds climbed to, the one called by hand, and
// those that open deadlines have reached.
func (c *Complaint) Tier() int {
	tier := max(c.RoundsTier, c.CalledTier)
	for _, d := range c.Deadlines {
		if d.Open() {
			tier = max(tier, d.Tier())
		}
	}
	return tier
}

// Climbed are the tiers to which an event that was just folded in has brought the complaint, and
// nothing else had: its own, and the one that was called where those of its own were passed over.
func (c *Complaint) Climbed(e Event) []int {
	if e.Kind != TierReached && e.Kind != RungFired {
		return nil
	}
	before, reached := c.Clone(), e.Tier
	switch {
	case e.Kind == RungFired:
		for i, d := range before.Deadlines {
			if d.Name == e.Rung.Deadline && d.Round == e.Rung.Round && e.Rung.Rung < len(d.Rungs) {
				reached = max(e.Tier, d.Rungs[e.Rung.Rung].Tier)
				before.Deadlines[i].Rungs[e.Rung.Rung].FiredAt = nil
			}
		}
	case e.Code == ByHand:
		before.CalledTier = 0
	default:
		before.RoundsTier = 0
	}
	stood := before.Tier()
	return slices.DeleteFunc(slices.Compact([]int{e.Tier, reached}), func(tier int) bool { return tier <= stood })
}

// Over reports whether nothing is left to happen: nothing can reopen it, and
// every process beside it has ended.
func (c *Complaint) Over() bool {
	return c.Ended && !slices.ContainsFunc(c.Sides, func(s Side) bool { return s.State != SideDone })
}

// InForce are the open matters that let the complaint rest, oldest first. There
// are two when one is approved after the customer's silence has begun another.
func (c *Complaint) InForce() []OpenMatter {
	var matters []OpenMatter
	for _, m := range c.Matters {
		if m.Active && !m.Over {
			matters = append(matters, m)
		}
	}
	return matters
}

// Suspended reports whether the complaint rests, and returns the oldest open
// matter in force.
func (c *Complaint) Suspended() (OpenMatter, bool) {
	if matters := c.InForce(); len(matters) > 0 {
		return matters[0], true
	}
	return OpenMatter{}, false
}

// Category is the category by the newest judgement.
func (c *Complaint) Category() string {
	if c.Screening != nil {
		return c.Screening.Category
	}
	return c.Registration.Category
}

// Kind is what was brought in, by the newest judgement; empty where nobody has said.
func (c *Complaint) Kind() Kind {
	if c.Screening != nil {
		return c.Screening.Kind
	}
	return c.Registration.Kind
}

// Severity is Normal until screening says otherwise.
func (c *Complaint) Severity() Severity {
	if c.Screening != nil {
		return c.Screening.Severity
	}
	return Normal
}

// Deadline returns the open deadline of a name.
func (c *Complaint) Deadline(name string) (Deadline, bool) {
	for _, d := range c.Deadlines {
		if d.Name == name && d.Open() {
			return d, true
		}
	}
	return Deadline{}, false
}

// NextRung returns the earliest rung still to fire over all open deadlines. Of
// two at the same instant the lower tier comes first, then the older deadline.
func (c *Complaint) NextRung() (RungRef, bool) {
	var first RungRef
	firstTier, found := 0, false
	for _, d := range c.Deadlines {
		i := d.next()
		if i < 0 {
			continue
		}
		r := d.Rungs[i]
		if !found || r.At.Before(first.At) || (r.At.Equal(first.At) && r.Tier < firstTier) {
			first, firstTier, found = RungRef{Deadline: d.Name, Round: d.Round, Rung: i, At: r.At}, r.Tier, true
		}
	}
	return first, found
}

// Rung returns the deadline and rung that ref names, while the deadline is open.
func (c *Complaint) Rung(ref RungRef) (Deadline, Rung, bool) {
	for _, d := range c.Deadlines {
		if d.Name == ref.Deadline && d.Round == ref.Round && ref.Rung < len(d.Rungs) {
			return d, d.Rungs[ref.Rung], true
		}
	}
	return Deadline{}, Rung{}, false
}

// AskedOf returns the rung that an acknowledgement answers: of the deadline that
// it names, else the last that asked the actor.
func (c *Complaint) AskedOf(acknowledge Step) (RungRef, bool) {
	name := ""
	if a := acknowledge.Facts.Acknowledged; a != nil {
		name = a.Deadline
	}
	for _, v := range slices.Backward(c.Asked) {
		if ref := v; (name == "" || name == ref.Deadline) && c.asks(ref, acknowledge.By) {
			return ref, true
		}
	}
	return RungRef{}, false
}

// RungAfter is the rung that the acknowledgement of one skips: the next of its
// deadline. Its number is past the ladder when none is left.
func (c *Complaint) RungAfter(asked RungRef) RungRef {
	ref := asked
	for _, d := range c.Deadlines {
		if d.Name != ref.Deadline || d.Round != ref.Round {
			continue
		}
		ref.Rung = len(d.Rungs)
		if i := d.next(); i >= 0 {
			ref.Rung, ref.At = i, d.Rungs[i].At
		}
	}
	return ref
}

// NextDue is the earliest due time of the running deadlines that people have to
// meet, for lists and for the operator.
func (c *Complaint) NextDue() (Deadline, bool) {
	var first Deadline
	found := false
	for _, d := range c.Deadlines {
		if d.State != Running || d.Name == ReopenClock || d.Name == OpenMatterClock || d.Name == AskAgainClock {
			continue
		}
		if !found || d.DueAt.Before(first.DueAt) {
			first, found = d, true
		}
	}
	return first, found
}

// RoundsOf is how often the clock of a name has begun.
func (c *Complaint) RoundsOf(name string) int {
	for _, r := range c.Rounds {
		if r.Deadline == name {
			return r.Count
		}
	}
	return 0
}
