package complaint_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
)

var (
	nextWeek   = now.AddDate(0, 0, 7)
	everyStage = complaint.Stages()
	open       = everyStage[:len(everyStage)-1]
)

// steps says for each step at which stages and by whom it is taken, with what it
// carries and what has to have happened.
var steps = []struct {
	step   complaint.StepName
	stages []complaint.Stage
	by     string
	facts  complaint.Facts
	given  func(*complaint.Complaint)
}{
	{step: complaint.ResolveOnSpot, stages: []complaint.Stage{complaint.Received, complaint.Assigning, complaint.Investigating},
		by: "agent owner handler", facts: complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}},
	{step: complaint.Screen, stages: []complaint.Stage{complaint.Received}, by: "agent owner", facts: complaint.Facts{
		Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "operations", Severity: complaint.Normal}}},
	{step: complaint.Explain, stages: []complaint.Stage{complaint.Explaining}, by: "agent customer",
		facts: complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}},
	{step: complaint.Assign, stages: []complaint.Stage{complaint.Assigning}, by: "owner manager operator",
		facts: complaint.Facts{Assignment: &complaint.Assignment{Department: "operations"}}},
	{step: complaint.Accept, stages: []complaint.Stage{complaint.Investigating}, by: "handler"},
	{step: complaint.Return, stages: []complaint.Stage{complaint.Investigating}, by: "handler"},
	{step: complaint.Contact, stages: []complaint.Stage{complaint.Investigating, complaint.Proposing, complaint.Approving, complaint.AwaitingCustomer,
		complaint.Implementing, complaint.Verifying, complaint.FollowingUp, complaint.Closing},
		by: "handler owner", facts: complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}},
	{step: complaint.MarkSpecial, stages: open, by: "manager"}, // who the procedure names
	{step: complaint.RequestSupport, stages: []complaint.Stage{complaint.Investigating, complaint.Proposing, complaint.Approving,
		complaint.AwaitingCustomer, complaint.Implementing},
		by: "handler", facts: complaint.Facts{Support: &complaint.Support{Department: "service"}}},
	{step: complaint.GiveSupport, stages: open, by: "supporter", facts: complaint.Facts{Support: &complaint.Support{Request: 1}}, given: supportAsked},
	{step: complaint.Find, stages: []complaint.Stage{complaint.Investigating}, by: "handler", given: accepted,
		facts: complaint.Facts{Findings: &complaint.Findings{Founded: true, Liability: complaint.Undetermined}}},
	{step: complaint.Propose, stages: []complaint.Stage{complaint.Proposing}, by: "handler owner",
		facts: complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}, TimeLimit: &nextWeek}}},
	{step: complaint.Propose, stages: []complaint.Stage{complaint.Proposing}, by: "handler owner head director", given: climbedTo(2),
		facts: complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}, TimeLimit: &nextWeek}}},
	{step: complaint.Approve, stages: open, by: "manager", given: toApprove,
		facts: complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}},
	{step: complaint.Refuse, stages: open, by: "manager", given: toApprove,
		facts: complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}},
	{step: complaint.Inform, stages: []complaint.Stage{complaint.AwaitingCustomer}, by: "owner customer", given: proposed,
		facts: complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 2}}},
	{step: complaint.Answer, stages: []complaint.Stage{complaint.AwaitingCustomer}, by: "customer owner agent", given: proposed,
		facts: complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 2, Agrees: true}}},
	{step: complaint.Visit, stages: []complaint.Stage{complaint.Investigating, complaint.Proposing, complaint.Approving,
		complaint.AwaitingCustomer, complaint.Implementing},
		by: "handler owner director", facts: complaint.Facts{Visit: &complaint.VisitFacts{Report: true}}},
	{step: complaint.Implement, stages: []complaint.Stage{complaint.Implementing}, by: "handler", facts: complaint.Facts{Work: &complaint.Work{Done: true}}},
	{step: complaint.Verify, stages: []complaint.Stage{complaint.Verifying}, by: "owner", facts: complaint.Facts{Check: &complaint.Verification{Satisfied: true}}},
	{step: complaint.CallBack, stages: []complaint.Stage{complaint.FollowingUp}, by: "agent owner customer",
		facts: complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Satisfied}}},
	{step: complaint.Assess, stages: []complaint.Stage{complaint.FollowingUp, complaint.Closing}, by: "owner",
		facts: complaint.Facts{Assessment: &complaint.Assessment{CaseValue: true}}},
	{step: complaint.Close, stages: []complaint.Stage{complaint.Closing}, by: "owner",
		facts: complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Resolved}}},
	{step: complaint.Close, stages: open, by: "owner agent", facts: complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Referred}}},
	{step: complaint.Close, stages: open, by: "owner agent", given: enquired, facts: complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Answered}}},
	{step: complaint.Close, stages: open, by: "owner", given: func(c *complaint.Complaint) { c.Proposal = nil },
		facts: complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.RegisteredInError}}},
	{step: complaint.Close, stages: open, by: "owner", facts: complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Unresolved}},
		given: func(c *complaint.Complaint) { declined(c); c.RoundsTier = 3 }},
	{step: complaint.Suspend, stages: open, by: "owner operator",
		facts: complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.PartsOnOrder, Until: now.AddDate(0, 0, 3)}}},
	{step: complaint.Resume, stages: open, by: "owner operator", given: resting},
	{step: complaint.Extend, stages: open, by: "manager director general operator", given: asking,
		facts: complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: now.AddDate(0, 0, 3)}}},
	{step: complaint.Escalate, stages: open, by: "agent owner handler head manager director general operator"},
	{step: complaint.Acknowledge, stages: open, by: "head", given: asking},
	{step: complaint.Reassign, stages: open[2:], by: "head manager director general operator",
		facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "huang-li"}}},
	{step: complaint.TakeOver, stages: []complaint.Stage{complaint.Assigning, complaint.Investigating, complaint.Proposing, complaint.Approving,
		complaint.AwaitingCustomer, complaint.Implementing, complaint.Verifying}, by: "head director", given: climbedTo(2)},
	{step: complaint.Instruct, stages: open, by: "head director auditor", given: climbedTo(2),
		facts: complaint.Facts{Order: &complaint.Order{Due: now.AddDate(0, 0, 1)}}},
	{step: complaint.CarriedOut, stages: open, by: "owner", given: ordered},
	{step: complaint.CallOutDone, stages: open, by: "team manager", given: calledOut},
	{step: complaint.Note, stages: everyStage, by: "registrant agent owner handler head manager director general customer auditor operator"},
	{step: complaint.Correct, stages: everyStage, by: "agent owner handler", given: func(c *complaint.Complaint) { c.Terms.Generation = complaint.Correcting },
		facts: complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{"email"}}}},
	{step: complaint.Link, stages: open, by: "owner",
		facts: complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Duplicates, Number: "CS-2026-000003"}}},
	{step: complaint.Withdraw, stages: open, by: "customer agent owner"},
	{step: complaint.Reopen, stages: []complaint.Stage{complaint.Closed}, by: "owner customer agent", facts: complaint.Facts{Reopening: &complaint.Reopening{AskedBy: "phone"}}, given: func(c *complaint.Complaint) { windowsOpen(c); c.Terms.Generation = complaint.Correcting }},
	{step: complaint.Appeal, stages: []complaint.Stage{complaint.Closed}, by: "customer owner agent", given: windowsOpen},
	{step: complaint.Substitute, stages: everyStage, by: "system", facts: complaint.Facts{Absent: &complaint.Absent{Person: "zhao-lei"}}},
	{step: complaint.Rebase, stages: everyStage, by: "administrator", facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 2}}},
	{step: complaint.Report, stages: everyStage, by: "system", facts: complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1"}}},
}

// First review: G2.
func TestWhoMayTakeEachStepAtEachStage(t *testing.T) {
	for _, row := range steps {
		for _, stage := range everyStage {
			for name, actor := range cast {
				c := at(stage)
				if row.given != nil {
					row.given(c)
				}
				refusal := c.Check(taken(row.step, actor, row.facts))
				said := string(row.step) + " by the " + name + " at " + string(stage)

				switch mayBe, theirs := slices.Contains(row.stages, stage), slices.Contains(strings.Fields(row.by), name); {
				case !theirs && slices.Contains([]string{"supporter", "team", "administrator"}, name):
					// They have no part in the complaint until help is asked, the team is called
					// out, or it is re-based.
					require.NotNil(t, refusal, said)
					require.Equal(t, complaint.CodeNotFound, refusal.Code, said)
					require.Empty(t, refusal.Stage, said)
					continue
				case !mayBe && stage == complaint.Closed:
					require.NotNil(t, refusal, said)
					require.Equal(t, complaint.CodeClosed, refusal.Code, said)
					require.Equal(t, complaint.ReasonClosed, refusal.Reason, said)
				case !mayBe && theirs:
					require.NotNil(t, refusal, said)
					require.Equal(t, complaint.CodeStepNotAllowed, refusal.Code, said)
					require.Equal(t, complaint.ReasonWrongStage, refusal.Reason, said)
				case mayBe && !theirs:
					require.NotNil(t, refusal, said)
					require.Equal(t, complaint.CodeForbidden, refusal.Code, said)
					require.Equal(t, complaint.ReasonNotYourStep, refusal.Reason, said)
				case !mayBe:
					require.NotNil(t, refusal, said)
					require.Contains(t, []complaint.Code{complaint.CodeForbidden, complaint.CodeStepNotAllowed}, refusal.Code, said)
				default:
					require.Nil(t, refusal, said)
				}
				if refusal != nil {
					require.Equal(t, row.step, refusal.Step)
					require.Equal(t, stage, refusal.Stage)
					require.NotContains(t, refusal.Allowed, complaint.Register)
				}
			}
		}
	}
}

func TestEveryStepHasItsRow(t *testing.T) {
	for _, name := range complaint.StepNames() {
		has := false
		for _, row := range steps {
			has = has || row.step == name
		}
		require.True(t, has, "%s", name)
	}
}

func TestAnOutsiderDoesNotKnowOfTheComplaint(t *testing.T) {
	for _, stage := range everyStage {
		for _, row := range steps {
			refusal := at(stage).Check(taken(row.step, outsider, row.facts))
			require.NotNil(t, refusal)
			require.Equal(t, complaint.CodeNotFound, refusal.Code)
			require.Empty(t, refusal.Allowed, "what is allowed would tell that it exists")
			require.Empty(t, refusal.Stage)
		}
		require.Empty(t, at(stage).Allowed(outsider, time.Time{}))
	}
}

func TestTheHeadOfADepartmentThatTakesPartMaySeeTheComplaint(t *testing.T) {
	head := complaint.Actor{Person: "liu-yang", Roles: []complaint.Role{"service.head"}}
	require.False(t, at(complaint.Investigating).Visible(head))
	require.True(t, at(complaint.Investigating, func(c *complaint.Complaint) { c.People.With = []string{"service"} }).Visible(head))
}

// First review: G3.
func TestAssigningNothingIsToldWhatIsMissing(t *testing.T) {
	without := func(change func(*complaint.People)) func(*complaint.Complaint) {
		return func(c *complaint.Complaint) {
			c.Terms.NamedBy = "dispatch.head"
			change(&c.People)
		}
	}
	for missing, c := range map[string]*complaint.Complaint{
		"owner":      at(complaint.Assigning, without(func(p *complaint.People) { p.Owner, p.Department, p.Handler = "", "", "" })),
		"department": at(complaint.Assigning, without(func(p *complaint.People) { p.Department, p.Handler = "", "" })),
		"handler":    at(complaint.Assigning, without(func(p *complaint.People) { p.Handler = "" })),
	} {
		refusal := c.Check(taken(complaint.Assign, cast["manager"], complaint.Facts{Assignment: &complaint.Assignment{}}))
		require.Equal(t, complaint.ReasonMissingFacts, refusal.Reason, missing)
		require.Equal(t, []string{missing}, refusal.Missing)
		require.Nil(t, c.Check(taken(complaint.Assign, cast["manager"], complaint.Facts{Assignment: &complaint.Assignment{Owner: "wang-wei"}})))
	}
}

func TestWhatAStepMustCarry(t *testing.T) {
	due, unset := now, time.Time{}
	for _, row := range []struct {
		step    complaint.StepName
		by      string
		c       *complaint.Complaint
		facts   complaint.Facts
		missing []string
	}{
		{complaint.ResolveOnSpot, "agent", at(complaint.Received), complaint.Facts{OnSpot: &complaint.OnSpot{}}, []string{"customer_accepts"}},
		{complaint.Screen, "agent", at(complaint.Received), complaint.Facts{}, []string{"kind", "valid", "category", "severity"}},
		{complaint.Screen, "agent", at(complaint.Received), complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindEnquiry}}, []string{"category", "severity"}},
		{complaint.Explain, "agent", at(complaint.Explaining), complaint.Facts{}, []string{"contested"}},
		{complaint.Assign, "owner", at(complaint.Assigning), complaint.Facts{Assignment: &complaint.Assignment{}}, []string{"department"}},
		{complaint.Contact, "handler", at(complaint.Investigating), complaint.Facts{}, []string{"reached"}},
		{complaint.RequestSupport, "handler", at(complaint.Investigating), complaint.Facts{}, []string{"department"}},
		{complaint.Find, "handler", at(complaint.Investigating, accepted), complaint.Facts{Findings: &complaint.Findings{}}, []string{"liability"}},
		{complaint.Propose, "handler", at(complaint.Proposing), complaint.Facts{Proposal: &complaint.Proposal{TimeLimit: &due}}, []string{"remedies"}},
		{complaint.Propose, "handler", at(complaint.Proposing), complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund"}}}}, []string{"time_limit"}},
		{complaint.Approve, "manager", at(complaint.Approving, toApprove), complaint.Facts{}, []string{"matter"}},
		{complaint.Approve, "manager", at(complaint.Approving, toApprove), complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal}}, []string{"proposal_revision"}},
		{complaint.Inform, "owner", at(complaint.AwaitingCustomer, proposed), complaint.Facts{}, []string{"proposal_revision"}},
		{complaint.Answer, "customer", at(complaint.AwaitingCustomer, proposed), complaint.Facts{Answer: &complaint.CustomerReply{Agrees: true}}, []string{"proposal_revision"}},
		{complaint.Visit, "handler", at(complaint.Investigating), complaint.Facts{}, []string{"report"}},
		{complaint.Implement, "handler", at(complaint.Implementing), complaint.Facts{Work: &complaint.Work{}}, []string{"done"}},
		{complaint.Verify, "owner", at(complaint.Verifying), complaint.Facts{}, []string{"satisfied"}},
		{complaint.Verify, "owner", at(complaint.Verifying), complaint.Facts{Check: &complaint.Verification{BackTo: complaint.Received}}, []string{"back_to"}},
		{complaint.CallBack, "agent", at(complaint.FollowingUp), complaint.Facts{Callback: &complaint.Callback{Reached: true}}, []string{"satisfaction"}},
		{complaint.Assess, "owner", at(complaint.Closing), complaint.Facts{}, []string{"case_value"}},
		{complaint.Close, "owner", at(complaint.Closing), complaint.Facts{}, []string{"outcome"}},
		{complaint.Suspend, "owner", at(complaint.Proposing), complaint.Facts{Suspension: &complaint.Suspension{Until: unset}}, []string{"kind", "until"}},
		{complaint.Extend, "manager", at(complaint.Proposing), complaint.Facts{Extension: &complaint.Extension{}}, []string{"deadline", "due"}},
		{complaint.Reassign, "head", at(complaint.Proposing), complaint.Facts{Assignment: &complaint.Assignment{Department: "it"}}, []string{"handler"}},
		{complaint.Instruct, "auditor", at(complaint.Proposing), complaint.Facts{Order: &complaint.Order{}}, []string{"due"}},
		{complaint.Link, "owner", at(complaint.Proposing), complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Repeats}}, []string{"number"}},
	} {
		refusal := row.c.Check(taken(row.step, cast[row.by], row.facts))
		require.NotNil(t, refusal, row.step)
		require.Equal(t, complaint.CodeRuleViolation, refusal.Code, row.step)
		require.Equal(t, complaint.ReasonMissingFacts, refusal.Reason, row.step)
		require.Equal(t, row.missing, refusal.Missing, row.step)
	}
}

func TestWhatAStepNeedsBesidesStageAndPerson(t *testing.T) {
	decision := func(matter complaint.Matter, revision int) complaint.Facts {
		return complaint.Facts{Decision: &complaint.Decision{Matter: matter, ProposalRevision: revision}}
	}
	until := func(days int) complaint.Facts {
		return complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.AgreedDate, Until: now.AddDate(0, 0, days)}}
	}
	answer := func(revision int) complaint.Facts {
		return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: revision, Agrees: true}}
	}
	outcome := func(o complaint.Outcome) complaint.Facts {
		return complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: o}}
	}
	linked := func(relation complaint.Relation, number string) complaint.Facts {
		return complaint.Facts{Linked: &complaint.Linked{Relation: relation, Number: number}}
	}
	called := complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Neutral}}
	screening := complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Category: "operations", Severity: complaint.Normal}}
	contested := func(c *complaint.Complaint) { c.Contested, c.Terms.Generation = true, complaint.Newest }
	appealed := func(c *complaint.Complaint) {
		c.Terms.Generation, c.Stage = complaint.Newest, complaint.Closed
		windowsOpen(c)
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &complaint.Step{Name: complaint.Appeal, By: cast["customer"]}})
		c.Stage, c.People.Agent, c.People.Owner, c.People.Handler = complaint.Investigating, "wang-fang", "wang-fang", "liu-yang"
	}
	replyOpen := func(c *complaint.Complaint) {
		c.Approvals = []complaint.Approval{{Matter: complaint.MatterReply, Number: 1, Levels: []complaint.Level{{Role: "dispatch.head", Person: "zhang-min"}}}}
	}
	callbackTomorrow := func(c *complaint.Complaint) {
		c.Deadlines = []complaint.Deadline{{Name: complaint.CallbackClock, Round: 1, State: complaint.Running, OpensAt: now.Add(time.Hour), DueAt: now.AddDate(0, 0, 3)}}
	}
	windowOver := func(c *complaint.Complaint) {
		windowsOpen(c)
		c.Deadlines[0].Rungs[0].FiredAt = &now
	}
	for _, row := range []struct {
		what   string
		c      *complaint.Complaint
		step   complaint.StepName
		by     string
		facts  complaint.Facts
		code   complaint.Code
		reason complaint.Reason
	}{
		{"accepted twice", at(complaint.Investigating, accepted), complaint.Accept, "handler", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonAlreadyDone},
		{"found before it is accepted", at(complaint.Investigating), complaint.Find, "handler",
			complaint.Facts{Findings: &complaint.Findings{Liability: complaint.Undetermined}}, complaint.CodeStepNotAllowed, complaint.ReasonNotAccepted},
		{"contested, and screened by the first screener", at(complaint.Received, contested), complaint.Screen, "agent", screening, complaint.CodeForbidden, complaint.ReasonSameScreener},
		{"contested, and screened by the owner", at(complaint.Received, contested), complaint.Screen, "owner", screening, complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"contested, and closed by the first screener", at(complaint.Received, contested), complaint.Close, "agent", outcome(complaint.Referred), complaint.CodeForbidden, complaint.ReasonSameScreener},
		{"contested, and settled on the spot by the first screener", at(complaint.Received, contested), complaint.ResolveOnSpot, "agent",
			complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}, complaint.CodeForbidden, complaint.ReasonSameScreener},
		{"contested, and withdrawn by the first screener", at(complaint.Received, contested), complaint.Withdraw, "agent", complaint.Facts{}, complaint.CodeForbidden, complaint.ReasonSameScreener},
		{"appealed, and closed by who screened it", at(complaint.Investigating, appealed), complaint.Close, "agent", outcome(complaint.Referred), complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"appealed, and withdrawn by who screened it", at(complaint.Investigating, appealed), complaint.Withdraw, "agent", complaint.Facts{}, complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"explained by the customer", at(complaint.Explaining), complaint.Explain, "customer",
			complaint.Facts{Explanation: &complaint.Explanation{}}, complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"explained before the reply is approved", at(complaint.Explaining, replyOpen), complaint.Explain, "agent",
			complaint.Facts{Explanation: &complaint.Explanation{}}, complaint.CodeStepNotAllowed, complaint.ReasonApprovalMissing},
		{"a visit reported without its permission", at(complaint.Investigating, func(c *complaint.Complaint) {
			c.Approvals = []complaint.Approval{{Matter: complaint.MatterVisit, Number: 1, Levels: []complaint.Level{{Role: "general-manager", Person: "ma-chao"}}}}
		}), complaint.Visit, "handler", complaint.Facts{Visit: &complaint.VisitFacts{Report: true}}, complaint.CodeStepNotAllowed, complaint.ReasonApprovalMissing},
		{"a visit reported that was never planned", at(complaint.Investigating, func(c *complaint.Complaint) { c.Terms.VisitsPermitted = true }), complaint.Visit, "handler",
			complaint.Facts{Visit: &complaint.VisitFacts{Report: true}}, complaint.CodeStepNotAllowed, complaint.ReasonApprovalMissing},
		{"a visit reported twice", at(complaint.Investigating, func(c *complaint.Complaint) {
			c.Terms.VisitsPermitted, c.Visits = true, []complaint.VisitFacts{{}, {Report: true}}
		}), complaint.Visit, "handler", complaint.Facts{Visit: &complaint.VisitFacts{Report: true}}, complaint.CodeStepNotAllowed, complaint.ReasonAlreadyDone},
		{"a level decided by the complaint's handler", at(complaint.Approving, toApprove, func(c *complaint.Complaint) {
			c.People.Handler, c.Approvals[0].Levels[0].Person = "zhang-min", "sun-hao"
		}), complaint.Approve, "manager", decision(complaint.MatterProposal, 2), complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"marked special by its handler", at(complaint.Investigating, func(c *complaint.Complaint) { c.People.Handler = "zhang-min" }),
			complaint.MarkSpecial, "manager", complaint.Facts{}, complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"extended by its handler", at(complaint.Investigating, asking, func(c *complaint.Complaint) { c.People.Handler = "zhang-min" }), complaint.Extend, "manager",
			complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: nextWeek}}, complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"marked special twice", at(complaint.Investigating, func(c *complaint.Complaint) { c.Special = true }), complaint.MarkSpecial, "manager", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonAlreadyDone},
		{"support that nobody asked", at(complaint.Investigating, supportAsked), complaint.GiveSupport, "supporter",
			complaint.Facts{Support: &complaint.Support{Request: 2}}, complaint.CodeRuleViolation, complaint.ReasonNoSuchSupport},
		{"an older proposal approved", at(complaint.Approving, toApprove), complaint.Approve, "manager", decision(complaint.MatterProposal, 1), complaint.CodeStaleProposal, complaint.ReasonOldProposal},
		{"the second level before the first", at(complaint.Approving, toApprove), complaint.Approve, "director", decision(complaint.MatterProposal, 2), complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"a matter that isn't open", at(complaint.Approving, toApprove), complaint.Approve, "manager", decision(complaint.MatterVisit, 0), complaint.CodeStepNotAllowed, complaint.ReasonNothingToDecide},
		{"a visit without saying which", at(complaint.Investigating, func(c *complaint.Complaint) {
			c.Approvals = []complaint.Approval{{Matter: complaint.MatterVisit, Number: 2, Levels: []complaint.Level{{Role: "dispatch.head", Person: "zhang-min"}}}}
		}), complaint.Approve, "manager", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterVisit}}, complaint.CodeStepNotAllowed, complaint.ReasonNothingToDecide},
		{"another visit than the open one", at(complaint.Investigating, func(c *complaint.Complaint) {
			c.Approvals = []complaint.Approval{{Matter: complaint.MatterVisit, Number: 2, Levels: []complaint.Level{{Role: "dispatch.head", Person: "zhang-min"}}}}
		}), complaint.Approve, "manager", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterVisit, Number: 1}}, complaint.CodeStepNotAllowed, complaint.ReasonNothingToDecide},
		{"an older proposal answered", at(complaint.AwaitingCustomer, proposed), complaint.Answer, "customer", answer(1), complaint.CodeStaleProposal, complaint.ReasonOldProposal},
		{"an older proposal answered when it is already too late", at(complaint.Implementing, proposed), complaint.Answer, "customer", answer(1), complaint.CodeStaleProposal, complaint.ReasonOldProposal},
		{"a proposal that doesn't exist yet", at(complaint.AwaitingCustomer, proposed), complaint.Answer, "customer", answer(3), complaint.CodeStaleProposal, complaint.ReasonNoSuchProposal},
		{"a proposal where there is none at all", at(complaint.Investigating), complaint.Answer, "customer", answer(1), complaint.CodeStaleProposal, complaint.ReasonNoProposal},
		{"answered where it was received, though it is a complaint", at(complaint.Received, enquired, func(c *complaint.Complaint) { c.Screening.Kind = complaint.KindComplaint }),
			complaint.Close, "agent", outcome(complaint.Answered), complaint.CodeStepNotAllowed, complaint.ReasonNotAnsweredAtOnce},
		{"answered where it was received, though nobody has judged it", at(complaint.Received, enquired, func(c *complaint.Complaint) { c.Screening = nil }),
			complaint.Close, "agent", outcome(complaint.Answered), complaint.CodeStepNotAllowed, complaint.ReasonNotAnsweredAtOnce},
		{"answered where it was received, though the procedure answers none at once", at(complaint.Received, enquired, func(c *complaint.Complaint) { c.Terms.AnswerAtOnce = nil }),
			complaint.Close, "agent", outcome(complaint.Answered), complaint.CodeStepNotAllowed, complaint.ReasonNotAnsweredAtOnce},
		{"called back by the agent where somebody else does", at(complaint.FollowingUp, func(c *complaint.Complaint) { c.Terms.CallBackBy = "service.head" }),
			complaint.CallBack, "agent", called, complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"informed twice", at(complaint.AwaitingCustomer, proposed, func(c *complaint.Complaint) { c.Proposal.Informed = true }), complaint.Inform, "owner",
			answer(2), complaint.CodeStepNotAllowed, complaint.ReasonAlreadyDone},
		{"called back too early", at(complaint.FollowingUp, callbackTomorrow), complaint.CallBack, "agent", called, complaint.CodeStepNotAllowed, complaint.ReasonCallbackTooEarly},
		{"an earlier callback's link", at(complaint.FollowingUp, func(c *complaint.Complaint) { c.CallbacksMet = 1 }), complaint.CallBack, "customer",
			complaint.Facts{Callback: &complaint.Callback{Number: 1, Reached: true, Satisfaction: complaint.Neutral}}, complaint.CodeStepNotAllowed, complaint.ReasonCallbackNotCurrent},
		{"called back by a party to the case", at(complaint.FollowingUp, func(c *complaint.Complaint) { c.Parties = []complaint.PersonID{"li-na"} }), complaint.CallBack, "agent",
			called, complaint.CodeForbidden, complaint.ReasonPartyToCase},
		{"resolved before closing", at(complaint.Verifying), complaint.Close, "owner", outcome(complaint.Resolved), complaint.CodeStepNotAllowed, complaint.ReasonWrongStage},
		{"resolved by the agent", at(complaint.Closing), complaint.Close, "agent", outcome(complaint.Resolved), complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"taken back by another agent than registered it", at(complaint.Received, func(c *complaint.Complaint) { c.RegisteredBy = "wang-wei" }), complaint.Close, "agent",
			outcome(complaint.RegisteredInError), complaint.CodeForbidden, complaint.ReasonNotYourStep},
		{"taken back after something was proposed", at(complaint.AwaitingCustomer, proposed), complaint.Close, "owner",
			outcome(complaint.RegisteredInError), complaint.CodeStepNotAllowed, complaint.ReasonWrongStage},
		{"unresolved below the top tier", at(complaint.Proposing, declined, climbedTo(2)), complaint.Close, "owner", outcome(complaint.Unresolved), complaint.CodeStepNotAllowed, complaint.ReasonNotTopTier},
		{"unresolved without a no", at(complaint.Proposing, proposed, climbedTo(3)), complaint.Close, "owner", outcome(complaint.Unresolved), complaint.CodeStepNotAllowed, complaint.ReasonNotTopTier},
		{"an outcome that has its own step", at(complaint.Closing), complaint.Close, "owner", outcome(complaint.Withdrawn), complaint.CodeRuleViolation, complaint.ReasonOutcomeNotHere},
		{"suspended twice", at(complaint.Proposing, resting), complaint.Suspend, "owner", until(3), complaint.CodeStepNotAllowed, complaint.ReasonAlreadySuspended},
		{"suspended into the past", at(complaint.Proposing), complaint.Suspend, "owner", until(-1), complaint.CodeRuleViolation, complaint.ReasonDateInPast},
		{"resumed without resting", at(complaint.Proposing), complaint.Resume, "owner", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonNotSuspended},
		{"a clock that doesn't run extended", at(complaint.Proposing), complaint.Extend, "manager",
			complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: now.AddDate(0, 0, 1)}}, complaint.CodeStepNotAllowed, complaint.ReasonNoSuchDeadline},
		{"an open matter extended", at(complaint.Proposing, resting, func(c *complaint.Complaint) {
			c.Deadlines = []complaint.Deadline{{Name: complaint.OpenMatterClock, Round: 1, State: complaint.Running}, {Name: "settle", Round: 1, State: complaint.Running}}
		}), complaint.Extend, "manager",
			complaint.Facts{Extension: &complaint.Extension{Deadline: complaint.OpenMatterClock, Due: now.AddDate(0, 0, 9)}}, complaint.CodeRuleViolation, complaint.ReasonMatterKeepsDate},
		{"escalated beyond the top", at(complaint.Proposing, climbedTo(3)), complaint.Escalate, "owner", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonNoHigherTier},
		{"acknowledged without being asked", at(complaint.Proposing), complaint.Acknowledge, "head", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonNothingAsked},
		{"another deadline acknowledged", at(complaint.Proposing, asking), complaint.Acknowledge, "head",
			complaint.Facts{Acknowledged: &complaint.Acknowledged{Deadline: "contact"}}, complaint.CodeStepNotAllowed, complaint.ReasonNothingAsked},
		{"reassigned to the same handler", at(complaint.Proposing), complaint.Reassign, "head",
			complaint.Facts{Assignment: &complaint.Assignment{Handler: "zhao-lei"}}, complaint.CodeStepNotAllowed, complaint.ReasonAlreadyDone},
		{"taken over twice", at(complaint.Proposing, climbedTo(1), func(c *complaint.Complaint) { c.People.Handler = "yang-fan" }), complaint.TakeOver, "head", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonAlreadyDone},
		{"a call-out that isn't", at(complaint.Proposing), complaint.CallOutDone, "manager", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonNoCallOut},
		{"a fix promised for a day that is over", at(complaint.Proposing), complaint.Propose, "handler",
			complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}, TimeLimit: &now}}, complaint.CodeRuleViolation, complaint.ReasonDateInPast},
		{"an order for a day that is over", at(complaint.Proposing), complaint.Instruct, "auditor",
			complaint.Facts{Order: &complaint.Order{Due: now}}, complaint.CodeRuleViolation, complaint.ReasonDateInPast},
		{"a part that the fix doesn't have", at(complaint.Implementing, proposed), complaint.Implement, "handler",
			complaint.Facts{Work: &complaint.Work{Part: 3}}, complaint.CodeRuleViolation, complaint.ReasonNoSuchPart},
		{"linked to itself", at(complaint.Proposing), complaint.Link, "owner", linked(complaint.Repeats, "CS-2026-000007"), complaint.CodeRuleViolation, complaint.ReasonLinkToItself},
		{"reopened after the window", at(complaint.Closed, windowOver), complaint.Reopen, "customer", complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonWindowOver},
		{"an appeal that the procedure doesn't know", at(complaint.Closed, windowsOpen, func(c *complaint.Complaint) { c.Terms.AppealTo = "" }), complaint.Appeal, "customer",
			complaint.Facts{}, complaint.CodeStepNotAllowed, complaint.ReasonNotInProcedure},
	} {
		refusal := row.c.Check(taken(row.step, cast[row.by], row.facts))
		require.NotNil(t, refusal, row.what)
		require.Equal(t, row.code, refusal.Code, row.what)
		require.Equal(t, row.reason, refusal.Reason, row.what)
	}
}

func TestAManagerTakesOverAgainWhatWentToSomebodyElseMeanwhile(t *testing.T) {
	c := at(complaint.Proposing, climbedTo(1))
	for _, step := range []complaint.Step{
		taken(complaint.TakeOver, cast["head"], complaint.Facts{}),
		taken(complaint.Reassign, cast["manager"], complaint.Facts{Assignment: &complaint.Assignment{Handler: "zhao-lei"}}),
		taken(complaint.TakeOver, cast["head"], complaint.Facts{}),
	} {
		require.Nil(t, c.Check(step), step.Name)
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, Step: &step})
	}
	require.Equal(t, cast["head"].Person, c.People.Handler)
}

func TestAnUnknownStepIsRefusedWithTheStepsThatAreAllowed(t *testing.T) {
	refusal := at(complaint.Implementing).Check(taken("resolve", cast["handler"], complaint.Facts{}))
	require.Equal(t, complaint.ReasonUnknownStep, refusal.Reason)
	require.Equal(t, []complaint.StepName{complaint.Contact, complaint.RequestSupport, complaint.Visit, complaint.Implement,
		complaint.Escalate, complaint.Note}, refusal.Allowed)
}

func TestOnlyRegisteringBeginsAComplaint(t *testing.T) {
	none := &complaint.Complaint{Number: "CS-2026-000008"}
	require.Equal(t, complaint.ReasonNotRegistered, none.Check(taken(complaint.Note, cast["agent"], complaint.Facts{})).Reason)
	require.NotNil(t, none.Check(taken(complaint.Register, cast["agent"], complaint.Facts{})))
	require.Nil(t, none.Check(taken(complaint.Register, cast["agent"], complaint.Facts{Registration: &complaint.Registration{}})))
	again := at(complaint.Received).Check(taken(complaint.Register, cast["agent"], complaint.Facts{Registration: &complaint.Registration{}}))
	require.Equal(t, complaint.CodeStepNotAllowed, again.Code)
}

func TestAStepThatExpectsAnOlderRevisionIsRefusedWithTheNewest(t *testing.T) {
	step := taken(complaint.Note, cast["agent"], complaint.Facts{})
	step.ExpectedRevision = 8
	refusal := at(complaint.Proposing).Check(step)
	require.Equal(t, complaint.CodeStaleRevision, refusal.Code)
	require.Equal(t, complaint.ReasonMovedOn, refusal.Reason)
	require.Equal(t, 9, refusal.Revision)
	step.ExpectedRevision = 10
	require.Equal(t, complaint.ReasonNoSuchRevision, at(complaint.Proposing).Check(step).Reason)
	step.ExpectedRevision = 9
	require.Nil(t, at(complaint.Proposing).Check(step))
}

func TestEveryStepAndStageHasItsRowWithALabelInBothLanguages(t *testing.T) {
	for file, labelled := range map[string]struct {
		constant string
		label    func(string) bilingual.Text
	}{
		"steps.go": {"StepName", func(name string) bilingual.Text { return complaint.StepName(name).Label() }},
		"life.go":  {"Stage", func(name string) bilingual.Text { return complaint.Stage(name).Label() }},
	} {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		names := regexp.MustCompile(`(?m)^\t\w+\s+`+labelled.constant+` += "([a-z_-]+)"`).FindAllStringSubmatch(string(source), -1)
		require.NotEmpty(t, names)
		for _, name := range names {
			label := labelled.label(name[1])
			require.NotEmpty(t, label.English, "%q has no row in %s", name[1], file)
			require.True(t, strings.ContainsFunc(label.Chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }), name[1])
		}
	}
}
