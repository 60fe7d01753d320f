package main

import (
	"context"
	"errors"
	"fmt"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/internal/store"
)

// ListCampaigns shows the newest satisfaction campaigns.
func (s *server) ListCampaigns(ctx context.Context, request api.ListCampaignsRequestObject) (api.ListCampaignsResponseObject, error) {
	who := callerOf(ctx)
	if !who.actor.Has(append(overseers, complaint.ServiceManager)...) {
		return nil, errForbidden
	}
	if err := checkPage(request.Params.Limit); err != nil {
		return nil, err
	}
	campaigns, next, err := s.store.Campaigns(ctx, who.organisation, store.Cursor(request.Params.Cursor), request.Params.Limit)
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	list := api.ListCampaigns200JSONResponse{Campaigns: []api.Campaign{}, NextCursor: string(next)}
	for _, c := range campaigns {
		list.Campaigns = append(list.Campaigns, s.campaign(n, c))
	}
	return list, nil
}

// CreateCampaign draws customers and asks those who left an address. One of the same name that is still open is that one.
func (s *server) CreateCampaign(ctx context.Context, request api.CreateCampaignRequestObject) (api.CreateCampaignResponseObject, error) {
	who, b := callerOf(ctx), request.Body
	if !who.actor.Has(complaint.ServiceManager, complaint.Director, complaint.Headquarters, complaint.Administrator) {
		return nil, errForbidden
	}
	until, err := s.until(b.ReceivedFrom, b.ReceivedTo)
	if err != nil {
		return nil, err
	}
	if !b.ClosesAt.After(s.now()) {
		return nil, violation("/closes_at", complaint.ReasonDateInPast, "")
	}
	n := s.names(ctx, who.organisation)
	there, _, err := s.store.Campaigns(ctx, who.organisation, "", largestPage)
	if err != nil {
		return nil, err
	}
	for _, c := range there {
		if c.Name == b.Name && c.ClosesAt.Equal(b.ClosesAt) {
			return api.CreateCampaign201JSONResponse(s.campaign(n, c)), nil
		}
	}
	started, numbers, err := s.store.StartCampaign(ctx, store.Campaign{Procedure: who.organisation, Name: b.Name, StartedBy: who.actor.Person,
		ClosesAt: b.ClosesAt.UTC()}, b.ReceivedFrom, until, store.Exactly(b.Size))
	if err != nil {
		return nil, err
	}
	drawn := s.campaign(n, started)
	drawn.Complaints = numbers
	return api.CreateCampaign201JSONResponse(drawn), nil
}

func (s *server) campaign(n names, c store.Campaign) api.Campaign {
	return api.Campaign{Id: c.ID, Name: s.campaignName(c.Procedure, c.Kind, c.Name, n.language), Procedure: c.Procedure, Kind: c.Kind,
		StartedAt: c.StartedAt, ClosesAt: c.ClosesAt, By: n.of(c.StartedBy), Drawn: c.Drawn, Asked: c.Asked, Answered: c.Answered,
		Satisfaction: api.CampaignSatisfaction{VerySatisfied: c.Satisfaction[complaint.VerySatisfied], Satisfied: c.Satisfaction[complaint.Satisfied],
			Neutral: c.Satisfaction[complaint.Neutral], Dissatisfied: c.Satisfaction[complaint.Dissatisfied]}, Words: c.Words}
}

// campaignName is what the procedure calls its own campaign, or what somebody called theirs.
func (s *server) campaignName(organisation, kind, name, language string) string {
	if rules, known := s.rulebook.Now().Procedure(organisation); known {
		if own, known := rules.Campaign(kind); known {
			return own.Name.In(language)
		}
	}
	return name
}

// questionView is a campaign's question to a customer, in their language.
func (s *server) questionView(ctx context.Context, l link.Link, campaign string, file store.File) (api.LinkView, error) {
	asked, err := s.store.Question(ctx, campaign, l.Number)
	if err != nil {
		return api.LinkView{}, err
	}
	view, err := s.linkView(ctx, l, file)
	language := string(view.Language)
	view.Campaign, view.ClosesAt = s.campaignName(asked.Procedure, asked.Kind, asked.Name, language), asked.ClosesAt
	view.Question = phrase.Label(phrase.LinkQuestion, "campaign", language)
	view.Done = asked.AnsweredAt != nil
	return view, err
}

// answerQuestion takes a customer's answer to a campaign, once. It is no step of their complaint.
func (s *server) answerQuestion(ctx context.Context, l link.Link, campaign string, file store.File, body []byte) (api.UseLinkResponseObject, error) {
	var said struct {
		Satisfaction complaint.Satisfaction `json:"satisfaction"`
		Words        string                 `json:"words"`
	}
	if err := s.bodies.Read("LinkRating", body, &said); err != nil {
		return nil, err
	}
	err := s.store.AnswerCampaign(ctx, campaign, l.Number, said.Satisfaction, said.Words)
	switch {
	case errors.Is(err, store.ErrAnswered):
		return nil, linkUsed(file, err)
	case errors.Is(err, store.ErrCampaignClosed):
		return nil, fmt.Errorf("%w: %w", link.ErrExpired, err)
	case err != nil:
		return nil, err
	}
	view, err := s.questionView(ctx, l, campaign, file)
	return api.UseLink200JSONResponse(view), err
}
