package complaint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// threatened is a complaint whose customer announced drastic acts: zhu-ling, who has
// no other part in it, keeps watch by two duties, and wu-gang is at risk.
func threatened(c *complaint.Complaint) {
	c.Apply(complaint.Event{Kind: complaint.ThreatAnnounced, At: now, Threat: &complaint.Threat{AtRisk: []complaint.PersonID{"wu-gang"},
		Watch:  []complaint.Watcher{{Duty: "leader", Person: "zhu-ling"}, {Duty: "service.head", Person: "liu-yang"}, {Duty: "security", Person: "zhu-ling"}},
		Warned: []complaint.Role{"dispatch.head"}}})
}

func watchTasks(c *complaint.Complaint) []complaint.Task {
	tasks := []complaint.Task{}
	for _, task := range c.Tasks() {
		if task.Detail == complaint.WatchTask {
			tasks = append(tasks, task)
		}
	}
	return tasks
}

func TestWhoeverKeepsWatchHasItAsATaskUntilTheComplaintIsClosed(t *testing.T) {
	for _, stage := range complaint.Stages() {
		c := at(stage, threatened)
		if stage == complaint.Closed {
			require.Empty(t, watchTasks(c))
			continue
		}
		require.Equal(t, []complaint.Task{{Kind: complaint.Note, Person: "zhu-ling", Role: "leader", Detail: "watch"},
			{Kind: complaint.Note, Person: "liu-yang", Role: "service.head", Detail: "watch"}}, watchTasks(c), stage)
	}
	require.Empty(t, watchTasks(at(complaint.Proposing)))
}

func TestWhoeverKeepsWatchSeesTheComplaintAndWritesNotes(t *testing.T) {
	require.False(t, at(complaint.Proposing).Visible(outsider))
	for _, stage := range []complaint.Stage{complaint.Received, complaint.Proposing, complaint.Closed} {
		c := at(stage, threatened)
		require.True(t, c.Visible(outsider), stage)
		require.Nil(t, c.Check(taken(complaint.Note, outsider, complaint.Facts{Threat: &complaint.ThreatHeard{}})), stage)
	}
	c := at(complaint.Proposing, threatened)
	c.Apply(complaint.Event{Kind: complaint.WatchNamed, At: now, Threat: &complaint.Threat{Watch: []complaint.Watcher{{Duty: "leader", Person: "xu-mei"}}}})
	require.False(t, c.Visible(outsider), "somebody else keeps watch now")
}

func TestWhoeverIsOnlyWarnedOrASubjectSeesNothing(t *testing.T) {
	c := at(complaint.Proposing, threatened)
	require.False(t, c.Visible(complaint.Actor{Person: "wu-gang", Roles: []complaint.Role{complaint.AnyEmployeeRole}}), "who is at risk")
	c.Subjects = []complaint.PersonID{outsider.Person}
	require.False(t, c.Visible(outsider), "a subject, whatever they watch")
}

func TestAThreatHoldsCodesOnly(t *testing.T) {
	require.True(t, complaint.Facts{Threat: &complaint.ThreatHeard{AtRisk: []complaint.PersonID{"wu-gang"}}}.Coded())
	require.False(t, complaint.Facts{Threat: &complaint.ThreatHeard{AtRisk: []complaint.PersonID{"he will burn the station"}}}.Coded())
}
