package letter

import (
	"context"
	"errors"
	"slices"
	"time"

	"recourse/internal/delivery"
	"recourse/internal/store"
	"recourse/internal/store/links"
)

// CampaignOver is the code of a question that isn't asked any more: it was answered,
// its link was revoked, or its campaign has closed.
const CampaignOver = "campaign_over"

// question completes the letter by which a satisfaction campaign asks a customer:
// with the campaign's name and the link by which they answer.
func (d *dossier) question(ctx context.Context, letter *delivery.Letter) error {
	campaign := letter.Message.Reason
	asked, err := d.Learning.Question(ctx, campaign, letter.Number)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return never(delivery.CannotRender)
	case err != nil:
		return err
	case asked.AnsweredAt != nil || !asked.ClosesAt.After(time.Now()):
		return delivery.Nobody(CampaignOver)
	case letter.To.Email == "": // erased since
		return delivery.Nobody(delivery.NoAddress)
	}
	letter.Data.Campaign, letter.Data.Reason = asked.Name, ""
	if rules, known := d.Rulebook.Now().Procedure(asked.Procedure); known {
		if own, known := rules.Campaign(asked.Kind); known {
			letter.Data.Campaign = own.Name.In(letter.Language)
		}
	}
	issued, err := d.Issued.Of(ctx, letter.Number)
	if err != nil {
		return err
	}
	var chosen links.Link
	switch i := slices.IndexFunc(issued, func(i links.Link) bool { return i.Campaign == campaign }); {
	case i >= 0 && issued[i].RevokedAt != nil:
		return delivery.Nobody(CampaignOver)
	case i >= 0:
		chosen = issued[i]
	default:
		if chosen, err = d.Issued.IssueForCampaign(ctx, letter.Number, campaign, asked.ClosesAt); err != nil {
			return err
		}
	}
	letter.Data.Link, err = d.address(chosen)
	return err
}
