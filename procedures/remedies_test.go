package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

func TestCourierStation_AConfirmedAttitudeNeedsAnApology(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("service.attitude", "phone")
	facts.Registration.Reachable = []string{"phone"} // nothing written reaches this customer
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 09:10", "li-na", complaint.Screen, screened("service.attitude", complaint.Normal))
	w.step("10 Mar 09:20", "chen-jing", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "chen-jing", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "chen-jing", complaint.Find, found("attitude", complaint.LiableThirdParty))
	due := w.on("11 Mar 18:00")
	proposal := func(kinds ...string) complaint.Facts {
		p := complaint.Proposal{Due: &due}
		for _, kind := range kinds {
			p.Remedies = append(p.Remedies, complaint.Remedy{Kind: kind})
		}
		return complaint.Facts{Proposal: &p}
	}
	w.step("10 Mar 10:30", "chen-jing", complaint.Propose, proposal("explanation"))
	w.step("10 Mar 10:40", "chen-jing", complaint.Propose, proposal("explanation", "apology"))
	w.until("10 Mar 10:50")
	w.tells(`
Tue 10 Mar 09:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Tue 10 Mar 10:00
                  > li-na: tell_customer customer_received
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
Tue 10 Mar 10:30  ! chen-jing propose: rule_violation, remedy_missing
Tue 10 Mar 10:40  * chen-jing propose
                  = approving
                  approve due Tue 10 Mar 16:10
                  = awaiting_customer
                  approve met
                  settle paused
                  inform due Tue 10 Mar 14:10
                  customer-answer due Thu 12 Mar 18:00
                  > li-na: tell_customer customer_proposal
                  > li-na: task inform
`)
}
