package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/store/learning"
	"recourse/workflows"
)

// Sampling draws what headquarters checks, and whom campaigns ask.
type Sampling struct {
	Learning *learning.Store
	Rulebook *rulebook.Rulebook
}

// Defaults, for the procedures name no sizes.
var (
	spotCheckSize = learning.SampleSize{Percent: 5, Least: 5, Most: 50}
	campaignSize  = learning.SampleSize{Percent: 10, Least: 20, Most: 200}
)

// campaignOpen is how long customers may answer, from when they are asked.
const campaignOpen = 30 * 24 * time.Hour

// NotAskedFor is the type of the failure of a draw that the procedure doesn't
// ask for any more.
const NotAskedFor = "not_asked_for"

func notAskedFor(of workflows.Sample) error {
	return temporal.NewNonRetryableApplicationError(
		fmt.Sprintf("procedure %q doesn't ask for it any more; its schedule goes by itself", of.Procedure), NotAskedFor, nil)
}

// DrawSpotCheck is the activity workflows.SpotCheckActivity: the spot check of
// the last whole period before a time, drawn once.
func (s Sampling) DrawSpotCheck(ctx context.Context, of workflows.Sample) (workflows.Drawn, error) {
	rules, known := s.Rulebook.Now().Procedure(of.Procedure)
	if !known || rules.SpotChecks == nil {
		return workflows.Drawn{}, notAskedFor(of)
	}
	id, from, to, err := s.period(rules, "spot-check", rules.SpotChecks.Every, of.At)
	if err != nil {
		return workflows.Drawn{}, err
	}
	drawn, err := s.Learning.DrawSpotCheck(ctx, learning.Draw{ID: id, Procedure: of.Procedure, From: from, To: to, Size: spotCheckSize, By: complaint.Procedure})
	if err != nil {
		return workflows.Drawn{}, err
	}
	return workflows.Drawn{ID: id.String(), From: from, To: to, Drawn: len(drawn)}, nil
}

// StartCampaign is the activity workflows.CampaignActivity: the campaign among
// the customers of the last whole period before a time, started once.
func (s Sampling) StartCampaign(ctx context.Context, of workflows.Sample) (workflows.Drawn, error) {
	rules, known := s.Rulebook.Now().Procedure(of.Procedure)
	if !known {
		return workflows.Drawn{}, notAskedFor(of)
	}
	own, known := rules.Campaign(of.Campaign)
	if !known {
		return workflows.Drawn{}, notAskedFor(of)
	}
	id, from, to, err := s.period(rules, "campaign/"+own.ID, own.Every, of.At)
	if err != nil {
		return workflows.Drawn{}, err
	}
	closes := time.Now().Add(campaignOpen).UTC().Truncate(time.Second) // links end on a second
	started, _, err := s.Learning.StartCampaign(ctx, learning.Campaign{ID: id.String(), Procedure: of.Procedure, Kind: own.ID, Name: own.Name.In(bilingual.English),
		StartedBy: complaint.Procedure, ClosesAt: closes}, from, to, campaignSize)
	if err != nil {
		return workflows.Drawn{}, err
	}
	return workflows.Drawn{ID: id.String(), From: from, To: to, Drawn: started.Drawn, Asked: started.Asked}, nil
}

// draws is the namespace of the IDs of what a period draws.
var draws = uuid.MustParse("3d0b5a1e-6c0f-5d43-9a3e-1f0f6a1c7b52")

// period is the last whole period before a time, as the days go in the
// procedure's calendar, and the ID of what is drawn of it: always the same, so
// that a run that comes twice draws once.
func (s Sampling) period(rules *procedure.Procedure, what string, every procedure.Period, at time.Time) (id uuid.UUID, from, to time.Time, err error) {
	calendar, known := s.Rulebook.Now().Calendars()[rules.Calendar]
	if !known {
		return id, from, to, fmt.Errorf("calendar %q of procedure %q isn't published", rules.Calendar, rules.ID)
	}
	from, to = every.Last(at, calendar.Zone())
	name := strings.Join([]string{what, rules.ID, string(every), from.In(calendar.Zone()).Format(time.DateOnly)}, "/")
	return uuid.NewSHA1(draws, []byte(name)), from, to, nil
}
