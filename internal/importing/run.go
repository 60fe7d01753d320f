package importing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/api"
	"recourse/internal/client"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
)

// Mode is what a run does with the rows of a file.
type Mode int

const (
	// Register registers those that aren't there, and leaves the others alone.
	Register Mode = iota
	// DryRun only says what would come of each.
	DryRun
	// Correct registers those that aren't there, too; where a row reads otherwise than when it was
	// imported, the complaint of then is taken back, and the row registered anew.
	Correct
	// TakeBack takes back the complaints that the rows have made.
	TakeBack
)

// Import is one run over one file.
type Import struct {
	API     *client.Client
	Mapping *Mapping
	Mode    Mode
	// AtOnce bounds how many rows are on their way at the same time.
	AtOnce int
	// Tell is called with everything that isn't as it should be: the line, the reason, what was
	// done. One call at a time.
	Tell func(line int, reason, done string)
	// Opened is called once, before the first row, with how the file is read; nil asks for nothing.
	Opened func(told string)
	// Say is called with what comes of each row, but for one that is registered as it should be, or
	// is there already. One call at a time.
	Say func(line int, what string)
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
	// Registered are those that are in Recourse now, by this run or by one before it, or that a dry
	// run finds would be: Before of them were there already, Pending wait for Temporal.
	Registered, Before, Pending int
	// TakenBack are complaints that were closed as registered in error, by steps of their own. A
	// correction registers the row anew under another number.
	TakenBack int
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
	t := &tally{tell: i.Tell, say: i.Say, dirty: map[int]bool{}}
	known := map[string]int{} // the line in which an ID stood first
	ahead, stop := errgroup.WithContext(ctx)
	ahead.SetLimit(max(1, i.AtOnce))
	if i.Mode == DryRun { // what it says is read row by row
		ahead.SetLimit(1)
	}
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
		if i.Mode == TakeBack && r.Key != "" { // what the row says now doesn't matter
			can = true
		}
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
		ahead.Go(func() error { return i.bring(stop, r, t) })
	}
	err = ahead.Wait()
	return t.Counts, err
}

// bring does with one row what the mode says, and tells its dirt when it is known what was done
// with it. Its error ends the run.
func (i *Import) bring(ctx context.Context, r Registration, t *tally) error {
	var err error
	switch i.Mode {
	case DryRun:
		err = i.foresee(ctx, r, t)
	case TakeBack:
		err = i.takeBack(ctx, r, t)
	case Register, Correct:
		err = i.register(ctx, r, t)
	}
	switch refused, is := errors.AsType[*client.Problem](err); {
	case err == nil:
		return nil
	case !is, errors.Is(err, client.ErrUnreachable):
		return fmt.Errorf("line %d: %w", r.Line, err)
	case refused.Status == http.StatusUnauthorized, refused.Status == http.StatusForbidden:
		return fmt.Errorf("line %d: %s may not register for %s here: %w", r.Line, r.By, r.Body.Procedure, err)
	}
	for _, d := range r.Dirt {
		t.dirt(r.Line, Dirt{d.Reason, NotImported})
	}
	t.dirt(r.Line, Dirt{"the server refuses it: " + err.Error(), NotImported})
	t.notImported()
	return nil
}

func (i *Import) register(ctx context.Context, r Registration, t *tally) error {
	registered, err := i.API.Register(ctx, r.By, r.Key, r.Body)
	if refused, is := errors.AsType[*client.Problem](err); !is || refused.Code != api.ProblemCodeIdempotencyMismatch {
		if err == nil {
			t.dirt(r.Line, r.Dirt...)
			t.registered(registered)
		}
		return err
	}
	// It says as well whether the row could be registered anew, before anything is taken back.
	foreseen, err := i.API.Foresee(ctx, r.By, r.Key, r.Body)
	if err != nil {
		return err
	}
	if foreseen.Becomes == api.ForeseenBecomesErased {
		t.left(r.Line, Dirt{"it was imported before, and its complaint's personal data were erased", "left it erased"})
		return nil
	}
	before, there, err := i.find(ctx, r)
	switch {
	case err != nil:
		return err
	case !there:
		t.left(r.Line, Dirt{r.unseen(), "left its complaint as it was; " + howToMove})
		return nil
	case i.Mode != Correct:
		t.left(r.Line, Dirt{"it was imported before and reads otherwise now", "left the complaint " + before.number + " as it was"})
		return nil
	}
	if taken, err := i.close(ctx, r, before, t); err != nil || !taken {
		return err
	}
	if registered, err = i.API.Register(ctx, r.By, r.Key, r.Body); err != nil {
		return err
	}
	t.dirt(r.Line, r.Dirt...)
	t.registered(registered)
	t.says(r.Line, fmt.Sprintf("%s: %s taken back, and registered anew as %s", r.ID, before.number, registered.Number))
	return nil
}

// howToMove is what to do where nobody of the mapping may know of what a row has made.
const howToMove = "to register it anew, close that as registered in error first: with the file and the mapping as they were then (-take-back), or as whoever may see it"

// unseen says why the complaint that a row has made isn't found.
func (r Registration) unseen() string {
	return fmt.Sprintf("it was imported before as a complaint of which %s may not know: under another procedure, or by somebody else", r.By)
}

func (i *Import) takeBack(ctx context.Context, r Registration, t *tally) error {
	before, there, err := i.find(ctx, r)
	if err != nil {
		return err
	}
	if !there {
		t.says(r.Line, r.ID+": isn't there, as far as those who register may know")
		return nil
	}
	taken, err := i.close(ctx, r, before, t)
	if taken {
		t.says(r.Line, fmt.Sprintf("%s: %s taken back", r.ID, before.number))
	}
	return err
}

// made is the complaint that a row has made, and one of the mapping's people who may know of it.
type made struct {
	number string
	by     complaint.PersonID
}

// find finds what a row has made, whatever its cells said then: it may have been of another
// procedure, which somebody else registers for. It is false where nobody of the mapping knows of
// any.
func (i *Import) find(ctx context.Context, r Registration) (before made, there bool, err error) {
	for _, by := range i.Mapping.registrars(r.By) {
		list, err := i.API.Complaints(ctx, by, url.Values{"row": {r.Key}})
		if err != nil {
			return made{}, false, fmt.Errorf("look for its complaint as %s: %w", by, err)
		}
		if len(list.Complaints) > 0 {
			return made{list.Complaints[0].Number, by}, true, nil
		}
	}
	return made{}, false, nil
}

// close closes a complaint as registered in error. It is false where the server refuses that, which
// is told.
func (i *Import) close(ctx context.Context, r Registration, before made, t *tally) (bool, error) {
	_, err := i.API.Take(ctx, before.by, before.number, complaint.Close, "import/take-back/"+before.number, api.Close{Outcome: api.RegisteredInError})
	if _, is := errors.AsType[*client.Problem](err); is && !errors.Is(err, client.ErrUnreachable) {
		t.left(r.Line, Dirt{fmt.Sprintf("%s can't be taken back: %s", before.number, err), "left it as it was"})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t.takenBack()
	return true, nil
}

func (i *Import) foresee(ctx context.Context, r Registration, t *tally) error {
	foreseen, err := i.API.Foresee(ctx, r.By, r.Key, r.Body)
	if err != nil {
		return err
	}
	t.dirt(r.Line, r.Dirt...)
	t.registered(client.Registered{Before: foreseen.Becomes != api.ForeseenBecomesRegistered})
	switch foreseen.Becomes {
	case api.ForeseenBecomesRegistered:
		t.says(r.Line, fmt.Sprintf("%s: would be registered: %s", r.ID, i.foretold(r, foreseen)))
	case api.ForeseenBecomesErased:
		t.says(r.Line, r.ID+": was imported before, and its complaint's personal data were erased: it stays erased")
	case api.ForeseenBecomesRegisteredBefore, api.ForeseenBecomesRegisteredOtherwise:
		before, there, err := i.find(ctx, r)
		if err != nil {
			return err
		}
		t.says(r.Line, r.ID+": "+i.asBefore(r, foreseen.Becomes, before, there))
	}
	return nil
}

// asBefore says what would come of a row that has made a complaint before.
func (i *Import) asBefore(r Registration, becomes api.ForeseenBecomes, before made, there bool) string {
	switch {
	case !there:
		return r.unseen() + ": an import would leave that as it is; " + howToMove
	case becomes == api.ForeseenBecomesRegisteredBefore:
		return "is there already, as " + before.number
	}
	return fmt.Sprintf("reads otherwise than when it was imported as %s: an import would leave that as it is, a correction would take it back and register the row anew", before.number)
}

// foretold is what would come of a row: how it would read, how it would be sorted, when something
// is due first, what would happen at once.
func (i *Import) foretold(r Registration, f api.Foreseen) string {
	said := []string{fmt.Sprintf("%s: “%s”", cmp.Or(r.Body.Customer.Name, "nobody named"), cut(strings.Join(strings.Fields(r.Body.Narrative), " "), 40)), r.Body.Procedure, cmp.Or(f.CategoryLabel, "without a category"), f.StageLabel}
	var first time.Time
	for _, d := range f.Deadlines {
		if first.IsZero() || d.DueAt.Before(first) {
			first = d.DueAt
		}
	}
	if !first.IsZero() {
		due := "first due "
		if first.Before(i.Now) {
			due = "late already, first due "
		}
		said = append(said, due+first.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if f.Tier > 0 {
		said = append(said, fmt.Sprintf("escalated at once to tier %d", f.Tier))
	}
	return strings.Join(append(said, phrase.Counted(f.Messages, "message")+" at once"), ", ")
}

// tally counts while rows are on their way.
type tally struct {
	mu    sync.Mutex
	tell  func(line int, reason, done string)
	say   func(line int, what string)
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

// left tells of a row whose complaint is there and stays as it is.
func (t *tally) left(line int, why Dirt) {
	t.dirt(line, why)
	t.registered(client.Registered{Before: true})
}

func (t *tally) says(line int, what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.say != nil {
		t.say(line, what)
	}
}

func (t *tally) takenBack() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.TakenBack++
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
