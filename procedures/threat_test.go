package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

// threatened adds to what a step carries that the customer announced drastic acts.
func threatened(facts complaint.Facts, atRisk ...complaint.PersonID) complaint.Facts {
	facts.Threat = &complaint.ThreatHeard{AtRisk: atRisk}
	return facts
}

func TestCourierStation_WhenTheCustomerAnnouncesDrasticActsPeopleWatchAndThoseAtRiskAreWarned(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Registration.Subjects = []complaint.PersonID{"huang-li"} // who must be warned, and hears nothing of the complaint
	w.register("11 Mar 10:00", "li-na", threatened(facts, "huang-li", "wu-gang"))
	w.step("11 Mar 10:20", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("11 Mar 10:40", "chen-jing", complaint.Accept, nothing)
	w.step("11 Mar 11:00", "chen-jing", complaint.Contact, threatened(reached(true)))
	w.step("11 Mar 12:00", "xu-mei", complaint.Note, nothing)                                                     // who keeps watch may write what happens
	w.step("11 Mar 14:00", "chen-jing", complaint.Find, found("mistake", complaint.LiableDepartment, "yang-fan")) // who kept watch
	w.step("11 Mar 14:30", complaint.Procedure, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: "xu-mei"}})
	w.step("11 Mar 15:00", "li-na", complaint.Withdraw, nothing)
	w.step("11 Mar 16:00", "chen-jing", complaint.Note, threatened(nothing)) // the customer calls again
	w.until("11 Mar 18:00")
	w.tells(`
Wed 11 Mar 10:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  threat: watched by leader xu-mei, operations.head yang-fan; at risk [huang-li wu-gang]; warned [operations.head, dispatch.head]
                  forward due Wed 11 Mar 11:00
                  > xu-mei: threat_watch
                  > yang-fan: threat_watch
                  > huang-li: safety_warning
                  > wu-gang: threat_warned
                  > zhang-min: threat_warned
                  > customer: customer_received [link to follow]
Wed 11 Mar 10:20  * li-na screen
                  = assigning
                  watch: watched by leader xu-mei, operations.head yang-fan; at risk [huang-li wu-gang]; warned [operations.head, dispatch.head, service.head]
                  department service, agent li-na, owner li-na, handler chen-jing
                  = investigating
                  forward met
                  contact due Thu 12 Mar 10:20
                  settle due Thu 12 Mar 10:20
                  > liu-yang: threat_warned
                  > chen-jing: assigned
Wed 11 Mar 10:40  * chen-jing accept
Wed 11 Mar 11:00  * chen-jing contact
                  threat: watched by leader xu-mei, operations.head yang-fan; at risk [huang-li wu-gang]; warned [operations.head, dispatch.head, service.head]
                  contact met
                  > xu-mei: threat_watch
                  > yang-fan: threat_watch
                  > huang-li: safety_warning
                  > wu-gang: threat_warned
                  > zhang-min: threat_warned
                  > liu-yang: threat_warned
Wed 11 Mar 12:00  * xu-mei note
Wed 11 Mar 14:00  * chen-jing find
                  = proposing
                  watch: watched by leader xu-mei, operations.head zhao-lei; at risk [huang-li wu-gang]; warned [operations.head, dispatch.head, service.head]
                  beside: accountability
                  > zhao-lei: threat_watch
                  * procedure report accountability judgement
                  > zhao-lei: side_task accountability, due Thu 12 Mar 14:00
Wed 11 Mar 14:30  * procedure substitute
                  watch: watched by leader sun-hao, operations.head zhao-lei; at risk [huang-li wu-gang]; warned [operations.head, dispatch.head, service.head]
                  > sun-hao: threat_watch
Wed 11 Mar 15:00  * li-na withdraw
                  outcome withdrawn
                  = closed
                  settle not_needed
                  reopen-window due Sun 10 May 15:00
                  > customer: customer_withdrawn
                  > chen-jing: withdrawn
                  > sun-hao: closed withdrawn
                  > zhao-lei: closed withdrawn
Wed 11 Mar 16:00  * chen-jing note
                  threat: watched by leader sun-hao, operations.head zhao-lei; at risk [huang-li wu-gang]; warned [operations.head, dispatch.head, service.head]
                  > sun-hao: threat_watch
                  > zhao-lei: threat_watch
                  > huang-li: safety_warning
                  > wu-gang: threat_warned
                  > zhang-min: threat_warned
                  > liu-yang: threat_warned
`)
}

func TestCourierStation_AThreatInALetterClosedToPeopleNamedTellsNobodyElseOfIt(t *testing.T) {
	w := walking(t, "courier-station")
	facts := screened("operations.mistake", complaint.Normal)
	facts.Screening.Kind = complaint.KindWhistleblowing
	w.register("11 Mar 10:00", "li-na", threatened(registered("operations.mistake", "phone")))
	w.step("11 Mar 10:20", "li-na", complaint.Screen, facts)
	w.step("11 Mar 11:00", "xu-mei", complaint.Note, threatened(nothing, "zhao-lei"))
	w.until("11 Mar 12:00")
	w.tells(`
Wed 11 Mar 10:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  threat: watched by leader xu-mei, operations.head yang-fan; at risk []; warned [operations.head, dispatch.head]
                  forward due Wed 11 Mar 11:00
                  > xu-mei: threat_watch
                  > yang-fan: threat_watch
                  > zhang-min: threat_warned
                  > customer: customer_received [link to follow]
Wed 11 Mar 10:20  * li-na screen
                  = assigning
                  agent xu-mei, owner xu-mei, seen by [xu-mei yang-fan sun-hao] only
                  department operations, agent xu-mei, owner xu-mei, handler sun-hao, seen by [xu-mei yang-fan sun-hao] only
                  = investigating
                  forward met
                  contact due Thu 12 Mar 10:20
                  settle due Thu 12 Mar 10:20
                  > xu-mei: whistleblowing
                  > yang-fan: whistleblowing
                  > sun-hao: whistleblowing
                  > xu-mei: owner_named
                  > sun-hao: assigned
Wed 11 Mar 11:00  * xu-mei note
                  threat: watched by leader xu-mei, operations.head yang-fan; at risk [zhao-lei]; warned [operations.head, dispatch.head]
                  > yang-fan: threat_watch
                  > zhao-lei: safety_warning
                  > zhang-min: safety_warning
`)
}

func TestRealEstate_AThreatIsHeardThoughTheProcedureSaysNothingOfThreats(t *testing.T) {
	w := walking(t, "real-estate-project")
	w.register("10 Mar 09:00", "lin-xia", threatened(registered("", "phone")))
	w.step("10 Mar 09:10", "lin-xia", complaint.Screen, screened("developer.quality", complaint.Normal))
	w.until("10 Mar 10:00")
	w.tells(`
Tue 10 Mar 09:00  * lin-xia register
                  = received
                  agent lin-xia
                  threat: watched by call-centre.head he-yan; at risk []; warned []
                  alert recorded
                  screen due Tue 10 Mar 11:00
                  > he-yan: threat_watch
                  > he-yan: alert recorded
                  > customer: customer_received [link to follow]
Tue 10 Mar 09:10  * lin-xia screen
                  = assigning
                  watch: watched by call-centre.head he-yan, engineering.head luo-jun; at risk []; warned []
                  department engineering, agent lin-xia, handler song-lei
                  screen met
                  forward due Tue 10 Mar 14:40
                  > luo-jun: threat_watch
                  > he-yan: task name_owner
`)
}
