package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestNobodyApprovesWhatTheyAskedForThemselves(t *testing.T) {
	c := at(complaint.Implementing)
	c.Approvals = []complaint.Approval{{Matter: complaint.MatterSuspension, Number: 1, By: cast["manager"].Person,
		Levels: []complaint.Level{{Role: complaint.ServiceManager, Person: "sun-hao"}, {Role: complaint.Director, Person: "ma-chao"}}},
		{Matter: complaint.MatterVisit, Number: 1, By: "zhao-lei", Levels: []complaint.Level{{Role: complaint.ServiceManager, Person: cast["manager"].Person}}}}
	refusal := c.Check(taken(complaint.Approve, cast["manager"], complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 1}}))
	require.NotNil(t, refusal)
	require.Equal(t, complaint.ReasonOwnMatter, refusal.Reason)
	require.Nil(t, c.Check(taken(complaint.Approve, cast["manager"], complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterVisit, Number: 1}})))
}

func TestASubjectSeesNothingOfTheComplaintWhateverTheirRole(t *testing.T) {
	for name, actor := range cast {
		if actor.Person == complaint.Customer || actor.Person == complaint.Operator || actor.Person == complaint.Procedure {
			continue // no employees
		}
		c := at(complaint.Investigating, func(c *complaint.Complaint) { c.Subjects = []complaint.PersonID{actor.Person} })
		require.False(t, c.Visible(actor), name)
		require.Empty(t, c.Allowed(actor, time.Time{}), name)
		refusal := c.Check(taken(complaint.Note, actor, complaint.Facts{}))
		require.Equal(t, complaint.CodeNotFound, refusal.Code, name)
		require.Empty(t, refusal.Allowed, name)
	}
}

func TestPuttingASubjectIntoARoleIsAConflictOfInterest(t *testing.T) {
	subject := func(c *complaint.Complaint) { c.Subjects = []complaint.PersonID{"huang-li"} }
	for what, refusal := range map[string]*complaint.Refusal{
		"as handler": at(complaint.Assigning, subject).Check(taken(complaint.Assign, cast["owner"],
			complaint.Facts{Assignment: &complaint.Assignment{Handler: "huang-li"}})),
		"as owner": at(complaint.Assigning, subject).Check(taken(complaint.Assign, cast["manager"],
			complaint.Facts{Assignment: &complaint.Assignment{Owner: "huang-li"}})),
		"as new handler": at(complaint.Proposing, subject).Check(taken(complaint.Reassign, cast["head"],
			complaint.Facts{Assignment: &complaint.Assignment{Handler: "huang-li"}})),
		"by an order": at(complaint.Proposing, subject).Check(taken(complaint.Instruct, cast["auditor"],
			complaint.Facts{Order: &complaint.Order{To: "huang-li", Due: now.AddDate(0, 0, 1)}})),
		"at registration": (&complaint.Complaint{}).Check(taken(complaint.Register, cast["agent"], complaint.Facts{
			Registration: &complaint.Registration{Subjects: []complaint.PersonID{"huang-li"}},
			Assignment:   &complaint.Assignment{Handler: "huang-li"}})),
	} {
		require.NotNil(t, refusal, what)
		require.Equal(t, complaint.CodeConflictOfInterest, refusal.Code, what)
		require.Equal(t, complaint.ReasonSubject, refusal.Reason, what)
	}
}

func TestThoseFoundLiableLeaveTheCaseAtOnce(t *testing.T) {
	c := at(complaint.Investigating, accepted)
	step := taken(complaint.Find, cast["handler"], complaint.Facts{Findings: &complaint.Findings{Founded: true,
		Liability: complaint.LiableDepartment, People: []complaint.PersonID{"zhao-lei", "yang-fan"}}})
	require.Nil(t, c.Check(step))
	c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, By: "zhao-lei", Step: &step})
	require.False(t, c.Visible(cast["handler"]))
	require.False(t, c.Visible(cast["head"]))
	require.Equal(t, complaint.ReasonSubject, c.Check(taken(complaint.Propose, cast["handler"], complaint.Facts{})).Reason)
}

func TestAWhistleblowingLetterIsSeenByThePeopleNamedAndNobodyElse(t *testing.T) {
	c := at(complaint.Investigating, func(c *complaint.Complaint) {
		c.People.SeenBy = []complaint.PersonID{"xu-mei", "sun-hao"}
		c.People.Owner, c.People.Agent, c.People.Handler = "xu-mei", "xu-mei", "sun-hao"
	})
	for _, name := range []string{"agent", "registrant", "manager", "head", "general", "auditor", "administrator", "team", "supporter"} {
		require.False(t, c.Visible(cast[name]), name)
	}
	require.True(t, c.Visible(cast["director"]), "sun-hao is named")
	require.True(t, c.Visible(complaint.Actor{Person: "xu-mei"}))
	require.True(t, c.Visible(cast["customer"]))

	c.Stage = complaint.Explaining
	require.Nil(t, c.Check(taken(complaint.Explain, complaint.Actor{Person: "xu-mei"},
		complaint.Facts{Explanation: &complaint.Explanation{}})), "the people named stand in for the agent")
	c.Stage, c.Contested = complaint.Received, true
	require.Nil(t, c.Check(taken(complaint.Screen, complaint.Actor{Person: "xu-mei"}, complaint.Facts{Screening: c.Screening})),
		"and for the service manager")
}

func TestACallerIsNoPartyToTheCaseButTheOwnerMayCall(t *testing.T) {
	call := complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Satisfied}}
	for _, row := range []struct {
		who     string
		is      func(*complaint.Complaint)
		refused bool
	}{
		{"handler", func(c *complaint.Complaint) { c.People.Handler = "li-na" }, true},
		{"handler before", func(c *complaint.Complaint) { c.Parties = []complaint.PersonID{"li-na"} }, true},
		{"owner", func(c *complaint.Complaint) { c.People.Owner = "li-na"; c.Parties = []complaint.PersonID{"li-na"} }, false},
		{"agent alone", func(*complaint.Complaint) {}, false},
	} {
		refusal := at(complaint.FollowingUp, row.is).Check(taken(complaint.CallBack, cast["agent"], call))
		require.Equal(t, row.refused, refusal != nil, row.who)
	}
}

func TestWhoeverApprovedIsAPartyToTheCase(t *testing.T) {
	c := at(complaint.Approving, toApprove)
	step := taken(complaint.Approve, cast["manager"], complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}})
	c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
	require.Contains(t, c.Parties, complaint.PersonID("zhang-min"))
}

func TestNobodyApprovesTheirOwnProposal(t *testing.T) {
	own := func(c *complaint.Complaint) {
		toApprove(c)
		c.Approvals[0].By, c.Proposal.By = "zhang-min", "zhang-min"
	}
	c := at(complaint.Approving, own)
	decision := complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}
	require.Equal(t, complaint.CodeForbidden, c.Check(taken(complaint.Approve, cast["manager"], decision)).Code)
	require.NotContains(t, c.Allowed(cast["manager"], time.Time{}), complaint.Approve)

	another := complaint.Actor{Person: "wang-fang", Roles: []complaint.Role{"dispatch.head"}}
	require.Nil(t, c.Check(taken(complaint.Approve, another, decision)), "the other holder of the duty decides")
}

func TestTheRightToDecideMovesUpWhenARungHandsItOver(t *testing.T) {
	c := at(complaint.Approving, toApprove, climbedTo(3))
	decision := complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}
	require.NotNil(t, c.Check(taken(complaint.Approve, cast["general"], decision)))
	c.Deadlines = []complaint.Deadline{{Name: "approve", Round: 1, State: complaint.Running,
		Rungs: []complaint.Rung{{Label: "+1wd", Tier: 3, Does: complaint.HandOverDecision, FiredAt: &now}}}}
	require.Nil(t, c.Check(taken(complaint.Approve, cast["general"], decision)))
}
