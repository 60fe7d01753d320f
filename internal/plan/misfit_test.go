package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
)

func TestEveryMisfitOfAStepIsToldWithWhatThereIs(t *testing.T) {
	rules := newMatter(t).rules
	require.Empty(t, rules.Misfits(complaint.Facts{}))
	found := rules.Misfits(complaint.Facts{
		Registration: &complaint.Registration{},
		Screening:    &complaint.Screening{Category: "gods"},
		Assignment:   &complaint.Assignment{Handler: "ivy", Owner: clerk},
	})
	require.Equal(t, []string{"/screen/category", "/assign/handler"}, []string{found[0].Pointer, found[1].Pointer})
	require.Equal(t, rules.Procedure.CategoryCodes(), found[0].Known)
	require.Contains(t, found[1].Known, string(clerk))
	require.Equal(t, []plan.Misfit{{Pointer: "/subjects/1", Reason: "no_such_person", Name: "ivy", Known: found[1].Known}},
		rules.RegistrationMisfits(complaint.Registration{Channel: rules.Procedure.Channels[0].ID, Subjects: []complaint.PersonID{clerk, "ivy"}}))
}
