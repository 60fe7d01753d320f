package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"recourse/deploy/issuer"
	"recourse/deploy/mailsink"
	"recourse/deploy/process"
	"recourse/deploy/stack"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

const (
	// tokenLifetime is that of the example people's tokens; every start writes new ones.
	tokenLifetime = 30 * 24 * time.Hour
	// readyPatience bounds how long the server and the worker may take to get ready.
	readyPatience = time.Minute
	// stopPatience is how long they get to finish what is under way.
	stopPatience = 35 * time.Second
)

// edition is what comes with the software, with the folder of one's own beside it.
func (s settings) edition() (*rulebook.Edition, error) {
	shipped, err := rulebook.Read(procedures.Files)
	if err != nil || s.Folder == "" {
		return shipped, err
	}
	own, err := rulebook.FolderAt(s.Folder)
	if err != nil {
		return nil, err
	}
	edition, _, err := shipped.With(own)
	return edition, err
}

// runStack starts everything in the order in which it is needed, says what to do with it, waits,
// and stops everything in the opposite order.
func runStack(ctx context.Context, s settings) (err error) {
	for _, directory := range []string{s.directory, s.path("bin"), s.path("log")} {
		if err := os.MkdirAll(directory, 0o711); err != nil {
			return fmt.Errorf("make the local stack's directory: %w", err)
		}
	}
	held, err := stack.Lock(s.directory)
	if err != nil {
		return err
	}
	defer held.Close()
	if err := s.checkPorts(); err != nil {
		return err
	}
	edition, err := s.edition()
	if err != nil {
		return err
	}
	if err := s.buildPrograms(ctx); err != nil {
		return err
	}

	servers, err := stack.Start(ctx, stack.Options{
		Directory: s.path("servers"), DatabaseURL: s.DatabaseURL, TemporalAddress: s.TemporalAddress, UI: true, Say: say,
		Ports: stack.Ports{PostgreSQL: int(s.PostgreSQLPort), Temporal: int(s.TemporalPort), TemporalUI: int(s.TemporalUIPort)},
	})
	if err != nil && (s.DatabaseURL != "" || s.TemporalAddress != "") {
		return fmt.Errorf("%w; unset DATABASE_URL and TEMPORAL_ADDRESS if they come from .local/environment", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, servers.Stop()) }()
	say("PostgreSQL and Temporal are up")

	stopIssuer, err := s.startIssuer(issuer.People(edition))
	if err != nil {
		return err
	}
	defer stopIssuer()
	sink, err := s.startMailSink()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()

	if err := s.keepLinkKey(); err != nil {
		return err
	}
	environment := s.environment(servers)
	commands := [][]string{{"migrate"}, {"load"}}
	if s.Folder != "" {
		commands = append(commands, []string{"load", s.Folder})
	}
	for _, command := range commands {
		if err := s.runServerCommand(ctx, environment, command...); err != nil {
			return err
		}
	}
	worker, err := s.startProgram(environment, "worker", "The worker")
	if err != nil {
		return err
	}
	defer worker.Stop()
	server, err := s.startProgram(environment, "server", "The server")
	if err != nil {
		return err
	}
	defer server.Stop()
	if err := errors.Join(waitReady(ctx, worker, webAddress(s.WorkerPort)), waitReady(ctx, server, webAddress(s.APIPort))); err != nil {
		return err
	}
	if err := s.writeEnvironment(environment, servers.Temporal.UIAddress); err != nil {
		return err
	}
	defer os.Remove(s.path("environment"))

	s.sayFirstSteps(servers, edition)
	select {
	case <-ctx.Done():
		say("\nStopping; the data stays in %s", s.directory)
		return nil
	case <-worker.Done():
		return worker.Err()
	case <-server.Done():
		return server.Err()
	case err := <-servers.Failed():
		return err
	}
}

// buildPrograms builds the server and the worker as they are in the tree.
func (s settings) buildPrograms(ctx context.Context) error {
	say("Building the server and the worker")
	goProgram, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("build the server and the worker: %w", err)
	}
	output, err := process.Run(ctx, process.Command{
		Name: "go build", Path: goProgram, Arguments: []string{"build", "-buildvcs=false", "-o", s.path("bin") + string(filepath.Separator), "./server", "./worker"},
		Directory: s.root, Environment: append(os.Environ(), "CGO_ENABLED=0"),
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("build the server and the worker: %w: %s", err, stack.FirstFault(output))
	}
	return nil
}

func (s settings) startIssuer(people []string) (stop func(), err error) {
	vouching, err := issuer.Open(s.path("issuer-key.json"), webAddress(s.IssuerPort), "recourse")
	if err != nil {
		return nil, err
	}
	if err := vouching.WriteTokens(s.path("tokens"), people, time.Now(), tokenLifetime); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", stack.Address(int(s.IssuerPort)))
	if err != nil {
		return nil, fmt.Errorf("start the issuer of tokens: %w", err)
	}
	server := &http.Server{Handler: vouching.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener)
	return func() { server.Close() }, nil
}

func (s settings) startMailSink() (*mailsink.Sink, error) {
	mail, err := net.Listen("tcp", stack.Address(int(s.SMTPPort)))
	if err != nil {
		return nil, fmt.Errorf("start the mail sink: %w", err)
	}
	pages, err := net.Listen("tcp", stack.Address(int(s.MailPort)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the mail sink's page: %w", err), mail.Close())
	}
	return mailsink.Start(s.path("mail"), s.Mail, mail, pages)
}

// runServerCommand runs a subcommand of the server to its end.
func (s settings) runServerCommand(ctx context.Context, environment map[string]string, command ...string) error {
	output, err := process.Run(ctx, process.Command{
		Name: "server " + command[0], Path: s.path("bin", "server"), Arguments: command, Directory: s.root, Environment: forChild(environment),
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("server %s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(string(output)))
	}
	return nil
}

// startProgram starts the server or the worker with a fresh log; the run before it keeps its own
// beside.
func (s settings) startProgram(environment map[string]string, program, name string) (*process.Process, error) {
	log := s.path("log", program+".log")
	if err := os.Rename(log, log+".before"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("put the log of %s aside: %w", program, err)
	}
	return process.Start(process.Command{
		Name: name, Path: s.path("bin", program), Directory: s.root, Environment: forChild(environment), LogFile: log,
		Grace: stopPatience,
	})
}

// waitReady waits for /readyz of a program of ours.
func waitReady(ctx context.Context, program *process.Process, address string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, readyPatience, fmt.Errorf("not ready after %s", readyPatience))
	defer cancel()
	for {
		if stack.Answers(ctx, address+"/readyz") {
			return nil
		}
		select {
		case <-program.Done():
			return program.Err()
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), context.Canceled) {
				return context.Canceled
			}
			return fmt.Errorf("%s: %w; its log ends: %s", program.Name(), context.Cause(ctx), program.LastWords())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
