package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"recourse/internal/api"
	"recourse/internal/config"
	"recourse/internal/identity"
	"recourse/internal/link"
	"recourse/internal/rulebook"
	"recourse/internal/store"
)

const (
	startPatience   = 30 * time.Second // for PostgreSQL and the issuer
	refreshRulebook = time.Second
	shutdownAfter   = 20 * time.Second // for requests under way, which take at most patience

	headersWithin = 10 * time.Second
	bodyWithin    = 60 * time.Second // an attachment by telephone
	answerWithin  = 90 * time.Second
	idleFor       = 2 * time.Minute
	longestHeader = 32 << 10
)

// serve answers HTTP until the context ends, and then finishes what is under way.
func serve(ctx context.Context) error {
	config.TuneMemory()
	settings, err := config.Load(config.Server)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.LogLevel}))
	s, stop, err := newServer(ctx, settings, logger)
	if err != nil {
		return err
	}
	defer stop()
	handler, err := s.handler()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (is another server running?): %w", settings.Listen, err)
	}

	background, cancel := context.WithCancel(ctx)
	var beside sync.WaitGroup
	beside.Go(func() { s.rulebook.Follow(background, refreshRulebook) })
	beside.Go(func() {
		(&relay{store: s.store, lives: s.lives, log: logger, also: begunAbsences(s.substitutes(), s.now)}).run(background)
	})
	defer beside.Wait()
	defer cancel()

	web := &http.Server{Handler: browsable(handler), ReadHeaderTimeout: headersWithin, ReadTimeout: bodyWithin, WriteTimeout: answerWithin,
		IdleTimeout: idleFor, MaxHeaderBytes: longestHeader, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	logger.Info("serving", "address", listener.Addr().String())
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", settings.Listen, err)
	case <-ctx.Done():
	}
	logger.Info("stopping")
	// Not ctx, which has ended: requests under way are to be answered.
	finishing, done := context.WithTimeout(context.Background(), shutdownAfter)
	defer done()
	if err := web.Shutdown(finishing); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// newServer connects everything; stop lets go of it.
func newServer(ctx context.Context, settings config.Config, logger *slog.Logger) (s *server, stop func(), err error) {
	starting, started := context.WithTimeout(ctx, startPatience)
	defer started()
	bodies, err := api.NewBodies()
	if err != nil {
		return nil, nil, err
	}
	links, err := link.NewSigner([]byte(settings.LinkKey.Reveal()))
	if err != nil {
		return nil, nil, err
	}
	var callers *identity.Verifier
	if settings.JWKSFile != "" {
		callers, err = identity.FromFile(settings.JWKSFile, settings.OIDCAudience, settings.OIDCClaim)
	} else {
		// Not starting: the keys are asked for again whenever the issuer has new ones.
		callers, err = identity.FromIssuer(ctx, settings.OIDCIssuer, settings.OIDCAudience, settings.OIDCClaim)
	}
	if err != nil {
		return nil, nil, err
	}
	tls, err := settings.TemporalTLS()
	if err != nil {
		return nil, nil, err
	}
	database, err := store.Open(starting, settings.DatabaseURL.Reveal())
	if err != nil {
		return nil, nil, err
	}
	book, err := rulebook.Open(starting, database, logger)
	if err != nil {
		database.Close()
		return nil, nil, err
	}
	// Lazy: the server starts, reads and registers while Temporal is away.
	temporalClient, err := client.NewLazyClient(client.Options{HostPort: settings.TemporalAddress, Namespace: settings.TemporalNamespace,
		Logger: log.NewStructuredLogger(logger), ConnectionOptions: config.TemporalConnection(tls)})
	if err != nil {
		database.Close()
		return nil, nil, fmt.Errorf("prepare the connection to Temporal at %s: %w", settings.TemporalAddress, err)
	}
	s = &server{store: database, rulebook: book, identity: callers, links: links, bodies: bodies, metrics: newMetrics(), log: logger, now: time.Now, proxies: settings.TrustedProxies,
		lives: &lives{temporal: temporalClient, taskQueue: settings.TemporalTaskQueue, patience: patience}}
	return s, func() { temporalClient.Close(); database.Close() }, nil
}
