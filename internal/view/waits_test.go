package view_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/view"
)

func TestWaitsForNamesWhoHoldsTheDutyAndWhatTheStepTakes(t *testing.T) {
	r, now := courier(t), time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	contested := complaint.Complaint{Stage: complaint.Received, Contested: true, ScreenedBy: "li-na", Terms: complaint.Terms{Generation: complaint.Newest}}
	waits := r.Waits(&contested, contested.Tasks(), now)
	require.Equal(t, "zhang-min", waits[0].Person.Id, "who judges it anew")
	contested.ScreenedBy = "zhang-min"
	require.NotEqual(t, "zhang-min", r.Waits(&contested, contested.Tasks(), now)[0].Person.Id, "never who judged it before")

	asked := complaint.Complaint{Stage: complaint.AwaitingCustomer, Proposal: &complaint.OpenProposal{Revision: 3}, People: complaint.People{Owner: "li-na"},
		Supports: []complaint.SupportAsked{{Department: "it", Given: true}, {Department: "it"}}, Terms: complaint.Terms{Generation: complaint.Newest}}
	for _, wait := range r.Waits(&asked, asked.Tasks(), now) {
		switch complaint.StepName(wait.Step) {
		case complaint.Inform, complaint.Answer:
			require.Equal(t, 3, wait.Decision.ProposalRevision)
			require.Equal(t, "proposal", wait.Detail)
		default:
			require.Equal(t, "give-support", wait.Step)
			require.Equal(t, 2, wait.Item)
			require.Equal(t, "it", wait.Detail)
		}
	}
}

func TestWhatARefusedStepLacksIsNamed(t *testing.T) {
	rules := courier(t).Rules
	require.Equal(t, "apology", view.Lacking(complaint.ReasonRemedyMissing, []string{"apology"}, rules, bilingual.English))
	require.Equal(t, "运单号", view.Lacking(complaint.ReasonIncomplete, []string{"waybill"}, rules, bilingual.Chinese))
}
