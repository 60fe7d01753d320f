package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"recourse/internal/api"
	"recourse/internal/config"
	"recourse/internal/httpapi"
	"recourse/internal/identity"
	"recourse/internal/link"
	"recourse/internal/program"
	"recourse/internal/store/remembered"
)

const (
	startPatience   = 30 * time.Second // for PostgreSQL
	refreshRulebook = time.Second
	shutdownAfter   = 20 * time.Second // for requests under way, which take at most casework.UsualPatience
)

// serve answers HTTP until the context ends, and then finishes what is under way.
func serve(ctx context.Context) error {
	settings, logger, err := program.Begin(config.Server)
	if err != nil {
		return err
	}
	starting, started := context.WithTimeout(ctx, startPatience)
	defer started()
	// Lazy: the server starts, reads and registers while Temporal is away.
	connections, err := program.Connect(starting, settings, logger, program.Wanted{Lazy: true})
	if err != nil {
		return err
	}
	defer connections.Close()
	edge, err := newEdge(ctx, settings, logger, connections)
	if err != nil {
		return err
	}
	web, err := edge.Web()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (is another server running?): %w", settings.Listen, err)
	}

	background, cancel := context.WithCancel(ctx)
	var beside sync.WaitGroup
	beside.Go(func() { connections.Rulebook.Follow(background, refreshRulebook) })
	beside.Go(func() { edge.Office.Relay(background) })
	beside.Go(func() { edge.Sweep(background) })
	defer beside.Wait()
	defer cancel()

	logger.Info("serving", "address", listener.Addr().String())
	defer context.AfterFunc(ctx, func() { logger.Info("stopping") })()
	return program.Serve(ctx, web, listener, shutdownAfter)
}

// newEdge is the API on these connections.
func newEdge(ctx context.Context, settings config.Config, logger *slog.Logger, to *program.Connections) (*httpapi.Server, error) {
	bodies, err := api.NewBodies()
	if err != nil {
		return nil, err
	}
	links, err := link.NewSigner([]byte(settings.LinkKey.Reveal()))
	if err != nil {
		return nil, err
	}
	var callers *identity.Verifier
	if settings.JWKSFile != "" {
		callers, err = identity.FromFile(settings.JWKSFile, settings.OIDCAudience, settings.OIDCClaim)
	} else {
		// Not bounded by the start: the keys are asked for again whenever the issuer has new ones.
		callers, err = identity.FromIssuer(ctx, settings.OIDCIssuer, settings.OIDCAudience, settings.OIDCClaim)
	}
	office := officeOn(to, settings, logger)
	office.Links = links
	return &httpapi.Server{Office: office, Database: to.Database, Remembered: remembered.New(to.Database), Identity: callers, Bodies: bodies, Log: logger, Proxies: settings.TrustedProxies}, err
}
