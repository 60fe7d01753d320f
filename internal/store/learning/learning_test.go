package learning_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/learning"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

// First review: D8.
func TestWhatIsLearnedIsKept(t *testing.T) {
	s := storetest.New(t)
	first, _ := s.Recorded(t)
	s.Recorded(t)
	s.Recorded(t)
	s.Assess(t, first, "draft", "") // in the transaction of the step: nobody has to come back for it
	s.Assess(t, first, "Twice at the wrong door", "The label was smudged.")
	cases, next, err := s.Learning.Cases(t.Context(), "headquarters", "courier-station", "", 0)
	require.NoError(t, err)
	require.Empty(t, next)
	require.Len(t, cases, 1)
	require.Equal(t, []string{"Twice at the wrong door", "The label was smudged.", "operations.mistake"}, []string{cases[0].Title, cases[0].Body, cases[0].Category})
	require.Equal(t, storetest.Agent.Person, cases[0].DraftedBy)

	drawn, err := s.Learning.DrawSpotCheck(t.Context(), learning.Draw{Procedure: "courier-station", From: storetest.Friday, To: storetest.Friday.Add(time.Hour), Size: learning.Exactly(2), By: "headquarters"})
	require.NoError(t, err)
	require.Len(t, drawn, 2)
	require.NoError(t, s.Learning.RecordSpotCheck(t.Context(), drawn[0].Draw, drawn[0].Number, "in order", "headquarters"))
	require.ErrorIs(t, s.Learning.RecordSpotCheck(t.Context(), drawn[0].Draw, "CS-2026-000009", "", "headquarters"), store.ErrNotFound)
	one, more, err := s.Learning.SpotChecks(t.Context(), "headquarters", "courier-station", "", 1)
	require.NoError(t, err)
	two, _, err := s.Learning.SpotChecks(t.Context(), "headquarters", "courier-station", more, 1)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{drawn[0].Number, drawn[1].Number}, []string{one[0].Number, two[0].Number})

	campaign, asked, err := s.Learning.StartCampaign(t.Context(), learning.Campaign{Procedure: "courier-station", Name: "Spring", StartedBy: "admin", ClosesAt: time.Now().Add(time.Hour)},
		storetest.Friday, storetest.Friday.Add(time.Hour), learning.Exactly(2))
	require.NoError(t, err)
	require.Len(t, asked, 1, "all three complaints are of one customer")
	require.NoError(t, s.Learning.AnswerCampaign(t.Context(), campaign.ID, asked[0], complaint.Satisfied, "Thank you."))
	require.NoError(t, s.Learning.AnswerCampaign(t.Context(), campaign.ID, asked[0], complaint.Satisfied, "Thank you."), "the same again")
	require.ErrorIs(t, s.Learning.AnswerCampaign(t.Context(), campaign.ID, asked[0], complaint.Dissatisfied, ""), learning.ErrAnswered)
	require.ErrorIs(t, s.Learning.AnswerCampaign(t.Context(), campaign.ID, "CS-2026-000009", complaint.Satisfied, ""), store.ErrNotFound)
	campaigns, _, err := s.Learning.Campaigns(t.Context(), "reader", "", "", 0)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{campaigns[0].Drawn, campaigns[0].Asked, campaigns[0].Answered})
	require.Equal(t, 1, campaigns[0].Satisfaction[complaint.Satisfied])
	require.Equal(t, []string{"Thank you."}, campaigns[0].Words)
	require.NoError(t, s.Erasure.Erase(t.Context(), asked[0], "admin"))
	campaigns, _, err = s.Learning.Campaigns(t.Context(), "reader", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, campaigns[0].Words, "what the customer wrote goes with their personal data")

	closed, asked, err := s.Learning.StartCampaign(t.Context(), learning.Campaign{Procedure: "courier-station", Name: "Over", StartedBy: "admin", ClosesAt: time.Now()},
		storetest.Friday, storetest.Friday.Add(time.Hour), learning.Exactly(2))
	require.NoError(t, err)
	require.ErrorIs(t, s.Learning.AnswerCampaign(t.Context(), closed.ID, asked[0], complaint.Satisfied, ""), learning.ErrCampaignClosed)

	t.Run("and shows to nobody whom it is about, or from whom it is closed", func(t *testing.T) {
		learned := func(reader complaint.PersonID) (cases, checks int) {
			t.Helper()
			library, _, err := s.Learning.Cases(t.Context(), reader, "", "", 0)
			require.NoError(t, err)
			drawn, _, err := s.Learning.SpotChecks(t.Context(), reader, "", "", 0)
			require.NoError(t, err)
			return len(library), len(drawn)
		}
		s.Assess(t, first, "Again", "")
		cases, checks := learned("zhao-lei")
		require.Equal(t, []int{1, 2}, []int{cases, checks})
		s.SQL(t, `UPDATE complaints SET subjects = '{zhao-lei}'`)
		cases, checks = learned("zhao-lei")
		require.Equal(t, []int{0, 0}, []int{cases, checks})
		require.ErrorIs(t, s.Learning.RecordSpotCheck(t.Context(), drawn[0].Draw, drawn[0].Number, "all was fine", "zhao-lei"), store.ErrNotFound)
		cases, checks = learned("headquarters")
		require.Equal(t, []int{1, 2}, []int{cases, checks})
		s.SQL(t, `UPDATE complaints SET seen_by = '{leader}'`)
		cases, checks = learned("headquarters")
		require.Equal(t, []int{0, 0}, []int{cases, checks})
	})
	t.Run("and is listed page by page", func(t *testing.T) {
		newest, more, err := s.Learning.Campaigns(t.Context(), "reader", "courier-station", "", 1)
		require.NoError(t, err)
		require.Equal(t, closed.ID, newest[0].ID)
		before, last, err := s.Learning.Campaigns(t.Context(), "reader", "courier-station", more, 1)
		require.NoError(t, err)
		require.Equal(t, campaign.ID, before[0].ID)
		require.Empty(t, last)
		_, _, err = s.Learning.Campaigns(t.Context(), "reader", "courier-station", "abc", 1)
		require.ErrorIs(t, err, store.ErrBadCursor)
	})
	t.Run("and shows to its own organisation alone", func(t *testing.T) {
		cases, _, err := s.Learning.Cases(t.Context(), "headquarters", "real-estate-project", "", 0)
		require.NoError(t, err)
		require.Empty(t, cases)
		checks, _, err := s.Learning.SpotChecks(t.Context(), "headquarters", "real-estate-project", "", 0)
		require.NoError(t, err)
		require.Empty(t, checks)
		campaigns, _, err := s.Learning.Campaigns(t.Context(), "reader", "real-estate-project", "", 0)
		require.NoError(t, err)
		require.Empty(t, campaigns)
	})
}
