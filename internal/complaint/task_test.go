package complaint_test

import (
	"testing"

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
