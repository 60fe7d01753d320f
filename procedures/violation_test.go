package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

// Whoever is liable to the customer, a larger risk found on the way is told the
// deputy general manager at once, and investigated.
func TestCourierStation_ALargerRiskFoundOnTheWayIsToldAtOnceAndInvestigated(t *testing.T) {
	w := walking(t, "courier-station")
	facts := registered("operations.mistake", "phone")
	facts.Screening = screened("operations.mistake", complaint.Normal).Screening
	w.register("10 Mar 09:00", "li-na", facts)
	w.step("10 Mar 09:20", "zhao-lei", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "zhao-lei", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "zhao-lei", complaint.Find, found("larger-risk", complaint.LiableThirdParty))
	w.until("10 Mar 10:30")
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
                  contact met
Tue 10 Mar 10:00  * zhao-lei find
                  = proposing
                  alert violation-found
                  beside: accountability
                  > sun-hao: alert violation-found
                  * procedure report accountability judgement
                  > yang-fan: side_task accountability, due Wed 11 Mar 10:00
`)
}
