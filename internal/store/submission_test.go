package store_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store"
)

func TestTheComplaintsOfAnAddressOnTheWebAreCounted(t *testing.T) {
	s, url := database(t)
	for range 3 {
		recorded(t, s)
	}
	sql(t, url, `UPDATE customers SET email = 'Wang@example.com'`)
	count := func(email string, since time.Time, most int) int {
		t.Helper()
		known, err := s.WebComplaints(t.Context(), email, since, most)
		require.NoError(t, err)
		return known
	}
	before := friday.Add(-time.Hour)
	require.Zero(t, count("wang@example.com", before, 10), "employees may register many for one customer")
	sql(t, url, `UPDATE complaints SET registered_by = 'customer'`)
	require.Equal(t, 3, count("wang@EXAMPLE.com", before, 10))
	require.Equal(t, 2, count("wang@example.com", before, 2), "no further than matters")
	require.Zero(t, count("wang@example.com", time.Now().Add(time.Hour), 10))
	require.Zero(t, count("li@example.com", before, 10))
	sql(t, url, `UPDATE customers SET email = ''`)
	require.Zero(t, count("", before, 10), "no address is no address in common")
}

func TestTenCallersWithOneKeyAreOneSubmission(t *testing.T) {
	s, _ := database(t)
	l, _ := recorded(t, s)
	one, registered := submission(l.Number, "same key", "again at the wrong door"), registration()

	for name, send := range map[string]func() (store.Stored, error){
		"step":         func() (store.Stored, error) { return s.Submit(t.Context(), one) },
		"registration": func() (store.Stored, error) { return s.Register(t.Context(), registered) },
	} {
		t.Run(name, func(t *testing.T) {
			answers := make([]store.Stored, 10)
			var callers sync.WaitGroup
			for i := range answers {
				callers.Go(func() {
					var err error
					answers[i], err = send()
					require.NoError(t, err)
				})
			}
			callers.Wait()
			first := 0
			for _, answer := range answers {
				require.Equal(t, answers[0].ID, answer.ID)
				require.Equal(t, answers[0].Number, answer.Number)
				require.Equal(t, answers[0].AsStep(), answer.AsStep())
				if !answer.Repeated {
					first++
				}
			}
			require.Equal(t, 1, first, "one stored it, nine repeated it")
		})
	}
}

func TestTenCallersWithOneKeyAndTenBodiesAreOneSubmission(t *testing.T) {
	s, _ := database(t)
	l, _ := recorded(t, s)
	refused := make([]error, 10)
	var callers sync.WaitGroup
	for i := range refused {
		callers.Go(func() {
			said := submission(l.Number, "same key", "different "+strconv.Itoa(i))
			said.At = time.Time{} // now
			_, refused[i] = s.Submit(t.Context(), said)
		})
	}
	callers.Wait()
	stored := 0
	for _, err := range refused {
		if err == nil {
			stored++
			continue
		}
		require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
	}
	require.Equal(t, 1, stored)
}

func TestAKeyIsRememberedForAcceptedStepsOnly(t *testing.T) {
	s, _ := database(t)
	l, _ := recorded(t, s)
	first, err := s.Submit(t.Context(), submission(l.Number, "key", "first words"))
	require.NoError(t, err)

	t.Run("long unanswered, other body: judged anew", func(t *testing.T) {
		second, err := s.Submit(t.Context(), submission(l.Number, "key", "second words"))
		require.NoError(t, err)
		require.NotEqual(t, first.ID, second.ID)
		first = second
	})
	t.Run("refused, same body: judged anew", func(t *testing.T) {
		require.NoError(t, s.Refuse(t.Context(), first.ID, complaint.Refusal{Code: complaint.CodeStepNotAllowed, Reason: complaint.ReasonWrongStage}))
		refused, err := s.Submission(t.Context(), first.ID)
		require.NoError(t, err)
		require.Equal(t, complaint.ReasonWrongStage, refused.Refusal.Reason)
		second, err := s.Submit(t.Context(), submission(l.Number, "key", "second words"))
		require.NoError(t, err)
		require.False(t, second.Repeated)
		require.NotEqual(t, first.ID, second.ID)
		first = second
	})
	err = s.Record(t.Context(), note(l, first))
	require.NoError(t, err)
	t.Run("accepted, same body: the first answer", func(t *testing.T) {
		again, err := s.Submit(t.Context(), submission(l.Number, "key", "second words"))
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Equal(t, store.Accepted, again.State)
		require.Equal(t, 2, again.Result.Revision)
	})
	t.Run("accepted, other body: refused", func(t *testing.T) {
		_, err := s.Submit(t.Context(), submission(l.Number, "key", "third words"))
		require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
	})
	t.Run("somebody else's key is another key", func(t *testing.T) {
		theirs := submission(l.Number, "key", "third words")
		theirs.By.Person = "wang-fang"
		_, err := s.Submit(t.Context(), theirs)
		require.NoError(t, err)
	})
	t.Run("without a key nothing is a repetition", func(t *testing.T) {
		one, err := s.Submit(t.Context(), submission(l.Number, "", "words"))
		require.NoError(t, err)
		two, err := s.Submit(t.Context(), submission(l.Number, "", "words"))
		require.NoError(t, err)
		require.NotEqual(t, one.ID, two.ID)
	})
}

func TestNumbersCountWithoutGapsInEachProcedureAndYear(t *testing.T) {
	s, _ := database(t)
	repeated := registration()
	for range 3 {
		_, err := s.Register(t.Context(), repeated)
		require.NoError(t, err)
	}
	require.Equal(t, "CS-2026-000002", register(t, s).Number, "repetitions take no number")
	require.Equal(t, "CS-2027-000001", register(t, s, func(r *store.Registration) { r.Year = 2027 }).Number)
	require.Equal(t, "RE-1-2026", register(t, s, func(r *store.Registration) {
		r.NumberPattern, r.Facts.Registration = "RE-{sequence}-{year}", &complaint.Registration{Procedure: "real-estate-project", Version: 1}
	}).Number)

	var all sync.WaitGroup
	numbers := make([]string, 20)
	for i := range numbers {
		r := registration()
		all.Go(func() {
			stored, err := s.Register(t.Context(), r)
			require.NoError(t, err)
			numbers[i] = stored.Number
		})
	}
	all.Wait()
	require.ElementsMatch(t, []string{
		"CS-2026-000003", "CS-2026-000004", "CS-2026-000005", "CS-2026-000006", "CS-2026-000007", "CS-2026-000008", "CS-2026-000009",
		"CS-2026-000010", "CS-2026-000011", "CS-2026-000012", "CS-2026-000013", "CS-2026-000014", "CS-2026-000015", "CS-2026-000016",
		"CS-2026-000017", "CS-2026-000018", "CS-2026-000019", "CS-2026-000020", "CS-2026-000021", "CS-2026-000022",
	}, numbers)
}

func TestAComplaintRegisteredWhileTemporalIsAwayIsKeptAndRelayedOnce(t *testing.T) {
	s, _ := database(t)
	stored := register(t, s, func(r *store.Registration) { r.RelayAfter = time.Nanosecond })

	file, err := s.Complaint(t.Context(), stored.Number)
	require.NoError(t, err)
	require.Equal(t, store.StandingPending, file.Standing)
	require.Equal(t, complaint.Received, file.Stage)
	require.Equal(t, friday, file.RegisteredAt.UTC())
	require.Equal(t, "张伟", file.Customer.Name)
	require.JSONEq(t, string(stored.Body), string(file.Words))

	claimed, err := s.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.Equal(t, stored.AsStep(), claimed[0].AsStep(), "the workflow gets what it would have got at once")
	again, err := s.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, again, "somebody has it")

	lost, err := s.ClaimRegistrations(t.Context(), 10, time.Nanosecond)
	require.NoError(t, err)
	require.Empty(t, lost)
	_, w := begun(stored)
	err = s.Record(t.Context(), w)
	require.NoError(t, err)
	file, err = s.Complaint(t.Context(), stored.Number)
	require.NoError(t, err)
	require.Equal(t, store.StandingLive, file.Standing)
}

func TestARegistrationNobodyTookUpKeepsItsKey(t *testing.T) {
	s, _ := database(t)
	r := registration()
	_, err := s.Register(t.Context(), r)
	require.NoError(t, err)
	r.Body = []byte(`{"narrative": "something else"}`)
	_, err = s.Register(t.Context(), r)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
}

func TestARefusedRegistrationIsOnNoList(t *testing.T) {
	s, _ := database(t)
	stored := register(t, s)
	require.NoError(t, s.Refuse(t.Context(), stored.ID, complaint.Refusal{Code: complaint.CodeForbidden}))
	listed, _, err := s.List(t.Context(), store.Viewer{Person: "auditor", All: true}, store.Filter{}, "", 0)
	require.NoError(t, err)
	require.Empty(t, listed)
	claimed, err := s.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, claimed)
	tampered, err := s.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, tampered, "its number was given out and is accounted for")
}
