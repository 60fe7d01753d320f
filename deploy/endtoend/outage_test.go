package endtoend

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"

	"recourse/deploy/mailsink"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/outbox"
	"recourse/workflows"
)

// outage is how long a server is away. Where a test waits for it to pass, the time itself is what
// is tested: clients give up and come again, retries reach their longest pause, rungs become due.
const outage = time.Minute

func TestWhilePostgreSQLIsAwayForAMinuteComplaintsWaitAndLoseNothing(t *testing.T) {
	t.Parallel()
	// Temporal has a PostgreSQL of its own here, as in production: only Recourse's goes away.
	servers := stack.OwnWith(t, stack.Options{TemporalAddress: stack.ForTest(t).Temporal.Address})
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	h := installOn(t, servers.PostgreSQL.URL, stack.ForTest(t), "within: 1h                                 # forwarded", "within: 1m #").open()
	inStep, other := h.registered(), h.registered()

	// A complaint that was heard of half a minute ago: it is due, and overdue, while the database
	// is away.
	late := parcel()
	late["heard_at"] = time.Now().Add(-25 * time.Second).UTC()
	waiting := h.post("/v1/complaints", "li-na", "", late).is(http.StatusCreated)["number"].(string)

	// The step is stored; its write is held up; and then the database goes.
	holding, err := pgx.Connect(t.Context(), h.dsn)
	require.NoError(t, err)
	// Held to the end: a connection that nobody refers to is closed by the garbage collector.
	// PostgreSQL ends it before.
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
	over := time.After(outage)
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
	again := time.NewTicker(5 * time.Second)
	defer again.Stop()
	for away := true; away; {
		select {
		case <-again.C: // as a client does that is told to come again
			h.post(stepPath(inStep, "screen"), "li-na", "in mid-step", screening()).refused(http.StatusServiceUnavailable, "unavailable")
		case <-over:
			away = false
		}
	}
	overdue := late["heard_at"].(time.Time).Add(time.Minute)
	require.Greater(t, time.Now(), overdue, "its next rung is due, too")

	require.NoError(t, servers.PostgreSQL.Start(t.Context()))
	h.eventually("the same step with the same key has its answer", func() bool {
		a = h.post(stepPath(inStep, "screen"), "li-na", "in mid-step", screening())
		return a.status == http.StatusOK
	})
	require.Equal(t, "investigating", a.is(http.StatusOK)["stage"])
	require.Equal(t, 1, h.taken(inStep)[complaint.Screen])
	require.Empty(t, h.rungs(inStep), "the step was stored before they were due")

	for _, number := range []string{waiting, other} {
		h.eventually("both rungs have fired", func() bool { return len(h.rungs(number)) >= 2 })
		require.Equal(t, []string{"forward 75%", "forward due"}, h.rungs(number))
	}
	h.take(other, "screen", "li-na", screening())
	for _, number := range []string{inStep, other, waiting} {
		h.requireOneTruth(number)
		h.requireMessagesOnce(number)
	}
}

func TestWhileTemporalIsAwayForAMinuteRegistrationsAreKeptAndGoOnByThemselves(t *testing.T) {
	t.Parallel()
	servers := stack.Own(t)
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	port, err := stack.FreePort()
	require.NoError(t, err)
	sink := openSink(t, port)
	h := installOn(t, servers.PostgreSQL.URL, servers).open("RECOURSE_SMTP_ADDRESS=" + stack.Address(port))
	before := h.registered()
	require.NoError(t, servers.Temporal.Stop())
	over := time.After(outage)

	// Fifty people complain, one after the other, all the minute long.
	const complaints = 50
	registrations := make([]answer, complaints)
	var step answer
	var callers errgroup.Group
	callers.Go(func() (err error) {
		step, err = h.tryPost(stepPath(before, "screen"), "li-na", "while it is away", screening())
		return err
	})
	next := time.NewTicker(outage / complaints)
	defer next.Stop()
	for n := range complaints {
		<-next.C
		body := parcel()
		if n%2 == 0 {
			body["screen"] = screening() // registered and screened in one act
		}
		callers.Go(func() (err error) {
			registrations[n], err = h.tryPost("/v1/complaints", "li-na", fmt.Sprintf("complaint %d", n), body)
			return err
		})
	}
	require.NoError(t, callers.Wait())
	<-over
	step.refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, step.header.Get("Retry-After"))
	numbers := make([]string, complaints)
	for n, registration := range registrations {
		numbers[n] = registration.is(http.StatusAccepted)["number"].(string)
	}

	require.NoError(t, servers.Temporal.Start(t.Context()))
	for n, number := range numbers {
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
	again := h.post("/v1/complaints", "li-na", "complaint 1", parcel()).is(http.StatusCreated)
	require.Equal(t, numbers[1], again["number"], "the same key is the same complaint")

	answer := h.post(stepPath(before, "screen"), "li-na", "while it is away", screening())
	repeated := h.post(stepPath(before, "screen"), "li-na", "while it is away", screening())
	require.Equal(t, "investigating", answer.is(http.StatusOK)["stage"])
	require.Equal(t, string(answer.body), string(repeated.body))
	require.Equal(t, 1, h.taken(before)[complaint.Screen])
	h.requireOneTruth(before)

	// All there, none twice: complaints, workflows, mails.
	all := append([]string{before}, numbers...)
	require.ElementsMatch(t, all, h.listed())
	h.eventually("Temporal's list has them", func() bool { return len(h.lives()) >= complaints+1 })
	require.ElementsMatch(t, all, h.lives())
	h.requireSentOnce(sink, all)
}

// listed are the numbers of all complaints, as their readers get them.
func (h *house) listed() []string {
	h.t.Helper()
	var numbers []string
	for _, one := range h.get("/v1/complaints?limit=200", "li-na").is(http.StatusOK)["complaints"].([]any) {
		numbers = append(numbers, one.(said)["number"].(string))
	}
	return numbers
}

// lives are the complaints that have a workflow, each as often as it has one.
func (i *installation) lives() []string {
	i.t.Helper()
	listed, err := i.temporal.ListWorkflow(i.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
		PageSize: 500, Query: fmt.Sprintf("WorkflowType = '%s'", workflows.LifeWorkflow)})
	require.NoError(i.t, err)
	var numbers []string
	for _, execution := range listed.Executions {
		numbers = append(numbers, execution.Execution.WorkflowId)
	}
	return numbers
}

// requireSentOnce: every mail of these complaints arrives, and none arrives twice.
func (i *installation) requireSentOnce(sink *mailsink.Sink, numbers []string) {
	i.t.Helper()
	want := 0
	for _, number := range numbers {
		var messages []outbox.Message
		i.eventually("the messages of "+number+" have left", func() bool {
			var err error
			messages, err = i.store.Outbox.Of(i.t.Context(), number)
			require.NoError(i.t, err)
			return !slices.ContainsFunc(messages, func(one outbox.Message) bool { return one.State != outbox.Sent })
		})
		require.NotEmpty(i.t, messages, number)
		want += len(messages)
	}
	arrived := map[string]int{}
	for _, message := range sink.Messages() {
		arrived[message.MessageID]++
	}
	require.Len(i.t, arrived, want)
	for id, times := range arrived {
		require.Equal(i.t, 1, times, id)
	}
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
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
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
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	var queued, kept []string
	for _, row := range rows {
		if row.Kind == complaint.MessageQueued {
			queued = append(queued, row.Message.ID)
		}
	}
	messages, err := i.store.Outbox.Of(i.t.Context(), number)
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
