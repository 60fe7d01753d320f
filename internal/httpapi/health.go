package httpapi

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"recourse/internal/api"
	"recourse/internal/monitor"
)

const healthPatience = 2 * time.Second

// Healthz says that the process is alive; it asks nobody.
func (s *Server) Healthz(context.Context, api.HealthzRequestObject) (api.HealthzResponseObject, error) {
	return api.Healthz200JSONResponse{Status: api.HealthStatusOk}, nil
}

// Readyz says whether requests can be served: without PostgreSQL none can, without Temporal reading
// and registering can.
func (s *Server) Readyz(ctx context.Context, _ api.ReadyzRequestObject) (api.ReadyzResponseObject, error) {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	health := api.Health{Status: api.HealthStatusOk, Postgresql: "ok", Temporal: "ok"}
	if s.Office.Lives.Ping(ctx) != nil {
		health.Temporal = "unavailable"
	}
	if s.Database.Ping(ctx) != nil {
		health.Status, health.Postgresql = api.HealthStatusUnavailable, "unavailable"
		return api.Readyz503JSONResponse(health), nil
	}
	return api.Readyz200JSONResponse(health), nil
}

// metrics counts requests for Prometheus, by route and not by path: paths are endless, and may hold
// a secret.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{registry: monitor.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "recourse_http_request_duration_seconds", Help: "How long requests took, by method, route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests)
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	if route == "" {
		route, method = "none", "any" // what strangers make up doesn't become a series
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}
