package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/internal/store"
)

// customerActor is who acts by a link.
var customerActor = complaint.Actor{Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}}

// OpenLink shows a customer what their link lets see. Opening the question for an answer tells them the proposal.
func (s *server) OpenLink(ctx context.Context, request api.OpenLinkRequestObject) (api.OpenLinkResponseObject, error) {
	l, campaign, file, err := s.follow(ctx, request.Token)
	if err != nil {
		return nil, err
	}
	if campaign != "" {
		view, err := s.questionView(ctx, l, campaign, file)
		return api.OpenLink200JSONResponse(view), err
	}
	if asksForAnswer(l, &file.Complaint) && !file.Proposal.Informed {
		if file, err = s.informed(ctx, l, file); err != nil {
			return nil, err
		}
	}
	view, err := s.linkView(ctx, l, file)
	if err != nil {
		return nil, err
	}
	if l.Purpose == link.Follow && slices.Contains(file.Allowed(customerActor), complaint.Withdraw) {
		if view.WithdrawUrl, err = s.linkFor(ctx, l.Number, link.Withdraw, file.Reopened); err != nil {
			return nil, err
		}
	}
	return api.OpenLink200JSONResponse(view), nil
}

// follow finds what a token leads to. It errs with link.ErrForged, link.ErrExpired, also for a revoked one, or
// store.ErrNotFound. campaign is whose question the link answers; empty for a link to the complaint itself.
func (s *server) follow(ctx context.Context, token string) (l link.Link, campaign string, file store.File, err error) {
	l, err = s.links.Open(token, s.now())
	if err != nil && !errors.Is(err, link.ErrExpired) {
		return l, "", file, err
	}
	ended := err
	if file, err = s.store.Complaint(ctx, l.Number); err != nil {
		return l, "", file, err
	}
	speak(ctx, customersLanguage(file)) // a browser that names no language is the customer's
	if ended != nil {
		return l, "", file, ended
	}
	known, err := s.store.Link(ctx, l.ID.String())
	if err != nil {
		return l, "", file, err
	}
	if known.Number != l.Number || known.Purpose != string(l.Purpose) {
		return l, "", file, link.ErrForged
	}
	if known.RevokedAt != nil {
		return l, "", file, fmt.Errorf("%w: it was revoked", link.ErrExpired)
	}
	return l, known.Campaign, file, nil
}

// customersLanguage is the language in which the customer is written to.
func customersLanguage(file store.File) string {
	return cmp.Or(file.Customer.Language, file.Registration.Language)
}

func asksForAnswer(l link.Link, c *complaint.Complaint) bool {
	return l.Purpose == link.Answer && c.Stage == complaint.AwaitingCustomer && c.Proposal != nil && c.Proposal.Revision == l.Subject
}

// informed notes that the customer was told the proposal, once. They are shown it even when that can't be noted now.
func (s *server) informed(ctx context.Context, l link.Link, file store.File) (store.File, error) {
	said, err := readStep(s.bodies, complaint.Inform, fmt.Appendf(nil, `{"proposal_revision":%d}`, l.Subject))
	if err != nil {
		return file, err
	}
	_, err = s.take(ctx, store.Submission{Number: l.Number, Step: complaint.Inform, By: customerActor,
		Key: "link/" + l.ID.String() + "/inform", Body: said.body, Facts: said.facts})
	var refusal *complaint.Refusal
	if errors.As(err, &refusal) || errors.Is(err, errTemporalAway) {
		return file, nil
	}
	if err != nil {
		return file, err
	}
	return s.store.Complaint(ctx, l.Number)
}

// linkSteps are the steps that links take, by their purpose, and the schema of the body that says how.
var linkSteps = map[link.Purpose]struct {
	schema string
	step   complaint.StepName
}{
	link.Answer:   {"LinkAnswer", complaint.Answer},
	link.Rate:     {"LinkRating", complaint.CallBack},
	link.Contest:  {"LinkWords", complaint.Explain},
	link.Withdraw: {"LinkWords", complaint.Withdraw},
	link.Appeal:   {"LinkWords", complaint.Appeal},
}

// UseLink takes the step that the link is for. One link takes one step: sent twice it is one, without any key.
func (s *server) UseLink(ctx context.Context, request api.UseLinkRequestObject) (api.UseLinkResponseObject, error) {
	l, campaign, file, err := s.follow(ctx, request.Token)
	if err != nil {
		return nil, err
	}
	if campaign != "" {
		return s.answerQuestion(ctx, l, campaign, file, *request.Body)
	}
	means, takes := linkSteps[l.Purpose]
	if !takes {
		return nil, violation("", "not_by_this_link", "")
	}
	var said struct {
		Agrees       bool                   `json:"agrees"`
		Satisfaction complaint.Satisfaction `json:"satisfaction"`
		Words        string                 `json:"words"`
	}
	if err := s.bodies.Read(means.schema, *request.Body, &said); err != nil {
		return nil, err
	}
	facts := complaint.Facts{}
	step := means.step
	switch l.Purpose {
	case link.Answer:
		facts.Answer = &complaint.CustomerReply{ProposalRevision: l.Subject, Agrees: said.Agrees}
	case link.Rate:
		facts.Callback = &complaint.Callback{Number: l.Subject, Reached: true, Satisfaction: said.Satisfaction}
	case link.Contest:
		facts.Explanation = &complaint.Explanation{Contested: true}
		if file.Stage == complaint.Closed { // explained and closed: who contests it then asks to open it again
			step, facts = complaint.Reopen, complaint.Facts{}
		}
	}
	body, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	key := "link/" + l.ID.String()
	if request.Params.IdempotencyKey != "" {
		key += "/" + request.Params.IdempotencyKey
	}
	if _, err := s.take(ctx, store.Submission{Number: l.Number, Step: step, By: customerActor, Key: key, Body: body, Facts: facts}); err != nil {
		if errors.Is(err, store.ErrIdempotencyMismatch) {
			return nil, linkUsed(file, err)
		}
		return nil, forCustomers(err)
	}
	if file, err = s.store.Complaint(ctx, l.Number); err != nil {
		return nil, err
	}
	view, err := s.linkView(ctx, l, file)
	if err != nil {
		return nil, err
	}
	view.Done = true
	return api.UseLink200JSONResponse(view), nil
}

// linkUsed says that the link was used otherwise before.
func linkUsed(file store.File, cause error) *problem {
	return &problem{status: http.StatusConflict, code: api.ProblemCodeStepNotAllowed, reason: complaint.ReasonAlreadyDone,
		title: "link_used", detail: "link_used", stage: file.Stage, allowed: []complaint.StepName{}, cause: cause}
}

// forCustomers leaves out which steps employees would have.
func forCustomers(err error) error {
	var refusal *complaint.Refusal
	if errors.As(err, &refusal) {
		without := *refusal
		without.Allowed = slices.DeleteFunc(slices.Clone(refusal.Allowed), func(step complaint.StepName) bool {
			return !slices.Contains([]complaint.StepName{complaint.Answer, complaint.CallBack, complaint.Withdraw, complaint.Appeal, complaint.Reopen}, step)
		})
		return &without
	}
	return err
}

// linkView is what the purpose lets see, in the customer's language.
func (s *server) linkView(ctx context.Context, l link.Link, file store.File) (api.LinkView, error) {
	c, language := &file.Complaint, customersLanguage(file)
	written(ctx, language)
	view := api.LinkView{
		Number: c.Number, Purpose: api.LinkViewPurpose(l.Purpose), Language: api.Language(language), Stage: api.Stage(c.Stage),
		StageLabel: phrase.Label(phrase.Stage, string(c.Stage), language), ReceivedAt: c.RegisteredAt,
		Question: phrase.Label(phrase.LinkQuestion, string(l.Purpose), language), Done: linkDone(l, c),
	}
	if c.Stage == complaint.Closed {
		view.Outcome, view.OutcomeLabel = string(c.Outcome), phrase.Label(phrase.Outcome, string(c.Outcome), language)
	}
	switch l.Purpose {
	case link.Answer:
		proposed, err := s.linkProposal(ctx, l, c, language)
		view.Proposal = proposed
		return view, err
	case link.Rate:
		view.Callback = l.Subject
	default:
		var registered api.Register
		if file.Words != nil && json.Unmarshal(file.Words, &registered) == nil {
			view.Narrative = registered.Narrative
		}
	}
	return view, nil
}

// linkDone reports whether the link's step was taken, or can't be taken any more.
func linkDone(l link.Link, c *complaint.Complaint) bool {
	switch l.Purpose {
	case link.Answer:
		return !asksForAnswer(l, c)
	case link.Rate:
		return c.Stage != complaint.FollowingUp || c.CallbacksMet >= l.Subject
	case link.Withdraw:
		return c.Stage == complaint.Closed
	case link.Contest:
		return c.Stage != complaint.Explaining && c.Stage != complaint.Closed
	case link.Appeal:
		return c.Stage != complaint.Closed
	}
	return false
}

// linkProposal is the proposal that the link asks about, as it was made; nil once there is a newer one.
func (s *server) linkProposal(ctx context.Context, l link.Link, c *complaint.Complaint, language string) (api.LinkProposal, error) {
	if c.Proposal == nil || c.Proposal.Revision != l.Subject {
		return api.LinkProposal{}, nil
	}
	shown := api.LinkProposal{Revision: c.Proposal.Revision, TimeLimit: orZero(c.Proposal.Due), Remedies: []api.RemedyView{}}
	for _, remedy := range c.Proposal.Remedies {
		shown.Remedies = append(shown.Remedies, api.RemedyView{Kind: remedy.Kind, Label: phrase.Label(phrase.Remedy, remedy.Kind, language),
			Amount: remedy.Amount, Currency: remedy.Currency})
	}
	said, err := s.store.Submissions(ctx, c.Number)
	if err != nil {
		return shown, err
	}
	for _, one := range said { // the newest is the last
		if one.Step == complaint.Propose && one.State == store.Accepted {
			var body api.Propose
			if json.Unmarshal(one.Body, &body) != nil {
				continue
			}
			shown.Reasons = body.Reasons
			for i := range min(len(shown.Remedies), len(body.Remedies)) {
				shown.Remedies[i].Words = body.Remedies[i].Words
			}
		}
	}
	return shown, nil
}

// RevokeLink ends a customer's link. Whoever has the complaint in hand may.
func (s *server) RevokeLink(ctx context.Context, request api.RevokeLinkRequestObject) (api.RevokeLinkResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	if o.People.Owner != o.who.actor.Person && !o.who.actor.Has(complaint.Agent, complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Administrator) {
		return nil, errForbidden
	}
	links, err := s.store.Links(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(links, func(l store.Link) bool { return l.ID == request.Id }) {
		return nil, errNotFound
	}
	err = s.store.RevokeLink(ctx, request.Number, request.Id, string(o.who.actor.Person))
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: it was revoked before
		return nil, err
	}
	return api.RevokeLink204Response{}, nil
}
