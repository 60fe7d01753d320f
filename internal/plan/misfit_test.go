package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/procedure"
)

func TestEveryMisfitOfAStepIsToldWithWhatThereIs(t *testing.T) {
	rules := newMatter(t).rules
	require.Empty(t, rules.Misfits(complaint.Facts{}))
	found := rules.Misfits(complaint.Facts{
		Registration: &complaint.Registration{},
		Screening:    &complaint.Screening{Category: "gods"},
		Assignment:   &complaint.Assignment{Handler: "ivy", Owner: clerk},
	})
	require.Equal(t, []string{"/screen/category", "/assign/handler"}, []string{found[0].Pointer, found[1].Pointer})
	require.Equal(t, rules.Procedure.CategoryCodes(), found[0].Known)
	require.Contains(t, found[1].Known, string(clerk))
	require.Equal(t, []plan.Misfit{{Pointer: "/subjects/1", Reason: "no_such_person", Name: "ivy", Known: found[1].Known}},
		rules.RegistrationMisfits(complaint.Registration{Channel: rules.Procedure.Channels[0].ID, Subjects: []complaint.PersonID{clerk, "ivy"}}))
}

// First review: I6.
func TestASettlementOnTheSpotIsBoundByTheAuthorityRules(t *testing.T) {
	settled := func(amount string) complaint.Facts {
		return complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true, Remedies: []complaint.Remedy{{Kind: "apology"}, {Kind: "refund", Amount: amount, Currency: "CNY"}}}}
	}
	for _, row := range []struct {
		by     complaint.PersonID
		amount string
		needs  string // whose approval is missing
	}{
		{clerk, "", ""},
		{clerk, "500.00", ""},
		{clerk, "500.01", "manager"},
		{manager, "5000.00", ""}, // they would decide it
		{manager, "5000.01", "boss"},
		{clerk, "5000.01", "manager"},
	} {
		t.Run(string(row.by)+" "+row.amount, func(t *testing.T) {
			m := newMatter(t)
			m.register("2 10:00", clerk, "goods")
			step := complaint.Step{Name: complaint.ResolveOnSpot, By: m.rules.Directory.Actor(row.by, m.on("2 10:00"), m.rules.Procedure.Roles), At: m.on("2 10:00"), Facts: settled(row.amount)}
			place := "/remedies"
			check := func(c complaint.Complaint) {
				wrong := m.rules.Unauthorised(c, step)
				if row.needs == "" {
					require.Empty(t, wrong)
					return
				}
				require.Len(t, wrong, 1)
				require.Equal(t, plan.Misfit{Pointer: place, Reason: complaint.ReasonApprovalNeeded, Name: row.needs}, wrong[0])
			}
			check(m.Complaint)
			step.Name, place = complaint.Register, "/resolve_on_spot/remedies"
			step.Facts.Registration = &complaint.Registration{Procedure: "shop", Version: 1, Channel: "phone", Category: "goods", Language: "en"}
			check(complaint.Complaint{})
		})
	}
}

// What the step itself says is asked as what was said before it is.
func TestWhatASettlementOnTheSpotSaysOfItselfCountsForWhoWouldApproveIt(t *testing.T) {
	rules := shopWhere(t, "order: {title", "wish: {title: {en: Wish, zh-CN: 诉求}, options: {money: {en: Money, zh-CN: 退款}, words: {en: Words, zh-CN: 道歉}}}\n    order: {title",
		"    - {when: amount <= 500, approve: []}\n", `    - {when: 'asked_more || decision == "rejected" || fields.wish == "money"', approve: [manager]}`+"\n    - {when: amount <= 500, approve: []}\n",
		"follow_up:\n", "decisions: {rejected: {name: {en: Rejected, zh-CN: 不成立}}}\n\nfollow_up:\n")
	for name, row := range map[string]struct {
		settled complaint.OnSpot
		wish    string
		needs   bool
	}{
		"accepted as it is":                  {complaint.OnSpot{}, "words", false},
		"the customer wanted more":           {complaint.OnSpot{AskedMore: true}, "", true},
		"what they demanded was rejected":    {complaint.OnSpot{Decision: "rejected"}, "", true},
		"the form says what they wished for": {complaint.OnSpot{}, "money", true},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMatter(t)
			m.rules = rules
			m.register("2 10:00", clerk, "goods")
			row.settled.CustomerAccepts, row.settled.Remedies = true, []complaint.Remedy{{Kind: "apology"}}
			facts := complaint.Facts{OnSpot: &row.settled}
			if row.wish != "" {
				facts.Choices = map[string]string{"wish": row.wish}
			}
			by := rules.Directory.Actor(clerk, m.on("2 10:00"), rules.Procedure.Roles)
			wrong := rules.Unauthorised(m.Complaint, complaint.Step{Name: complaint.ResolveOnSpot, By: by, At: m.on("2 10:00"), Facts: facts})
			require.Equal(t, row.needs, len(wrong) == 1, "%v", wrong)
		})
	}
}

// Where even an apology has to be approved, nobody else is allowed to settle.
// First review: I6, C10.
func TestNothingIsSettledOnTheSpotWhereEvenAnApologyIsApproved(t *testing.T) {
	m := newMatter(t)
	for i := range m.rules.Procedure.Authority {
		if of := &m.rules.Procedure.Authority[i]; of.Matter == complaint.MatterProposal {
			of.Rules = []procedure.ApprovalRule{{Approve: []complaint.Role{"manager"}}}
		}
	}
	m.register("2 10:00", clerk, "goods")
	m.enter("2 10:00", complaint.Received)
	allowed := func(person complaint.PersonID) []complaint.StepName {
		return m.Allowed(m.rules.Directory.Actor(person, m.on("2 10:00"), m.rules.Procedure.Roles), m.on("2 10:00"))
	}
	require.NotContains(t, allowed(clerk), complaint.ResolveOnSpot)
	require.Contains(t, allowed(clerk), complaint.Screen)
}

// A word of the sender's own goes no further than the edge.
// First review: C5.
func TestAClockIsOneOfTheProceduresOrOneThatEveryProcedureHas(t *testing.T) {
	rules := newMatter(t).rules
	for name, fits := range map[string]bool{"whole": true, complaint.CallbackClock: true, "li-na-is-a-thief": false} {
		for _, facts := range []complaint.Facts{{Extension: &complaint.Extension{Deadline: name}}, {Acknowledged: &complaint.Acknowledged{Deadline: name}}} {
			wrong := rules.Misfits(facts)
			require.Equal(t, fits, len(wrong) == 0, "%s: %v", name, wrong)
			if !fits {
				require.Equal(t, complaint.ReasonNoSuchDeadline, wrong[0].Reason)
				require.Contains(t, wrong[0].Known, "whole")
			}
		}
	}
}

func TestARemedyOrADecisionThatTheProcedureDoesNotHaveIsSaidWithThoseThatItHas(t *testing.T) {
	rules := shopWhere(t, "follow_up:\n", "remedy_kinds: {cancel-item: {name: {en: Item cancelled, zh-CN: 取消该菜品}, as: refund}}\ndecisions: {accepted: {name: {en: Accepted, zh-CN: 成立}}}\n\nfollow_up:\n")
	said := func(kind, decision string) complaint.Facts {
		return rules.Procedure.Coded(complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: kind}}, Decision: decision}}, nil)
	}
	own := said("cancel-item", "accepted")
	require.Equal(t, []complaint.Remedy{{Kind: "refund", Own: "cancel-item"}}, own.Proposal.Remedies)
	require.Equal(t, own, rules.Procedure.Coded(own, nil), "said again")
	require.Empty(t, rules.Misfits(own))
	require.Empty(t, rules.Misfits(said("apology", "")))
	found := rules.Misfits(said("cancel-itm", "acepted"))
	require.Len(t, found, 2)
	require.Equal(t, "/remedies/0/kind", found[0].Pointer)
	require.Contains(t, found[0].Known, "cancel-item")
	require.Equal(t, plan.Misfit{Pointer: "/decision", Reason: "no_such_decision", Name: "acepted", Known: []string{"accepted"}}, found[1])
}
