package procedures_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

const closedAsUnfounded = `
story: {en: Contested by telephone, zh-CN: 电话提出异议}
procedure: courier-station
steps:
  - 2026-03-10 09:00 li-na register: {channel: phone, category: service.attitude}
  - 2026-03-10 09:20 li-na screen: {kind: complaint, valid: false, category: service.attitude, severity: normal}
  - 2026-03-10 10:00 li-na explain: {contested: false}
`

// Who rings up to contest what was closed as unfounded is heard like one who uses the link: it is
// judged anew by somebody else, who reads what they said; and once they are found right, they are
// told so.
func TestCourierStation_WhoContestsByTelephoneIsHeardAndToldThatTheyWereRight(t *testing.T) {
	r := asked(t, closedAsUnfounded+"  - 2026-03-10 11:00 li-na reopen: {asked_by: phone}\n", on(10, 11, 1))
	life := timeline(t, r)
	require.Equal(t, complaint.Received, life.Complaint.Stage)
	require.True(t, life.Complaint.Contested)
	contested := to(life, "zhang-min", "customer_contested")
	require.Len(t, contested, 1, "who judges it anew is asked to")
	require.Equal(t, "step-004", contested[0].Tells, "and reads what they said")
	require.Empty(t, to(life, complaint.Customer, "customer_upheld"))

	r = asked(t, closedAsUnfounded+`  - 2026-03-10 11:00 li-na reopen: {asked_by: phone}
  - 2026-03-10 11:30 zhang-min screen: {kind: complaint, valid: true, category: service.attitude, severity: normal}
  - 2026-03-10 11:40 chen-jing return
  - 2026-03-10 11:50 li-na screen: {kind: complaint, valid: true, category: operations.mistake, severity: normal}
`, on(10, 12, 0))
	require.Len(t, to(timeline(t, r), complaint.Customer, "customer_upheld"), 1, "once, whatever becomes of it then")

	r = asked(t, closedAsUnfounded+"  - 2026-03-10 11:00 li-na reopen\n", on(10, 11, 1))
	require.False(t, timeline(t, r).Complaint.Contested, "what the house reopens itself nobody contests")
}
