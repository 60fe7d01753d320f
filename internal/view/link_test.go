package view_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/internal/view"
)

func sent(id string, step complaint.StepName, state submission.State, body string) submission.Stored {
	return submission.Stored{ID: id, State: state, Submission: submission.Submission{Step: step, Body: json.RawMessage(body)}}
}

func courier(t *testing.T) view.Reader {
	t.Helper()
	rules := rulebooktest.Rules(t, "courier-station")
	return view.Reader{Language: bilingual.English, People: rules.Directory, Rules: rules.Procedure}
}

// First review: A1.
func TestTheLinkShowsTheWordsOfTheProposalThatItAsksAbout(t *testing.T) {
	file := reading.File{Complaint: complaint.Complaint{Stage: complaint.AwaitingCustomer, Proposal: &complaint.OpenProposal{
		Proposal: complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}}, Revision: 1, Submission: "judged"}}}
	asked := link.Link{Purpose: link.Answer, Subject: 1}
	judged := sent("judged", complaint.Propose, submission.Accepted, `{"remedies":[{"words":"By letter."}],"reasons":"We are sorry."}`)
	shown := courier(t).Link(asked, file, false, judged).Proposal
	require.Equal(t, "We are sorry.", shown.Reasons)
	require.Equal(t, "By letter.", shown.Remedies[0].Words)

	unjudged := sent("unjudged", complaint.Propose, submission.Accepted, `{"remedies":[{"words":"EVIL-REMEDY"}],"reasons":"EVIL"}`)
	shown = courier(t).Link(asked, file, false, unjudged).Proposal
	require.Empty(t, shown.Reasons)
	require.Empty(t, shown.Remedies[0].Words)
}

// First review: A4.
func TestOnlyStepsThatWereTakenAreAmongAComplaintsWords(t *testing.T) {
	submitted := []submission.Stored{
		sent("1", complaint.Register, submission.Accepted, `{"narrative":"It was late.","fields":{"waybill":"1"}}`),
		sent("2", complaint.Note, submission.Pending, `{"words":"EVIL","fields":{"waybill":"2"}}`),
		sent("3", complaint.Register, submission.Refused, `{"words":"EVIL","fields":{"waybill":"3"}}`), // of a process beside, whose step is called so
		sent("4", complaint.Register, submission.Pending, `{"words":"EVIL","fields":{"waybill":"4"}}`),
		sent("5", complaint.Note, submission.Refused, `{"words":"EVIL","fields":{"waybill":"5"}}`),
		sent("6", complaint.Note, submission.Accepted, `{"words":"They called again."}`),
	}
	shown := courier(t).Complaint(reading.File{}, "", nil, nil, submitted, nil, nil)
	var ids []string
	for _, words := range shown.Words {
		ids = append(ids, words.Id)
	}
	require.Equal(t, []string{"1", "6"}, ids)
	require.Equal(t, map[string]any{"waybill": "1"}, shown.Fields)

	waiting := []submission.Stored{sent("1", complaint.Register, submission.Pending, `{"narrative":"It was late."}`)}
	require.Len(t, courier(t).Complaint(reading.File{}, "", nil, nil, waiting, nil, nil).Words, 1, "what was registered is read before it is taken up")
}

func TestARemedyIsCalledAsTheProcedureOfTheComplaintCallsIt(t *testing.T) {
	file := reading.File{Complaint: complaint.Complaint{Stage: complaint.AwaitingCustomer, Proposal: &complaint.OpenProposal{
		Proposal: complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Own: "cancel-parcel"}}}, Revision: 1}}}
	label := func(r view.Reader) string {
		return r.Link(link.Link{Purpose: link.Answer, Subject: 1}, file, false, submission.Stored{}).Proposal.Remedies[0].Label
	}
	rules := rulebooktest.Rules(t, "courier-station", "\nanswer_at_once:", "\nremedy_kinds: {cancel-parcel: {name: {en: Parcel cancelled, zh-CN: 取消寄件}, as: refund}}\n\nanswer_at_once:")
	require.Equal(t, "Parcel cancelled", label(view.Reader{Language: bilingual.English, Rules: rules.Procedure}))
	require.Equal(t, "Refund", label(view.Reader{Language: bilingual.English}), "in general, where the procedure isn't known")
}
