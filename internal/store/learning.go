package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"recourse/internal/complaint"
	"recourse/internal/store/db"
)

// Case is a closed complaint written up for the case library, without personal data.
type Case struct {
	Number     string
	Procedure  string // of its complaint; not stored with the case
	Category   string
	Title      string
	Body       string
	DraftedBy  complaint.PersonID
	DraftedAt  time.Time
	ReportedAt *time.Time // to headquarters
}

// SaveCase stores a case, or its new draft.
func (s *Store) SaveCase(ctx context.Context, c Case) error {
	err := s.queries.SaveCase(ctx, db.SaveCaseParams{Number: c.Number, Category: c.Category, Title: c.Title, Body: c.Body, DraftedBy: string(c.DraftedBy)})
	if err != nil {
		return fmt.Errorf("save the case of %s: %w", c.Number, err)
	}
	return nil
}

// Cases returns the case library of the complaints of a procedure (of all when empty), newest first.
func (s *Store) Cases(ctx context.Context, procedure string, cursor Cursor, limit int) ([]Case, Cursor, error) {
	limit = pageSize(limit)
	arguments := db.CasesParams{Procedure: procedure, Before: noDue, PageSize: int32(limit + 1)}
	if err := decodeCursor(cursor, "cases", &arguments.Before, &arguments.BeforeNumber); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.Cases(ctx, arguments)
	if err != nil {
		return nil, "", fmt.Errorf("read the case library: %w", err)
	}
	rows, next := page(rows, limit, func(last db.CasesRow) Cursor { return encodeCursor("cases", last.DraftedAt, last.Number) })
	cases, err := decodeAll(rows, func(row db.CasesRow) (Case, error) {
		return Case{Number: row.Number, Procedure: row.Procedure, Category: row.Category, Title: row.Title, Body: row.Body, DraftedBy: complaint.PersonID(row.DraftedBy),
			DraftedAt: row.DraftedAt.UTC(), ReportedAt: utc(row.ReportedAt)}, nil
	})
	return cases, next, err
}

// SpotCheck is one complaint of a random sample that headquarters looks into.
type SpotCheck struct {
	Draw      string // the sample's ID
	Number    string
	DrawnBy   complaint.PersonID
	DrawnAt   time.Time
	Finding   string // empty until checked
	CheckedBy complaint.PersonID
	CheckedAt *time.Time
}

func spotCheckFrom(row db.SpotCheck) (SpotCheck, error) {
	return SpotCheck{Draw: row.Draw.String(), Number: row.Number, DrawnBy: complaint.PersonID(row.DrawnBy), DrawnAt: row.DrawnAt.UTC(),
		Finding: row.Finding, CheckedBy: complaint.PersonID(row.CheckedBy), CheckedAt: utc(row.CheckedAt)}, nil
}

// DrawSpotCheck draws a random sample of size complaints of a procedure (of all when empty) received from a time to another.
// Complaints that are closed to named people are never drawn.
func (s *Store) DrawSpotCheck(ctx context.Context, procedure string, from, to time.Time, size int, by complaint.PersonID) ([]SpotCheck, error) {
	draw, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("make the sample's ID: %w", err)
	}
	rows, err := s.queries.DrawSpotCheck(ctx, db.DrawSpotCheckParams{Draw: draw, DrawnBy: string(by), Procedure: procedure,
		ReceivedFrom: from, ReceivedTo: to, SampleSize: int32(size)})
	if err != nil {
		return nil, fmt.Errorf("draw a spot check: %w", err)
	}
	return decodeAll(rows, spotCheckFrom)
}

// SpotChecks returns what was drawn of the complaints of a procedure (of all when empty), newest first.
func (s *Store) SpotChecks(ctx context.Context, procedure string, cursor Cursor, limit int) ([]SpotCheck, Cursor, error) {
	limit = pageSize(limit)
	arguments := db.SpotChecksParams{Procedure: procedure, Before: noDue, PageSize: int32(limit + 1)}
	if err := decodeCursor(cursor, "spot-checks", &arguments.Before, &arguments.BeforeDraw, &arguments.BeforeNumber); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.SpotChecks(ctx, arguments)
	if err != nil {
		return nil, "", fmt.Errorf("read the spot checks: %w", err)
	}
	rows, next := page(rows, limit, func(last db.SpotCheck) Cursor {
		return encodeCursor("spot-checks", last.DrawnAt, last.Draw, last.Number)
	})
	checks, err := decodeAll(rows, spotCheckFrom)
	return checks, next, err
}

// RecordSpotCheck stores what headquarters found, or returns ErrNotFound when the complaint is not in that sample.
func (s *Store) RecordSpotCheck(ctx context.Context, draw, number, finding string, by complaint.PersonID) error {
	changed, err := s.queries.RecordSpotCheck(ctx, db.RecordSpotCheckParams{Draw: parseID(draw), Number: number, Finding: finding, CheckedBy: string(by)})
	if err != nil {
		return fmt.Errorf("record the spot check of %s: %w", number, err)
	}
	if changed == 0 {
		return fmt.Errorf("complaint %s in the sample %q: %w", number, draw, ErrNotFound)
	}
	return nil
}

// Campaign asks a sample of customers how satisfied they are, apart from any complaint's course.
type Campaign struct {
	ID        string
	Procedure string
	Name      string
	StartedBy complaint.PersonID
	StartedAt time.Time
	ClosesAt  time.Time
	Asked     int
	Answered  int
}

// StartCampaign stores a campaign and draws its sample of size among the customers whose complaints were received from a time
// to another. It returns the campaign and the numbers through which its customers are known.
func (s *Store) StartCampaign(ctx context.Context, campaign Campaign, from, to time.Time, size int) (Campaign, []string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Campaign{}, nil, fmt.Errorf("make the campaign's ID: %w", err)
	}
	row, err := s.queries.StartCampaign(ctx, db.StartCampaignParams{ID: id, Procedure: campaign.Procedure, Name: campaign.Name,
		StartedBy: string(campaign.StartedBy), ClosesAt: campaign.ClosesAt})
	if err != nil {
		return Campaign{}, nil, fmt.Errorf("start the campaign %q: %w", campaign.Name, err)
	}
	numbers, err := s.queries.SampleCampaign(ctx, db.SampleCampaignParams{Campaign: id, Procedure: campaign.Procedure,
		ReceivedFrom: from, ReceivedTo: to, SampleSize: int32(size)})
	if err != nil {
		return Campaign{}, nil, fmt.Errorf("draw the sample of the campaign %q: %w", campaign.Name, err)
	}
	campaign.ID, campaign.StartedAt, campaign.Asked = id.String(), row.StartedAt.UTC(), len(numbers)
	return campaign, numbers, nil
}

// AnswerCampaign stores a customer's answer, once. It returns ErrNotFound when they were not asked, have answered, or the
// campaign has closed.
func (s *Store) AnswerCampaign(ctx context.Context, campaign, number string, satisfaction complaint.Satisfaction) error {
	changed, err := s.queries.AnswerCampaign(ctx, db.AnswerCampaignParams{Campaign: parseID(campaign), Number: number, Satisfaction: string(satisfaction)})
	if err != nil {
		return fmt.Errorf("store an answer to the campaign %q: %w", campaign, err)
	}
	if changed == 0 {
		return fmt.Errorf("an open question of the campaign %q to the customer of %s: %w", campaign, number, ErrNotFound)
	}
	return nil
}

// Campaigns returns the newest campaigns of a procedure (of all when empty), at most limit.
func (s *Store) Campaigns(ctx context.Context, procedure string, limit int) ([]Campaign, error) {
	rows, err := s.queries.Campaigns(ctx, db.CampaignsParams{Procedure: procedure, PageSize: int32(pageSize(limit))})
	if err != nil {
		return nil, fmt.Errorf("read the campaigns: %w", err)
	}
	return decodeAll(rows, func(row db.CampaignsRow) (Campaign, error) {
		return Campaign{ID: row.ID.String(), Procedure: row.Procedure, Name: row.Name, StartedBy: complaint.PersonID(row.StartedBy),
			StartedAt: row.StartedAt.UTC(), ClosesAt: row.ClosesAt.UTC(), Asked: int(row.Asked), Answered: int(row.Answered)}, nil
	})
}
