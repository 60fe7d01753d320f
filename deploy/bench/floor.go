package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/config"
)

const (
	floorWorkflow  = "Floor"
	floorUpdate    = "step"
	floorTaskQueue = "floor"
)

// floorSteps are the bare updates of one floor "complaint": as many as a complaint has steps here. The first starts the workflow.
var floorSteps = []string{"update with start", "second update", "third update"}

// floor is a bare workflow: an update changes a number in memory and answers with it. It stays open, as a closed complaint does until its time to
// reopen is over.
func floor(ctx workflow.Context) error {
	var taken int
	err := workflow.SetUpdateHandler(ctx, floorUpdate, func(workflow.Context) (int, error) {
		taken++
		return taken, nil
	})
	if err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return false })
}

// runFloorWorker is a worker with nothing but the floor, set up as Recourse's is.
func runFloorWorker(ctx context.Context, arguments []string) error {
	config.TuneMemory()
	if len(arguments) != 2 {
		return errors.New("the floor's worker is told Temporal's address and namespace")
	}
	temporalClient, err := dial(ctx, arguments[0], arguments[1])
	if err != nil {
		return err
	}
	defer temporalClient.Close()
	w := worker.New(temporalClient, floorTaskQueue, worker.Options{
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
	})
	w.RegisterWorkflowWithOptions(floor, workflow.RegisterOptions{Name: floorWorkflow})
	if err := w.Start(); err != nil {
		return fmt.Errorf("start the floor's worker: %w", err)
	}
	<-ctx.Done()
	w.Stop()
	return nil
}

// dial connects to Temporal as Recourse does.
func dial(ctx context.Context, address, namespace string) (client.Client, error) {
	quiet := log.NewStructuredLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	connection, err := client.DialContext(ctx, client.Options{
		HostPort: address, Namespace: namespace, Logger: quiet, ConnectionOptions: config.TemporalConnection(nil),
	})
	if err != nil {
		return nil, fmt.Errorf("connect to Temporal at %s: %w", address, err)
	}
	return connection, nil
}

// floorComplaint is one caller's turn on the floor.
func (b *bench) floorComplaint(ctx context.Context, observe observer) error {
	id := fmt.Sprintf("floor-%d", b.serial.Add(1))
	for i, name := range floorSteps {
		update := client.UpdateWorkflowOptions{
			WorkflowID: id, UpdateID: fmt.Sprintf("%s-%d", id, i), UpdateName: floorUpdate, WaitForStage: client.WorkflowUpdateStageCompleted,
		}
		began := time.Now()
		var handle client.WorkflowUpdateHandle
		var err error
		if i == 0 {
			handle, err = b.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
				StartWorkflowOperation: b.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
					ID: id, TaskQueue: floorTaskQueue, WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
				}, floorWorkflow),
				UpdateOptions: update,
			})
		} else {
			handle, err = b.temporal.UpdateWorkflow(ctx, update)
		}
		var taken int
		if err == nil {
			err = handle.Get(ctx, &taken)
		}
		if err != nil {
			return fmt.Errorf("%s of %s: %w", name, id, err)
		}
		if taken != i+1 {
			return fmt.Errorf("%s of %s answered %d instead of %d", name, id, taken, i+1)
		}
		observe(call{complaint: id, name: name, step: true, began: began, ended: time.Now()})
	}
	return nil
}
