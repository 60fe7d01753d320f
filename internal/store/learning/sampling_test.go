package learning_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/message"
	"recourse/internal/store/learning"
	"recourse/internal/store/storetest"
)

func TestTheSizeOfASampleIsAShareWithinBounds(t *testing.T) {
	share := learning.SampleSize{Percent: 5, Least: 5, Most: 50}
	for population, size := range map[int]int{0: 0, 3: 3, 5: 5, 100: 5, 101: 6, 400: 20, 1000: 50, 100000: 50} {
		require.Equal(t, size, share.Of(population), "of %d", population)
	}
	require.Equal(t, 7, learning.Exactly(7).Of(100))
	require.Equal(t, 3, learning.Exactly(7).Of(3))
}

func TestWhatHasAnIDIsDrawnOnce(t *testing.T) {
	s := storetest.New(t)
	s.Recorded(t)
	s.Recorded(t)
	draw := learning.Draw{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("a period")), Procedure: "courier-station", From: storetest.Friday, To: storetest.Friday.Add(time.Hour),
		Size: learning.Exactly(1), By: "clock"}
	first, err := s.Learning.DrawSpotCheck(t.Context(), draw)
	require.NoError(t, err)
	require.Len(t, first, 1)
	again, err := s.Learning.DrawSpotCheck(t.Context(), draw)
	require.NoError(t, err)
	require.Equal(t, first, again)
	listed, _, err := s.Learning.SpotChecks(t.Context(), "headquarters", "", "", 0)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.Equal(t, storetest.Friday.UTC(), *listed[0].From)

	campaign := learning.Campaign{ID: draw.ID.String(), Procedure: "courier-station", Kind: "property", Name: "Property", StartedBy: "clock", ClosesAt: time.Now().Add(time.Hour)}
	started, numbers, err := s.Learning.StartCampaign(t.Context(), campaign, storetest.Friday, storetest.Friday.Add(time.Hour), learning.Exactly(5))
	require.NoError(t, err)
	require.Len(t, numbers, 1)
	messages, err := s.Outbox.Of(t.Context(), numbers[0])
	require.NoError(t, err)
	asked := messages[len(messages)-1]
	require.Equal(t, []string{message.CustomerCampaign.Name(), started.ID, "rate"}, []string{asked.Template, asked.Reason, asked.Link})
	same, numbers, err := s.Learning.StartCampaign(t.Context(), campaign, storetest.Friday, storetest.Friday.Add(time.Hour), learning.Exactly(5))
	require.NoError(t, err)
	require.Empty(t, numbers)
	require.Equal(t, started, same)
}
