// Command worker runs the workflows of complaints and all that touches the
// world for them, and delivers their messages. Any number of workers may run.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/internal/config"
	"recourse/internal/rulebook"
	"recourse/internal/store"
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
	config.TuneMemory()
	settings, err := config.Load(config.Worker)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.LogLevel}))

	starting, started := context.WithTimeout(ctx, patience)
	defer started()
	database, err := store.Open(starting, settings.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	defer database.Close()
	rules, err := rulebook.Open(starting, database, logger)
	if err != nil {
		return err
	}
	tls, err := settings.TemporalTLS()
	if err != nil {
		return err
	}
	measured, metrics, err := newMetrics(database, logger)
	if err != nil {
		return err
	}
	temporalClient, err := client.DialContext(starting, client.Options{
		HostPort:          settings.TemporalAddress,
		Namespace:         settings.TemporalNamespace,
		Logger:            log.NewStructuredLogger(logger),
		ConnectionOptions: config.TemporalConnection(tls),
		MetricsHandler:    measured,
	})
	if err != nil {
		return fmt.Errorf("connect to Temporal at %s: %w", settings.TemporalAddress, err)
	}
	defer temporalClient.Close()
	if err := visibility.Ensure(starting, temporalClient, settings.TemporalNamespace); err != nil {
		return err
	}

	w := newWorker(temporalClient, settings.TemporalTaskQueue)
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
		schedules{temporal: temporalClient.ScheduleClient(), rules: rules, taskQueue: settings.TemporalTaskQueue, log: logger}.keep(ctx)
	})
	err = serveHealth(ctx, settings.MetricsListen, database, temporalClient, metrics)
	end()
	beside.Wait()
	return err
}

// newWorker is a worker with pollers that grow with the load: with the usual two,
// a step of twenty callers takes seconds at the 99th percentile.
func newWorker(temporalClient client.Client, taskQueue string) worker.Worker {
	return worker.New(temporalClient, taskQueue, worker.Options{
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		WorkerStopTimeout:          patience,
	})
}

// serveHealth answers /healthz, /readyz and /metrics until the context ends.
func serveHealth(ctx context.Context, address string, database *store.Store, temporalClient client.Client, metrics http.Handler) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := database.Ping(r.Context()); err != nil {
			http.Error(w, "PostgreSQL is away", http.StatusServiceUnavailable)
			return
		}
		if _, err := temporalClient.CheckHealth(r.Context(), &client.CheckHealthRequest{}); err != nil {
			http.Error(w, "Temporal is away", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.Handle("GET /metrics", metrics)
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return fmt.Errorf("listen on %s for health and metrics: %w", address, err)
	case <-ctx.Done():
	}
	ending, end := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer end()
	if err := server.Shutdown(ending); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
