package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/store"
	"recourse/internal/store/learning"
	"recourse/internal/store/links"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

// linkFor is the path of a customer's link; empty after one like it was revoked.
func (o *Office) linkFor(ctx context.Context, number string, purpose link.Purpose, subject int) (string, error) {
	issued, err := o.Issued.For(ctx, number, purpose, subject, o.Now(), 0, purpose.Life())
	if errors.Is(err, links.ErrRevoked) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return o.Links.Path(issued.ID, link.Link{Number: number, Purpose: purpose, Subject: subject, ExpiresAt: issued.ExpiresAt})
}

// Followed is where a customer's link leads.
type Followed struct {
	link.Link
	// Campaign is whose question the link answers; empty for a link to the complaint itself.
	Campaign string
	File     reading.File
}

// Language is that in which the customer is written to; empty when the link leads nowhere.
func (f Followed) Language() string {
	return cmp.Or(f.File.Customer.Language, f.File.Registration.Language)
}

// Follow finds what a token leads to. It errs with link.ErrForged, link.ErrExpired, also for a
// revoked one, or store.ErrNotFound. Of a link that has ended it returns the file, too: the
// customer is told so in their language.
func (o *Office) Follow(ctx context.Context, token string) (f Followed, err error) {
	var ended error
	if f.Link, ended = o.Links.Open(token, o.Now()); ended != nil && !errors.Is(ended, link.ErrExpired) {
		return f, ended
	}
	if f.File, err = o.Reading.Complaint(ctx, f.Number); err != nil {
		return f, err
	}
	if ended != nil {
		return f, ended
	}
	known, err := o.Issued.One(ctx, f.ID.String())
	if err != nil {
		return f, err
	}
	behind := known.Purpose == link.Follow && (f.Purpose == link.Withdraw || f.Purpose == link.Answer) // WithdrawalOf, AnswerOf
	if known.Number != f.Number || known.Purpose != f.Purpose && !behind {
		return f, link.ErrForged
	}
	if known.RevokedAt != nil {
		return f, fmt.Errorf("%w: it was revoked", link.ErrExpired)
	}
	f.Campaign = known.Campaign
	return f, nil
}

// asksForAnswer reports whether the link asks about the proposal that waits for the customer's
// answer.
func (f Followed) asksForAnswer() bool {
	c := &f.File.Complaint
	return f.Purpose == link.Answer && c.Stage == complaint.AwaitingCustomer && c.Proposal != nil && c.Proposal.Revision == f.Subject
}

// newerWaits reports whether another proposal waits for an answer than the one that the link asks
// about.
func (f Followed) newerWaits() bool {
	return f.Purpose == link.Answer && f.File.Stage == complaint.AwaitingCustomer && !f.asksForAnswer()
}

// Done reports whether the link's step was taken, or can't be taken any more.
func (f Followed) Done() bool {
	c := &f.File.Complaint
	switch f.Purpose {
	case link.Answer:
		return !f.asksForAnswer()
	case link.Rate:
		return c.Stage != complaint.FollowingUp || c.CallbackNow() != f.Subject
	case link.Withdraw:
		return c.Stage == complaint.Closed
	case link.Contest:
		return c.Stage != complaint.Explaining && c.Stage != complaint.Closed
	case link.Appeal:
		return c.Stage != complaint.Closed
	}
	return false
}

// MayRead reports whether the customer may say by this link that they have read the proposal:
// nobody has told it to them yet.
func (f Followed) MayRead() bool { return f.asksForAnswer() && !f.File.Proposal.Informed }

// HasRead notes that the customer says that they have read the proposal, once.
func (o *Office) HasRead(ctx context.Context, f Followed) (Followed, error) {
	if f.asksForAnswer() && f.File.Proposal.Informed {
		return f, nil // told by whomever, it is told
	}
	read, err := o.takeByLink(ctx, f, complaint.Inform, map[string]any{"proposal_revision": f.Subject}, "read")
	return read, forCustomers(err)
}

// takeByLink takes a step of the customer, who says this, and looks at their complaint anew. What
// the link is for and which act it is make its key: whatever key a sender has, a link does each of
// its acts once, and no caller's key is like it.
func (o *Office) takeByLink(ctx context.Context, f Followed, step complaint.StepName, said map[string]any, act string) (Followed, error) {
	body, err := json.Marshal(said)
	if err != nil {
		return f, err
	}
	facts, err := complaint.ReadFacts(step, body)
	if err != nil {
		return f, err
	}
	one := submission.Submission{Number: f.Number, Step: step, By: customer, Body: body, Facts: facts,
		Key: fmt.Sprintf("link/%s/%s/%d", f.ID, act, f.Subject)}
	if _, err = o.take(ctx, one); err != nil {
		return f, err
	}
	f.File, err = o.Reading.Complaint(ctx, f.Number)
	return f, err
}

// WithdrawalOf is the path of the link by which a customer who follows their complaint may withdraw
// it; empty when they can't. It needs no row of its own, so that nothing is written when somebody
// looks: it stands and falls with the link by which they follow.
func (o *Office) WithdrawalOf(f Followed) (string, error) {
	if f.Purpose != link.Follow || !slices.Contains(f.File.Allowed(customer, o.Now()), complaint.Withdraw) {
		return "", nil
	}
	return o.Links.Path(f.ID.String(), link.Link{Number: f.Number, Purpose: link.Withdraw, Subject: f.File.Reopened, ExpiresAt: f.ExpiresAt})
}

// AnswerOf is the path of the link by which a customer who follows their complaint answers the
// proposal that waits for them; empty when none does. It stands and falls with the link by which
// they follow.
func (o *Office) AnswerOf(f Followed) (string, error) {
	if f.Purpose != link.Follow || f.File.Stage != complaint.AwaitingCustomer || f.File.Proposal == nil {
		return "", nil
	}
	return o.Links.Path(f.ID.String(), link.Link{Number: f.Number, Purpose: link.Answer, Subject: f.File.Proposal.Revision, ExpiresAt: f.ExpiresAt})
}

// MergedInto is the number of the older complaint in which one that was merged goes on; empty
// where it wasn't, or that one is another customer's.
func (o *Office) MergedInto(ctx context.Context, f Followed) (string, error) {
	if f.File.Outcome != complaint.Merged {
		return "", nil
	}
	for _, tie := range slices.Backward(f.File.Links) {
		if tie.Relation != complaint.Duplicates {
			continue
		}
		older, err := o.Reading.Complaint(ctx, tie.Number)
		if err != nil || !f.File.Customer.SameAs(older.Customer) {
			return "", err
		}
		return tie.Number, nil
	}
	return "", nil
}

// Proposed is the submission of the proposal that the link asks about, or that waits for whoever
// follows; its words are shown. Zero for a link that asks about none, or about an older one.
func (o *Office) Proposed(ctx context.Context, f Followed) (submission.Stored, error) {
	asked := f.File.Proposal
	waits := f.Purpose == link.Follow && f.File.Stage == complaint.AwaitingCustomer
	if asked == nil || asked.Submission == "" || !waits && (f.Purpose != link.Answer || asked.Revision != f.Subject) {
		return submission.Stored{}, nil
	}
	return o.Submissions.One(ctx, asked.Submission)
}

// ErrFollowOnly says that a link lets nothing be done.
var ErrFollowOnly = violation("", "not_by_this_link", "")

// LinkUsed says that the link was used otherwise before.
type LinkUsed struct {
	Stage complaint.Stage // in which the complaint is
	// NewerWaits is set where a newer proposal waits for the customer's answer.
	NewerWaits bool
	cause      error
}

// Error says why.
func (l *LinkUsed) Error() string { return "the link was used before: " + l.cause.Error() }

// Unwrap is what told so.
func (l *LinkUsed) Unwrap() error { return l.cause }

// LinkUnanswered says that nobody knows yet whether what came by the link first was taken.
type LinkUnanswered struct {
	// After is when it may be sent again, this or another; 0 where nobody knows.
	After time.Duration
	cause error
}

// Error says why.
func (l *LinkUnanswered) Error() string { return "the link has no answer yet: " + l.cause.Error() }

// Unwrap is what told so.
func (l *LinkUnanswered) Unwrap() error { return l.cause }

// UseLink takes the step that the link is for: what the customer says makes its body, with what the
// link itself says. One link takes one step: sent twice it is one, whatever key it comes with. What
// is said otherwise than first is a *LinkUsed once the first was taken, and a *LinkUnanswered for
// as long as it may be; then it is judged anew.
func (o *Office) UseLink(ctx context.Context, f Followed, said map[string]any) (Followed, error) {
	var step complaint.StepName
	said = maps.Clone(said)
	switch f.Purpose {
	case link.Answer:
		step, said["proposal_revision"] = complaint.Answer, f.Subject
	case link.Rate:
		step, said["number"], said["reached"] = complaint.CallBack, f.Subject, true
	case link.Contest:
		if f.File.Stage == complaint.Closed { // explained and closed: who contests it then asks to open it again
			step = complaint.Reopen
		} else {
			step, said["contested"] = complaint.Explain, true
		}
	case link.Withdraw:
		step = complaint.Withdraw
	case link.Appeal:
		step = complaint.Appeal
	default:
		return f, ErrFollowOnly
	}
	used, err := o.takeByLink(ctx, f, step, said, string(f.Purpose))
	if errors.Is(err, store.ErrIdempotencyMismatch) && f.Purpose == link.Contest {
		// It was contested before it was closed, or after: the step was the other one then.
		if step == complaint.Reopen {
			step, said["contested"] = complaint.Explain, true
		} else {
			step = complaint.Reopen
			delete(said, "contested")
		}
		used, err = o.takeByLink(ctx, f, step, said, string(f.Purpose))
	}
	if underWay, is := errors.AsType[*submission.UnderWay](err); is {
		return f, &LinkUnanswered{time.Until(underWay.Until), err}
	}
	switch {
	case errors.Is(err, store.ErrIdempotencyMismatch):
		return f, &LinkUsed{Stage: f.File.Stage, NewerWaits: f.newerWaits(), cause: err}
	case errors.Is(err, ErrUnanswered):
		return f, &LinkUnanswered{0, err}
	}
	return used, forCustomers(err)
}

// forCustomers leaves out which steps employees would have.
func forCustomers(err error) error {
	if refusal, is := errors.AsType[*complaint.Refusal](err); is {
		without := *refusal
		without.Allowed = slices.DeleteFunc(slices.Clone(refusal.Allowed), func(step complaint.StepName) bool {
			return !slices.Contains([]complaint.StepName{complaint.Answer, complaint.CallBack, complaint.Withdraw, complaint.Appeal, complaint.Reopen}, step)
		})
		return &without
	}
	return err
}

// Question is a campaign's question to the customer who follows its link.
func (o *Office) Question(ctx context.Context, f Followed) (learning.Question, error) {
	return o.Learning.Question(ctx, f.Campaign, f.Number)
}

// AnswerQuestion takes a customer's answer to a campaign, once. It is no step of their complaint.
func (o *Office) AnswerQuestion(ctx context.Context, f Followed, satisfaction complaint.Satisfaction, words string) error {
	err := o.Learning.AnswerCampaign(ctx, f.Campaign, f.Number, satisfaction, words)
	switch {
	case errors.Is(err, learning.ErrAnswered):
		return &LinkUsed{Stage: f.File.Stage, cause: err}
	case errors.Is(err, learning.ErrCampaignClosed):
		return fmt.Errorf("%w: %w", link.ErrExpired, err)
	}
	return err
}
