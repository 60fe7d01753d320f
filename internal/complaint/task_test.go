package complaint_test

import (
	"slices"
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

func TestTheCallbackIsTheTaskOfWhomTheProcedureHasCall(t *testing.T) {
	caller := func(by complaint.Role, given ...func(*complaint.Complaint)) complaint.Task {
		c := at(complaint.FollowingUp, append(given, func(c *complaint.Complaint) { c.Terms.CallBackBy, c.Callbacks = by, 1 })...)
		tasks := c.Tasks()
		require.Len(t, tasks, 1)
		allowed := map[bool]string{true: "agent", false: "supporter"}[by == complaint.Agent]
		require.Nil(t, c.Check(taken(complaint.CallBack, cast[allowed], complaint.Facts{Callback: &complaint.Callback{}})), "%s may call", allowed)
		return tasks[0]
	}
	party := func(c *complaint.Complaint) { c.Parties = []complaint.PersonID{"li-na"} }
	require.Equal(t, complaint.Task{Kind: complaint.CallBack, Role: "service.head"}, caller("service.head"))
	require.Equal(t, complaint.Task{Kind: complaint.CallBack, Role: "service.head"}, caller("{department}.head", func(c *complaint.Complaint) { c.People.Department = "service" }))
	require.Equal(t, complaint.Task{Kind: complaint.CallBack, Role: complaint.Agent, Person: "li-na"}, caller(complaint.Agent))
	c := at(complaint.FollowingUp, party)
	require.Equal(t, []complaint.Task{{Kind: complaint.CallBack, Role: complaint.Owner, Person: "wang-wei"}}, c.Tasks(), "the owner may always call")
	c.Terms.CallBackBy, c.Parties = complaint.Owner, nil
	require.Equal(t, []complaint.Task{{Kind: complaint.CallBack, Role: complaint.Owner, Person: "wang-wei"}}, c.Tasks())
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
	c.Deadlines = nil // the clock ends with it
	call(false)       // a later call that fails takes nothing back
	_, waits = due(c)
	require.False(t, waits)
}

func TestNewsToTellTheCustomerIsATaskOfTheHandler(t *testing.T) {
	waits := func(c *complaint.Complaint) bool {
		return slices.ContainsFunc(c.Tasks(), func(task complaint.Task) bool { return task.Kind == complaint.Contact && task.Person == "zhao-lei" })
	}
	progress := func(c *complaint.Complaint) {
		c.Contacted = true
		c.Deadlines = []complaint.Deadline{{Name: "progress", State: complaint.Running, DueAt: now, Until: []string{"step contact reached"}}}
	}
	require.True(t, waits(at(complaint.Investigating, progress)))
	require.True(t, waits(at(complaint.Proposing, progress)))
	require.False(t, waits(at(complaint.Assigning, progress)), "nobody has it yet")
	require.False(t, waits(at(complaint.Proposing)))
}

func TestAComplaintWaitsForSomebodyAtEveryOpenStage(t *testing.T) {
	for _, stage := range open {
		c := at(stage)
		if stage == complaint.Approving {
			toApprove(c)
		}
		require.NotEmpty(t, c.Tasks(), stage)
	}
}

// First review: A17.
func TestATaskIsDueWhenTheClockOfItsStageIs(t *testing.T) {
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	clock := func(name string, hours int, until ...string) complaint.Deadline {
		return complaint.Deadline{Name: name, Round: 1, State: complaint.Running, DueAt: noon.Add(time.Duration(hours) * time.Hour), Until: until}
	}
	due := func(c complaint.Complaint, step complaint.StepName, detail string) *time.Time {
		for _, task := range c.Tasks() {
			if task.Kind == step && task.Detail == detail {
				return task.Due
			}
		}
		t.Fatalf("no task %s %s", step, detail)
		return nil
	}
	asked := func(matter complaint.Matter) complaint.Approval {
		return complaint.Approval{Matter: matter, Number: 1, Levels: []complaint.Level{{Role: "head", Person: "sun-hao"}}}
	}
	c := complaint.Complaint{Stage: complaint.Approving, Approvals: []complaint.Approval{asked(complaint.MatterProposal), asked(complaint.MatterSuspension)},
		Deadlines: []complaint.Deadline{clock("settle", 1, "verifying"), clock("approve", 3, "leaving approving"), clock("whole", 2, "closed")}}
	require.Equal(t, noon.Add(3*time.Hour), *due(c, complaint.Approve, "proposal 1"), "the decision is due when its clock is, though another is due before")
	require.Nil(t, due(c, complaint.Approve, "suspension 1"), "no clock runs for it")

	c = complaint.Complaint{Stage: complaint.Investigating, Accepted: true, Contacted: true,
		Deadlines: []complaint.Deadline{clock("settle", 1, "verifying"), clock("investigate", 3, "proposing")}}
	require.Equal(t, noon.Add(3*time.Hour), *due(c, complaint.Find, ""), "what ends the stage ends with the next")
	c.Deadlines = c.Deadlines[:1]
	require.Equal(t, noon.Add(time.Hour), *due(c, complaint.Find, ""), "without a clock of its own, the next that is due")
}
