package reading_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
)

func TestARelationIsSeenFromBothSides(t *testing.T) {
	s := storetest.New(t)
	first, second, third := s.HangTogether(t)
	type related = []complaint.Linked
	for _, row := range []struct {
		name   string
		viewer reading.Viewer
		of     string
		want   related
	}{
		{"from the one that was linked", storetest.Everybody, third, related{{Relation: complaint.Repeats, Number: first}, {Relation: complaint.Repeats, Number: second}}},
		{"from the other one", storetest.Everybody, first, related{{Relation: complaint.RepeatedBy, Number: second}, {Relation: complaint.RepeatedBy, Number: third}}},
		{"from one in the middle", storetest.Everybody, second, related{{Relation: complaint.Repeats, Number: first}, {Relation: complaint.RepeatedBy, Number: third}}},
		{"none about oneself", reading.Viewer{Person: "wang-fang", All: true}, first, related{{Relation: complaint.RepeatedBy, Number: second}}},
		{"those in which one has a part", reading.Viewer{Person: "zhao-lei"}, first, related{{Relation: complaint.RepeatedBy, Number: second}, {Relation: complaint.RepeatedBy, Number: third}}},
		{"those of one's department", reading.Viewer{Person: "head", Duties: []complaint.Role{"operations.head"}}, third, related{{Relation: complaint.Repeats, Number: first}, {Relation: complaint.Repeats, Number: second}}},
		{"none of others", reading.Viewer{Person: "head", Duties: []complaint.Role{"service.head"}}, first, related{}},
		{"none of another organisation", reading.Viewer{Person: "auditor", All: true, Procedure: "real-estate-project"}, first, related{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := s.Reading.Relations(t.Context(), row.viewer, row.of)
			require.NoError(t, err)
			require.Equal(t, row.want, got)
		})
	}
}
