package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestACallOutIsATaskOfWhoCallsOutAndOfTheTeam(t *testing.T) {
	rolesOf := func(c *complaint.Complaint) []complaint.Role {
		var roles []complaint.Role
		for _, task := range c.Tasks() {
			if task.Kind == complaint.CallOutDone {
				roles = append(roles, task.Role)
			}
		}
		return roles
	}
	require.Equal(t, []complaint.Role{"dispatch.head", "operations.handler"}, rolesOf(at(complaint.Assigning, calledOut)))
	require.Empty(t, rolesOf(at(complaint.Assigning)))
}

func TestTheTaskToContactTheCustomerStaysUntilTheyAreReached(t *testing.T) {
	due := func(c *complaint.Complaint) (time.Time, bool) {
		for _, task := range c.Tasks() {
			if task.Kind == complaint.Contact {
				return *task.Due, true
			}
		}
		return time.Time{}, false
	}
	c := at(complaint.Investigating, func(c *complaint.Complaint) {
		c.Deadlines = []complaint.Deadline{{Name: "contact", State: complaint.Running, DueAt: now, Until: []string{"step contact reached"}},
			{Name: "settle", State: complaint.Running, DueAt: now.Add(-time.Hour), Until: []string{"verifying"}}}
	})
	call := func(reached bool) {
		step := taken(complaint.Contact, cast["handler"], complaint.Facts{Contact: &complaint.ContactMade{Reached: reached}})
		c.Apply(complaint.Event{Kind: complaint.StepTaken, Step: &step})
	}
	call(false)
	when, waits := due(c)
	require.True(t, waits)
	require.Equal(t, now, when, "the clock that reaching them ends, not the earliest")
	call(true)
	call(false) // a later call that fails takes nothing back
	_, waits = due(c)
	require.False(t, waits)
}
