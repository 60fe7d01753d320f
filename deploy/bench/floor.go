package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/config"
	"recourse/workflows"
)

const (
	floorWorkflow  = "Floor"
	floorUpdate    = "step"
	floorTaskQueue = "floor"
)

// floorSteps are the bare updates of one floor "complaint": as many as a complaint has steps here.
// The first starts the workflow.
var floorSteps = []string{"update with start", "second update", "third update"}

// extras are what a step of Recourse asks of Temporal beyond a bare update. The floor has none; the
// ladder adds one after the other.
type extras struct {
	Name string
	// Asked and Answered are the sizes of the update's argument and result, in bytes.
	Asked, Answered int
	// Marked is what a local activity brings back into the history, in bytes.
	Marked int
	// Alarm cancels a timer and sets another; Search changes three search attributes.
	Alarm, Search bool
}

// ladder leads from the floor to what Recourse asks of Temporal, in the sizes of its own histories,
// without doing any of Recourse's work.
var ladder = []extras{
	{Name: "bare updates"},
	{Name: "+ what is asked and answered", Asked: 400, Answered: 800},
	{Name: "+ a local activity's marker", Asked: 400, Answered: 800, Marked: 2300},
	{Name: "+ an alarm set anew", Asked: 400, Answered: 800, Marked: 2300, Alarm: true},
	{Name: "+ search attributes changed", Asked: 400, Answered: 800, Marked: 2300, Alarm: true, Search: true},
}

// floor is a bare workflow: an update changes a number in memory and answers with it. It stays
// open, as a closed complaint does until its time to reopen is over.
func floor(ctx workflow.Context, with extras) error {
	var taken int
	var cancelAlarm workflow.CancelFunc
	err := workflow.SetUpdateHandler(ctx, floorUpdate, func(ctx workflow.Context, _ string) (floorAnswer, error) {
		taken++
		if with.Marked > 0 {
			local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: time.Second})
			if err := workflow.ExecuteLocalActivity(local, markFloor, with.Marked).Get(ctx, nil); err != nil {
				return floorAnswer{}, err
			}
		}
		if with.Alarm {
			if cancelAlarm != nil {
				cancelAlarm()
			}
			var alarm workflow.Context
			alarm, cancelAlarm = workflow.WithCancel(ctx)
			workflow.NewTimerWithOptions(alarm, time.Duration(taken)*time.Hour, workflow.TimerOptions{Summary: "contact 75%, then handler and owner"})
		}
		if with.Search {
			err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StageAttribute.ValueSet(fmt.Sprint("stage ", taken)),
				workflows.HandlerAttribute.ValueSet(fmt.Sprint("handler ", taken)), workflows.DueAttribute.ValueSet(workflow.Now(ctx)))
			if err != nil {
				return floorAnswer{}, err
			}
		}
		return floorAnswer{Taken: taken, Padding: strings.Repeat("x", with.Answered)}, nil
	})
	if err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return false })
}

type floorAnswer struct {
	Taken   int    `json:"taken"`
	Padding string `json:"padding,omitempty"`
}

// markFloor is a local activity that does nothing but bring something back.
func markFloor(_ context.Context, size int) (string, error) { return strings.Repeat("x", size), nil }

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
	w.RegisterActivity(markFloor)
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
	return b.floorWith(ctx, ladder[0], observe)
}

func (b *bench) floorWith(ctx context.Context, with extras, observe observer) error {
	id := fmt.Sprintf("floor-%d", b.serial.Add(1))
	for i, name := range floorSteps {
		update := client.UpdateWorkflowOptions{
			WorkflowID: id, UpdateID: fmt.Sprintf("%s-%d", id, i), UpdateName: floorUpdate, WaitForStage: client.WorkflowUpdateStageCompleted,
			Args: []any{strings.Repeat("x", with.Asked)},
		}
		began := time.Now()
		var handle client.WorkflowUpdateHandle
		var err error
		if i == 0 {
			handle, err = b.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
				StartWorkflowOperation: b.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
					ID: id, TaskQueue: floorTaskQueue, WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
				}, floorWorkflow, with),
				UpdateOptions: update,
			})
		} else {
			handle, err = b.temporal.UpdateWorkflow(ctx, update)
		}
		var answer floorAnswer
		if err == nil {
			err = handle.Get(ctx, &answer)
		}
		if err != nil {
			return fmt.Errorf("%s of %s: %w", name, id, err)
		}
		if answer.Taken != i+1 {
			return fmt.Errorf("%s of %s answered %d instead of %d", name, id, answer.Taken, i+1)
		}
		observe(call{complaint: id, name: name, step: true, began: began, ended: time.Now()})
	}
	return nil
}
