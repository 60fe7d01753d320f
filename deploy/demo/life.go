package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"recourse/internal/api"
	"recourse/internal/client"
	"recourse/internal/complaint"
)

// act is a part of the demo: what nobody has to wait for, what comes when deadlines have lapsed,
// and what customers do by the links in their mail.
type act int

const (
	immediately act = iota
	afterLapse
	byCustomers
)

// mostSteps bounds a life, whatever happens to it.
const mostSteps = 60

// errStuck: a step was taken and nothing moved.
var errStuck = errors.New("the complaint doesn't move on")

// stage plays scripts against a server.
type stage struct {
	api    *client.Client
	people people
	mail   *mailbox
	// began is when the demo was begun first, by the record: the second run tells the same times.
	began time.Time
	// oldest is the number of the complaint that was registered first.
	oldest string
}

// life is one complaint in the demo.
type life struct {
	*stage
	*script
	number string
	// reader is who reads it; the agent, but for letters that only named people see.
	reader complaint.PersonID
}

// register registers the script's complaint. It is sent again with the same key and content by
// every run.
func (st *stage) register(ctx context.Context, s *script) (*life, error) {
	l := &life{stage: st, script: s}
	office := officesOf[s.procedure()]
	l.reader = st.people.holder(s.procedure(), office.agent)
	key := "demo/" + s.row.ID
	body := s.registration(st.began)
	if s.onWeb {
		who := body.Customer
		receipt, err := st.api.RegisterPublicly(ctx, key, api.PublicRegister{Procedure: body.Procedure, Narrative: body.Narrative, RemedyAsked: body.RemedyAsked,
			Category: body.Category, Fields: body.Fields,
			Customer: api.PublicCustomer{Name: who.Name, Phone: who.Phone, Email: who.Email, Address: who.Address, Language: who.Language}})
		l.number = receipt.Number
		return l, err
	}
	by := l.reader
	if s.byColleague {
		by = st.people.holder(s.procedure(), office.serviceManager)
	}
	registered, err := st.api.Register(ctx, by, key, body)
	l.number = registered.Number
	if s.fate == whistle {
		l.reader = st.people.holder(s.procedure(), office.director)
	}
	return l, err
}

// play takes the complaint's steps, from wherever it stands, until it waits for something that
// isn't of this act.
func (l *life) play(ctx context.Context, now act) error {
	before := -1
	for range mostSteps {
		c, err := l.api.Complaint(ctx, l.reader, l.number)
		if err != nil {
			return fmt.Errorf("read %s: %w", l.number, err)
		}
		if c.Revision == before {
			return fmt.Errorf("%s, %s: %w", l.number, c.Stage, errStuck)
		}
		before = c.Revision
		next := l.next(&c, now)
		if next == nil {
			return nil
		}
		if err := next(ctx, &c); err != nil {
			return fmt.Errorf("%s, %s: %w", l.number, c.Stage, err)
		}
	}
	return fmt.Errorf("%s: %w", l.number, errStuck)
}

// move is what somebody does next.
type move func(context.Context, *api.Complaint) error

// next is the move that the script has for where the complaint stands; nil when it rests there.
func (l *life) next(c *api.Complaint, now act) move {
	switch {
	case c.Stage == api.StageClosed, l.fate == untouched, l.late && now == immediately, c.Suspended:
		return nil
	case l.fate == whistle:
		return l.once(c, complaint.Note, l.readLetter)
	case l.fate == settledAtOnce:
		return l.settle
	case c.Stage == api.StageReceived:
		return l.screen
	case openMatter(c, complaint.MatterSuspension), openMatter(c, complaint.MatterReply), c.Stage == api.StageApproving:
		if l.rests(complaint.Approve) {
			return nil
		}
		return l.decide
	case !l.isComplaint():
		return l.closeAs(api.Answered)
	case l.fate == referred:
		return l.closeAs(api.Referred)
	case l.fate == withdrawn:
		return l.withdraw
	case c.Stage == api.StageExplaining:
		return l.explain
	case c.Stage == api.StageAssigning && l.severity == api.Emergency && !said(c, complaint.CallOutDone):
		return l.contain
	case c.Stage == api.StageAssigning:
		return l.assign
	case l.fate == merged:
		return l.merge
	case l.fate == suspended && c.Accepted && len(c.OpenMatters) == 0:
		return l.rest
	}
	return l.forward(c, now)
}

// forward is the move of the main course.
func (l *life) forward(c *api.Complaint, now act) move {
	moves := map[api.Stage]struct {
		step complaint.StepName
		move move
	}{
		api.StageProposing: {complaint.Propose, l.propose}, api.StageImplementing: {complaint.Implement, l.implement}, api.StageVerifying: {complaint.Verify, l.verify},
	}
	switch c.Stage {
	case api.StageInvestigating:
		return l.investigate(c)
	case api.StageAwaitingCustomer:
		return l.ask(c, now)
	case api.StageFollowingUp:
		if now != byCustomers || !l.rated() {
			return nil
		}
		return l.rate
	case api.StageClosing:
		if l.procedure() == realEstate && c.CaseValue == nil {
			return l.assess
		}
		return l.closeAs(api.Resolved)
	case api.StageProposing:
		if c.Satisfaction == string(complaint.Dissatisfied) {
			return nil // somebody thinks it over
		}
	}
	if next, there := moves[c.Stage]; there && !l.rests(next.step) {
		return next.move
	}
	return nil
}

// rated scripts let their customer say by link how satisfied they are; the others wait for the
// callback.
func (l *life) rated() bool { return l.fate == whole || l.fate == emergency || l.fate == returned }

// rests reports whether the complaint is under way and its script goes no further than this step.
func (l *life) rests(step complaint.StepName) bool { return l.fate == underway && l.stop == step }

// once is a move that is made a single time.
func (l *life) once(c *api.Complaint, step complaint.StepName, m move) move {
	if said(c, step) {
		return nil
	}
	return m
}

// take takes a step for somebody. The key is that of the step at this revision: sent twice, it is
// one step.
func (l *life) take(ctx context.Context, c *api.Complaint, by complaint.PersonID, step complaint.StepName, body any) error {
	key := "demo/" + l.row.ID + "/" + string(step) + "/" + strconv.Itoa(c.Revision)
	if _, err := l.api.Take(ctx, by, l.number, step, key, body); err != nil {
		return fmt.Errorf("%s by %s: %w", step, by, err)
	}
	return nil
}

func (l *life) holder(role complaint.Role, c *api.Complaint) complaint.PersonID {
	var subjects []complaint.PersonID
	for _, subject := range c.Subjects {
		subjects = append(subjects, complaint.PersonID(subject.Id))
	}
	return l.people.holder(l.procedure(), role, subjects...)
}

func (l *life) agent(c *api.Complaint) complaint.PersonID {
	return l.holder(officesOf[l.procedure()].agent, c)
}

func (l *life) owner(c *api.Complaint) complaint.PersonID {
	if c.People.Owner.Id != "" {
		return complaint.PersonID(c.People.Owner.Id)
	}
	return l.agent(c)
}

func handler(c *api.Complaint) complaint.PersonID { return complaint.PersonID(c.People.Handler.Id) }

// screen judges the complaint; whoever was contested, or comes back, is judged anew by somebody
// else.
func (l *life) screen(ctx context.Context, c *api.Complaint) error {
	by, body := l.agent(c), l.screening()
	if said(c, complaint.Explain) || said(c, complaint.Return) {
		body.Valid, body.Reason = true, ""
		if said(c, complaint.Explain) {
			by = l.holder(officesOf[l.procedure()].serviceManager, c)
		}
	}
	return l.take(ctx, c, by, complaint.Screen, body)
}

func (l *life) settle(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.agent(c), complaint.ResolveOnSpot, l.settling())
}

func (l *life) explain(ctx context.Context, c *api.Complaint) error {
	contests := l.fate == contested && !said(c, complaint.Explain)
	return l.take(ctx, c, l.agent(c), complaint.Explain, api.Explain{Contested: contests, Words: l.customer.say("explain")})
}

func (l *life) contain(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.holder(officesOf[l.procedure()].emergencyTeam, c), complaint.CallOutDone, api.CallOutDone{Report: l.customer.say("result")})
}

// assign names the owner where the procedure leaves that to somebody, and lets its rules choose the
// rest.
func (l *life) assign(ctx context.Context, c *api.Complaint) error {
	office := officesOf[l.procedure()]
	body := api.Assign{}
	by := l.owner(c)
	if office.ownerNamer != "" {
		by, body.Owner = l.holder(office.ownerNamer, c), string(l.holder(office.officer, c))
	} else {
		body.Department = "service"
	}
	return l.take(ctx, c, by, complaint.Assign, body)
}

func (l *life) investigate(c *api.Complaint) move {
	step, m := complaint.Find, move(l.find)
	switch {
	case l.fate == returned && !said(c, complaint.Return):
		step, m = complaint.Return, func(ctx context.Context, c *api.Complaint) error {
			return l.take(ctx, c, handler(c), complaint.Return, api.Return{Reason: l.customer.say("invalid")})
		}
	case !c.Accepted:
		step, m = complaint.Accept, func(ctx context.Context, c *api.Complaint) error {
			return l.take(ctx, c, handler(c), complaint.Accept, api.Accept{})
		}
	case !c.Contacted:
		step, m = complaint.Contact, func(ctx context.Context, c *api.Complaint) error {
			return l.take(ctx, c, handler(c), complaint.Contact, api.Contact{Reached: true, Words: l.customer.say("contact")})
		}
	case c.Findings != nil:
		return nil
	}
	if l.rests(step) || (l.fate == whole && c.Satisfaction == string(complaint.Dissatisfied)) {
		return nil
	}
	return m
}

func (l *life) find(ctx context.Context, c *api.Complaint) error {
	body := api.Find{Founded: true, Liability: l.liability, CauseCode: l.cause, Cause: l.customer.say("cause"), Evidence: l.customer.say("evidence")}
	if l.namesPeople {
		if person, there := l.people.other(l.procedure(), c.People.Department, handler(c), l.owner(c), l.agent(c)); there {
			body.People = []api.PersonID{string(person)}
		}
	}
	return l.take(ctx, c, handler(c), complaint.Find, body)
}

// propose offers more after each no.
func (l *life) propose(ctx context.Context, c *api.Complaint) error {
	remedies := []api.Remedy{{Kind: api.RemedyWord(api.RemedyKindApology)}}
	if amount := l.amount + 100*c.Declined; amount > 0 {
		remedies = append(remedies, api.Remedy{Kind: api.RemedyWord(api.RemedyKindCompensation), Amount: strconv.Itoa(amount) + ".00", Currency: "CNY"})
	}
	return l.take(ctx, c, handler(c), complaint.Propose, api.Propose{Remedies: remedies, TimeLimit: l.began.AddDate(0, 0, 7), Reasons: l.customer.say("reasons")})
}

// decide approves what waits for a decision, as the person who has it.
func (l *life) decide(ctx context.Context, c *api.Complaint) error {
	for _, open := range openApprovals(c) {
		for _, level := range open.Levels {
			if level.DecidedBy != "" {
				continue
			}
			body := api.Approve{Matter: api.Matter(open.Matter)}
			if open.Matter == complaint.MatterProposal {
				body.ProposalRevision = c.ProposalRevision
			} else {
				body.Number = open.Number
			}
			return l.take(ctx, c, level.Person, complaint.Approve, body)
		}
	}
	return errors.New("it waits for a decision, and nobody has it")
}

// ask tells the customer the proposal and brings their answer.
func (l *life) ask(c *api.Complaint, now act) move {
	informed := c.Proposal != nil && c.Proposal.Informed
	switch {
	case l.byLink && now != byCustomers:
		return nil
	case l.byLink:
		return func(ctx context.Context, _ *api.Complaint) error {
			return l.mail.use(ctx, l.api, l.customer.email, l.number, api.LinkViewPurposeAnswer, "demo/"+l.row.ID, api.LinkAnswer{Agrees: true, Words: l.customer.say("agree")})
		}
	case !informed && !l.rests(complaint.Inform):
		return func(ctx context.Context, c *api.Complaint) error {
			return l.take(ctx, c, l.owner(c), complaint.Inform, api.Inform{ProposalRevision: c.ProposalRevision})
		}
	case l.rests(complaint.Inform) || l.rests(complaint.Answer):
		return nil
	}
	return func(ctx context.Context, c *api.Complaint) error {
		agrees, words := c.Declined >= l.declines(), "agree"
		if !agrees {
			words = "decline"
		}
		return l.take(ctx, c, l.owner(c), complaint.Answer, api.Answer{ProposalRevision: c.ProposalRevision, Agrees: agrees,
			AskedBy: api.AskedByPhone, Words: l.customer.say(words)})
	}
}

func (l *life) implement(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, handler(c), complaint.Implement, api.Implement{Result: l.customer.say("result")})
}

func (l *life) verify(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.owner(c), complaint.Verify, api.Verify{Satisfied: true})
}

func (l *life) rate(ctx context.Context, _ *api.Complaint) error {
	words := l.customer.say("rate")
	if l.rating == api.Dissatisfied {
		words = l.customer.say("grumble")
	}
	return l.mail.use(ctx, l.api, l.customer.email, l.number, api.LinkViewPurposeRate, "demo/"+l.row.ID, api.LinkRating{Satisfaction: l.rating, Words: words})
}

func (l *life) assess(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.owner(c), complaint.Assess, api.Assess{CaseValue: false})
}

func (l *life) closeAs(outcome api.Outcome) move {
	return func(ctx context.Context, c *api.Complaint) error {
		by := l.agent(c)
		if outcome == api.Resolved {
			by = l.owner(c)
		}
		return l.take(ctx, c, by, complaint.Close, api.Close{Outcome: outcome, Words: l.customer.say("close")})
	}
}

func (l *life) withdraw(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.agent(c), complaint.Withdraw, api.Withdraw{Reason: l.customer.say("withdraw"), AskedBy: api.AskedByPhone})
}

func (l *life) merge(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.owner(c), complaint.Link, api.Link{Relation: api.Duplicates, Number: l.oldest})
}

func (l *life) rest(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.owner(c), complaint.Suspend, api.Suspend{Kind: "customer-away", Until: l.began.AddDate(0, 0, 10+len(l.row.ID)%10), Words: l.customer.say("rest")})
}

func (l *life) readLetter(ctx context.Context, c *api.Complaint) error {
	return l.take(ctx, c, l.reader, complaint.Note, api.Note{Words: l.customer.say("contact")})
}

// said reports whether a step is among those that the complaint has taken.
func said(c *api.Complaint, step complaint.StepName) bool {
	return slices.ContainsFunc(c.Words, func(s api.Submitted) bool { return s.Step == string(step) })
}

// openApprovals are the matters that wait for somebody's decision.
func openApprovals(c *api.Complaint) []complaint.Approval {
	return slices.DeleteFunc(slices.Clone(c.Approvals), func(a complaint.Approval) bool { return !a.Open() })
}

func openMatter(c *api.Complaint, matter complaint.Matter) bool {
	return slices.ContainsFunc(openApprovals(c), func(a complaint.Approval) bool { return a.Matter == matter })
}
