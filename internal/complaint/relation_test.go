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
