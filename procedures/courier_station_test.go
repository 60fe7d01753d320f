package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
	"recourse/internal/directory"
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
                  agent li-na, owner li-na
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

func TestCourierStation_DeclinedTwiceClimbsATier(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("service.attitude", "visit")
	facts.Screening = screened("service.attitude", complaint.Normal).Screening
	w.register("17 Mar 09:00", "li-na", facts)
	w.step("17 Mar 09:10", "chen-jing", complaint.Accept, nothing)
	w.step("17 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("17 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("17 Mar 10:30", "chen-jing", complaint.Propose, w.proposed("", "18 Mar 18:00"))
	w.step("17 Mar 11:00", "li-na", complaint.Answer, answered(1, false))
	w.step("17 Mar 14:00", "chen-jing", complaint.Propose, w.proposed("100", "18 Mar 18:00"))
	w.step("17 Mar 14:30", "zhang-min", complaint.Approve, decided(2))
	w.step("17 Mar 15:00", complaint.Customer, complaint.Answer, answered(1, true)) // the old link
	w.step("17 Mar 15:10", complaint.Customer, complaint.Answer, answered(2, false))
	w.step("17 Mar 16:00", "liu-yang", complaint.Propose, w.proposed("300", "18 Mar 18:00")) // the manager of tier 1
	w.step("17 Mar 16:10", "liu-yang", complaint.Approve, decided(3))
	w.step("17 Mar 16:20", "zhang-min", complaint.Approve, decided(3))
	w.step("17 Mar 16:30", "liu-yang", complaint.Approve, decided(3))
	w.step("17 Mar 16:40", "chen-jing", complaint.Approve, decided(3)) // the other holder of the tier's duty, but the handler
	w.step("17 Mar 16:50", "xu-mei", complaint.Approve, decided(3))
	w.until("17 Mar 17:00")
	w.tells(`
Tue 17 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  alert visit-in-person
                  forward due Tue 17 Mar 10:00
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 18 Mar 09:00
                  settle due Wed 18 Mar 09:00
                  > zhang-min: alert visit-in-person
                  > customer: customer_received [link to follow]
                  > chen-jing: assigned
Tue 17 Mar 09:10  * chen-jing accept
Tue 17 Mar 09:30  * chen-jing contact
                  contact met
Tue 17 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 18 Mar 10:00
Tue 17 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Tue 17 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 17 Mar 14:00
                  customer-answer due Thu 19 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Tue 17 Mar 11:00  * li-na answer
                  = proposing
                  inform met
                  settle resumed, due Wed 18 Mar 09:30
                  customer-answer met
                  > chen-jing: customer_declined revision 1
                  > chen-jing: task propose
Tue 17 Mar 14:00  * chen-jing propose
                  = approving
                  proposal 2 needs zhang-min
                  approve #2 due Tue 17 Mar 18:00
                  > zhang-min: approval_asked proposal revision 2
Tue 17 Mar 14:30  * zhang-min approve
                  = awaiting_customer
                  settle paused
                  approve #2 met
                  inform #2 due Tue 17 Mar 16:30
                  customer-answer #2 due Thu 19 Mar 18:00
                  > chen-jing: approved proposal
                  > customer: customer_proposal in_place_of_earlier revision 2 [link to answer]
                  > li-na: task inform
Tue 17 Mar 15:00  ! customer answer: stale_proposal, older_proposal
Tue 17 Mar 15:10  * customer answer
                  tier 1 by rounds
                  = proposing
                  inform #2 met
                  settle resumed, due Wed 18 Mar 10:10
                  customer-answer #2 met
                  > li-na: customer_declined revision 2
                  > chen-jing: customer_declined revision 2
                  > liu-yang: tier_reached tier 1
                  > li-na: climbed tier 1
                  > chen-jing: task propose
Tue 17 Mar 16:00  * liu-yang propose
                  = approving
                  proposal 3 needs zhang-min, then xu-mei
                  approve #3 due Wed 18 Mar 11:00
                  > zhang-min: approval_asked proposal revision 3
Tue 17 Mar 16:10  ! liu-yang approve: forbidden, not_your_step
Tue 17 Mar 16:20  * zhang-min approve
                  > xu-mei: approval_asked proposal revision 3
Tue 17 Mar 16:30  ! liu-yang approve: forbidden, not_your_step
Tue 17 Mar 16:40  ! chen-jing approve: forbidden, not_your_step
Tue 17 Mar 16:50  * xu-mei approve
                  = awaiting_customer
                  settle paused
                  approve #3 met
                  inform #3 due Wed 18 Mar 09:50
                  customer-answer #3 due Thu 19 Mar 18:00
                  > liu-yang: approved proposal
                  > customer: customer_proposal in_place_of_earlier revision 3 [link to answer]
                  > li-na: task inform
`)
}

func TestCourierStation_AnOrderGoesToWhoeverStandsInForTheAbsent(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("service.attitude", "letter")
	facts.Screening = screened("service.attitude", complaint.Normal).Screening
	w.register("17 Mar 09:00", "li-na", facts)
	due := w.on("18 Mar 12:00")
	w.step("17 Mar 09:10", "hu-bin", complaint.Instruct, complaint.Facts{Order: &complaint.Order{To: "chen-jing", Due: due}})
	w.rules.Directory.Absences = append(w.rules.Directory.Absences, directory.Absence{Person: "chen-jing", From: w.on("17 Mar 10:00"), Until: w.on("1 Apr 00:00")})
	w.step("17 Mar 10:00", complaint.Procedure, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: "chen-jing"}})
	w.until("17 Mar 10:05")
	w.tells(`
Tue 17 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Tue 17 Mar 10:00
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 18 Mar 09:00
                  settle due Wed 18 Mar 09:00
                  > customer: customer_received [link to follow]
                  > chen-jing: assigned
Tue 17 Mar 09:10  * hu-bin instruct
                  instruction due Wed 18 Mar 12:00
                  > chen-jing: instruction, due Wed 18 Mar 12:00
Tue 17 Mar 10:00  * procedure substitute
                  department service, agent li-na, owner li-na, handler liu-yang
                  > liu-yang: instruction, due Wed 18 Mar 12:00
                  > liu-yang: reassigned
                  > chen-jing: reassigned_away
`)
}

func TestCourierStation_WhoHoldsTwoLevelsInARowDecidesOnce(t *testing.T) {
	w := walking(t, "courier-station")
	w.rules.Directory.Duties["dispatch.head"] = directory.Duty{Primary: "sun-hao"} // who holds that of the second level too
	facts := registered("service.attitude", "letter")
	facts.Screening = screened("service.attitude", complaint.Normal).Screening
	w.register("17 Mar 09:00", "li-na", facts)
	w.step("17 Mar 09:10", "chen-jing", complaint.Accept, nothing)
	w.step("17 Mar 09:20", "chen-jing", complaint.Contact, reached(true))
	w.step("17 Mar 09:30", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("17 Mar 09:40", "chen-jing", complaint.Propose, w.proposed("5000", "20 Mar 18:00"))
	w.step("17 Mar 09:50", "sun-hao", complaint.Approve, decided(1))
	w.until("17 Mar 09:55")
	w.tells(`
Tue 17 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Tue 17 Mar 10:00
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 18 Mar 09:00
                  settle due Wed 18 Mar 09:00
                  > customer: customer_received [link to follow]
                  > chen-jing: assigned
Tue 17 Mar 09:10  * chen-jing accept
Tue 17 Mar 09:20  * chen-jing contact
                  contact met
Tue 17 Mar 09:30  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 18 Mar 09:30
Tue 17 Mar 09:40  * chen-jing propose
                  = approving
                  proposal 1 needs sun-hao
                  approve due Tue 17 Mar 15:10
                  > sun-hao: approval_asked proposal revision 1
Tue 17 Mar 09:50  * sun-hao approve
                  = awaiting_customer
                  settle paused
                  approve met
                  inform due Tue 17 Mar 11:50
                  customer-answer due Thu 19 Mar 18:00
                  > chen-jing: approved proposal
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
`)
}

func TestCourierStation_ASpecialCaseOverTheSpringFestival(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("13 Feb 17:00", "li-na", registered("operations.mistake", "phone"))
	w.step("13 Feb 17:30", "li-na", complaint.Screen, screened("operations.mistake", complaint.Normal))
	w.step("13 Feb 17:40", "zhao-lei", complaint.Accept, nothing)
	w.step("13 Feb 17:45", "zhao-lei", complaint.Contact, reached(true))
	w.step("13 Feb 17:50", "li-na", complaint.MarkSpecial, nothing) // not hers to mark
	w.step("13 Feb 17:55", "zhang-min", complaint.MarkSpecial, nothing)
	w.step("14 Feb 17:00", "zhao-lei", complaint.Contact, reached(true)) // told of it, unasked
	w.until("27 Feb 20:00")
	w.tells(`
Fri 13 Feb 17:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Fri 13 Feb 18:00
                  > customer: customer_received [link to follow]
Fri 13 Feb 17:30  * li-na screen
                  = assigning
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Sat 14 Feb 17:30
                  settle due Sat 14 Feb 17:30
                  > zhao-lei: assigned
Fri 13 Feb 17:40  * zhao-lei accept
Fri 13 Feb 17:45  * zhao-lei contact
                  contact met
Fri 13 Feb 17:50  ! li-na mark-special: forbidden, not_your_step
Fri 13 Feb 17:55  * zhang-min mark-special
                  settle special, due Wed 25 Feb 18:00
                  progress due Sat 14 Feb 18:00
Sat 14 Feb 16:07  ~ progress #1 rung 1
                  > zhao-lei: reminder progress 75%, due Sat 14 Feb 18:00
                  > li-na: reminder progress 75%, due Sat 14 Feb 18:00
Sat 14 Feb 17:00  * zhao-lei contact
                  progress met
Wed 25 Feb 10:45  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Wed 25 Feb 18:00
                  > li-na: reminder settle 75%, due Wed 25 Feb 18:00
Wed 25 Feb 18:00  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Wed 25 Feb 18:00
                  > zhang-min: escalation settle due tier 1, due Wed 25 Feb 18:00
Wed 25 Feb 20:00  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Wed 25 Feb 18:00
Fri 27 Feb 09:30  ~ settle #1 rung 4, tier 3
                  > ma-chao: decision_handed_over settle +8wh tier 3, due Wed 25 Feb 18:00
`)
}

func TestCourierStation_SuspendedAndResumed(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 09:30", "zhao-lei", complaint.Accept, nothing)
	w.step("10 Mar 10:00", "zhao-lei", complaint.Contact, reached(true))
	w.step("10 Mar 15:00", "li-na", complaint.Suspend, w.suspended(complaint.PartsOnOrder, "20 Apr 15:00"))
	w.step("11 Mar 15:00", "li-na", complaint.Suspend, w.suspended(complaint.CustomerAway, "20 Apr 15:00"))
	w.until("22 Apr 20:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:00
                  settle due Wed 11 Mar 09:00
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Tue 10 Mar 09:30  * zhao-lei accept
Tue 10 Mar 10:00  * zhao-lei contact
                  contact met
Tue 10 Mar 15:00  * li-na suspend
                  rests: parts-on-order until Mon 20 Apr 15:00
                  open-matter due Mon 20 Apr 15:00
                  settle paused
                  > zhao-lei: suspended parts-on-order, due Mon 20 Apr 15:00
                  > customer: customer_suspended parts-on-order, due Mon 20 Apr 15:00 [link to follow]
Wed 11 Mar 15:00  ! li-na suspend: step_not_allowed, already_suspended
Fri 10 Apr 15:00  ~ open-matter #1 rung 1
                  > li-na: open_matter open-matter month 1, due Mon 20 Apr 15:00
Mon 20 Apr 15:00  ~ open-matter #1 rung 2
                  goes on
                  settle resumed, due Tue 21 Apr 09:00
                  open-matter met
                  > li-na: resumed
                  > zhao-lei: resumed
                  > customer: customer_resumed [link to follow]
Tue 21 Apr 03:00  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Tue 21 Apr 09:00
                  > li-na: reminder settle 75%, due Tue 21 Apr 09:00
Tue 21 Apr 09:00  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Tue 21 Apr 09:00
                  > zhang-min: escalation settle due tier 1, due Tue 21 Apr 09:00
Tue 21 Apr 11:00  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Tue 21 Apr 09:00
Wed 22 Apr 09:30  ~ settle #1 rung 4, tier 3
                  > ma-chao: decision_handed_over settle +8wh tier 3, due Tue 21 Apr 09:00
`)
}

func TestCourierStation_ResumedByHandBeforeTheDate(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 15:00", "li-na", complaint.Suspend, w.suspended(complaint.CustomerAway, "20 Apr 15:00"))
	w.step("12 Mar 15:00", "li-na", complaint.Resume, nothing)
	w.step("12 Mar 15:10", "zhao-lei", complaint.Accept, nothing)
	w.step("12 Mar 15:20", "zhao-lei", complaint.Contact, reached(true))
	w.until("12 Mar 18:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:00
                  settle due Wed 11 Mar 09:00
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Tue 10 Mar 15:00  * li-na suspend
                  rests: customer-away until Mon 20 Apr 15:00
                  open-matter due Mon 20 Apr 15:00
                  contact paused
                  settle paused
                  > zhao-lei: suspended customer-away, due Mon 20 Apr 15:00
                  > customer: customer_suspended customer-away, due Mon 20 Apr 15:00 [link to follow]
Thu 12 Mar 15:00  * li-na resume
                  goes on
                  contact resumed, due Fri 13 Mar 09:00
                  settle resumed, due Fri 13 Mar 09:00
                  open-matter met
                  > zhao-lei: resumed
                  > customer: customer_resumed [link to follow]
Thu 12 Mar 15:10  * zhao-lei accept
Thu 12 Mar 15:20  * zhao-lei contact
                  contact met
`)
}

func TestCourierStation_AWhistleblowingLetterIsSeenByTheNamedOnly(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "chen-jing", registered("violation", "letter"))
	letter := screened("violation", complaint.Normal)
	letter.Screening.Kind = complaint.KindWhistleblowing
	w.step("10 Mar 09:20", "li-na", complaint.Screen, letter)
	w.step("10 Mar 09:30", "li-na", complaint.Note, nothing)
	w.step("10 Mar 09:31", "chen-jing", complaint.Note, nothing)
	w.step("10 Mar 09:32", "hu-bin", complaint.Note, nothing)    // the auditor
	w.step("10 Mar 09:33", "zhang-min", complaint.Note, nothing) // the service manager
	w.step("10 Mar 10:00", "sun-hao", complaint.Accept, nothing)
	w.step("10 Mar 10:10", "sun-hao", complaint.Contact, reached(true))
	w.step("10 Mar 10:20", "sun-hao", complaint.Find, found("violation", complaint.LiableThirdParty))
	w.step("10 Mar 10:30", "sun-hao", complaint.Propose, w.proposed("500", "12 Mar 18:00"))
	w.step("10 Mar 10:40", "sun-hao", complaint.Approve, decided(1))
	w.step("10 Mar 10:45", "xu-mei", complaint.Approve, decided(1)) // the owner
	w.step("10 Mar 10:50", "yang-fan", complaint.Approve, decided(1))
	w.step("10 Mar 11:00", "xu-mei", complaint.Answer, answered(1, true))
	w.until("12 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * chen-jing register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
                  > li-na: screening_asked
                  > li-na: owner_named
Tue 10 Mar 09:20  * li-na screen
                  = assigning
                  agent xu-mei, owner xu-mei, seen by [xu-mei yang-fan sun-hao] only
                  department operations, agent xu-mei, owner xu-mei, handler sun-hao, seen by [xu-mei yang-fan sun-hao] only
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:20
                  settle due Wed 11 Mar 09:20
                  > xu-mei: whistleblowing
                  > yang-fan: whistleblowing
                  > sun-hao: whistleblowing
                  > xu-mei: owner_named
                  > sun-hao: assigned
Tue 10 Mar 09:30  ! li-na note: not_found, subject_of_complaint
Tue 10 Mar 09:31  ! chen-jing note: not_found, subject_of_complaint
Tue 10 Mar 09:32  ! hu-bin note: not_found, subject_of_complaint
Tue 10 Mar 09:33  ! zhang-min note: not_found, subject_of_complaint
Tue 10 Mar 10:00  * sun-hao accept
Tue 10 Mar 10:10  * sun-hao contact
                  contact met
Tue 10 Mar 10:20  * sun-hao find
                  = proposing
                  alert violation-found
                  beside: accountability
                  * procedure report accountability judgement
                  > yang-fan: side_task accountability, due Wed 11 Mar 10:20
Tue 10 Mar 10:30  * sun-hao propose
                  = approving
                  proposal 1 needs yang-fan
                  approve due Tue 10 Mar 16:00
                  > yang-fan: approval_asked proposal revision 1
Tue 10 Mar 10:40  ! sun-hao approve: forbidden, not_your_step
Tue 10 Mar 10:45  ! xu-mei approve: forbidden, not_your_step
Tue 10 Mar 10:50  * yang-fan approve
                  = awaiting_customer
                  settle paused
                  approve met
                  inform due Tue 10 Mar 14:20
                  customer-answer due Thu 12 Mar 18:00
                  > sun-hao: approved proposal
                  > customer: customer_proposal revision 1 [link to answer]
                  > xu-mei: task inform
Tue 10 Mar 11:00  * xu-mei answer
                  = implementing
                  inform met
                  settle resumed, due Wed 11 Mar 09:30
                  customer-answer met
                  promise due Thu 12 Mar 18:00
                  > sun-hao: customer_agreed revision 1
                  > sun-hao: task implement
Wed 11 Mar 03:30  ~ settle #1 rung 1
                  > sun-hao: reminder settle 75%, due Wed 11 Mar 09:30
                  > xu-mei: reminder settle 75%, due Wed 11 Mar 09:30
Wed 11 Mar 09:00  * procedure report accountability judgement
                  > xu-mei: side_task accountability 75%, due Wed 11 Mar 10:20
Wed 11 Mar 09:30  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Wed 11 Mar 09:30
                  > xu-mei: escalation settle due tier 1, due Wed 11 Mar 09:30
Wed 11 Mar 10:20  * procedure report accountability judgement
                  > yang-fan: side_task accountability due, due Wed 11 Mar 10:20
Wed 11 Mar 11:30  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Wed 11 Mar 09:30
Thu 12 Mar 10:00  ~ settle #1 rung 4, tier 3
                  > xu-mei: decision_handed_over settle +8wh tier 3, due Wed 11 Mar 09:30
`)
}

func TestCourierStation_AMajorComplaintIsToldUpwardFirst(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:20", "li-na", complaint.Screen, screened("service.attitude", complaint.Major))
	w.until("10 Mar 10:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:20  * li-na screen
                  = assigning
                  alert watched-above
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:20
                  settle due Wed 11 Mar 09:20
                  > zhu-ling: alert watched-above
                  > xu-mei: major_informed major
                  > yang-fan: major_informed major
                  > sun-hao: major_informed major
                  > chen-jing: assigned
`)
}

func TestCourierStation_AnEmergencyIsContainedBeforeItIsForwarded(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("operations.mistake", "phone"))
	w.step("10 Mar 09:20", "li-na", complaint.Screen, screened("operations.mistake", complaint.Emergency))
	w.step("10 Mar 10:30", "huang-li", complaint.CallOutDone, nothing)
	w.until("10 Mar 11:30")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:20  * li-na screen
                  = assigning
                  call-out due Tue 10 Mar 10:20
                  forward paused
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  > zhang-min: call_out, due Tue 10 Mar 10:20
                  > zhao-lei: call_out, due Tue 10 Mar 10:20
Tue 10 Mar 09:50  ~ call-out #1 rung 1
                  > zhao-lei: reminder call-out 50%, due Tue 10 Mar 10:20
                  > zhang-min: reminder call-out 50%, due Tue 10 Mar 10:20
Tue 10 Mar 10:20  ~ call-out #1 rung 2, tier 1
                  > zhang-min: escalation call-out due tier 1, due Tue 10 Mar 10:20
                  > yang-fan: escalation call-out due tier 1, due Tue 10 Mar 10:20
Tue 10 Mar 10:30  * huang-li call-out-done
                  call-out met_late
                  forward resumed, due Tue 10 Mar 11:10
                  = investigating
                  forward met
                  contact due Wed 11 Mar 10:30
                  settle due Wed 11 Mar 10:30
                  > zhang-min: call_out_done
                  > li-na: call_out_done
                  > zhao-lei: assigned
`)
}

func TestCourierStation_AnUnfoundedComplaintIsExplainedContestedAndScreenedAnew(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:20", "li-na", complaint.Screen, invalid("service.attitude"))
	w.step("10 Mar 10:00", "li-na", complaint.Explain, explained(true))
	w.step("10 Mar 10:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 10:20", "zhao-lei", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 10:30", "zhang-min", complaint.Screen, invalid("service.attitude"))
	w.step("11 Mar 10:00", complaint.Customer, complaint.Appeal, nothing)
	w.until("11 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:20  * li-na screen
                  = explaining
                  forward met
                  explain due Wed 11 Mar 09:20
Tue 10 Mar 10:00  * li-na explain
                  = received
                  explain met
                  forward #2 due Tue 10 Mar 11:00
                  > zhang-min: customer_contested
                  > zhang-min: screening_asked
Tue 10 Mar 10:10  ! li-na screen: forbidden, same_screener
Tue 10 Mar 10:20  ! zhao-lei screen: not_found, subject_of_complaint
Tue 10 Mar 10:30  * zhang-min screen
                  outcome rejected_invalid
                  = closed
                  forward #2 not_needed
                  reopen-window due Sat 09 May 10:30
                  > li-na: closed rejected_invalid
                  > customer: customer_outcome rejected_invalid [link to appeal]
Wed 11 Mar 10:00  * customer appeal
                  = investigating
                  agent li-na, owner wang-wei
                  reopen-window met
                  department service, agent li-na, owner wang-wei, handler chen-jing
                  contact due Thu 12 Mar 10:00
                  settle due Thu 12 Mar 10:00
                  > customer: customer_appealed [link to follow]
                  > wang-wei: appealed
                  > zhang-min: appealed
                  > chen-jing: task accept
                  > wang-wei: owner_named
                  > chen-jing: assigned
`)
}

func TestCourierStation_AContestedComplaintThatIsUpheldGoesItsWay(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "zhang-min", registered("service.attitude", "phone"))
	w.step("10 Mar 09:20", "li-na", complaint.Screen, invalid("service.attitude"))
	w.step("10 Mar 10:00", complaint.Customer, complaint.Explain, explained(false))
	w.step("10 Mar 10:05", complaint.Customer, complaint.Explain, explained(true))
	w.step("10 Mar 10:30", "zhang-min", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 10:40", "chen-jing", complaint.Return, nothing)
	w.step("10 Mar 10:50", "li-na", complaint.Screen, screened("operations.mistake", complaint.Normal))
	w.until("10 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * zhang-min register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
                  > li-na: screening_asked
                  > li-na: owner_named
Tue 10 Mar 09:20  * li-na screen
                  = explaining
                  forward met
                  explain due Wed 11 Mar 09:20
Tue 10 Mar 10:00  ! customer explain: forbidden, not_your_step
Tue 10 Mar 10:05  * customer explain
                  = received
                  explain met
                  forward #2 due Tue 10 Mar 11:05
                  > zhang-min: customer_contested
                  > zhang-min: screening_asked
Tue 10 Mar 10:30  * zhang-min screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward #2 met
                  contact due Wed 11 Mar 10:30
                  settle due Wed 11 Mar 10:30
                  > chen-jing: assigned
Tue 10 Mar 10:40  * chen-jing return
                  = received
                  contact not_needed
                  settle not_needed
                  forward #3 due Tue 10 Mar 11:40
                  > li-na: returned
                  > li-na: screening_asked
Tue 10 Mar 10:50  * li-na screen
                  = assigning
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward #3 met
                  contact #2 due Wed 11 Mar 10:50
                  settle #2 due Wed 11 Mar 10:50
                  > zhao-lei: assigned
`)
}

func TestCourierStation_AnExplanationContestedByItsLinkIsScreenedAnewByTheServiceManager(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:20", "li-na", complaint.Screen, invalid("service.attitude"))
	w.step("10 Mar 10:00", "li-na", complaint.Explain, explained(false))
	w.step("10 Mar 10:30", complaint.Customer, complaint.Reopen, nothing)
	w.step("10 Mar 10:40", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 10:45", "zhang-min", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.until("10 Mar 10:50")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:20  * li-na screen
                  = explaining
                  forward met
                  explain due Wed 11 Mar 09:20
Tue 10 Mar 10:00  * li-na explain
                  outcome rejected_invalid
                  = closed
                  explain met
                  reopen-window due Sat 09 May 10:00
                  > customer: customer_explained [link to contest]
                  > customer: customer_outcome rejected_invalid [link to appeal]
Tue 10 Mar 10:30  * customer reopen
                  = received
                  reopen-window met
                  forward #2 due Tue 10 Mar 11:30
                  > zhang-min: customer_contested
                  > customer: customer_reopened [link to follow]
                  > li-na: reopened
                  > zhang-min: screening_asked
Tue 10 Mar 10:40  ! li-na screen: forbidden, same_screener
Tue 10 Mar 10:45  * zhang-min screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward #2 met
                  contact due Wed 11 Mar 10:45
                  settle due Wed 11 Mar 10:45
                  > chen-jing: assigned
`)
}

func TestCourierStation_WhatClosedBeforeItsScreeningIsScreenedWhenReopened(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:20", complaint.Customer, complaint.Withdraw, nothing)
	w.step("10 Mar 10:00", complaint.Customer, complaint.Reopen, nothing)
	w.until("10 Mar 10:10")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:20  * customer withdraw
                  outcome withdrawn
                  = closed
                  forward not_needed
                  reopen-window due Sat 09 May 09:20
                  > customer: customer_withdrawn
                  > li-na: withdrawn
Tue 10 Mar 10:00  * customer reopen
                  = received
                  reopen-window met
                  forward #2 due Tue 10 Mar 11:00
                  > customer: customer_reopened [link to follow]
                  > li-na: reopened
                  > li-na: screening_asked
`)
}

func TestCourierStation_TheCustomerIsSilentToTheEnd(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("10 Mar 10:30", "chen-jing", complaint.Propose, w.proposed("", "31 Mar 18:00"))
	w.step("10 Mar 10:40", "li-na", complaint.Inform, answered(1, false))
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > chen-jing: assigned
Tue 10 Mar 09:20  * chen-jing accept
Tue 10 Mar 09:30  * chen-jing contact
                  contact met
Tue 10 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 11 Mar 10:00
Tue 10 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Tue 10 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 10 Mar 14:00
                  customer-answer due Thu 12 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Tue 10 Mar 10:40  * li-na inform
                  inform met
Wed 11 Mar 09:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Wed 11 Mar 10:00
Wed 11 Mar 10:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Wed 11 Mar 10:00
                  > li-na: side_task apologies due, due Wed 11 Mar 10:00
Thu 12 Mar 18:00  ~ customer-answer #1 rung 1
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Mon 16 Mar 18:00 [link to answer]
                  > li-na: reminder customer-answer remind, due Mon 16 Mar 18:00
Fri 13 Mar 09:00  * procedure report apologies both-apologise
                  > sun-hao: side_task apologies +1wd, due Wed 11 Mar 10:00
Mon 16 Mar 18:00  ~ customer-answer #1 rung 2
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Wed 18 Mar 18:00 [link to answer]
                  > li-na: reminder customer-answer remind, due Wed 18 Mar 18:00
Wed 18 Mar 18:00  ~ customer-answer #1 rung 3
                  rests: customer-away until Fri 17 Apr 18:00
                  open-matter due Fri 17 Apr 18:00
                  > li-na: suspended customer-away, due Fri 17 Apr 18:00
                  > chen-jing: suspended customer-away, due Fri 17 Apr 18:00
                  > customer: customer_suspended customer-away, due Fri 17 Apr 18:00 [link to follow]
Fri 17 Apr 18:00  ~ open-matter #1 rung 1
                  goes on
                  open-matter met
                  > li-na: resumed
                  > chen-jing: resumed
                  > customer: customer_resumed [link to follow]
Tue 21 Apr 18:00  ~ customer-answer #1 rung 4
                  outcome unresolved
                  = closed
                  customer-answer met_late
                  settle not_needed
                  reopen-window due Sat 20 Jun 18:00
                  > li-na: closed unresolved
                  > chen-jing: closed unresolved
                  > customer: customer_outcome unresolved [link to appeal]
Thu 21 May 18:00  ~ reopen-window #1 rung 1
Sat 20 Jun 18:00  ~ reopen-window #1 rung 2
                  ~ reopen-window #1 rung 3
`)
}

func TestCourierStation_TheCustomerAnswersAfterTheSilence(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("10 Mar 10:30", "chen-jing", complaint.Propose, w.proposed("", "31 Mar 18:00"))
	w.step("10 Mar 10:40", "li-na", complaint.Inform, answered(1, false))
	w.step("25 Mar 20:00", complaint.Customer, complaint.Answer, answered(1, true))
	w.until("26 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > chen-jing: assigned
Tue 10 Mar 09:20  * chen-jing accept
Tue 10 Mar 09:30  * chen-jing contact
                  contact met
Tue 10 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 11 Mar 10:00
Tue 10 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Tue 10 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 10 Mar 14:00
                  customer-answer due Thu 12 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Tue 10 Mar 10:40  * li-na inform
                  inform met
Wed 11 Mar 09:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Wed 11 Mar 10:00
Wed 11 Mar 10:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Wed 11 Mar 10:00
                  > li-na: side_task apologies due, due Wed 11 Mar 10:00
Thu 12 Mar 18:00  ~ customer-answer #1 rung 1
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Mon 16 Mar 18:00 [link to answer]
                  > li-na: reminder customer-answer remind, due Mon 16 Mar 18:00
Fri 13 Mar 09:00  * procedure report apologies both-apologise
                  > sun-hao: side_task apologies +1wd, due Wed 11 Mar 10:00
Mon 16 Mar 18:00  ~ customer-answer #1 rung 2
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Wed 18 Mar 18:00 [link to answer]
                  > li-na: reminder customer-answer remind, due Wed 18 Mar 18:00
Wed 18 Mar 18:00  ~ customer-answer #1 rung 3
                  rests: customer-away until Fri 17 Apr 18:00
                  open-matter due Fri 17 Apr 18:00
                  > li-na: suspended customer-away, due Fri 17 Apr 18:00
                  > chen-jing: suspended customer-away, due Fri 17 Apr 18:00
                  > customer: customer_suspended customer-away, due Fri 17 Apr 18:00 [link to follow]
Wed 25 Mar 20:00  * customer answer
                  goes on
                  = implementing
                  settle resumed, due Thu 26 Mar 18:40
                  open-matter met
                  customer-answer met_late
                  promise due Tue 31 Mar 18:00
                  > li-na: customer_agreed revision 1
                  > chen-jing: customer_agreed revision 1
                  > li-na: resumed
                  > chen-jing: resumed
                  > customer: customer_resumed [link to follow]
                  > chen-jing: task implement
`)
}

// handled leads a complaint to following_up on 10 March.
func handled(w *walk) {
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("10 Mar 10:30", "chen-jing", complaint.Propose, w.proposed("", "11 Mar 18:00"))
	w.step("10 Mar 11:00", "li-na", complaint.Answer, answered(1, true))
	w.step("10 Mar 14:00", "chen-jing", complaint.Implement, done())
	w.step("10 Mar 16:00", "li-na", complaint.Verify, checked(true))
}

func TestCourierStation_ThreeCallsReachNobody(t *testing.T) {
	w := walking(t, "courier-station")
	handled(w)
	w.step("10 Mar 17:00", "li-na", complaint.CallBack, called("")) // the window opens tomorrow
	w.step("11 Mar 09:00", "li-na", complaint.CallBack, called(""))
	w.step("11 Mar 10:00", "li-na", complaint.CallBack, called(""))     // not yet: every four working hours
	w.step("11 Mar 15:00", "chen-jing", complaint.CallBack, called("")) // handled it
	w.step("11 Mar 15:00", "li-na", complaint.CallBack, called(""))
	w.step("12 Mar 10:30", "li-na", complaint.CallBack, called(""))
	w.step("12 Mar 11:00", "li-na", complaint.Close, closedAs(complaint.Resolved, "waybill"))
	w.step("12 Mar 11:10", "li-na", complaint.Close, closedAs(complaint.Resolved, "waybill", "result"))
	w.until("12 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > chen-jing: assigned
Tue 10 Mar 09:20  * chen-jing accept
Tue 10 Mar 09:30  * chen-jing contact
                  contact met
Tue 10 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 11 Mar 10:00
Tue 10 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Tue 10 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 10 Mar 14:00
                  customer-answer due Thu 12 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Tue 10 Mar 11:00  * li-na answer
                  = implementing
                  inform met
                  settle resumed, due Wed 11 Mar 09:40
                  customer-answer met
                  promise due Wed 11 Mar 18:00
                  > chen-jing: customer_agreed revision 1
                  > chen-jing: task implement
Tue 10 Mar 14:00  * chen-jing implement
                  = verifying
                  settle met
                  promise met
                  verify due Wed 11 Mar 18:00
                  > customer: customer_done [link to follow]
                  > li-na: task verify
Tue 10 Mar 16:00  * li-na verify
                  = following_up
                  verify met
                  callback due Fri 13 Mar 18:00, not before Wed 11 Mar 09:00
                  > customer: customer_rating callback 1 [link to rate]
Tue 10 Mar 17:00  ! li-na call-back: step_not_allowed, callback_too_early
Wed 11 Mar 09:00  * li-na call-back
                  callback next attempt, due Fri 13 Mar 18:00, not before Wed 11 Mar 14:30
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Wed 11 Mar 10:00
Wed 11 Mar 10:00  ! li-na call-back: step_not_allowed, callback_too_early
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Wed 11 Mar 10:00
                  > li-na: side_task apologies due, due Wed 11 Mar 10:00
Wed 11 Mar 15:00  ! chen-jing call-back: forbidden, not_your_step
                  * li-na call-back
                  callback next attempt, due Fri 13 Mar 18:00, not before Thu 12 Mar 10:00
Thu 12 Mar 10:30  * li-na call-back
                  callback 1 unreached
                  = closing
                  callback met
                  close due Tue 17 Mar 18:00
                  > chen-jing: not_reached callback 1
Thu 12 Mar 11:00  ! li-na close: rule_violation, file_incomplete
Thu 12 Mar 11:10  * li-na close
                  outcome resolved
                  = closed
                  close met
                  reopen-window due Mon 11 May 11:10
                  > chen-jing: closed resolved
                  > customer: customer_outcome resolved [link to appeal]
`)
}

func TestCourierStation_ADissatisfiedCallbackReopensAndClimbs(t *testing.T) {
	w := walking(t, "courier-station")
	handled(w)
	w.step("11 Mar 09:30", "li-na", complaint.CallBack, called(complaint.Dissatisfied))
	w.until("12 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > chen-jing: assigned
Tue 10 Mar 09:20  * chen-jing accept
Tue 10 Mar 09:30  * chen-jing contact
                  contact met
Tue 10 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 11 Mar 10:00
Tue 10 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Tue 10 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 10 Mar 14:00
                  customer-answer due Thu 12 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Tue 10 Mar 11:00  * li-na answer
                  = implementing
                  inform met
                  settle resumed, due Wed 11 Mar 09:40
                  customer-answer met
                  promise due Wed 11 Mar 18:00
                  > chen-jing: customer_agreed revision 1
                  > chen-jing: task implement
Tue 10 Mar 14:00  * chen-jing implement
                  = verifying
                  settle met
                  promise met
                  verify due Wed 11 Mar 18:00
                  > customer: customer_done [link to follow]
                  > li-na: task verify
Tue 10 Mar 16:00  * li-na verify
                  = following_up
                  verify met
                  callback due Fri 13 Mar 18:00, not before Wed 11 Mar 09:00
                  > customer: customer_rating callback 1 [link to rate]
Wed 11 Mar 09:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Wed 11 Mar 10:00
Wed 11 Mar 09:30  * li-na call-back
                  callback 1 dissatisfied
                  tier 1 by rounds
                  = investigating
                  callback met
                  contact #2 due Thu 12 Mar 09:30
                  settle #2 due Thu 12 Mar 09:30
                  > chen-jing: customer_dissatisfied callback 1
                  > liu-yang: tier_reached tier 1
                  > chen-jing: task accept
Wed 11 Mar 10:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Wed 11 Mar 10:00
                  > li-na: side_task apologies due, due Wed 11 Mar 10:00
Thu 12 Mar 03:30  ~ contact #2 rung 1
                  > chen-jing: reminder contact 75%, due Thu 12 Mar 09:30
                  > li-na: reminder contact 75%, due Thu 12 Mar 09:30
                  ~ settle #2 rung 1
                  > chen-jing: reminder settle 75%, due Thu 12 Mar 09:30
                  > li-na: reminder settle 75%, due Thu 12 Mar 09:30
Thu 12 Mar 09:30  ~ contact #2 rung 2, tier 1
                  > liu-yang: escalation contact due tier 1, due Thu 12 Mar 09:30
                  > zhang-min: escalation contact due tier 1, due Thu 12 Mar 09:30
                  ~ settle #2 rung 2, tier 1
                  > liu-yang: escalation settle due tier 1, due Thu 12 Mar 09:30
                  > zhang-min: escalation settle due tier 1, due Thu 12 Mar 09:30
Thu 12 Mar 11:30  ~ contact #2 rung 3, tier 2
                  > sun-hao: escalation contact +2h tier 2, due Thu 12 Mar 09:30
                  ~ settle #2 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Thu 12 Mar 09:30
`)
}

func TestCourierStation_ReopenedWithinThirtyDaysAndAppealedWithinSixty(t *testing.T) {
	w := walking(t, "courier-station")
	handled(w)
	w.step("11 Mar 09:30", "li-na", complaint.CallBack, called(complaint.Satisfied))
	w.step("11 Mar 10:00", "li-na", complaint.Close, closedAs(complaint.Resolved, "waybill", "result"))
	w.step("10 Apr 09:59", complaint.Customer, complaint.Reopen, nothing)
	w.step("10 Apr 10:30", "li-na", complaint.Withdraw, nothing)
	w.step("10 May 10:31", complaint.Customer, complaint.Reopen, nothing)
	w.step("9 Jun 10:29", complaint.Customer, complaint.Appeal, nothing)
	w.step("9 Jun 10:40", "li-na", complaint.Withdraw, nothing)
	w.step("8 Aug 10:41", complaint.Customer, complaint.Appeal, nothing)
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > chen-jing: assigned
Tue 10 Mar 09:20  * chen-jing accept
Tue 10 Mar 09:30  * chen-jing contact
                  contact met
Tue 10 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Wed 11 Mar 10:00
Tue 10 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Tue 10 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 10 Mar 14:00
                  customer-answer due Thu 12 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Tue 10 Mar 11:00  * li-na answer
                  = implementing
                  inform met
                  settle resumed, due Wed 11 Mar 09:40
                  customer-answer met
                  promise due Wed 11 Mar 18:00
                  > chen-jing: customer_agreed revision 1
                  > chen-jing: task implement
Tue 10 Mar 14:00  * chen-jing implement
                  = verifying
                  settle met
                  promise met
                  verify due Wed 11 Mar 18:00
                  > customer: customer_done [link to follow]
                  > li-na: task verify
Tue 10 Mar 16:00  * li-na verify
                  = following_up
                  verify met
                  callback due Fri 13 Mar 18:00, not before Wed 11 Mar 09:00
                  > customer: customer_rating callback 1 [link to rate]
Wed 11 Mar 09:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Wed 11 Mar 10:00
Wed 11 Mar 09:30  * li-na call-back
                  callback 1 satisfied
                  = closing
                  callback met
                  close due Mon 16 Mar 18:00
Wed 11 Mar 10:00  * li-na close
                  outcome resolved
                  = closed
                  close met
                  reopen-window due Sun 10 May 10:00
                  > chen-jing: closed resolved
                  > customer: customer_outcome resolved [link to appeal]
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Wed 11 Mar 10:00
                  > li-na: side_task apologies due, due Wed 11 Mar 10:00
Fri 13 Mar 09:00  * procedure report apologies both-apologise
                  > sun-hao: side_task apologies +1wd, due Wed 11 Mar 10:00
Fri 10 Apr 09:59  * customer reopen
                  = investigating
                  reopen-window met
                  contact #2 due Sat 11 Apr 09:59
                  settle #2 due Sat 11 Apr 09:59
                  > customer: customer_reopened [link to follow]
                  > li-na: reopened
                  > chen-jing: reopened
                  > chen-jing: task accept
Fri 10 Apr 10:30  * li-na withdraw
                  outcome withdrawn
                  = closed
                  contact #2 not_needed
                  settle #2 not_needed
                  reopen-window #2 due Tue 09 Jun 10:30
                  > customer: customer_withdrawn
                  > chen-jing: withdrawn
Sun 10 May 10:30  ~ reopen-window #2 rung 1
Sun 10 May 10:31  ! customer reopen: step_not_allowed, window_over
Tue 09 Jun 10:29  * customer appeal
                  = investigating
                  department service, agent li-na, owner wang-wei, handler liu-yang
                  reopen-window #2 met
                  contact #3 due Wed 10 Jun 10:29
                  settle #3 due Wed 10 Jun 10:29
                  > customer: customer_appealed [link to follow]
                  > wang-wei: appealed
                  > zhang-min: appealed
                  > liu-yang: task accept
                  > wang-wei: owner_named
                  > liu-yang: reassigned
                  > chen-jing: reassigned_away
Tue 09 Jun 10:40  * li-na withdraw
                  outcome withdrawn
                  = closed
                  contact #3 not_needed
                  settle #3 not_needed
                  reopen-window #3 due Sat 08 Aug 10:40
                  > customer: customer_withdrawn
                  > wang-wei: withdrawn
                  > liu-yang: withdrawn
Thu 09 Jul 10:40  ~ reopen-window #3 rung 1
Sat 08 Aug 10:40  ~ reopen-window #3 rung 2
                  ~ reopen-window #3 rung 3
Sat 08 Aug 10:41  ! customer appeal: step_not_allowed, window_over
`)
}

func TestCourierStation_SettledOnTheSpotIsReportedUpward(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("service.attitude", "phone")
	facts.OnSpot = &complaint.OnSpot{CustomerAccepts: true}
	w.register("10 Mar 09:00", "li-na", facts)
	w.until("10 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  outcome resolved_on_spot
                  = closed
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  forward not_needed
                  reopen-window due Sat 09 May 09:00
                  > customer: customer_received [link to follow]
                  > zhang-min: settled_on_spot
                  > customer: customer_outcome resolved_on_spot [link to appeal]
`)
}

func TestCourierStation_AnEnquiryIsAnsweredWithinAWorkingDay(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("not-ours", "phone")
	facts.Screening = &complaint.Screening{Kind: complaint.KindEnquiry, Valid: true, Category: "not-ours", Severity: complaint.Normal}
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 11:00", "li-na", complaint.Close, closedAs(complaint.Answered))
	w.until("10 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  answer-enquiry due Wed 11 Mar 18:00
                  forward due Tue 10 Mar 10:00
                  department dispatch, agent li-na, owner li-na, handler wang-wei
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:00
                  settle due Wed 11 Mar 09:00
                  > customer: customer_received [link to follow]
                  > wang-wei: assigned
Tue 10 Mar 11:00  * li-na close
                  outcome answered
                  = closed
                  answer-enquiry met
                  contact not_needed
                  settle not_needed
                  reopen-window due Sat 09 May 11:00
                  > wang-wei: closed answered
                  > customer: customer_outcome answered [link to appeal]
`)
}

func TestCourierStation_LiablePeopleOfTheDepartmentLeaveTheCase(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("10 Mar 09:00", "li-na", registered("operations.mistake", "phone"))
	w.step("10 Mar 09:10", "li-na", complaint.Screen, screened("operations.mistake", complaint.Normal))
	w.step("10 Mar 09:20", "zhao-lei", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "zhao-lei", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "zhao-lei", complaint.Find, found("coordination", complaint.LiableDepartment, "zhao-lei", "yang-fan"))
	w.step("10 Mar 10:10", "zhao-lei", complaint.Note, nothing)
	w.until("11 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > zhao-lei: assigned
Tue 10 Mar 09:20  * zhao-lei accept
Tue 10 Mar 09:30  * zhao-lei contact
                  contact met
Tue 10 Mar 10:00  * zhao-lei find
                  = proposing
                  department operations, agent li-na, owner li-na, handler huang-li
                  beside: accountability
                  > huang-li: task propose
                  > huang-li: reassigned
                  * procedure report accountability judgement
                  > xu-mei: side_task accountability, due Wed 11 Mar 10:00
Tue 10 Mar 10:10  ! zhao-lei note: not_found, subject_of_complaint
Wed 11 Mar 03:10  ~ settle #1 rung 1
                  > huang-li: reminder settle 75%, due Wed 11 Mar 09:10
                  > li-na: reminder settle 75%, due Wed 11 Mar 09:10
Wed 11 Mar 09:00  * procedure report accountability judgement
                  > huang-li: side_task accountability 75%, due Wed 11 Mar 10:00
Wed 11 Mar 09:10  ~ settle #1 rung 2, tier 1
                  department operations, agent li-na, owner li-na, handler huang-li, xu-mei stands in for operations.head to acknowledge
                  > xu-mei: escalation settle due tier 1, due Wed 11 Mar 09:10
                  > zhang-min: escalation settle due tier 1, due Wed 11 Mar 09:10
Wed 11 Mar 10:00  * procedure report accountability judgement
                  > xu-mei: side_task accountability due, due Wed 11 Mar 10:00
Wed 11 Mar 11:10  ~ settle #1 rung 3, tier 2
                  department operations, agent li-na, owner li-na, handler huang-li
                  > sun-hao: escalation settle +2h tier 2, due Wed 11 Mar 09:10
`)
}

func TestCourierStation_LeftToItselfAcrossAWeekend(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("13 Mar 17:30", "li-na", registered("operations.mistake", "phone")) // a Friday
	w.until("31 Mar 20:00")
	w.tells(`
Fri 13 Mar 17:30  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Fri 13 Mar 18:30
                  > customer: customer_received [link to follow]
Fri 13 Mar 18:15  ~ forward #1 rung 1
                  > li-na: reminder forward 75%, due Fri 13 Mar 18:30
Fri 13 Mar 18:30  ~ forward #1 rung 2, tier 1
                  > zhang-min: escalation forward due tier 1, due Fri 13 Mar 18:30
Fri 13 Mar 19:30  ~ forward #1 rung 3, tier 2
                  > sun-hao: escalation forward +1h tier 2, due Fri 13 Mar 18:30
Mon 16 Mar 14:30  ~ forward #1 rung 4, tier 3
                  > ma-chao: decision_handed_over forward +4wh tier 3, due Fri 13 Mar 18:30
`)
}

func TestCourierStation_LeftToItselfAfterScreeningAcrossAWeekend(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("13 Mar 17:30", "li-na", facts)
	w.until("31 Mar 20:00")
	w.tells(`
Fri 13 Mar 17:30  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Fri 13 Mar 18:30
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Sat 14 Mar 17:30
                  settle due Sat 14 Mar 17:30
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Sat 14 Mar 11:30  ~ contact #1 rung 1
                  > zhao-lei: reminder contact 75%, due Sat 14 Mar 17:30
                  > li-na: reminder contact 75%, due Sat 14 Mar 17:30
                  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Sat 14 Mar 17:30
                  > li-na: reminder settle 75%, due Sat 14 Mar 17:30
Sat 14 Mar 17:30  ~ contact #1 rung 2, tier 1
                  > yang-fan: escalation contact due tier 1, due Sat 14 Mar 17:30
                  > zhang-min: escalation contact due tier 1, due Sat 14 Mar 17:30
                  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Sat 14 Mar 17:30
                  > zhang-min: escalation settle due tier 1, due Sat 14 Mar 17:30
Sat 14 Mar 19:30  ~ contact #1 rung 3, tier 2
                  > sun-hao: escalation contact +2h tier 2, due Sat 14 Mar 17:30
                  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Sat 14 Mar 17:30
Tue 17 Mar 09:30  ~ contact #1 rung 4, tier 3
                  > ma-chao: decision_handed_over contact +8wh tier 3, due Sat 14 Mar 17:30
                  ~ settle #1 rung 4, tier 3
                  > ma-chao: decision_handed_over settle +8wh tier 3, due Sat 14 Mar 17:30
`)
}

func TestCourierStation_LeftToItselfAcrossTheSpringFestival(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("13 Feb 17:30", "li-na", facts)
	w.until("31 Mar 20:00")
	w.tells(`
Fri 13 Feb 17:30  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Fri 13 Feb 18:30
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Sat 14 Feb 17:30
                  settle due Sat 14 Feb 17:30
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Sat 14 Feb 11:30  ~ contact #1 rung 1
                  > zhao-lei: reminder contact 75%, due Sat 14 Feb 17:30
                  > li-na: reminder contact 75%, due Sat 14 Feb 17:30
                  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Sat 14 Feb 17:30
                  > li-na: reminder settle 75%, due Sat 14 Feb 17:30
Sat 14 Feb 17:30  ~ contact #1 rung 2, tier 1
                  > yang-fan: escalation contact due tier 1, due Sat 14 Feb 17:30
                  > zhang-min: escalation contact due tier 1, due Sat 14 Feb 17:30
                  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Sat 14 Feb 17:30
                  > zhang-min: escalation settle due tier 1, due Sat 14 Feb 17:30
Sat 14 Feb 19:30  ~ contact #1 rung 3, tier 2
                  > sun-hao: escalation contact +2h tier 2, due Sat 14 Feb 17:30
                  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Sat 14 Feb 17:30
Wed 25 Feb 09:00  ~ contact #1 rung 4, tier 3
                  > ma-chao: decision_handed_over contact +8wh tier 3, due Sat 14 Feb 17:30
                  ~ settle #1 rung 4, tier 3
                  > ma-chao: decision_handed_over settle +8wh tier 3, due Sat 14 Feb 17:30
`)
}

// In New York the clocks go forward on 8 March 2026 at 02:00 and back on 1 November.

func TestCourierStation_InNewYorkLeftToItselfWhenTheClocksGoForward(t *testing.T) {
	w := walking(t, "courier-station", "new-york")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("7 Mar 13:30", "li-na", facts)
	w.until("31 Mar 20:00")
	w.tells(`
Sat 07 Mar 13:30  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Sat 07 Mar 14:30
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Sun 08 Mar 14:30
                  settle due Sun 08 Mar 14:30
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Sun 08 Mar 08:30  ~ contact #1 rung 1
                  > zhao-lei: reminder contact 75%, due Sun 08 Mar 14:30
                  > li-na: reminder contact 75%, due Sun 08 Mar 14:30
                  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Sun 08 Mar 14:30
                  > li-na: reminder settle 75%, due Sun 08 Mar 14:30
Sun 08 Mar 14:30  ~ contact #1 rung 2, tier 1
                  > yang-fan: escalation contact due tier 1, due Sun 08 Mar 14:30
                  > zhang-min: escalation contact due tier 1, due Sun 08 Mar 14:30
                  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Sun 08 Mar 14:30
                  > zhang-min: escalation settle due tier 1, due Sun 08 Mar 14:30
Sun 08 Mar 16:30  ~ contact #1 rung 3, tier 2
                  > sun-hao: escalation contact +2h tier 2, due Sun 08 Mar 14:30
                  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Sun 08 Mar 14:30
Tue 10 Mar 09:15  ~ contact #1 rung 4, tier 3
                  > ma-chao: decision_handed_over contact +8wh tier 3, due Sun 08 Mar 14:30
                  ~ settle #1 rung 4, tier 3
                  > ma-chao: decision_handed_over settle +8wh tier 3, due Sun 08 Mar 14:30
`)
}

func TestCourierStation_InNewYorkLeftToItselfWhenTheClocksGoBack(t *testing.T) {
	w := walking(t, "courier-station", "new-york")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("31 Oct 13:30", "li-na", facts)
	w.until("30 Nov 20:00")
	w.tells(`
Sat 31 Oct 13:30  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Sat 31 Oct 14:30
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Sun 01 Nov 12:30
                  settle due Sun 01 Nov 12:30
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Sun 01 Nov 06:30  ~ contact #1 rung 1
                  > zhao-lei: reminder contact 75%, due Sun 01 Nov 12:30
                  > li-na: reminder contact 75%, due Sun 01 Nov 12:30
                  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Sun 01 Nov 12:30
                  > li-na: reminder settle 75%, due Sun 01 Nov 12:30
Sun 01 Nov 12:30  ~ contact #1 rung 2, tier 1
                  > yang-fan: escalation contact due tier 1, due Sun 01 Nov 12:30
                  > zhang-min: escalation contact due tier 1, due Sun 01 Nov 12:30
                  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Sun 01 Nov 12:30
                  > zhang-min: escalation settle due tier 1, due Sun 01 Nov 12:30
Sun 01 Nov 14:30  ~ contact #1 rung 3, tier 2
                  > sun-hao: escalation contact +2h tier 2, due Sun 01 Nov 12:30
                  ~ settle #1 rung 3, tier 2
                  > sun-hao: escalation settle +2h tier 2, due Sun 01 Nov 12:30
Tue 03 Nov 09:15  ~ contact #1 rung 4, tier 3
                  > ma-chao: decision_handed_over contact +8wh tier 3, due Sun 01 Nov 12:30
                  ~ settle #1 rung 4, tier 3
                  > ma-chao: decision_handed_over settle +8wh tier 3, due Sun 01 Nov 12:30
`)
}

func TestCourierStation_InNewYorkASilentCustomerIsAskedByTheClockOnTheWall(t *testing.T) {
	w := walking(t, "courier-station", "new-york")
	w.register("2 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("2 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("2 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("2 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("2 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("2 Mar 10:30", "chen-jing", complaint.Propose, w.proposed("", "31 Mar 18:00"))
	w.step("2 Mar 10:40", "li-na", complaint.Inform, answered(1, false))
	w.until("30 Apr 20:00")
	w.tells(`
Mon 02 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Mon 02 Mar 10:00
                  > customer: customer_received [link to follow]
Mon 02 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Tue 03 Mar 09:10
                  settle due Tue 03 Mar 09:10
                  > chen-jing: assigned
Mon 02 Mar 09:20  * chen-jing accept
Mon 02 Mar 09:30  * chen-jing contact
                  contact met
Mon 02 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Tue 03 Mar 10:00
Mon 02 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Mon 02 Mar 15:15
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Mon 02 Mar 12:30
                  customer-answer due Wed 04 Mar 17:30
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Mon 02 Mar 10:40  * li-na inform
                  inform met
Tue 03 Mar 09:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Tue 03 Mar 10:00
Tue 03 Mar 10:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Tue 03 Mar 10:00
                  > li-na: side_task apologies due, due Tue 03 Mar 10:00
Wed 04 Mar 17:30  ~ customer-answer #1 rung 1
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Fri 06 Mar 17:30 [link to answer]
                  > li-na: reminder customer-answer remind, due Fri 06 Mar 17:30
Thu 05 Mar 09:00  * procedure report apologies both-apologise
                  > sun-hao: side_task apologies +1wd, due Tue 03 Mar 10:00
Fri 06 Mar 17:30  ~ customer-answer #1 rung 2
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Mon 09 Mar 17:30 [link to answer]
                  > li-na: reminder customer-answer remind, due Mon 09 Mar 17:30
Mon 09 Mar 17:30  ~ customer-answer #1 rung 3
                  rests: customer-away until Wed 08 Apr 17:30
                  open-matter due Wed 08 Apr 17:30
                  > li-na: suspended customer-away, due Wed 08 Apr 17:30
                  > chen-jing: suspended customer-away, due Wed 08 Apr 17:30
                  > customer: customer_suspended customer-away, due Wed 08 Apr 17:30 [link to follow]
Wed 08 Apr 17:30  ~ open-matter #1 rung 1
                  goes on
                  open-matter met
                  > li-na: resumed
                  > chen-jing: resumed
                  > customer: customer_resumed [link to follow]
Fri 10 Apr 17:30  ~ customer-answer #1 rung 4
                  outcome unresolved
                  = closed
                  customer-answer met_late
                  settle not_needed
                  reopen-window due Tue 09 Jun 17:30
                  > li-na: closed unresolved
                  > chen-jing: closed unresolved
                  > customer: customer_outcome unresolved [link to appeal]
`)
}

func TestCourierStation_ARefusedReplyIsAskedForAgain(t *testing.T) {
	w := walking(t, "courier-station")
	reply := func(number int) complaint.Facts {
		return complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterReply, Number: number}}
	}
	w.register("10 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("10 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("10 Mar 10:00", "chen-jing", complaint.Find, found("outside", complaint.LiableCustomer))
	w.step("10 Mar 10:10", "li-na", complaint.Explain, explained(false))
	w.step("10 Mar 10:20", "zhang-min", complaint.Refuse, reply(4))
	w.step("10 Mar 10:30", "li-na", complaint.Explain, explained(false))
	w.step("10 Mar 11:00", "zhang-min", complaint.Approve, reply(5))
	w.step("10 Mar 11:10", "li-na", complaint.Explain, explained(false))
	w.until("10 Mar 12:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:10
                  settle due Wed 11 Mar 09:10
                  > chen-jing: assigned
Tue 10 Mar 09:20  * chen-jing accept
Tue 10 Mar 10:00  * chen-jing find
                  = explaining
                  reply 4 needs zhang-min
                  explain due Wed 11 Mar 10:00
                  > zhang-min: approval_asked reply
                  > li-na: task explain
Tue 10 Mar 10:10  ! li-na explain: step_not_allowed, approval_missing
Tue 10 Mar 10:20  * zhang-min refuse
                  reply 5 needs zhang-min
                  > li-na: refused reply
Tue 10 Mar 10:30  ! li-na explain: step_not_allowed, approval_missing
Tue 10 Mar 11:00  * zhang-min approve
                  > li-na: approved reply
Tue 10 Mar 11:10  * li-na explain
                  outcome rejected_invalid
                  = closed
                  contact met
                  explain met
                  settle not_needed
                  reopen-window due Sat 09 May 11:10
                  > customer: customer_explained [link to contest]
                  > chen-jing: closed rejected_invalid
                  > customer: customer_outcome rejected_invalid [link to appeal]
`)
}

func TestCourierStation_TheCustomerIsAwayOverAWeekendWhileTheProposalWaits(t *testing.T) {
	w := walking(t, "courier-station")
	w.register("11 Mar 09:00", "li-na", registered("service.attitude", "phone"))
	w.step("11 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("11 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("11 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("11 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	w.step("11 Mar 10:30", "chen-jing", complaint.Propose, w.proposed("", "31 Mar 18:00"))
	w.step("11 Mar 10:40", "li-na", complaint.Inform, answered(1, false))
	w.step("12 Mar 17:00", "li-na", complaint.Suspend, w.suspended(complaint.CustomerAway, "16 Mar 09:00"))
	w.until("19 Mar 12:00")
	w.tells(`
Wed 11 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Wed 11 Mar 10:00
                  > customer: customer_received [link to follow]
Wed 11 Mar 09:10  * li-na screen
                  = assigning
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Thu 12 Mar 09:10
                  settle due Thu 12 Mar 09:10
                  > chen-jing: assigned
Wed 11 Mar 09:20  * chen-jing accept
Wed 11 Mar 09:30  * chen-jing contact
                  contact met
Wed 11 Mar 10:00  * chen-jing find
                  = proposing
                  beside: apologies
                  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies, due Thu 12 Mar 10:00
Wed 11 Mar 10:30  * chen-jing propose
                  = approving
                  approve due Wed 11 Mar 16:00
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Wed 11 Mar 14:00
                  customer-answer due Fri 13 Mar 18:00
                  > customer: customer_proposal revision 1 [link to answer]
                  > li-na: task inform
Wed 11 Mar 10:40  * li-na inform
                  inform met
Thu 12 Mar 09:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies 75%, due Thu 12 Mar 10:00
Thu 12 Mar 10:00  * procedure report apologies both-apologise
                  > xu-mei: side_task apologies due, due Thu 12 Mar 10:00
                  > li-na: side_task apologies due, due Thu 12 Mar 10:00
Thu 12 Mar 17:00  * li-na suspend
                  rests: customer-away until Mon 16 Mar 09:00
                  open-matter due Mon 16 Mar 09:00
                  customer-answer paused
                  > chen-jing: suspended customer-away, due Mon 16 Mar 09:00
                  > customer: customer_suspended customer-away, due Mon 16 Mar 09:00 [link to follow]
Mon 16 Mar 09:00  ~ open-matter #1 rung 1
                  goes on
                  customer-answer resumed, due Tue 17 Mar 18:00
                  open-matter met
                  > li-na: resumed
                  > chen-jing: resumed
                  > customer: customer_resumed [link to follow]
                  * procedure report apologies both-apologise
                  > sun-hao: side_task apologies +1wd, due Thu 12 Mar 10:00
Tue 17 Mar 18:00  ~ customer-answer #1 rung 1
                  > customer: customer_proposal_reminder customer-answer remind revision 1, due Thu 19 Mar 18:00 [link to answer]
                  > li-na: reminder customer-answer remind, due Thu 19 Mar 18:00
`)
}

func TestCourierStation_ManagersAcknowledgeExtendInstructAndTakeOver(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("11 Mar 09:30", "yang-fan", complaint.Acknowledge, complaint.Facts{Acknowledged: &complaint.Acknowledged{Deadline: "contact"}})
	w.step("11 Mar 09:40", "yang-fan", complaint.Acknowledge, nothing) // the other one
	w.step("11 Mar 10:00", "zhang-min", complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: w.on("13 Mar 18:00")}})
	w.step("11 Mar 10:10", "hu-bin", complaint.Instruct, complaint.Facts{Order: &complaint.Order{Due: w.on("11 Mar 15:00")}})
	w.step("11 Mar 14:00", "yang-fan", complaint.TakeOver, nothing)
	w.step("11 Mar 14:10", "yang-fan", complaint.Accept, nothing)
	w.step("11 Mar 14:20", "yang-fan", complaint.Contact, reached(true))
	w.step("11 Mar 16:00", "li-na", complaint.Escalate, nothing)
	w.until("14 Mar 09:00")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  = assigning
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Wed 11 Mar 09:00
                  settle due Wed 11 Mar 09:00
                  > customer: customer_received [link to follow]
                  > zhao-lei: assigned
Wed 11 Mar 03:00  ~ contact #1 rung 1
                  > zhao-lei: reminder contact 75%, due Wed 11 Mar 09:00
                  > li-na: reminder contact 75%, due Wed 11 Mar 09:00
                  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Wed 11 Mar 09:00
                  > li-na: reminder settle 75%, due Wed 11 Mar 09:00
Wed 11 Mar 09:00  ~ contact #1 rung 2, tier 1
                  > yang-fan: escalation contact due tier 1, due Wed 11 Mar 09:00
                  > zhang-min: escalation contact due tier 1, due Wed 11 Mar 09:00
                  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Wed 11 Mar 09:00
                  > zhang-min: escalation settle due tier 1, due Wed 11 Mar 09:00
Wed 11 Mar 09:30  * yang-fan acknowledge
                  contact #1 rung 3 skipped
                  > li-na: acknowledged
                  > zhao-lei: acknowledged
Wed 11 Mar 09:40  * yang-fan acknowledge
                  settle #1 rung 3 skipped
                  > li-na: acknowledged
                  > zhao-lei: acknowledged
Wed 11 Mar 10:00  * zhang-min extend
                  settle extended, due Fri 13 Mar 18:00
                  > li-na: extended settle, due Fri 13 Mar 18:00
                  > zhao-lei: extended settle, due Fri 13 Mar 18:00
Wed 11 Mar 10:10  * hu-bin instruct
                  instruction due Wed 11 Mar 15:00
                  > li-na: instruction, due Wed 11 Mar 15:00
Wed 11 Mar 14:00  * yang-fan take-over
                  > li-na: taken_over
                  > zhao-lei: reassigned_away
Wed 11 Mar 14:10  * yang-fan accept
Wed 11 Mar 14:20  * yang-fan contact
                  contact met_late
Wed 11 Mar 15:00  ~ instruction #1 rung 1
                  > li-na: lapsed instruction due, due Wed 11 Mar 15:00
                  > zhang-min: lapsed instruction due, due Wed 11 Mar 15:00
Wed 11 Mar 16:00  * li-na escalate
                  tier 2 by rounds
                  instruction met_late
                  > sun-hao: tier_reached tier 2
`)
}
