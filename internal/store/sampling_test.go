package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/message"
	"recourse/internal/store"
)

func TestTheSizeOfASampleIsAShareWithinBounds(t *testing.T) {
	share := store.SampleSize{Percent: 5, Least: 5, Most: 50}
	for population, size := range map[int]int{0: 0, 3: 3, 5: 5, 100: 5, 101: 6, 400: 20, 1000: 50, 100000: 50} {
		require.Equal(t, size, share.Of(population), "of %d", population)
	}
	require.Equal(t, 7, store.Exactly(7).Of(100))
	require.Equal(t, 3, store.Exactly(7).Of(3))
}

func TestWhatHasAnIDIsDrawnOnce(t *testing.T) {
	s, _ := database(t)
	recorded(t, s)
	recorded(t, s)
	draw := store.Draw{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("a period")), Procedure: "courier-station", From: friday, To: friday.Add(time.Hour),
		Size: store.Exactly(1), By: "clock"}
	first, err := s.DrawSpotCheck(t.Context(), draw)
	require.NoError(t, err)
	require.Len(t, first, 1)
	again, err := s.DrawSpotCheck(t.Context(), draw)
	require.NoError(t, err)
	require.Equal(t, first, again)
	listed, _, err := s.SpotChecks(t.Context(), "headquarters", "", "", 0)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.Equal(t, friday.UTC(), *listed[0].From)

	campaign := store.Campaign{ID: draw.ID.String(), Procedure: "courier-station", Kind: "property", Name: "Property", StartedBy: "clock", ClosesAt: time.Now().Add(time.Hour)}
	started, numbers, err := s.StartCampaign(t.Context(), campaign, friday, friday.Add(time.Hour), store.Exactly(5))
	require.NoError(t, err)
	require.Len(t, numbers, 1)
	messages, err := s.Messages(t.Context(), numbers[0])
	require.NoError(t, err)
	asked := messages[len(messages)-1]
	require.Equal(t, []string{message.CustomerCampaign.Name(), started.ID, "rate"}, []string{asked.Template, asked.Reason, asked.Link})
	same, numbers, err := s.StartCampaign(t.Context(), campaign, friday, friday.Add(time.Hour), store.Exactly(5))
	require.NoError(t, err)
	require.Empty(t, numbers)
	require.Equal(t, started, same)
}
