package procedures_test

import (
	"testing"

	"recourse/internal/complaint"
)

func TestCourierStation_StepsOfTheSameInstantAreAllTold(t *testing.T) {
	for range 10 { // which of them is done with first is up to the scheduler
		w := walking(t, "courier-station")
		w.register("11 Mar 10:00", "li-na", registered("operations.mistake", "phone"))
		w.step("11 Mar 10:20", "li-na", complaint.Note, nothing)
		w.step("11 Mar 10:20", "li-na", complaint.Resume, nothing)
		w.until("11 Mar 10:21")
		w.tells(`
Wed 11 Mar 10:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Wed 11 Mar 11:00
                  > customer: customer_received [link to follow]
Wed 11 Mar 10:20  * li-na note
                  ! li-na resume: step_not_allowed, not_suspended
`)
	}
}
