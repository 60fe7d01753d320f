// Package endtoend tests the whole on a real Temporal and a real PostgreSQL.
package endtoend

import (
	"crypto/rand"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
	"recourse/workflows"
	"recourse/workflows/visibility"
)

// TestMain lets two more tests run beside each other than go test would: those in which a server is
// away for a minute take no processor meanwhile. The flag -parallel of the command line has the
// last word.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+2)); err != nil {
		panic(err)
	}
	stack.Main(m, removePrograms)
}

// installation is Recourse without its HTTP door: a database with the procedures
// and people loaded, and a worker of its own.
type installation struct {
	t         testing.TB
	servers   *stack.Stack // whose Temporal it uses
	temporal  client.Client
	taskQueue string
	dsn       string
	store     *storetest.Database
	rulebook  *rulebook.Rulebook
	worker    worker.Worker
}

// install is an installation on the servers that tests share, with a worker in
// the test's own process. Tests that use it run beside each other.
func install(t *testing.T) *installation {
	t.Helper()
	t.Parallel()
	i := installOn(t, stack.CopyOf(t, "migrated", store.Migrate), stack.ForTest(t))
	i.startWorker()
	t.Cleanup(func() { i.worker.Stop() })
	return i
}

// installOn is an installation without a worker, in a database that has the
// schema, beside a Temporal. Its procedures differ from the shipped ones by the
// pairs of texts: the old and the new.
func installOn(t testing.TB, databaseURL string, servers *stack.Stack, changes ...string) *installation {
	t.Helper()
	ctx := t.Context()
	i := &installation{t: t, servers: servers, dsn: databaseURL, temporal: servers.Client(t), taskQueue: stack.TaskQueue(t)}
	require.NoError(t, visibility.Ensure(ctx, i.temporal, servers.Temporal.Namespace))
	database, err := store.Open(ctx, databaseURL)
	require.NoError(t, err)
	t.Cleanup(database.Close)
	i.store = storetest.On(database, databaseURL)
	i.load(changes...)
	i.rulebook, err = rulebook.Open(ctx, database, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	return i
}

// load publishes what comes with the software. Numbers get a prefix of this
// test's own: a complaint's number is its workflow's ID, and tests share a
// Temporal in which the workflows of earlier tests still wait.
func (i *installation) load(changes ...string) {
	i.t.Helper()
	apart := strings.ToUpper(rand.Text()[:6]) + `-{year}-{sequence:6}"`
	files := rulebooktest.Files(i.t, append(changes, `-{year}-{sequence:6}"`, apart)...)
	require.NoError(i.t, rulebook.Load(i.t.Context(), i.store.Published, "test", io.Discard, files))
}

func (i *installation) startWorker() {
	i.t.Helper()
	i.worker = worker.New(i.temporal, i.taskQueue, worker.Options{
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
	})
	workflows.Register(i.worker)
	activities.Register(i.worker, i.store.Pool, i.rulebook)
	require.NoError(i.t, i.worker.Start())
}

// actor is a person with the roles that the directory gives them.
func (i *installation) actor(person complaint.PersonID) complaint.Actor {
	i.t.Helper()
	if person == complaint.Customer {
		return complaint.Actor{Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}}
	}
	actor, _, err := i.rulebook.Now().Actor(person, time.Now())
	require.NoError(i.t, err)
	return actor
}

// register registers a complaint as the server does, and returns its number.
func (i *installation) register(person complaint.PersonID, facts complaint.Facts, body any) complaint.Result {
	i.t.Helper()
	stored := i.storeRegistration(person, facts, body)
	result, err := i.begin(stored)
	require.NoError(i.t, err)
	return result
}

func (i *installation) storeRegistration(person complaint.PersonID, facts complaint.Facts, body any) submission.Stored {
	i.t.Helper()
	words, err := json.Marshal(body)
	require.NoError(i.t, err)
	proc, ok := i.rulebook.Now().Procedure(facts.Registration.Procedure)
	require.True(i.t, ok)
	facts.Registration.Version = proc.Version
	stored, err := i.store.Submissions.Register(i.t.Context(), submission.Registration{
		Submission:    submission.Submission{Step: complaint.Register, By: i.actor(person), Body: words, Facts: facts},
		NumberPattern: proc.NumberPattern.Pattern, Year: 2026,
		Customer: submission.Customer{Name: "Guo Jing", Email: "guo-jing@example.com", Language: "en"},
	})
	require.NoError(i.t, err)
	return stored
}

func (i *installation) begin(stored submission.Stored) (complaint.Result, error) {
	start := i.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: stored.Number, TaskQueue: i.taskQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            workflows.SummaryOf(stored.Number, stored.Facts.Registration.Procedure, stored.Facts.Registration.Category),
		Memo:                     workflows.MemoOf(stored.Number, stored.Facts.Registration.Procedure, stored.Facts.Registration.Category),
	}, workflows.LifeWorkflow, workflows.Life{Number: stored.Number})
	handle, err := i.temporal.UpdateWithStartWorkflow(i.t.Context(), client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start, UpdateOptions: update(stored)})
	if err != nil {
		return complaint.Result{}, err
	}
	var result complaint.Result
	return result, handle.Get(i.t.Context(), &result)
}

func update(stored submission.Stored) client.UpdateWorkflowOptions {
	return client.UpdateWorkflowOptions{WorkflowID: stored.Number, UpdateID: stored.ID, UpdateName: workflows.StepUpdate,
		Args: []any{stored.AsStep()}, WaitForStage: client.WorkflowUpdateStageCompleted}
}

// step takes a step as the server does.
func (i *installation) step(number string, name complaint.StepName, person complaint.PersonID, facts complaint.Facts) complaint.Result {
	i.t.Helper()
	result, err := i.try(number, name, person, facts, map[string]any{})
	require.NoError(i.t, err, "%s by %s", name, person)
	return result
}

func (i *installation) try(number string, name complaint.StepName, person complaint.PersonID, facts complaint.Facts, words any) (complaint.Result, error) {
	i.t.Helper()
	body, err := json.Marshal(words)
	require.NoError(i.t, err)
	stored, err := i.store.Submissions.Submit(i.t.Context(), submission.Submission{Number: number, Step: name, By: i.actor(person), Body: body, Facts: facts})
	require.NoError(i.t, err)
	return i.send(stored)
}

func (i *installation) send(stored submission.Stored) (complaint.Result, error) {
	handle, err := i.temporal.UpdateWorkflow(i.t.Context(), update(stored))
	if err != nil {
		return complaint.Result{}, err
	}
	var result complaint.Result
	return result, handle.Get(i.t.Context(), &result)
}

// history is all events of the complaint's current run.
func (i *installation) history(number string) []*history.HistoryEvent {
	i.t.Helper()
	events := i.temporal.GetWorkflowHistory(i.t.Context(), number, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	var all []*history.HistoryEvent
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(i.t, err)
		all = append(all, event)
	}
	return all
}
