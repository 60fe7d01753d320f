package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
)

func TestOneWriteIsEverythingThatFollowsFromAStep(t *testing.T) {
	s, _ := database(t)
	l, stored := recorded(t, s)

	file, err := s.Complaint(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, 6, file.Recorded)
	require.Equal(t, complaint.PersonID("zhao-lei"), file.People.Handler)

	rows, err := s.RecordPage(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, rows, 6)
	require.Equal(t, stored.AsStep(), *rows[0].Step)
	require.Equal(t, file.Head, rows[5].Hash)
	rest, err := s.RecordPage(t.Context(), l.Number, 4, 1)
	require.NoError(t, err)
	require.Equal(t, rows[4:5], rest)

	clocks, err := s.Clocks(t.Context(), l.Number)
	require.NoError(t, err)
	require.Len(t, clocks, 1)
	require.Equal(t, "contact", clocks[0].Name)
	require.Equal(t, friday.Add(24*time.Hour), clocks[0].DueAt)
	require.Len(t, clocks[0].Ledger, 1)
	require.Equal(t, complaint.DeadlineStarted, clocks[0].Ledger[0].Kind)

	tasks, err := s.Tasks(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, complaint.Contact, tasks[0].Kind, "soonest due first")
	require.Nil(t, tasks[1].Due)

	messages, err := s.Messages(t.Context(), l.Number)
	require.NoError(t, err)
	require.Len(t, messages, 1)
	require.Equal(t, store.MessageQueued, messages[0].State)

	answered, err := s.Submission(t.Context(), stored.ID)
	require.NoError(t, err)
	require.Equal(t, store.Accepted, answered.State)
	require.Equal(t, complaint.Investigating, answered.Result.Stage)
}

func TestTasksFollowTheLastWrite(t *testing.T) {
	s, _ := database(t)
	l, _ := recorded(t, s)
	due := friday.Add(3 * time.Hour)
	w := l.write("rung:contact/1/0", complaint.Event{Kind: complaint.TierReached, At: friday, By: complaint.Clock, Tier: 1})
	w.Tasks = []complaint.Task{{Kind: complaint.Find, Person: "zhao-lei", Role: complaint.Handler, Due: &due}, {Kind: complaint.Assign, Role: complaint.Owner}}
	err := s.Record(t.Context(), w)
	require.NoError(t, err)
	tasks, err := s.Tasks(t.Context(), l.Number)
	require.NoError(t, err)
	require.Equal(t, w.Tasks, tasks)
}

func TestAWriteRepeatedAnyNumberOfTimesIsOnTheRecordOnce(t *testing.T) {
	s, _ := database(t)
	stored := register(t, s)
	_, w := begun(stored)
	answers := make([]error, 8)
	var writers sync.WaitGroup
	for i := range answers {
		writers.Go(func() { answers[i] = s.Record(context.Background(), w) })
	}
	writers.Wait()
	wrote := 0
	for _, err := range answers {
		if err == nil {
			wrote++
			continue
		}
		require.ErrorIs(t, err, store.ErrRecordTaken)
	}
	require.Equal(t, 1, wrote)

	later := w
	later.Events = append([]complaint.Event(nil), w.Events...)
	for i := range later.Events {
		later.Events[i].At = friday.Add(5 * time.Second)
	}
	require.ErrorIs(t, s.Record(t.Context(), later), store.ErrRecordTaken, "a worker that repeats its work does so later")
	there, err := s.RecordPage(t.Context(), w.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, there, 6)
	require.Equal(t, friday, there[0].At, "what is on the record stays")
}

func TestAWorkerThatForgotAWriteIsToldThatTheRecordGoesOn(t *testing.T) {
	s, _ := database(t)
	l, _ := recorded(t, s)
	stored, err := s.Submit(t.Context(), submission(l.Number, "k", "words"))
	require.NoError(t, err)
	forgotten := *l
	require.NoError(t, s.Record(t.Context(), note(l, stored)))

	w := forgotten.write("rung:contact/1/0", complaint.Event{Kind: complaint.TierReached, At: friday, By: complaint.Clock, Tier: 1})
	require.ErrorIs(t, s.Record(t.Context(), w), store.ErrRecordTaken)
	ahead, err := s.RecordPage(t.Context(), l.Number, w.Before, 0)
	require.NoError(t, err)
	require.Len(t, ahead, 1)
	require.Equal(t, complaint.Note, ahead[0].Step.Name)

	w.Before += len(ahead)
	require.NoError(t, s.Record(t.Context(), w))
}

func TestARecordThatDoesNotFitFailsLoudly(t *testing.T) {
	s, _ := database(t)
	l, stored := recorded(t, s)
	_, first := begun(stored)

	for name, change := range map[string]func(*store.Write){
		"same cause, other content":    func(w *store.Write) { w.Events[2].Stage = complaint.Closed },
		"same cause, one event less":   func(w *store.Write) { w.Events = w.Events[:5] },
		"in the middle of a write":     func(w *store.Write) { w.Before = 2 },
		"after rows that aren't there": func(w *store.Write) { w.Before = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			w := first
			w.Events = append([]complaint.Event(nil), first.Events...)
			change(&w)
			err := s.Record(t.Context(), w)
			require.ErrorIs(t, err, store.ErrRecordConflict)
			require.ErrorContains(t, err, l.Number)
		})
	}
	rows, err := s.RecordPage(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, rows, 6, "nothing changed")
}

func TestTheRecordOnlyGrows(t *testing.T) {
	_, url := database(t)
	connection, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	for _, statement := range []string{
		"UPDATE record SET by = 'nobody'", "DELETE FROM record", "TRUNCATE record", "UPDATE writes SET cause = ''", "DELETE FROM seals",
		"UPDATE procedures SET body = ''", "DELETE FROM calendars",
	} {
		_, err := connection.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "append-only", statement)
	}
}

func TestTheApplicationsRoleMayAddToTheRecordAndNoMore(t *testing.T) {
	_, url := database(t)
	// A test's database has one role only; "public" stands for the application's.
	require.NoError(t, store.Grant(t.Context(), url, "public"))
	connection, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	for table, may := range map[string][]string{
		"record": {"INSERT", "SELECT"}, "writes": {"INSERT", "SELECT"}, "seals": {"INSERT", "SELECT"}, "procedures": {"INSERT", "SELECT"},
		"complaints": {"INSERT", "SELECT", "UPDATE"}, "submissions": {"INSERT", "SELECT", "UPDATE"},
	} {
		rows, err := connection.Query(t.Context(), `SELECT acl.privilege_type FROM pg_class c, aclexplode(c.relacl) acl
			WHERE c.oid = $1::regclass AND acl.grantee = 0 ORDER BY 1`, table)
		require.NoError(t, err)
		granted, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.Equal(t, may, granted, table)
	}
}

func TestMigrationsGoUpDownAndUpAgain(t *testing.T) {
	url := stack.Database(t)
	require.NoError(t, store.Migrate(t.Context(), url))
	require.NoError(t, store.Migrate(t.Context(), url), "nothing to do")
	require.NoError(t, store.MigrateDownTo(t.Context(), url, 0))
	require.NoError(t, store.Migrate(t.Context(), url))
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	defer s.Close()
	recorded(t, s)
}

func TestAnAbsentDatabaseIsSaidWithinTwoSeconds(t *testing.T) {
	began := time.Now()
	_, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/nothing")
	require.ErrorContains(t, err, "doesn't answer")
	require.Less(t, time.Since(began), 2*time.Second)
}
