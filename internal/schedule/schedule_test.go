package schedule_test

import (
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"recourse/activities"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/schedule"
	"recourse/workflows"
)

// editionOf is what comes with the software, with these procedures alone.
func editionOf(t *testing.T, procedures ...string) *rulebook.Edition {
	t.Helper()
	files := rulebooktest.Files(t)
	for name := range files {
		if path.Dir(name) != "calendars" && !slices.Contains(procedures, strings.TrimSuffix(path.Base(name), ".yaml")) {
			delete(files, name)
		}
	}
	edition, err := rulebook.Read(files)
	require.NoError(t, err)
	return edition
}

func only(value int) []client.ScheduleRange { return []client.ScheduleRange{{Start: value}} }

func TestProceduresAskForTheirSchedules(t *testing.T) {
	jobs := slices.DeleteFunc(activities.Jobs(nil, nil), func(job schedule.Job) bool {
		return !slices.Contains([]string{"SealRecord", "VerifyRecord", "SpotCheck", "SatisfactionCampaign"}, job.Workflow)
	})
	all := schedule.Wanted(jobs, 1, editionOf(t, "courier-station", "real-estate-project"), "queue")
	var ids []string
	for _, one := range all {
		ids = append(ids, one.ID)
		require.NotEmpty(t, one.Note)
		require.NotZero(t, one.CatchupWindow, "the server's default is a year")
		require.Empty(t, one.Spec.Intervals, "they ignore the time zone")
		require.Equal(t, []client.ScheduleRange{{Start: 6}}, one.Spec.Calendars[0].Hour)
		require.Equal(t, "queue", one.Action.(*client.ScheduleWorkflowAction).TaskQueue)
	}
	require.Equal(t, []string{"campaign-real-estate-project-developer", "campaign-real-estate-project-property", "seal-record", "spot-check-real-estate-project", "verify-record"}, ids)

	campaign := all[1]
	require.Equal(t, "Asia/Shanghai", campaign.Spec.TimeZoneName)
	require.Equal(t, client.ScheduleCalendarSpec{Hour: only(6), DayOfMonth: only(1), Month: []client.ScheduleRange{{Start: 1, End: 12, Step: 6}}}, campaign.Spec.Calendars[0])
	require.Equal(t, []any{workflows.Periodic{Procedure: "real-estate-project", Name: "property"}}, campaign.Action.(*client.ScheduleWorkflowAction).Args)
	require.Equal(t, enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL, campaign.Overlap, "no period is dropped")
	require.Equal(t, 14*24*time.Hour, campaign.CatchupWindow)

	seal := all[2]
	require.Equal(t, "UTC", seal.Spec.TimeZoneName)
	require.Equal(t, enums.SCHEDULE_OVERLAP_POLICY_SKIP, seal.Overlap)
	require.Equal(t, client.ScheduleCalendarSpec{Hour: only(6)}, seal.Spec.Calendars[0], "every day")

	require.Len(t, schedule.Wanted(jobs, 1, editionOf(t, "courier-station"), "queue"), 2, "it asks for none of its own")
}

func TestAScheduleIsKnownByWhatItDoes(t *testing.T) {
	edition, jobs := editionOf(t, "real-estate-project"), activities.Jobs(nil, nil)
	here, again, elsewhere := schedule.Wanted(jobs, 1, edition, "queue"), schedule.Wanted(jobs, 1, edition, "queue"), schedule.Wanted(jobs, 1, edition, "another")
	newer := schedule.Wanted(jobs, 2, edition, "queue")
	fingerprint := func(s client.ScheduleOptions) any {
		return s.Action.(*client.ScheduleWorkflowAction).Memo[schedule.FingerprintKey]
	}
	seen := map[any]bool{}
	for i := range here {
		require.Len(t, fingerprint(here[i]), 16)
		require.Equal(t, fingerprint(here[i]), fingerprint(again[i]))
		require.NotEqual(t, fingerprint(here[i]), fingerprint(elsewhere[i]))
		require.NotEqual(t, fingerprint(here[i]), fingerprint(newer[i]), "a newer worker puts its mark on each")
		require.False(t, seen[fingerprint(here[i])])
		seen[fingerprint(here[i])] = true
	}
}
