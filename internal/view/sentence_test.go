package view

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
)

func TestCountsAreSaidInGoodEnglish(t *testing.T) {
	r := Reader{Language: bilingual.English}
	for count, sentence := range map[int]string{0: "No callback is planned.", 1: "One callback was planned.", 3: "3 callbacks were planned."} {
		require.Equal(t, sentence, r.sentence(complaint.Event{Kind: complaint.CallbacksPlanned, Callbacks: count}, ladders{}))
	}
	for label, want := range map[string][2]string{
		"75%": {"75% of its time", "时限的75%"}, "+1h": {"one hour after its due time", "到期后1小时"},
		"-30m": {"30 minutes before its due time", "到期前30分钟"}, "+1h 30m": {"one hour 30 minutes after its due time", "到期后1小时30分钟"},
		"+4wh": {"4 working hours after its due time", "到期后4个工作小时"}, "+1wd": {"one working day after its due time", "到期后1个工作日"},
		"month 2": {"month 2", "第2个月"}, "due": {"its due time", "到期"}, "3": {"its rung 3", "第3个"},
	} {
		require.Equal(t, want, [2]string{rungName(label, bilingual.English), rungName(label, bilingual.Chinese)})
	}
}

func TestARefusedStepSaysWhy(t *testing.T) {
	refused := func(step complaint.StepName, code complaint.Code, reason complaint.Reason) complaint.Event {
		return complaint.Event{Kind: complaint.StepRefused, By: complaint.Operator, Step: &complaint.Step{Name: step}, Code: string(code), Reason: reason}
	}
	for said, event := range map[string]complaint.Event{
		"An operator was refused the step “Reassign”. The directory doesn't know a person or department named here.": refused(complaint.Reassign, complaint.CodeRuleViolation, complaint.ReasonUnknownName),
		"An operator was refused the step “Record the findings”. Against a rule.":                                    refused(complaint.Find, complaint.CodeRuleViolation, complaint.ReasonMissingFacts),
		"An operator was refused the step “Reassign”.":                                                               refused(complaint.Reassign, complaint.CodeForbidden, ""),
		"An operator was refused an unknown step: “reasign”.":                                                        refused("reasign", complaint.CodeStepNotAllowed, complaint.ReasonUnknownStep),
	} {
		require.Equal(t, said, Reader{Language: bilingual.English, People: &directory.Directory{}}.sentence(event, ladders{}))
	}
}

func TestWhatCameOfAStepIsSaid(t *testing.T) {
	customer := complaint.Actor{Person: complaint.Customer}
	for said, event := range map[string]complaint.Event{
		"he-yan approved: proposed fix 2.":                            {Step: &complaint.Step{Name: complaint.Approve, Facts: complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}}},
		"he-yan tried to contact the customer and didn't reach them.": {Step: &complaint.Step{Name: complaint.Contact, Facts: complaint.Facts{Contact: &complaint.ContactMade{}}}},
		"The customer declined proposal 1.":                           {Step: &complaint.Step{Name: complaint.Answer, By: customer, Facts: complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}}},
		"The customer answered how satisfied they are: satisfied.":    {Step: &complaint.Step{Name: complaint.CallBack, By: customer, Facts: complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Satisfied}}}},
		"The customer withdrew the complaint.":                        {Step: &complaint.Step{Name: complaint.Withdraw, By: customer}},
		"he-yan took the step “Withdraw”.":                            {Step: &complaint.Step{Name: complaint.Withdraw}},
	} {
		event.Kind, event.By = complaint.StepTaken, "he-yan"
		require.Equal(t, said, Reader{Language: bilingual.English, People: &directory.Directory{}}.sentence(event, ladders{}))
	}
}
