package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestWhoKeepsWatch(t *testing.T) {
	threatened := func(m *matter, atRisk ...complaint.PersonID) []string {
		return told(m.step("2 11:00", clerk, complaint.Note, complaint.Facts{Threat: &complaint.ThreatHeard{AtRisk: atRisk}}))
	}
	t.Run("nobody over themselves where another holds the duty", func(t *testing.T) {
		m := newMatter(t).investigated("2 10:00")
		require.Subset(t, threatened(m, storeHead), []string{"dan threat_watch", "eva threat_warned"})
		require.NotContains(t, m.Threat.Watchers(), storeHead)
	})
	t.Run("who gets the watch by what they did is told", func(t *testing.T) {
		m := newMatter(t).investigated("2 10:00")
		require.Contains(t, threatened(m), "eva threat_watch")
		found := m.step("2 12:00", secondHandler, complaint.Find, complaint.Facts{Findings: &complaint.Findings{
			Founded: true, Cause: "broken", Liability: complaint.LiableDepartment, People: []complaint.PersonID{storeHead}}})
		require.Contains(t, told(found), "dan threat_watch")
	})
	t.Run("they learn when it ends", func(t *testing.T) {
		m := newMatter(t).investigated("2 10:00")
		threatened(m)
		closed := m.happen(complaint.Event{Kind: complaint.Concluded, At: m.on("2 12:00"), By: clerk, Outcome: complaint.Resolved})
		require.Contains(t, told(closed), "eva closed")
	})
}
