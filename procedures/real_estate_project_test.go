package procedures_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// numbers are the steps of the source that a complaint passes, and the elements
// of the procedure that hold them.
func numbers(t *testing.T, w *walk, expected map[string][]string) {
	t.Helper()
	written := w.rules.Procedure.BySource()
	for number, elements := range expected {
		require.Subset(t, written[number], elements, "step %s of the source", number)
	}
}

// The whole flow of the source, step by step: each line of the walk names the
// numbers that it follows.
func TestRealEstateProject_TheWholeFlowFrom1_0To12_0(t *testing.T) {
	w := walking(t, "real-estate-project")
	numbers(t, w, map[string][]string{
		"1.0":  {"categories.developer", "categories.property", "stages.received"},
		"2.0":  {"deadlines.screen"},
		"2.1":  {"supervision[0]", "campaigns.developer", "campaigns.property"},
		"2.2":  {"routes[1]", "alerts.headquarters-watches", "supervision[1]", "spot_checks"},
		"2.3":  {"deadlines.screen", "deadlines.explain"},
		"3.0":  {"form", "alerts.recorded", "owner", "deadlines.forward", "deadlines.investigate", "deadlines.propose", "call_out"},
		"3.1":  {"deadlines.support"},
		"3.2":  {"deadlines.approve", "authority.proposal[3]"},
		"4.0":  {"deadlines.inform", "customer_answer"},
		"4.1":  {"customer_answer.declined", "deadlines.propose"},
		"5.0":  {"deadlines.implement"},
		"6.0":  {"deadlines.implement"},
		"7.0":  {"deadlines.verify"},
		"7.1":  {"verify"},
		"8.0":  {"form"},
		"9.0":  {"follow_up[0]", "deadlines.close"},
		"9.1":  {"assessment"},
		"10.0": {"assessment"},
		"10.1": {"assessment"},
		"11.0": {"reports.statistics"},
		"11.1": {"reports.statistics"},
		"12.0": {"deadlines.close"},
	})
	// 1.0 received by the call centre; 2.0 received
	w.register("10 Mar 09:00", "lin-xia", registered("developer.quality", "phone"))
	// 2.3 valid; 3.0 recorded, reported to the call-centre head
	w.step("10 Mar 09:30", "lin-xia", complaint.Screen, screened("developer.quality", complaint.Normal))
	// 3.0 the call-centre head names the owner, who routes it to the department
	w.step("10 Mar 10:00", "lin-xia", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("10 Mar 10:05", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("10 Mar 10:30", "song-lei", complaint.Accept, nothing)
	w.step("10 Mar 11:00", "song-lei", complaint.Contact, reached(true))
	// 3.1 departments give professional support
	w.step("10 Mar 11:10", "song-lei", complaint.RequestSupport, complaint.Facts{Support: &complaint.Support{Department: "property-engineering"}})
	w.step("10 Mar 15:00", "xiao-bo", complaint.GiveSupport, complaint.Facts{Support: &complaint.Support{Request: 1}})
	w.step("10 Mar 16:00", "song-lei", complaint.Find, found("construction", complaint.LiableSupplier))
	// 3.0 the solution is settled; 3.2 beyond the call-centre head's authority; both clocks start
	w.step("11 Mar 10:00", "song-lei", complaint.Propose, w.proposed("5000", "20 Mar 18:00"))
	w.step("11 Mar 11:00", "he-yan", complaint.Approve, decided(1))
	w.step("11 Mar 14:00", "yuan-hong", complaint.Approve, decided(1))
	// 4.0 the same day, time limit and solution are told to the customer
	w.step("11 Mar 15:00", "gao-feng", complaint.Inform, answered(1, false))
	// 4.1 declined: back to 3.0, the solution is adjusted
	w.step("12 Mar 09:30", complaint.Customer, complaint.Answer, answered(1, false))
	w.step("12 Mar 14:00", "song-lei", complaint.Propose, w.proposed("1500", "20 Mar 18:00"))
	w.step("12 Mar 14:30", "he-yan", complaint.Approve, decided(2))
	w.step("12 Mar 15:00", "gao-feng", complaint.Answer, answered(2, true))
	// 5.0 the department is instructed, 6.0 implements and reports
	w.step("19 Mar 16:00", "song-lei", complaint.Implement, done())
	// 7.0 followed through; 7.1 satisfied? not yet: back
	w.step("20 Mar 10:00", "gao-feng", complaint.Verify, checked(false))
	w.step("20 Mar 15:00", "song-lei", complaint.Implement, done())
	w.step("20 Mar 16:00", "gao-feng", complaint.Verify, checked(true))
	// 9.0 callback
	w.step("23 Mar 10:00", "lin-xia", complaint.CallBack, called(complaint.Satisfied))
	// 8.0 result recorded, 9.1 case value? 10.0, 10.1 case written
	w.step("23 Mar 10:30", "gao-feng", complaint.Close, closedAs(complaint.Resolved, "result"))
	w.step("23 Mar 11:00", "gao-feng", complaint.Assess, complaint.Facts{Assessment: &complaint.Assessment{CaseValue: true}})
	// 9.0 closed, 12.0 archived
	w.step("23 Mar 11:30", "gao-feng", complaint.Close, closedAs(complaint.Resolved, "result"))
	w.until("24 Mar 09:00")
	w.tells(`
Tue 10 Mar 09:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Tue 10 Mar 11:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:30  * lin-xia screen
                  = assigning
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Tue 10 Mar 15:00
                  > he-yan: task name_owner
Tue 10 Mar 10:00  ! lin-xia assign: forbidden, not_your_step
Tue 10 Mar 10:05  * he-yan assign
                  = investigating
                  forward met
                  contact due Wed 11 Mar 18:00
                  investigate due Fri 13 Mar 18:00
                  > gao-feng: owner_named
                  > song-lei: assigned
Tue 10 Mar 10:30  * song-lei accept
Tue 10 Mar 11:00  * song-lei contact
                  contact met
Tue 10 Mar 11:10  * song-lei request-support
                  support due Wed 11 Mar 18:00
                  > xiao-bo: support_asked
Tue 10 Mar 15:00  * xiao-bo give-support
                  support met
                  > song-lei: support_given
Tue 10 Mar 16:00  * song-lei find
                  = proposing
                  investigate met
                  propose due Thu 12 Mar 18:00
                  beside: supplier-claims
                  * procedure report supplier-claims claim
                  > cao-ying: side_task supplier-claims, due Tue 17 Mar 18:00
Wed 11 Mar 10:00  * song-lei propose
                  = approving
                  approve due Wed 11 Mar 18:00
                  inform due Wed 11 Mar 18:00
                  proposal 1 needs he-yan, then yuan-hong
                  propose met
                  > he-yan: approval_asked proposal revision 1
Wed 11 Mar 11:00  * he-yan approve
                  > yuan-hong: approval_asked proposal revision 1
Wed 11 Mar 14:00  * yuan-hong approve
                  = awaiting_customer
                  approve met
                  customer-answer due Mon 16 Mar 18:00
                  > song-lei: approved proposal
                  > customer: customer_proposal revision 1 [link to answer]
                  > gao-feng: task inform
Wed 11 Mar 14:45  ~ inform #1 rung 1
                  > gao-feng: reminder inform 50%, due Wed 11 Mar 18:00
Wed 11 Mar 15:00  * gao-feng inform
                  inform met
Thu 12 Mar 09:30  * customer answer
                  = proposing
                  customer-answer met
                  propose #2 due Mon 16 Mar 18:00
                  > gao-feng: customer_declined revision 1
                  > song-lei: customer_declined revision 1
                  > song-lei: task propose
Thu 12 Mar 14:00  * song-lei propose
                  = approving
                  approve #2 due Thu 12 Mar 18:00
                  inform #2 due Thu 12 Mar 18:00
                  proposal 2 needs he-yan
                  propose #2 met
                  > he-yan: approval_asked proposal revision 2
Thu 12 Mar 14:30  * he-yan approve
                  = awaiting_customer
                  approve #2 met
                  customer-answer #2 due Tue 17 Mar 18:00
                  > song-lei: approved proposal
                  > customer: customer_proposal in_place_of_earlier revision 2 [link to answer]
                  > gao-feng: task inform
Thu 12 Mar 15:00  * gao-feng answer
                  = implementing
                  inform #2 met
                  customer-answer #2 met
                  implement due Thu 26 Mar 18:00
                  promise due Fri 20 Mar 18:00
                  > song-lei: customer_agreed revision 2
                  > song-lei: task implement
Mon 16 Mar 15:38  * procedure report supplier-claims claim
                  > he-yan: side_task supplier-claims 75%, due Tue 17 Mar 18:00
Wed 18 Mar 09:00  * procedure report supplier-claims claim
                  > he-yan: side_task supplier-claims due, due Tue 17 Mar 18:00
                  > yuan-hong: side_task supplier-claims due, due Tue 17 Mar 18:00
Thu 19 Mar 09:00  * procedure report supplier-claims claim
                  > deng-chao: side_task supplier-claims +1wd, due Tue 17 Mar 18:00
Thu 19 Mar 16:00  * song-lei implement
                  = verifying
                  implement met
                  promise met
                  verify due Mon 23 Mar 18:00
                  > customer: customer_done [link to follow]
                  > gao-feng: task verify
Fri 20 Mar 10:00  * gao-feng verify
                  = implementing
                  verify met
                  implement #2 due Fri 03 Apr 18:00
                  promise #2 due Fri 20 Mar 18:00
                  > song-lei: not_satisfied
                  > song-lei: task implement
Fri 20 Mar 15:00  * song-lei implement
                  = verifying
                  implement #2 met
                  promise #2 met
                  verify #2 due Tue 24 Mar 18:00
                  > customer: customer_done [link to follow]
                  > gao-feng: task verify
Fri 20 Mar 16:00  * gao-feng verify
                  = following_up
                  verify #2 met
                  callback due Wed 25 Mar 18:00, not before Mon 23 Mar 09:00
                  > lin-xia: callback_due callback 1, due Wed 25 Mar 18:00
                  > customer: customer_rating callback 1 [link to rate]
Mon 23 Mar 10:00  * lin-xia call-back
                  callback 1 satisfied
                  = closing
                  callback met
                  close due Thu 26 Mar 18:00
                  > gao-feng: task close
Mon 23 Mar 10:30  ! gao-feng close: rule_violation, file_incomplete
Mon 23 Mar 11:00  * gao-feng assess
                  > xie-wen: case_written
Mon 23 Mar 11:30  * gao-feng close
                  outcome resolved
                  = closed
                  close met
                  reopen-window due Sun 21 Jun 11:30
                  > song-lei: closed resolved
                  > customer: customer_outcome resolved [link to appeal]
`)
}

func TestRealEstateProject_2_3_NotValidIsExplainedPolitely(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("10 Mar 09:00", "lin-xia", registered("property.fees", "web"))
	w.step("10 Mar 09:30", "lin-xia", complaint.Screen, invalid("property.fees"))
	w.step("10 Mar 10:00", "lin-xia", complaint.Explain, explained(false))
	w.until("11 Mar 09:00")
	w.tells(`
Tue 10 Mar 09:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Tue 10 Mar 11:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:30  * lin-xia screen
                  = explaining
                  screen met
                  explain due Wed 11 Mar 18:00
Tue 10 Mar 10:00  * lin-xia explain
                  outcome rejected_invalid
                  = closed
                  explain met
                  reopen-window due Mon 08 Jun 10:00
                  > customer: customer_explained [link to contest]
                  > customer: customer_outcome rejected_invalid [link to appeal]
`)
}

func TestRealEstateProject_2_2_HeadquartersIsToldOfAMassComplaint(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("10 Mar 09:00", "lin-xia", registered("developer.delivery", "letter"))
	w.step("10 Mar 09:30", "lin-xia", complaint.Screen, screened("developer.delivery", complaint.Mass))
	w.until("10 Mar 10:00")
	w.tells(`
Tue 10 Mar 09:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Tue 10 Mar 11:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:30  * lin-xia screen
                  = assigning
                  alert headquarters-watches
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Tue 10 Mar 15:00
                  > xie-wen: alert headquarters-watches
                  > yuan-hong: alert headquarters-watches
                  > tang-hui: copied mass
                  > he-yan: task name_owner
`)
}

func TestRealEstateProject_2_2_HeadquartersLearnsHowAMajorComplaintEnds(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("10 Mar 09:00", "lin-xia", registered("developer.delivery", "letter"))
	w.step("10 Mar 09:30", "lin-xia", complaint.Screen, screened("developer.delivery", complaint.Major))
	w.step("10 Mar 09:45", "lin-xia", complaint.Close, closedAs(complaint.Referred))
	w.until("10 Mar 10:00")
	w.tells(`
Tue 10 Mar 09:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Tue 10 Mar 11:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:30  * lin-xia screen
                  = assigning
                  alert headquarters-watches
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Tue 10 Mar 15:00
                  > xie-wen: alert headquarters-watches
                  > yuan-hong: alert headquarters-watches
                  > tang-hui: copied major
                  > he-yan: task name_owner
Tue 10 Mar 09:45  * lin-xia close
                  outcome referred
                  = closed
                  forward not_needed
                  reopen-window due Mon 08 Jun 09:45
                  > xie-wen: closed referred
                  > song-lei: closed referred
                  > customer: customer_outcome referred [link to appeal]
`)
}

func TestRealEstateProject_3_0_AnEmergencyIsCalledOutAndForwardWaits(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("10 Mar 17:00", "lin-xia", registered("property.facilities", "phone"))
	w.step("10 Mar 17:10", "lin-xia", complaint.Screen, screened("property.facilities", complaint.Emergency))
	w.step("10 Mar 17:20", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("10 Mar 20:30", "cheng-yu", complaint.CallOutDone, nothing)
	w.step("11 Mar 09:30", "xiao-bo", complaint.Reassign, assigned("", "xiao-bo", ""))
	w.until("11 Mar 12:00")
	w.tells(`
Tue 10 Mar 17:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Wed 11 Mar 10:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 17:10  * lin-xia screen
                  = assigning
                  call-out due Tue 10 Mar 19:10
                  department property-engineering, agent lin-xia, handler cheng-yu
                  screen met
                  forward due Wed 11 Mar 13:40
                  forward paused
                  > he-yan: call_out, due Tue 10 Mar 19:10
                  > cheng-yu: call_out, due Tue 10 Mar 19:10
                  > he-yan: task name_owner
Tue 10 Mar 17:20  * he-yan assign
                  > gao-feng: owner_named
Tue 10 Mar 17:40  ~ call-out #1 rung 1
                  > cheng-yu: reminder call-out 25%, due Tue 10 Mar 19:10
                  > he-yan: reminder call-out 25%, due Tue 10 Mar 19:10
Tue 10 Mar 19:10  ~ call-out #1 rung 2, tier 2
                  > he-yan: escalation call-out due tier 2, due Tue 10 Mar 19:10
                  > xiao-bo: escalation call-out due tier 2, due Tue 10 Mar 19:10
Tue 10 Mar 19:40  ~ call-out #1 rung 3, tier 3
                  > yuan-hong: escalation call-out +30m tier 3, due Tue 10 Mar 19:10
Tue 10 Mar 20:10  ~ call-out #1 rung 4, tier 3
                  > deng-chao: decision_handed_over call-out +1h tier 3, due Tue 10 Mar 19:10
Tue 10 Mar 20:30  * cheng-yu call-out-done
                  call-out met_late
                  forward resumed, due Wed 11 Mar 14:30
                  = investigating
                  forward met
                  contact due Wed 11 Mar 18:00
                  investigate due Fri 13 Mar 18:00
                  > he-yan: call_out_done
                  > gao-feng: call_out_done
Wed 11 Mar 09:30  * xiao-bo reassign
                  > cheng-yu: reassigned_away
`)
}

func TestRealEstateProject_3_0_NobodyNamesTheOwner(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("10 Mar 16:00", "lin-xia", registered("developer.quality", "phone"))
	w.step("10 Mar 16:30", "lin-xia", complaint.Screen, screened("developer.quality", complaint.Normal))
	w.until("13 Mar 18:00")
	w.tells(`
Tue 10 Mar 16:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Tue 10 Mar 18:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 16:30  * lin-xia screen
                  = assigning
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Wed 11 Mar 11:30
                  > he-yan: task name_owner
Wed 11 Mar 10:30  ~ forward #1 rung 1
                  > he-yan: reminder forward 75%, due Wed 11 Mar 11:30
Wed 11 Mar 11:30  ~ forward #1 rung 2, tier 3
                  > he-yan: escalation forward due tier 3, due Wed 11 Mar 11:30
                  > yuan-hong: escalation forward due tier 3, due Wed 11 Mar 11:30
Wed 11 Mar 17:00  ~ forward #1 rung 3, tier 3
                  > deng-chao: decision_handed_over forward +4wh tier 3, due Wed 11 Mar 11:30
`)
}

func TestRealEstateProject_3_2_4_0_TheSameDayIsOver(t *testing.T) {
	w := walking(t, "real-estate-project")
	facts := registered("developer.quality", "phone")
	facts.Screening = screened("developer.quality", complaint.Normal).Screening
	w.register("12 Mar 09:00", "lin-xia", facts)
	w.step("12 Mar 09:10", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("12 Mar 09:20", "song-lei", complaint.Accept, nothing)
	w.step("12 Mar 09:30", "song-lei", complaint.Contact, reached(true))
	w.step("12 Mar 10:00", "song-lei", complaint.Find, found("construction", complaint.LiableThirdParty))
	w.step("13 Mar 17:00", "song-lei", complaint.Propose, w.proposed("5000", "20 Mar 18:00"))
	w.step("16 Mar 10:00", "he-yan", complaint.Acknowledge, complaint.Facts{Acknowledged: &complaint.Acknowledged{Deadline: "approve"}})
	w.step("16 Mar 17:00", "he-yan", complaint.Approve, decided(1))
	w.step("16 Mar 17:30", "deng-chao", complaint.Approve, decided(1))
	w.until("17 Mar 09:00")
	w.tells(`
Thu 12 Mar 09:00  * lin-xia register
                  = received
                  = assigning
                  agent lin-xia
                  alert recorded
                  screen due Thu 12 Mar 11:00
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Thu 12 Mar 14:30
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
                  > he-yan: task name_owner
Thu 12 Mar 09:10  * he-yan assign
                  = investigating
                  forward met
                  contact due Fri 13 Mar 18:00
                  investigate due Tue 17 Mar 18:00
                  > gao-feng: owner_named
                  > song-lei: assigned
Thu 12 Mar 09:20  * song-lei accept
Thu 12 Mar 09:30  * song-lei contact
                  contact met
Thu 12 Mar 10:00  * song-lei find
                  = proposing
                  investigate met
                  propose due Mon 16 Mar 18:00
Fri 13 Mar 17:00  * song-lei propose
                  = approving
                  approve due Fri 13 Mar 18:00
                  inform due Fri 13 Mar 18:00
                  proposal 1 needs he-yan, then yuan-hong
                  propose met
                  > he-yan: approval_asked proposal revision 1
Fri 13 Mar 17:30  ~ approve #1 rung 1
                  > gao-feng: reminder approve 50%, due Fri 13 Mar 18:00
                  ~ inform #1 rung 1
                  > gao-feng: reminder inform 50%, due Fri 13 Mar 18:00
Mon 16 Mar 09:00  ~ approve #1 rung 2, tier 2
                  > gao-feng: lapsed approve due tier 2, due Fri 13 Mar 18:00
                  > he-yan: escalation approve due tier 2, due Fri 13 Mar 18:00
                  ~ inform #1 rung 2, tier 2
                  > gao-feng: lapsed inform due tier 2, due Fri 13 Mar 18:00
                  > he-yan: escalation inform due tier 2, due Fri 13 Mar 18:00
Mon 16 Mar 10:00  * he-yan acknowledge
                  approve #1 rung 3 skipped
                  > gao-feng: acknowledged
                  > song-lei: acknowledged
Mon 16 Mar 11:00  ~ inform #1 rung 3, tier 3
                  > yuan-hong: decision_handed_over inform +2wh tier 3, due Fri 13 Mar 18:00
Mon 16 Mar 17:00  * he-yan approve
                  > yuan-hong: approval_asked proposal revision 1
Mon 16 Mar 17:30  * deng-chao approve
                  = awaiting_customer
                  approve met_late
                  customer-answer due Thu 19 Mar 18:00
                  > song-lei: approved proposal
                  > customer: customer_proposal revision 1 [link to answer]
                  > gao-feng: task inform
`)
}

func TestRealEstateProject_ASuspensionNeedsTheCallCentreHead(t *testing.T) {
	w := walking(t, "real-estate-project")
	facts := registered("developer.quality", "phone")
	facts.Screening = screened("developer.quality", complaint.Normal).Screening
	w.register("12 Mar 09:00", "lin-xia", facts)
	w.step("12 Mar 09:10", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("12 Mar 10:00", "gao-feng", complaint.Suspend, w.suspended(complaint.CustomerAway, "18 Mar 09:00"))
	w.step("12 Mar 10:30", "he-yan", complaint.Refuse, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 1}})
	w.step("12 Mar 11:00", "gao-feng", complaint.Suspend, w.suspended(complaint.CustomerAway, "18 Mar 09:00"))
	w.step("12 Mar 11:30", "he-yan", complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 2}})
	w.until("18 Mar 10:00")
	w.tells(`
Thu 12 Mar 09:00  * lin-xia register
                  = received
                  = assigning
                  agent lin-xia
                  alert recorded
                  screen due Thu 12 Mar 11:00
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Thu 12 Mar 14:30
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
                  > he-yan: task name_owner
Thu 12 Mar 09:10  * he-yan assign
                  = investigating
                  forward met
                  contact due Fri 13 Mar 18:00
                  investigate due Tue 17 Mar 18:00
                  > gao-feng: owner_named
                  > song-lei: assigned
Thu 12 Mar 10:00  * gao-feng suspend
                  suspension 1 needs he-yan
                  > he-yan: approval_asked suspension
Thu 12 Mar 10:30  * he-yan refuse
                  > gao-feng: refused suspension
Thu 12 Mar 11:00  * gao-feng suspend
                  suspension 2 needs he-yan
                  > he-yan: approval_asked suspension
Thu 12 Mar 11:30  * he-yan approve
                  rests: customer-away until Wed 18 Mar 09:00
                  open-matter #2 due Wed 18 Mar 09:00
                  contact paused
                  investigate paused
                  > gao-feng: approved suspension
                  > gao-feng: suspended customer-away, due Wed 18 Mar 09:00
                  > song-lei: suspended customer-away, due Wed 18 Mar 09:00
                  > customer: customer_suspended customer-away, due Wed 18 Mar 09:00 [link to follow]
Wed 18 Mar 09:00  ~ open-matter #2 rung 1
                  goes on
                  contact resumed, due Thu 19 Mar 18:00
                  investigate resumed, due Mon 23 Mar 18:00
                  open-matter #2 met
                  > gao-feng: resumed
                  > song-lei: resumed
                  > customer: customer_resumed [link to follow]
`)
}

func TestRealEstateProject_LeftToItselfAcrossAWeekend(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("13 Mar 17:00", "lin-xia", registered("developer.quality", "phone")) // a Friday
	w.until("31 Mar 20:00")
	w.tells(`
Fri 13 Mar 17:00  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Mon 16 Mar 10:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Mon 16 Mar 09:30  ~ screen #1 rung 1
                  > lin-xia: reminder screen 75%, due Mon 16 Mar 10:00
Mon 16 Mar 10:00  ~ screen #1 rung 2, tier 2
                  > he-yan: escalation screen due tier 2, due Mon 16 Mar 10:00
Mon 16 Mar 15:30  ~ screen #1 rung 3, tier 3
                  > yuan-hong: decision_handed_over screen +4wh tier 3, due Mon 16 Mar 10:00
`)
}

func TestRealEstateProject_LeftToItselfWithAnOwnerAcrossTheSpringFestival(t *testing.T) {
	w := walking(t, "real-estate-project")
	facts := registered("developer.quality", "phone")
	facts.Screening = screened("developer.quality", complaint.Normal).Screening
	w.register("13 Feb 16:00", "lin-xia", facts)
	w.step("13 Feb 16:30", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.until("31 Mar 20:00")
	w.tells(`
Fri 13 Feb 16:00  * lin-xia register
                  = received
                  = assigning
                  agent lin-xia
                  alert recorded
                  screen due Fri 13 Feb 18:00
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Sat 14 Feb 11:00
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
                  > he-yan: task name_owner
Fri 13 Feb 16:30  * he-yan assign
                  = investigating
                  forward met
                  contact due Sat 14 Feb 18:00
                  investigate due Wed 25 Feb 18:00
                  > gao-feng: owner_named
                  > song-lei: assigned
Sat 14 Feb 15:45  ~ contact #1 rung 1
                  > song-lei: reminder contact 75%, due Sat 14 Feb 18:00
                  > gao-feng: reminder contact 75%, due Sat 14 Feb 18:00
Tue 24 Feb 09:00  ~ contact #1 rung 2, tier 1
                  > luo-jun: escalation contact due tier 1, due Sat 14 Feb 18:00
                  > gao-feng: lapsed contact due tier 1, due Sat 14 Feb 18:00
Tue 24 Feb 14:30  ~ contact #1 rung 3, tier 2
                  > he-yan: escalation contact +4wh tier 2, due Sat 14 Feb 18:00
Wed 25 Feb 09:00  ~ contact #1 rung 4, tier 3
                  > yuan-hong: decision_handed_over contact +1wd tier 3, due Sat 14 Feb 18:00
Wed 25 Feb 10:30  ~ investigate #1 rung 1
                  > song-lei: reminder investigate 75%, due Wed 25 Feb 18:00
                  > gao-feng: reminder investigate 75%, due Wed 25 Feb 18:00
Thu 26 Feb 09:00  ~ investigate #1 rung 2, tier 1
                  > luo-jun: escalation investigate due tier 1, due Wed 25 Feb 18:00
                  > gao-feng: lapsed investigate due tier 1, due Wed 25 Feb 18:00
Thu 26 Feb 14:30  ~ investigate #1 rung 3, tier 2
                  > he-yan: escalation investigate +4wh tier 2, due Wed 25 Feb 18:00
Fri 27 Feb 09:00  ~ investigate #1 rung 4, tier 3
                  > yuan-hong: decision_handed_over investigate +1wd tier 3, due Wed 25 Feb 18:00
`)
}

func TestRealEstateProject_InNewYorkLeftToItselfWhenTheClocksGoForward(t *testing.T) {
	w := walking(t, "real-estate-project", "new-york")
	facts := registered("developer.quality", "phone")
	facts.Screening = screened("developer.quality", complaint.Normal).Screening
	w.register("6 Mar 16:00", "lin-xia", facts)
	w.step("6 Mar 16:30", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.until("31 Mar 20:00")
	w.tells(`
Fri 06 Mar 16:00  * lin-xia register
                  = received
                  = assigning
                  agent lin-xia
                  alert recorded
                  screen due Sat 07 Mar 10:30
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Sat 07 Mar 12:30
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
                  > he-yan: task name_owner
Fri 06 Mar 16:30  * he-yan assign
                  = investigating
                  forward met
                  contact due Sat 07 Mar 14:00
                  investigate due Tue 10 Mar 17:30
                  > gao-feng: owner_named
                  > song-lei: assigned
Sat 07 Mar 12:45  ~ contact #1 rung 1
                  > song-lei: reminder contact 75%, due Sat 07 Mar 14:00
                  > gao-feng: reminder contact 75%, due Sat 07 Mar 14:00
Mon 09 Mar 09:00  ~ contact #1 rung 2, tier 1
                  > luo-jun: escalation contact due tier 1, due Sat 07 Mar 14:00
                  > gao-feng: lapsed contact due tier 1, due Sat 07 Mar 14:00
Mon 09 Mar 13:45  ~ contact #1 rung 3, tier 2
                  > he-yan: escalation contact +4wh tier 2, due Sat 07 Mar 14:00
Tue 10 Mar 09:00  ~ contact #1 rung 4, tier 3
                  > yuan-hong: decision_handed_over contact +1wd tier 3, due Sat 07 Mar 14:00
Tue 10 Mar 11:38  ~ investigate #1 rung 1
                  > song-lei: reminder investigate 75%, due Tue 10 Mar 17:30
                  > gao-feng: reminder investigate 75%, due Tue 10 Mar 17:30
Wed 11 Mar 09:00  ~ investigate #1 rung 2, tier 1
                  > luo-jun: escalation investigate due tier 1, due Tue 10 Mar 17:30
                  > gao-feng: lapsed investigate due tier 1, due Tue 10 Mar 17:30
Wed 11 Mar 13:45  ~ investigate #1 rung 3, tier 2
                  > he-yan: escalation investigate +4wh tier 2, due Tue 10 Mar 17:30
Thu 12 Mar 09:00  ~ investigate #1 rung 4, tier 3
                  > yuan-hong: decision_handed_over investigate +1wd tier 3, due Tue 10 Mar 17:30
`)
}

func TestRealEstateProject_InNewYorkLeftToItselfWhenTheClocksGoBack(t *testing.T) {
	w := walking(t, "real-estate-project", "new-york")
	w.register("31 Oct 13:30", "lin-xia", registered("developer.quality", "phone"))
	w.until("30 Nov 20:00")
	w.tells(`
Sat 31 Oct 13:30  * lin-xia register
                  = received
                  agent lin-xia
                  alert recorded
                  screen due Mon 02 Nov 10:30
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Mon 02 Nov 10:00  ~ screen #1 rung 1
                  > lin-xia: reminder screen 75%, due Mon 02 Nov 10:30
Mon 02 Nov 10:30  ~ screen #1 rung 2, tier 2
                  > he-yan: escalation screen due tier 2, due Mon 02 Nov 10:30
Mon 02 Nov 15:15  ~ screen #1 rung 3, tier 3
                  > yuan-hong: decision_handed_over screen +4wh tier 3, due Mon 02 Nov 10:30
`)
}
