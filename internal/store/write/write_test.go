package write_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store/outbox"
	"recourse/internal/store/record"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestOneWriteIsEverythingThatFollowsFromAStep(t *testing.T) {
	s := storetest.New(t)
	l, stored := s.Recorded(t)

	file, err := s.Reading.Complaint(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, 6, file.Recorded)
	require.Equal(t, complaint.PersonID("zhao-lei"), file.People.Handler)

	rows, err := s.Record.Page(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, rows, 6)
	require.Equal(t, stored.AsStep(), *rows[0].Step)
	require.Equal(t, file.Head, rows[5].Hash)
	rest, err := s.Record.Page(t.Context(), l.Number, 4, 1)
	require.NoError(t, err)
	require.Equal(t, rows[4:5], rest)

	clocks, err := s.Reading.Clocks(t.Context(), l.Number)
	require.NoError(t, err)
	require.Len(t, clocks, 1)
	require.Equal(t, "contact", clocks[0].Name)
	require.Equal(t, storetest.Friday.Add(24*time.Hour), clocks[0].DueAt)
	require.Len(t, clocks[0].Ledger, 1)
	require.Equal(t, complaint.DeadlineStarted, clocks[0].Ledger[0].Kind)

	tasks, err := s.Reading.Tasks(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, complaint.Contact, tasks[0].Kind, "soonest due first")
	require.Nil(t, tasks[1].Due)

	messages, err := s.Outbox.Of(t.Context(), l.Number)
	require.NoError(t, err)
	require.Len(t, messages, 1)
	require.Equal(t, outbox.Queued, messages[0].State)

	answered, err := s.Submissions.One(t.Context(), stored.ID)
	require.NoError(t, err)
	require.Equal(t, submission.Accepted, answered.State)
	require.Equal(t, complaint.Investigating, answered.Result.Stage)
}

func TestTasksFollowTheLastWrite(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	due := storetest.Friday.Add(3 * time.Hour)
	w := l.Write("rung:contact/1/0", complaint.Event{Kind: complaint.TierReached, At: storetest.Friday, By: complaint.Clock, Tier: 1})
	w.Complaint.Contacted = true
	w.Complaint.Deadlines = []complaint.Deadline{{Name: "find", Round: 1, StartedAt: storetest.Friday, DueAt: due, Until: []string{"step find"}, State: complaint.Running}}
	w.Complaint.Supports = []complaint.SupportAsked{{Department: "it"}}
	err := s.Writes.Commit(t.Context(), w)
	require.NoError(t, err)
	tasks, err := s.Reading.Tasks(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, []complaint.Task{{Kind: complaint.Find, Person: "zhao-lei", Role: complaint.Handler, Due: &due},
		{Kind: complaint.GiveSupport, Role: "it.head", Detail: "it 1"}}, tasks)
}

func TestAWriteRepeatedAnyNumberOfTimesIsOnTheRecordOnce(t *testing.T) {
	s := storetest.New(t)
	stored := s.Register(t)
	_, w := storetest.Begun(stored)
	answers := make([]error, 8)
	var writers sync.WaitGroup
	for i := range answers {
		writers.Go(func() { answers[i] = s.Writes.Commit(context.Background(), w) })
	}
	writers.Wait()
	wrote := 0
	for _, err := range answers {
		if err == nil {
			wrote++
			continue
		}
		require.ErrorIs(t, err, record.ErrTaken)
	}
	require.Equal(t, 1, wrote)

	later := w
	later.Happened = append([]complaint.Event(nil), w.Happened...)
	for i := range later.Happened {
		later.Happened[i].At = storetest.Friday.Add(5 * time.Second)
	}
	require.ErrorIs(t, s.Writes.Commit(t.Context(), later), record.ErrTaken, "a worker that repeats its work does so later")
	there, err := s.Record.Page(t.Context(), w.Complaint.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, there, 6)
	require.Equal(t, storetest.Friday, there[0].At, "what is on the record stays")
}

func TestAWorkerThatForgotAWriteIsToldThatTheRecordGoesOn(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	stored, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "k", "words"))
	require.NoError(t, err)
	forgotten := *l
	require.NoError(t, s.Writes.Commit(t.Context(), l.Note(stored)))

	w := forgotten.Write("rung:contact/1/0", complaint.Event{Kind: complaint.TierReached, At: storetest.Friday, By: complaint.Clock, Tier: 1})
	require.ErrorIs(t, s.Writes.Commit(t.Context(), w), record.ErrTaken)
	ahead, err := s.Record.Page(t.Context(), l.Number, w.Before, 0)
	require.NoError(t, err)
	require.Len(t, ahead, 1)
	require.Equal(t, complaint.Note, ahead[0].Step.Name)

	w.Before += len(ahead)
	require.NoError(t, s.Writes.Commit(t.Context(), w))
}

func TestARecordThatDoesNotFitFailsLoudly(t *testing.T) {
	s := storetest.New(t)
	l, stored := s.Recorded(t)
	_, first := storetest.Begun(stored)

	for name, change := range map[string]func(*complaint.Write){
		"same cause, other content":    func(w *complaint.Write) { w.Happened[2].Stage = complaint.Closed },
		"same cause, one event less":   func(w *complaint.Write) { w.Happened = w.Happened[:5] },
		"in the middle of a write":     func(w *complaint.Write) { w.Before = 2 },
		"after rows that aren't there": func(w *complaint.Write) { w.Before = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			w := first
			w.Happened = append([]complaint.Event(nil), first.Happened...)
			change(&w)
			err := s.Writes.Commit(t.Context(), w)
			require.ErrorIs(t, err, record.ErrConflict)
			require.ErrorContains(t, err, l.Number)
		})
	}
	rows, err := s.Record.Page(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, rows, 6, "nothing changed")
}
