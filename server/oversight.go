package main

import (
	"cmp"
	"context"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/store"
)

// ListCases shows the case library to every employee.
func (s *server) ListCases(ctx context.Context, request api.ListCasesRequestObject) (api.ListCasesResponseObject, error) {
	who := callerOf(ctx)
	if err := checkPage(request.Params.Limit); err != nil {
		return nil, err
	}
	cases, next, err := s.store.Cases(ctx, who.organisation, store.Cursor(request.Params.Cursor), request.Params.Limit)
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	list := api.ListCases200JSONResponse{Cases: []api.Case{}, NextCursor: string(next)}
	for _, c := range cases {
		list.Cases = append(list.Cases, api.Case{Number: c.Number, Procedure: c.Procedure, Category: c.Category, Title: c.Title, Text: c.Body,
			By: n.of(c.DraftedBy), WrittenAt: c.DraftedAt})
	}
	return list, nil
}

// overseers are those who check, or ask customers, apart from any complaint.
var overseers = []complaint.Role{complaint.Headquarters, complaint.Auditor, complaint.Administrator, complaint.GeneralManager, complaint.Director}

// ListSpotChecks shows what was drawn and found.
func (s *server) ListSpotChecks(ctx context.Context, request api.ListSpotChecksRequestObject) (api.ListSpotChecksResponseObject, error) {
	who := callerOf(ctx)
	if !who.actor.Has(overseers...) {
		return nil, errForbidden
	}
	if err := checkPage(request.Params.Limit); err != nil {
		return nil, err
	}
	checks, next, err := s.store.SpotChecks(ctx, who.organisation, store.Cursor(request.Params.Cursor), request.Params.Limit)
	if err != nil {
		return nil, err
	}
	list := api.ListSpotChecks200JSONResponse{SpotChecks: spotChecks(s.names(ctx, who.organisation), checks), NextCursor: string(next)}
	return list, nil
}

// DrawSpotCheck draws a random sample (抽查).
func (s *server) DrawSpotCheck(ctx context.Context, request api.DrawSpotCheckRequestObject) (api.DrawSpotCheckResponseObject, error) {
	who, b := callerOf(ctx), request.Body
	if !who.actor.Has(complaint.Headquarters, complaint.Administrator) {
		return nil, errForbidden
	}
	until, err := s.until(b.ReceivedFrom, b.ReceivedTo)
	if err != nil {
		return nil, err
	}
	drawn, err := s.store.DrawSpotCheck(ctx, who.organisation, b.ReceivedFrom, until, b.Size, who.actor.Person)
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	if len(drawn) == 0 {
		return api.DrawSpotCheck201JSONResponse{DrawnAt: s.now(), By: n.of(who.actor.Person), Complaints: []api.CheckedComplaint{}}, nil
	}
	return api.DrawSpotCheck201JSONResponse(spotChecks(n, drawn)[0]), nil
}

// until is when a time of receiving ends: now, where that is left out.
func (s *server) until(from, to time.Time) (time.Time, error) {
	switch now := s.now(); {
	case to.IsZero() && !from.Before(now):
		return to, violation("/received_from", "begins_later", "")
	case to.IsZero():
		return now, nil
	case !from.Before(to):
		return to, violation("/received_to", "ends_before_it_begins", "")
	}
	return to, nil
}

// RecordSpotCheck keeps what somebody found who looked.
func (s *server) RecordSpotCheck(ctx context.Context, request api.RecordSpotCheckRequestObject) (api.RecordSpotCheckResponseObject, error) {
	who := callerOf(ctx)
	if !who.actor.Has(complaint.Headquarters, complaint.Administrator) {
		return nil, errForbidden
	}
	if err := s.inOrganisation(who, request.Body.Number); err != nil {
		return nil, err
	}
	if err := s.store.RecordSpotCheck(ctx, request.Id, request.Body.Number, request.Body.Finding, who.actor.Person); err != nil {
		return nil, err
	}
	return api.RecordSpotCheck200JSONResponse{Number: request.Body.Number, Finding: request.Body.Finding,
		By: s.names(ctx, who.organisation).of(who.actor.Person), CheckedAt: s.now()}, nil
}

// spotChecks gathers the rows of each draw, which follow each other.
func spotChecks(n names, rows []store.SpotCheck) []api.SpotCheck {
	checks := []api.SpotCheck{}
	for _, row := range rows {
		if last := len(checks) - 1; last < 0 || checks[last].Id != row.Draw {
			checks = append(checks, api.SpotCheck{Id: row.Draw, DrawnAt: row.DrawnAt, By: n.of(row.DrawnBy)})
		}
		draw := &checks[len(checks)-1]
		draw.Complaints = append(draw.Complaints, api.CheckedComplaint{Number: row.Number, Finding: row.Finding, By: n.of(row.CheckedBy), CheckedAt: orZero(row.CheckedAt)})
	}
	return checks
}

// ListCampaigns shows the newest satisfaction campaigns.
func (s *server) ListCampaigns(ctx context.Context, request api.ListCampaignsRequestObject) (api.ListCampaignsResponseObject, error) {
	who := callerOf(ctx)
	if !who.actor.Has(append(overseers, complaint.ServiceManager)...) {
		return nil, errForbidden
	}
	if err := checkPage(request.Params.Limit); err != nil {
		return nil, err
	}
	campaigns, err := s.store.Campaigns(ctx, who.organisation, cmp.Or(request.Params.Limit, usualPage))
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	list := api.ListCampaigns200JSONResponse{Campaigns: []api.Campaign{}}
	for _, c := range campaigns {
		list.Campaigns = append(list.Campaigns, campaign(n, c))
	}
	return list, nil
}

// CreateCampaign draws the customers whom people then ask. One of the same name that is still open is that one.
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
	there, err := s.store.Campaigns(ctx, who.organisation, largestPage)
	if err != nil {
		return nil, err
	}
	for _, c := range there {
		if c.Name == b.Name && c.ClosesAt.Equal(b.ClosesAt) {
			return api.CreateCampaign201JSONResponse(campaign(n, c)), nil
		}
	}
	started, numbers, err := s.store.StartCampaign(ctx, store.Campaign{Procedure: who.organisation, Name: b.Name, StartedBy: who.actor.Person,
		ClosesAt: b.ClosesAt.UTC()}, b.ReceivedFrom, until, b.Size)
	if err != nil {
		return nil, err
	}
	drawn := campaign(n, started)
	drawn.Complaints = numbers
	return api.CreateCampaign201JSONResponse(drawn), nil
}

func campaign(n names, c store.Campaign) api.Campaign {
	return api.Campaign{Id: c.ID, Name: c.Name, Procedure: c.Procedure, StartedAt: c.StartedAt, ClosesAt: c.ClosesAt, By: n.of(c.StartedBy),
		Drawn: c.Asked}
}

// Erase takes the personal data of a complaint away. The record and the clocks stay.
func (s *server) Erase(ctx context.Context, request api.EraseRequestObject) (api.EraseResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	if !o.who.actor.Has(complaint.Administrator) {
		return nil, errForbidden
	}
	if err := s.store.Erase(ctx, request.Number, o.who.actor.Person); err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "personal data erased", "number", request.Number, "by", o.who.actor.Person, "requested_by", request.Body.RequestedBy)
	return api.Erase200JSONResponse{Number: request.Number, Erased: true}, nil
}
