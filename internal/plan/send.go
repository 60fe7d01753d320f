package plan

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/message"
)

// send queues a message to each of the people, or to the customer if it is one for them. Who acted
// needs no message about it, and nobody is told about a complaint against themselves.
func (p *planner) send(template *message.Template, people ...complaint.PersonID) {
	p.sendWith(complaint.Message{}, template, people...)
}

// sendWith is send for a message that codes fill.
func (p *planner) sendWith(filled complaint.Message, template *message.Template, people ...complaint.PersonID) {
	if template.ToCustomer() {
		people = []complaint.PersonID{complaint.Customer}
	}
	for _, person := range people {
		switch {
		case person == complaint.Customer && p.c.OnlyByPhone():
			if !p.hasHeard(template) {
				p.sendToCaller(inPlaceOf(template.Name(), filled), message.TellCustomer)
			}
		case person == complaint.Customer && p.c.OnlyByPost():
			if !p.hasHeard(template) {
				p.sendToCaller(inPlaceOf(template.Name(), filled), message.WriteToCustomer)
			}
		case person == complaint.Customer, person != p.actor && p.c.MayBeToldTo(person):
			p.queue(template, person, filled)
		}
	}
}

// sendTask asks for a step. Whoever names the owner is asked for that, and for a handler only where
// no rule has named one.
func (p *planner) sendTask(step complaint.StepName, person complaint.PersonID) {
	asked := string(step)
	if step == complaint.Assign && p.c.LacksOwner() {
		asked = message.NameOwner
		if p.c.People.Handler == "" {
			asked = message.NameOwnerAndHandler
		}
	}
	p.sendWith(because(asked), message.Task, person)
}

// hasHeard reports whether a customer whom nothing written reaches needs no call to be told what a
// message says: they are asked how satisfied they are in the callback, which somebody is asked for;
// and whoever settles it with them, explains it, or takes down what they want speaks with them.
func (p *planner) hasHeard(template *message.Template) bool {
	if template == message.CustomerRating {
		return true
	}
	if p.c.OutcomeUntold || p.step == nil {
		return false
	}
	// Not all are told apart: with the others nobody need speak to the customer.
	//exhaustive:ignore
	switch p.step.Name {
	case complaint.ResolveOnSpot, complaint.Explain, complaint.Withdraw, complaint.Appeal:
		return true
	case complaint.Register:
		return p.step.Facts.OnSpot != nil
	}
	return false
}

// inPlaceOf is filled for a call that takes the place of a message.
func inPlaceOf(template string, filled complaint.Message) complaint.Message {
	return complaint.Message{Reason: template, ProposalRevision: filled.ProposalRevision, Tells: filled.Tells}
}

// sendToCaller asks the owner, and before there is one the agent, to call a customer whom nothing
// written reaches. It is work, and theirs also when they took the step.
func (p *planner) sendToCaller(filled complaint.Message, asks *message.Template) {
	caller := cmp.Or(p.c.People.Owner, p.person(complaint.Agent))
	if p.c.MayBeToldTo(caller) {
		p.queue(asks, caller, filled)
	}
}

// queue queues a message once, whoever it is to. It tells of the step that was just taken, where it
// tells of such steps and nothing else was named.
func (p *planner) queue(template *message.Template, to complaint.PersonID, filled complaint.Message) {
	if filled.Tells == "" && p.step != nil && template.Tells(p.step.Name) {
		filled.Tells = p.step.Submission
	}
	m := template.Coded(to, filled)
	if m.Link == string(link.Appeal) && p.c.Terms.AppealTo == "" {
		m.Link = "" // nobody hears appeals
	}
	same := func(queued complaint.Event) bool { return reflect.DeepEqual(*queued.Message, m) }
	if m.To != "" && !slices.ContainsFunc(p.messages, same) {
		p.messages = append(p.messages, complaint.Event{Kind: complaint.MessageQueued, At: p.at, By: complaint.Procedure, Message: &m})
	}
}

// queued reports whether a message is queued already.
func (p *planner) queued(to complaint.PersonID, template *message.Template) bool {
	return slices.ContainsFunc(p.messages, func(e complaint.Event) bool {
		return e.Message.To == to && e.Message.Template == template.Name()
	})
}

// once leaves out what somebody is told already by another message of the same moment: that it is
// their turn, where what happened asks them for the same step; that a time has passed or draws
// near, where the same rung calls them as the manager of its tier.
func once(messages []complaint.Event) []complaint.Event {
	all := slices.Clone(messages)
	return slices.DeleteFunc(messages, func(less complaint.Event) bool {
		return slices.ContainsFunc(all, func(more complaint.Event) bool { return saysAsMuch(*more.Message, *less.Message) })
	})
}

// saysAsMuch reports whether whoever reads one message needs the other no more.
func saysAsMuch(more, less complaint.Message) bool {
	if more.To != less.To || more.Template == less.Template {
		return false
	}
	switch less.Template {
	case message.Task.Name(), message.ScreeningAsked.Name():
		if more.Template == message.Task.Name() || more.Template == message.ScreeningAsked.Name() {
			return false
		}
		asked := asks(less)
		return slices.ContainsFunc(asks(more), func(step complaint.StepName) bool { return slices.Contains(asked, step) })
	case message.Lapsed.Name(), message.Reminder.Name():
		return less.Rung != "" && more.Deadline == less.Deadline && more.Rung == less.Rung
	}
	return false
}

// asks are the steps that a message waits for.
func asks(m complaint.Message) []complaint.StepName {
	template, err := message.Named(m.Template)
	if err != nil {
		return nil // it was made by one
	}
	return template.Asks(m.Reason)
}

// because is filled with a coded cause.
func because[Code ~string](reason Code) complaint.Message {
	return complaint.Message{Reason: string(reason)}
}

// newestProposal is filled with the revision of the newest proposal.
func (p *planner) newestProposal() (filled complaint.Message) {
	if p.c.Proposal != nil {
		filled.ProposalRevision = p.c.Proposal.Revision
	}
	return filled
}

// proposed is filled with the newest proposal, whose words it tells.
func (p *planner) proposed() complaint.Message {
	filled := p.newestProposal()
	if p.c.Proposal != nil {
		filled.Tells = p.c.Proposal.Submission
	}
	return filled
}

// anotherScreener is who judges a complaint anew, once the customer contests the explanation.
func (p *planner) anotherScreener() complaint.PersonID {
	return p.somebody(complaint.ServiceManager, p.c.ScreenedBy)
}

// othersThan leaves somebody out of people.
func othersThan(one complaint.PersonID, people ...complaint.PersonID) []complaint.PersonID {
	return slices.DeleteFunc(people, func(person complaint.PersonID) bool { return person == one })
}

// people are who is meant by roles, holders who holds duties.
func (p *planner) people(roles []complaint.Role) []complaint.PersonID { return each(roles, p.person) }

func (p *planner) holders(roles []complaint.Role) []complaint.PersonID {
	return each(roles, func(role complaint.Role) complaint.PersonID { return p.holder(role) })
}

func each(roles []complaint.Role, person func(complaint.Role) complaint.PersonID) (people []complaint.PersonID) {
	for _, role := range roles {
		people = append(people, person(role))
	}
	return people
}

// messageID is stable: a message with a known ID is never sent again.
func messageID(number string, row int) string { return fmt.Sprintf("%s-%d", number, row) }
