package procedures_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/story"
)

// screenedByTheManager is a complaint that Zhang Min, head of dispatch, screened first, with an
// explanation that the customer contests.
func screenedByTheManager(t *testing.T, away ...complaint.PersonID) complaint.Complaint {
	t.Helper()
	absences := ""
	for _, person := range away {
		absences += fmt.Sprintf("  %s: {from: 2026-03-10 08:00, until: 2026-03-20 08:00}\n", person)
	}
	if absences != "" {
		absences = "absences:\n" + absences
	}
	s, err := story.Parse("story.yaml", []byte(absences+`
story: {en: Screened by the manager, zh-CN: 由主管甄别}
procedure: courier-station
steps:
  - 2026-03-10 09:00 zhang-min register:
      channel: phone
      category: operations.mistake
      screen: {kind: complaint, valid: false, category: operations.mistake}
  - 2026-03-10 10:00 customer explain: {contested: true}
until: 2026-03-10 10:01
`))
	require.NoError(t, err)
	return lived(t, request(t, s))
}

func TestCourierStation_TheNextManagerScreensAnewWhatTheServiceManagerScreenedFirst(t *testing.T) {
	for _, row := range []struct {
		name string
		away []complaint.PersonID
		want complaint.PersonID
	}{
		{"the secondary is there: any holder of the duty", nil, ""},
		{"the secondary is away: the director", []complaint.PersonID{"wang-wei"}, "sun-hao"},
		{"and the deputy too: the general manager, who stands in for the director", []complaint.PersonID{"wang-wei", "sun-hao"}, "ma-chao"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := screenedByTheManager(t, row.away...)
			require.Equal(t, complaint.Received, c.Stage)
			task := c.Tasks()[0]
			require.Equal(t, complaint.Screen, task.Kind)
			require.Equal(t, row.want, task.Person)
			if row.want != "" {
				require.Contains(t, c.Allowed(complaint.Actor{Person: row.want}, c.StageSince), complaint.Screen)
			}
		})
	}
}
