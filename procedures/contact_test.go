package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

func TestCourierStation_ACallThatNobodyAnswersEndsNoClockAndLetsNothingGoOn(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 09:20", "zhao-lei", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "zhao-lei", complaint.Contact, reached(false))
	w.step("10 Mar 10:00", "zhao-lei", complaint.Find, found("mistake", complaint.LiableThirdParty))
	w.step("11 Mar 08:00", "zhao-lei", complaint.Contact, reached(false))
	w.step("11 Mar 09:30", "zhao-lei", complaint.Contact, reached(true))
	w.until("11 Mar 10:00")
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
Tue 10 Mar 09:20  * zhao-lei accept
Tue 10 Mar 09:30  * zhao-lei contact
Tue 10 Mar 10:00  * zhao-lei find
Wed 11 Mar 03:00  ~ contact #1 rung 1
                  > zhao-lei: reminder contact 75%, due Wed 11 Mar 09:00
                  > li-na: reminder contact 75%, due Wed 11 Mar 09:00
                  ~ settle #1 rung 1
                  > zhao-lei: reminder settle 75%, due Wed 11 Mar 09:00
                  > li-na: reminder settle 75%, due Wed 11 Mar 09:00
Wed 11 Mar 08:00  * zhao-lei contact
Wed 11 Mar 09:00  ~ contact #1 rung 2, tier 1
                  > yang-fan: escalation contact due tier 1, due Wed 11 Mar 09:00
                  > zhang-min: escalation contact due tier 1, due Wed 11 Mar 09:00
                  ~ settle #1 rung 2, tier 1
                  > yang-fan: escalation settle due tier 1, due Wed 11 Mar 09:00
                  > zhang-min: escalation settle due tier 1, due Wed 11 Mar 09:00
Wed 11 Mar 09:30  * zhao-lei contact
                  = proposing
                  contact met_late
`)
}

func TestRealEstateProject_ACallThatNobodyAnswersIsNoContact(t *testing.T) {
	w := walking(t, "real-estate-project")
	facts := registered("property.service", "phone")
	facts.Screening = screened("property.service", complaint.Normal).Screening
	w.register("10 Mar 09:00", "lin-xia", facts)
	w.step("10 Mar 09:10", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("10 Mar 09:20", "dong-jie", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "dong-jie", complaint.Contact, reached(false))
	w.step("10 Mar 10:00", "dong-jie", complaint.Find, found("service", complaint.LiableThirdParty))
	w.step("11 Mar 16:00", "dong-jie", complaint.Contact, reached(true))
	w.until("11 Mar 17:00")
	w.tells(`
Tue 10 Mar 09:00  * lin-xia register
                  = received
                  = assigning
                  agent lin-xia
                  alert recorded
                  screen due Tue 10 Mar 11:00
                  department property-service, agent lin-xia, handler dong-jie
                  screen met
                  forward due Tue 10 Mar 14:30
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
                  > he-yan: task name_owner
Tue 10 Mar 09:10  * he-yan assign
                  = investigating
                  forward met
                  contact due Wed 11 Mar 18:00
                  investigate due Fri 13 Mar 18:00
                  > gao-feng: owner_named
                  > dong-jie: assigned
Tue 10 Mar 09:20  * dong-jie accept
Tue 10 Mar 09:30  * dong-jie contact
Tue 10 Mar 10:00  * dong-jie find
Wed 11 Mar 14:18  ~ contact #1 rung 1
                  > dong-jie: reminder contact 75%, due Wed 11 Mar 18:00
                  > gao-feng: reminder contact 75%, due Wed 11 Mar 18:00
Wed 11 Mar 16:00  * dong-jie contact
                  = proposing
                  contact met
                  investigate met
                  propose due Fri 13 Mar 18:00
`)
}

func TestCourierStation_WhoWasExplainedToWasContacted(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 09:20", "zhao-lei", complaint.Accept, nothing)
	w.step("10 Mar 10:00", "zhao-lei", complaint.Find, complaint.Facts{Findings: &complaint.Findings{Liability: complaint.Undetermined}})
	w.step("10 Mar 11:00", "li-na", complaint.Explain, explained(true))
	w.until("10 Mar 11:30")
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
Tue 10 Mar 09:20  * zhao-lei accept
Tue 10 Mar 10:00  * zhao-lei find
                  = explaining
                  explain due Wed 11 Mar 10:00
                  > li-na: task explain
Tue 10 Mar 11:00  * li-na explain
                  = received
                  contact met
                  settle not_needed
                  explain met
                  forward #2 due Tue 10 Mar 12:00
                  > zhang-min: customer_contested
                  > zhang-min: screening_asked
`)
}
