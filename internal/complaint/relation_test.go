package complaint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestARelationHasAnotherName_SeenFromTheOtherSide(t *testing.T) {
	for relation, reverse := range map[complaint.Relation]complaint.Relation{
		complaint.Duplicates: complaint.DuplicatedBy, complaint.Repeats: complaint.RepeatedBy, complaint.PartOfMass: complaint.Leads,
	} {
		require.Equal(t, reverse, relation.Reverse())
	}
}

// First review: B12.
func TestTheOlderComplaintIsTheOneOfTheEarlierYearThenOfTheLowerNumber(t *testing.T) {
	for _, row := range []struct{ older, newer string }{
		{"CS-2026-1000000", "CS-2027-000001"},
		{"CS-2026-999999", "CS-2026-1000000"},
		{"CS-2026-000009", "CS-2026-000010"},
		{"CS-26-9", "CS-26-10"},
		{"2026-12-7", "2027-1-7"},
	} {
		t.Run(row.older+" before "+row.newer, func(t *testing.T) {
			merges := func(number, into string) *complaint.Refusal {
				c := at(complaint.Investigating)
				c.Number = number
				return c.Check(taken(complaint.Link, cast["owner"], complaint.Facts{Linked: &complaint.Linked{Number: into, Relation: complaint.Duplicates}}))
			}
			require.Nil(t, merges(row.newer, row.older))
			require.Equal(t, complaint.ReasonOlderNumberWins, merges(row.older, row.newer).Reason)
		})
	}
}
