package procedures_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/simulation"
)

// What is said to be allowed would be taken from this person now, and nothing else would; what
// opens later opens then. It is asked of every step and every person, wherever random lives lead.
// First review: C10.
func TestAllowedMeansTaken(t *testing.T) {
	living := max(1, *lives/4) // each is asked of everybody, at every step
	reached := map[complaint.Stage]bool{}
	taken, opened := map[complaint.StepName]bool{}, 0
	for _, id := range []string{"courier-station", "real-estate-project"} {
		for seed := range uint64(living) {
			dice := &dice{Rand: rand.New(rand.NewPCG(seed, 11)), Request: simulation.Request{Rules: rulesOf(t, id, ""), Number: "X-1",
				Start: time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)}}
			dice.register()
			at := dice.Start
			for range 60 {
				at = at.Add(time.Duration(1+dice.IntN(300)) * time.Minute)
				dice.Until = at
				c := lived(t, dice.Request)
				reached[c.Stage] = true
				people := []complaint.PersonID{complaint.Customer}
				for person := range dice.Rules.Directory.People {
					people = append(people, person)
				}
				slices.Sort(people)
				for _, person := range people {
					actor := dice.actor(person, at)
					allowed, later := c.Allowed(actor, at), c.AllowedLater(actor, at)
					for _, step := range complaint.StepNames() {
						what := fmt.Sprintf("%s %d: %s by %s at %s, %s", id, seed, step, person, c.Stage, at)
						refusal := refusedEveryWay(dice, &c, step, actor, at)
						require.Equal(t, slices.Contains(allowed, step), refusal == nil, "%s: %v", what, refusal)
						if i := slices.IndexFunc(later, func(o complaint.Opening) bool { return o.Step == step }); i >= 0 {
							require.NotNil(t, refusal, what)
							require.Nil(t, refusedEveryWay(dice, &c, step, actor, later[i].From), "%s: from then on", what)
							require.NotNil(t, refusedEveryWay(dice, &c, step, actor, later[i].From.Add(-time.Nanosecond)), "%s: and not before", what)
							opened++
						}
						if refusal == nil {
							taken[step] = true
						}
					}
				}
				if c.Over() {
					break
				}
				dice.Steps = append(dice.Steps, dice.step(&c, at))
			}
		}
	}
	if living < 20 { // few of them lead everywhere
		require.Greater(t, len(reached), 7)
		return
	}
	require.ElementsMatch(t, complaint.Stages(), slices.Collect(maps.Keys(reached)), "no life came to the others: let more of them be lived")
	require.Positive(t, opened)
	require.Greater(t, len(taken), 30)
}

// refusedEveryWay is why a step is refused whatever is said with it, the last reason; nil where
// there is something to say with which it would be taken.
func refusedEveryWay(d *dice, c *complaint.Complaint, step complaint.StepName, by complaint.Actor, at time.Time) *complaint.Refusal {
	var refusal *complaint.Refusal
	for _, facts := range everyWay(d, c, step, at) {
		if refusal = c.Check(complaint.Step{Name: step, By: by, At: at, Facts: facts}); refusal == nil {
			return nil
		}
	}
	return refusal
}

// everyWay are what may be said with a step as the complaint stands, in as many ways as it could be
// judged by.
func everyWay(d *dice, c *complaint.Complaint, step complaint.StepName, at time.Time) []complaint.Facts {
	later := at.AddDate(0, 1, 0)
	ways := []complaint.Facts{}
	say := func(facts complaint.Facts) { ways = append(ways, facts) }
	free := slices.DeleteFunc(slices.Sorted(maps.Keys(d.Rules.Directory.People)), func(person complaint.PersonID) bool {
		return slices.Contains(c.KeptOut(), person) || person == c.People.Handler
	})
	// Not all are told apart: the others say nothing that they could be judged by.
	//exhaustive:ignore
	switch step {
	case complaint.Assign, complaint.Reassign:
		say(complaint.Facts{Assignment: &complaint.Assignment{Handler: free[0]}})
	case complaint.Instruct:
		say(complaint.Facts{Order: &complaint.Order{To: free[0], Due: later}})
	case complaint.Explain:
		for _, contested := range []bool{true, false} {
			say(complaint.Facts{Explanation: &complaint.Explanation{Contested: contested}})
		}
	case complaint.Reopen:
		for _, wish := range []string{"", "phone"} {
			say(complaint.Facts{Reopening: &complaint.Reopening{AskedBy: wish}})
		}
	case complaint.GiveSupport:
		for i := range c.Supports {
			say(complaint.Facts{Support: &complaint.Support{Request: i + 1}})
		}
	case complaint.Find:
		say(complaint.Facts{Findings: &complaint.Findings{Founded: true, Liability: complaint.Undetermined}})
	case complaint.Propose:
		proposal := complaint.Proposal{TimeLimit: &later}
		for _, kind := range append(slices.Clone(c.Terms.RemediesRequired), "apology") {
			proposal.Remedies = append(proposal.Remedies, complaint.Remedy{Kind: kind})
		}
		say(complaint.Facts{Proposal: &proposal})
	case complaint.Approve, complaint.Refuse:
		for _, m := range c.Approvals {
			say(complaint.Facts{Decision: &complaint.Decision{Matter: m.Matter, Number: m.Number, ProposalRevision: c.Proposals}})
		}
	case complaint.Inform, complaint.Answer:
		say(complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: c.Proposals}})
	case complaint.Visit:
		for _, report := range []bool{true, false} {
			say(complaint.Facts{Visit: &complaint.VisitFacts{Report: report}})
		}
	case complaint.CallBack:
		say(complaint.Facts{Callback: &complaint.Callback{}})
	case complaint.Close:
		for _, outcome := range complaint.Outcomes() {
			say(complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: outcome}, Fields: c.Terms.CloseRequires})
		}
	case complaint.Extend:
		for _, clock := range c.Deadlines {
			say(complaint.Facts{Extension: &complaint.Extension{Deadline: clock.Name, Due: clock.StartedAt.AddDate(2, 0, 0)}})
		}
	case complaint.Acknowledge:
		for _, asked := range c.Asked {
			say(complaint.Facts{Acknowledged: &complaint.Acknowledged{Deadline: asked.Deadline}})
		}
	case complaint.Correct:
		say(complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{"phone"}}})
	case complaint.Suspend:
		say(complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.CustomerAway, Until: later}})
	case complaint.RequestSupport:
		say(complaint.Facts{Support: &complaint.Support{Department: "operations"}})
	case complaint.Verify:
		say(complaint.Facts{Check: &complaint.Verification{Satisfied: true}})
	case complaint.Screen:
		say(complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: c.Category(), Severity: complaint.Normal}})
	}
	say(d.facts(step, at, c.Proposals))
	return ways
}
