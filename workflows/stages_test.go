package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// act is one step of somebody.
type act struct {
	person complaint.PersonID
	name   complaint.StepName
	facts  complaint.Facts
}

var promised = start.AddDate(0, 0, 3)

func screening(valid bool, severity complaint.Severity) complaint.Facts {
	return complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: valid, Category: "operations.mistake", Severity: severity}}
}

func finding(founded bool, liability complaint.Liability) complaint.Facts {
	return complaint.Facts{Findings: &complaint.Findings{Founded: founded, Cause: "mistake", Liability: liability}}
}

func proposing(amount string) complaint.Facts {
	return complaint.Facts{Proposal: &complaint.Proposal{TimeLimit: &promised,
		Remedies: []complaint.Remedy{{Kind: "apology"}, {Kind: "refund", Amount: amount, Currency: "CNY"}}}}
}

func deciding() complaint.Facts {
	return complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 1}}
}

func answer1(agrees bool) complaint.Facts {
	return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1, Agrees: agrees}}
}

func calling(satisfaction complaint.Satisfaction) complaint.Facts {
	return complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: satisfaction}}
}

func closingAs(outcome complaint.Outcome) complaint.Facts {
	return complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: outcome}, Fields: []string{"waybill", "result"}}
}

// ordinary is the ordinary way: the steps that lead from received to closed, and
// the stage that each leads to.
var ordinary = []struct {
	act
	to complaint.Stage
}{
	{act{"li-na", complaint.Screen, screening(true, complaint.Normal)}, complaint.Investigating},
	{act{"zhao-lei", complaint.Accept, none}, complaint.Investigating},
	{act{"zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}}, complaint.Investigating},
	{act{"zhao-lei", complaint.Find, finding(true, complaint.Undetermined)}, complaint.Proposing},
	{act{"zhao-lei", complaint.Propose, proposing("200")}, complaint.Approving},
	{act{"zhang-min", complaint.Approve, deciding()}, complaint.AwaitingCustomer},
	{act{"li-na", complaint.Answer, answer1(true)}, complaint.Implementing},
	{act{"zhao-lei", complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true}}}, complaint.Verifying},
	{act{"li-na", complaint.Verify, complaint.Facts{Check: &complaint.Verification{Satisfied: true}}}, complaint.FollowingUp},
	{act{"li-na", complaint.CallBack, calling(complaint.Satisfied)}, complaint.Closing},
	{act{"li-na", complaint.Close, closingAs(complaint.Resolved)}, complaint.Closed},
}

// waysTo are the steps that lead to a stage.
func waysTo(stage complaint.Stage) []act {
	switch stage {
	case complaint.Received:
		return nil
	case complaint.Explaining:
		return []act{{"li-na", complaint.Screen, screening(false, complaint.Normal)}}
	case complaint.Assigning: // an emergency waits there for the call-out
		return []act{{"li-na", complaint.Screen, screening(true, complaint.Emergency)}}
	}
	var way []act
	for _, step := range ordinary {
		way = append(way, step.act)
		if step.to == stage && (stage != complaint.Investigating || step.name == complaint.Contact) {
			break
		}
	}
	return way
}

func TestWhereEachStageLeadsTo(t *testing.T) {
	declined := act{"li-na", complaint.Answer, answer1(false)}
	escalated := act{"li-na", complaint.Escalate, none}
	for _, row := range []struct {
		from    complaint.Stage
		acts    []act
		to      complaint.Stage
		outcome complaint.Outcome
	}{
		{complaint.Received, []act{{"li-na", complaint.Screen, screening(true, complaint.Normal)}}, complaint.Investigating, ""},
		{complaint.Received, []act{{"li-na", complaint.Screen, screening(true, complaint.Emergency)}}, complaint.Assigning, ""},
		{complaint.Received, []act{{"li-na", complaint.Screen, screening(false, complaint.Normal)}}, complaint.Explaining, ""},
		{complaint.Received, []act{{"li-na", complaint.ResolveOnSpot, complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}}}, complaint.Closed, complaint.ResolvedOnSpot},
		{complaint.Explaining, []act{{"li-na", complaint.Explain, complaint.Facts{Explanation: &complaint.Explanation{}}}}, complaint.Closed, complaint.RejectedInvalid},
		{complaint.Explaining, []act{{"li-na", complaint.Explain, complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}}}, complaint.Received, ""},
		{complaint.Explaining, []act{{"li-na", complaint.Explain, complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}},
			{"zhang-min", complaint.Screen, screening(false, complaint.Normal)}}, complaint.Closed, complaint.RejectedInvalid},
		{complaint.Explaining, []act{{"li-na", complaint.Explain, complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}},
			{"zhang-min", complaint.Screen, screening(true, complaint.Normal)}}, complaint.Investigating, ""},
		{complaint.Assigning, []act{{"zhao-lei", complaint.CallOutDone, none}}, complaint.Investigating, ""},
		{complaint.Assigning, []act{{"li-na", complaint.ResolveOnSpot, complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}}}, complaint.Closed, complaint.ResolvedOnSpot},
		{complaint.Investigating, []act{{"zhao-lei", complaint.Return, none}}, complaint.Received, ""},
		{complaint.Investigating, []act{{"zhao-lei", complaint.Return, none}, {"li-na", complaint.Screen, screening(true, complaint.Normal)}}, complaint.Assigning, ""}, // not to the department that returned it
		{complaint.Investigating, []act{{"zhao-lei", complaint.Return, none}, {"li-na", complaint.Screen, screening(true, complaint.Normal)},
			{"li-na", complaint.Assign, complaint.Facts{Assignment: &complaint.Assignment{Department: "it"}}}}, complaint.Investigating, ""},
		{complaint.Investigating, []act{{"zhao-lei", complaint.Find, finding(false, complaint.Undetermined)}}, complaint.Explaining, ""},
		{complaint.Investigating, []act{{"zhao-lei", complaint.Find, finding(true, complaint.LiableCustomer)}}, complaint.Explaining, ""},
		{complaint.Investigating, []act{{"zhao-lei", complaint.ResolveOnSpot, complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}}}, complaint.Closed, complaint.ResolvedOnSpot},
		{complaint.Proposing, []act{{"zhao-lei", complaint.Propose, proposing("")}}, complaint.AwaitingCustomer, ""},
		{complaint.Proposing, []act{{"zhao-lei", complaint.Propose, proposing("2000")}, {"zhang-min", complaint.Approve, deciding()}}, complaint.Approving, ""},
		{complaint.Approving, []act{{"zhang-min", complaint.Refuse, deciding()}}, complaint.Proposing, ""},
		{complaint.AwaitingCustomer, []act{declined}, complaint.Proposing, ""},
		{complaint.AwaitingCustomer, []act{declined, escalated, escalated, escalated, {"li-na", complaint.Close, closingAs(complaint.Unresolved)}}, complaint.Closed, complaint.Unresolved},
		{complaint.Implementing, []act{{"zhao-lei", complaint.Implement, complaint.Facts{Work: &complaint.Work{Impossible: true}}}}, complaint.Proposing, ""},
		{complaint.Implementing, []act{{"zhao-lei", complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true, Part: 1}}}}, complaint.Implementing, ""},
		{complaint.Implementing, []act{{"zhao-lei", complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true, Part: 1}}},
			{"zhao-lei", complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true, Part: 2}}}}, complaint.Verifying, ""},
		{complaint.Verifying, []act{{"li-na", complaint.Verify, complaint.Facts{Check: &complaint.Verification{BackTo: complaint.Implementing}}}}, complaint.Implementing, ""},
		{complaint.Verifying, []act{{"li-na", complaint.Verify, complaint.Facts{Check: &complaint.Verification{BackTo: complaint.Proposing}}}}, complaint.Proposing, ""},
		{complaint.Verifying, []act{{"li-na", complaint.Verify, complaint.Facts{Check: &complaint.Verification{}}}}, complaint.Implementing, ""},
		{complaint.FollowingUp, []act{{"li-na", complaint.CallBack, calling(complaint.Dissatisfied)}}, complaint.Investigating, ""},
		{complaint.FollowingUp, []act{{"li-na", complaint.CallBack, calling(complaint.Neutral)}}, complaint.Closing, ""},
		{complaint.Closing, []act{{"li-na", complaint.Close, closingAs(complaint.Resolved)}}, complaint.Closed, complaint.Resolved},
		{complaint.Closed, []act{{complaint.Customer, complaint.Reopen, none}}, complaint.Investigating, ""},
		{complaint.Closed, []act{{complaint.Customer, complaint.Appeal, none}}, complaint.Investigating, ""},
	} {
		t.Run(string(row.from)+" "+string(row.acts[len(row.acts)-1].name)+" "+string(row.to), func(t *testing.T) {
			c := standing(t, row.from, row.acts...)
			require.Equal(t, row.to, c.Stage)
			require.Equal(t, row.outcome, c.Outcome)
		})
	}
}

func TestFromEveryOpenStageTheShortWaysLeadToClosed(t *testing.T) {
	for _, stage := range complaint.Stages() {
		if stage == complaint.Closed {
			continue
		}
		for _, row := range []struct {
			act
			outcome complaint.Outcome
		}{
			{act{complaint.Customer, complaint.Withdraw, none}, complaint.Withdrawn},
			{act{"li-na", complaint.Link, complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Duplicates, Number: "CS-2025-000001"}}}, complaint.Merged},
			{act{"li-na", complaint.Close, closingAs(complaint.Referred)}, complaint.Referred},
			{act{"li-na", complaint.Close, closingAs(complaint.Answered)}, complaint.Answered},
		} {
			if stage == complaint.Received && row.outcome == complaint.Answered {
				continue // what nobody has judged isn't answered
			}
			t.Run(string(stage)+" "+string(row.outcome), func(t *testing.T) {
				kind := complaint.KindComplaint
				if row.outcome == complaint.Answered {
					kind = complaint.KindEnquiry // no complaint is
				}
				c := standingAs(t, kind, stage, row.act)
				require.Equal(t, complaint.Closed, c.Stage)
				require.Equal(t, row.outcome, c.Outcome)
				require.Len(t, c.Deadlines, 1, "only the windows for reopening and appeal are open")
			})
		}
	}
}

// standing is a complaint that was led to a stage, after some more steps. Steps
// come a day apart, at ten, so that callbacks aren't too early; its clocks may lapse.
func standing(t *testing.T, stage complaint.Stage, acts ...act) complaint.Complaint {
	t.Helper()
	return standingAs(t, complaint.KindComplaint, stage, acts...)
}

// standingAs is standing for what was screened as of a kind.
func standingAs(t *testing.T, kind complaint.Kind, stage complaint.Stage, acts ...act) complaint.Complaint {
	t.Helper()
	s := staged(t)
	s.sends(0, "registered", "li-na", complaint.Register, complaint.Facts{
		Registration: &complaint.Registration{Procedure: "courier-station", Version: 1, Channel: "phone", Category: "operations.mistake", Language: "en", Reachable: []string{"email"}}})
	at, led := time.Duration(0), len(waysTo(stage))
	for i, a := range append(waysTo(stage), acts...) {
		at += time.Minute
		if screening := a.facts.Screening; screening != nil {
			judged := *screening
			judged.Kind = kind
			a.facts.Screening = &judged
		}
		if a.name == complaint.CallBack {
			at += 24 * time.Hour
		}
		s.sends(at, "step-"+itoa(i), a.person, a.name, a.facts)
		if i == led-1 {
			s.RegisterDelayedCallback(func() { require.Equal(t, stage, s.complaint().Stage, "on the way") }, at+time.Second)
		}
	}
	s.lives(at + time.Minute)
	for submission, replies := range s.replies {
		require.NoError(t, replies[0].err, submission)
	}
	return s.complaint()
}
