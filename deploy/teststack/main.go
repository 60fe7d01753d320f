// Teststack runs a command, for example "go test ./...", beside a fresh PostgreSQL and Temporal
// that its tests share, and then stops them. It exits with the command's status.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"recourse/deploy/process"
	"recourse/deploy/stack"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status, err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "teststack:", err)
		status = 1
	}
	os.Exit(status)
}

func run(ctx context.Context, command []string) (status int, err error) {
	if err := process.EndWithParent(); err != nil {
		return 1, err
	}
	if len(command) == 0 {
		return 1, errors.New("say which command to run beside the servers, for example: teststack go test ./deploy/stack")
	}
	say := func(format string, arguments ...any) { fmt.Fprintf(os.Stderr, format+"\n", arguments...) }
	began := time.Now()
	servers, err := stack.Start(ctx, stack.Options{Say: say})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, servers.Stop()) }()
	say("PostgreSQL and Temporal are up after %s", time.Since(began).Round(100*time.Millisecond))

	program, err := exec.LookPath(command[0])
	if err != nil {
		return 1, fmt.Errorf("run %s: %w", command[0], err)
	}
	tests, err := process.Start(process.Command{
		Name: command[0], Path: program, Arguments: command[1:], Output: os.Stdout,
		Environment: append(os.Environ(), stack.TestDatabaseURL+"="+servers.PostgreSQL.URL, stack.TestTemporalAddress+"="+servers.Temporal.Address),
	})
	if err != nil {
		return 1, err
	}
	select {
	case <-tests.Done():
		return tests.ExitCode(), nil
	case err := <-servers.Failed():
		tests.Stop()
		return 1, err
	case <-ctx.Done():
		tests.Stop()
		return 1, errors.New("interrupted")
	}
}
