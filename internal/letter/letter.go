// Package letter writes the letters of a complaint: the coded message, the complaint as it is now, the people's
// names, and the words that somebody wrote with the step meet here, when a letter leaves, and nothing of it is kept.
package letter

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/store"
)

// Writer knows what letters are put together from.
type Writer struct {
	Store    *store.Store
	Rulebook *rulebook.Rulebook
	Links    *link.Signer
	// PublicURL is how customers reach the server, without a slash at its end.
	PublicURL string
	// WebhookKey makes the secrets of people's webhooks; see delivery.SecretFor.
	WebhookKey []byte
}

// The codes of messages that nobody gets any more.
const (
	UnknownPerson = "unknown_person" // who isn't in the directory any more
	MayNotKnow    = "may_not_know"   // who became a subject, or for whom the complaint was closed, since the message was queued
)

// Clerk puts the letters of one complaint together from the coded messages.
type Clerk interface {
	// Write makes the letter of a queued message. A *delivery.Failure says that it can never be sent; any other error
	// is the database's.
	Write(ctx context.Context, queued store.OutboxMessage) (delivery.Letter, error)
}

// leastLinkLife is what must be left of a link that is sent again.
const leastLinkLife = 7 * 24 * time.Hour

// About reads what is known of a complaint at this moment, once for all its messages that leave together.
func (w *Writer) About(ctx context.Context, number string) (Clerk, error) {
	file, err := w.Store.Complaint(ctx, number)
	if err != nil {
		return nil, err
	}
	rules, err := w.Rulebook.Version(ctx, file.Terms.Procedure, file.Terms.Version)
	if err != nil {
		return nil, err
	}
	return &dossier{Writer: w, file: file, rules: rules}, nil
}

// dossier is what is known of one complaint, for as long as its letters are written.
type dossier struct {
	*Writer
	file  store.File
	rules *procedure.Procedure
	// submissions are read when the first letter tells of a step: most don't.
	submissions []store.Stored
}

// said is what people said with their steps.
func (d *dossier) said(ctx context.Context) (_ []store.Stored, err error) {
	if d.submissions == nil {
		d.submissions, err = d.Store.Submissions(ctx, d.file.Number)
	}
	return d.submissions, err
}

// Write is that of a Clerk.
func (d *dossier) Write(ctx context.Context, queued store.OutboxMessage) (delivery.Letter, error) {
	file, rules := d.file, d.rules
	now := d.Rulebook.Now()
	people, known := now.Directory(rules.ID)
	if !known {
		people = &directory.Directory{}
	}

	letter := delivery.Letter{Message: queued.Message, Number: queued.Number, QueuedAt: queued.QueuedAt}
	var greet string
	if letter.ToCustomer() {
		letter.Language = file.Customer.Language
		if file.RegisteredBy != complaint.Customer { // on the web anybody may write anything as anybody's name
			greet = file.Customer.Name
		}
		letter.To.Email = file.Customer.Email
	} else {
		person, known := people.People[queued.To]
		if !known {
			return letter, &delivery.Failure{Code: UnknownPerson, Permanent: true}
		}
		if message.Template(queued.Template) != message.SafetyWarning && !file.MayBeToldTo(queued.To) {
			return letter, &delivery.Failure{Code: MayNotKnow, Permanent: true}
		}
		letter.Language = person.Language
		greet = person.Name.In(letter.Language)
		letter.To.Email = person.Email
		if person.Webhook != "" {
			letter.To.Webhook = delivery.Endpoint{URL: person.Webhook, Secret: delivery.SecretFor(d.WebhookKey, person.ID)}
		}
	}
	s := scene{file: file, rules: rules, people: people, queued: queued, language: letter.Language, now: time.Now()}
	if s.needsSubmissions() {
		said, err := d.said(ctx)
		if err != nil {
			return letter, err
		}
		s.submissions = said
	}
	letter.Data = s.data()
	letter.Data.Recipient = greet
	if message.Template(queued.Template) == message.SafetyWarning {
		letter.Number, letter.Message.ID = "", d.pseudonym(queued.ID)
	}
	if calendar, known := now.Calendars()[rules.Calendar]; known {
		letter.Data.Zone = calendar.Zone()
	}
	if message.Template(queued.Template) == message.CustomerCampaign {
		return letter, d.question(ctx, &letter)
	}
	if letter.ToCustomer() && queued.Link != "" {
		link, err := d.link(ctx, queued)
		letter.Data.Link = link
		return letter, err
	}
	return letter, nil
}

// link is the address of the signed link that a message carries. A message that
// is tried again, and a reminder, carry the link that was issued before; after
// somebody revoked it they carry none.
func (d *dossier) link(ctx context.Context, queued store.OutboxMessage) (string, error) {
	purpose, subject := link.Purpose(queued.Link), 0
	switch purpose {
	case link.Answer:
		subject = queued.ProposalRevision
	case link.Rate:
		subject = queued.Callback
	case link.Contest, link.Withdraw, link.Appeal:
		subject = d.file.Reopened
	}
	if purpose.Life() == 0 {
		return "", &delivery.Failure{Code: delivery.CannotRender, Permanent: true}
	}
	issued, err := d.Store.LinkFor(ctx, queued.Number, string(purpose), subject, time.Now(), leastLinkLife, purpose.Life())
	if errors.Is(err, store.ErrLinkRevoked) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return d.address(issued)
}

// address is where a link leads.
func (w *Writer) address(issued store.Link) (string, error) {
	path, err := w.Links.Path(issued.ID, link.Link{Number: issued.Number, Purpose: link.Purpose(issued.Purpose), Subject: issued.Subject, ExpiresAt: issued.ExpiresAt})
	return w.PublicURL + path, err
}

// scene is all that is known when a letter is written.
type scene struct {
	file        store.File
	rules       *procedure.Procedure
	people      *directory.Directory
	submissions []store.Stored
	queued      store.OutboxMessage
	language    string
	now         time.Time
}

// data fills the text. A message may leave long after it was queued: what it
// tells of is as it was then, by the coded message and the step it tells of; whom
// the complaint is about and who has it in hand, as it is now. What was true then
// and isn't known any more is left out.
func (s scene) data() message.Data {
	m, c := s.queued.Message, s.file.Complaint
	data := message.Data{
		Number: s.queued.Number, Organisation: s.rules.Name.In(s.language), Customer: s.file.Customer.Name,
		Handler: s.name(c.People.Handler), Department: s.department(c.People.Department), Deadline: s.deadline(m.Deadline),
		Due: s.due(), Now: s.now, Tier: m.Tier, Rung: m.Rung, Reason: m.Reason, ProposalRevision: m.ProposalRevision, Callback: m.Callback,
		Confidential: len(c.People.SeenBy) > 0 || c.Screening != nil && c.Screening.Kind == complaint.KindWhistleblowing,
	}
	s.threat(&data)
	if category, known := s.rules.Category(c.Category()); known {
		data.Category = category.Name.In(s.language)
	}
	switch message.Template(m.Template) {
	case message.Assigned, message.Reassigned:
		if c.People.Handler != m.To {
			data.Department, data.Handler = "", "" // it has moved on since
		}
	case message.ReassignedAway:
		if c.People.Handler == m.To {
			data.Handler = "" // it has come back since
		}
	case message.CallbackDue:
		if clock, running := c.Deadline(complaint.CallbackClock); running && m.Due != nil && clock.DueAt.Equal(*m.Due) && clock.OpensAt.After(s.now) {
			data.From = &clock.OpensAt
		}
	case message.Alert:
		s.alert(&data)
	case message.SideTask, message.SideEnded:
		s.side(&data)
	case message.TierReached, message.Climbed:
		data.Reason = s.climbedBy(&data)
	}
	if p := c.Proposal; p != nil && m.ProposalRevision == p.Revision {
		data.Remedies, data.PromisedBy = p.Remedies, p.Due
	}
	if cause, found := s.cause(); found {
		data.By = s.name(cause.By.Person)
		if asked := cause.Facts.Support; asked != nil && asked.Department != "" {
			data.Department = s.department(asked.Department)
		}
		if p := cause.Facts.Proposal; p != nil && m.ProposalRevision > 0 {
			data.Remedies, data.PromisedBy = p.Remedies, p.Due // of the revision that the message tells of, though another is newer
			data.RemedyWords = remedyWords(cause.Body)
		}
		if m.Template == string(message.ApprovalAsked) {
			decidedOn(&data, cause.Facts)
		}
		if linked := cause.Facts.Linked; linked != nil {
			data.Other = linked.Number
		}
		if s.queued.To != complaint.Customer || toldToCustomers[message.Template(m.Template)] {
			data.Words, data.AppealRoute = wordsOf(cause.Body)
		}
	}
	outcome := complaint.Outcome(m.Reason)
	if m.Template != string(message.CustomerOutcome) || outcome != complaint.Unresolved && outcome != complaint.RejectedInvalid {
		data.AppealRoute = ""
	} else if data.AppealRoute == "" && s.rules.Appeal != nil {
		data.AppealRoute = s.rules.Appeal.FinalReplyNames.In(s.language)
	}
	if holds(data.Words, data.AppealRoute) {
		data.AppealRoute = "" // the owner has said it already
	}
	return data
}

// decidedOn fills in what an approver has to know of a suspension and of a visit.
func decidedOn(data *message.Data, asked complaint.Facts) {
	if rest := asked.Suspension; rest != nil {
		data.Rests, data.Until = string(rest.Kind), &rest.Until
	}
	if visit := asked.Visit; visit != nil {
		data.VisitAt = visit.At
	}
}

// holds reports whether words say a text already, however it is spaced.
func holds(words, text string) bool {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return strings.Contains(squeeze(words), squeeze(text))
}

// alert fills in which alert came true, and how the case was judged when it did.
func (s scene) alert(data *message.Data) {
	for _, alert := range s.rules.Alerts {
		if alert.ID == s.queued.Reason {
			data.Alert = alert.Name.In(s.language)
		}
	}
	judged, found := s.newest(func(said store.Stored) bool { return said.Facts.Screening != nil })
	if !found {
		return
	}
	data.Severity = string(judged.Facts.Screening.Severity)
	if category, known := s.rules.Category(judged.Facts.Screening.Category); known {
		data.Category = category.Name.In(s.language)
	}
}

// side fills in the names of the process beside the main course and of its step.
func (s scene) side(data *message.Data) {
	data.Side = message.Label("side", s.queued.Reason, s.language)
	rule, known := s.rules.Side(s.queued.Reason)
	if !known {
		return
	}
	data.Side = rule.Name.In(s.language)
	for _, running := range s.file.Sides {
		if running.Kind != rule.ID || running.Due == nil || s.queued.Due == nil || !running.Due.Equal(*s.queued.Due) {
			continue // it stands elsewhere by now
		}
		for _, step := range rule.Steps {
			if step.ID == running.State {
				data.Task = step.Name.In(s.language)
			}
		}
	}
}

// climbedBy is the step that took a complaint a tier up, with what was said at it.
func (s scene) climbedBy(data *message.Data) string {
	climbed, found := s.newest(func(said store.Stored) bool {
		f := said.Facts
		return said.Step == complaint.Escalate || said.Step == complaint.Answer && f.Answer != nil && !f.Answer.Agrees ||
			said.Step == complaint.CallBack && f.Callback != nil && f.Callback.Satisfaction == complaint.Dissatisfied
	})
	if !found {
		return ""
	}
	data.Words, _ = wordsOf(climbed.Body)
	return string(climbed.Step)
}

// newest is the newest step of those that fit, as it was when the message was queued.
func (s scene) newest(fits func(store.Stored) bool) (store.Stored, bool) {
	for _, said := range slices.Backward(s.submissions) {
		if said.State != store.Refused && !said.At.After(s.queued.QueuedAt) && fits(said) {
			return said, true
		}
	}
	return store.Stored{}, false
}

// causes are the steps whose words and person a message tells of.
var causes = map[message.Template]complaint.StepName{
	message.Reassigned: complaint.Reassign, message.Returned: complaint.Return, message.CallOutDone: complaint.CallOutDone,
	message.SupportAsked: complaint.RequestSupport, message.SupportGiven: complaint.GiveSupport, message.Instruction: complaint.Instruct,
	message.Acknowledged: complaint.Acknowledge, message.TakenOver: complaint.TakeOver, message.Extended: complaint.Extend,
	message.Suspended: complaint.Suspend, message.Approved: complaint.Approve, message.Refused: complaint.Refuse,
	message.CustomerAgreed: complaint.Answer, message.CustomerDeclined: complaint.Answer, message.CustomerContested: complaint.Explain,
	message.CustomerDissatisfied: complaint.CallBack, message.Impossible: complaint.Implement, message.NotSatisfied: complaint.Verify,
	message.SettledOnSpot: complaint.ResolveOnSpot, message.Reopened: complaint.Reopen, message.Appealed: complaint.Appeal,
	message.Linked: complaint.Link, message.CaseWritten: complaint.Assess, message.CustomerProgress: complaint.Contact, message.CustomerExplained: complaint.Explain,
	message.CustomerProposal: complaint.Propose, message.CustomerProposalReminder: complaint.Propose, message.CustomerOutcome: complaint.Close,
}

// toldToCustomers are the messages in which a customer reads what the people in
// the house wrote; all other words stay in the house.
var toldToCustomers = map[message.Template]bool{message.CustomerProgress: true, message.CustomerExplained: true,
	message.CustomerProposal: true, message.CustomerProposalReminder: true, message.CustomerOutcome: true}

// needsSubmissions reports whether a message tells of what somebody said.
func (s scene) needsSubmissions() bool {
	switch message.Template(s.queued.Template) {
	case message.Alert, message.TierReached, message.Climbed, message.ThreatWatch:
		return true
	}
	_, tells := s.tellsOf()
	return tells
}

// tellsOf is the step that a message tells of.
func (s scene) tellsOf() (complaint.StepName, bool) {
	step, known := causes[message.Template(s.queued.Template)]
	if s.queued.Template == string(message.ApprovalAsked) {
		step, known = map[complaint.Matter]complaint.StepName{complaint.MatterProposal: complaint.Propose, complaint.MatterSuspension: complaint.Suspend,
			complaint.MatterVisit: complaint.Visit, complaint.MatterReply: complaint.Explain, complaint.MatterClosingForm: complaint.Close}[complaint.Matter(s.queued.Reason)]
	}
	return step, known
}

// cause is the submission of the step that a message tells of: the newest of its
// kind when the message was queued, or the proposal of its revision.
func (s scene) cause() (store.Stored, bool) {
	step, known := s.tellsOf()
	if s.queued.Template == string(message.ThreatWatch) {
		return s.threatHeard()
	}
	if !known {
		return store.Stored{}, false
	}
	var found []store.Stored
	for _, submission := range s.submissions {
		if submission.Step == step && submission.State != store.Refused && !submission.At.After(s.queued.QueuedAt) && s.concerns(submission) {
			found = append(found, submission)
		}
	}
	if n := s.queued.ProposalRevision; step == complaint.Propose && n > 0 && n <= len(found) {
		return found[n-1], true
	}
	if len(found) == 0 {
		return store.Stored{}, false
	}
	return found[len(found)-1], true
}

// concerns reports whether a step can be what the recipient is told of: who became
// the handler by a rule, in place of somebody absent say, wasn't named by anybody.
func (s scene) concerns(said store.Stored) bool {
	if visit := said.Facts.Visit; visit != nil && visit.Report && s.queued.Template == string(message.ApprovalAsked) {
		return false // what was asked is the visit planned
	}
	named := said.Facts.Assignment
	return s.queued.Template != string(message.Reassigned) || named == nil || named.Handler == "" || named.Handler == s.queued.To
}

// remedyWords are what was written to each remedy of a proposal, in their order.
func remedyWords(body json.RawMessage) []string {
	var said struct{ Remedies []struct{ Words string } }
	if json.Unmarshal(body, &said) != nil {
		return nil
	}
	words := make([]string, len(said.Remedies))
	for i, remedy := range said.Remedies {
		words[i] = remedy.Words
	}
	return words
}

// wordsOf takes the free text out of a step's body, and the appeal route where
// it is a final reply.
func wordsOf(body json.RawMessage) (words, appealRoute string) {
	var said struct {
		Words, Reason, Reasons, Order, Text string
		Narrative                           string          // at registering
		Report                              json.RawMessage // words at a call-out, a yes or no at a visit
		FinalReply                          struct {
			Decision    string
			Reasons     string
			AppealRoute string `json:"appeal_route"`
		} `json:"final_reply"`
	}
	if len(body) == 0 || json.Unmarshal(body, &said) != nil {
		return "", ""
	}
	if r := said.FinalReply; r.Decision != "" || r.Reasons != "" {
		return strings.TrimSpace(r.Decision + "\n" + r.Reasons), r.AppealRoute
	}
	var report string
	if err := json.Unmarshal(said.Report, &report); err != nil {
		report = ""
	}
	for _, text := range []string{said.Words, said.Reason, said.Reasons, said.Order, said.Text, report, said.Narrative} {
		if text != "" {
			return text, ""
		}
	}
	return "", ""
}

// appealEnds is until when the customer may appeal by the link of the message; nil where it carries none.
func (s scene) appealEnds() *time.Time {
	clock, running := s.file.Deadline(complaint.ReopenClock)
	if !running || link.Purpose(s.queued.Link) != link.Appeal {
		return nil
	}
	for _, window := range clock.Rungs {
		if window.Label == "appeal" {
			return &window.At
		}
	}
	return nil
}

// due is what the message says, or when the recipient's own task is due.
func (s scene) due() *time.Time {
	if s.queued.Due != nil {
		return s.queued.Due
	}
	if s.queued.To == complaint.Customer {
		switch message.Template(s.queued.Template) {
		case message.CustomerProposal, message.CustomerProposalReminder:
			newest := s.file.Proposal != nil && s.file.Proposal.Revision == s.queued.ProposalRevision
			if clock, running := s.file.Deadline(complaint.CustomerAnswerClock); running && newest {
				return &clock.DueAt
			}
		case message.CustomerOutcome:
			return s.appealEnds()
		}
		return nil
	}
	if matter := complaint.Matter(s.queued.Reason); s.queued.Template == string(message.ApprovalAsked) &&
		(matter == complaint.MatterSuspension || matter == complaint.MatterVisit) {
		return nil // no clock runs for it: those that run wait for other steps
	}
	asked, some := s.asked()
	var first *time.Time
	for _, task := range s.file.Tasks() {
		if some && !slices.Contains(asked, task.Kind) {
			continue
		}
		theirs := task.Person == s.queued.To || some && task.Person == "" // whoever holds the duty
		if theirs && task.Due != nil && (first == nil || task.Due.Before(*first)) {
			first = task.Due
		}
	}
	return first
}

// asks are the tasks that messages ask for. When a message leaves after its task
// is done, it names no time of another one.
var asks = map[message.Template][]complaint.StepName{
	message.ScreeningAsked: {complaint.Screen}, message.CustomerContested: {complaint.Screen},
	message.Assigned: {complaint.Accept}, message.Returned: {complaint.Screen, complaint.Assign},
	message.SupportAsked: {complaint.GiveSupport}, message.ApprovalAsked: {complaint.Approve},
	message.CustomerAgreed: {complaint.Implement}, message.CustomerSilent: {complaint.Implement},
	message.CustomerDeclined: {complaint.Propose}, message.Impossible: {complaint.Propose},
}

func (s scene) asked() ([]complaint.StepName, bool) {
	if s.queued.Template == string(message.Task) && s.queued.Reason != "" {
		if s.queued.Reason == message.NameOwner || s.queued.Reason == message.NameOwnerAndHandler {
			return []complaint.StepName{complaint.Assign}, true
		}
		return []complaint.StepName{complaint.StepName(s.queued.Reason)}, true
	}
	kinds, some := asks[message.Template(s.queued.Template)]
	return kinds, some
}

// name is how a person is called in the recipient's language; empty for nobody,
// and for those who are no person.
func (s scene) name(person complaint.PersonID) string {
	if person == complaint.Customer {
		return s.file.Customer.Name
	}
	return s.people.People[person].Name.In(s.language)
}

func (s scene) department(id string) string {
	return s.people.Departments[id].Name.In(s.language)
}

func (s scene) deadline(id string) string {
	if d, known := s.rules.Deadline(id); known {
		return d.Name.In(s.language)
	}
	return message.Label("clock", id, s.language)
}
