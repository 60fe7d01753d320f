// Package stack finds or starts what Recourse runs on: PostgreSQL, and Temporal with its UI on that
// same PostgreSQL.
//
// "make run" uses it for the local stack, and every test that needs servers uses it through
// ForTest, Database and TaskQueue. Everything listens on 127.0.0.1 only. Several stacks can run
// side by side; each has its own directory and ports.
package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"recourse/deploy/process"
)

// Host is the only address that a stack's servers listen on.
const Host = "127.0.0.1"

// DefaultNamespace is the Temporal namespace in which complaints live.
const DefaultNamespace = "recourse"

// Retention is how long Temporal keeps the history of a complaint whose workflow has ended. The
// record in PostgreSQL is kept for years.
const Retention = 30 * 24 * time.Hour

// Ports says where the servers of a stack listen. A zero means any free port.
type Ports struct {
	PostgreSQL int
	// Temporal is the port of the frontend, which clients and workers dial.
	Temporal int
	// TemporalUI is the port of the pages for operators.
	TemporalUI int
}

// givenPatience bounds how long a Temporal that was given by address may take to answer.
const givenPatience = 5 * time.Second

// Options say what stack to start.
type Options struct {
	// Directory holds data and logs and is kept after Stop. Empty means a temporary one that goes
	// with the stack.
	Directory string
	// DatabaseURL names a PostgreSQL to use instead of starting one.
	DatabaseURL string
	// TemporalAddress (host:port) names a Temporal to use instead of starting one.
	TemporalAddress string
	// Namespace is made when it isn't there; empty means DefaultNamespace.
	Namespace string
	Ports     Ports
	// UI starts Temporal's UI as well.
	UI bool
	// TemporalSettings are more dynamic settings for a Temporal that is started, as YAML like that
	// of temporal.yaml.
	TemporalSettings string
	// Say is told what takes time; nil says nothing.
	Say func(format string, arguments ...any)
}

// Stack is a running PostgreSQL and Temporal.
type Stack struct {
	PostgreSQL *PostgreSQL
	Temporal   *Temporal
	// Directory holds the stack's data and logs; empty when both servers were given.
	Directory string

	lock      *os.File
	temporary bool
}

// Start brings a stack up and returns when both servers really answer, or returns one line that
// says what is missing and leaves nothing running. It takes seconds, except for the very first time
// on a machine, when Temporal is built. Canceling ctx abandons the start, with its error; a stack
// that has started runs until Stop.
func Start(ctx context.Context, options Options) (*Stack, error) {
	s := &Stack{}
	if err := s.start(ctx, options); err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			// What failed because of it is of no interest.
			err = ctx.Err()
		}
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context, options Options) (err error) {
	if options.Namespace == "" {
		options.Namespace = DefaultNamespace
	}
	if options.Say == nil {
		options.Say = func(string, ...any) {}
	}
	if options.DatabaseURL == "" || options.TemporalAddress == "" {
		if err := s.openDirectory(options.Directory); err != nil {
			return err
		}
		if err := enoughSpace(s.Directory, leastSpaceForData); err != nil {
			return err
		}
	}
	s.PostgreSQL, err = newPostgreSQL(ctx, options, s.Directory)
	if err != nil {
		return err
	}
	if s.PostgreSQL.ours {
		if err := s.PostgreSQL.Start(ctx); err != nil {
			return err
		}
	}
	s.Temporal, err = newTemporal(ctx, options, s.Directory, s.PostgreSQL)
	if err != nil {
		return err
	}
	if s.Temporal.ours {
		return s.Temporal.Start(ctx)
	}
	bounded, cancel := context.WithTimeout(ctx, givenPatience)
	defer cancel()
	return s.Temporal.prepare(bounded)
}

// Stop ends Temporal, then PostgreSQL, and removes a temporary directory. Servers that the stack
// was given, not started, are left alone.
func (s *Stack) Stop() error {
	if s.Temporal != nil && s.Temporal.ours {
		s.Temporal.stopAll()
	}
	if s.PostgreSQL != nil && s.PostgreSQL.ours {
		s.PostgreSQL.stop()
	}
	var err error
	if s.temporary {
		err = removeDirectory(s.Directory)
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
		s.lock = nil
	}
	return err
}

// Failed receives the error of a server of this stack that ends without having been asked to.
// Servers that the stack doesn't own never fail here.
func (s *Stack) Failed() <-chan error {
	var servers []*process.Process
	if s.PostgreSQL.ours {
		servers = append(servers, s.PostgreSQL.process)
	}
	if s.Temporal.ours {
		servers = append(servers, s.Temporal.server)
		if s.Temporal.ui != nil {
			servers = append(servers, s.Temporal.ui)
		}
	}
	failed := make(chan error, len(servers))
	for _, p := range servers {
		go func() {
			<-p.Done()
			failed <- p.Err()
		}()
	}
	return failed
}

func (s *Stack) openDirectory(directory string) (err error) {
	if directory == "" {
		sweepTemporaryDirectories()
		if s.Directory, err = os.MkdirTemp("", temporaryPrefix); err != nil {
			return fmt.Errorf("make a temporary directory for the stack: %w", err)
		}
		s.temporary = true
	} else if s.Directory, err = filepath.Abs(directory); err != nil {
		return fmt.Errorf("find the stack's directory %s: %w", directory, err)
	}
	// PostgreSQL's unprivileged user has to pass through it, not to read it.
	if err := os.MkdirAll(s.Directory, 0o711); err != nil {
		return fmt.Errorf("make the stack's directory: %w", err)
	}
	if err := os.Chmod(s.Directory, 0o711); err != nil {
		return fmt.Errorf("open the stack's directory: %w", err)
	}
	take := Lock
	if s.temporary {
		take = lockFresh
	}
	s.lock, err = take(s.Directory)
	return err
}
