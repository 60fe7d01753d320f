// Package storetest is what the tests of the store's concerns have in common: a database of their
// own, and complaints to put into it. Only tests import it.
package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/attachment"
	"recourse/internal/store/away"
	"recourse/internal/store/erasure"
	"recourse/internal/store/learning"
	"recourse/internal/store/links"
	"recourse/internal/store/outbox"
	"recourse/internal/store/published"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/store/remembered"
	"recourse/internal/store/submission"
	"recourse/internal/store/write"
)

// Friday is when the complaints of these tests begin.
var Friday = time.Date(2026, 2, 13, 9, 30, 0, 0, time.UTC)

// Agent is who takes the complaints of these tests in.
var Agent = complaint.Actor{Person: "li-na", Roles: []complaint.Role{complaint.Agent}, Department: "service"}

// Everybody sees what is closed to nobody.
var Everybody = reading.Viewer{Person: "auditor", All: true}

// Database is a database with all that is kept in it.
type Database struct {
	Pool *pgxpool.Pool
	URL  string

	Absences    *away.Store
	Remembered  *remembered.Store
	Attachments *attachment.Store
	Erasure     *erasure.Store
	Learning    *learning.Store
	Links       *links.Store
	Outbox      *outbox.Store
	Published   *published.Store
	Reading     *reading.Store
	Record      *record.Store
	Submissions *submission.Store
	Writes      *write.Store
}

// New is a migrated database for one test.
func New(t testing.TB) *Database {
	t.Helper()
	url := stack.CopyOf(t, "store", store.Migrate)
	pool, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return On(pool, url)
}

// On is what is kept in a database that a test has opened itself.
func On(pool *pgxpool.Pool, url string) *Database {
	return &Database{Pool: pool, URL: url, Absences: away.New(pool), Remembered: remembered.New(pool), Attachments: attachment.New(pool),
		Erasure: erasure.New(pool), Learning: learning.New(pool), Links: links.New(pool), Outbox: outbox.New(pool), Published: published.New(pool),
		Reading: reading.New(pool), Record: record.New(pool), Submissions: submission.New(pool), Writes: write.New(pool)}
}

var keys atomic.Int64

// Registration is a complaint as an agent takes it in on the telephone.
func Registration() submission.Registration {
	return submission.Registration{
		Submission: submission.Submission{
			Step: complaint.Register, By: Agent, Key: fmt.Sprintf("key-%d", keys.Add(1)), At: Friday,
			Body: json.RawMessage(`{"narrative": "Parcel left at the wrong door, twice.", "customer": {"name": "张伟"}}`),
			Facts: complaint.Facts{Registration: &complaint.Registration{
				Procedure: "courier-station", Version: 1, Channel: "phone", Category: "operations.mistake", Language: "zh-CN"}},
			Search: []string{"AB12345678"},
		},
		NumberPattern: "CS-{year}-{sequence:6}", Year: 2026,
		Customer: submission.Customer{Name: "张伟", Phone: "+86 138-0013-8000", Email: "zhang.wei@example.com", Language: "zh-CN"},
	}
}

// Register stores a registration that change has touched.
func (d *Database) Register(t testing.TB, change ...func(*submission.Registration)) submission.Stored {
	t.Helper()
	r := Registration()
	for _, c := range change {
		c(&r)
	}
	stored, err := d.Submissions.Register(t.Context(), r)
	require.NoError(t, err)
	return stored
}

// Life folds events as a workflow does, and remembers how far the record has got.
type Life struct {
	complaint.Complaint
	recorded int
}

// Write is the next write of a life.
func (l *Life) Write(cause string, events ...complaint.Event) complaint.Write {
	for _, e := range events {
		l.Apply(e)
	}
	w := complaint.Write{Complaint: l.Complaint, Before: l.recorded, Cause: cause, Happened: events}
	l.recorded += len(events)
	return w
}

// Begun is the first write of a registered complaint: the step, who has it and has accepted it, a
// clock, and a word to the handler, whose tasks are to contact the customer while the clock runs,
// and to find out what happened.
func Begun(stored submission.Stored) (*Life, complaint.Write) {
	l := &Life{Complaint: complaint.Complaint{Number: stored.Number}}
	step := stored.AsStep()
	due := Friday.Add(24 * time.Hour)
	w := l.Write(complaint.CauseOfStep(stored.ID),
		complaint.Event{Kind: complaint.StepTaken, At: Friday, By: step.By.Person, Step: &step},
		complaint.Event{Kind: complaint.TermsSet, At: Friday, By: complaint.Procedure, Terms: &complaint.Terms{Procedure: "courier-station", Version: 1, HeadDuty: "{department}.head"}},
		complaint.Event{Kind: complaint.StageEntered, At: Friday, By: complaint.Procedure, Stage: complaint.Investigating, From: complaint.Received},
		complaint.Event{Kind: complaint.PeopleNamed, At: Friday, By: complaint.Procedure,
			People: &complaint.People{Department: "operations", Owner: "wang-fang", Handler: "zhao-lei"}},
		complaint.Event{Kind: complaint.DeadlineStarted, At: Friday, By: complaint.Clock, Deadline: &complaint.Deadline{
			Name: "contact", Round: 1, Within: "24h", StartedAt: Friday, DueAt: due, Calendar: "cn@1", Until: []string{"step contact"}, State: complaint.Running,
			Rungs: []complaint.Rung{{Label: "due", At: due, Tier: 1, Lapses: true}}}},
		complaint.Event{Kind: complaint.MessageQueued, At: Friday, By: complaint.Procedure,
			Message: &complaint.Message{ID: stored.Number + "/6/zhao-lei", To: "zhao-lei", Template: "assigned"}},
	)
	l.Accepted = true
	w.Complaint, w.Submission, w.By = l.Complaint, stored.ID, stored.By
	return l, w
}

// Recorded registers a complaint and commits its beginning.
func (d *Database) Recorded(t testing.TB, change ...func(*submission.Registration)) (*Life, submission.Stored) {
	t.Helper()
	stored := d.Register(t, change...)
	l, w := Begun(stored)
	require.NoError(t, d.Writes.Commit(t.Context(), w))
	return l, stored
}

// Said is a note, not yet stored.
func Said(number, key, words string) submission.Submission {
	return submission.Submission{Number: number, Step: complaint.Note, By: Agent, Key: key, Body: json.RawMessage(fmt.Sprintf(`{"words": %q}`, words)), At: Friday.Add(time.Hour)}
}

// Note is the write of a stored note: a step with words and nothing else.
func (l *Life) Note(stored submission.Stored) complaint.Write {
	step := stored.AsStep()
	w := l.Write(complaint.CauseOfStep(stored.ID), complaint.Event{Kind: complaint.StepTaken, At: stored.At, By: step.By.Person, Step: &step})
	w.Submission, w.By = stored.ID, step.By
	return w
}

// Assess takes an assessment that drafts a case for the library, and commits it.
func (d *Database) Assess(t testing.TB, l *Life, title, text string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"case_value": true, "draft": map[string]string{"title": title, "text": text}})
	require.NoError(t, err)
	stored, err := d.Submissions.Submit(t.Context(), submission.Submission{Number: l.Number, Step: complaint.Assess, By: Agent, Body: body, At: Friday.Add(time.Hour),
		Facts: complaint.Facts{Assessment: &complaint.Assessment{CaseValue: true}}})
	require.NoError(t, err)
	require.NoError(t, d.Writes.Commit(t.Context(), l.Note(stored)))
}

// Repeats is the write of a step that links a complaint to another, as a repeat of it.
func (l *Life) Repeats(number string) complaint.Write {
	step := complaint.Step{Name: complaint.Link, By: Agent, At: Friday, Facts: complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Repeats, Number: number}}}
	return l.Write("signal:link", complaint.Event{Kind: complaint.StepTaken, At: Friday, By: Agent.Person, Step: &step})
}

// HangTogether are three complaints: the second repeats the first, and the third, which is about
// Wang Fang, repeats both.
func (d *Database) HangTogether(t testing.TB) (first, second, third string) {
	t.Helper()
	a, _ := d.Recorded(t)
	b, _ := d.Recorded(t)
	c, begin := Begun(d.Register(t))
	begin.Complaint.Subjects = []complaint.PersonID{"wang-fang"}
	c.Subjects = begin.Complaint.Subjects
	for _, w := range []complaint.Write{begin, b.Repeats(a.Number), c.Repeats(a.Number), c.Repeats(b.Number)} {
		require.NoError(t, d.Writes.Commit(t.Context(), w))
		require.ErrorIs(t, d.Writes.Commit(t.Context(), w), record.ErrTaken, "a worker may ask again")
	}
	return a.Number, b.Number, c.Number
}

// SQL runs statements as the owner of the tables, as somebody who means harm could.
func (d *Database) SQL(t testing.TB, statements ...string) {
	t.Helper()
	ctx := context.Background()
	connection, err := pgx.Connect(ctx, d.URL)
	require.NoError(t, err)
	defer connection.Close(ctx)
	for _, statement := range statements {
		_, err := connection.Exec(ctx, statement)
		require.NoError(t, err, statement)
	}
}
