package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestTheDetailsSayInPlainWordsWhatIsWaitedForAndWhatFiresNext(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	l := &life{complaint: complaint.Complaint{
		Number: "CS-2026-000001", Stage: complaint.AwaitingCustomer,
		Threat: &complaint.Threat{Watch: []complaint.Watcher{{Duty: "security", Person: "feng-tao"}}},
		Deadlines: []complaint.Deadline{{Name: complaint.CustomerAnswerClock, State: complaint.Running, DueAt: at.Add(time.Hour), Rungs: []complaint.Rung{
			{Label: "remind", At: at, Does: complaint.RemindCustomer, Tell: []complaint.Role{complaint.CustomerRole, complaint.Owner}},
			{Label: "due", At: at.Add(time.Hour), Tell: []complaint.Role{complaint.Owner}},
		}}},
	}}
	said := l.details()
	require.Contains(t, said, "Waits for **answer** by customer")
	require.Contains(t, said, "Watch is kept by feng-tao")
	require.NotContains(t, said, "**note**")
	require.Contains(t, said, "Fires next: customer-answer remind: asks the customer again, tells customer and owner at 2026-03-02 10:00 UTC")
	require.Equal(t, "customer-answer due: tells owner", l.rungSummary(complaint.RungRef{Deadline: complaint.CustomerAnswerClock, Rung: 1, At: at.Add(time.Hour)}))
}

// First review: B2.
func TestTheDetailsSayToWhomAComplaintWasHandedAndWhenTheyAreAskedAgain(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	l := &life{complaint: complaint.Complaint{
		Number: "CS-2026-000001", Stage: complaint.Received, Terms: complaint.Terms{Generation: complaint.Newest},
		People: complaint.People{Agent: "li-na"},
		Deadlines: []complaint.Deadline{
			{Name: "forward", State: complaint.Running, DueAt: at, Rungs: []complaint.Rung{
				{Label: "+4wh", At: at, FiredAt: &at, Tier: 3, Does: complaint.HandOverDecision, Tell: []complaint.Role{"general-manager"}}}},
			{Name: complaint.AskAgainClock, State: complaint.Running, DueAt: at.Add(24 * time.Hour), Rungs: []complaint.Rung{
				{Label: "again", At: at.Add(24 * time.Hour), Does: complaint.AskAgain, Tell: []complaint.Role{"general-manager"}}}},
		},
	}}
	said := l.details()
	require.Contains(t, said, "Waits for **screen** by li-na")
	require.Contains(t, said, "Waits for **screen** by general-manager")
	require.Contains(t, said, "Fires next: ask-again again: asks again, tells general-manager at 2026-03-03 10:00 UTC")
}
