package reading

import (
	"context"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading/db"
)

// Open is how many open complaints there are at a stage and a tier.
type Open struct {
	Stage  complaint.Stage
	Tier   int
	Count  int
	Late   int           // of them, a clock is past due
	Oldest time.Duration // since the oldest of them was received
}

// Open counts the open complaints by stage and tier. A stage or tier that nothing is at is missing.
func (s *Store) Open(ctx context.Context) ([]Open, error) {
	rows, err := s.queries.OpenComplaints(ctx)
	return store.All(rows, err, func(row db.OpenComplaintsRow) (Open, error) {
		return Open{Stage: complaint.Stage(row.Stage), Tier: int(row.Tier), Count: int(row.Open), Late: int(row.Late),
			Oldest: time.Duration(row.OldestSeconds * float64(time.Second))}, nil
	}, "count the open complaints")
}
