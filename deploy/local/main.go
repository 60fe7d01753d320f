// Local runs Recourse on one machine: PostgreSQL, Temporal and its UI, an issuer of tokens for the
// example people, a mail sink, the worker and the server. "make run" runs it. Ctrl-C stops all in
// order; what is under .local/ stays for the next run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"recourse/deploy/process"
	"recourse/deploy/stack"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil
	stop()
	if err == nil || interrupted && errors.Is(err, context.Canceled) {
		return
	}
	fmt.Fprintln(os.Stderr, "Recourse:", err)
	os.Exit(1)
}

func run(ctx context.Context, arguments []string) error {
	if err := process.EndWithParent(); err != nil {
		return err
	}
	root, err := stack.Root()
	if err != nil {
		return err
	}
	directory := filepath.Join(root, ".local")
	switch {
	case len(arguments) == 0:
		settings, err := readSettings(root, directory)
		if err != nil {
			return err
		}
		return runStack(ctx, settings)
	case len(arguments) == 1 && arguments[0] == "forget":
		return forget(directory)
	default:
		return fmt.Errorf("unknown argument %q: there is only “forget”, which removes the local stack's data", arguments[0])
	}
}

// forget removes the local stack's data, unless "make run" is using it, even if that has only begun
// to build or uses servers of somebody else.
func forget(directory string) error {
	held, err := stack.Lock(directory)
	if errors.Is(err, os.ErrNotExist) {
		say("There is nothing to remove: %s doesn't exist", directory)
		return nil
	}
	if err != nil {
		return err
	}
	defer held.Close()
	if err := stack.Forget(filepath.Join(directory, "servers")); err != nil {
		return err
	}
	if err := os.RemoveAll(directory); err != nil {
		return fmt.Errorf("remove the local stack's data: %w", err)
	}
	say("Removed %s", directory)
	return nil
}

func say(format string, arguments ...any) { fmt.Printf(format+"\n", arguments...) }
