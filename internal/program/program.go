// Package program is what the server and the worker begin and end with: their settings, their
// connections, and serving until they are told to stop.
package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"recourse/internal/config"
	"recourse/internal/rulebook"
	"recourse/internal/store"
)

// Begin tunes the memory, reads the settings from the environment, and makes the log.
func Begin(which config.Program) (config.Config, *slog.Logger, error) {
	config.TuneMemory()
	settings, err := config.Load(which)
	return settings, slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.LogLevel})), err
}

// Connections are what a program works with. Close them when it ends.
type Connections struct {
	Database *pgxpool.Pool
	Rulebook *rulebook.Rulebook
	Temporal client.Client
}

// Wanted says how a program wants to be connected.
type Wanted struct {
	// Metrics is told what Temporal's SDK measures; nil: nobody is.
	Metrics client.MetricsHandler
	// Lazy begins while Temporal is away; else there is an error after the context.
	Lazy bool
}

// Connect opens the database, reads the rulebook and connects to Temporal.
func Connect(ctx context.Context, settings config.Config, logger *slog.Logger, wanted Wanted) (*Connections, error) {
	tls, err := settings.TemporalTLS()
	if err != nil {
		return nil, err
	}
	c := &Connections{}
	if c.Database, err = store.Open(ctx, settings.DatabaseURL.Reveal()); err != nil {
		return nil, err
	}
	if c.Rulebook, err = rulebook.Open(ctx, c.Database, logger); err != nil {
		c.Database.Close()
		return nil, err
	}
	options := client.Options{HostPort: settings.TemporalAddress, Namespace: settings.TemporalNamespace, Logger: log.NewStructuredLogger(logger),
		ConnectionOptions: config.TemporalConnection(tls), MetricsHandler: wanted.Metrics}
	if wanted.Lazy {
		c.Temporal, err = client.NewLazyClient(options)
	} else {
		c.Temporal, err = client.DialContext(ctx, options)
	}
	if err != nil {
		c.Database.Close()
		return nil, fmt.Errorf("connect to Temporal at %s: %w", settings.TemporalAddress, err)
	}
	return c, nil
}

// Close lets go of everything.
func (c *Connections) Close() {
	c.Temporal.Close()
	c.Database.Close()
}

// Serve answers HTTP until the context ends, and then gives what is under way so long to finish.
func Serve(ctx context.Context, web *http.Server, listener net.Listener, grace time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	// Not ctx, which has ended: requests under way are to be answered.
	finishing, done := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer done()
	if err := web.Shutdown(finishing); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
