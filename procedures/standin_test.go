package procedures_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/simulation"
)

// screenedByTheManager is a complaint that Zhang Min, head of dispatch, screened first, with an explanation that the customer contests.
func screenedByTheManager(t *testing.T, away ...complaint.PersonID) complaint.Complaint {
	w := walking(t, "courier-station")
	for _, person := range away {
		w.rules.Directory.Absences = append(w.rules.Directory.Absences, directory.Absence{Person: person, From: w.on("10 Mar 08:00"), Until: w.on("20 Mar 08:00")})
	}
	facts := registered("operations.mistake", "phone")
	facts.Screening = invalid("operations.mistake").Screening
	w.register("10 Mar 09:00", "zhang-min", facts)
	w.step("10 Mar 10:00", complaint.Customer, complaint.Explain, explained(true))
	w.until("10 Mar 10:01")
	timeline, err := simulation.Run(context.Background(), w.request)
	require.NoError(t, err)
	return timeline.Complaint
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
				require.Contains(t, c.Allowed(complaint.Actor{Person: row.want}), complaint.Screen)
			}
		})
	}
}
