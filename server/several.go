package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/casework"
)

const (
	severalAtOnce = 8
	// restoredPatience is how long a whole command asks again those that don't answer: a Temporal
	// that was just started hasn't seen its workers yet.
	restoredPatience = time.Minute
)

// several does something with many complaints, several at once, and counts what came of it. What
// becomes of one keeps no other waiting.
type several struct {
	out   io.Writer
	until time.Time // when to stop asking again
	group errgroup.Group

	sync.Mutex
	changed, whole int // those with which something was done, and those that needed nothing
	stuck          error
}

func withSeveral(out io.Writer) *several {
	s := &several{out: out, until: time.Now().Add(restoredPatience)}
	s.group.SetLimit(severalAtOnce)
	return s
}

// one does it with one complaint, beside the others, and does it again while no answer comes.
func (s *several) one(ctx context.Context, number string, do func() (changed bool, err error)) {
	s.group.Go(func() error {
		changed, err := s.insist(ctx, do)
		s.Lock()
		defer s.Unlock()
		switch {
		case err != nil:
			s.stuck = errors.Join(s.stuck, fmt.Errorf("%s: %w", number, err))
		case changed:
			s.changed++
		default:
			s.whole++
		}
		return nil
	})
}

func (s *several) insist(ctx context.Context, do func() (bool, error)) (bool, error) {
	for {
		changed, err := do()
		if !errors.Is(err, casework.ErrUnanswered) || time.Now().After(s.until) {
			return changed, err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return changed, err
		}
	}
}

// say writes a line of its own.
func (s *several) say(line string) error {
	s.Lock()
	defer s.Unlock()
	_, err := fmt.Fprintln(s.out, line)
	return err
}

// conclude waits for all, and says how many were changed and how many needed nothing, by a text
// with a place for each. Its error is what became of those that are stuck.
func (s *several) conclude(counts string) error {
	_ = s.group.Wait() // each has said what became of it
	return errors.Join(s.say(fmt.Sprintf(counts, s.changed, s.whole)), s.stuck)
}
