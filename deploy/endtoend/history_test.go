package endtoend

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"recourse/internal/complaint"
	"recourse/internal/store/submission"
)

// act is one step of a walk.
type act struct {
	name  complaint.StepName
	by    complaint.PersonID
	facts complaint.Facts
}

// ordinaryActs take a courier complaint from its registration to closed: one
// proposal, one approval, one callback.
func ordinaryActs() []act {
	due := time.Now().Add(48 * time.Hour)
	return []act{
		{complaint.Screen, "li-na", complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "operations.mistake", Severity: complaint.Normal}}},
		{complaint.Accept, "zhao-lei", complaint.Facts{}},
		{complaint.Contact, "zhao-lei", complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}},
		{complaint.Find, "zhao-lei", complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: "mistake", Liability: complaint.Undetermined}}},
		{complaint.Propose, "zhao-lei", complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: "120.00", Currency: "CNY"}}, TimeLimit: &due}}},
		{complaint.Approve, "zhang-min", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 1}}},
		{complaint.Inform, "li-na", complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}},
		{complaint.Answer, complaint.Customer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1, Agrees: true}}},
		{complaint.Implement, "zhao-lei", complaint.Facts{Work: &complaint.Work{Done: true}, Fields: []string{"result"}}},
		{complaint.Verify, "li-na", complaint.Facts{Check: &complaint.Verification{Satisfied: true}}},
		{complaint.CallBack, complaint.Customer, complaint.Facts{Callback: &complaint.Callback{Number: 1, Reached: true, Satisfaction: complaint.Satisfied}}},
		{complaint.Close, "li-na", complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Resolved}}},
	}
}

// ordinary walks an ordinary complaint and tells each what its steps answered.
func ordinary(i *installation, each func(name complaint.StepName, result complaint.Result)) string {
	result := i.register("li-na", wrongDoor(), map[string]any{"narrative": "Parcel left at the wrong door, twice."})
	number := result.Number
	each(complaint.Register, result)
	for _, s := range ordinaryActs() {
		each(s.name, i.step(number, s.name, s.by, s.facts))
	}
	return number
}

func TestAnOrdinaryComplaintMakesAtMostNineEventsAStepAnd130InAll(t *testing.T) {
	i := install(t)
	before, steps := 0, 0
	number := ordinary(i, func(name complaint.StepName, result complaint.Result) {
		steps++
		events := i.history(result.Number)
		require.LessOrEqual(t, len(events)-before, 9, "events of %s", name)
		before = len(events)
	})
	require.LessOrEqual(t, len(i.history(number)), 130)
	t.Logf("%d events for %d steps", before, steps)
}

func TestTenCallersOfOneStepAreOneStepWithTenEqualAnswers(t *testing.T) {
	i := install(t)
	number := i.register("li-na", wrongDoor(), map[string]any{"narrative": "Twice."}).Number
	stored, err := i.store.Submissions.Submit(t.Context(), submission.Submission{Number: number, Step: complaint.Screen, By: i.actor("li-na"),
		Body: []byte("{}"), Facts: complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true,
			Category: "operations.mistake", Severity: complaint.Normal}}})
	require.NoError(t, err)
	answers := make([]complaint.Result, 10)
	var callers errgroup.Group
	for n := range answers {
		callers.Go(func() (err error) {
			answers[n], err = i.send(stored)
			return err
		})
	}
	require.NoError(t, callers.Wait())
	for _, answer := range answers {
		require.Equal(t, answers[0], answer)
	}
	require.Equal(t, 2, answers[0].Revision)
	require.Equal(t, complaint.Investigating, answers[0].Stage)
}

// wrongDoor registers a courier complaint, not screened yet.
func wrongDoor() complaint.Facts {
	return complaint.Facts{
		Registration: &complaint.Registration{Procedure: "courier-station", Channel: "phone", Category: "operations.mistake", Language: "en", Reachable: []string{"email"}},
		Fields:       []string{"waybill", "sent_on", "parcel_state"},
	}
}
