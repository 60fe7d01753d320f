package letter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/letter/lettertest"
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/store/learning"
	"recourse/internal/store/outbox"
	"recourse/internal/store/storetest"
)

// asked starts a campaign with one customer and returns it with the message that asks them.
func asked(t *testing.T, s *storetest.Database, closes time.Time) (learning.Campaign, outbox.Message) {
	t.Helper()
	number := lettertest.Registered(t, s)
	started, numbers, err := s.Learning.StartCampaign(t.Context(), learning.Campaign{Procedure: "courier-station", Name: "Spring", StartedBy: "li-na", ClosesAt: closes},
		time.Now().Add(-time.Hour), time.Now().Add(time.Hour), learning.Exactly(5))
	require.NoError(t, err)
	require.Equal(t, []string{number}, numbers)
	queued, err := s.Outbox.One(t.Context(), number+"-campaign-"+started.ID)
	require.NoError(t, err)
	return started, queued
}

func TestACustomerIsAskedByACampaignInTheirLanguage(t *testing.T) {
	s, letters := lettertest.House(t)
	started, queued := asked(t, s, time.Now().Add(48*time.Hour).Truncate(time.Second))
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, "canary@example.org", letter.To.Email)
	subject, body, err := message.CustomerCampaign.Render(letter.Language, letter.Data)
	require.NoError(t, err)
	require.Equal(t, "邀请您参与满意度调查："+queued.Number, subject)
	require.Contains(t, body, "（Spring）")

	token, found := strings.CutPrefix(letter.Data.Link, "https://recourse.example/v1/links/")
	require.True(t, found)
	require.Contains(t, body, letter.Data.Link)
	opened, err := letters.Links.Open(token, time.Now())
	require.NoError(t, err)
	require.Equal(t, []any{queued.Number, link.Rate, 0}, []any{opened.Number, opened.Purpose, opened.Subject})
	require.True(t, started.ClosesAt.Equal(opened.ExpiresAt), "the link ends with the campaign")
	issued, err := s.Links.One(t.Context(), opened.ID.String())
	require.NoError(t, err)
	require.Equal(t, started.ID, issued.Campaign)

	again, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, letter.Data.Link, again.Data.Link, "tried again, it carries the same link")
}

func TestNobodyIsAskedWhoseQuestionIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		closes time.Duration
		does   func(s *storetest.Database, campaign, number string) error
		code   string
	}{
		"answered": {time.Hour, func(s *storetest.Database, campaign, number string) error {
			return s.Learning.AnswerCampaign(t.Context(), campaign, number, complaint.Satisfied, "")
		}, letter.CampaignOver},
		"closed": {-time.Second, func(*storetest.Database, string, string) error { return nil }, letter.CampaignOver},
		"link revoked": {time.Hour, func(s *storetest.Database, campaign, number string) error {
			issued, err := s.Links.IssueForCampaign(t.Context(), number, campaign, time.Now().Add(time.Hour))
			if err != nil {
				return err
			}
			return s.Links.Revoke(t.Context(), number, issued.ID, "li-na")
		}, letter.CampaignOver},
		"erased": {time.Hour, func(s *storetest.Database, _, number string) error {
			return s.Erasure.Erase(t.Context(), number, "li-na")
		}, delivery.NoAddress},
	} {
		t.Run(name, func(t *testing.T) {
			s, letters := lettertest.House(t)
			started, queued := asked(t, s, time.Now().Add(c.closes))
			require.NoError(t, c.does(s, started.ID, queued.Number))
			_, err := write(t, letters, queued)
			var failure *delivery.Failure
			require.ErrorAs(t, err, &failure)
			require.Equal(t, &delivery.Failure{Code: c.code, Permanent: true, Withheld: true}, failure)
		})
	}
}
