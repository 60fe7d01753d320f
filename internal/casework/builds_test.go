package casework_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/activities"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/rig"
	"recourse/workflows"
	"recourse/workflows/visibility"
)

// older makes a worker one of the version before: it knows none of the changes behind GetVersion,
// and finds what a newer one has noted of them in a history strange.
type older struct {
	interceptor.WorkerInterceptorBase
}

func (*older) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &olderInbound{interceptor.WorkflowInboundInterceptorBase{Next: next}}
}

type olderInbound struct {
	interceptor.WorkflowInboundInterceptorBase
}

func (i *olderInbound) Init(outbound interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&olderOutbound{interceptor.WorkflowOutboundInterceptorBase{Next: outbound}})
}

type olderOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
}

func (*olderOutbound) GetVersion(workflow.Context, string, workflow.Version, workflow.Version) workflow.Version {
	return workflow.DefaultVersion
}

// exchanged is the API with workers of two versions, one of which works at a time.
type exchanged struct {
	*rig.Rig
	t       *testing.T
	working worker.Worker
}

func exchanging(t *testing.T) *exchanged {
	temporal := stack.Client(t)
	require.NoError(t, visibility.Ensure(t.Context(), temporal, stack.Namespace(t)))
	e := &exchanged{Rig: rig.New(t, temporal, stack.TaskQueue(t)), t: t}
	t.Cleanup(func() { e.working.Stop() })
	return e
}

// worksNow exchanges the worker: the next one knows every complaint from its history alone.
func (e *exchanged) worksNow(options worker.Options) {
	e.t.Helper()
	if e.working != nil {
		e.working.Stop()
	}
	e.working = worker.New(e.Office.Lives.Temporal, e.Office.Lives.TaskQueue, options)
	workflows.Register(e.working)
	activities.Register(e.working, e.Server.Database, e.Office.Rulebook)
	require.NoError(e.t, e.working.Start())
}

func (e *exchanged) older() {
	e.worksNow(worker.Options{Interceptors: []interceptor.WorkerInterceptor{&older{}}})
}
func (e *exchanged) newer() { e.worksNow(worker.Options{}) }

// eventually sends a step until it is answered.
func (e *exchanged) eventually(path, person string, said body) {
	e.t.Helper()
	require.Eventually(e.t, func() bool {
		answer := e.Post(path, person, said, header{"Idempotency-Key": path})
		return answer.Status == http.StatusOK
	}, time.Minute, 200*time.Millisecond, path)
}

func TestWorkersOfTwoVersionsCarryOnEachOthersComplaints(t *testing.T) {
	e := exchanging(t)
	e.older()
	number := e.Register(rig.Dispatcher, rig.Parcel())
	steps, beside := "/v1/complaints/"+number+"/steps/", "/v1/complaints/"+number+"/accountability/1/steps/"
	for i, step := range []struct {
		name, by string
		said     body
	}{
		{"screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"}},
		{"accept", rig.Courier, body{}},
		{"contact", rig.Courier, body{"reached": true, "words": "On our way."}},
		{"find", rig.Courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"}},
	} {
		[]func(){e.newer, e.older}[i%2]()
		e.eventually(steps+step.name, step.by, step.said)
	}
	eventuallyBeside(t, e.Rig, number, "judgement")

	// The complaint's workflow is gone while the newer one takes a step beside it: what the history
	// has of that is nothing which the older one could take for its own, a rung say.
	lives := e.Office.Lives
	temporal := lives.Temporal
	e.newer()
	require.NoError(t, temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
	patience := lives.Patience
	lives.Patience = 2 * time.Second
	e.Post(beside+"judgement", rig.OperationsHead, body{"people": []string{rig.SecondCourier}, "words": "The wrong floor."}).
		Refused(http.StatusServiceUnavailable, "unavailable")
	lives.Patience = patience
	e.older()
	e.eventually(steps+"note", rig.Dispatcher, body{"words": "She called again."})
	eventuallyBeside(t, e.Rig, number, "review")
	e.newer()

	// What the older one tells in vain, and goes on, the newer hears of.
	e.older()
	require.NoError(t, temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
	other := judgedByOlder(t, e)
	e.newer()
	relaying, stop := context.WithCancel(t.Context())
	defer stop()
	go e.Office.Relay(relaying)
	require.NoError(t, e.Office.Confirmations.Ask(t.Context(), number, other))
	eventuallyBeside(t, e.Rig, other, "review")
	for _, one := range []string{number, other} {
		e.eventually("/v1/complaints/"+one+"/accountability/1/steps/review", rig.DeputyManager, body{"agrees": true})
		eventuallyBeside(t, e.Rig, one, "report")
		requireOneTruth(t, e.Rig, one)
		file, err := e.Office.Reading.Complaint(t.Context(), one)
		require.NoError(t, err)
		require.Equal(t, complaint.Proposing, file.Stage)
		rows, err := e.Office.Record.Page(t.Context(), one, 0, 0)
		require.NoError(t, err)
		var states []string
		for _, row := range rows {
			if row.Kind == complaint.StepTaken && row.Step.Facts.Report != nil {
				require.Empty(t, row.Step.Facts.Report.Rung)
				states = append(states, row.Step.Facts.Report.State)
			}
		}
		require.Equal(t, []string{"judgement", "review", "report"}, states)
	}
}

// judgedByOlder is another complaint, whose workflow is gone and whose judgement the worker of the
// version before has told in vain.
func judgedByOlder(t *testing.T, e *exchanged) (number string) {
	t.Helper()
	number = judging(t, e.Rig)
	lives := e.Office.Lives
	require.NoError(t, lives.Temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
	patience := lives.Patience
	lives.Patience = 2 * time.Second
	defer func() { lives.Patience = patience }()
	e.Post("/v1/complaints/"+number+"/accountability/1/steps/judgement", rig.OperationsHead, body{"people": []string{rig.SecondCourier}}).
		Refused(http.StatusServiceUnavailable, "unavailable")
	return number
}
