package endtoend

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"recourse/activities"
	"recourse/deploy/process"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/procedure"
	"recourse/internal/schedule"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/internal/store/record"
	"recourse/workflows"
)

// withSchedules is an installation with the worker's program in a namespace of its own: a namespace
// has one set of schedules.
func withSchedules(t *testing.T) *scheduled {
	t.Helper()
	t.Parallel()
	shared := stack.ForTest(t)
	own := *shared
	apart := *shared.Temporal
	apart.Namespace = stack.TaskQueue(t)
	own.Temporal = &apart
	_, err := shared.Client(t).WorkflowService().RegisterNamespace(t.Context(), &workflowservice.RegisterNamespaceRequest{
		Namespace: apart.Namespace, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour)})
	require.NoError(t, err)
	require.Eventually(t, func() bool { // the server's parts notice it one after the other
		_, err := own.Client(t).ScheduleClient().List(t.Context(), client.ScheduleListOptions{})
		return err == nil
	}, time.Minute, 200*time.Millisecond)
	i := installOn(t, stack.CopyOf(t, "migrated", store.Migrate), &own)
	worker := i.runWorker()
	t.Cleanup(func() {
		worker.Stop()
		if t.Failed() {
			t.Logf("the worker said:\n%s", worker.Log())
		}
	})
	return &scheduled{i, worker}
}

// scheduled is an installation whose worker is the program.
type scheduled struct {
	*installation
	workerProgram *process.Process
}

func (i *installation) schedule(id string) client.ScheduleHandle {
	return i.temporal.ScheduleClient().GetHandle(i.t.Context(), id)
}

// described waits until the worker has made a schedule.
func (i *installation) described(id string) *client.ScheduleDescription {
	i.t.Helper()
	var found *client.ScheduleDescription
	i.eventually("schedule "+id, func() bool {
		there, err := i.schedule(id).Describe(i.t.Context())
		found = there
		return err == nil
	})
	return found
}

// runs are the runs of a schedule, oldest first, once there are so many.
func (i *installation) runs(id string, count int) []client.WorkflowRun {
	i.t.Helper()
	var runs []client.WorkflowRun
	i.eventually("a run of "+id, func() bool {
		runs = nil
		for _, action := range i.described(id).Info.RecentActions {
			runs = append(runs, i.temporal.GetWorkflow(i.t.Context(), action.StartWorkflowResult.WorkflowID, action.StartWorkflowResult.FirstExecutionRunID))
		}
		return len(runs) == count
	})
	return runs
}

// trigger has a schedule run now, as the button of the Temporal UI does, and returns the run when
// it has ended.
func (i *installation) trigger(id string) client.WorkflowRun {
	i.t.Helper()
	before := len(i.described(id).Info.RecentActions)
	require.NoError(i.t, i.schedule(id).Trigger(i.t.Context(), client.ScheduleTriggerOptions{}))
	run := i.runs(id, before+1)[before]
	i.eventually("the run of "+id+" has ended", func() bool {
		there, err := i.temporal.DescribeWorkflowExecution(i.t.Context(), run.GetID(), run.GetRunID())
		return err == nil && there.GetWorkflowExecutionInfo().GetStatus() != enums.WORKFLOW_EXECUTION_STATUS_RUNNING
	})
	i.tellsNothingPersonal(run)
	return run
}

// tellsNothingPersonal looks through everything that Temporal keeps of a run.
func (i *installation) tellsNothingPersonal(run client.WorkflowRun) {
	i.t.Helper()
	events := i.temporal.GetWorkflowHistory(i.t.Context(), run.GetID(), run.GetRunID(), false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(i.t, err)
		kept, err := proto.Marshal(event)
		require.NoError(i.t, err)
		for _, word := range []string{"Guo Jing", "guo-jing", canary} {
			require.NotContains(i.t, string(kept), word)
		}
	}
}

// asOwner runs statements as somebody who owns the tables and has learned how to get past the
// triggers.
func (i *installation) asOwner(statements ...string) {
	i.t.Helper()
	owner, err := pgx.Connect(i.t.Context(), i.dsn)
	require.NoError(i.t, err)
	for _, table := range []string{"record", "writes", "seals"} {
		statements = append([]string{"ALTER TABLE " + table + " DISABLE TRIGGER append_only"}, statements...)
	}
	for _, statement := range statements {
		_, err = owner.Exec(i.t.Context(), statement)
		require.NoError(i.t, err, statement)
	}
	require.NoError(i.t, owner.Close(i.t.Context()))
}

// estate registers a complaint with the real-estate project, which was received at another time.
func (i *installation) estate(received time.Time) string {
	i.t.Helper()
	number := i.register("lin-xia", complaint.Facts{Registration: &complaint.Registration{Procedure: "real-estate-project", Channel: "phone", Reachable: []string{"email"},
		Category: "property.facilities"}}, map[string]any{"narrative": canary}).Number
	i.asOwner(fmt.Sprintf("UPDATE complaints SET received_at = '%s' WHERE number = '%s'", received.UTC().Format(time.RFC3339), number))
	return number
}

func TestAPeriodIsDrawnOnceAndItsCustomersAreAsked(t *testing.T) {
	i := withSchedules(t)
	china, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	quarter, quarterEnds := procedure.EveryQuarter.Last(time.Now(), china)
	half, _ := procedure.EveryHalfYear.Last(time.Now(), china)
	checked, asked := i.estate(quarter), i.estate(half)
	i.estate(time.Now()) // of no period that is over

	var first, second activities.Drawn
	require.NoError(t, i.trigger("spot-check-real-estate-project").Get(t.Context(), &first))
	require.NoError(t, i.trigger("spot-check-real-estate-project").Get(t.Context(), &second))
	require.Equal(t, first, second, "triggered twice, drawn once")
	require.True(t, first.From.Equal(quarter) && first.To.Equal(quarterEnds), "%+v", first)
	checks, _, err := i.store.Learning.SpotChecks(t.Context(), "headquarters", "real-estate-project", "", 0)
	require.NoError(t, err)
	require.Len(t, checks, first.Drawn)
	require.Equal(t, first.ID, checks[0].Draw)
	require.Contains(t, []string{checks[0].Number, checks[len(checks)-1].Number}, checked)

	require.NoError(t, i.trigger("campaign-real-estate-project-property").Get(t.Context(), &first))
	require.NoError(t, i.trigger("campaign-real-estate-project-property").Get(t.Context(), &second))
	require.Equal(t, first, second)
	require.Equal(t, []int{1, 1}, []int{first.Drawn, first.Asked}, "one customer, however many complaints")
	campaigns, _, err := i.store.Learning.Campaigns(t.Context(), "reader", "real-estate-project", "", 0)
	require.NoError(t, err)
	require.Len(t, campaigns, 1)
	require.WithinDuration(t, time.Now().Add(30*24*time.Hour), campaigns[0].ClosesAt, time.Hour)
	questions := 0
	for _, number := range []string{checked, asked} {
		messages, err := i.store.Outbox.Of(t.Context(), number)
		require.NoError(t, err)
		for _, queued := range messages {
			if queued.Template == message.CustomerCampaign.Name() {
				questions++
			}
		}
	}
	require.Equal(t, 1, questions)

	// What was missed is made up for: the run knows the period that it is for.
	due := quarter.Add(6 * time.Hour)
	before, _ := procedure.EveryQuarter.Last(due, china)
	require.NoError(t, i.schedule("spot-check-real-estate-project").Backfill(t.Context(), client.ScheduleBackfillOptions{
		Backfill: []client.ScheduleBackfill{{Start: due.Add(-time.Minute), End: due.Add(time.Minute)}}}))
	var missed activities.Drawn
	require.NoError(t, i.runs("spot-check-real-estate-project", 3)[2].Get(t.Context(), &missed))
	require.True(t, missed.From.Equal(before) && missed.To.Equal(quarter), "%+v", missed)
}

// First review: D6.
func TestTheDailyVerificationFindsATamperedRow(t *testing.T) {
	i := withSchedules(t)
	registered := func() string {
		return i.register("li-na", wrongDoor(), map[string]any{"narrative": canary}).Number
	}
	registered()
	var sealed, again workflows.Sealed
	require.NoError(t, i.trigger("seal-record").Get(t.Context(), &sealed))
	require.Equal(t, []int64{1, 1}, []int64{sealed.ID, int64(sealed.Complaints)})
	kept, err := record.ParseSeal(sealed.Seal)
	require.NoError(t, err)
	held, err := i.store.Record.HasSeal(t.Context(), kept)
	require.NoError(t, err)
	require.True(t, held)
	require.NoError(t, i.trigger("seal-record").Get(t.Context(), &again))
	require.Equal(t, sealed.Seal, again.Seal, "nothing grew")
	var verified workflows.Verified
	require.NoError(t, i.trigger("verify-record").Get(t.Context(), &verified))
	require.Equal(t, []int64{1, 1}, []int64{verified.Seal, verified.Complaints})

	number := registered()
	i.asOwner("UPDATE record SET by = 'ma-chao' WHERE number = '" + number + "' AND sequence = 1")
	require.NoError(t, i.trigger("seal-record").Get(t.Context(), &sealed), "what was recorded is sealed, whatever verifying finds")
	require.EqualValues(t, 2, sealed.ID)
	for range 2 { // every run, until the record is what it was, or somebody accepts it
		var failure *temporal.ApplicationError
		require.ErrorAs(t, i.trigger("verify-record").Get(t.Context(), nil), &failure)
		require.Equal(t, workflows.RecordTampered, failure.Type())
		require.True(t, failure.NonRetryable())
		require.Contains(t, failure.Message(), "complaint "+number+", row 1: ")
	}
	log := string(i.workerProgram.Log())
	require.Contains(t, log, `"level":"ERROR","msg":"the record was tampered with"`)
	require.Contains(t, log, number)

	_, err = i.store.Record.Accept(t.Context(), number+"/1", "auditor", "altered by hand on the day of the outage")
	require.NoError(t, err)
	require.NoError(t, i.trigger("verify-record").Get(t.Context(), &verified))
	require.Equal(t, 1, verified.Accepted)
}

func TestTheWorkerKeepsSchedulesInStepWithTheProcedures(t *testing.T) {
	i := withSchedules(t)
	campaign := i.described("campaign-real-estate-project-property").Schedule
	require.Equal(t, "Asia/Shanghai", campaign.Spec.TimeZoneName)
	require.Equal(t, 14*24*time.Hour, campaign.Policy.CatchupWindow)
	require.Equal(t, enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL, campaign.Policy.Overlap)
	require.Contains(t, campaign.State.Note, "half-year")
	for _, next := range i.described("campaign-real-estate-project-property").Info.NextActionTimes {
		local := next.In(time.FixedZone("China", 8*60*60))
		require.Equal(t, "01 06:00", local.Format("02 15:04"))
		require.Contains(t, []time.Month{time.January, time.July}, local.Month())
	}
	seal := i.described("seal-record")
	require.Equal(t, 24*time.Hour, seal.Schedule.Policy.CatchupWindow)
	require.Equal(t, 6, seal.Info.NextActionTimes[0].UTC().Hour())

	// Another worker finds them as they should be and leaves them alone; a paused one stays paused.
	require.NoError(t, i.schedule("spot-check-real-estate-project").Pause(t.Context(), client.SchedulePauseOptions{Note: "until the audit is over"}))
	before := i.described("spot-check-real-estate-project").Info.LastUpdateAt
	other := i.runWorker("RECOURSE_LOG_LEVEL=info")
	t.Cleanup(other.Stop)
	i.eventually("the other worker has looked", func() bool { return strings.Contains(string(other.Log()), "the schedules are in step") })
	require.Equal(t, before, i.described("spot-check-real-estate-project").Info.LastUpdateAt)

	// A version that asks for spot checks every month, and for one campaign less.
	stay := []string{"campaign-real-estate-project-property", "seal-record", "spot-check-real-estate-project", "verify-record"}
	const goes = "campaign-real-estate-project-developer"
	listed := func(ids ...string) bool {
		there := i.listedSchedules()
		return !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(there, id) })
	}
	i.eventually("all are listed", func() bool { return listed(append(stay, goes)...) })
	shipped, err := i.store.Published.Version(t.Context(), published.Procedure, "real-estate-project", 1)
	require.NoError(t, err)
	changed := strings.Replace(shipped.Body, "spot_checks: {by: headquarters, every: quarter", "spot_checks: {by: headquarters, every: month", 1)
	lines := strings.Split(changed, "\n")
	for n, line := range lines {
		if strings.HasPrefix(line, "  developer: {name: {en: Satisfaction") {
			lines[n] = ""
		}
	}
	months := func() int {
		return i.described("spot-check-real-estate-project").Schedule.Spec.Calendars[0].Month[0].Step
	}
	require.Equal(t, 3, months())
	_, err = i.store.Published.Publish(t.Context(), published.Procedure, "real-estate-project", strings.Join(lines, "\n"), "test")
	require.NoError(t, err)
	i.eventually("the spot check comes round every month", func() bool { return months() == 1 })
	state := i.described("spot-check-real-estate-project").Schedule.State
	require.True(t, state.Paused)
	require.Equal(t, "until the audit is over", state.Note)
	i.eventually("the developer's campaign has gone", func() bool {
		return !listed(goes) && listed(stay...)
	})
}

func (i *installation) listedSchedules() []string {
	i.t.Helper()
	listed, err := i.temporal.ScheduleClient().List(i.t.Context(), client.ScheduleListOptions{})
	require.NoError(i.t, err)
	var ids []string
	for listed.HasNext() {
		one, err := listed.Next()
		require.NoError(i.t, err)
		ids = append(ids, one.ID)
	}
	slices.Sort(ids)
	return ids
}

// First review: D7.
func TestOnlyTheNewestWorkerChangesSchedules(t *testing.T) {
	i := withSchedules(t)
	i.eventually("all are there", func() bool { return slices.Contains(i.listedSchedules(), "verify-record") })
	all := i.listedSchedules()
	jobs := activities.Jobs(i.store.Pool, i.rulebook)
	for at := range jobs { // what an older version knew of them
		jobs[at].Says, jobs[at].CatchUp = "Long ago.", time.Hour
		if jobs[at].Asked != nil {
			jobs[at].Asked = func(*procedure.Procedure) []schedule.Asked { return nil }
		}
	}
	before := i.described("verify-record").Info.LastUpdateAt
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	looked := make(chan string, 100)
	go schedule.Keeper{Temporal: i.temporal.ScheduleClient(), Rulebook: i.rulebook, Jobs: jobs, Edition: activities.JobsEdition - 1, TaskQueue: "older",
		Log: slog.New(slog.NewTextHandler(lines(looked), nil))}.Keep(ctx)
	require.Contains(t, <-looked, "a newer worker's")
	require.ElementsMatch(t, all, i.listedSchedules(), "it removes none")
	require.Equal(t, before, i.described("verify-record").Info.LastUpdateAt, "and changes none")
}

// lines passes on what is written, line by line.
type lines chan<- string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}
