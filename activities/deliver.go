package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/store"
	"recourse/internal/store/outbox"
)

// DeliverMessageActivity is the name of the activity that tries a message for
// days, once it didn't leave at the first attempt. It is part of recorded
// activities: never rename it.
const DeliverMessageActivity = "DeliverMessage"

// Delivering, in time and number. The lease is longer than sending and noting
// together, so that no two workers have a message at once.
const (
	sendPatience   = 25 * time.Second // for all channels of one message
	notePatience   = 60 * time.Second // for noting what became of it, though the database is away for a moment
	claimLease     = 3 * time.Minute
	outboxPatience = 30 * time.Second // looks by itself, should a wake-up get lost

	// GiveUpAfter is how long a message is tried, counted from when it was queued.
	GiveUpAfter = 5 * 24 * time.Hour
	// retryFrom and retryTo bound the pauses between attempts.
	retryFrom = 30 * time.Second
	retryTo   = 30 * time.Minute

	// DefaultConcurrency is how many bundles one worker sends at the same time.
	DefaultConcurrency = 8
	// bundleSize is how many messages leave one after the other on one connection.
	bundleSize = 8
	// gatherPause lets messages come together: the first leaves at once, those that
	// follow share what has to be read for them, and the connection.
	gatherPause = 500 * time.Millisecond
	// slowLetter is when the other messages of a bundle don't wait any longer.
	slowLetter = 2 * time.Second
	// unnotedFor is how long an accepted message may wait for its note while the
	// next ones of its bundle leave.
	unnotedFor = time.Second
	// DefaultCustomerBudget is how many messages a complaint's customer gets in
	// 24 hours, whatever happens: two machines that answer each other stop there.
	DefaultCustomerBudget = 20
)

// Outbox is where the step's transaction put the messages; *outbox.Store is it.
type Outbox interface {
	Claim(ctx context.Context, batch int, lease time.Duration) ([]outbox.Message, error)
	One(ctx context.Context, id string) (outbox.Message, error)
	SentToCustomer(ctx context.Context, number string, since time.Time) (int, error)
	TakeOver(ctx context.Context, id string) (bool, error)
	Holds(ctx context.Context, claimed outbox.Message, lease time.Duration) (bool, error)
	MarkSent(ctx context.Context, channel string, ids ...string) error
	MarkLeft(ctx context.Context, channel string, ids ...string) error
	MarkWithheld(ctx context.Context, reason string, ids ...string) error
	MarkHandedOver(ctx context.Context, reason string, ids ...string) error
	MarkTriedAgain(ctx context.Context, reason string, ids ...string) error
	MarkFailed(ctx context.Context, reason string, ids ...string) error
	Wait(ctx context.Context, patience time.Duration) error
}

// Writer opens the file of a complaint for all its messages that leave together; *letter.Writer is
// it.
type Writer interface {
	About(ctx context.Context, number string) (letter.Clerk, error)
}

// Starter starts standalone activities; Temporal's client is one.
type Starter interface {
	ExecuteActivity(ctx context.Context, options client.StartActivityOptions, activity any, args ...any) (client.ActivityHandle, error)
}

// Deliverer sends the messages of the outbox, apart from the steps that queued
// them: a mail server that is down delays no step. What doesn't leave at once
// becomes an activity of its own, with the message's ID.
//
// A message leaves once. The one exception is a worker that dies, or loses the
// database for longer than a minute, between the mail server's yes and the note
// in the outbox, which may be about a second: the message then goes again, with
// the same Message-ID or webhook-id, by which the receiver knows it.
type Deliverer struct {
	Outbox   Outbox
	Writer   Writer
	Channels map[delivery.Channel]delivery.Sender
	Temporal Starter
	// TaskQueue is where a worker has DeliverMessage.
	TaskQueue string
	Log       *slog.Logger

	Concurrency    int              // DefaultConcurrency when 0
	CustomerBudget int              // DefaultCustomerBudget when 0
	RetryFrom      time.Duration    // the first pause of a message that was handed over; half a minute when 0
	Now            func() time.Time // time.Now when nil
}

// DeliverMessage is what the activity is told: no words, no addresses.
type DeliverMessage struct {
	ID string `json:"id"`
	// Done are the channels by which the message has left already.
	Done []delivery.Channel `json:"done,omitempty"`
}

// Run sends messages until the context ends, and then lets those on their way
// arrive. It goes on through any outage of the database.
func (d *Deliverer) Run(ctx context.Context) {
	slots := make(chan struct{}, cmp.Or(d.Concurrency, DefaultConcurrency))
	var sending sync.WaitGroup
	defer sending.Wait()
	pause := pauses{from: time.Second, to: outboxPatience}
	for ctx.Err() == nil {
		free := takeSlots(ctx, slots)
		if free == 0 {
			return
		}
		claimed, err := d.Outbox.Claim(ctx, free*bundleSize, claimLease)
		bundles := bundled(claimed)
		for range free - len(bundles) {
			<-slots
		}
		for _, bundle := range bundles {
			sending.Go(func() {
				defer func() { <-slots }()
				d.first(context.WithoutCancel(ctx), bundle)
			})
		}
		switch {
		case err == nil && len(claimed) == 0:
			err = d.Outbox.Wait(ctx, outboxPatience)
		case err == nil && len(claimed) < free*bundleSize:
			wait(ctx, gatherPause)
		}
		if err == nil {
			pause.reset()
			continue
		}
		if ctx.Err() == nil {
			d.Log.Warn("messages wait in the outbox", "error", err)
			pause.wait(ctx)
		}
	}
}

// bundled puts messages together that leave one after the other: those of one
// complaint are neighbours, in the order in which they were queued.
func bundled(messages []outbox.Message) [][]outbox.Message {
	slices.SortFunc(messages, func(a, b outbox.Message) int {
		// A message's ID ends with its row of the record: among those of one instant the shorter
		// number comes first.
		return cmp.Or(strings.Compare(a.Number, b.Number), a.QueuedAt.Compare(b.QueuedAt),
			cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(a.ID, b.ID))
	})
	return slices.Collect(slices.Chunk(messages, bundleSize))
}

// takeSlots waits for a free slot and takes all that are free; 0 when the context ended.
func takeSlots(ctx context.Context, slots chan struct{}) int {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return 0
	}
	for taken := 1; ; taken++ {
		select {
		case slots <- struct{}{}:
		default:
			return taken
		}
	}
}

// first is the first attempt at claimed messages, one after the other. While one
// takes long, the others leave each by itself: nobody waits for somebody else's
// endpoint. What isn't noted here is claimed again when its lease has run out.
func (d *Deliverer) first(ctx context.Context, bundle []outbox.Message) {
	var alone sync.WaitGroup
	defer alone.Wait()
	gone := departed{deliverer: d}
	defer gone.note(ctx)
	var clerk letter.Clerk
	slow := time.NewTimer(slowLetter)
	defer slow.Stop()
	for i := 0; i < len(bundle); i++ {
		queued := bundle[i]
		if i > 0 && queued.Number != bundle[i-1].Number {
			clerk = nil
		}
		var done []delivery.Channel
		var failure *delivery.Failure
		held := true
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			if clerk == nil { // reading may take long, too
				clerk = d.about(ctx, queued.Number)
			}
			// Whoever was stopped for a while may find that somebody else has sent it.
			if held = d.holds(ctx, queued); held {
				done, failure = d.send(ctx, clerk, queued, left(queued))
			}
		}()
		slow.Reset(slowLetter)
		select {
		case <-sent:
		case <-slow.C:
			for _, other := range bundle[i+1:] {
				alone.Go(func() { d.first(ctx, []outbox.Message{other}) })
			}
			bundle = bundle[:i+1]
			<-sent
		}
		switch {
		case !held:
			d.Log.Warn("a message is left to whoever has it now, or later", "message", queued.ID)
		case failure == nil:
			gone.add(ctx, names(done), queued.ID)
		case failure.Permanent:
			d.giveUp(ctx, queued, failure)
		default:
			if len(done) > len(left(queued)) { // whether or not Temporal takes it over
				d.note(ctx, func(ctx context.Context) error { return d.Outbox.MarkLeft(ctx, names(done), queued.ID) })
			}
			d.handOver(ctx, queued, done, failure)
		}
	}
}

// holds asks whether a claim still holds, so that no two send the same. When that can't be asked,
// the message waits for its next claim.
func (d *Deliverer) holds(ctx context.Context, claimed outbox.Message) bool {
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	held, err := d.Outbox.Holds(ctx, claimed, claimLease)
	return held && err == nil
}

// left are the channels by which a message has left already.
func left(queued outbox.Message) (channels []delivery.Channel) {
	for channel := range strings.SplitSeq(queued.Channel, "+") {
		if channel != "" {
			channels = append(channels, delivery.Channel(channel))
		}
	}
	return channels
}

// giveUp notes that a message is never sent: because it failed, or because nobody was to get it.
func (d *Deliverer) giveUp(ctx context.Context, queued outbox.Message, failure *delivery.Failure) bool {
	mark := d.Outbox.MarkFailed
	if failure.Withheld {
		mark = d.Outbox.MarkWithheld
	}
	return d.note(ctx, func(ctx context.Context) error { return mark(ctx, failure.Code, queued.ID) })
}

// departed are messages that have left by the same channels and are to be noted, all
// in one go.
type departed struct {
	deliverer *Deliverer
	channels  string
	ids       []string
	since     time.Time
}

func (p *departed) add(ctx context.Context, channels, id string) {
	if channels != p.channels {
		p.note(ctx)
	}
	if len(p.ids) == 0 {
		p.since = time.Now()
	}
	p.channels, p.ids = channels, append(p.ids, id)
	if time.Since(p.since) > unnotedFor {
		p.note(ctx)
	}
}

func (p *departed) note(ctx context.Context) {
	if len(p.ids) > 0 {
		p.deliverer.note(ctx, func(ctx context.Context) error { return p.deliverer.Outbox.MarkSent(ctx, p.channels, p.ids...) })
	}
	p.ids = nil
}

// about opens the file of a complaint. One that can't be read fails each letter.
func (d *Deliverer) about(ctx context.Context, number string) (clerk letter.Clerk) {
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	defer func() {
		if fault := recover(); fault != nil {
			clerk = unreadable{d.fault(fault, "number", number)}
		}
	}()
	clerk, err := d.Writer.About(ctx, number)
	if err != nil {
		return unreadable{err}
	}
	return clerk
}

// unreadable is the file of a complaint that couldn't be opened.
type unreadable struct{ err error }

func (u unreadable) Write(context.Context, outbox.Message) (delivery.Letter, error) {
	return delivery.Letter{}, u.err
}

// fault is the failure of letters on which the program itself failed: no attempt cures it.
func (d *Deliverer) fault(fault any, about ...any) *delivery.Failure {
	d.Log.Error("a message can't be written: the program has a fault", append(about,
		"fault", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))...) // the fault itself may hold words
	return &delivery.Failure{Code: delivery.CannotRender, Permanent: true}
}

// handOver gives a message to an activity of its own. While Temporal is away the
// message stays in the outbox, for the time of its lease.
func (d *Deliverer) handOver(ctx context.Context, queued outbox.Message, done []delivery.Channel, failure *delivery.Failure) {
	pause := cmp.Or(d.RetryFrom, retryFrom)
	starting, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	_, err := d.Temporal.ExecuteActivity(starting, client.StartActivityOptions{
		ID:                       queued.ID,
		TaskQueue:                d.TaskQueue,
		ActivityIDConflictPolicy: enumspb.ACTIVITY_ID_CONFLICT_POLICY_USE_EXISTING,
		ActivityIDReusePolicy:    enumspb.ACTIVITY_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StartDelay:               pause, // it was tried just now
		StartToCloseTimeout:      sendPatience + notePatience + 10*time.Second,
		ScheduleToCloseTimeout:   GiveUpAfter + 24*time.Hour, // the activity gives up by itself before
		RetryPolicy:              &temporal.RetryPolicy{InitialInterval: pause, BackoffCoefficient: 2, MaximumInterval: retryTo},
		Summary:                  queued.Template + " to " + string(queued.To) + ", " + queued.Number,
	}, DeliverMessageActivity, DeliverMessage{ID: queued.ID, Done: done})
	if err != nil {
		d.Log.Warn("a message is tried again later: Temporal doesn't take it over", "message", queued.ID, "failure", failure.Code)
		return
	}
	d.note(ctx, func(ctx context.Context) error { return d.Outbox.MarkHandedOver(ctx, failure.Code, queued.ID) })
}

// DeliverMessage tries a message that was handed over. Temporal repeats it until
// it returns nil or gives up; what it has done so far is in its heartbeat.
func (d *Deliverer) DeliverMessage(ctx context.Context, what DeliverMessage) error {
	queued, err := d.Outbox.One(ctx, what.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return temporal.NewNonRetryableApplicationError("no such message in the outbox", "unknown_message", nil)
	case err != nil:
		return databaseAway()
	case queued.State == outbox.Sent, queued.State == outbox.Failed, queued.State == outbox.Withheld:
		return nil
	case queued.State == outbox.Queued:
		// Whoever started this couldn't note it: from now on it is ours alone, or it
		// was claimed again meanwhile and leaves by that.
		taken, err := d.Outbox.TakeOver(ctx, queued.ID)
		if err != nil {
			return databaseAway()
		}
		if !taken {
			return temporal.NewApplicationError("a worker is sending the message at this moment", "claimed")
		}
	}
	done := what.Done
	if activity.HasHeartbeatDetails(ctx) {
		if err := activity.GetHeartbeatDetails(ctx, &done); err != nil {
			return temporal.NewApplicationError("the heartbeat can't be read", "heartbeat")
		}
	}

	for _, channel := range left(queued) {
		if !slices.Contains(done, channel) {
			done = append(done, channel)
		}
	}

	done, failure := d.send(ctx, d.about(ctx, queued.Number), queued, done)
	if len(done) > 0 {
		activity.RecordHeartbeat(ctx, done)
	}
	switch {
	case failure == nil:
		if !d.note(ctx, func(ctx context.Context) error { return d.Outbox.MarkSent(ctx, names(done), queued.ID) }) {
			return databaseAway()
		}
		return nil
	case failure.Permanent, d.now().Sub(queued.QueuedAt) > GiveUpAfter:
		given := *failure
		if !failure.Permanent {
			given.Code = delivery.GivenUp + ": " + given.Code
		}
		if !d.giveUp(ctx, queued, &given) {
			return databaseAway()
		}
		if failure.Withheld {
			return nil
		}
		return temporal.NewNonRetryableApplicationError(failure.Error(), failure.Code, nil)
	}
	if err := d.Outbox.MarkTriedAgain(ctx, failure.Code, queued.ID); err != nil {
		return databaseAway()
	}
	return temporal.NewApplicationError(failure.Error(), failure.Code)
}

// databaseAway says what is wrong without what the database said, in which there may be words.
func databaseAway() error {
	return temporal.NewApplicationError("the outbox can't be reached", "database_away")
}

// send sends a message by every channel of its recipient that isn't done yet. It
// returns those that are done now, and the first failure of the others.
func (d *Deliverer) send(ctx context.Context, clerk letter.Clerk, queued outbox.Message, done []delivery.Channel) (by []delivery.Channel, failed *delivery.Failure) {
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	done = slices.Clone(done)
	// A fault of the program in one letter ends neither the worker nor the other letters' way.
	defer func() {
		if fault := recover(); fault != nil {
			by, failed = done, d.fault(fault, "message", queued.ID, "template", queued.Template)
		}
	}()
	letter, err := clerk.Write(ctx, queued)
	if err != nil {
		return done, asFailure(err)
	}
	if letter.ToCustomer() {
		within, err := d.withinBudget(ctx, queued.Number)
		if err != nil {
			return done, asFailure(err)
		}
		if !within {
			return done, &delivery.Failure{Code: delivery.OverBudget}
		}
	}
	channels := letter.Channels()
	if len(channels) == 0 {
		return done, delivery.Nobody(delivery.NoAddress)
	}
	for _, channel := range channels {
		if slices.Contains(done, channel) {
			continue
		}
		if err := d.Channels[channel].Send(ctx, letter); err != nil {
			failed = worse(failed, asFailure(err))
			continue
		}
		done = append(done, channel)
	}
	// One way is closed for ever, the other worked: the message has arrived.
	if failed != nil && failed.Permanent && len(done) > 0 {
		failed = nil
	}
	return done, failed
}

// worse keeps the failure that trying again may cure.
func worse(a, b *delivery.Failure) *delivery.Failure {
	if a != nil && !a.Permanent {
		return a
	}
	return b
}

// withinBudget counts what the complaint's customer got in the last 24 hours.
func (d *Deliverer) withinBudget(ctx context.Context, number string) (bool, error) {
	sent, err := d.Outbox.SentToCustomer(ctx, number, d.now().Add(-24*time.Hour))
	return sent < cmp.Or(d.CustomerBudget, DefaultCustomerBudget), err
}

// asFailure keeps the code of a failure and drops the words of everything else.
func asFailure(err error) *delivery.Failure {
	if failure, known := errors.AsType[*delivery.Failure](err); known {
		return failure
	}
	return &delivery.Failure{Code: "cannot_write"}
}

// note writes down what became of a message, through a short outage of the
// database: a message that left and isn't noted would leave again.
func (d *Deliverer) note(ctx context.Context, write func(context.Context) error) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), notePatience)
	defer cancel()
	pause := pauses{from: 100 * time.Millisecond, to: 5 * time.Second}
	for {
		err := write(ctx)
		if err == nil {
			return true
		}
		if pause.wait(ctx); ctx.Err() != nil {
			d.Log.Error("what became of a message can't be noted; it may go out again with the same ID", "error", err)
			return false
		}
	}
}

func (d *Deliverer) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

func names(channels []delivery.Channel) string {
	var all []string
	for _, c := range channels {
		all = append(all, string(c))
	}
	return strings.Join(all, "+")
}

// pauses doubles the time between attempts.
type pauses struct{ from, to, next time.Duration }

func (p *pauses) reset() { p.next = 0 }

func (p *pauses) wait(ctx context.Context) {
	p.next = min(max(2*p.next, p.from), p.to)
	wait(ctx, p.next)
}

// wait waits so long, or until the context ends.
func wait(ctx context.Context, so time.Duration) {
	timer := time.NewTimer(so)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
