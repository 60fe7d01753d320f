package activities_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"recourse/activities"
	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/message"
	"recourse/internal/store"
	"recourse/internal/store/outbox"
)

// outbox is the store's outbox in memory.
type queue struct {
	sync.Mutex
	messages map[string]*outbox.Message
	waiting  []string // not claimed
	down     bool
	claimed  bool // by another worker
	// deafTo is how many marks fail before one works.
	deafTo int
	// changed is told of every message that is marked.
	changed chan struct{}
}

var errDown = errors.New("connection refused: canary@example.org")

func newOutbox(queued ...outbox.Message) *queue {
	o := &queue{messages: map[string]*outbox.Message{}, changed: make(chan struct{}, 1000)}
	for _, m := range queued {
		m.State = outbox.Queued
		o.messages[m.ID] = &m
		o.waiting = append(o.waiting, m.ID)
	}
	return o
}

func (o *queue) Claim(_ context.Context, batch int, _ time.Duration) ([]outbox.Message, error) {
	o.Lock()
	defer o.Unlock()
	if o.down {
		return nil, errDown
	}
	var claimed []outbox.Message
	for len(claimed) < batch && len(o.waiting) > 0 {
		m := o.messages[o.waiting[0]]
		m.Attempts++
		claimed, o.waiting = append(claimed, *m), o.waiting[1:]
	}
	return claimed, nil
}

func (o *queue) One(_ context.Context, id string) (outbox.Message, error) {
	o.Lock()
	defer o.Unlock()
	if o.down {
		return outbox.Message{}, errDown
	}
	m, known := o.messages[id]
	if !known {
		return outbox.Message{}, store.ErrNotFound
	}
	return *m, nil
}

func (o *queue) SentToCustomer(_ context.Context, number string, since time.Time) (sent int, err error) {
	o.Lock()
	defer o.Unlock()
	for _, m := range o.messages {
		if m.Number == number && m.To == complaint.Customer && m.SentAt != nil && m.SentAt.After(since) {
			sent++
		}
	}
	return sent, nil
}

func (o *queue) TakeOver(_ context.Context, id string) (bool, error) {
	if o.claimed {
		return false, nil
	}
	return true, o.mark([]string{id}, func(m *outbox.Message) { m.State = outbox.HandedOver })
}

func (o *queue) mark(ids []string, change func(*outbox.Message)) error {
	o.Lock()
	defer o.Unlock()
	if o.down {
		return errDown
	}
	if o.deafTo--; o.deafTo >= 0 {
		return errDown
	}
	for _, id := range ids {
		if o.messages[id].State != outbox.Sent {
			change(o.messages[id])
		}
		o.changed <- struct{}{}
	}
	return nil
}

func (o *queue) MarkSent(_ context.Context, channel string, ids ...string) error {
	return o.mark(ids, func(m *outbox.Message) {
		now := time.Now()
		m.State, m.Channel, m.SentAt, m.LastError = outbox.Sent, channel, &now, ""
	})
}

func (o *queue) Holds(_ context.Context, claimed outbox.Message, _ time.Duration) (bool, error) {
	o.Lock()
	defer o.Unlock()
	m := o.messages[claimed.ID]
	return m.State == outbox.Queued && m.Attempts == claimed.Attempts, nil
}

func (o *queue) MarkLeft(_ context.Context, channel string, ids ...string) error {
	return o.mark(ids, func(m *outbox.Message) { m.Channel = channel })
}

func (o *queue) MarkWithheld(_ context.Context, reason string, ids ...string) error {
	return o.mark(ids, func(m *outbox.Message) { m.State, m.LastError = outbox.Withheld, reason })
}

func (o *queue) MarkHandedOver(_ context.Context, reason string, ids ...string) error {
	return o.mark(ids, func(m *outbox.Message) { m.State, m.LastError = outbox.HandedOver, reason })
}

func (o *queue) MarkTriedAgain(_ context.Context, reason string, ids ...string) error {
	return o.mark(ids, func(m *outbox.Message) { m.Attempts++; m.LastError = reason })
}

func (o *queue) MarkFailed(_ context.Context, reason string, ids ...string) error {
	return o.mark(ids, func(m *outbox.Message) { m.State, m.LastError = outbox.Failed, reason })
}

func (o *queue) Wait(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

func (o *queue) state(id string) outbox.Message {
	o.Lock()
	defer o.Unlock()
	return *o.messages[id]
}

// post is a mail server that answers as it is told and counts.
type post struct {
	sync.Mutex
	failure *delivery.Failure
	sent    map[string]int
	order   []string
	tried   int
}

func (p *post) Send(_ context.Context, letter delivery.Letter) error {
	p.Lock()
	defer p.Unlock()
	p.tried++
	if p.failure != nil {
		return p.failure
	}
	if p.sent == nil {
		p.sent = map[string]int{}
	}
	p.sent[letter.Message.ID]++
	p.order = append(p.order, letter.Message.ID)
	return nil
}

func (p *post) set(f *delivery.Failure) {
	p.Lock()
	defer p.Unlock()
	p.failure = f
}

// desk writes letters full of canaries.
type desk struct{ contact delivery.Contact }

func (d desk) About(context.Context, string) (letter.Clerk, error) { return d, nil }

func (d desk) Write(_ context.Context, queued outbox.Message) (delivery.Letter, error) {
	return delivery.Letter{Message: queued.Message, Number: queued.Number, QueuedAt: queued.QueuedAt, To: d.contact,
		Data: message.Data{Number: queued.Number, Words: "canary words", Customer: "canary customer"}}, nil
}

// frontend is Temporal, or its absence.
type frontend struct {
	client.Client
	sync.Mutex
	down    bool
	options []client.StartActivityOptions
	inputs  []any
}

func (f *frontend) ExecuteActivity(_ context.Context, options client.StartActivityOptions, _ any, args ...any) (client.ActivityHandle, error) {
	f.Lock()
	defer f.Unlock()
	if f.down {
		return nil, errDown
	}
	f.options, f.inputs = append(f.options, options), append(f.inputs, args...)
	return nil, nil
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

func toLiNa(id string) outbox.Message {
	return outbox.Message{Message: complaint.Message{ID: id, To: "li-na", Template: message.Assigned.Name()},
		Number: "CS-2026-000123", QueuedAt: time.Now()}
}

func toCustomer(id string) outbox.Message {
	m := toLiNa(id)
	m.To, m.Template = complaint.Customer, message.CustomerReceived.Name()
	return m
}

var byMail = delivery.Contact{Email: "canary@example.org"}

func deliverer(o *queue, contact delivery.Contact, mail, hook *post, temporal *frontend) *activities.Deliverer {
	return &activities.Deliverer{Outbox: o, Writer: desk{contact}, Temporal: temporal, TaskQueue: "test",
		Channels: map[delivery.Channel]delivery.Sender{delivery.ByMail: mail, delivery.ByWebhook: hook},
		Log:      slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// run lets the deliverer work until it has made so many notes.
func run(t *testing.T, d *activities.Deliverer, o *queue, notes int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	for range notes {
		select {
		case <-o.changed:
		case <-time.After(10 * time.Second):
			require.Fail(t, "the deliverer stands still")
		}
	}
	stop()
	<-ended
}

// attempt runs the activity once, as Temporal would.
func attempt(t *testing.T, d *activities.Deliverer, what activities.DeliverMessage) error {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(d.DeliverMessage)
	_, err := env.ExecuteActivity(d.DeliverMessage, what)
	return err
}

func TestMessagesLeaveAtOnceAndOnce(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"), toLiNa("CS-2026-000123-2"), toCustomer("CS-2026-000123-3"))
	mail := &post{}
	run(t, deliverer(o, byMail, mail, nil, &frontend{}), o, 3)
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1, "CS-2026-000123-2": 1, "CS-2026-000123-3": 1}, mail.sent)
	require.Equal(t, outbox.Sent, o.state("CS-2026-000123-1").State)
	require.Equal(t, "email", o.state("CS-2026-000123-1").Channel)
}

// clumsy is a desk with a fault in one letter.
type clumsy struct {
	desk
	fault string
}

func (c clumsy) About(context.Context, string) (letter.Clerk, error) { return c, nil }

func (c clumsy) Write(ctx context.Context, queued outbox.Message) (delivery.Letter, error) {
	if queued.ID == c.fault {
		panic("canary words")
	}
	return c.desk.Write(ctx, queued)
}

func TestAFaultInOneLetterKeepsNoOtherWaiting(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"), toLiNa("CS-2026-000123-2"), toLiNa("CS-2026-000123-3"))
	mail, said := &post{}, &strings.Builder{}
	d := deliverer(o, byMail, mail, nil, &frontend{})
	d.Writer, d.Log = clumsy{desk{byMail}, "CS-2026-000123-2"}, slog.New(slog.NewTextHandler(said, nil))
	run(t, d, o, 3)
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1, "CS-2026-000123-3": 1}, mail.sent)
	require.Equal(t, outbox.Failed, o.state("CS-2026-000123-2").State, "an operator sees it, and requeues it once the fault is mended")
	require.Contains(t, said.String(), "CS-2026-000123-2")
	require.NotContains(t, said.String(), "canary")
}

// confused is a desk with a fault in the file of one complaint.
type confused struct {
	desk
	fault string
}

func (c confused) About(_ context.Context, number string) (letter.Clerk, error) {
	if number == c.fault {
		panic("canary words")
	}
	return c.desk, nil
}

func TestAFaultInOneFileKeepsTheLettersOfNoOtherWaiting(t *testing.T) {
	before, after := toLiNa("CS-2026-000122-1"), toLiNa("CS-2026-000124-1")
	before.Number, after.Number = "CS-2026-000122", "CS-2026-000124"
	o := newOutbox(before, toLiNa("CS-2026-000123-1"), toLiNa("CS-2026-000123-2"), after)
	mail, said := &post{}, &strings.Builder{}
	d := deliverer(o, byMail, mail, nil, &frontend{})
	d.Writer, d.Log = confused{desk{byMail}, "CS-2026-000123"}, slog.New(slog.NewTextHandler(said, nil))
	run(t, d, o, 4)
	require.Equal(t, map[string]int{"CS-2026-000122-1": 1, "CS-2026-000124-1": 1}, mail.sent)
	for _, id := range []string{"CS-2026-000123-1", "CS-2026-000123-2"} {
		require.Equal(t, outbox.Failed, o.state(id).State, "an operator sees it, and requeues it once the fault is mended")
	}
	require.Contains(t, said.String(), "CS-2026-000123")
	require.NotContains(t, said.String(), "canary")
}

// slowly sends what goes to one person slowly, for it waits until all others have left.
type slowly struct {
	post
	to     complaint.PersonID
	others sync.WaitGroup
}

func (s *slowly) Send(ctx context.Context, letter delivery.Letter) error {
	if letter.Message.To == s.to {
		s.others.Wait()
		return s.post.Send(ctx, letter)
	}
	defer s.others.Done()
	return s.post.Send(ctx, letter)
}

func TestNobodyWaitsForSomebodyElsesEndpoint(t *testing.T) {
	slow := toLiNa("CS-2026-000123-1")
	slow.To = "slow-one"
	o := newOutbox(slow, toLiNa("CS-2026-000123-2"), toLiNa("CS-2026-000124-1"))
	mail := &slowly{to: "slow-one"}
	mail.others.Add(2)
	d := deliverer(o, byMail, &mail.post, nil, &frontend{})
	d.Channels[delivery.ByMail] = mail
	run(t, d, o, 3)
	require.Len(t, mail.sent, 3)
}

func TestAMailServerThatIsDownLosesNothing(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	mail, temporal := &post{failure: &delivery.Failure{Code: delivery.MailUnreachable}}, &frontend{}
	d := deliverer(o, byMail, mail, nil, temporal)
	run(t, d, o, 1)

	require.Equal(t, outbox.HandedOver, o.state("CS-2026-000123-1").State)
	require.Equal(t, delivery.MailUnreachable, o.state("CS-2026-000123-1").LastError)
	require.Equal(t, "CS-2026-000123-1", temporal.options[0].ID)
	require.Greater(t, temporal.options[0].ScheduleToCloseTimeout, activities.GiveUpAfter)

	require.Error(t, attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}), "still down: tried again")
	require.Equal(t, 2, o.state("CS-2026-000123-1").Attempts)
	mail.set(nil)
	require.NoError(t, attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}))
	require.NoError(t, attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}), "a repeat of what is done does nothing")
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
	require.Equal(t, outbox.Sent, o.state("CS-2026-000123-1").State)
}

// glpi#1996, osTicket#5153: mail repeated at every run.
func TestEscalationMailRepeatedGlpi1996(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	mail := &post{}
	d := deliverer(o, byMail, mail, nil, &frontend{})
	run(t, d, o, 1)
	run(t, d, o, 0)
	for range 5 {
		require.NoError(t, attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}))
	}
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
}

func TestWithMailServerAndTemporalAwayAMessageStaysInTheOutbox(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"), toLiNa("CS-2026-000123-2"))
	mail, temporal := &post{failure: &delivery.Failure{Code: delivery.MailUnreachable}}, &frontend{down: true}
	d := deliverer(o, byMail, mail, nil, temporal)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	require.Eventually(t, func() bool { mail.Lock(); defer mail.Unlock(); return mail.tried == 2 }, 10*time.Second, time.Millisecond)
	stop()
	<-ended
	require.Equal(t, outbox.Queued, o.state("CS-2026-000123-1").State, "its lease runs out, and it is claimed again")
	require.Equal(t, outbox.Queued, o.state("CS-2026-000123-2").State)
}

func TestAnUnknownMailboxIsNotTriedForDays(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	temporal := &frontend{}
	run(t, deliverer(o, byMail, &post{failure: &delivery.Failure{Code: "smtp_rcpt_550", Permanent: true}}, nil, temporal), o, 1)
	require.Equal(t, outbox.Failed, o.state("CS-2026-000123-1").State)
	require.Equal(t, "smtp_rcpt_550", o.state("CS-2026-000123-1").LastError)
	require.Empty(t, temporal.options)
}

func TestACustomerWithoutAnAddressShows(t *testing.T) {
	o := newOutbox(toCustomer("CS-2026-000123-1"))
	run(t, deliverer(o, delivery.Contact{}, &post{}, nil, &frontend{}), o, 1)
	require.Equal(t, outbox.Withheld, o.state("CS-2026-000123-1").State)
	require.Equal(t, delivery.NoAddress, o.state("CS-2026-000123-1").LastError)
}

func TestAMessageIsGivenUpAfterDays(t *testing.T) {
	old := toLiNa("CS-2026-000123-1")
	old.QueuedAt = time.Now().Add(-activities.GiveUpAfter - time.Hour)
	o := newOutbox(old)
	d := deliverer(o, byMail, &post{failure: &delivery.Failure{Code: delivery.MailUnreachable}}, nil, &frontend{})
	var failed *temporal.ApplicationError
	require.ErrorAs(t, attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}), &failed)
	require.True(t, failed.NonRetryable())
	require.Equal(t, outbox.Failed, o.state("CS-2026-000123-1").State)
	require.Equal(t, "given_up: smtp_unreachable", o.state("CS-2026-000123-1").LastError)
}

// zammad#1131, chatwoot#5131: auto-replies in a loop.
func TestMailLoopStopsAtTheBudgetZammad1131Chatwoot5131(t *testing.T) {
	o := newOutbox()
	for _, id := range []string{"a", "b", "c"} {
		m, sent := toCustomer(id), time.Now().Add(-time.Hour)
		m.State, m.SentAt = outbox.Sent, &sent
		o.messages[id] = &m
	}
	next := toCustomer("d")
	next.State = outbox.Queued
	o.messages["d"], o.waiting = &next, []string{"d"}
	mail, frontend := &post{}, &frontend{}
	d := deliverer(o, byMail, mail, nil, frontend)
	d.CustomerBudget = 3
	run(t, d, o, 1)
	require.Empty(t, mail.sent, "held")
	require.Equal(t, delivery.OverBudget, o.state("d").LastError, "and visible")

	d.Now = func() time.Time { return time.Now().Add(24 * time.Hour) }
	require.NoError(t, attempt(t, d, activities.DeliverMessage{ID: "d"}))
	require.Equal(t, map[string]int{"d": 1}, mail.sent, "a day later it goes")
}

func TestMessagesOfAComplaintLeaveInTheOrderOfItsRecord(t *testing.T) {
	queued := []outbox.Message{toLiNa("CS-2026-000123-10"), toLiNa("CS-2026-000123-9"), toLiNa("CS-2026-000122-3"), toLiNa("CS-2026-000123-11")}
	for i := range queued {
		queued[i].QueuedAt = queued[0].QueuedAt // by one step
	}
	o := newOutbox(queued...)
	mail := &post{}
	run(t, deliverer(o, byMail, mail, nil, &frontend{}), o, 4)
	require.Equal(t, []string{"CS-2026-000122-3", "CS-2026-000123-9", "CS-2026-000123-10", "CS-2026-000123-11"}, mail.order)
}

func TestWhoHasMailAndWebhookGetsBothOnce(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	mail, hook, temporal := &post{}, &post{failure: &delivery.Failure{Code: delivery.WebhookUnreached}}, &frontend{}
	both := delivery.Contact{Email: "canary@example.org", Webhook: delivery.Endpoint{URL: "https://example.org"}}
	d := deliverer(o, both, mail, hook, temporal)
	run(t, d, o, 1)
	require.Equal(t, activities.DeliverMessage{ID: "CS-2026-000123-1", Done: []delivery.Channel{delivery.ByMail}}, temporal.inputs[0])
	hook.set(nil)
	require.NoError(t, attempt(t, d, temporal.inputs[0].(activities.DeliverMessage)))
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, hook.sent)
	require.Equal(t, "email+webhook", o.state("CS-2026-000123-1").Channel)
}

func TestNoWordAndNoAddressReachesTemporal(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	mail, frontend := &post{failure: &delivery.Failure{Code: "smtp_rcpt_451"}}, &frontend{}
	d := deliverer(o, byMail, mail, nil, frontend)
	run(t, d, o, 1)
	said := frontend.options[0].Summary + frontend.options[0].StaticDetails
	for _, input := range frontend.inputs {
		said += asJSON(t, input)
	}
	said += attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}).Error()
	o.down = true
	said += attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}).Error()
	require.NotContains(t, said, "canary")
	require.Contains(t, said, "smtp_rcpt_451")
}

func TestAnActivityWhoseStarterDiedTakesTheMessageOver(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	d := deliverer(o, byMail, &post{failure: &delivery.Failure{Code: delivery.MailUnreachable}}, nil, &frontend{})
	require.Error(t, attempt(t, d, activities.DeliverMessage{ID: "CS-2026-000123-1"}))
	require.Equal(t, outbox.HandedOver, o.state("CS-2026-000123-1").State, "nobody else claims it")
}

func TestAnActivityLeavesAMessageToTheWorkerThatHasIt(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	o.claimed = true
	mail := &post{}
	var again *temporal.ApplicationError
	require.ErrorAs(t, attempt(t, deliverer(o, byMail, mail, nil, &frontend{}), activities.DeliverMessage{ID: "CS-2026-000123-1"}), &again)
	require.False(t, again.NonRetryable())
	require.Empty(t, mail.sent)
}

func TestAnUnknownMessageIsNoReasonToTryForDays(t *testing.T) {
	var failed *temporal.ApplicationError
	require.ErrorAs(t, attempt(t, deliverer(newOutbox(), byMail, &post{}, nil, &frontend{}), activities.DeliverMessage{ID: "none"}), &failed)
	require.True(t, failed.NonRetryable())
}

func TestADatabaseAwayForAMomentSendsNothingTwice(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	mail := &post{}
	d := deliverer(o, byMail, mail, nil, &frontend{})
	o.deafTo = 2
	run(t, d, o, 1)
	require.Equal(t, outbox.Sent, o.state("CS-2026-000123-1").State)
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
}

// First review: A12.
func TestWhatLeftByOneChannelLeavesByTheOtherAloneThoughTemporalIsAway(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"))
	mail, hook := &post{}, &post{failure: &delivery.Failure{Code: delivery.WebhookUnreached}}
	both := delivery.Contact{Email: "canary@example.org", Webhook: delivery.Endpoint{URL: "https://hooks.example.org"}}
	d := deliverer(o, both, mail, hook, &frontend{down: true})
	for range 3 { // leases, one after the other
		o.waiting = []string{"CS-2026-000123-1"}
		d.Run(until(t, func() bool {
			hook.Lock()
			defer hook.Unlock()
			return hook.tried > 0 && o.state("CS-2026-000123-1").Channel == "email"
		}))
		hook.Lock()
		hook.tried = 0
		hook.Unlock()
	}
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
	hook.set(nil)
	o.waiting = []string{"CS-2026-000123-1"}
	d.Run(until(t, func() bool { return o.state("CS-2026-000123-1").State == outbox.Sent }))
	require.Equal(t, "email+webhook", o.state("CS-2026-000123-1").Channel)
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
}

// until is a context that ends once something is so.
func until(t *testing.T, is func() bool) context.Context {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer stop()
		for again := time.Tick(time.Millisecond); ctx.Err() == nil && !is(); {
			select {
			case <-again:
			case <-ctx.Done():
			}
		}
	}()
	return ctx
}

// stopped is a mail server by which a worker is stopped until somebody else has its claims.
type stopped struct {
	post
	meanwhile func()
}

func (s *stopped) Send(ctx context.Context, letter delivery.Letter) error {
	err := s.post.Send(ctx, letter)
	s.meanwhile()
	return err
}

// First review: D7b.
func TestAWorkerThatWasStoppedAsksWhetherItsClaimsStillHold(t *testing.T) {
	o := newOutbox(toLiNa("CS-2026-000123-1"), toLiNa("CS-2026-000123-2"), toLiNa("CS-2026-000123-3"))
	mail := &stopped{}
	mail.meanwhile = func() { // it was stopped while it sent the first: somebody else has claimed and sent the others
		o.Lock()
		defer o.Unlock()
		for _, id := range []string{"CS-2026-000123-2", "CS-2026-000123-3"} {
			o.messages[id].Attempts++
		}
	}
	d := deliverer(o, byMail, nil, nil, &frontend{})
	d.Channels[delivery.ByMail] = mail
	run(t, d, o, 1)
	require.Equal(t, map[string]int{"CS-2026-000123-1": 1}, mail.sent)
	require.Equal(t, outbox.Sent, o.state("CS-2026-000123-1").State)
}
