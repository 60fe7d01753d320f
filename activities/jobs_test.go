package activities_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/activities"
)

func TestAJobSaysAllThatThereIsToSay(t *testing.T) {
	names := map[string]bool{}
	once := func(t *testing.T, what, name string) {
		t.Helper()
		require.NotEmpty(t, name, what)
		require.False(t, names[what+name], "the %s %q is there twice", what, name)
		names[what+name] = true
	}
	for _, job := range activities.Jobs(nil, nil) {
		t.Run(job.ID, func(t *testing.T) {
			once(t, "schedule", job.ID)
			once(t, "workflow", job.Workflow)
			require.Equal(t, job.Asked != nil, strings.Contains(job.ID, "{procedure}"), "each procedure's schedule has an ID of its own")
			require.Regexp(t, `^Every (hour|day|{period}): .*\.$`, job.Says)
			require.Equal(t, job.Asked != nil, strings.Contains(job.Says, "{period}"))
			require.NotZero(t, job.CatchUp, "the server's default is a year")
			require.NotEmpty(t, meanwhile[job.Overlap], "what is to become of a run that is due while the one before is still going")
			require.NotNil(t, job.Run)
			require.NotEmpty(t, job.Activities, "nothing does it")
			for name, does := range job.Activities {
				once(t, "activity", name)
				require.NotNil(t, does)
			}
		})
	}
}

// registered are the names that a worker has.
type registered struct {
	worker.Registry
	names []string
}

func (r *registered) RegisterWorkflowWithOptions(_ any, options workflow.RegisterOptions) {
	r.names = append(r.names, "workflow "+options.Name)
}

func (r *registered) RegisterActivityWithOptions(_ any, options activity.RegisterOptions) {
	r.names = append(r.names, "activity "+options.Name)
}

func TestAWorkerHasAllThatSchedulesStart(t *testing.T) {
	var there registered
	activities.Register(&there, nil, nil)
	for _, job := range activities.Jobs(nil, nil) {
		require.Contains(t, there.names, "workflow "+job.Workflow)
		for name := range job.Activities {
			require.Contains(t, there.names, "activity "+name)
		}
	}
}

func TestTheNamesThatStandInRecordedHistoriesStay(t *testing.T) {
	there := map[string][]string{}
	for _, job := range activities.Jobs(nil, nil) {
		for name := range job.Activities {
			there[job.Workflow] = append(there[job.Workflow], name)
		}
	}
	for workflow, named := range map[string][]string{
		"SealRecord":           {"SealRecord"},
		"VerifyRecord":         {"VerifyRecord"},
		"SpotCheck":            {"DrawSpotCheck"},
		"SatisfactionCampaign": {"StartCampaign"},
		"FindLost":             {"FindLost"},
	} {
		require.ElementsMatch(t, named, there[workflow])
	}
}

var update = flag.Bool("update", false, "write the table of schedules in docs/operations.md anew")

// What operators read of a run that is due while the one before is still going.
var meanwhile = map[enums.ScheduleOverlapPolicy]string{
	enums.SCHEDULE_OVERLAP_POLICY_SKIP:       "skipped",
	enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE: "one waits, others are skipped",
	enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL: "waits",
}

func TestOperatorsFindEveryJobInTheTableOfSchedules(t *testing.T) {
	table := []string{"| schedule | what it does | days of | after an outage | while the run before still goes |", "|---|---|---|---|---|"}
	for _, job := range activities.Jobs(nil, nil) {
		zone := "UTC"
		if job.Asked != nil {
			zone = "the calendar's zone"
		}
		late := fmt.Sprintf("%d days", job.CatchUp/(24*time.Hour))
		if job.CatchUp <= 24*time.Hour {
			late = fmt.Sprintf("%d h", job.CatchUp/time.Hour)
		}
		table = append(table, fmt.Sprintf("| `%s` | %s | %s | up to %s late | %s |", job.ID, job.Says, zone, late, meanwhile[job.Overlap]))
	}
	const file = "../docs/operations.md"
	document, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(document), "\n| schedule |")
	require.True(t, found)
	there, after, _ := strings.Cut("| schedule |"+rest, "\n\n")
	wanted := strings.Join(table, "\n")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+"\n"+wanted+"\n\n"+after), 0o644))
		return
	}
	require.Equal(t, wanted, there, "write docs/operations.md anew: go test ./activities -run TableOfSchedules -update")
}

// First review: D7.
func TestAChangeOfTheJobsIsANewEdition(t *testing.T) {
	var table strings.Builder
	for _, job := range activities.Jobs(nil, nil) {
		fmt.Fprintln(&table, job.ID, job.Says, job.CatchUp, job.Overlap, job.Workflow, slices.Sorted(maps.Keys(job.Activities)))
	}
	// What each edition that was released was. One that wasn't yet is written anew.
	editions := map[int]string{1: "ebe05726b20b21a7"}
	require.Equal(t, editions[activities.JobsEdition], fmt.Sprintf("%.8x", sha256.Sum256([]byte(table.String()))),
		"raise JobsEdition, so that older workers leave the schedules alone, and put the new one's here")
}
