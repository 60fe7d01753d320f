package activities_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"strings"
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
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/procedures"
)

// house is the courier station in a database of its own.
func house(t *testing.T) (*store.Store, *activities.Letters) {
	t.Helper()
	s, err := store.Open(t.Context(), stack.CopyOf(t, "store", store.Migrate))
	require.NoError(t, err)
	t.Cleanup(s.Close)
	read := func(name string) string {
		body, err := procedures.Files.ReadFile(name)
		require.NoError(t, err)
		return string(body)
	}
	_, err = s.PublishCalendar(t.Context(), "cn", read("calendars/cn.yaml"), "admin")
	require.NoError(t, err)
	_, err = s.PublishProcedure(t.Context(), "courier-station", read("courier-station.yaml"), "admin")
	require.NoError(t, err)
	people, err := os.ReadFile("../deploy/directory/courier-station.yaml")
	require.NoError(t, err)
	_, err = s.PublishDirectory(t.Context(), "courier-station", string(people), "admin")
	require.NoError(t, err)
	rules, err := rulebook.Open(t.Context(), s, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	signer, err := link.NewSigner([]byte(strings.Repeat("k", 32)))
	require.NoError(t, err)
	return s, &activities.Letters{Store: s, Rulebook: rules, Links: signer, PublicURL: "https://recourse.example",
		WebhookKey: []byte(strings.Repeat("w", 32))}
}

// registered is a complaint on the record that has queued the messages.
func registered(t *testing.T, s *store.Store, queued ...complaint.Message) string {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Millisecond)
	stored, err := s.Register(t.Context(), store.Registration{
		Submission: store.Submission{Step: complaint.Register, By: complaint.Actor{Person: "li-na"}, At: at,
			Body: json.RawMessage(`{"narrative":"canary narrative"}`),
			Facts: complaint.Facts{Registration: &complaint.Registration{Procedure: "courier-station", Version: 1, Channel: "phone",
				Category: "operations.mistake", Language: "zh-CN"}}},
		NumberPattern: "CS-{year}-{sequence:6}", Year: 2026,
		Customer: store.Customer{Name: "canary 王女士", Email: "canary@example.org", Language: "zh-CN"},
	})
	require.NoError(t, err)
	proposed, err := s.Submit(t.Context(), store.Submission{Number: stored.Number, Step: complaint.Propose, By: complaint.Actor{Person: "li-na"}, At: at,
		Body: json.RawMessage(`{"reasons":"canary 我们送错了门"}`)})
	require.NoError(t, err)
	register, propose := stored.AsStep(), proposed.AsStep()
	propose.Facts.Proposal = &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: "20.00", Currency: "CNY"}}}
	events := []complaint.Event{
		{Kind: complaint.StepTaken, At: at, By: "li-na", Step: &register},
		{Kind: complaint.TermsSet, At: at, By: complaint.Procedure, Terms: &complaint.Terms{Procedure: "courier-station", Version: 1}},
		{Kind: complaint.StageEntered, At: at, By: complaint.Procedure, Stage: complaint.Proposing, From: complaint.Received},
		{Kind: complaint.StepTaken, At: at, By: "li-na", Step: &propose},
	}
	for i := range queued {
		queued[i].ID = stored.Number + "-" + string(rune('a'+i))
		events = append(events, complaint.Event{Kind: complaint.MessageQueued, At: at, By: complaint.Procedure, Message: &queued[i]})
	}
	after := complaint.Complaint{Number: stored.Number}
	for _, e := range events {
		after.Apply(e)
	}
	err = s.Record(t.Context(), store.Write{Number: stored.Number, Cause: complaint.CauseOfStep(stored.ID), Events: events, After: after,
		Submission: stored.ID, Result: &complaint.Result{Number: stored.Number}})
	require.NoError(t, err)
	return stored.Number
}

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
	subject, body, err := message.Render(message.Template(letter.Message.Template), letter.Language, letter.Data)
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

func write(t *testing.T, letters *activities.Letters, queued store.OutboxMessage) (delivery.Letter, error) {
	t.Helper()
	clerk, err := letters.About(t.Context(), queued.Number)
	require.NoError(t, err)
	return clerk.Write(t.Context(), queued)
}

func TestTheCustomerReadsTheProposalAndCanAnswerIt(t *testing.T) {
	s, letters := house(t)
	number := registered(t, s, complaint.Message{To: complaint.Customer, Template: string(message.CustomerProposal), ProposalRevision: 1, Link: "answer"})
	queued, err := s.Message(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, "canary@example.org", letter.To.Email)
	subject, body, err := message.Render(message.CustomerProposal, letter.Language, letter.Data)
	require.NoError(t, err)
	require.Equal(t, "请确认处理方案："+number, subject)
	require.Contains(t, body, "尊敬的canary 王女士，您好：")
	require.Contains(t, body, "- 退款 20.00元\n| canary 我们送错了门")

	token, found := strings.CutPrefix(letter.Data.Link, "https://recourse.example/v1/links/")
	require.True(t, found)
	opened, err := letters.Links.Open(token, time.Now())
	require.NoError(t, err)
	require.Equal(t, number, opened.Number)
	require.Equal(t, link.Answer, opened.Purpose)
	require.Equal(t, 1, opened.Subject)

	again, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, letter.Data.Link, again.Data.Link, "tried again, it carries the same link")
}

func TestAReminderAfterTheLinkWasRevokedCarriesNone(t *testing.T) {
	s, letters := house(t)
	number := registered(t, s, complaint.Message{To: complaint.Customer, Template: string(message.CustomerProposalReminder), ProposalRevision: 1, Link: "answer"})
	queued, err := s.Message(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.NotEmpty(t, letter.Data.Link)
	issued, err := s.Links(t.Context(), number)
	require.NoError(t, err)
	require.NoError(t, s.RevokeLink(t.Context(), number, issued[0].ID, "li-na"))

	letter, err = write(t, letters, queued)
	require.NoError(t, err)
	require.Empty(t, letter.Data.Link)
	_, body, err := message.Render(message.CustomerProposalReminder, letter.Language, letter.Data)
	require.NoError(t, err)
	require.NotContains(t, body, "http")
}

func TestWhoRegisteredOnTheWebIsNotGreetedByWhatTheyTypedAsAName(t *testing.T) {
	s, letters := house(t)
	number := registered(t, s, complaint.Message{To: complaint.Customer, Template: string(message.CustomerReceived)})
	queued, err := s.Message(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, "canary 王女士", letter.Data.Recipient, "an agent wrote it down")

	file, err := s.Complaint(t.Context(), number)
	require.NoError(t, err)
	before := file.Recorded
	file.RegisteredBy = complaint.Customer
	note := complaint.Event{Kind: complaint.StepTaken, At: time.Now(), By: "li-na", Step: &complaint.Step{Name: complaint.Note}}
	err = s.Record(t.Context(), store.Write{Number: number, Before: before, Cause: "step:note", Events: []complaint.Event{note}, After: file.Complaint})
	require.NoError(t, err)
	letter, err = write(t, letters, queued)
	require.NoError(t, err)
	require.Empty(t, letter.Data.Recipient)
	_, body, err := message.Render(message.CustomerReceived, letter.Language, letter.Data)
	require.NoError(t, err)
	require.Contains(t, body, "尊敬的客户，您好：")
	require.NotContains(t, body, "canary 王女士")
}

func TestWhoBecameASubjectSinceIsNotWrittenTo(t *testing.T) {
	s, letters := house(t)
	number := registered(t, s, complaint.Message{To: "zhao-lei", Template: string(message.Task), Reason: string(complaint.Propose)})
	queued, err := s.Message(t.Context(), number+"-a")
	require.NoError(t, err)
	_, err = write(t, letters, queued)
	require.NoError(t, err)

	file, err := s.Complaint(t.Context(), number)
	require.NoError(t, err)
	found := complaint.Step{Name: complaint.Find, At: time.Now(), By: complaint.Actor{Person: "li-na"},
		Facts: complaint.Facts{Findings: &complaint.Findings{Founded: true, Liability: complaint.LiableDepartment, People: []complaint.PersonID{"zhao-lei"}}}}
	event := complaint.Event{Kind: complaint.StepTaken, At: found.At, By: "li-na", Step: &found}
	before := file.Recorded
	file.Apply(event)
	err = s.Record(t.Context(), store.Write{Number: number, Before: before, Cause: "step:found", Events: []complaint.Event{event}, After: file.Complaint})
	require.NoError(t, err)

	_, err = write(t, letters, queued)
	var failure *delivery.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, delivery.Failure{Code: activities.MayNotKnow, Permanent: true}, *failure)
}

func TestSomebodyUnknownIsNotTriedForDays(t *testing.T) {
	s, letters := house(t)
	number := registered(t, s, complaint.Message{To: "left-long-ago", Template: string(message.Assigned)})
	queued, err := s.Message(t.Context(), number+"-a")
	require.NoError(t, err)
	_, err = write(t, letters, queued)
	var failure *delivery.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, delivery.Failure{Code: activities.UnknownPerson, Permanent: true}, *failure)
}

func TestMailIsAwayThenBackOnRealServers(t *testing.T) {
	s, letters := house(t)
	temporal, queue := stack.Client(t), stack.TaskQueue(t)
	mail := &readers{failure: &delivery.Failure{Code: delivery.MailUnreachable}}
	d := &activities.Deliverer{Outbox: s, Writer: letters, Channels: map[delivery.Channel]delivery.Sender{delivery.ByMail: mail, delivery.ByWebhook: mail},
		Temporal: temporal, TaskQueue: queue, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), RetryFrom: 100 * time.Millisecond}
	w := worker.New(temporal, queue, worker.Options{})
	w.RegisterActivityWithOptions(d.DeliverMessage, activity.RegisterOptions{Name: activities.DeliverMessageActivity})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })

	number := registered(t, s, complaint.Message{To: complaint.Customer, Template: string(message.CustomerReceived), Link: "follow"})
	state := func() store.OutboxMessage {
		m, err := s.Message(t.Context(), number+"-a")
		require.NoError(t, err)
		return m
	}
	// One from the outbox, one of the activity, and one more: by then Temporal has heard how the activity's first one failed.
	require.Eventually(t, func() bool { return state().State == store.MessageHandedOver && state().Attempts > 2 }, 30*time.Second, 20*time.Millisecond)
	require.Equal(t, delivery.MailUnreachable, state().LastError)
	running, err := temporal.GetActivityHandle(client.GetActivityHandleOptions{ActivityID: number + "-a"}).
		Describe(t.Context(), client.DescribeActivityOptions{IncludeInput: true, IncludeHeartbeatDetails: true, IncludeLastFailure: true})
	require.NoError(t, err, "it is found in the Temporal UI by the message's ID")
	require.Contains(t, running.RawResponse.String(), delivery.MailUnreachable, "which says why it is stuck")
	require.NotContains(t, running.RawResponse.String(), "canary")

	mail.set(nil)
	require.Eventually(t, func() bool { return state().State == store.MessageSent }, 30*time.Second, 20*time.Millisecond)
	require.Len(t, mail.read(), 1, "once")
	require.Contains(t, mail.read()[0], "canary@example.org")
}
