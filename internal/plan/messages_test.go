package plan_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
)

func fire(m *matter, local, deadline string, rung int) complaint.Write {
	m.t.Helper()
	return m.happen(complaint.Event{Kind: complaint.RungFired, At: m.on(local), By: complaint.Clock, Rung: &complaint.RungRef{Deadline: deadline, Round: 1, Rung: rung}})
}

func TestWhoIsToldOfARegistration(t *testing.T) {
	for _, row := range []struct {
		name     string
		by       complaint.PersonID
		subjects []complaint.PersonID
		want     []string
	}{
		{"who acts needs no message about it", clerk, nil, []string{"customer customer_received"}},
		{"the owner, when somebody else acts", secondClerk, nil, []string{"customer customer_received", "ann owner_named"}},
		{"the agent, who is to screen it", boss, nil, []string{"customer customer_received", "ann screening_asked", "ann owner_named"}},
		{"never who it is about", boss, []complaint.PersonID{clerk}, []string{"customer customer_received", "ben screening_asked", "ben owner_named"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, told(newMatter(t).register("2 10:00", row.by, "goods", row.subjects...)))
		})
	}
}

func TestWhatARungTells(t *testing.T) {
	for _, row := range []struct {
		name, at, deadline string
		rung               int
		subjects           []complaint.PersonID
		want               []string
	}{
		{"before due it reminds", "3 04:00", "elapsed", 0, nil, []string{"cai reminder"}},
		{"at due it calls the manager of its tier", "3 10:00", "elapsed", 1, nil, []string{"eva escalation"}},
		{"then the next", "3 12:00", "elapsed", 2, nil, []string{"fay escalation"}},
		{"never a subject: who stands in", "3 10:00", "elapsed", 1, []complaint.PersonID{storeHead}, []string{"dan escalation"}},
		{"nor where the secondary is one, too", "3 10:00", "elapsed", 1, []complaint.PersonID{storeHead, secondHandler}, []string{"gus escalation"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t)
			m.register("2 10:00", clerk, "goods", row.subjects...)
			m.enter("2 10:00", complaint.Assigning)
			require.Equal(t, row.want, told(fire(m, row.at, row.deadline, row.rung)))
		})
	}
}

func TestARungFindsWhoHoldsTheDutyWhenItFires(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.rules.Directory.Absences = []directory.Absence{away(storeHead)}
	require.Equal(t, []string{"dan escalation"}, told(fire(m, "3 10:00", "elapsed", 1)))
}

func TestWhoeverBecomesASubjectIsNotToldWhoHasItNow(t *testing.T) {
	blame := func(people ...complaint.PersonID) complaint.Facts {
		return complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: "broken", Liability: complaint.LiableDepartment, People: people}}
	}
	m := newMatter(t).investigated("2 10:00")
	require.Equal(t, []string{"dan reassigned"}, told(m.step("2 11:00", manager, complaint.Find, blame(handler))))
	m = newMatter(t).investigated("2 10:00")
	reassigned := m.step("2 11:00", storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Handler: secondHandler}})
	require.Equal(t, []string{"dan reassigned", "cai reassigned_away"}, told(reassigned), "as anybody else is")
}

func TestOfAWhistleblowingLetterOnlyThePeopleNamedAreTold(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", clerk, "goods")
	screened := m.step("2 11:00", clerk, complaint.Screen, complaint.Facts{
		Screening: &complaint.Screening{Kind: complaint.KindWhistleblowing, Valid: true, Category: "goods", Severity: complaint.Normal}})
	require.Equal(t, []string{"gus whistleblowing", "hal whistleblowing", "gus owner_named"}, told(screened))
	everything := told(m.enter("2 11:00", complaint.Assigning))
	for rung := range 3 {
		everything = append(everything, told(fire(m, "3 12:00", "elapsed", rung))...)
	}
	require.NotEmpty(t, everything)
	for _, message := range everything {
		person, _, _ := strings.Cut(message, " ")
		require.Contains(t, []string{"gus", "hal", "customer"}, person, message)
	}
}

func TestADecisionIsAskedLevelByLevelAndToldToWhoseMatterItIs(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	decide := func(by complaint.PersonID, name complaint.StepName) []string {
		return told(m.step("2 12:00", by, name, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 1}}))
	}
	require.Equal(t, []string{"fay approval_asked"}, told(m.proposed("2 11:00", handler, "5000.01")))
	require.Equal(t, []string{"gus approval_asked"}, decide(manager, complaint.Approve))
	require.Equal(t, []string{"cai refused", "ann refused"}, decide(director, complaint.Refuse))
}

func TestACustomerWhoLeftOnlyATelephoneIsToldByTheOwner(t *testing.T) {
	m := newMatter(t)
	m.Registration.Reachable = []string{"phone"}
	received := m.step("2 10:00", boss, complaint.Register, complaint.Facts{Registration: &complaint.Registration{
		Procedure: "shop", Version: 1, Channel: "phone", Category: "goods", Language: "en", Reachable: []string{"phone"}}})
	require.Contains(t, told(received), "ann tell_customer")
	require.NotContains(t, told(received), "customer customer_received")
}

func TestTheAgentCallsACustomerWithoutAnAddressWhileThereIsNoOwner(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", secondClerk, "goods")
	m.Registration.Reachable, m.People.Owner = []string{"phone"}, ""
	m.step("2 11:00", manager, complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.CustomerAway, Until: m.on("31 09:00")}})
	resting := m.Matters[0]
	suspended := m.happen(complaint.Event{Kind: complaint.Suspended, At: m.on("2 11:00"), By: secondClerk, Matter: &resting})
	require.Contains(t, told(suspended), "ben tell_customer", "though they let it rest themselves")
	require.NotContains(t, told(suspended), "ann tell_customer")
}

// withoutAddress is a complaint about goods of a customer who left a telephone number alone.
func withoutAddress(t *testing.T) *matter {
	t.Helper()
	m := newMatter(t).investigated("2 10:00")
	m.Registration.Reachable = []string{"phone"}
	return m
}

func TestNobodyIsAskedToCallTwiceForOneConversation(t *testing.T) {
	m := withoutAddress(t)
	m.proposed("2 11:00", handler, "20.00")
	m.step("2 12:00", clerk, complaint.Inform, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}})
	m.lived("2 14:00", clerk, complaint.Answer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1, Agrees: true}})
	require.Equal(t, []string{"ann tell_customer"}, told(m.lived("3 10:00", handler, complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true}})),
		"saying that it is done is the call in which it is checked")
	verified := told(m.lived("3 11:00", clerk, complaint.Verify, complaint.Facts{Check: &complaint.Verification{Satisfied: true}}))
	require.NotContains(t, verified, "ann tell_customer", "they are asked how satisfied they are in the callback")

	m = withoutAddress(t)
	m.enter("2 11:00", complaint.Explaining)
	explained := m.lived("2 12:00", clerk, complaint.Explain, complaint.Facts{Explanation: &complaint.Explanation{}})
	require.Equal(t, complaint.Closed, m.Stage)
	require.NotContains(t, told(explained), "ann tell_customer", "they have just been spoken to")
}

func TestWhoeverIsAskedToActIsToldOfWhat(t *testing.T) {
	m := withoutAddress(t)
	require.Equal(t, []string{"ann tell_customer: propose of 2 11:00"}, tells(m.proposed("2 11:00", handler, "20.00")))
	m = newMatter(t).investigated("2 10:00")
	m.step("2 11:00", handler, complaint.Find, complaint.Facts{Findings: &complaint.Findings{Liability: complaint.LiableCustomer}})
	side := complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: "judge", Person: storeHead, Due: new(m.on("4 10:00"))}}
	require.Equal(t, []string{"eva side_task: find of 2 11:00"}, tells(m.step("2 12:00", complaint.Procedure, complaint.Report, side)))
}

func TestTheHandlerLearnsThatACaseIsSpecial(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	require.Equal(t, []string{"ann marked_special: mark-special of 2 11:00", "cai marked_special: mark-special of 2 11:00"},
		tells(m.step("2 11:00", manager, complaint.MarkSpecial, complaint.Facts{})))
}

func TestMessagesAreNumberedByTheirPlaceOnTheRecord(t *testing.T) {
	m := newMatter(t)
	first := m.register("2 10:00", boss, "goods")
	row := 1 + len(first.Decided)
	for i, e := range first.Messages {
		require.Equal(t, m.Number+"-"+strconv.Itoa(row+i+1), e.Message.ID)
	}
	again := newMatter(t).register("2 10:00", boss, "goods")
	require.Equal(t, first.Messages, again.Messages, "the same question has the same answer")
}

// tells is which step each message tells of: "fay approval_asked: propose of 2 11:00".
func tells(followed complaint.Write) []string {
	var messages []string
	for _, e := range followed.Messages {
		if e.Message.Tells != "" {
			messages = append(messages, string(e.Message.To)+" "+e.Message.Template+": "+e.Message.Tells)
		}
	}
	return messages
}

// First review: A1.
func TestEachMessageNamesTheStepThatItTellsOf(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	require.Equal(t, []string{"fay approval_asked: propose of 2 11:00"}, tells(m.proposed("2 11:00", handler, "5000.01")))
	decide := func(local string, by complaint.PersonID, name complaint.StepName, revision int) complaint.Write {
		return m.step(local, by, name, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: revision}})
	}
	require.Equal(t, []string{"gus approval_asked: propose of 2 11:00"}, tells(decide("2 12:00", manager, complaint.Approve, 1)),
		"the next level decides on the same proposal")
	require.Equal(t, []string{"cai refused: refuse of 2 14:00", "ann refused: refuse of 2 14:00"}, tells(decide("2 14:00", director, complaint.Refuse, 1)))

	require.Equal(t, []string{"customer customer_proposal: propose of 2 15:00", "ann task: propose of 2 15:00"}, tells(m.proposed("2 15:00", handler, "20.00")))
	require.Equal(t, []string{"customer customer_proposal_reminder: propose of 2 15:00"}, tells(fire(m, "4 18:00", complaint.CustomerAnswerClock, 0)))
	declined := m.step("5 10:00", complaint.Customer, complaint.Answer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 2}})
	require.Equal(t, []string{"ann customer_declined: answer of 5 10:00", "cai customer_declined: answer of 5 10:00"}, tells(declined))
}

func TestASuspensionIsToldByWhoAskedForItAndBySilenceByNobody(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	asked := m.step("2 11:00", secondClerk, complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.PartsOnOrder, Until: m.on("31 09:00")}})
	require.Equal(t, []string{"fay approval_asked: suspend of 2 11:00"}, tells(asked))
	approved := m.step("2 12:00", manager, complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 1}})
	require.Equal(t, []string{"ben approved: approve of 2 12:00", "ann suspended: suspend of 2 11:00", "cai suspended: suspend of 2 11:00"}, tells(approved))

	silent := m.happen(complaint.Event{Kind: complaint.Suspended, At: m.on("2 13:00"), By: complaint.Clock,
		Matter: &complaint.OpenMatter{Number: 2, Kind: complaint.CustomerAway, Until: m.on("31 09:00"), By: complaint.Clock}})
	require.Contains(t, told(silent), "ann suspended")
	require.Empty(t, tells(silent))
}

func TestAnOrderThatMovesOnIsToldInTheWordsOfWhoGaveIt(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	order := func(local string, to complaint.PersonID) {
		m.step(local, manager, complaint.Instruct, complaint.Facts{Order: &complaint.Order{To: to, Due: m.on("5 18:00")}})
	}
	order("2 11:00", storeHead)
	order("2 12:00", secondClerk)
	m.rules.Directory.Absences = []directory.Absence{away(storeHead)}
	moved := m.step("2 14:00", manager, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: storeHead}})
	require.Equal(t, []string{"dan instruction: instruct of 2 11:00"}, tells(moved), "not of the newer one")
}

// lived is a step with all that it leads to, as the workflow writes it.
func (m *matter) lived(local string, by complaint.PersonID, name complaint.StepName, facts complaint.Facts) complaint.Write {
	m.t.Helper()
	step := complaint.Step{Name: name, By: complaint.Actor{Person: by}, At: m.on(local), Facts: facts}
	before, people := m.Recorded, m.People
	happened := m.Unfold(complaint.Event{Kind: complaint.StepTaken, At: step.At, By: by, Step: &step})
	followed := m.rules.Follow(complaint.Write{Complaint: m.Complaint, PeopleBefore: people, Before: before, Happened: happened})
	m.Complaint = followed.Complaint
	return followed
}

// First review: A9.
func TestNobodyIsAskedTwiceForTheSameInOneMoment(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.proposed("2 11:00", handler, "20.00")
	declined := m.lived("3 10:00", complaint.Customer, complaint.Answer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}})
	require.Equal(t, []string{"ann customer_declined", "cai customer_declined"}, told(declined), "who reads that they are to propose anew gets no task beside it")

	m = newMatter(t).investigated("2 10:00")
	m.Deadlines[0].Rungs[1].Tell = []complaint.Role{complaint.DepartmentHead, complaint.ServiceManager, "store.head"}
	require.Equal(t, []string{"eva escalation", "fay escalation"}, told(fire(m, "3 10:00", "elapsed", 1)), "by two names of one duty")
}
