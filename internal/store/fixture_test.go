package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
)

func TestMain(m *testing.M) { stack.Main(m) }

// friday is when the complaints of these tests begin.
var friday = time.Date(2026, 2, 13, 9, 30, 0, 0, time.UTC)

// database is a migrated database for one test, and its URL.
func database(t testing.TB) (*store.Store, string) {
	t.Helper()
	url := stack.CopyOf(t, "store", store.Migrate)
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s, url
}

var agent = complaint.Actor{Person: "li-na", Roles: []complaint.Role{complaint.Agent}, Department: "service"}

var keys atomic.Int64

// registration is a complaint as an agent takes it in on the telephone.
func registration() store.Registration {
	return store.Registration{
		Submission: store.Submission{
			Step: complaint.Register, By: agent, Key: fmt.Sprintf("key-%d", keys.Add(1)), At: friday,
			Body: json.RawMessage(`{"narrative": "Parcel left at the wrong door, twice.", "customer": {"name": "张伟"}}`),
			Facts: complaint.Facts{Registration: &complaint.Registration{
				Procedure: "courier-station", Version: 1, Channel: "phone", Category: "operations.mistake", Language: "zh-CN"}},
		},
		NumberPattern: "CS-{year}-{sequence:6}", Year: 2026,
		Customer: store.Customer{Name: "张伟", Phone: "+86 138-0013-8000", Email: "zhang.wei@example.com", Language: "zh-CN"},
		Search:   []string{"AB12345678"},
	}
}

// register stores a registration that change has touched.
func register(t testing.TB, s *store.Store, change ...func(*store.Registration)) store.Stored {
	t.Helper()
	r := registration()
	for _, c := range change {
		c(&r)
	}
	stored, err := s.Register(t.Context(), r)
	require.NoError(t, err)
	return stored
}

// life folds events as a workflow does, and remembers how far the record has got.
type life struct {
	complaint.Complaint
	recorded int
}

func (l *life) write(cause string, events ...complaint.Event) store.Write {
	for _, e := range events {
		l.Apply(e)
	}
	w := store.Write{Number: l.Number, Before: l.recorded, Cause: cause, Events: events, After: l.Complaint}
	l.recorded += len(events)
	return w
}

// begun is the first write of a registered complaint: the step, who has it, a clock, and a word to the handler.
func begun(stored store.Stored) (*life, store.Write) {
	l := &life{Complaint: complaint.Complaint{Number: stored.Number}}
	step := stored.AsStep()
	due := friday.Add(24 * time.Hour)
	events := []complaint.Event{
		{Kind: complaint.StepTaken, At: friday, By: step.By.Person, Step: &step},
		{Kind: complaint.TermsSet, At: friday, By: complaint.Procedure, Terms: &complaint.Terms{Procedure: "courier-station", Version: 1, HeadDuty: "{department}.head"}},
		{Kind: complaint.StageEntered, At: friday, By: complaint.Procedure, Stage: complaint.Investigating, From: complaint.Received},
		{Kind: complaint.PeopleNamed, At: friday, By: complaint.Procedure,
			People: &complaint.People{Department: "operations", Owner: "wang-fang", Handler: "zhao-lei"}},
		{Kind: complaint.DeadlineStarted, At: friday, By: complaint.Clock, Deadline: &complaint.Deadline{
			Name: "contact", Round: 1, Within: "24h", StartedAt: friday, DueAt: due, Calendar: "cn@1", State: complaint.Running,
			Rungs: []complaint.Rung{{Label: "due", At: due, Tier: 1, Lapses: true}}}},
		{Kind: complaint.MessageQueued, At: friday, By: complaint.Procedure,
			Message: &complaint.Message{ID: stored.Number + "/6/zhao-lei", To: "zhao-lei", Template: "assigned"}},
	}
	w := l.write(complaint.CauseOfStep(stored.ID), events...)
	w.Submission = stored.ID
	w.Result = &complaint.Result{Number: stored.Number, Stage: complaint.Investigating, Revision: 1}
	w.Tasks = []complaint.Task{{Kind: complaint.Contact, Person: "zhao-lei", Role: complaint.Handler, Due: &due},
		{Kind: complaint.Find, Person: "zhao-lei", Role: complaint.Handler}}
	return l, w
}

// recorded registers a complaint and records its beginning.
func recorded(t testing.TB, s *store.Store, change ...func(*store.Registration)) (*life, store.Stored) {
	t.Helper()
	stored := register(t, s, change...)
	l, w := begun(stored)
	err := s.Record(t.Context(), w)
	require.NoError(t, err)
	return l, stored
}

// note is a step with words and nothing else.
func note(l *life, stored store.Stored) store.Write {
	step := stored.AsStep()
	w := l.write(complaint.CauseOfStep(stored.ID), complaint.Event{Kind: complaint.StepTaken, At: stored.At, By: step.By.Person, Step: &step})
	w.Submission, w.Result = stored.ID, &complaint.Result{Number: l.Number, Stage: l.Stage, Revision: l.Revision}
	return w
}

func submission(number, key, words string) store.Submission {
	return store.Submission{Number: number, Step: complaint.Note, By: agent, Key: key, Body: json.RawMessage(fmt.Sprintf(`{"words": %q}`, words)), At: friday.Add(time.Hour)}
}

// sql runs statements as the owner of the tables, as somebody who means harm could.
func sql(t testing.TB, url string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	connection, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer connection.Close(ctx)
	for _, statement := range statements {
		_, err := connection.Exec(ctx, statement)
		require.NoError(t, err, statement)
	}
}

func queryRow(t testing.TB, url string, into any, query string, arguments ...any) error {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	return connection.QueryRow(t.Context(), query, arguments...).Scan(into)
}
