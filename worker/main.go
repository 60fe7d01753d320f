// Command worker runs the workflows of complaints and all that touches the
// world for them, and delivers their messages. Any number of workers may run.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/internal/config"
	"recourse/internal/monitor"
	"recourse/internal/program"
	"recourse/internal/schedule"
	"recourse/internal/store/confirmation"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/workflows"
	"recourse/workflows/visibility"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "worker: "+err.Error())
		os.Exit(1)
	}
}

// patience is how long the worker waits at start for what it needs, and at the
// end for what is under way.
const patience = 30 * time.Second

func run(ctx context.Context) error {
	settings, logger, err := program.Begin(config.Worker)
	if err != nil {
		return err
	}
	metrics := monitor.NewRegistry()
	measured, err := monitor.Temporal(metrics, logger)
	if err != nil {
		return err
	}
	starting, started := context.WithTimeout(ctx, patience)
	defer started()
	connections, err := program.Connect(starting, settings, logger, program.Wanted{Metrics: measured})
	if err != nil {
		return err
	}
	defer connections.Close()
	database, rules, temporalClient := connections.Database, connections.Rulebook, connections.Temporal
	metrics.MustRegister(monitor.Outbox{Of: outbox.New(database), Log: logger}, monitor.Complaints{Of: reading.New(database), Log: logger},
		monitor.Rules{InForce: rules.Now, Now: time.Now}, monitor.Rungs{Of: confirmation.New(database), Log: logger},
		monitor.Unseen{Of: reading.New(database), InForce: rules.Now, Now: time.Now, Log: logger})
	if err := visibility.Ensure(starting, temporalClient, settings.TemporalNamespace); err != nil {
		return err
	}

	w := newWorker(temporalClient, settings.TemporalTaskQueue, int(database.Config().MaxConns))
	workflows.Register(w)
	activities.Register(w, database, rules)
	deliverer, err := newDeliverer(settings, database, rules, temporalClient, logger)
	if err != nil {
		return err
	}
	registerDelivery(w, deliverer)
	if err := w.Start(); err != nil {
		return fmt.Errorf("start the worker on task queue %q: %w", settings.TemporalTaskQueue, err)
	}
	defer w.Stop()

	// Whatever ends one of them ends all.
	ctx, end := context.WithCancel(ctx)
	defer end()
	var beside sync.WaitGroup
	beside.Go(func() { rules.Follow(ctx, time.Second) })
	beside.Go(func() { deliverer.Run(ctx) })
	beside.Go(func() {
		schedule.Keeper{Temporal: temporalClient.ScheduleClient(), Rulebook: rules, Jobs: activities.Jobs(database, rules), Edition: activities.JobsEdition, TaskQueue: settings.TemporalTaskQueue, Log: logger}.Keep(ctx)
	})
	err = serve(ctx, settings.MetricsListen, monitor.Web(database, temporalClient, metrics))
	end()
	beside.Wait()
	return err
}

// newWorker is a worker with pollers that grow with the load: with the usual two,
// a step of twenty callers takes seconds at the 99th percentile. It writes no more steps at once
// than it has connections to the database: the others would only wait there, against their time.
func newWorker(temporalClient client.Client, taskQueue string, connections int) worker.Worker {
	return worker.New(temporalClient, taskQueue, worker.Options{
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		WorkerStopTimeout:          patience,

		MaxConcurrentLocalActivityExecutionSize: connections,
	})
}

// serve answers operators' tools until the context ends.
func serve(ctx context.Context, address string, web *http.Server) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen on %s for health and metrics: %w", address, err)
	}
	return program.Serve(ctx, web, listener, 5*time.Second)
}
