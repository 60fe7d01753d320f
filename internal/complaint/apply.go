package complaint

import (
	"maps"
	"slices"
	"time"
)

// Apply folds one event into the state. It is the only way in which a complaint
// changes, in the workflow and in the activity that records it alike.
func (c *Complaint) Apply(e Event) {
	switch e.Kind {
	case StepTaken:
		c.LastAt = c.NotBefore(e.At)
		c.foldStep(*e.Step)
		c.note(*e.Step)
	case StageEntered:
		c.foldStage(e)
	case TermsSet:
		c.Terms = *e.Terms
	case PeopleNamed:
		c.name(*e.People)
	case ApprovalsAsked:
		c.ask(*e.Approval)
	case CallbacksPlanned:
		c.Callbacks, c.CallbacksMet, c.Attempts = e.Callbacks, 0, 0
	case DeadlineStarted:
		c.Deadlines = append(c.Deadlines, *e.Deadline)
		c.countRound(*e.Deadline)
		c.askedBy(*e.Deadline)
		switch {
		case e.Deadline.Name == CallOutClock:
			c.CallOut = CallOutOpen
		case e.Deadline.Name == EscalationClock && c.People.Department == "" && c.Terms.Generation >= Handled:
			c.Called = append(slices.Clone(c.Called), e.Deadline.Rungs[0].asks()...)
		}
	case DeadlineChanged:
		c.replaceDeadline(*e.Deadline)
	case DeadlineEnded:
		c.dropDeadline(*e.Deadline)
	case RungFired:
		if e.At.Sub(e.Rung.At) < punctual { // else an outage explains why steps come after it
			c.LastAt = c.NotBefore(e.Rung.At)
		}
		c.fire(*e.Rung, e)
	case RungSkipped:
		c.skip(*e.Rung)
	case TierReached:
		if e.Code == ByHand {
			c.CalledTier = max(c.CalledTier, e.Tier)
		} else {
			c.RoundsTier = max(c.RoundsTier, e.Tier)
		}
	case Suspended:
		c.matter(*e.Matter, func(m *OpenMatter) { m.Active = true })
	case Resumed:
		c.matter(*e.Matter, func(m *OpenMatter) { m.Active, m.Over = false, true })
	case AnsweredBySilence:
		if c.Proposal != nil {
			c.Proposal.Agreed = true
		}
	case CallbackEnded:
		c.endCallback(e.Rating)
	case Concluded:
		c.Outcome, c.ClosedAt = e.Outcome, new(e.At)
	case AlertRaised:
		c.Alerted = append(c.Alerted, e.Code)
	case SideStarted:
		c.putSide(*e.Side)
	case TaskMoved:
		c.move(*e.Moved)
	case ThreatAnnounced, WatchNamed:
		c.Threat = cloneOf(e.Threat)
	case MomentCame:
		if c.Came == nil {
			c.Came = map[string]time.Time{}
		}
		c.Came[e.Code] = e.At
	case StepRefused, MessageQueued:
		// On the record, and nothing of the state.
	}
}

// punctual is how late a rung may fire of itself.
const punctual = time.Minute

// NotBefore is a time, or the end of what the record tells where that is later: a step that waited
// for its answer while others were taken, or while a clock ran out, counts from then on.
func (c *Complaint) NotBefore(at time.Time) time.Time {
	if at.Before(c.LastAt) {
		return c.LastAt
	}
	return at
}

// foldStep folds a step that was taken: what every step does, and what it does itself (its act's
// fold).
func (c *Complaint) foldStep(s Step) {
	c.Revision++
	for _, name := range s.Facts.Fields {
		if !slices.Contains(c.Fields, name) {
			c.Fields = append(c.Fields, name)
		}
	}
	if len(s.Facts.Choices) > 0 && c.Choices == nil {
		c.Choices = map[string]string{}
	}
	maps.Copy(c.Choices, s.Facts.Choices)
	c.toldDates(s)
	if c.Terms.Generation < Reviewed { // any step of theirs answered an order; now it has a step of its own
		for i := range c.Orders {
			if c.Orders[i].To == s.By.Person {
				c.Orders[i].Answered = true
			}
		}
	}
	if row, known := rowOf(s.Name); known && row.fold != nil {
		row.fold(c, s)
	}
}

func (c *Complaint) foldStage(e Event) {
	c.Stage, c.StageSince = e.Stage, e.At
	c.CallsMissed = 0
	if e.From == FollowingUp || e.From == Closed { // what came before was of the time before
		c.Came = nil
	}
	c.OutcomeUntold = e.Stage == Closed && (c.OnlyByPhone() || c.OnlyByPost()) && c.Terms.Generation >= Reviewed && c.Outcome.behindTheirBack()
	c.Undelivered = without(c.Undelivered, func(l LostLetter) bool { // what was overtaken needs no call
		return e.Stage == Closed || e.From == Closed || l.Message.ProposalRevision > 0
	})
	if len(c.Undelivered) == 0 {
		c.Undelivered = nil
	}
	// Not all are told apart: what coming to the others changes is their own events'.
	//exhaustive:ignore
	switch e.Stage {
	case Investigating:
		c.Accepted, c.Contacted, c.Attempted = false, false, false
		if e.From != Assigning {
			c.Findings = nil
		}
	case Received:
		c.Findings = nil
	case Assigning:
		c.Upheld = c.Contested && c.Terms.Generation >= Correcting
		c.Contested = false // the new screening has upheld it
	case Closed:
		c.Asked, c.Approvals = nil, nil
		for i := range c.Matters {
			c.Matters[i].Active, c.Matters[i].Over = false, true
		}
	}
}

// name puts people into their roles. What was ordered of the one before and
// isn't answered goes with the role.
func (c *Complaint) name(p People) {
	for i, order := range c.Orders {
		switch {
		case order.Answered:
		case order.To == c.People.Owner && p.Owner != "":
			c.Orders[i].To = p.Owner
		case order.To == c.People.Handler && p.Handler != "":
			c.Orders[i].To = p.Handler
		}
	}
	if p.Handler != c.People.Handler {
		c.Accepted = false
	}
	c.People = p
}

func (c *Complaint) ask(a Approval) {
	c.dropApprovals(a.Matter)
	c.Approvals = append(c.Approvals, a)
}

// dropApprovals forgets the decided approvals of a matter; the record keeps them.
func (c *Complaint) dropApprovals(matter Matter) {
	c.Approvals = without(c.Approvals, func(a Approval) bool { return a.Matter == matter })
}

func (c *Complaint) party(person PersonID) {
	if person != "" && !slices.Contains(c.Parties, person) {
		c.Parties = append(c.Parties, person)
	}
}

// judged notes who judged it. By registering nobody does yet: it has no terms then.
func (c *Complaint) judged(people ...PersonID) {
	if c.Terms.Generation >= Handled {
		c.Judges = joined(c.Judges, people)
	}
}

// appealed notes who had a part in what the customer appeals against.
func (c *Complaint) appealed() {
	if c.Terms.Generation < Handled {
		return
	}
	had := slices.Concat(c.Parties, c.Judges, []PersonID{c.ScreenedBy, c.People.Owner, c.People.Handler})
	if c.Outcome == ResolvedOnSpot && len(c.Judges) == 0 {
		had = append(had, c.RegisteredBy) // who settled it when they registered it
	}
	c.HadPart = joined(c.HadPart, had)
}

// joined is a list with further people at its end, each once, and no customer.
func joined(list, people []PersonID) []PersonID {
	list = slices.Clone(list)
	for _, person := range people {
		if person != "" && person != Customer && !slices.Contains(list, person) {
			list = append(list, person)
		}
	}
	return list
}

func (c *Complaint) countRound(d Deadline) {
	for i := range c.Rounds {
		if c.Rounds[i].Deadline == d.Name {
			c.Rounds[i].Count = d.Round
			return
		}
	}
	c.Rounds = append(c.Rounds, Round{Deadline: d.Name, Count: d.Round})
}

// askedBy notes that somebody was asked as a deadline began: it stands for what they were just
// told.
func (c *Complaint) askedBy(begun Deadline) {
	for i, r := range begun.Rungs {
		if r.Ask && r.FiredAt != nil {
			c.Asked = append(c.Asked, RungRef{Deadline: begun.Name, Round: begun.Round, Rung: i, At: r.At})
		}
	}
}

// replaceDeadline takes a deadline as it is now. An order is due when its clock is.
func (c *Complaint) replaceDeadline(changed Deadline) {
	if changed.Name == InstructionClock && changed.Round <= len(c.Orders) {
		c.Orders[changed.Round-1].Due = changed.DueAt
	}
	for i, d := range c.Deadlines {
		if d.Name == changed.Name && d.Round == changed.Round {
			c.Deadlines[i] = changed
		}
	}
}

func (c *Complaint) dropDeadline(ended Deadline) {
	c.Deadlines = without(c.Deadlines, func(d Deadline) bool { return d.Name == ended.Name && d.Round == ended.Round })
	for i := range c.Rounds {
		if c.Rounds[i].Deadline != ended.Name {
			continue
		}
		if ended.Continues {
			c.Rounds[i].Last = &ended
		}
		if ended.LapsedAt != nil && c.Terms.Generation >= Remembering {
			c.Rounds[i].Lapsed = true
		}
	}
	c.answerAsked(ended.Name, ended.Round)
}

func (c *Complaint) fire(ref RungRef, e Event) {
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if d.Name != ref.Deadline || d.Round != ref.Round {
			continue
		}
		d.Rungs = append([]Rung(nil), d.Rungs...)
		r := &d.Rungs[ref.Rung]
		r.FiredAt = new(e.At)
		if r.Lapses && d.LapsedAt == nil {
			d.LapsedAt = new(d.DueAt)
		}
		if r.Ask {
			c.answerAsked(ref.Deadline, ref.Round)
			c.Asked = append(c.Asked, ref)
		}
		c.Ended = c.Ended || r.Does == EndLife
	}
}

// skip passes over a rung; with one that the ladder doesn't have it only ends
// the asking.
func (c *Complaint) skip(ref RungRef) {
	c.answerAsked(ref.Deadline, ref.Round)
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if d.Name == ref.Deadline && d.Round == ref.Round && ref.Rung < len(d.Rungs) {
			d.Rungs = append([]Rung(nil), d.Rungs...)
			d.Rungs[ref.Rung].Skipped = true
		}
	}
}

// answerAsked forgets the asking of one deadline's round: it was acknowledged, it
// ended, or its next rung asks somebody else.
func (c *Complaint) answerAsked(deadline string, round int) {
	c.Asked = without(c.Asked, func(ref RungRef) bool { return ref.Deadline == deadline && ref.Round == round })
}

// without is a list of its own, without what is meant.
func without[T any](list []T, meant func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), meant)
}

func (c *Complaint) matter(m OpenMatter, change func(*OpenMatter)) {
	for i := range c.Matters {
		if c.Matters[i].Number == m.Number {
			change(&c.Matters[i])
			return
		}
	}
	change(&m)
	c.Matters = append(c.Matters, m)
}

func (c *Complaint) endCallback(rating Satisfaction) {
	c.Satisfaction = rating
	c.CallbacksMet++
	c.Attempts = 0
	if rating == Dissatisfied {
		c.Unsatisfied++
	}
}

func (c *Complaint) side(kind, id string) (Side, bool) {
	i := c.placeOfSide(kind, id)
	if i < 0 {
		return Side{}, false
	}
	return c.Sides[i], true
}

func (c *Complaint) placeOfSide(kind, id string) int {
	return slices.IndexFunc(c.Sides, func(s Side) bool { return s.Kind == kind && s.ID == id })
}

// move gives an order, or the step of a process beside, to somebody else.
func (c *Complaint) move(m Moved) {
	if m.Order > 0 && m.Order <= len(c.Orders) {
		c.Orders[m.Order-1].To = m.To
	}
	if side, there := c.side(m.Side, m.ID); there {
		side.Person = m.To
		c.putSide(side)
	}
}

func (c *Complaint) putSide(side Side) {
	if i := c.placeOfSide(side.Kind, side.ID); i >= 0 {
		c.Sides[i] = side
		return
	}
	c.Sides = append(c.Sides, side)
}

// Fold is the complaint that a record tells of: all that was ever decided, folded
// in again. It is the state of the complaint at its last event.
func Fold(number string, record []Event) Complaint {
	c := Complaint{Number: number, Recorded: len(record)}
	for _, e := range record {
		c.Apply(e)
	}
	return c
}
