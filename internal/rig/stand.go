package rig

import (
	"context"
	"errors"
	"sync"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/grpc"

	"recourse/internal/complaint"
)

// Stand stands in for Temporal's client: it answers every step as the test says.
type Stand struct {
	client.Client
	sync.Mutex
	// Says is its answer to a step.
	Says func(number string, step complaint.Step) (complaint.Result, error)
	// Asked are the steps that came.
	Asked []complaint.Step
	// Up says that Temporal itself answers.
	Up bool
	// Woken are the complaints whose workflows were to catch up.
	Woken []string
}

type saidHandle struct {
	client.WorkflowUpdateHandle
	result complaint.Result
	err    error
}

func (h saidHandle) Get(_ context.Context, into any) error {
	if h.err == nil {
		*into.(*complaint.Result) = h.result
	}
	return h.err
}

type startOf struct {
	client.WithStartWorkflowOperation
	options client.StartWorkflowOptions
}

// NewWithStartWorkflowOperation keeps how the workflow would be started.
func (s *Stand) NewWithStartWorkflowOperation(options client.StartWorkflowOptions, _ any, _ ...any) client.WithStartWorkflowOperation {
	return startOf{options: options}
}

// UpdateWithStartWorkflow is UpdateWorkflow: every workflow is there.
func (s *Stand) UpdateWithStartWorkflow(ctx context.Context, options client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	return s.UpdateWorkflow(ctx, options.UpdateOptions)
}

// UpdateWorkflow answers with what the stand says.
func (s *Stand) UpdateWorkflow(_ context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	step := options.Args[0].(complaint.Step)
	s.Lock()
	s.Asked = append(s.Asked, step)
	s.Unlock()
	result, err := s.Says(options.WorkflowID, step)
	return saidHandle{result: result, err: err}, nil
}

// QueryWorkflow finds no workflow.
func (s *Stand) QueryWorkflow(context.Context, string, string, string, ...any) (converter.EncodedValue, error) {
	return nil, serviceerror.NewNotFound("workflow not found")
}

// QueryWorkflowWithOptions finds no workflow.
func (s *Stand) QueryWorkflowWithOptions(context.Context, *client.QueryWorkflowWithOptionsRequest) (*client.QueryWorkflowWithOptionsResponse, error) {
	return nil, serviceerror.NewNotFound("workflow not found")
}

// WorkflowService finds no workflow.
func (s *Stand) WorkflowService() workflowservice.WorkflowServiceClient { return nothingThere{} }

type nothingThere struct {
	workflowservice.WorkflowServiceClient
}

func (nothingThere) ResetStickyTaskQueue(context.Context, *workflowservice.ResetStickyTaskQueueRequest, ...grpc.CallOption) (*workflowservice.ResetStickyTaskQueueResponse, error) {
	return nil, serviceerror.NewNotFound("workflow not found")
}

// SignalWithStartWorkflow counts who is woken.
func (s *Stand) SignalWithStartWorkflow(_ context.Context, number, _ string, _ any, _ client.StartWorkflowOptions, _ any, _ ...any) (client.WorkflowRun, error) {
	s.Lock()
	defer s.Unlock()
	s.Woken = append(s.Woken, number)
	return nil, nil
}

// CheckHealth says that Temporal is away, unless it is up.
func (s *Stand) CheckHealth(context.Context, *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	if s.Up {
		return &client.CheckHealthResponse{}, nil
	}
	return nil, errors.New("away")
}

// Refusal is a refusal as a workflow's client gets it.
func Refusal(r complaint.Refusal) error {
	return temporal.NewNonRetryableApplicationError(r.Error(), complaint.RefusalType, nil, r)
}

// Standing is the API before a Temporal that says what the test wants; registering succeeds.
func Standing(t testing.TB) (*Rig, *Stand) {
	t.Helper()
	s := &Stand{Says: func(number string, _ complaint.Step) (complaint.Result, error) {
		return complaint.Result{Number: number, Stage: complaint.Received, Revision: 1, AllowedSteps: []complaint.StepName{complaint.Screen}}, nil
	}}
	return New(t, s, "unused"), s
}

// Away is a Temporal that doesn't answer, and counts who asks.
func Away() *Stand {
	return &Stand{Says: func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewUnavailable("no frontend")
	}}
}
