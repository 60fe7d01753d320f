package importing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/api"
	"recourse/internal/client"
)

// Import is one run over one file.
type Import struct {
	API     *client.Client
	Mapping *Mapping
	// AtOnce bounds how many rows are on their way at the same time.
	AtOnce int
	// Tell is called with everything that isn't as it should be: the line, the reason, what was
	// done. One call at a time.
	Tell func(line int, reason, done string)
	// Opened is called once, before the first row, with how the file is read; nil asks for nothing.
	Opened func(told string)
	// Progress is called with how many bytes of the file were read since it was called last; nil
	// asks for nothing.
	Progress func(bytes int64)
	// Now is when the import runs; the present when zero.
	Now time.Time
}

// Counts are what became of a file's rows.
type Counts struct {
	// Rows is how many records the file has, the names of the columns apart.
	Rows int
	// Registered are those that are in Recourse now, by this run or by one before it: Before of
	// them were there already, Pending wait for Temporal.
	Registered, Before, Pending int
	// Dirty are those of which something was told.
	Dirty int
	// NotImported are those that were told and aren't in Recourse.
	NotImported int
}

// Run imports every row of a file. Each row has a key of its own, so that a run that was cut short,
// or is repeated, makes no second complaint. What is wrong with a row is told and doesn't stop the
// run; the error says why it ended before the file's end: the server couldn't be reached
// (client.ErrUnreachable), it lets this person register nothing, or the file can't be read.
func (i *Import) Run(ctx context.Context, file io.ReadSeeker) (Counts, error) {
	rows, err := i.Mapping.Open(file)
	if err != nil {
		return Counts{}, err
	}
	if i.Opened != nil {
		i.Opened(rows.Told)
	}
	if i.Now.IsZero() {
		i.Now = time.Now()
	}
	t := &tally{tell: i.Tell, dirty: map[int]bool{}}
	known := map[string]int{} // the line in which an ID stood first
	ahead, stop := errgroup.WithContext(ctx)
	ahead.SetLimit(max(1, i.AtOnce))
	for read := int64(0); stop.Err() == nil; {
		row, err := rows.Next()
		if i.Progress != nil {
			i.Progress(rows.Read() - read)
			read = rows.Read()
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return t.Counts, errors.Join(err, ahead.Wait())
		}
		t.Rows++
		r, can := i.Mapping.Registration(row, i.Now)
		if first, twice := known[r.ID]; can && twice {
			r.tell(fmt.Sprintf("its ID %s stands in line %d as well", r.ID, first), NotImported)
			can = false
		} else if can {
			known[r.ID] = r.Line
		}
		if !can {
			t.dirt(r.Line, r.Dirt...)
			t.notImported()
			continue
		}
		ahead.Go(func() error { return i.register(stop, r, t) })
	}
	err = ahead.Wait()
	return t.Counts, err
}

// register sends one row, and tells its dirt when it is known what was done with it. Its error ends
// the run.
func (i *Import) register(ctx context.Context, r Registration, t *tally) error {
	registered, err := i.API.Register(ctx, r.By, r.Key, r.Body)
	switch refused, is := errors.AsType[*client.Problem](err); {
	case err == nil:
		t.dirt(r.Line, r.Dirt...)
		t.registered(registered)
	case !is, errors.Is(err, client.ErrUnreachable):
		return fmt.Errorf("line %d: %w", r.Line, err)
	case refused.Status == http.StatusUnauthorized, refused.Status == http.StatusForbidden:
		return fmt.Errorf("line %d: %s may not register for %s here: %w", r.Line, r.By, r.Body.Procedure, err)
	case refused.Code == api.ProblemCodeIdempotencyMismatch:
		t.dirt(r.Line, Dirt{"it was imported before and reads otherwise now", "left the complaint as it was"})
		t.registered(client.Registered{Before: true})
	default:
		for _, d := range r.Dirt {
			t.dirt(r.Line, Dirt{d.Reason, NotImported})
		}
		t.dirt(r.Line, Dirt{"the server refuses it: " + err.Error(), NotImported})
		t.notImported()
	}
	return nil
}

// tally counts while rows are on their way.
type tally struct {
	mu    sync.Mutex
	tell  func(line int, reason, done string)
	dirty map[int]bool
	Counts
}

func (t *tally) dirt(line int, all ...Dirt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range all {
		t.tell(line, d.Reason, d.Done)
		if !t.dirty[line] {
			t.dirty[line] = true
			t.Dirty++
		}
	}
}

func (t *tally) registered(one client.Registered) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Registered++
	if one.Before {
		t.Before++
	}
	if one.Pending {
		t.Pending++
	}
}

func (t *tally) notImported() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.NotImported++
}
