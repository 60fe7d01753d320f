package activities_test

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/letter/lettertest"
	"recourse/internal/message"
	"recourse/internal/store/outbox"
)

// readers keeps letters as their readers see them.
type readers struct {
	sync.Mutex
	failure *delivery.Failure
	mails   []string
}

func (r *readers) Send(_ context.Context, letter delivery.Letter) error {
	r.Lock()
	defer r.Unlock()
	if r.failure != nil {
		return r.failure
	}
	template, err := message.Named(letter.Message.Template)
	if err != nil {
		return err
	}
	subject, body, err := template.Render(letter.Language, letter.Data)
	if err != nil {
		return err
	}
	r.mails = append(r.mails, letter.To.Email+"\n"+subject+"\n"+body)
	return nil
}

func (r *readers) set(f *delivery.Failure) {
	r.Lock()
	defer r.Unlock()
	r.failure = f
}

func (r *readers) read() []string {
	r.Lock()
	defer r.Unlock()
	return append([]string(nil), r.mails...)
}

func TestMailIsAwayThenBackOnRealServers(t *testing.T) {
	s, letters := lettertest.House(t)
	temporal, queue := stack.Client(t), stack.TaskQueue(t)
	mail := &readers{failure: &delivery.Failure{Code: delivery.MailUnreachable}}
	d := &activities.Deliverer{Outbox: s.Outbox, Writer: letters, Channels: map[delivery.Channel]delivery.Sender{delivery.ByMail: mail, delivery.ByWebhook: mail},
		Temporal: temporal, TaskQueue: queue, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), RetryFrom: 100 * time.Millisecond}
	w := worker.New(temporal, queue, worker.Options{})
	w.RegisterActivityWithOptions(d.DeliverMessage, activity.RegisterOptions{Name: activities.DeliverMessageActivity})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })

	number := lettertest.Registered(t, s, complaint.Message{To: complaint.Customer, Template: message.CustomerReceived.Name(), Link: "follow"})
	state := func() outbox.Message {
		m, err := s.Outbox.One(t.Context(), number+"-a")
		require.NoError(t, err)
		return m
	}
	// One from the outbox, one of the activity, and one more: by then Temporal has heard how the
	// activity's first one failed.
	require.Eventually(t, func() bool { return state().State == outbox.HandedOver && state().Attempts > 2 }, 30*time.Second, 20*time.Millisecond)
	require.Equal(t, delivery.MailUnreachable, state().LastError)
	running, err := temporal.GetActivityHandle(client.GetActivityHandleOptions{ActivityID: number + "-a"}).
		Describe(t.Context(), client.DescribeActivityOptions{IncludeInput: true, IncludeHeartbeatDetails: true, IncludeLastFailure: true})
	require.NoError(t, err, "it is found in the Temporal UI by the message's ID")
	require.Contains(t, running.RawResponse.String(), delivery.MailUnreachable, "which says why it is stuck")
	require.NotContains(t, running.RawResponse.String(), "canary")

	mail.set(nil)
	require.Eventually(t, func() bool { return state().State == outbox.Sent }, 30*time.Second, 20*time.Millisecond)
	require.Len(t, mail.read(), 1, "once")
	require.Contains(t, mail.read()[0], "canary@example.org")
}
