package complaint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestATaskNamesWhatItsStepTakes(t *testing.T) {
	c := complaint.Complaint{Stage: complaint.AwaitingCustomer, Proposal: &complaint.OpenProposal{Revision: 3},
		Supports: []complaint.SupportAsked{{Department: "it", Given: true}, {Department: "it"}}, Orders: []complaint.OrderGiven{{Answered: true}, {To: "li-na"}},
		Terms: complaint.Terms{Generation: complaint.Newest}, Registration: complaint.Registration{Reachable: []string{"email"}}}
	named := map[complaint.StepName]int{}
	for _, task := range c.Tasks() {
		_, named[task.Kind] = task.About()
		if decided, is := task.Decides(); is {
			require.Equal(t, complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 3}, decided)
		}
	}
	require.Equal(t, map[complaint.StepName]int{complaint.Inform: 3, complaint.Answer: 3, complaint.GiveSupport: 2, complaint.CarriedOut: 2}, named)
}

func TestHelpIsGivenToTheOldestRequestOfTheDepartmentUnlessOneIsNamed(t *testing.T) {
	it := complaint.Actor{Person: "zhou-jie", Department: "it"}
	for _, row := range []struct {
		request, given int
		reason         complaint.Reason
	}{{0, 2, ""}, {3, 3, ""}, {1, 0, complaint.ReasonNotYourStep}, {4, 0, complaint.ReasonNoSuchSupport}} {
		c := complaint.Complaint{Stage: complaint.Investigating, Supports: []complaint.SupportAsked{{Department: "legal", By: "ann"}, {Department: "it", By: "ben"}, {Department: "it", By: "cat"}}}
		step := complaint.Step{Name: complaint.GiveSupport, By: it, Submission: "one", Facts: complaint.Facts{Support: &complaint.Support{Request: row.request}}}
		if refusal := c.Check(step); row.reason != "" {
			require.NotNil(t, refusal)
			require.Equal(t, row.reason, refusal.Reason)
			continue
		} else {
			require.Nil(t, refusal)
		}
		c.Apply(complaint.Event{Kind: complaint.StepTaken, Step: &step})
		for i, asked := range c.Supports {
			require.Equal(t, i+1 == row.given, asked.Given)
		}
		asked, answered := c.SupportAnsweredBy(step)
		require.True(t, answered)
		require.Equal(t, c.Supports[row.given-1].By, asked.By, "whoever asked is told")
	}
}

func TestARegistrationKeepsTheFieldsThatItFillsWithItsScreening(t *testing.T) {
	facts, err := complaint.ReadFacts(complaint.Register,
		[]byte(`{"procedure":"p","fields":{"waybill":"1"},"screen":{"kind":"complaint","valid":true,"category":"c","fields":{"order":"2"}}}`))
	require.NoError(t, err)
	require.Equal(t, []string{"order", "waybill"}, facts.Fields)
}
