package httpapi

import (
	"context"
	"encoding/json"
	"errors"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store"
)

// ListSpotChecks shows what was drawn and found.
func (s *Server) ListSpotChecks(ctx context.Context, request api.ListSpotChecksRequestObject) (api.ListSpotChecksResponseObject, error) {
	checks, next, err := s.Office.SpotChecks(ctx, callerOf(ctx), store.Cursor(request.Params.Cursor), request.Params.Limit)
	return api.ListSpotChecks200JSONResponse{SpotChecks: s.reader(ctx).SpotChecks(checks), NextCursor: string(next)}, err
}

// DrawSpotCheck draws a random sample (抽查).
func (s *Server) DrawSpotCheck(ctx context.Context, request api.DrawSpotCheckRequestObject) (api.DrawSpotCheckResponseObject, error) {
	who, b := callerOf(ctx), request.Body
	drawn, err := s.Office.DrawSpotCheck(ctx, who, b.ReceivedFrom, b.ReceivedTo, b.Size)
	if err != nil {
		return nil, err
	}
	if len(drawn) == 0 {
		return api.DrawSpotCheck201JSONResponse{DrawnAt: s.Office.Now(), By: s.reader(ctx).Person(who.Person), Complaints: []api.CheckedComplaint{}}, nil
	}
	return api.DrawSpotCheck201JSONResponse(s.reader(ctx).SpotChecks(drawn)[0]), nil
}

// RecordSpotCheck keeps what somebody found who looked.
func (s *Server) RecordSpotCheck(ctx context.Context, request api.RecordSpotCheckRequestObject) (api.RecordSpotCheckResponseObject, error) {
	who, b := callerOf(ctx), request.Body
	err := s.Office.RecordSpotCheck(ctx, who, request.Id, b.Number, b.Finding)
	return api.RecordSpotCheck200JSONResponse{Number: b.Number, Finding: b.Finding, By: s.reader(ctx).Person(who.Person), CheckedAt: s.Office.Now()}, err
}

// ListCampaigns shows the newest satisfaction campaigns.
func (s *Server) ListCampaigns(ctx context.Context, request api.ListCampaignsRequestObject) (api.ListCampaignsResponseObject, error) {
	campaigns, next, err := s.Office.Campaigns(ctx, callerOf(ctx), store.Cursor(request.Params.Cursor), request.Params.Limit)
	r, list := s.reader(ctx), api.ListCampaigns200JSONResponse{Campaigns: []api.Campaign{}, NextCursor: string(next)}
	for _, c := range campaigns {
		list.Campaigns = append(list.Campaigns, r.Campaign(c))
	}
	return list, err
}

// CreateCampaign draws customers and asks those who left an address.
func (s *Server) CreateCampaign(ctx context.Context, request api.CreateCampaignRequestObject) (api.CreateCampaignResponseObject, error) {
	b := request.Body
	started, numbers, err := s.Office.StartCampaign(ctx, callerOf(ctx), casework.NewCampaign{Name: b.Name, ClosesAt: b.ClosesAt,
		From: b.ReceivedFrom, Until: b.ReceivedTo, Size: b.Size})
	drawn := s.reader(ctx).Campaign(started)
	drawn.Complaints = numbers
	return api.CreateCampaign201JSONResponse(drawn), err
}

// Rebase puts running complaints on another version of their procedure, or says what that would
// change.
func (s *Server) Rebase(ctx context.Context, request api.RebaseRequestObject) (api.RebaseResponseObject, error) {
	b := request.Body
	body, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	all, more, err := s.Office.Rebase(ctx, callerOf(ctx), casework.Rebasing{
		Which:   casework.RebaseQuery{Procedure: b.Query.Procedure, Version: b.Query.Version, Stage: complaint.Stage(b.Query.Stage), Numbers: b.Query.Numbers},
		Version: b.TargetVersion, Preview: b.Preview, Body: body, Key: request.Params.IdempotencyKey,
	})
	if err != nil {
		return nil, err
	}
	answer := api.Rebase200JSONResponse{Preview: b.Preview, More: more, Matched: len(all), Complaints: []api.RebasedComplaint{}}
	for _, one := range all {
		shown := api.RebasedComplaint{Number: one.Number, FromVersion: one.FromVersion, ToVersion: b.TargetVersion, Done: one.Done,
			Problem: whyNot(one.Problem, languageOf(ctx)), Changes: changesOf(one)}
		answer.Complaints = append(answer.Complaints, shown)
	}
	return answer, nil
}

// changesOf are the clocks that would be, or are, due at another time, or of which a rung is.
func changesOf(one casework.Rebased) []api.RebasedDeadline {
	changes := make([]api.RebasedDeadline, len(one.Changes))
	for i, c := range one.Changes {
		changes[i] = api.RebasedDeadline{Deadline: c.Deadline, Round: c.Round, DueBefore: c.Before, DueAfter: c.After}
		for _, r := range c.Rungs {
			changes[i].Rungs = append(changes[i].Rungs, api.RebasedRung{Label: r.Label, Before: r.Before, After: r.After})
		}
	}
	return changes
}

// whyNot is why one complaint of many was left as it is; empty for one that wasn't.
func whyNot(err error, language string) string {
	switch refusal, is := errors.AsType[*complaint.Refusal](err); {
	case err == nil:
		return ""
	case is:
		return phrase.Label(phrase.Reason, string(refusal.Reason), language)
	}
	return phrase.Label(phrase.ProblemDetail, "unavailable", language) // it is stuck
}
