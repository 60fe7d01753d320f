package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

// 4.0: what was refused nobody may tell, so telling it is no longer due; the
// solution settled anew is told on its own day.
func TestRealEstateProject_3_2_4_0_ARefusedSolutionNeedNotBeTold(t *testing.T) {
	w := walking(t, "real-estate-project")
	facts := registered("developer.quality", "phone")
	facts.Screening = screened("developer.quality", complaint.Normal).Screening
	w.register("12 Mar 09:00", "lin-xia", facts)
	w.step("12 Mar 09:10", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("12 Mar 09:20", "song-lei", complaint.Accept, nothing)
	w.step("12 Mar 09:30", "song-lei", complaint.Contact, reached(true))
	w.step("12 Mar 10:00", "song-lei", complaint.Find, found("construction", complaint.LiableThirdParty))
	w.step("12 Mar 11:00", "song-lei", complaint.Propose, w.proposed("1500", "20 Mar 18:00"))
	w.step("12 Mar 15:00", "he-yan", complaint.Refuse, decided(1))
	w.step("13 Mar 14:00", "song-lei", complaint.Propose, w.proposed("1000", "20 Mar 18:00"))
	w.step("13 Mar 14:30", "he-yan", complaint.Approve, decided(2))
	w.step("13 Mar 15:00", "gao-feng", complaint.Inform, answered(2, false))
	w.until("13 Mar 18:30")
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
Thu 12 Mar 11:00  * song-lei propose
                  = approving
                  approve due Thu 12 Mar 18:00
                  inform due Thu 12 Mar 18:00
                  proposal 1 needs he-yan
                  propose met
                  > he-yan: approval_asked proposal revision 1
Thu 12 Mar 15:00  * he-yan refuse
                  = proposing
                  approve met
                  inform not_needed
                  propose #2 due Mon 16 Mar 18:00
                  > song-lei: refused proposal
                  > gao-feng: refused proposal
                  > song-lei: task propose
Fri 13 Mar 14:00  * song-lei propose
                  = approving
                  approve #2 due Fri 13 Mar 18:00
                  inform #2 due Fri 13 Mar 18:00
                  proposal 2 needs he-yan
                  propose #2 met
                  > he-yan: approval_asked proposal revision 2
Fri 13 Mar 14:30  * he-yan approve
                  = awaiting_customer
                  approve #2 met
                  customer-answer due Wed 18 Mar 18:00
                  > song-lei: approved proposal
                  > customer: customer_proposal revision 2 [link to answer]
                  > gao-feng: task inform
Fri 13 Mar 15:00  * gao-feng inform
                  inform #2 met
`)
}
