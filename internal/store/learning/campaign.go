package learning

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/store"
	"recourse/internal/store/learning/db"
	"recourse/internal/store/outbox"
)

// Campaign asks a sample of customers how satisfied they are, apart from any complaint's course.
type Campaign struct {
	ID        string
	Procedure string
	Kind      string // which of the procedure's campaigns; empty: started by hand
	Name      string
	StartedBy complaint.PersonID
	StartedAt time.Time
	ClosesAt  time.Time
	// Drawn is how many customers are in the sample, Asked how many of them were sent a question,
	// Answered how many answered.
	Drawn, Asked, Answered int
	// Satisfaction is how many answered how.
	Satisfaction map[complaint.Satisfaction]int
	Words        []string // of those who wrote some, oldest first
}

// StartCampaign stores a campaign and draws its sample among the customers whose complaints were
// received from a time to another; those with an address are sent the question in the same
// transaction. Nobody is drawn twice, nor anybody whose personal data was erased or whose complaint
// is closed to named people or about whoever starts it. It returns the campaign and the numbers
// through which its customers are known. A campaign whose ID is known already is returned as it is,
// without numbers.
func (s *Store) StartCampaign(ctx context.Context, campaign Campaign, from, to time.Time, size SampleSize) (Campaign, []string, error) {
	id := store.ParseID(campaign.ID)
	if campaign.ID == "" {
		id = uuid.Must(uuid.NewV7())
	}
	var numbers []string
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		begun, err := q.StartCampaign(ctx, db.StartCampaignParams{ID: id, Procedure: campaign.Procedure, Kind: campaign.Kind, Name: campaign.Name,
			StartedBy: string(campaign.StartedBy), ClosesAt: campaign.ClosesAt})
		if err != nil || begun == 0 {
			return err
		}
		there, err := q.CountToAsk(ctx, db.CountToAskParams{Procedure: campaign.Procedure, StartedBy: string(campaign.StartedBy), ReceivedFrom: from, ReceivedTo: to})
		if err != nil {
			return err
		}
		sample, err := q.SampleCampaign(ctx, db.SampleCampaignParams{Campaign: id, Procedure: campaign.Procedure, StartedBy: string(campaign.StartedBy),
			ReceivedFrom: from, ReceivedTo: to, SampleSize: int32(size.Of(int(there)))})
		if err != nil {
			return err
		}
		var questions []outbox.Message
		for _, drawn := range sample {
			numbers = append(numbers, drawn.Number)
			if drawn.AskedAt != nil {
				questions = append(questions, outbox.Message{Number: drawn.Number, Message: message.CustomerCampaign.Coded(complaint.Customer, complaint.Message{
					ID: drawn.Number + "-campaign-" + id.String(), Reason: id.String(), Due: &campaign.ClosesAt})})
			}
		}
		return outbox.QueueToCustomers(ctx, tx, message.CustomerCampaign.Name(), questions)
	})
	if err != nil {
		return Campaign{}, nil, fmt.Errorf("start the campaign %q: %w", campaign.Name, err)
	}
	s.outbox.Tell()
	there, err := s.queries.Campaigns(ctx, db.CampaignsParams{Campaign: &id, Reader: string(campaign.StartedBy), Before: endOfTime, PageSize: 1})
	if err != nil {
		return Campaign{}, nil, fmt.Errorf("read the campaign %q: %w", campaign.Name, err)
	}
	if len(there) == 0 {
		return Campaign{}, nil, fmt.Errorf("campaign %q: %w", campaign.Name, store.ErrNotFound)
	}
	started, err := campaignFrom(there[0])
	return started, numbers, err
}

// Campaigns returns the campaigns of a procedure (of all when empty), newest first, without what
// was answered to complaints about the reader or closed to people named.
func (s *Store) Campaigns(ctx context.Context, reader complaint.PersonID, procedure string, cursor store.Cursor, limit int) ([]Campaign, store.Cursor, error) {
	limit = store.PageSize(limit)
	arguments := db.CampaignsParams{Reader: string(reader), Procedure: procedure, Before: endOfTime, PageSize: int32(limit + 1)}
	if err := cursor.Read("campaigns", &arguments.Before, &arguments.BeforeID); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.Campaigns(ctx, arguments)
	rows, next := store.Page(rows, limit, func(last db.CampaignsRow) store.Cursor {
		return store.CursorAfter("campaigns", last.StartedAt, last.ID)
	})
	campaigns, err := store.All(rows, err, campaignFrom, "read the campaigns")
	return campaigns, next, err
}

func campaignFrom(row db.CampaignsRow) (Campaign, error) {
	return Campaign{ID: row.ID.String(), Procedure: row.Procedure, Kind: row.Kind, Name: row.Name, StartedBy: complaint.PersonID(row.StartedBy),
		StartedAt: row.StartedAt.UTC(), ClosesAt: row.ClosesAt.UTC(), Drawn: int(row.Drawn), Asked: int(row.Asked), Answered: int(row.Answered),
		Satisfaction: map[complaint.Satisfaction]int{complaint.VerySatisfied: int(row.VerySatisfied), complaint.Satisfied: int(row.Satisfied),
			complaint.Neutral: int(row.Neutral), complaint.Dissatisfied: int(row.Dissatisfied)}, Words: row.Words}, nil
}

// Question is a campaign's question to one customer, and what they answered.
type Question struct {
	Procedure string
	Kind      string // which of the procedure's campaigns; empty: started by hand
	Name      string // of the campaign
	ClosesAt  time.Time
	// Satisfaction and Words are the answer, AnsweredAt when it came; nil before.
	Satisfaction complaint.Satisfaction
	Words        string
	AnsweredAt   *time.Time
}

// Question returns a campaign's question to the customer of a complaint, or store.ErrNotFound when
// they were not drawn.
func (s *Store) Question(ctx context.Context, campaign, number string) (Question, error) {
	row, err := s.queries.CampaignQuestion(ctx, db.CampaignQuestionParams{Campaign: store.ParseID(campaign), Number: number})
	return store.One(row, err, func(row db.CampaignQuestionRow) (Question, error) {
		return Question{Procedure: row.Procedure, Kind: row.Kind, Name: row.Name, ClosesAt: row.ClosesAt.UTC(), Satisfaction: complaint.Satisfaction(row.Satisfaction),
			Words: row.Words, AnsweredAt: store.UTC(row.AnsweredAt)}, nil
	}, "question of the campaign %q to the customer of %s", campaign, number)
}

// What becomes of an answer that comes a second time, or too late.
var (
	// ErrAnswered says that the customer has answered, and otherwise.
	ErrAnswered = errors.New("answered already")
	// ErrCampaignClosed says that the campaign is over.
	ErrCampaignClosed = errors.New("the campaign has closed")
)

// AnswerCampaign stores a customer's answer, once; the same answer again is that one. It returns
// store.ErrNotFound when they were not drawn, ErrAnswered when they have answered otherwise, and
// ErrCampaignClosed when it is too late.
func (s *Store) AnswerCampaign(ctx context.Context, campaign, number string, satisfaction complaint.Satisfaction, words string) error {
	changed, err := s.queries.AnswerCampaign(ctx, db.AnswerCampaignParams{Campaign: store.ParseID(campaign), Number: number,
		Satisfaction: string(satisfaction), Words: words})
	if err != nil {
		return fmt.Errorf("store an answer to the campaign %q: %w", campaign, err)
	}
	if changed > 0 {
		return nil
	}
	asked, err := s.Question(ctx, campaign, number)
	switch {
	case err != nil:
		return err
	case asked.AnsweredAt == nil:
		return fmt.Errorf("answer the campaign %q for %s: %w", campaign, number, ErrCampaignClosed)
	case asked.Satisfaction != satisfaction || asked.Words != words:
		return fmt.Errorf("answer the campaign %q for %s: %w", campaign, number, ErrAnswered)
	}
	return nil
}
