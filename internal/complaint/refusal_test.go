package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestARefusalSaysFromWhenOnTheStepIsTaken(t *testing.T) {
	opens := now.Add(time.Hour)
	c := at(complaint.FollowingUp, func(c *complaint.Complaint) {
		c.Deadlines = []complaint.Deadline{{Name: complaint.CallbackClock, Round: 1, State: complaint.Running, OpensAt: opens, DueAt: now.AddDate(0, 0, 3)}}
	})
	refusal := c.Check(taken(complaint.CallBack, cast["agent"],
		complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Neutral}}))
	require.Equal(t, complaint.ReasonCallbackTooEarly, refusal.Reason)
	require.Contains(t, refusal.Later, complaint.Opening{Step: complaint.CallBack, From: opens})
	require.NotContains(t, refusal.Allowed, complaint.CallBack)
}

func TestARefusedCloseSaysWithWhichOutcomesItCouldBeClosed(t *testing.T) {
	c := at(complaint.Proposing)
	closing := func(outcome complaint.Outcome) *complaint.Refusal {
		return c.Check(taken(complaint.Close, cast["owner"], complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: outcome}}))
	}
	refusal := closing(complaint.Resolved)
	require.NotEmpty(t, refusal.Outcomes)
	require.NotContains(t, refusal.Outcomes, complaint.Resolved)
	for _, outcome := range complaint.Outcomes() {
		other := closing(outcome)
		if other == nil {
			require.Contains(t, refusal.Outcomes, outcome)
		} else {
			require.NotContains(t, refusal.Outcomes, outcome)
			require.Equal(t, refusal.Outcomes, other.Outcomes, "whatever was asked for")
		}
	}
	require.Empty(t, c.Check(taken(complaint.Close, cast["handler"], complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Referred}})).Outcomes,
		"whose step it isn't is told none")
}
