package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestTheFollowUpIsThatOfTheCaseAsItWasJudgedLast(t *testing.T) {
	judged := func(severity complaint.Severity) complaint.Facts {
		return complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: severity}}
	}
	type followUp struct {
		callbacks, attempts int
		reopens             complaint.Stage
		climbs              int
	}
	for _, row := range []struct {
		severity complaint.Severity
		want     followUp
	}{
		{complaint.Normal, followUp{1, 2, complaint.Investigating, 0}},
		{complaint.Major, followUp{2, 5, complaint.Proposing, 1}},
	} {
		m := newMatter(t)
		m.register("2 10:00", clerk, "goods")
		m.step("2 10:10", clerk, complaint.Screen, judged(row.severity))
		m.enter("3 10:00", complaint.FollowingUp)
		require.Equal(t, row.want, followUp{m.Callbacks, m.Terms.CallbackAttempts, m.Terms.DissatisfiedReopens, m.Terms.DissatisfiedClimbAfter}, row.severity)
	}
}
