package activities

import (
	"context"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/schedule"
	"recourse/internal/store/learning"
)

// Sampling draws what headquarters checks, and whom campaigns ask.
type Sampling struct {
	Learning *learning.Store
}

// Drawn is what drawing answers, whether it was drawn now or before.
type Drawn struct {
	ID   string    `json:"id"`
	From time.Time `json:"from"` // the period
	To   time.Time `json:"to"`
	// Drawn is how many complaints or customers are in the sample, Asked how many were sent a
	// question.
	Drawn int `json:"drawn"`
	Asked int `json:"asked,omitempty"`
}

// Defaults, for the procedures name no sizes.
var (
	spotCheckSize = learning.SampleSize{Percent: 5, Least: 5, Most: 50}
	campaignSize  = learning.SampleSize{Percent: 10, Least: 20, Most: 200}
)

// campaignOpen is how long customers may answer, from when they are asked.
const campaignOpen = 30 * 24 * time.Hour

// DrawSpotCheck draws the spot check of a period, once.
func (s Sampling) DrawSpotCheck(ctx context.Context, of schedule.Period) (Drawn, error) {
	drawn, err := s.Learning.DrawSpotCheck(ctx, learning.Draw{ID: of.ID, Procedure: of.Procedure.ID, From: of.From, To: of.To, Size: spotCheckSize, By: complaint.Procedure})
	return Drawn{ID: of.ID.String(), From: of.From, To: of.To, Drawn: len(drawn)}, err
}

// StartCampaign starts the campaign among the customers of a period, once.
func (s Sampling) StartCampaign(ctx context.Context, of schedule.Period) (Drawn, error) {
	own, _ := of.Procedure.Campaign(of.Name)
	closes := time.Now().Add(campaignOpen).UTC().Truncate(time.Second) // links end on a second
	started, _, err := s.Learning.StartCampaign(ctx, learning.Campaign{ID: of.ID.String(), Procedure: of.Procedure.ID, Kind: own.ID, Name: own.Name.In(bilingual.English),
		StartedBy: complaint.Procedure, ClosesAt: closes}, of.From, of.To, campaignSize)
	return Drawn{ID: of.ID.String(), From: of.From, To: of.To, Drawn: started.Drawn, Asked: started.Asked}, err
}
