package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestTheTierIsTheHighestOfRoundsAndOpenDeadlines(t *testing.T) {
	fired := func(tier int, state complaint.DeadlineState) complaint.Deadline {
		return complaint.Deadline{State: state, Rungs: []complaint.Rung{{Tier: tier, FiredAt: &now}, {Tier: 3}}}
	}
	for _, row := range []struct {
		what      string
		rounds    int
		deadlines []complaint.Deadline
		tier      int
	}{
		{"nothing has happened", 0, nil, 0},
		{"rounds alone", 2, nil, 2},
		{"a deadline alone", 0, []complaint.Deadline{fired(1, complaint.Running)}, 1},
		{"the deadline is higher", 1, []complaint.Deadline{fired(2, complaint.Running)}, 2},
		{"the rounds are higher", 2, []complaint.Deadline{fired(1, complaint.Running)}, 2},
		{"the higher of two deadlines", 0, []complaint.Deadline{fired(2, complaint.Paused), fired(1, complaint.Running)}, 2},
		{"a deadline that has ended counts no more", 0, []complaint.Deadline{fired(2, complaint.Met)}, 0},
	} {
		c := complaint.Complaint{RoundsTier: row.rounds, Deadlines: row.deadlines}
		require.Equal(t, row.tier, c.Tier(), row.what)
	}
}

func TestRoundsNeverFallATier(t *testing.T) {
	c := complaint.Complaint{RoundsTier: 2}
	c.Apply(complaint.Event{Kind: complaint.TierReached, Tier: 1})
	require.Equal(t, 2, c.Tier())
}

func TestAnAcknowledgementSkipsExactlyTheNextRungOfItsDeadline(t *testing.T) {
	c := at(complaint.Investigating, asking)
	other := c.Clone().Deadlines[0]
	other.Name = "contact"
	c.Deadlines = append(c.Deadlines, other)
	c.Asked = append(c.Asked, complaint.RungRef{Deadline: "contact", Round: 1})

	step := taken(complaint.Acknowledge, cast["head"], complaint.Facts{Acknowledged: &complaint.Acknowledged{Deadline: "settle"}})
	require.Nil(t, c.Check(step))
	asked, waits := c.AskedOf(step)
	require.True(t, waits)
	ref := c.RungAfter(asked)
	require.Equal(t, 1, ref.Rung)
	c.Apply(complaint.Event{Kind: complaint.RungSkipped, At: now, Rung: &ref})

	settle, _ := c.Deadline("settle")
	require.Equal(t, []bool{false, true, false}, []bool{settle.Rungs[0].Skipped, settle.Rungs[1].Skipped, settle.Rungs[2].Skipped})
	contact, _ := c.Deadline("contact")
	require.False(t, contact.Rungs[1].Skipped, "the other deadline still asks")
	require.Equal(t, complaint.ReasonNothingAsked, c.Check(step).Reason, "once")

	last := taken(complaint.Acknowledge, cast["head"], complaint.Facts{})
	asked, waits = c.AskedOf(last)
	require.True(t, waits)
	require.Equal(t, "contact", asked.Deadline, "unnamed, it is the one that asked last")
}

func TestAnAcknowledgementWithNoRungLeftOnlyEndsTheAsking(t *testing.T) {
	c := at(complaint.Investigating, asking)
	c.Deadlines[0].Rungs = c.Deadlines[0].Rungs[:1]
	ref := c.RungAfter(c.Asked[0])
	c.Apply(complaint.Event{Kind: complaint.RungSkipped, At: now, Rung: &ref})
	require.Empty(t, c.Asked)
}

func TestThePeopleOfTheCaseDoNotAcknowledgeForTheManager(t *testing.T) {
	c := at(complaint.Investigating, asking) // the rung tells the owner as well
	owner := complaint.Actor{Person: "wang-wei", Roles: []complaint.Role{complaint.Owner}}
	require.Equal(t, complaint.CodeForbidden, c.Check(taken(complaint.Acknowledge, owner, complaint.Facts{})).Code)
}

func TestAFiredRungIsOverAndALapseStays(t *testing.T) {
	c := at(complaint.Investigating, asking)
	c.Deadlines[0].Rungs[0].FiredAt = nil
	ref, armed := c.NextRung()
	require.True(t, armed)
	late := ref.At.Add(time.Hour) // after an outage
	c.Apply(complaint.Event{Kind: complaint.RungFired, At: late, Rung: &ref, Tier: 1})
	next, _ := c.NextRung()
	require.Equal(t, 1, next.Rung)
	settle, _ := c.Deadline("settle")
	require.Equal(t, settle.DueAt, *settle.LapsedAt, "it lapsed when it was due, however late that was seen")
}

func TestAPausedClockFiresNothing(t *testing.T) {
	c := at(complaint.Investigating, asking)
	c.Deadlines[0].State = complaint.Paused
	_, armed := c.NextRung()
	require.False(t, armed)
}

func TestOfTwoRungsAtTheSameInstantTheLowerTierComesFirst(t *testing.T) {
	c := complaint.Complaint{Deadlines: []complaint.Deadline{
		{Name: "a", State: complaint.Running, Rungs: []complaint.Rung{{At: now, Tier: 2}}},
		{Name: "b", State: complaint.Running, Rungs: []complaint.Rung{{At: now, Tier: 1}}},
		{Name: "c", State: complaint.Running, Rungs: []complaint.Rung{{At: now, Tier: 1}}},
	}}
	ref, _ := c.NextRung()
	require.Equal(t, "b", ref.Deadline)
}

func TestClosingEndsWhatWasOpen(t *testing.T) {
	c := at(complaint.AwaitingCustomer, toApprove, resting, asking)
	c.Apply(complaint.Event{Kind: complaint.StageEntered, At: now, From: complaint.AwaitingCustomer, Stage: complaint.Closed})
	_, rests := c.Suspended()
	require.False(t, rests, "a reopened complaint doesn't rest for an old matter")
	require.Empty(t, c.Approvals)
	require.Empty(t, c.Asked)
}

func TestAContestedComplaintThatIsUpheldIsContestedNoMore(t *testing.T) {
	c := at(complaint.Received, func(c *complaint.Complaint) { c.Contested = true })
	c.Apply(complaint.Event{Kind: complaint.StageEntered, At: now, From: complaint.Received, Stage: complaint.Assigning})
	require.False(t, c.Contested)
}

func TestAnotherHandlerHasToAcceptAnew(t *testing.T) {
	c := at(complaint.Investigating, accepted)
	people := c.People
	people.Handler = "huang-li"
	c.Apply(complaint.Event{Kind: complaint.PeopleNamed, People: &people})
	require.False(t, c.Accepted)
}

func TestAnOpenOrderGoesWithTheRole(t *testing.T) {
	c := at(complaint.Investigating, func(c *complaint.Complaint) {
		c.Orders = []complaint.OrderGiven{{To: "zhao-lei"}, {To: "zhao-lei", Answered: true}, {To: "wang-wei"}, {To: "yang-fan"}}
	})
	people := c.People
	people.Handler = "huang-li"
	c.Apply(complaint.Event{Kind: complaint.PeopleNamed, People: &people})
	require.Equal(t, []complaint.OrderGiven{{To: "huang-li"}, {To: "zhao-lei", Answered: true}, {To: "wang-wei"}, {To: "yang-fan"}}, c.Orders)
}

func TestAFixIsReportedInParts(t *testing.T) {
	c := at(complaint.Implementing, proposed) // two remedies
	part := func(n int) complaint.Step {
		return taken(complaint.Implement, cast["handler"], complaint.Facts{Work: &complaint.Work{Done: true, Part: n}})
	}
	for _, row := range []struct {
		part int
		done bool
	}{{1, false}, {1, false}, {2, true}} {
		step := part(row.part)
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
		require.Equal(t, row.done, c.WorkDone(step))
	}
}

func TestEachLevelDecidesInItsOrderAndARefusalStands(t *testing.T) {
	c := at(complaint.Approving, toApprove)
	decide := func(name complaint.StepName, by string) {
		step := taken(name, cast[by], complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}})
		require.Nil(t, c.Check(step))
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
	}
	decide(complaint.Approve, "manager")
	require.False(t, c.ProposalApproved())
	decide(complaint.Refuse, "director")
	require.False(t, c.ProposalApproved())
	again := c.Check(taken(complaint.Approve, cast["director"], complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}))
	require.NotNil(t, again, "a decision taken isn't taken again")
}

func TestWhatIsMissingBeforeTheFileCloses(t *testing.T) {
	c := at(complaint.Closing, func(c *complaint.Complaint) {
		c.Terms.CloseRequires = []string{"customer", "narrative", "category", "findings", "proposal", "result", "satisfaction", "assessment", "waybill"}
		c.Callbacks = 1
	})
	closing := func(fields ...string) complaint.Step {
		return taken(complaint.Close, cast["owner"], complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Resolved}, Fields: fields})
	}
	refusal := c.Check(closing())
	require.Equal(t, complaint.CodeRuleViolation, refusal.Code)
	require.Equal(t, complaint.ReasonIncomplete, refusal.Reason)
	require.Equal(t, []string{"findings", "proposal", "result", "satisfaction", "assessment", "waybill"}, refusal.Missing)

	value := false
	c.Findings, c.Satisfaction, c.CaseValue = &complaint.Findings{}, complaint.Unreached, &value
	proposed(c)
	require.Equal(t, []string{"result", "waybill"}, c.Check(closing()).Missing)
	require.Nil(t, c.Check(closing("result", "waybill")), "the step itself may bring them")
}

func TestTheOlderNumberWins(t *testing.T) {
	for _, row := range []struct {
		number, of string
		refused    bool
	}{
		{"CS-2026-000007", "CS-2026-000003", false},
		{"CS-2026-000003", "CS-2026-000007", true},
		{"CS-2027-000001", "CS-2026-999999", false},
		{"CS-2026-1000000", "CS-2026-999999", false}, // the sequence has outgrown its places
	} {
		c := at(complaint.Proposing, func(c *complaint.Complaint) { c.Number = row.number })
		refusal := c.Check(taken(complaint.Link, cast["owner"], complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Duplicates, Number: row.of}}))
		require.Equal(t, row.refused, refusal != nil, row.number)
		if row.refused {
			require.Equal(t, complaint.ReasonOlderNumberWins, refusal.Reason)
		}
		require.Nil(t, c.Check(taken(complaint.Link, cast["owner"], complaint.Facts{Linked: &complaint.Linked{Relation: complaint.PartOfMass, Number: row.of}})))
	}
}

// zammad#1216, frappe/helpdesk#2539: two merges that crossed left both merged away.
func TestElsewhere_zammad1216_OfTwoMergesThatCrossOneIsRefused(t *testing.T) {
	merge := func(number, into string) *complaint.Refusal {
		c := at(complaint.Proposing, func(c *complaint.Complaint) { c.Number = number })
		return c.Check(taken(complaint.Link, cast["owner"], complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Duplicates, Number: into}}))
	}
	require.Nil(t, merge("CS-2026-000008", "CS-2026-000007"))
	require.NotNil(t, merge("CS-2026-000007", "CS-2026-000008"))
}

// glpi#24399, #25571: a refusal shown as approved after a second decision; the
// second approval step never created.
func TestElsewhere_glpi24399_ADecisionIsBoundToItsRevision(t *testing.T) {
	c := at(complaint.Approving, toApprove)
	old := complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 1}}
	refusal := c.Check(taken(complaint.Approve, cast["manager"], old))
	require.Equal(t, complaint.CodeStaleProposal, refusal.Code)
	require.Equal(t, 2, refusal.Revision, "it names the newest")
}

func TestCodedFactsHoldNoWords(t *testing.T) {
	due := now
	coded := complaint.Facts{
		Suspension: &complaint.Suspension{Kind: complaint.PartsOnOrder, Until: due},
		Assignment: &complaint.Assignment{Department: "operations", Handler: "zhao-lei"},
		Report:     &complaint.SideReport{Side: "accountability", ID: "1", State: "judgement", Rung: "75%", Tell: []complaint.Role{"operations.head"}, Due: &due},
		Fields:     []string{"waybill"},
	}
	require.True(t, coded.Coded())
	require.True(t, complaint.Facts{Report: &complaint.SideReport{Rung: "+1wd"}}.Coded())
	for _, words := range []string{"the driver shouted", "司机骂人", "a\nb", "<b>", "zhao@example.com", string(make([]byte, 200))} {
		require.False(t, complaint.Facts{Assignment: &complaint.Assignment{Department: words}}.Coded(), "%q", words)
		require.False(t, complaint.Facts{Fields: []string{words}}.Coded(), "%q", words)
	}
}

func TestACloneAndItsOriginalChangeApart(t *testing.T) {
	c := at(complaint.Approving, toApprove, asking, resting)
	before := c.Clone()
	copied := c.Clone()
	copied.Approvals[0].Levels[0].DecidedBy = "zhang-min"
	copied.Deadlines[0].Rungs[1].Skipped = true
	copied.Matters[0].Over = true
	require.Equal(t, before, c.Clone())
}

func TestAClockThatLapsedIsKnownAfterItHasEnded(t *testing.T) {
	for _, row := range []struct {
		generation int
		lapsed     bool
		late       []string
	}{{complaint.Newest, true, []string{"settle"}}, {complaint.Newest, false, []string{}}, {complaint.Reviewed, true, []string{}}} {
		c := complaint.Complaint{Terms: complaint.Terms{Generation: row.generation}}
		d := complaint.Deadline{Name: "settle", Round: 1, State: complaint.Running}
		c.Apply(complaint.Event{Kind: complaint.DeadlineStarted, At: now, Deadline: &d})
		if row.lapsed {
			d.LapsedAt = &now
		}
		d.State = complaint.MetLate
		c.Apply(complaint.Event{Kind: complaint.DeadlineEnded, At: now, Deadline: &d})
		require.Equal(t, row.late, c.Late(), "generation %d", row.generation)
	}
}

func TestAComplaintKeepsWhatWasChosenLastAndWhetherTheNewestReplyIsEnough(t *testing.T) {
	c := at(complaint.Proposing)
	proposed := func(asked bool) complaint.Facts {
		return complaint.Facts{Choices: map[string]string{"wish": map[bool]string{true: "return", false: "repair"}[asked]},
			Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "repair"}}, AskedMore: asked}}
	}
	for _, asked := range []bool{true, false} {
		step := taken(complaint.Propose, cast["handler"], proposed(asked))
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
		require.Equal(t, asked, c.AskedMore)
		require.Equal(t, proposed(asked).Choices, c.Choices)
	}
	step := taken(complaint.Close, cast["owner"], complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Unresolved, AskedMore: true}})
	c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
	require.True(t, c.AskedMore)
}
