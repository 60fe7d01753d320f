package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store"
)

// linked is a step that links a complaint to another, as a repeat of it.
func linked(l *life, to string) store.Write {
	step := complaint.Step{Name: complaint.Link, By: agent, At: friday, Facts: complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Repeats, Number: to}}}
	return l.write("signal:link", complaint.Event{Kind: complaint.StepTaken, At: friday, By: agent.Person, Step: &step})
}

// hangTogether are three complaints: the second repeats the first, and the third, which is about Wang Fang, repeats both.
func hangTogether(t *testing.T, s *store.Store) (first, second, third string) {
	t.Helper()
	a, _ := recorded(t, s)
	b, _ := recorded(t, s)
	stored := register(t, s)
	c, begin := begun(stored)
	begin.After.Subjects = []complaint.PersonID{"wang-fang"}
	c.Subjects = begin.After.Subjects
	for _, write := range []store.Write{begin, linked(b, a.Number), linked(c, a.Number), linked(c, b.Number)} {
		require.NoError(t, s.Record(t.Context(), write))
		require.ErrorIs(t, s.Record(t.Context(), write), store.ErrRecordTaken, "a worker may ask again")
	}
	return a.Number, b.Number, c.Number
}

func TestARelationIsSeenFromBothSides(t *testing.T) {
	s, _ := database(t)
	first, second, third := hangTogether(t, s)
	type related = []complaint.Linked
	for _, row := range []struct {
		name   string
		viewer store.Viewer
		of     string
		want   related
	}{
		{"from the one that was linked", everybody, third, related{{Relation: complaint.Repeats, Number: first}, {Relation: complaint.Repeats, Number: second}}},
		{"from the other one", everybody, first, related{{Relation: complaint.RepeatedBy, Number: second}, {Relation: complaint.RepeatedBy, Number: third}}},
		{"from one in the middle", everybody, second, related{{Relation: complaint.Repeats, Number: first}, {Relation: complaint.RepeatedBy, Number: third}}},
		{"none about oneself", store.Viewer{Person: "wang-fang", All: true}, first, related{{Relation: complaint.RepeatedBy, Number: second}}},
		{"those in which one has a part", store.Viewer{Person: "zhao-lei"}, first, related{{Relation: complaint.RepeatedBy, Number: second}, {Relation: complaint.RepeatedBy, Number: third}}},
		{"those of one's department", store.Viewer{Person: "head", Duties: []complaint.Role{"operations.head"}}, third, related{{Relation: complaint.Repeats, Number: first}, {Relation: complaint.Repeats, Number: second}}},
		{"none of others", store.Viewer{Person: "head", Duties: []complaint.Role{"service.head"}}, first, related{}},
		{"none of another organisation", store.Viewer{Person: "auditor", All: true, Procedure: "real-estate-project"}, first, related{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := s.Relations(t.Context(), row.viewer, row.of)
			require.NoError(t, err)
			require.Equal(t, row.want, got)
		})
	}
}

func TestRelationsFromBeforeTheyWereKeptApartAreThere(t *testing.T) {
	s, url := database(t)
	first, _, _ := hangTogether(t, s)
	kept, err := s.Relations(t.Context(), everybody, first)
	require.NoError(t, err)
	require.Len(t, kept, 2)
	require.NoError(t, store.MigrateDownTo(t.Context(), url, 8))
	require.NoError(t, store.Migrate(t.Context(), url))
	migrated, err := s.Relations(t.Context(), everybody, first)
	require.NoError(t, err)
	require.Equal(t, kept, migrated)
}
