package complaint

import "recourse/internal/bilingual"

// toUndelivered notes that a message to the customer failed for good (信件未送达): the customer
// doesn't know what it was to tell them, and has to be told by phone.
var toUndelivered = act{
	label:   text("Note that a message didn't arrive", "登记消息未送达"),
	carries: func(f *Facts) any { f.Undelivered = &LetterFailed{}; return f.Undelivered },
	lacks: func(f Facts) []string {
		return missing(lack{f.Undelivered == nil || f.Undelivered.Message.Template == "", "message"})
	},
	fold: func(c *Complaint, s Step) {
		failed := s.Facts.Undelivered.Message
		c.Undelivered = without(c.Undelivered, func(l LostLetter) bool { return l.Message.ID == failed.ID || l.Again && l.Message.says(failed) })
		if c.matters(failed) {
			c.Undelivered, c.CallsMissed = append(c.Undelivered, LostLetter{Message: failed}), 0
		}
	},
	says: func(Step) bilingual.Text {
		return text("A message to the customer couldn't be delivered.", "发给客户的一条消息未能送达。")
	},
}

// LetterFailed is a message to the customer that failed for good.
type LetterFailed struct {
	// Message is what was queued, coded: it is queued again once the address is put right.
	Message Message `json:"message"`
	// Code is why it failed ("smtp_rcpt_550", "bounced"), without a word of the other side.
	Code string `json:"code,omitempty"`
}

// LostLetter is a message that the customer didn't get and hasn't been told by phone.
type LostLetter struct {
	Message Message `json:"message"`
	// Again is set once it was sent again, to an address that was put right.
	Again bool `json:"again,omitempty"`
}

// MostCalls is how many calls in a row that reach nobody are as good as one that does, where the
// customer is to be told by phone: what could be done was done.
const MostCalls = 3

// matters reports whether the customer doesn't know what a message was to tell them, and still
// should.
func (c *Complaint) matters(m Message) bool {
	if m.ProposalRevision == 0 {
		return true
	}
	return c.Stage == AwaitingCustomer && c.Proposal != nil && m.ProposalRevision == c.Proposal.Revision && !c.Proposal.Informed
}

// says reports whether a message says what another one does.
func (m Message) says(other Message) bool {
	return m.Template == other.Template && m.Reason == other.Reason && m.ProposalRevision == other.ProposalRevision && m.Callback == other.Callback
}

// Lost are the messages of which the customer has to be told by phone, oldest first.
func (c *Complaint) Lost() []LostLetter {
	return without(c.Undelivered, func(l LostLetter) bool { return l.Again })
}

// WaitsForCall reports whether the customer has to be told something by phone or by post, and isn't
// yet: a message that failed, or the proposal or the outcome where the software can't write to
// them.
func (c *Complaint) WaitsForCall() bool {
	return len(c.Lost()) > 0 || c.OutcomeUntold ||
		c.Stage == AwaitingCustomer && (c.OnlyByPhone() || c.OnlyByPost()) && c.Proposal != nil && !c.Proposal.Informed && c.CallsMissed < MostCalls
}

// Told reports whether by this step, once folded in, the customer knows what they had to be told by
// phone, or as much was done for it as can be: they were reached, read it after all, nobody
// answered time and again, or it was sent again to where they get it. Whoever reaches them tells
// all of it, the handler as well as the owner: both are shown what is missing, the proposal is the
// handler's own, and once closed nobody calls but for this. A second call for the same would be one
// too many for the customer, and keep their time from running.
func (c *Complaint) Told(s Step) bool {
	// Not all are told apart: by the others nobody tells the customer anything.
	//exhaustive:ignore
	switch s.Name {
	case Contact:
		return s.Facts.Contact.Tells() || c.CallsMissed >= MostCalls
	case CallBack:
		return s.Facts.Callback.Reached
	case Inform, Answer:
		return true
	case Correct:
		return s.Facts.Correction.Has("email") && len(c.Undelivered) > 0
	}
	return false
}

// knows forgets what the customer had to be told by phone: they know.
func (c *Complaint) knows() {
	c.Undelivered, c.OutcomeUntold, c.CallsMissed = nil, false, 0
	c.Written = c.Written || c.OnlyByPost()
}

// missed counts a call that reached nobody.
func (c *Complaint) missed() {
	if !c.WaitsForCall() {
		return
	}
	if c.CallsMissed++; c.CallsMissed >= MostCalls {
		c.Undelivered, c.OutcomeUntold = nil, false
	}
}

// behindTheirBack reports whether the customer wasn't there when it was closed so: what was settled
// or explained to them, or withdrawn by them, they know, and a mistake of ours was never theirs.
func (o Outcome) behindTheirBack() bool {
	return o == Resolved || o == Answered || o == Referred || o == Unresolved
}

// OnlyByPhone reports whether the customer left a way to be spoken with, but none for what the
// software writes.
func (c *Complaint) OnlyByPhone() bool {
	return c.Registration.ReachedBy("phone") && !c.Registration.ReachedBy("email")
}

// OnlyByPost reports whether a letter by post is all that reaches the customer: somebody writes it.
func (c *Complaint) OnlyByPost() bool { return c.Registration.ReachedBy("post") && c.Unspoken() }

// Unspoken reports whether nobody can speak with the customer, nor write to them but by post: the
// complaint goes on without a contact.
func (c *Complaint) Unspoken() bool {
	return c.Terms.Generation >= Handled && !c.Registration.ReachedBy("phone", "email")
}

// Nowhere reports whether the customer left no way to be told anything.
func (c *Complaint) Nowhere() bool { return c.Unspoken() && !c.OnlyByPost() }

// WaitsForPost reports whether the customer, whom nothing else reaches, is still to be written to
// by post.
func (c *Complaint) WaitsForPost() bool { return c.Stage != Closed && c.OnlyByPost() && !c.Written }
