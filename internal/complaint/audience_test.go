package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestAnAdministratorRebasesWhatTheyDoNotRead(t *testing.T) {
	rebase := taken(complaint.Rebase, cast["administrator"], complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 2}})
	for _, stage := range everyStage {
		c := at(stage)
		require.False(t, c.Visible(cast["administrator"]), stage)
		require.Empty(t, c.Allowed(cast["administrator"], time.Time{}), stage)
		require.Nil(t, c.Check(rebase), stage)
	}
	for what, hidden := range map[string]func(*complaint.Complaint){
		"about themselves":       func(c *complaint.Complaint) { c.Subjects = []complaint.PersonID{"zhou-jie"} },
		"closed to people named": func(c *complaint.Complaint) { c.People.SeenBy = []complaint.PersonID{"xu-mei"} },
	} {
		require.Equal(t, complaint.CodeNotFound, at(complaint.Proposing, hidden).Check(rebase).Code, what)
	}
	both := cast["administrator"]
	both.Roles = append([]complaint.Role{"operations.head"}, both.Roles...)
	require.True(t, at(complaint.Proposing).Visible(both), "who has another role besides keeps that role's sight")
}

func TestTheEmergencyTeamSeesComplaintsWithACallOutOnly(t *testing.T) {
	c := at(complaint.Assigning)
	require.False(t, c.Visible(cast["team"]))
	calledOut(c)
	require.True(t, c.Visible(cast["team"]))
	require.Contains(t, c.Allowed(cast["team"], time.Time{}), complaint.CallOutDone)
	c.CallOut = complaint.CallOutOver
	require.True(t, c.Visible(cast["team"]), "also when it is over")
	require.Empty(t, c.Allowed(cast["team"], time.Time{}))
}

func TestWhoeverIsAskedForSomethingMayKnowOfTheComplaint(t *testing.T) {
	leader := complaint.Actor{Person: "xu-mei", Roles: []complaint.Role{"leader"}}
	c := at(complaint.Proposing, asking)
	require.False(t, c.Visible(leader))
	c.Deadlines[0].Rungs[0].Tell = []complaint.Role{"leader", complaint.Owner}
	require.True(t, c.Visible(leader), "asked to acknowledge")
	require.Nil(t, c.Check(taken(complaint.Acknowledge, leader, complaint.Facts{})))

	procurement := complaint.Actor{Person: "cao-ying"}
	c = at(complaint.Proposing)
	require.False(t, c.Visible(procurement))
	c.Sides = []complaint.Side{{Kind: "supplier-claims", ID: "1", State: "claim", Person: "cao-ying"}}
	require.True(t, c.Visible(procurement), "has a step beside the main course")
}

func TestWhoStandsInForADutyTakesItsStepAndNoOther(t *testing.T) {
	director := complaint.Actor{Person: "gao-li"}
	c := at(complaint.Received, func(c *complaint.Complaint) { c.Contested, c.ScreenedBy = true, "zhang-min" })
	screen := complaint.Facts{Screening: c.Screening}
	require.Equal(t, complaint.ReasonSameScreener, c.Check(taken(complaint.Screen, cast["manager"], screen)).Reason)
	require.Equal(t, complaint.CodeNotFound, c.Check(taken(complaint.Screen, director, screen)).Code)

	c.People.StandIns = []complaint.StandIn{{Step: complaint.Screen, Role: complaint.ServiceManager, Person: "gao-li"}}
	require.Equal(t, complaint.PersonID("gao-li"), c.Tasks()[0].Person)
	require.Nil(t, c.Check(taken(complaint.Screen, director, screen)))
	require.Equal(t, []complaint.StepName{complaint.Screen, complaint.Note}, c.Allowed(director, time.Time{}))
}

func TestTheOwnerCallsBackWhenTheAgentIsAPartyToTheCase(t *testing.T) {
	for name, is := range map[string]func(*complaint.Complaint){
		"approved":   func(c *complaint.Complaint) { c.Parties = []complaint.PersonID{"li-na"} },
		"handles it": func(c *complaint.Complaint) { c.People.Handler = "li-na" },
	} {
		c := at(complaint.FollowingUp, is)
		require.Equal(t, complaint.PersonID("wang-wei"), c.Tasks()[0].Person, name)
		require.Contains(t, c.Allowed(cast["owner"], time.Time{}), complaint.CallBack, name)
	}
	c := at(complaint.FollowingUp)
	require.Equal(t, complaint.PersonID("li-na"), c.Tasks()[0].Person)
}

func TestNobodyTakesAStepBesideThatIsAboutThemselves(t *testing.T) {
	task := complaint.SideTask{Step: "judgement", Role: "operations.head", Person: "xu-mei"}
	judge := func(person complaint.PersonID, roles ...complaint.Role) *complaint.Refusal {
		return task.CheckSide(complaint.Step{Name: "judgement", By: complaint.Actor{Person: person, Roles: roles}}, []complaint.PersonID{"yang-fan", "zhao-lei"})
	}
	require.Equal(t, complaint.CodeNotFound, judge("yang-fan", "operations.head").Code, "the primary person of the duty")
	require.Equal(t, complaint.CodeNotFound, judge("zhao-lei", "operations.head").Code, "and the secondary")
	require.Nil(t, judge("xu-mei"), "who was chosen instead")
}

func TestARungOfAStepBesideLeavesItWithWhoeverItMovedTo(t *testing.T) {
	report := func(c *complaint.Complaint, r complaint.SideReport) {
		r.Side, r.ID, r.Person, r.Role = "accountability", "1", "yang-fan", "operations.head"
		step := taken(complaint.Report, cast["system"], complaint.Facts{Report: &r})
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
	}
	c := at(complaint.Proposing)
	report(c, complaint.SideReport{State: "judgement"})
	c.Apply(complaint.Event{Kind: complaint.TaskMoved, At: now, Moved: &complaint.Moved{Side: "accountability", ID: "1", From: "yang-fan", To: "zhao-lei"}})
	require.True(t, c.OnDuty(complaint.Actor{Person: "zhao-lei"}))
	report(c, complaint.SideReport{State: "judgement", Rung: "75%"})
	require.Equal(t, complaint.PersonID("zhao-lei"), c.Sides[0].Person)
	report(c, complaint.SideReport{State: "review"})
	require.Equal(t, complaint.PersonID("yang-fan"), c.Sides[0].Person, "the next step has its own")
}
