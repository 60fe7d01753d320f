package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store"
)

func TestAProcedureIsPublishedAsTheNextVersion(t *testing.T) {
	s, _ := database(t)
	stamp, err := s.ConfigurationStamp(t.Context())
	require.NoError(t, err)
	first, err := s.PublishProcedure(t.Context(), "courier-station", "procedure: courier-station", "admin")
	require.NoError(t, err)
	require.Equal(t, 1, first.Version)
	require.True(t, first.New)
	same, err := s.PublishProcedure(t.Context(), "courier-station", "procedure: courier-station", "somebody")
	require.NoError(t, err)
	require.Equal(t, 1, same.Version, "the same document is the same version")
	require.False(t, same.New)
	second, err := s.PublishProcedure(t.Context(), "courier-station", "procedure: courier-station # better", "admin")
	require.NoError(t, err)
	require.Equal(t, 2, second.Version)
	changed, err := s.ConfigurationStamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, stamp, changed)

	old, err := s.Procedure(t.Context(), "courier-station", 1)
	require.NoError(t, err)
	require.Equal(t, first.Body, old.Body)
	_, err = s.Procedure(t.Context(), "courier-station", 3)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = s.NewestProcedure(t.Context(), "restaurant")
	require.ErrorIs(t, err, store.ErrNotFound)

	_, err = s.PublishCalendar(t.Context(), "cn", "calendar: cn", "admin")
	require.NoError(t, err)
	_, err = s.PublishDirectory(t.Context(), "courier-station", "people: []", "admin")
	require.NoError(t, err)
	newest, err := s.Procedures(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, newest[0].Version)
	calendars, err := s.Calendars(t.Context())
	require.NoError(t, err)
	require.Equal(t, "calendar: cn", calendars[0].Body)
	directories, err := s.Directories(t.Context())
	require.NoError(t, err)
	require.Equal(t, "courier-station", directories[0].ID)
}

func TestTwoWhoPublishAtOnceMakeOneVersion(t *testing.T) {
	s, _ := database(t)
	var publishers sync.WaitGroup
	for range 5 {
		publishers.Go(func() {
			published, err := s.PublishCalendar(t.Context(), "cn", "calendar: cn", "admin")
			require.NoError(t, err)
			require.Equal(t, 1, published.Version)
		})
	}
	publishers.Wait()
}

func TestAnAbsenceEndsWhenItsTimeComesOrEarlier(t *testing.T) {
	s, _ := database(t)
	entered, err := s.EnterAbsence(t.Context(), store.Absence{Person: "zhao-lei", From: friday, To: friday.Add(48 * time.Hour), EnteredBy: "admin"})
	require.NoError(t, err)
	_, err = s.EnterAbsence(t.Context(), store.Absence{Person: "zhao-lei", From: friday, To: friday})
	require.ErrorContains(t, err, "must begin")
	away, err := s.Absences(t.Context(), friday.Add(47*time.Hour))
	require.NoError(t, err)
	require.Equal(t, []store.Absence{entered}, away)
	require.NoError(t, s.EndAbsence(t.Context(), entered.Person, entered.ID, friday.Add(24*time.Hour)))
	away, err = s.Absences(t.Context(), friday.Add(47*time.Hour))
	require.NoError(t, err)
	require.Empty(t, away)
	require.ErrorIs(t, s.EndAbsence(t.Context(), entered.Person, entered.ID, friday.Add(36*time.Hour)), store.ErrNotFound)
	ahead, err := s.EnterAbsence(t.Context(), store.Absence{Person: "zhao-lei", From: friday.Add(time.Hour), To: friday.Add(72 * time.Hour), EnteredBy: "admin"})
	require.NoError(t, err)
	require.ErrorIs(t, s.EndAbsence(t.Context(), "sun-hao", ahead.ID, friday), store.ErrNotFound, "another person's")
	require.NoError(t, s.EndAbsence(t.Context(), ahead.Person, ahead.ID, friday), "before it begins")
	away, err = s.Absences(t.Context(), friday)
	require.NoError(t, err)
	require.Len(t, away, 1, "only the first")
	all, err := s.AbsencesOf(t.Context(), "zhao-lei")
	require.NoError(t, err)
	require.Len(t, all, 2)

	l, _ := recorded(t, s)
	open, err := s.OpenComplaintsOf(t.Context(), complaint.Actor{Person: "zhao-lei"})
	require.NoError(t, err)
	require.Equal(t, []string{l.Number}, open)
}

func TestALinkIsGoodUntilItIsRevoked(t *testing.T) {
	s, _ := database(t)
	link, err := s.IssueLink(t.Context(), "CS-2026-000001", "answer", 2, friday)
	require.NoError(t, err)
	found, err := s.Link(t.Context(), link.ID)
	require.NoError(t, err)
	require.Equal(t, link, found)
	require.ErrorIs(t, s.RevokeLink(t.Context(), "CS-2026-000002", link.ID, "li-na"), store.ErrNotFound, "not of this complaint")
	require.NoError(t, s.RevokeLink(t.Context(), "CS-2026-000001", link.ID, "li-na"))
	require.ErrorIs(t, s.RevokeLink(t.Context(), "CS-2026-000001", link.ID, "li-na"), store.ErrNotFound)
	links, err := s.Links(t.Context(), "CS-2026-000001")
	require.NoError(t, err)
	require.NotNil(t, links[0].RevokedAt)
	_, err = s.Link(t.Context(), "not an ID")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestALinkIsIssuedOnceForEachThingAndNotAgainAfterItWasRevoked(t *testing.T) {
	s, _ := database(t)
	const number, month = "CS-2026-000001", 30 * 24 * time.Hour
	issue := func(purpose string, subject int, now time.Time) (store.Link, error) {
		return s.LinkFor(t.Context(), number, purpose, subject, now, 24*time.Hour, month)
	}
	first, err := issue("appeal", 0, friday)
	require.NoError(t, err)
	require.Equal(t, friday.Add(month), first.ExpiresAt)
	again, err := issue("appeal", 0, friday.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID, "a reminder carries the same link")
	next, err := issue("appeal", 1, friday)
	require.NoError(t, err)
	require.NotEqual(t, first.ID, next.ID, "the next closing has an appeal of its own")
	renewed, err := issue("appeal", 0, friday.Add(month-time.Hour))
	require.NoError(t, err)
	require.NotEqual(t, first.ID, renewed.ID, "the first hardly holds any more")

	require.NoError(t, s.RevokeLink(t.Context(), number, renewed.ID, "li-na"))
	_, err = issue("appeal", 0, friday)
	require.ErrorIs(t, err, store.ErrLinkRevoked)
	_, err = issue("appeal", 1, friday)
	require.NoError(t, err, "which is another matter")
}

func TestWhatIsLearnedIsKept(t *testing.T) {
	s, url := database(t)
	for range 3 {
		recorded(t, s)
	}
	require.NoError(t, s.SaveCase(t.Context(), store.Case{Number: "CS-2026-000001", Category: "operations", Title: "draft", DraftedBy: "wang-fang"}))
	require.NoError(t, s.SaveCase(t.Context(), store.Case{Number: "CS-2026-000001", Category: "operations", Title: "Twice at the wrong door", DraftedBy: "wang-fang"}))
	cases, next, err := s.Cases(t.Context(), "headquarters", "courier-station", "", 0)
	require.NoError(t, err)
	require.Empty(t, next)
	require.Equal(t, "Twice at the wrong door", cases[0].Title)

	drawn, err := s.DrawSpotCheck(t.Context(), store.Draw{Procedure: "courier-station", From: friday, To: friday.Add(time.Hour), Size: store.Exactly(2), By: "headquarters"})
	require.NoError(t, err)
	require.Len(t, drawn, 2)
	require.NoError(t, s.RecordSpotCheck(t.Context(), drawn[0].Draw, drawn[0].Number, "in order", "headquarters"))
	require.ErrorIs(t, s.RecordSpotCheck(t.Context(), drawn[0].Draw, "CS-2026-000009", "", "headquarters"), store.ErrNotFound)
	one, more, err := s.SpotChecks(t.Context(), "headquarters", "courier-station", "", 1)
	require.NoError(t, err)
	two, _, err := s.SpotChecks(t.Context(), "headquarters", "courier-station", more, 1)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{drawn[0].Number, drawn[1].Number}, []string{one[0].Number, two[0].Number})

	campaign, asked, err := s.StartCampaign(t.Context(), store.Campaign{Procedure: "courier-station", Name: "Spring", StartedBy: "admin", ClosesAt: time.Now().Add(time.Hour)},
		friday, friday.Add(time.Hour), store.Exactly(2))
	require.NoError(t, err)
	require.Len(t, asked, 1, "all three complaints are of one customer")
	require.NoError(t, s.AnswerCampaign(t.Context(), campaign.ID, asked[0], complaint.Satisfied, "Thank you."))
	require.NoError(t, s.AnswerCampaign(t.Context(), campaign.ID, asked[0], complaint.Satisfied, "Thank you."), "the same again")
	require.ErrorIs(t, s.AnswerCampaign(t.Context(), campaign.ID, asked[0], complaint.Dissatisfied, ""), store.ErrAnswered)
	require.ErrorIs(t, s.AnswerCampaign(t.Context(), campaign.ID, "CS-2026-000009", complaint.Satisfied, ""), store.ErrNotFound)
	campaigns, _, err := s.Campaigns(t.Context(), "", "", 0)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{campaigns[0].Drawn, campaigns[0].Asked, campaigns[0].Answered})
	require.Equal(t, 1, campaigns[0].Satisfaction[complaint.Satisfied])
	require.Equal(t, []string{"Thank you."}, campaigns[0].Words)
	require.NoError(t, s.Erase(t.Context(), asked[0], "admin"))
	campaigns, _, err = s.Campaigns(t.Context(), "", "", 0)
	require.NoError(t, err)
	require.Empty(t, campaigns[0].Words, "what the customer wrote goes with their personal data")

	closed, asked, err := s.StartCampaign(t.Context(), store.Campaign{Procedure: "courier-station", Name: "Over", StartedBy: "admin", ClosesAt: time.Now()},
		friday, friday.Add(time.Hour), store.Exactly(2))
	require.NoError(t, err)
	require.ErrorIs(t, s.AnswerCampaign(t.Context(), closed.ID, asked[0], complaint.Satisfied, ""), store.ErrCampaignClosed)

	t.Run("and shows to nobody whom it is about, or from whom it is closed", func(t *testing.T) {
		learned := func(reader complaint.PersonID) (cases, checks int) {
			t.Helper()
			library, _, err := s.Cases(t.Context(), reader, "", "", 0)
			require.NoError(t, err)
			drawn, _, err := s.SpotChecks(t.Context(), reader, "", "", 0)
			require.NoError(t, err)
			return len(library), len(drawn)
		}
		require.NoError(t, s.SaveCase(t.Context(), store.Case{Number: "CS-2026-000001", Category: "operations", Title: "Again", DraftedBy: "wang-fang"}))
		cases, checks := learned("zhao-lei")
		require.Equal(t, []int{1, 2}, []int{cases, checks})
		sql(t, url, `UPDATE complaints SET subjects = '{zhao-lei}'`)
		cases, checks = learned("zhao-lei")
		require.Equal(t, []int{0, 0}, []int{cases, checks})
		require.ErrorIs(t, s.RecordSpotCheck(t.Context(), drawn[0].Draw, drawn[0].Number, "all was fine", "zhao-lei"), store.ErrNotFound)
		cases, checks = learned("headquarters")
		require.Equal(t, []int{1, 2}, []int{cases, checks})
		sql(t, url, `UPDATE complaints SET seen_by = '{leader}'`)
		cases, checks = learned("headquarters")
		require.Equal(t, []int{0, 0}, []int{cases, checks})
	})
	t.Run("and is listed page by page", func(t *testing.T) {
		newest, more, err := s.Campaigns(t.Context(), "courier-station", "", 1)
		require.NoError(t, err)
		require.Equal(t, closed.ID, newest[0].ID)
		before, last, err := s.Campaigns(t.Context(), "courier-station", more, 1)
		require.NoError(t, err)
		require.Equal(t, campaign.ID, before[0].ID)
		require.Empty(t, last)
		_, _, err = s.Campaigns(t.Context(), "courier-station", "abc", 1)
		require.ErrorIs(t, err, store.ErrBadCursor)
	})
	t.Run("and shows to its own organisation alone", func(t *testing.T) {
		cases, _, err := s.Cases(t.Context(), "headquarters", "real-estate-project", "", 0)
		require.NoError(t, err)
		require.Empty(t, cases)
		checks, _, err := s.SpotChecks(t.Context(), "headquarters", "real-estate-project", "", 0)
		require.NoError(t, err)
		require.Empty(t, checks)
		campaigns, _, err := s.Campaigns(t.Context(), "real-estate-project", "", 0)
		require.NoError(t, err)
		require.Empty(t, campaigns)
	})
}
