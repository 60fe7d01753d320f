package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

func TestCourierStation_AnOrdinaryComplaintFromRegisterToClosed(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("11 Mar 10:00", "li-na", registered("operations.mistake", "phone"))
	w.step("11 Mar 10:20", "li-na", complaint.Screen, screened("operations.mistake", complaint.Normal))
	w.step("11 Mar 10:40", "zhao-lei", complaint.Accept, nothing)
	w.step("11 Mar 11:00", "zhao-lei", complaint.Contact, reached(true))
	w.step("11 Mar 14:00", "zhao-lei", complaint.Find, found("mistake", complaint.LiableThirdParty))
	w.step("11 Mar 14:30", "zhao-lei", complaint.Propose, w.proposed("200", "13 Mar 18:00"))
	w.step("11 Mar 15:00", "zhang-min", complaint.Approve, decided(1))
	w.step("11 Mar 15:30", "li-na", complaint.Inform, answered(1, false))
	w.step("12 Mar 09:30", complaint.Customer, complaint.Answer, answered(1, true))
	w.step("12 Mar 14:00", "zhao-lei", complaint.Implement, done())
	w.step("12 Mar 16:00", "li-na", complaint.Verify, checked(true))
	w.step("13 Mar 10:00", "li-na", complaint.CallBack, called(complaint.VerySatisfied))
	w.step("13 Mar 11:00", "li-na", complaint.Close, closedAs(complaint.Resolved, "waybill", "result"))
	w.tells(`
Wed 11 Mar 10:00  * li-na register
                  = received
                  department , agent li-na, owner li-na, handler
                  forward due Wed 11 Mar 11:00
                  > customer: customer_received [link to follow]
Wed 11 Mar 10:20  * li-na screen
                  = assigning
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Thu 12 Mar 10:20
                  settle due Thu 12 Mar 10:20
                  > zhao-lei: assigned
Wed 11 Mar 10:40  * zhao-lei accept
Wed 11 Mar 11:00  * zhao-lei contact
                  contact met
Wed 11 Mar 14:00  * zhao-lei find
                  = proposing
Wed 11 Mar 14:30  * zhao-lei propose
                  = approving
                  proposal 1 needs zhang-min
                  approve due Thu 12 Mar 09:30
                  > zhang-min: approval_asked proposal revision 1
Wed 11 Mar 15:00  * zhang-min approve
                  = awaiting_customer
                  settle paused
                  approve met
                  inform due Wed 11 Mar 17:00
                  customer-answer due Fri 13 Mar 18:00
                  > zhao-lei: approved proposal
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Wed 11 Mar 15:30  * li-na inform
                  inform met
Thu 12 Mar 09:30  * customer answer
                  = implementing
                  settle resumed, due Fri 13 Mar 04:50
                  customer-answer met
                  promise due Fri 13 Mar 18:00
                  > li-na: customer_agreed revision 1
                  > zhao-lei: customer_agreed revision 1
                  > zhao-lei: task implement
Thu 12 Mar 14:00  * zhao-lei implement
                  = verifying
                  settle met
                  promise met
                  verify due Fri 13 Mar 18:00
                  > customer: customer_done [link to follow]
                  > li-na: task verify
Thu 12 Mar 16:00  * li-na verify
                  = following_up
                  verify met
                  callback due Tue 17 Mar 18:00, not before Fri 13 Mar 09:00
                  > customer: customer_rating callback 1 [link to rate]
Fri 13 Mar 10:00  * li-na call-back
                  callback 1 very_satisfied
                  = closing
                  callback met
                  close due Wed 18 Mar 18:00
Fri 13 Mar 11:00  * li-na close
                  outcome resolved
                  = closed
                  close met
                  reopen-window due Tue 12 May 11:00
                  > zhao-lei: closed resolved
                  > customer: customer_outcome resolved [link to appeal]
Sun 12 Apr 11:00  ~ reopen-window #1 rung 1
Tue 12 May 11:00  ~ reopen-window #1 rung 2
                  ~ reopen-window #1 rung 3
`)
}
