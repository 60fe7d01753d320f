package stack_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/deploy/stack"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	first, second := stack.Database(t), stack.Database(t)
	require.NotEqual(t, first, second)
	execute(t, first, "CREATE TABLE complaint (number text)")
	require.Equal(t, "0", query(t, second, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"))
}

func TestACopiedDatabaseIsPreparedOnce(t *testing.T) {
	prepared := 0
	prepare := func(_ context.Context, databaseURL string) error {
		prepared++
		execute(t, databaseURL, "CREATE TABLE complaint AS SELECT 'CS-1' AS number")
		return nil
	}
	first := stack.CopyOf(t, "one complaint", prepare)
	second := stack.CopyOf(t, "one complaint", prepare)
	execute(t, first, "DELETE FROM complaint")
	require.Equal(t, 1, prepared)
	require.Equal(t, "0", query(t, first, "SELECT count(*)::text FROM complaint"))
	require.Equal(t, "1", query(t, second, "SELECT count(*)::text FROM complaint"))
}

func TestAWorkflowRunsOnAFreshStack(t *testing.T) {
	require.Equal(t, "closed", runWorkflow(t, stack.Client(t)))
}

func TestAStandaloneActivityRuns(t *testing.T) {
	connection := stack.Client(t)
	queue := stack.TaskQueue(t)
	w := worker.New(connection, queue, worker.Options{})
	w.RegisterActivity(Deliver)
	require.NoError(t, w.Start())
	defer w.Stop()
	handle, err := connection.ExecuteActivity(t.Context(), client.StartActivityOptions{
		ID: queue, TaskQueue: queue, ScheduleToCloseTimeout: time.Minute,
	}, Deliver, "message")
	require.NoError(t, err)
	var answer string
	require.NoError(t, handle.Get(t.Context(), &answer))
	require.Equal(t, "message delivered", answer)
}

func TestServersStoppedAndKilledComeBackWithWhatTheyKnew(t *testing.T) {
	s := stack.Own(t)
	database := s.Database(t)
	execute(t, database, "CREATE TABLE complaint AS SELECT 'CS-1' AS number")
	connection := s.Client(t)
	started := startWorkflow(t, connection, "waits for its worker")

	require.NoError(t, s.PostgreSQL.Stop())
	_, err := pgx.Connect(t.Context(), database)
	require.Error(t, err)
	require.NoError(t, s.PostgreSQL.Start(t.Context()))
	require.Equal(t, "CS-1", query(t, database, "SELECT number FROM complaint"))

	require.NoError(t, s.PostgreSQL.Kill())
	require.NoError(t, s.PostgreSQL.Start(t.Context()))
	require.Equal(t, "CS-1", query(t, database, "SELECT number FROM complaint"))

	require.NoError(t, s.Temporal.Kill())
	require.NoError(t, s.Temporal.Start(t.Context()))
	require.Equal(t, "closed", finish(t, connection, started))

	require.NoError(t, s.Temporal.Stop())
	require.NoError(t, s.Temporal.Start(t.Context()))
	require.Equal(t, "closed", runWorkflow(t, connection))
}

func TestAStackKeepsItsDataInItsDirectoryAndLeavesNothingRunning(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "local")
	s, err := stack.Start(t.Context(), stack.Options{Directory: directory, UI: true})
	require.NoError(t, err)
	ports := stack.Ports{PostgreSQL: portOf(t, s.PostgreSQL.URL), Temporal: portOf(t, s.Temporal.Address), TemporalUI: portOf(t, s.Temporal.UIAddress)}
	execute(t, s.PostgreSQL.URL, "CREATE TABLE complaint AS SELECT 'CS-1' AS number")

	_, err = stack.Start(t.Context(), stack.Options{Directory: directory})
	require.ErrorIs(t, err, stack.ErrInUse)

	require.NoError(t, s.Stop())
	for _, port := range []int{ports.PostgreSQL, ports.Temporal, ports.TemporalUI} {
		require.NoError(t, stack.CheckPort(port, "nobody", ""), "nothing listens after Stop")
	}

	began := time.Now()
	s, err = stack.Start(t.Context(), stack.Options{Directory: directory, Ports: ports, UI: true})
	require.NoError(t, err)
	t.Logf("second start: %s", time.Since(began))
	require.Equal(t, "CS-1", query(t, s.PostgreSQL.URL, "SELECT number FROM complaint"))
	require.NoError(t, s.Stop())

	require.NoError(t, stack.Forget(directory))
	require.NoDirExists(t, directory)
}

func TestATakenPortIsToldInOneLineAndNothingIsLeft(t *testing.T) {
	listener, err := net.Listen("tcp", stack.Address(0))
	require.NoError(t, err)
	defer listener.Close()
	directory := filepath.Join(t.TempDir(), "local")
	_, err = stack.Start(t.Context(), stack.Options{Directory: directory, Ports: stack.Ports{PostgreSQL: portOf(t, listener.Addr().String())}})
	require.ErrorIs(t, err, stack.ErrPortTaken)
	require.NotContains(t, err.Error(), "\n")
	require.NoFileExists(t, filepath.Join(directory, "postgresql", "postmaster.pid"))
	require.NoError(t, stack.Forget(directory))
}

func TestAPortThatCannotBeUsedIsNotBlamedOnAnotherProgram(t *testing.T) {
	err := stack.CheckPort(70000, "the API", "set RECOURSE_API_PORT to another port")
	require.NotErrorIs(t, err, stack.ErrPortTaken)
	require.ErrorContains(t, err, "the API can't listen on port 70000 (")
	require.ErrorContains(t, err, "invalid port); set RECOURSE_API_PORT to another port")
}

func TestInterruptingAStartIsNoFailureAndTheNextStartGoesOn(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "local")
	for _, moment := range []string{"postgresql.password", "postgresql/PG_VERSION", "postgresql/postmaster.pid", "temporal/server.log"} {
		ctx, interrupt := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		start := func() {
			_, err := stack.Start(ctx, stack.Options{Directory: directory})
			ended <- err
		}
		go start()
		look := time.NewTicker(time.Millisecond)
		for waiting := true; waiting; {
			select {
			case err := <-ended:
				// Another test may take a free port first; then with other ports.
				require.ErrorIs(t, err, stack.ErrPortTaken, "the start ended before %s was there", moment)
				go start()
			case <-look.C:
				_, err := os.Stat(filepath.Join(directory, moment))
				waiting = err != nil
			}
		}
		look.Stop()
		interrupt()
		require.EqualError(t, <-ended, "context canceled", moment)
	}
	s, err := stack.Start(t.Context(), stack.Options{Directory: directory})
	require.NoError(t, err)
	require.NoError(t, s.Stop())
	require.NoError(t, stack.Forget(directory))
}

func TestADirectoryThatCannotBeMadeIsToldInOneLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := stack.Start(t.Context(), stack.Options{Directory: filepath.Join(file, "local")})
	require.ErrorContains(t, err, "make the stack's directory")
	require.NotContains(t, err.Error(), "\n")
}

func TestAGivenServerIsNotOursToStop(t *testing.T) {
	given := stack.ForTest(t)
	s, err := stack.Start(t.Context(), stack.Options{DatabaseURL: given.PostgreSQL.URL, TemporalAddress: given.Temporal.Address})
	require.NoError(t, err)
	require.ErrorIs(t, s.PostgreSQL.Stop(), stack.ErrNotOurs)
	require.ErrorIs(t, s.Temporal.Kill(), stack.ErrNotOurs)
	require.NoError(t, s.Stop())
	require.Equal(t, "1", query(t, given.PostgreSQL.URL, "SELECT '1'"))
}

func Deliver(_ context.Context, message string) (string, error) { return message + " delivered", nil }

func closing(workflow.Context) (string, error) { return "closed", nil }

func startWorkflow(t *testing.T, connection client.Client, id string) client.WorkflowRun {
	t.Helper()
	run, err := connection.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: stack.TaskQueue(t)}, closing)
	require.NoError(t, err)
	return run
}

func finish(t *testing.T, connection client.Client, run client.WorkflowRun) string {
	t.Helper()
	description, err := connection.DescribeWorkflowExecution(t.Context(), run.GetID(), run.GetRunID())
	require.NoError(t, err)
	w := worker.New(connection, description.GetExecutionConfig().GetTaskQueue().GetName(), worker.Options{})
	w.RegisterWorkflow(closing)
	require.NoError(t, w.Start())
	defer w.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var answer string
	require.NoError(t, run.Get(ctx, &answer))
	return answer
}

func runWorkflow(t *testing.T, connection client.Client) string {
	t.Helper()
	return finish(t, connection, startWorkflow(t, connection, stack.TaskQueue(t)))
}

func execute(t *testing.T, databaseURL, statement string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), databaseURL)
	require.NoError(t, err)
	defer connection.Close(t.Context())
	_, err = connection.Exec(t.Context(), statement)
	require.NoError(t, err)
}

func query(t *testing.T, databaseURL, statement string) (answer string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), databaseURL)
	require.NoError(t, err)
	defer connection.Close(t.Context())
	require.NoError(t, connection.QueryRow(t.Context(), statement).Scan(&answer))
	return answer
}

// portOf is the port in a URL or in host:port.
func portOf(t *testing.T, address string) int {
	t.Helper()
	if i := strings.LastIndex(address, "@"); i >= 0 {
		address = address[i+1:]
	}
	address, _, _ = strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	resolved, err := net.ResolveTCPAddr("tcp", address)
	require.NoError(t, err)
	return resolved.Port
}

func TestAnUnreachableServerThatWasGivenIsToldInOneLine(t *testing.T) {
	given := stack.ForTest(t)
	nobody, err := stack.FreePort()
	require.NoError(t, err)
	_, err = stack.Start(t.Context(), stack.Options{DatabaseURL: given.PostgreSQL.URL, TemporalAddress: stack.Address(nobody)})
	require.ErrorContains(t, err, "Temporal at "+stack.Address(nobody)+" doesn't get ready")
	require.NotContains(t, err.Error(), "\n")

	_, err = stack.Start(t.Context(), stack.Options{DatabaseURL: "postgres://recourse:canary@" + stack.Address(nobody) + "/recourse", TemporalAddress: given.Temporal.Address})
	require.ErrorContains(t, err, "the PostgreSQL of DATABASE_URL doesn't answer")
	require.NotContains(t, err.Error(), "\n")
	require.NotContains(t, err.Error(), "canary")
}
