package procedure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	exampledirectory "recourse/deploy/directory"
	"recourse/internal/calendar"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/procedures"
)

// shipped reads a procedure that comes with the software.
func shipped(t testing.TB, id string) *procedure.Procedure {
	t.Helper()
	data, err := procedures.Files.ReadFile(id + ".yaml")
	require.NoError(t, err)
	p, err := procedure.Parse("procedures/"+id+".yaml", data)
	require.NoError(t, err)
	return p
}

// organisation reads the example people of a procedure.
func organisation(t testing.TB, id string) *directory.Directory {
	t.Helper()
	data, err := exampledirectory.Files.ReadFile(id + ".yaml")
	require.NoError(t, err)
	d, err := directory.Parse("deploy/directory/"+id+".yaml", data)
	require.NoError(t, err)
	return d
}

// calendars reads the calendars that come with the software.
func calendars(t testing.TB) map[string]*calendar.Calendar {
	t.Helper()
	all := map[string]*calendar.Calendar{}
	entries, err := procedures.Files.ReadDir("calendars")
	require.NoError(t, err)
	for _, entry := range entries {
		data, err := procedures.Files.ReadFile("calendars/" + entry.Name())
		require.NoError(t, err)
		c, err := calendar.Parse(entry.Name(), data)
		require.NoError(t, err)
		all[c.ID()] = c
	}
	return all
}

func TestTheProceduresThatComeWithTheSoftwareFitTheirPeopleAndCalendars(t *testing.T) {
	for _, id := range []string{"courier-station", "real-estate-project"} {
		t.Run(id, func(t *testing.T) {
			p := shipped(t, id)
			require.Equal(t, id, p.ID)
			require.NoError(t, p.Check(calendars(t), organisation(t, id)))
			require.NoError(t, p.CheckCovers(calendars(t), time.Date(2026, 2, 13, 0, 0, 0, 0, time.UTC)))
		})
	}
}
