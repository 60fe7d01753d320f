package view

import (
	"cmp"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/internal/store/learning"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/internal/words"
)

// Link is what a customer's link lets see of their complaint. Done says that its step was taken, or
// can't be taken any more; proposed is the submission of the proposal, which a link that asks for
// an answer needs.
func (r Reader) Link(l link.Link, file reading.File, done bool, proposed submission.Stored) api.LinkView {
	c := &file.Complaint
	shown := api.LinkView{
		Number: c.Number, Purpose: api.LinkViewPurpose(l.Purpose), Language: api.Language(r.Language), Stage: api.Stage(c.Stage),
		StageLabel: c.Stage.Label().In(r.Language), ReceivedAt: c.RegisteredAt,
		Question: phrase.Label(phrase.LinkQuestion, string(l.Purpose), r.Language), Done: done,
	}
	if c.Stage == complaint.Closed {
		shown.Outcome, shown.OutcomeLabel = string(c.Outcome), phrase.Label(phrase.Outcome, string(c.Outcome), r.Language)
	}
	if c.Stage == complaint.AwaitingCustomer {
		shown.StageLabel = phrase.Label(phrase.LinkStage, string(c.Stage), r.Language)
	}
	if r.Rules != nil && r.Rules.Hotline != nil {
		shown.Hotline.Phone, shown.Hotline.Hours = r.Rules.Hotline.Phone, r.Rules.Hotline.Hours.In(r.Language)
	}
	if c.Stage != complaint.Closed && r.People != nil {
		shown.Contact = r.Person(cmp.Or(c.People.Owner, c.People.Agent)).Name
	}
	if clock, running := c.Deadline(complaint.CustomerAnswerClock); running && (l.Purpose == link.Follow || l.Purpose == link.Answer) {
		shown.AnswerBy = clock.DueAt
	}
	switch l.Purpose {
	case link.Answer:
		shown.Proposal = r.linkProposal(l, c, proposed)
	case link.Rate:
		shown.Callback = l.Subject
	default:
		if registered, err := words.Read[words.Register](file.Words); err == nil {
			shown.Narrative = registered.Narrative
		}
		if l.Purpose == link.Follow && c.Stage == complaint.AwaitingCustomer && c.Proposal != nil {
			shown.Proposal = r.linkProposal(link.Link{Subject: c.Proposal.Revision}, c, proposed)
		}
	}
	return shown
}

// Question is a campaign's question to a customer, by a link to rate.
func (r Reader) Question(l link.Link, file reading.File, done bool, asked learning.Question) api.LinkView {
	shown := r.Link(l, file, done, submission.Stored{})
	shown.Campaign, shown.ClosesAt = r.campaignName(asked.Kind, asked.Name), asked.ClosesAt
	shown.Question = phrase.Label(phrase.LinkQuestion, "campaign", r.Language)
	shown.Done = asked.AnsweredAt != nil
	return shown
}

// linkProposal is the proposal that the link asks about, as it was made; nothing once there is a
// newer one.
func (r Reader) linkProposal(l link.Link, c *complaint.Complaint, proposed submission.Stored) api.LinkProposal {
	if c.Proposal == nil || c.Proposal.Revision != l.Subject {
		return api.LinkProposal{}
	}
	shown := api.LinkProposal{Revision: c.Proposal.Revision, TimeLimit: orZero(c.Proposal.TimeLimit), Remedies: []api.RemedyView{}}
	for _, remedy := range c.Proposal.Remedies {
		shown.Remedies = append(shown.Remedies, api.RemedyView{Kind: remedy.Kind, Label: r.remedyName(remedy),
			Amount: remedy.Amount, Currency: remedy.Currency})
	}
	if proposed.ID != c.Proposal.Submission {
		return shown // another's words aren't the proposal's
	}
	written, err := words.Read[words.Propose](proposed.Body)
	if err != nil {
		return shown
	}
	shown.Reasons = written.Reasons
	for i := range min(len(shown.Remedies), len(written.Remedies)) {
		shown.Remedies[i].Words = written.Remedies[i].Words
	}
	return shown
}
