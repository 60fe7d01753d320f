package complaint_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// lives says what each step leads to from where it is taken: the whole life of a complaint, way by
// way.
var lives = []struct {
	when  string
	stage complaint.Stage
	given func(*complaint.Complaint)
	step  complaint.StepName
	by    string // handler, unless written
	facts complaint.Facts
	leads string // the events after the step, in order
}{
	{when: "it is judged valid", stage: complaint.Received, step: complaint.Screen, facts: judged(true), leads: "assigning"},
	{when: "it is judged unfounded", stage: complaint.Received, step: complaint.Screen, facts: judged(false), leads: "explaining"},
	{when: "what was contested is unfounded again", stage: complaint.Received, step: complaint.Screen, facts: judged(false),
		given: func(c *complaint.Complaint) { c.Contested = true }, leads: "outcome rejected_invalid, closed"},
	{when: "it is settled at first contact", stage: complaint.Investigating, step: complaint.ResolveOnSpot,
		facts: complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}, leads: "outcome resolved_on_spot, closed"},
	{when: "the customer takes the explanation", stage: complaint.Explaining, step: complaint.Explain,
		facts: complaint.Facts{Explanation: &complaint.Explanation{}}, leads: "outcome rejected_invalid, closed"},
	{when: "the customer contests the explanation", stage: complaint.Explaining, step: complaint.Explain,
		facts: complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}, leads: "received"},
	{when: "it was wrongly routed", stage: complaint.Investigating, step: complaint.Return, leads: "received"},
	{when: "charge is taken, and the rest is still to come", stage: complaint.Investigating, step: complaint.Accept, leads: ""},
	{when: "the findings are in, and the customer wasn't contacted", stage: complaint.Investigating, step: complaint.Find, facts: found(true, complaint.LiableDepartment),
		given: func(c *complaint.Complaint) { c.Accepted = true }, leads: ""},
	{when: "the findings are in", stage: complaint.Investigating, step: complaint.Find, facts: found(true, complaint.LiableDepartment),
		given: investigated, leads: "proposing"},
	{when: "the call was the last thing missing", stage: complaint.Investigating, step: complaint.Contact,
		facts: complaint.Facts{Contact: &complaint.ContactMade{Reached: true}},
		given: func(c *complaint.Complaint) {
			c.Accepted, c.Findings = true, &complaint.Findings{Founded: true, Liability: complaint.Undetermined}
		}, leads: "proposing"},
	{when: "nobody answered the call", stage: complaint.Investigating, step: complaint.Contact,
		facts: complaint.Facts{Contact: &complaint.ContactMade{}},
		given: func(c *complaint.Complaint) {
			c.Accepted, c.Findings = true, &complaint.Findings{Founded: true, Liability: complaint.Undetermined}
		}, leads: ""},
	{when: "it proves unfounded", stage: complaint.Investigating, step: complaint.Find, facts: found(false, complaint.Undetermined), given: investigated, leads: "explaining"},
	{when: "it is the customer's own fault", stage: complaint.Investigating, step: complaint.Find, facts: found(true, complaint.LiableCustomer), given: investigated, leads: "explaining"},
	{when: "news is told later", stage: complaint.Implementing, step: complaint.Contact,
		facts: complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}, given: investigated, leads: ""},
	{when: "a fix is proposed", stage: complaint.Proposing, step: complaint.Propose,
		facts: complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}, TimeLimit: &nextWeek}}, leads: "approving"},
	{when: "the last level approves", stage: complaint.Approving, step: complaint.Approve, by: "manager",
		given: func(c *complaint.Complaint) { toApprove(c); c.Approvals[0].Levels = c.Approvals[0].Levels[:1] },
		facts: complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}, leads: "awaiting_customer"},
	{when: "a level refuses", stage: complaint.Approving, step: complaint.Refuse, given: toApprove, by: "manager",
		facts: complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}, leads: "proposing"},
	{when: "the customer agrees", stage: complaint.AwaitingCustomer, step: complaint.Answer, given: proposed, by: "customer", facts: answer(true), leads: "implementing"},
	{when: "the customer agrees after their silence had begun a rest", stage: complaint.AwaitingCustomer, step: complaint.Answer, by: "customer", facts: answer(true),
		given: func(c *complaint.Complaint) {
			proposed(c)
			c.Matters = []complaint.OpenMatter{{Number: 1, By: complaint.Clock, Active: true}, {Number: 2, By: "li-na", Active: true}}
		}, leads: "goes on 1, implementing"},
	{when: "the customer declines", stage: complaint.AwaitingCustomer, step: complaint.Answer, given: proposed, by: "customer", facts: answer(false), leads: "proposing"},
	{when: "the customer declines once too often", stage: complaint.AwaitingCustomer, step: complaint.Answer, by: "customer", facts: answer(false),
		given: func(c *complaint.Complaint) { proposed(c); c.Declined, c.Terms.DeclinedClimbAfter = 1, 2 }, leads: "tier 1, proposing"},
	{when: "the fix is done", stage: complaint.Implementing, step: complaint.Implement, given: proposed, facts: complaint.Facts{Work: &complaint.Work{Done: true}}, leads: "verifying"},
	{when: "the first of two parts is done", stage: complaint.Implementing, step: complaint.Implement,
		given: func(c *complaint.Complaint) { proposed(c); c.Proposal.Remedies = make([]complaint.Remedy, 2) },
		facts: complaint.Facts{Work: &complaint.Work{Done: true, Part: 1}}, leads: ""},
	{when: "the fix proves impossible", stage: complaint.Implementing, step: complaint.Implement, given: proposed, facts: complaint.Facts{Work: &complaint.Work{Impossible: true}}, leads: "proposing"},
	{when: "the customer is satisfied", stage: complaint.Verifying, step: complaint.Verify, by: "owner", facts: complaint.Facts{Check: &complaint.Verification{Satisfied: true}}, leads: "following_up"},
	{when: "the customer isn't satisfied", stage: complaint.Verifying, step: complaint.Verify, by: "owner",
		facts: complaint.Facts{Check: &complaint.Verification{BackTo: complaint.Implementing}}, leads: "implementing"},
	{when: "the fix itself doesn't satisfy", stage: complaint.Verifying, step: complaint.Verify, by: "owner",
		facts: complaint.Facts{Check: &complaint.Verification{BackTo: complaint.Proposing}}, leads: "proposing"},
	{when: "the last callback ends well", stage: complaint.FollowingUp, step: complaint.CallBack, by: "agent", given: calledBack, facts: rated(complaint.Satisfied), leads: "callback 1 satisfied, closing"},
	{when: "the first of two callbacks ends well", stage: complaint.FollowingUp, step: complaint.CallBack, by: "agent", facts: rated(complaint.Satisfied),
		given: func(c *complaint.Complaint) { calledBack(c); c.Callbacks = 2 }, leads: "callback 1 satisfied"},
	{when: "a callback ends badly, back to the procedure's stage", stage: complaint.FollowingUp, step: complaint.CallBack, by: "agent", given: calledBack, facts: rated(complaint.Dissatisfied),
		leads: "callback 1 dissatisfied, tier 1, investigating"},
	{when: "the callback reaches nobody", stage: complaint.FollowingUp, step: complaint.CallBack, by: "agent", given: calledBack, facts: rated(""), leads: ""},
	{when: "the last attempt reaches nobody", stage: complaint.FollowingUp, step: complaint.CallBack, by: "agent", facts: rated(""),
		given: func(c *complaint.Complaint) { calledBack(c); c.Attempts = 2 }, leads: "callback 1 unreached, closing"},
	{when: "the file closes", stage: complaint.Closing, step: complaint.Close, by: "owner", facts: closedAs(complaint.Resolved), leads: "outcome resolved, closed"},
	{when: "it was registered in error", stage: complaint.Investigating, step: complaint.Close, by: "owner", facts: closedAs(complaint.RegisteredInError), leads: "outcome registered_in_error, closed"},
	{when: "it is somebody else's business", stage: complaint.Approving, step: complaint.Close, by: "owner", facts: closedAs(complaint.Referred), leads: "outcome referred, closed"},
	{when: "it is taken back", stage: complaint.Approving, step: complaint.Withdraw, by: "customer", leads: "outcome withdrawn, closed"},
	{when: "it is a duplicate", stage: complaint.Received, step: complaint.Link, by: "owner",
		facts: complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Duplicates, Number: "CS-2026-000003"}}, leads: "outcome merged, closed"},
	{when: "it happened before", stage: complaint.Received, step: complaint.Link, by: "owner",
		facts: complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Repeats, Number: "CS-2026-000003"}}, leads: ""},
	{when: "it is opened again, at the procedure's stage", stage: complaint.Closed, step: complaint.Reopen, by: "owner", given: judgedAndClosed, leads: "investigating"},
	{when: "it is appealed, to the procedure's stage", stage: complaint.Closed, step: complaint.Appeal, by: "customer", given: judgedAndClosed, leads: "proposing"},
	{when: "what was never screened is opened again", stage: complaint.Closed, step: complaint.Reopen, by: "owner",
		given: func(c *complaint.Complaint) { judgedAndClosed(c); c.Screening = nil }, leads: "received"},
	{when: "the customer contests the explanation that closed it", stage: complaint.Closed, step: complaint.Reopen, by: "customer",
		given: func(c *complaint.Complaint) { judgedAndClosed(c); c.Outcome = complaint.RejectedInvalid }, leads: "received"},
	{when: "it goes on before its date", stage: complaint.Implementing, step: complaint.Resume, by: "owner", given: resting, leads: "goes on 1"},
	{when: "it is raised by hand", stage: complaint.Implementing, step: complaint.Escalate, leads: "tier 1"},
	{when: "a manager has it", stage: complaint.Implementing, step: complaint.Acknowledge, by: "head", given: asking,
		facts: complaint.Facts{Acknowledged: &complaint.Acknowledged{}}, leads: "skipped settle 1"},
	{when: "words are added", stage: complaint.Implementing, step: complaint.Note, leads: ""},
}

func TestWhatEachStepLeadsTo(t *testing.T) {
	for _, row := range lives {
		t.Run(row.when, func(t *testing.T) {
			c := at(row.stage)
			if row.given != nil {
				row.given(c)
			}
			by := cast["handler"]
			if row.by != "" {
				by = cast[row.by]
			}
			step := taken(row.step, by, row.facts)
			before := c.Stage
			events := c.Unfold(complaint.Event{Kind: complaint.StepTaken, At: step.At, By: by.Person, Step: &step})
			require.Equal(t, complaint.StepTaken, events[0].Kind)
			require.Equal(t, row.leads, told(events[1:]))
			for _, e := range events[1:] {
				require.Equal(t, step.At, e.At, "what follows happens at the time of the step")
				require.Equal(t, by.Person, e.By, "and by who took it")
				if e.Kind == complaint.StageEntered {
					require.Equal(t, before, e.From)
					require.Contains(t, before.LeadsTo(), e.Stage, "a way that the row of the stage doesn't know")
				}
			}
		})
	}
}

// passed says which stages are passed with nobody acting.
var passed = []struct {
	when  string
	stage complaint.Stage
	waits func(*complaint.Complaint) // what it waits with
	to    complaint.Stage
}{
	{when: "it has a handler, and no emergency to contain", stage: complaint.Assigning, to: complaint.Investigating,
		waits: func(c *complaint.Complaint) { c.People.Handler = "" }},
	{when: "no level of approval is needed", stage: complaint.Approving, to: complaint.AwaitingCustomer, waits: toApprove},
	{when: "no callback is planned", stage: complaint.FollowingUp, to: complaint.Closing,
		waits: func(c *complaint.Complaint) { c.Callbacks = 1 }},
}

func TestAStageWithNothingToWaitForIsPassed(t *testing.T) {
	for _, row := range passed {
		events := at(row.stage, proposed).Onward(now)
		require.Equal(t, string(row.to), told(events), row.when)
		require.Equal(t, complaint.Procedure, events[0].By)
		require.Empty(t, at(row.stage, proposed, row.waits).Onward(now), "not so: "+row.when)
	}
}

var update = flag.Bool("update", false, "draw the life in docs/architecture.md anew")

// The life is drawn from the tables above: each way by the first row that goes it.
func TestTheLifeIsDrawnAsItIsLived(t *testing.T) {
	type way struct{ from, to complaint.Stage }
	drawn := map[way]bool{}
	lines := []string{"stateDiagram-v2", "  [*] --> received: it is registered"}
	draw := func(from, to complaint.Stage, when string) {
		if drawn[way{from, to}] || to == complaint.Closed && len(from.Onward()) > 1 {
			return // the short ways, which the page tells in a sentence
		}
		drawn[way{from, to}] = true
		lines = append(lines, fmt.Sprintf("  %s --> %s: %s", from, to, when))
	}
	for _, stage := range complaint.Stages() {
		for _, row := range lives {
			events := strings.Split(row.leads, ", ")
			if to := complaint.Stage(events[len(events)-1]); row.stage == stage && slices.Contains(complaint.Stages(), to) {
				draw(stage, to, row.when)
			}
		}
		for _, row := range passed {
			if row.stage == stage {
				draw(stage, row.to, row.when)
			}
		}
		for _, to := range stage.Onward() {
			require.True(t, to == complaint.Closed || drawn[way{stage, to}], "no row says what leads from %s to %s", stage, to)
		}
	}
	lines = append(lines, "  closed --> [*]: the windows are over, and what stands beside it has ended")

	const file = "../../docs/architecture.md"
	document, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(document), "stateDiagram-v2\n")
	require.True(t, found)
	_, after, _ := strings.Cut(rest, "\n```")
	wanted := before + strings.Join(lines, "\n") + "\n```" + after
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(wanted), 0o644))
		return
	}
	require.Equal(t, wanted, string(document), "draw it anew: go test ./internal/complaint -run Drawn -update")
}

func TestWhatARungLeadsTo(t *testing.T) {
	for does, leads := range map[complaint.RungAction]string{
		complaint.ProceedAnyway:    "silence, implementing",
		complaint.CloseUnresolved:  "outcome unresolved, closed",
		complaint.SuspendComplaint: "rests 1",
		complaint.ResumeComplaint:  "goes on 1",
		complaint.RemindCustomer:   "", complaint.HandOverTask: "", complaint.HandOverDecision: "", complaint.RemindOpenMatter: "",
		complaint.CountCustomerDate: "", complaint.EndLife: "", "": "",
	} {
		c := at(complaint.AwaitingCustomer)
		proposed(c)
		if does == complaint.ResumeComplaint {
			resting(c)
		}
		c.Deadlines = []complaint.Deadline{{Name: "clock", Round: 1, State: complaint.Running, Rungs: []complaint.Rung{{Label: "due", At: now, Does: does, Until: nextWeek}}}}
		ref := complaint.RungRef{Deadline: "clock", Round: 1, At: now}
		events := c.Unfold(complaint.Event{Kind: complaint.RungFired, At: now, By: complaint.Clock, Rung: &ref})
		require.Equal(t, leads, told(events[1:]), does)
	}
}

// told is a list of events in short.
func told(events []complaint.Event) string {
	var said []string
	for _, e := range events {
		switch e.Kind {
		case complaint.StageEntered:
			said = append(said, string(e.Stage))
		case complaint.Concluded:
			said = append(said, "outcome "+string(e.Outcome))
		case complaint.TierReached:
			said = append(said, "tier "+digits(e.Tier))
		case complaint.CallbackEnded:
			said = append(said, "callback "+digits(e.Callbacks)+" "+string(e.Rating))
		case complaint.Resumed:
			said = append(said, "goes on "+digits(e.Matter.Number))
		case complaint.Suspended:
			said = append(said, "rests "+digits(e.Matter.Number))
		case complaint.AnsweredBySilence:
			said = append(said, "silence")
		case complaint.RungSkipped:
			said = append(said, "skipped "+e.Rung.Deadline+" "+digits(e.Rung.Rung))
		default:
			said = append(said, string(e.Kind))
		}
	}
	return strings.Join(said, ", ")
}

func digits(n int) string { return string(rune('0' + n)) }

func judged(valid bool) complaint.Facts {
	return complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: valid, Category: "operations", Severity: complaint.Normal}}
}

func found(founded bool, liability complaint.Liability) complaint.Facts {
	return complaint.Facts{Findings: &complaint.Findings{Founded: founded, Liability: liability}}
}

func answer(agrees bool) complaint.Facts {
	return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 2, Agrees: agrees}}
}

func rated(satisfaction complaint.Satisfaction) complaint.Facts {
	return complaint.Facts{Callback: &complaint.Callback{Reached: satisfaction != "", Satisfaction: satisfaction}}
}

func closedAs(outcome complaint.Outcome) complaint.Facts {
	return complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: outcome}}
}

func investigated(c *complaint.Complaint) { c.Accepted, c.Contacted = true, true }

func calledBack(c *complaint.Complaint) {
	c.Callbacks = 1
	c.Terms.CallbackAttempts, c.Terms.DissatisfiedReopens, c.Terms.DissatisfiedClimbAfter = 3, complaint.Investigating, 1
}

func judgedAndClosed(c *complaint.Complaint) {
	windowsOpen(c)
	c.Screening = judged(true).Screening
	c.Terms.ReopenTo, c.Terms.AppealTo = complaint.Investigating, complaint.Proposing
}
