package procedures_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/simulation"
)

// bothOpen is a complaint with two open matters: the owner's rest, until the
// 30th of April, is approved after the customer's silence has begun another one,
// until the 22nd.
func bothOpen(t *testing.T) *walk {
	w := walking(t, "real-estate-project")
	facts := registered("developer.quality", "phone")
	facts.Screening = screened("developer.quality", complaint.Normal).Screening
	w.register("10 Mar 09:00", "lin-xia", facts)
	w.step("10 Mar 09:10", "he-yan", complaint.Assign, assigned("", "", "gao-feng"))
	w.step("10 Mar 09:20", "song-lei", complaint.Accept, nothing)
	w.step("10 Mar 09:30", "song-lei", complaint.Contact, reached(true))
	w.step("10 Mar 10:00", "song-lei", complaint.Find, found("construction", complaint.LiableThirdParty))
	w.step("10 Mar 10:30", "song-lei", complaint.Propose, w.proposed("", "30 Apr 18:00"))
	w.step("10 Mar 14:00", "gao-feng", complaint.Suspend, w.suspended(complaint.PartsOnOrder, "30 Apr 09:00"))
	w.step("24 Mar 09:00", "he-yan", complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 1}})
	return w
}

func TestRealEstateProject_EachOfTwoOpenMattersEndsOnItsOwnDate(t *testing.T) {
	for _, row := range []struct {
		until   string
		resting bool
	}{{"29 Apr 09:00", true}, {"30 Apr 09:01", false}} {
		w := bothOpen(t)
		w.until(row.until)
		timeline, err := simulation.Run(context.Background(), w.request)
		require.NoError(t, err)
		_, resting := timeline.Complaint.Suspended()
		require.Equal(t, row.resting, resting, row.until)
	}
}

func TestRealEstateProject_WhoResumesEndsAllThatLetItRest(t *testing.T) {
	w := bothOpen(t)
	w.step("25 Mar 10:00", "gao-feng", complaint.Resume, nothing)
	w.until("25 Mar 11:00")
	timeline, err := simulation.Run(context.Background(), w.request)
	require.NoError(t, err)
	_, resting := timeline.Complaint.Suspended()
	require.False(t, resting)
	_, clock := timeline.Complaint.Deadline(complaint.OpenMatterClock)
	require.False(t, clock)
}
