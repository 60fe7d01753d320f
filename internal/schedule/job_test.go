package schedule_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"recourse/activities"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/schedule"
	"recourse/workflows"
)

func TestEveryScheduleHasItsWorkDoneForTheTimeThatItWasMeantFor(t *testing.T) {
	due := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	jobs := activities.Jobs(nil, nil)
	covered := map[string]bool{}
	all, err := rulebook.Read(rulebooktest.Files(t))
	require.NoError(t, err)
	for _, one := range schedule.Wanted(jobs, 1, all, "queue") {
		t.Run(one.ID, func(t *testing.T) {
			suite := testsuite.WorkflowTestSuite{}
			suite.SetLogger(log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
			env := suite.NewTestWorkflowEnvironment()
			env.SetStartTime(due.Add(72 * time.Hour))
			require.NoError(t, env.SetTypedSearchAttributesOnStart(temporal.NewSearchAttributes(
				temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime").ValueSet(due))))
			var told []workflows.Occasion
			attempts := map[string]int{}
			for _, job := range jobs {
				env.RegisterWorkflowWithOptions(job.Run, workflow.RegisterOptions{Name: job.Workflow})
				for name := range job.Activities {
					env.RegisterActivityWithOptions(func(_ context.Context, asked json.RawMessage) (map[string]any, error) {
						if attempts[name]++; attempts[name] < 3 {
							return nil, errors.New("the database is away")
						}
						if asked != nil {
							told = append(told, workflows.Occasion{})
							return nil, json.Unmarshal(asked, &told[len(told)-1])
						}
						return nil, nil
					}, activity.RegisterOptions{Name: name})
				}
			}

			action := one.Action.(*client.ScheduleWorkflowAction)
			env.ExecuteWorkflow(action.Workflow, action.Args...)
			require.NoError(t, env.GetWorkflowError())
			require.NotEmpty(t, attempts)
			if one.ID != "seal-record" { // which takes all there is, whenever it runs
				require.NotEmpty(t, told)
			}
			for _, asked := range told {
				require.True(t, due.Equal(asked.At), "not when it ran")
				if len(action.Args) > 0 {
					require.Equal(t, action.Args[0], asked.Periodic)
				}
			}
			covered[action.Workflow.(string)] = true
		})
	}
	require.Len(t, covered, len(jobs), "a job that no procedure of ours asks for")
}

func TestARunIsForTheLastWholePeriodAsTheDaysGoWhereTheProcedureIs(t *testing.T) {
	edition := editionOf(t, "courier-station", "real-estate-project")
	job := map[string]schedule.Job{}
	for _, one := range activities.Jobs(nil, nil) {
		job[one.ID] = one
	}
	china, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, china)
	for _, c := range []struct {
		job, name, from, to string
		id                  string // of it, for ever
	}{
		{"spot-check-{procedure}", "", "2026-07-01 00:00", "2026-10-01 00:00", "spot-check/real-estate-project/quarter/2026-07-01"},
		{"campaign-{procedure}-{name}", "property", "2026-01-01 00:00", "2026-07-01 00:00", "campaign/property/real-estate-project/half-year/2026-01-01"},
		{"campaign-{procedure}-{name}", "developer", "2026-01-01 00:00", "2026-07-01 00:00", "campaign/developer/real-estate-project/half-year/2026-01-01"},
	} {
		for _, at := range []time.Time{at, at.Add(-5*time.Hour - 59*time.Minute), at.AddDate(0, 0, 40)} {
			period, err := job[c.job].PeriodOf(edition, workflows.Occasion{Periodic: workflows.Periodic{Procedure: "real-estate-project", Name: c.name}, At: at})
			require.NoError(t, err)
			require.Equal(t, []string{c.from, c.to}, []string{period.From.In(china).Format("2006-01-02 15:04"), period.To.In(china).Format("2006-01-02 15:04")})
			require.Equal(t, uuid.NewSHA1(uuid.MustParse("3d0b5a1e-6c0f-5d43-9a3e-1f0f6a1c7b52"), []byte(c.id)), period.ID)
			require.Equal(t, "real-estate-project", period.Procedure.ID)
			require.Equal(t, c.name, period.Name)
		}
	}

	period, err := job["seal-record"].PeriodOf(edition, workflows.Occasion{At: at})
	require.NoError(t, err)
	require.Equal(t, []time.Time{time.Date(2026, 9, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)}, []time.Time{period.From, period.To}, "the installation's days are UTC's")
}

func TestWhatAProcedureDoesNotAskForAnyMoreFailsForGood(t *testing.T) {
	edition := editionOf(t, "courier-station", "real-estate-project")
	for _, job := range activities.Jobs(nil, nil)[1:] {
		for _, of := range []workflows.Periodic{{Procedure: "courier-station"}, {Procedure: "hospital"}, {Procedure: "real-estate-project", Name: "builder"}} {
			_, err := job.PeriodOf(edition, workflows.Occasion{Periodic: of, At: time.Now()})
			var failure *temporal.ApplicationError
			require.ErrorAs(t, err, &failure)
			require.Equal(t, "not_asked_for", failure.Type())
			require.True(t, failure.NonRetryable())
		}
	}
}
