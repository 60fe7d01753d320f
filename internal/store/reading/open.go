package reading

import (
	"context"
	"slices"
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

// Unseen is an open complaint of which nobody may know.
type Unseen struct {
	Number   string
	Subjects []complaint.PersonID
}

// everything is the key of those who see every complaint that isn't closed to people named.
const everything = "*"

// Unseen returns the open complaints of which none of everybody may know, by their numbers; at most
// 500. Everybody are the people of one organisation or of all.
func (s *Store) Unseen(ctx context.Context, everybody []Viewer) ([]Unseen, error) {
	asked := db.UnseenParams{Procedures: []string{}, Most: mostRelations}
	for _, one := range everybody {
		keys := one.keys()
		if one.All {
			keys = append(keys, everything)
		}
		for _, key := range keys {
			asked.Persons, asked.Keys, asked.Homes = append(asked.Persons, string(one.Person)), append(asked.Keys, key), append(asked.Homes, one.Procedure)
		}
		if !slices.Contains(asked.Procedures, one.Procedure) {
			asked.Procedures = append(asked.Procedures, one.Procedure)
		}
	}
	rows, err := s.queries.Unseen(ctx, asked)
	return store.All(rows, err, func(row db.UnseenRow) (Unseen, error) {
		unseen := Unseen{Number: row.Number}
		for _, person := range row.Subjects {
			unseen.Subjects = append(unseen.Subjects, complaint.PersonID(person))
		}
		return unseen, nil
	}, "look for complaints that nobody may see")
}

// Open counts the open complaints by stage and tier. A stage or tier that nothing is at is missing.
func (s *Store) Open(ctx context.Context) ([]Open, error) {
	rows, err := s.queries.OpenComplaints(ctx)
	return store.All(rows, err, func(row db.OpenComplaintsRow) (Open, error) {
		return Open{Stage: complaint.Stage(row.Stage), Tier: int(row.Tier), Count: int(row.Open), Late: int(row.Late),
			Oldest: time.Duration(row.OldestSeconds * float64(time.Second))}, nil
	}, "count the open complaints")
}
