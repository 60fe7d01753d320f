package main

import (
	"context"
	"slices"
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
	cases, next, err := s.store.Cases(ctx, who.actor.Person, who.organisation, store.Cursor(request.Params.Cursor), request.Params.Limit)
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
	checks, next, err := s.store.SpotChecks(ctx, who.actor.Person, who.organisation, store.Cursor(request.Params.Cursor), request.Params.Limit)
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
	drawn, err := s.store.DrawSpotCheck(ctx, store.Draw{Procedure: who.organisation, From: b.ReceivedFrom, To: until, Size: store.Exactly(b.Size), By: who.actor.Person})
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
			checks = append(checks, api.SpotCheck{Id: row.Draw, DrawnAt: row.DrawnAt, By: n.of(row.DrawnBy), ReceivedFrom: orZero(row.From), ReceivedTo: orZero(row.To)})
		}
		draw := &checks[len(checks)-1]
		draw.Complaints = append(draw.Complaints, api.CheckedComplaint{Number: row.Number, Finding: row.Finding, By: n.of(row.CheckedBy), CheckedAt: orZero(row.CheckedAt)})
	}
	return checks
}

// Erase takes the personal data of a complaint away. The record and the clocks stay. An administrator does it by the number,
// without reading the complaint, be it closed to people named; but not where they are its subject.
func (s *server) Erase(ctx context.Context, request api.EraseRequestObject) (api.EraseResponseObject, error) {
	who := callerOf(ctx)
	if !who.actor.Has(complaint.Administrator) {
		if _, err := s.open(ctx, request.Number); err != nil {
			return nil, err
		}
		return nil, errForbidden
	}
	if err := s.inOrganisation(who, request.Number); err != nil {
		return nil, err
	}
	file, err := s.store.Complaint(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	if slices.Contains(file.Subjects, who.actor.Person) {
		return nil, errNotFound
	}
	if err := s.store.Erase(ctx, request.Number, who.actor.Person); err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "personal data erased", "number", request.Number, "by", who.actor.Person, "requested_by", request.Body.RequestedBy)
	return api.Erase200JSONResponse{Number: request.Number, Erased: true}, nil
}
