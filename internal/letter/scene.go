package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/internal/words"
)

// Scene is all that is known when a letter is written.
type Scene struct {
	File     reading.File
	Rules    *procedure.Procedure
	People   *directory.Directory
	Told     submission.Stored // of the step that the message tells of; none of the others is known here
	Queued   outbox.Message
	Template *message.Template
	Language string
	Now      time.Time
}

// Data fills the text. A message may leave long after it was queued: what it tells of is as it was
// then, by the coded message and the step it tells of; whom the complaint is about and who has it
// in hand, as it is now. What was true then and isn't known any more is left out.
func (s Scene) Data() (message.Data, error) {
	m, c := s.Queued.Message, s.File.Complaint
	data := message.Data{
		Number: s.Queued.Number, Organisation: s.Rules.Name.In(s.Language), Category: s.category(c.Category()), Customer: s.File.Customer.Name,
		Handler: s.name(c.People.Handler), Department: s.department(c.People.Department), Deadline: s.deadline(m.Deadline),
		Due: s.due(), Now: s.Now, Tier: m.Tier, Rung: m.Rung, Reason: m.Reason, ProposalRevision: m.ProposalRevision, Callback: m.Callback,
		Kind: c.Kind(), Confidential: len(c.People.SeenBy) > 0 || c.Kind() == complaint.KindWhistleblowing,
	}
	data.OwnRemedies = map[string]string{}
	for _, own := range s.Rules.RemedyKinds {
		data.OwnRemedies[own.ID] = own.Name.In(s.Language)
	}
	s.facts(&data)
	s.reach(&data)
	if p := c.Proposal; p != nil && m.ProposalRevision == p.Revision {
		data.Remedies, data.PromisedBy = p.Remedies, p.TimeLimit
	}
	written, err := words.Of(s.Told.Step, s.Told.Body)
	if err != nil {
		return data, err
	}
	s.threat(&data, written)
	if m.Tells != "" {
		s.tell(&data, written)
	}
	switch s.Template {
	case message.Assigned, message.Reassigned:
		data.Steps = s.steps()
		if c.People.Handler != m.To {
			data.Department, data.Handler = "", "" // it has moved on since
		}
	case message.MarkedSpecial:
		data.Steps = s.steps()
	case message.Task:
		if m.Reason == string(complaint.Explain) {
			s.found(&data)
		}
	case message.TellCustomer, message.WriteToCustomer, message.LetterFailed:
		s.call(&data, written)
	case message.ReassignedAway:
		if c.People.Handler == m.To {
			data.Handler = "" // it has come back since
		}
	case message.CallbackDue:
		if clock, running := c.Deadline(complaint.CallbackClock); running && m.Due != nil && clock.DueAt.Equal(*m.Due) && clock.OpensAt.After(s.Now) {
			data.From = &clock.OpensAt
		}
	case message.SideTask:
		s.side(&data)
		s.found(&data)
	case message.SideEnded:
		s.side(&data)
	case message.TierReached, message.Climbed:
		data.Reason = string(s.Told.Step) // empty where no step took it up
	case message.Notice:
		notice, _ := s.Rules.Notice(m.Reason)
		data.Notice, data.Says = notice.Name.In(s.Language), notice.Say.In(s.Language)
	case message.Alert:
		s.alert(&data)
	case message.CustomerOutcome:
		data.AppealRoute = s.appealRoute(complaint.Outcome(m.Reason), written)
		if m.Reason == string(complaint.Merged) {
			data.Other = s.older()
		}
	}
	return data, nil
}

// facts fill in what somebody of the house needs to act: whom to call, where to go, what happened.
func (s Scene) facts(data *message.Data) {
	if s.Queued.To == complaint.Customer {
		return
	}
	data.Phone = s.File.Customer.Phone
	if registered, err := words.Read[words.Register](s.File.Words); err == nil {
		data.Place, data.Narrative = cmp.Or(registered.Place, s.File.Customer.Address), registered.Narrative
		if !registered.HappenedAt.IsZero() {
			data.HappenedAt = &registered.HappenedAt
		}
	}
	if filled, err := words.Fields(s.File.Words); err == nil {
		for _, field := range s.Rules.Form.Fields {
			if value, said := filled[field.ID]; said {
				data.Form = append(data.Form, message.Filled{Title: field.Title.In(s.Language), Value: s.option(field, value)})
			}
		}
	}
}

// option is the value of a form's field as it is read.
func (s Scene) option(field procedure.Field, value any) string {
	for _, option := range field.Options {
		if option.ID == value {
			return option.Name.In(s.Language)
		}
	}
	return fmt.Sprint(value)
}

// reach fills in how a customer reaches us, and who has their complaint in charge while it is open.
func (s Scene) reach(data *message.Data) {
	if s.Queued.To != complaint.Customer {
		return
	}
	if called := s.Rules.Hotline; called != nil {
		data.Hotline, data.Hours = called.Phone, called.Hours.In(s.Language)
	}
	if people := s.File.People; s.File.Stage != complaint.Closed {
		data.Contact = s.name(cmp.Or(people.Owner, people.Agent))
	}
}

// tell fills in the step that the message tells of, as it was taken.
func (s Scene) tell(data *message.Data, written words.Written) {
	told := s.Told.Facts
	data.By = s.name(s.Told.By.Person)
	if s.Queued.To != complaint.Customer || s.Template.CarriesWords() {
		data.Words = written.Told()
	}
	if asked := told.Support; asked != nil && asked.Department != "" {
		data.Department = s.department(asked.Department)
	}
	if p := told.Proposal; p != nil && s.Queued.ProposalRevision > 0 {
		data.Remedies, data.PromisedBy = p.Remedies, p.TimeLimit // of the revision that the message tells of, though another is newer
		if proposed, ok := written.(words.Propose); ok {
			data.RemedyWords = proposed.RemedyWords()
		}
		data.Decision = s.decision(p.Decision)
	}
	if closed := told.Closing; closed != nil {
		data.Decision = s.decision(cmp.Or(closed.Decision, s.File.Decided))
	}
	if settled := told.OnSpot; settled != nil {
		said, _ := written.(words.ResolveOnSpot)
		if registered, with := written.(words.Register); with {
			said = registered.ResolveOnSpot
		}
		data.Remedies, data.RemedyWords, data.Words = settled.Remedies, said.RemedyWords(), said.Told()
		data.Decision = s.decision(settled.Decision)
	}
	if rest := told.Suspension; rest != nil {
		data.Rests, data.Until = string(rest.Kind), &rest.Until
	}
	if visit := told.Visit; visit != nil {
		data.VisitAt = visit.At
	}
	if linked := told.Linked; linked != nil {
		data.Other = linked.Number
	}
}

// steps are what waits for the recipient by name, soonest first.
func (s Scene) steps() (waiting []message.Awaited) {
	for _, task := range s.File.Tasks() {
		if task.Person != s.Queued.To {
			continue
		}
		step := message.Awaited{Step: task.Kind.Label().In(s.Language), Due: task.Due}
		if what, _ := task.About(); phrase.Has(phrase.Task, what) {
			step.Step = phrase.Label(phrase.Task, what, s.Language)
		}
		waiting = append(waiting, step)
	}
	slices.SortStableFunc(waiting, func(a, b message.Awaited) int {
		switch {
		case a.Due == nil && b.Due == nil:
			return 0
		case a.Due == nil:
			return 1
		case b.Due == nil:
			return -1
		}
		return a.Due.Compare(*b.Due)
	})
	return waiting
}

// found fills in what was found: the cause, who is liable for it, and who of the house by name.
func (s Scene) found(data *message.Data) {
	found := s.File.Findings
	if found == nil {
		return
	}
	data.Liable, data.Blamed = string(found.Liability), s.list(found.People, false)
	for _, cause := range s.Rules.Causes {
		if cause.ID == found.Cause {
			data.Cause = cause.Name.In(s.Language)
		}
	}
}

// call fills in what the customer is to be told by phone, and the step that records the call: the
// one that ends the clock of it, where that runs; one that whoever calls may take now.
func (s Scene) call(data *message.Data, written words.Written) {
	steps := []complaint.StepName{complaint.Contact}
	if told, err := message.Named(s.Queued.Reason); err == nil && told.ToldBy() != "" {
		steps = []complaint.StepName{told.ToldBy(), complaint.Contact}
	}
	waits, counted := s.File.Deadline(complaint.TellByPhoneClock)
	allowed := s.File.Allowed(s.People.Actor(s.Queued.To, s.Now, s.Rules.Roles), s.Now)
	records := complaint.Note
	for _, step := range slices.Backward(steps) {
		if slices.Contains(allowed, step) && (!counted || slices.Contains(waits.Until, "step "+string(step))) {
			records = step
		}
	}
	data.Records = records.Label().In(s.Language)
	if s.Queued.Reason == message.CustomerOutcome.Name() && s.File.Stage == complaint.Closed {
		data.Outcome, data.AppealRoute = string(s.File.Outcome), s.appealRoute(s.File.Outcome, written)
	}
}

// older is the number of the complaint into which this one was merged; empty for none.
func (s Scene) older() string {
	for _, tie := range slices.Backward(s.File.Links) {
		if tie.Relation == complaint.Duplicates {
			return tie.Number
		}
	}
	return ""
}

// alert fills in which alert came true, and how the case was judged when it did.
func (s Scene) alert(data *message.Data) {
	for _, alert := range s.Rules.Alerts {
		if alert.ID == s.Queued.Reason {
			data.Alert = alert.Name.In(s.Language)
		}
	}
	data.Severity = string(s.Queued.Severity)
	data.Category = cmp.Or(s.category(s.Queued.Category), data.Category)
}

// side fills in the names of the process beside the main course and of its step.
func (s Scene) side(data *message.Data) {
	data.Side = phrase.InLetter(phrase.Side, s.Queued.Reason, s.Language)
	rule, known := s.Rules.Side(s.Queued.Reason)
	if !known {
		return
	}
	data.Side = rule.Name.In(s.Language)
	for _, running := range s.File.Sides {
		if running.Kind != rule.ID || running.Due == nil || s.Queued.Due == nil || !running.Due.Equal(*s.Queued.Due) {
			continue // it stands elsewhere by now
		}
		for _, step := range rule.Steps {
			if step.ID == running.State {
				data.Task = step.Name.In(s.Language)
			}
		}
	}
}

// appealRoute is how a customer may appeal: as the owner says, or to one who got no agreement the
// procedure. Empty where the reply says it already.
func (s Scene) appealRoute(outcome complaint.Outcome, reply words.Written) string {
	route := ""
	if closed, ok := reply.(words.Close); ok {
		route = closed.FinalReply.AppealRoute
	}
	if refused := outcome == complaint.Unresolved || outcome == complaint.RejectedInvalid; refused && route == "" && s.Rules.Appeal != nil {
		route = s.Rules.Appeal.FinalReplyNames.In(s.Language)
	}
	if holds(reply.Told(), route) {
		return ""
	}
	return route
}

// holds reports whether words say a text already, however it is spaced.
func holds(words, text string) bool {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return strings.Contains(squeeze(words), squeeze(text))
}

// due is what the message says, until when the customer may use its link, or when the recipient's
// own task is due.
func (s Scene) due() *time.Time {
	switch {
	case s.Queued.Due != nil:
		return s.Queued.Due
	case s.Queued.To == complaint.Customer && link.Purpose(s.Queued.Link) == link.Answer:
		return s.answerEnds()
	case s.Queued.To == complaint.Customer && link.Purpose(s.Queued.Link) == link.Appeal:
		return s.appealEnds()
	case s.Queued.To == complaint.Customer:
		return nil
	}
	if matter := complaint.Matter(s.Queued.Reason); s.Template == message.ApprovalAsked &&
		(matter == complaint.MatterSuspension || matter == complaint.MatterVisit) {
		return nil // no clock runs for it: those that run wait for other steps
	}
	// When a message leaves after the task that it asks for is done, it names no time of another
	// one.
	asked := s.Template.Asks(s.Queued.Reason)
	var first *time.Time
	for _, task := range s.File.Tasks() {
		if len(asked) > 0 && !slices.Contains(asked, task.Kind) {
			continue
		}
		theirs := task.Person == s.Queued.To || len(asked) > 0 && task.Person == "" // whoever holds the duty
		if theirs && task.Due != nil && (first == nil || task.Due.Before(*first)) {
			first = task.Due
		}
	}
	return first
}

// answerEnds is until when the customer is to answer the proposal of the message; nil once there is
// a newer one.
func (s Scene) answerEnds() *time.Time {
	newest := s.File.Proposal != nil && s.File.Proposal.Revision == s.Queued.ProposalRevision
	if clock, running := s.File.Deadline(complaint.CustomerAnswerClock); running && newest {
		return &clock.DueAt
	}
	return nil
}

// appealEnds is until when the customer may appeal.
func (s Scene) appealEnds() *time.Time {
	if clock, running := s.File.Deadline(complaint.ReopenClock); running {
		for _, window := range clock.Rungs {
			if window.Label == "appeal" {
				return &window.At
			}
		}
	}
	return nil
}

// name is how a person is called in the recipient's language; empty for nobody,
// and for those who are no person.
func (s Scene) name(person complaint.PersonID) string {
	if person == complaint.Customer {
		return s.File.Customer.Name
	}
	return s.People.People[person].Name.In(s.Language)
}

// category, department and deadline are called so in the recipient's language.
func (s Scene) category(id string) string {
	category, _ := s.Rules.Category(id)
	return category.Name.In(s.Language)
}

func (s Scene) decision(id string) string {
	decision, _ := s.Rules.Decision(id)
	return decision.Name.In(s.Language)
}

func (s Scene) department(id string) string {
	return s.People.Departments[id].Name.In(s.Language)
}

func (s Scene) deadline(id string) string {
	label := cmp.Or(plan.ClockLabel(s.Rules, id).In(s.Language), id)
	if _, own := s.Rules.Deadline(id); own {
		return label
	}
	return phrase.Within(label, s.Language)
}
