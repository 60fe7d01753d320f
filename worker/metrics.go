package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"

	"recourse/internal/store"
)

// latencyBuckets are in seconds, as the Temporal SDK measures.
var latencyBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// newMetrics gives the Temporal SDK somewhere to count, and Prometheus a page to
// read: what the SDK measures, the process, and how the outbox stands.
func newMetrics(outbox outboxCounter, logger *slog.Logger) (client.MetricsHandler, http.Handler, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), outboxMetrics{outbox, logger})
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(), otelprometheus.WithoutTargetInfo())
	if err != nil {
		return nil, nil, fmt.Errorf("export metrics for Prometheus: %w", err)
	}
	provider := metric.NewMeterProvider(metric.WithReader(exporter), metric.WithView(metric.NewView(
		metric.Instrument{Kind: metric.InstrumentKindHistogram},
		metric.Stream{Aggregation: metric.AggregationExplicitBucketHistogram{Boundaries: latencyBuckets}},
	)))
	handler := opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter: provider.Meter("temporal-sdk-go"), UseMonotonicCounters: true,
		OnError: func(err error) { logger.Warn("a metric isn't counted", "error", err) },
	})
	return handler, promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), nil
}

// outboxCounter counts the messages that haven't left; *store.Store is it.
type outboxCounter interface {
	Waiting(ctx context.Context) ([]store.WaitingMessages, error)
}

// outboxMetrics are asked of the database when Prometheus reads them.
type outboxMetrics struct {
	outbox outboxCounter
	log    *slog.Logger
}

var (
	waitingMessages = prometheus.NewDesc("recourse_messages_waiting",
		"Messages that haven't left: queued, handed_over (an activity tries them for days), failed (nobody tries any more).", []string{"state"}, nil)
	waitingSeconds = prometheus.NewDesc("recourse_messages_waiting_seconds",
		"How long the oldest message of a state has been waiting.", []string{"state"}, nil)
)

// outboxPatience bounds how long a slow database may keep Prometheus waiting.
const outboxPatience = 3 * time.Second

// Describe names the outbox's metrics.
func (m outboxMetrics) Describe(to chan<- *prometheus.Desc) {
	to <- waitingMessages
	to <- waitingSeconds
}

// Collect counts the messages that haven't left. While the database is away there
// is nothing to say of them.
func (m outboxMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), outboxPatience)
	defer cancel()
	waiting, err := m.outbox.Waiting(ctx)
	if err != nil {
		m.log.Warn("the messages that wait can't be counted", "error", err)
		return
	}
	for _, w := range waiting {
		to <- prometheus.MustNewConstMetric(waitingMessages, prometheus.GaugeValue, float64(w.Count), string(w.State))
		to <- prometheus.MustNewConstMetric(waitingSeconds, prometheus.GaugeValue, w.Oldest.Seconds(), string(w.State))
	}
}
