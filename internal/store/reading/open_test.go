package reading_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
)

func TestTheOpenComplaintsAreCountedByStageAndTier(t *testing.T) {
	s := storetest.New(t)
	for range 4 {
		s.Recorded(t)
	}
	s.Register(t) // no workflow has taken it up yet
	s.SQL(t, `UPDATE complaints SET received_at = now() - interval '1 hour', next_due = now() + interval '1 hour'`,
		`UPDATE complaints SET tier = 2, next_due = now() - interval '1 minute', received_at = now() - interval '2 days' WHERE serial = 2`,
		`UPDATE complaints SET stage = 'closed', closed_at = now() WHERE serial = 3`)
	open, err := s.Reading.Open(t.Context())
	require.NoError(t, err)
	for i := range open {
		open[i].Oldest = open[i].Oldest.Round(time.Hour)
	}
	require.Equal(t, []reading.Open{
		{Stage: complaint.Investigating, Tier: 0, Count: 2, Oldest: time.Hour},
		{Stage: complaint.Investigating, Tier: 2, Count: 1, Late: 1, Oldest: 48 * time.Hour},
	}, open)
}
