package endtoend

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflow/v1"
	"golang.org/x/sync/errgroup"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/workflows"
)

func TestWhilePostgreSQLIsAwayComplaintsWaitAndLoseNothing(t *testing.T) {
	t.Parallel()
	// Temporal has a PostgreSQL of its own here, as in production: only Recourse's goes away.
	servers := stack.OwnWith(t, stack.Options{TemporalAddress: stack.ForTest(t).Temporal.Address})
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	h := installOn(t, servers.PostgreSQL.URL, stack.ForTest(t), "within: 1h                                 # forwarded", "within: 1m #").open()
	inStep, other := h.registered(), h.registered()

	// A complaint that was heard of half a minute ago: it is due, and overdue, while the database is away.
	late := parcel()
	late["heard_at"] = time.Now().Add(-25 * time.Second).UTC()
	waiting := h.post("/v1/complaints", "li-na", "", late).is(http.StatusCreated)["number"].(string)

	// The step is stored; its write is held up; and then the database goes.
	holding, err := pgx.Connect(t.Context(), h.dsn)
	require.NoError(t, err)
	// Held to the end: a connection that nobody refers to is closed by the garbage collector. PostgreSQL ends it before.
	t.Cleanup(func() { _ = holding.Close(t.Context()) })
	_, err = holding.Exec(t.Context(), "BEGIN; LOCK TABLE record IN SHARE ROW EXCLUSIVE MODE")
	require.NoError(t, err)
	var first answer
	var stopped atomic.Bool
	var sending errgroup.Group
	sending.Go(func() (err error) {
		for {
			first, err = h.tryPost(stepPath(inStep, "screen"), "li-na", "in mid-step", screening())
			if err != nil || stopped.Load() || first.status != http.StatusServiceUnavailable {
				return err
			}
		}
	})
	h.eventually("the write is durable", func() bool { return len(h.pending(inStep)) == 1 })
	require.NoError(t, servers.PostgreSQL.Stop())
	stopped.Store(true)

	require.NoError(t, sending.Wait())
	first.refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, first.header.Get("Retry-After"))
	a := h.post(stepPath(other, "screen"), "li-na", "", screening())
	a.refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, a.header.Get("Retry-After"))
	h.post("/v1/complaints", "li-na", "", parcel()).refused(http.StatusServiceUnavailable, "unavailable")

	h.eventually("the operator sees the write that fails", func() bool {
		writes := h.pending(inStep)
		return len(writes) == 1 && writes[0].ActivityType.Name == workflows.RecordActivity && writes[0].Attempt > 1 && writes[0].LastFailure != nil
	})
	h.eventually("the reminder that is due waits as well", func() bool { return len(h.pending(waiting)) == 1 })
	overdue := late["heard_at"].(time.Time).Add(time.Minute)
	h.eventually("the next rung is due, too", func() bool { return time.Now().After(overdue) })

	require.NoError(t, servers.PostgreSQL.Start(t.Context()))
	h.eventually("the same step with the same key has its answer", func() bool {
		a = h.post(stepPath(inStep, "screen"), "li-na", "in mid-step", screening())
		return a.status == http.StatusOK
	})
	require.Equal(t, "investigating", a.is(http.StatusOK)["stage"])
	require.Equal(t, 1, h.taken(inStep)[complaint.Screen])
	h.take(other, "screen", "li-na", screening())

	h.eventually("both rungs have fired", func() bool { return len(h.rungs(waiting)) >= 2 })
	require.Equal(t, []string{"forward 75%", "forward due"}, h.rungs(waiting))
	for _, number := range []string{inStep, other, waiting} {
		h.requireOneTruth(number)
		h.requireMessagesOnce(number)
	}
}

func TestWhileTemporalIsAwayRegistrationsAreKeptAndGoOnByThemselves(t *testing.T) {
	t.Parallel()
	servers := stack.Own(t)
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	h := installOn(t, servers.PostgreSQL.URL, servers).open()
	before := h.registered()
	require.NoError(t, servers.Temporal.Stop())

	const complaints = 50
	registrations := make([]answer, complaints)
	var step answer
	var callers errgroup.Group
	for n := range complaints {
		body := parcel()
		if n%2 == 0 {
			body["screen"] = screening() // registered and screened in one act
		}
		callers.Go(func() (err error) {
			registrations[n], err = h.tryPost("/v1/complaints", "li-na", fmt.Sprintf("complaint %d", n), body)
			return err
		})
	}
	callers.Go(func() (err error) {
		step, err = h.tryPost(stepPath(before, "screen"), "li-na", "while it is away", screening())
		return err
	})
	require.NoError(t, callers.Wait())
	step.refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, step.header.Get("Retry-After"))
	numbers := make([]string, complaints)
	for n, registration := range registrations {
		numbers[n] = registration.is(http.StatusAccepted)["number"].(string)
	}

	require.NoError(t, servers.Temporal.Start(t.Context()))
	distinct := map[string]bool{}
	for n, number := range numbers {
		distinct[number] = true
		want := "received"
		if n%2 == 0 {
			want = "investigating"
		}
		h.eventually(number+" goes on by itself", func() bool {
			return h.taken(number)[complaint.Register] > 0 && h.get("/v1/complaints/"+number, "li-na").is(http.StatusOK)["stage"] == want
		})
		require.Equal(t, 1, h.taken(number)[complaint.Register], number)
		require.Equal(t, enums.WORKFLOW_EXECUTION_STATUS_RUNNING, h.describe(number).Status, number)
		h.requireOneTruth(number)
		h.requireMessagesOnce(number)
	}
	require.Len(t, distinct, complaints)
	again := h.post("/v1/complaints", "li-na", "complaint 1", parcel()).is(http.StatusCreated)
	require.Equal(t, numbers[1], again["number"], "the same key is the same complaint")

	answer := h.post(stepPath(before, "screen"), "li-na", "while it is away", screening())
	repeated := h.post(stepPath(before, "screen"), "li-na", "while it is away", screening())
	require.Equal(t, "investigating", answer.is(http.StatusOK)["stage"])
	require.Equal(t, string(answer.body), string(repeated.body))
	require.Equal(t, 1, h.taken(before)[complaint.Screen])
	h.requireOneTruth(before)
}

// describe is what Temporal tells an operator of a complaint's workflow.
func (i *installation) describe(number string) *workflow.WorkflowExecutionInfo {
	i.t.Helper()
	described, err := i.temporal.DescribeWorkflowExecution(i.t.Context(), number, "")
	require.NoError(i.t, err)
	return described.WorkflowExecutionInfo
}

// pending are the activities that a complaint's workflow waits for.
func (i *installation) pending(number string) []*workflow.PendingActivityInfo {
	i.t.Helper()
	described, err := i.temporal.DescribeWorkflowExecution(i.t.Context(), number, "")
	require.NoError(i.t, err)
	return described.PendingActivities
}

// rungs are those that have fired, in the record's order.
func (i *installation) rungs(number string) []string {
	i.t.Helper()
	rows, err := i.store.RecordPage(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	deadlines := map[string]complaint.Deadline{}
	var fired []string
	for _, row := range rows {
		if row.Kind == complaint.DeadlineStarted || row.Kind == complaint.DeadlineChanged {
			deadlines[row.Deadline.Name] = *row.Deadline
		}
		if row.Kind == complaint.RungFired {
			fired = append(fired, row.Rung.Deadline+" "+deadlines[row.Rung.Deadline].Rungs[row.Rung.Rung].Label)
		}
	}
	return fired
}

// requireMessagesOnce: every message on the record is in the outbox, once.
func (i *installation) requireMessagesOnce(number string) {
	i.t.Helper()
	rows, err := i.store.RecordPage(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	var queued, kept []string
	for _, row := range rows {
		if row.Kind == complaint.MessageQueued {
			queued = append(queued, row.Message.ID)
		}
	}
	messages, err := i.store.Messages(i.t.Context(), number)
	require.NoError(i.t, err)
	for _, message := range messages {
		kept = append(kept, message.ID)
	}
	require.ElementsMatch(i.t, queued, kept)
	seen := map[string]bool{}
	for _, id := range kept {
		require.False(i.t, seen[id], id)
		seen[id] = true
	}
}
