// Package monitor is what operators' tools read of a program: metrics for Prometheus, and whether
// it is alive and ready.
package monitor

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"

	"recourse/internal/complaint"
	"recourse/internal/rulebook"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
)

// NewRegistry counts what the process needs; more can be registered.
func NewRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

// Page is what Prometheus reads.
func Page(registry *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// latencyBuckets are in seconds, as the Temporal SDK measures.
var latencyBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// Temporal gives the Temporal SDK somewhere to count.
func Temporal(registry *prometheus.Registry, logger *slog.Logger) (client.MetricsHandler, error) {
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(), otelprometheus.WithoutTargetInfo())
	if err != nil {
		return nil, fmt.Errorf("export metrics for Prometheus: %w", err)
	}
	provider := metric.NewMeterProvider(metric.WithReader(exporter), metric.WithView(metric.NewView(
		metric.Instrument{Kind: metric.InstrumentKindHistogram},
		metric.Stream{Aggregation: metric.AggregationExplicitBucketHistogram{Boundaries: latencyBuckets}},
	)))
	return opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter: provider.Meter("temporal-sdk-go"), UseMonotonicCounters: true,
		OnError: func(err error) { logger.Warn("a metric isn't counted", "error", err) },
	}), nil
}

// Outbox counts the messages that haven't left, whenever Prometheus reads them.
type Outbox struct {
	// Of is *outbox.Store.
	Of interface {
		Waiting(ctx context.Context) ([]outbox.Waiting, error)
	}
	Log *slog.Logger
}

var (
	waitingMessages = prometheus.NewDesc("recourse_messages_waiting",
		"Messages that haven't left: queued, handed_over (an activity tries them for days), failed (nobody tries any more).", []string{"state"}, nil)
	waitingSeconds = prometheus.NewDesc("recourse_messages_waiting_seconds",
		"How long the oldest message of a state has been waiting.", []string{"state"}, nil)
)

// Rules tells what is missing of what is in force, whenever Prometheus reads it.
type Rules struct {
	// InForce is that of *rulebook.Rulebook.
	InForce func() *rulebook.Edition
	Now     func() time.Time
}

var (
	lacksYear = prometheus.NewDesc("recourse_calendar_lacks_year",
		"The year whose holidays a calendar lacks, from October on of the next; 0 when none.", []string{"calendar"}, nil)
	unreadableDocuments = prometheus.NewDesc("recourse_documents_unreadable",
		"Published documents whose newest version this program can't read.", nil, nil)
)

// Describe names the metrics of what is in force.
func (r Rules) Describe(to chan<- *prometheus.Desc) {
	to <- lacksYear
	to <- unreadableDocuments
}

// Collect tells what is missing now.
func (r Rules) Collect(to chan<- prometheus.Metric) {
	edition := r.InForce()
	for id, calendar := range edition.Calendars() {
		to <- prometheus.MustNewConstMetric(lacksYear, prometheus.GaugeValue, float64(calendar.Lacks(r.Now())), id)
	}
	to <- prometheus.MustNewConstMetric(unreadableDocuments, prometheus.GaugeValue, float64(len(edition.Unreadable())))
}

// Complaints counts the open complaints, whenever Prometheus reads them.
type Complaints struct {
	// Of is *reading.Store.
	Of interface {
		Open(ctx context.Context) ([]reading.Open, error)
	}
	Log *slog.Logger
}

var (
	openComplaints = prometheus.NewDesc("recourse_complaints_open",
		"Open complaints by stage and by the tier that they have reached.", []string{"stage", "tier"}, nil)
	lateComplaints = prometheus.NewDesc("recourse_complaints_late",
		"Open complaints of which a clock is past due, by stage and tier.", []string{"stage", "tier"}, nil)
	oldestComplaint = prometheus.NewDesc("recourse_complaints_oldest_seconds",
		"How long ago the oldest open complaint of a stage and tier was received.", []string{"stage", "tier"}, nil)
)

// Describe names the metrics of complaints.
func (c Complaints) Describe(to chan<- *prometheus.Desc) {
	to <- openComplaints
	to <- lateComplaints
	to <- oldestComplaint
}

// Collect counts the complaints, with a zero for each open stage where nothing is. While the
// database is away there is nothing to say of them.
func (c Complaints) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectPatience)
	defer cancel()
	open, err := c.Of.Open(ctx)
	if err != nil {
		c.Log.Warn("the open complaints can't be counted", "error", err)
		return
	}
	for _, stage := range complaint.Stages() {
		if stage != complaint.Closed && !slices.ContainsFunc(open, func(o reading.Open) bool { return o.Stage == stage && o.Tier == 0 }) {
			open = append(open, reading.Open{Stage: stage})
		}
	}
	for _, o := range open {
		for desc, value := range map[*prometheus.Desc]float64{openComplaints: float64(o.Count), lateComplaints: float64(o.Late), oldestComplaint: o.Oldest.Seconds()} {
			to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, string(o.Stage), strconv.Itoa(o.Tier))
		}
	}
}

// collectPatience bounds how long a slow database may keep Prometheus waiting.
const collectPatience = 3 * time.Second

// Describe names the outbox's metrics.
func (o Outbox) Describe(to chan<- *prometheus.Desc) {
	to <- waitingMessages
	to <- waitingSeconds
}

// Collect counts the messages. While the database is away there is nothing to say of them.
func (o Outbox) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectPatience)
	defer cancel()
	waiting, err := o.Of.Waiting(ctx)
	if err != nil {
		o.Log.Warn("the messages that wait can't be counted", "error", err)
		return
	}
	for _, w := range waiting {
		to <- prometheus.MustNewConstMetric(waitingMessages, prometheus.GaugeValue, float64(w.Count), string(w.State))
		to <- prometheus.MustNewConstMetric(waitingSeconds, prometheus.GaugeValue, w.Oldest.Seconds(), string(w.State))
	}
}

// Rungs counts the complaints whose next rung is late, whenever Prometheus reads them.
type Rungs struct {
	// Of is *confirmation.Store.
	Of interface {
		Overdue(ctx context.Context) (int, error)
	}
	Log *slog.Logger
}

var rungsLate = prometheus.NewDesc("recourse_rungs_late",
	"Live complaints whose next rung is five minutes past and hasn't fired: their workflow is lost, stuck, or has no worker.", nil, nil)

// Describe names the metric.
func (r Rungs) Describe(to chan<- *prometheus.Desc) { to <- rungsLate }

// Collect counts the complaints. While the database is away there is nothing to say of them.
func (r Rungs) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectPatience)
	defer cancel()
	late, err := r.Of.Overdue(ctx)
	if err != nil {
		r.Log.Warn("the rungs that are late can't be counted", "error", err)
		return
	}
	to <- prometheus.MustNewConstMetric(rungsLate, prometheus.GaugeValue, float64(late))
}

// Unseen counts the complaints that nobody may see, whenever Prometheus reads them.
type Unseen struct {
	// Of is *reading.Store.
	Of interface {
		Unseen(ctx context.Context, everybody []reading.Viewer) ([]reading.Unseen, error)
	}
	// InForce is that of *rulebook.Rulebook.
	InForce func() *rulebook.Edition
	Now     func() time.Time
	Log     *slog.Logger
}

var complaintsUnseen = prometheus.NewDesc("recourse_complaints_unseen",
	"Open complaints of which nobody may know: everybody with a duty is a subject, or gone.", nil, nil)

// Describe names the metric.
func (u Unseen) Describe(to chan<- *prometheus.Desc) { to <- complaintsUnseen }

// Collect counts the complaints. While the database is away there is nothing to say of them.
func (u Unseen) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectPatience)
	defer cancel()
	var everybody []reading.Viewer
	edition := u.InForce()
	for organisation := range edition.Directories() {
		for _, one := range edition.Everybody(organisation, u.Now()) {
			everybody = append(everybody, reading.ViewerOf(one, organisation))
		}
	}
	unseen, err := u.Of.Unseen(ctx, everybody)
	if err != nil {
		u.Log.Warn("the complaints that nobody may see can't be counted", "error", err)
		return
	}
	to <- prometheus.MustNewConstMetric(complaintsUnseen, prometheus.GaugeValue, float64(len(unseen)))
}
