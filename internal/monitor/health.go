package monitor

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
)

// Database is what a program needs of PostgreSQL to be ready.
type Database interface {
	Ping(ctx context.Context) error
}

// databasePatience bounds how long PostgreSQL may take for a sign of life.
const databasePatience = 2 * time.Second

// Web answers /healthz, /readyz and /metrics of a program that serves nothing else.
func Web(database Database, temporal client.Client, registry *prometheus.Registry) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		asking, done := context.WithTimeout(r.Context(), databasePatience)
		defer done()
		if err := database.Ping(asking); err != nil {
			http.Error(w, "PostgreSQL is away", http.StatusServiceUnavailable)
			return
		}
		if _, err := temporal.CheckHealth(r.Context(), &client.CheckHealthRequest{}); err != nil {
			http.Error(w, "Temporal is away", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.Handle("GET /metrics", Page(registry))
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
}
