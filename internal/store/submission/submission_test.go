package submission_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestTheComplaintsOfAnAddressOnTheWebAreCounted(t *testing.T) {
	s := storetest.New(t)
	for range 3 {
		s.Recorded(t)
	}
	s.SQL(t, `UPDATE customers SET email = 'Wang@example.com'`)
	count := func(email string, since time.Time, most int) int {
		t.Helper()
		known, oldest, err := s.Submissions.WebComplaints(t.Context(), email, since, most)
		require.NoError(t, err)
		if known == 0 {
			require.WithinDuration(t, since, oldest, time.Millisecond)
		}
		return known
	}
	before := storetest.Friday.Add(-time.Hour)
	require.Zero(t, count("wang@example.com", before, 10), "employees may register many for one customer")
	s.SQL(t, `UPDATE complaints SET registered_by = 'customer'`)
	require.Equal(t, 3, count("wang@EXAMPLE.com", before, 10))
	require.Equal(t, 2, count("wang@example.com", before, 2), "no further than matters")
	require.Zero(t, count("wang@example.com", time.Now().Add(time.Hour), 10))
	require.Zero(t, count("li@example.com", before, 10))
	s.SQL(t, `UPDATE customers SET email = ''`)
	require.Zero(t, count("", before, 10), "no address is no address in common")
}

func TestTenCallersWithOneKeyAreOneSubmission(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	one, registered := storetest.Said(l.Number, "same key", "again at the wrong door"), storetest.Registration()

	for name, send := range map[string]func() (submission.Stored, error){
		"step":         func() (submission.Stored, error) { return s.Submissions.Submit(t.Context(), one) },
		"registration": func() (submission.Stored, error) { return s.Submissions.Register(t.Context(), registered) },
	} {
		t.Run(name, func(t *testing.T) {
			answers := make([]submission.Stored, 10)
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

func TestARowThatTenPeopleSendAtOnceIsOneComplaint(t *testing.T) {
	s := storetest.New(t)
	numbers, errs := make([]string, 10), make([]error, 10)
	var callers sync.WaitGroup
	for i := range numbers {
		callers.Go(func() {
			row := storetest.Registration()
			row.Key, row.By.Person = "import/old-system/A-1", complaint.PersonID("registrar-"+strconv.Itoa(i))
			stored, err := s.Submissions.Register(t.Context(), row)
			numbers[i], errs[i] = stored.Number, err
		})
	}
	callers.Wait()
	for i := range numbers {
		require.NoError(t, errs[i])
		require.Equal(t, numbers[0], numbers[i])
	}
}

func TestTenCallersWithOneKeyAndTenBodiesAreOneSubmission(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	refused := make([]error, 10)
	var callers sync.WaitGroup
	for i := range refused {
		callers.Go(func() {
			said := storetest.Said(l.Number, "same key", "different "+strconv.Itoa(i))
			said.At = time.Time{} // now
			_, refused[i] = s.Submissions.Submit(t.Context(), said)
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
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	first, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "key", "first words"))
	require.NoError(t, err)

	t.Run("long unanswered, other body: judged anew", func(t *testing.T) {
		second, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "key", "second words"))
		require.NoError(t, err)
		require.NotEqual(t, first.ID, second.ID)
		first = second
	})
	t.Run("refused, same body: judged anew", func(t *testing.T) {
		require.NoError(t, s.Submissions.Refuse(t.Context(), first.ID, complaint.Refusal{Code: complaint.CodeStepNotAllowed, Reason: complaint.ReasonWrongStage}))
		refused, err := s.Submissions.One(t.Context(), first.ID)
		require.NoError(t, err)
		require.Equal(t, complaint.ReasonWrongStage, refused.Refusal.Reason)
		second, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "key", "second words"))
		require.NoError(t, err)
		require.False(t, second.Repeated)
		require.NotEqual(t, first.ID, second.ID)
		first = second
	})
	err = s.Writes.Commit(t.Context(), l.Note(first))
	require.NoError(t, err)
	t.Run("accepted, same body: the first answer", func(t *testing.T) {
		again, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "key", "second words"))
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Equal(t, submission.Accepted, again.State)
		require.Equal(t, 2, again.Result.Revision)
	})
	t.Run("accepted, other body: refused", func(t *testing.T) {
		_, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "key", "third words"))
		require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
	})
	t.Run("somebody else's key is another key", func(t *testing.T) {
		theirs := storetest.Said(l.Number, "key", "third words")
		theirs.By.Person = "wang-fang"
		_, err := s.Submissions.Submit(t.Context(), theirs)
		require.NoError(t, err)
	})
	t.Run("without a key nothing is a repetition", func(t *testing.T) {
		one, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "", "words"))
		require.NoError(t, err)
		two, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "", "words"))
		require.NoError(t, err)
		require.NotEqual(t, one.ID, two.ID)
	})
}

func TestNumbersCountWithoutGapsInEachProcedureAndYear(t *testing.T) {
	s := storetest.New(t)
	repeated := storetest.Registration()
	for range 3 {
		_, err := s.Submissions.Register(t.Context(), repeated)
		require.NoError(t, err)
	}
	require.Equal(t, "CS-2026-000002", s.Register(t).Number, "repetitions take no number")
	require.Equal(t, "CS-2027-000001", s.Register(t, func(r *submission.Registration) { r.Year = 2027 }).Number)
	require.Equal(t, "RE-1-2026", s.Register(t, func(r *submission.Registration) {
		r.NumberPattern, r.Facts.Registration = "RE-{sequence}-{year}", &complaint.Registration{Procedure: "real-estate-project", Version: 1}
	}).Number)

	var all sync.WaitGroup
	numbers := make([]string, 20)
	for i := range numbers {
		r := storetest.Registration()
		all.Go(func() {
			stored, err := s.Submissions.Register(t.Context(), r)
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
	s := storetest.New(t)
	stored := s.Register(t, func(r *submission.Registration) { r.RelayAfter = time.Nanosecond })

	file, err := s.Reading.Complaint(t.Context(), stored.Number)
	require.NoError(t, err)
	require.Equal(t, reading.Pending, file.Standing)
	require.Equal(t, complaint.Received, file.Stage)
	require.Equal(t, storetest.Friday, file.RegisteredAt.UTC())
	require.Equal(t, "张伟", file.Customer.Name)
	require.JSONEq(t, string(stored.Body), string(file.Words))

	claimed, err := s.Submissions.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.Equal(t, stored.AsStep(), claimed[0].AsStep(), "the workflow gets what it would have got at once")
	again, err := s.Submissions.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, again, "somebody has it")

	lost, err := s.Submissions.ClaimRegistrations(t.Context(), 10, time.Nanosecond)
	require.NoError(t, err)
	require.Empty(t, lost)
	_, w := storetest.Begun(stored)
	err = s.Writes.Commit(t.Context(), w)
	require.NoError(t, err)
	file, err = s.Reading.Complaint(t.Context(), stored.Number)
	require.NoError(t, err)
	require.Equal(t, reading.Live, file.Standing)
}

// First review: D5.
func TestARegistrationThatCanNotBeReadKeepsNoOtherWaiting(t *testing.T) {
	s := storetest.New(t)
	soon := func(r *submission.Registration) { r.RelayAfter = time.Nanosecond }
	stuck, other := s.Register(t, soon), s.Register(t, soon)
	s.SQL(t, `UPDATE submissions SET facts = '{"register": 7}' WHERE number = '`+stuck.Number+`'`)
	claimed, err := s.Submissions.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.ErrorContains(t, err, "decode the facts of submission "+stuck.ID)
	require.Len(t, claimed, 1)
	require.Equal(t, other.Number, claimed[0].Number)
}

func TestARegistrationNobodyTookUpKeepsItsKey(t *testing.T) {
	s := storetest.New(t)
	r := storetest.Registration()
	_, err := s.Submissions.Register(t.Context(), r)
	require.NoError(t, err)
	r.Body = []byte(`{"narrative": "something else"}`)
	_, err = s.Submissions.Register(t.Context(), r)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
}

func TestARefusedRegistrationIsOnNoList(t *testing.T) {
	s := storetest.New(t)
	stored := s.Register(t)
	require.NoError(t, s.Submissions.Refuse(t.Context(), stored.ID, complaint.Refusal{Code: complaint.CodeForbidden}))
	listed, _, err := s.Reading.List(t.Context(), reading.Viewer{Person: "auditor", All: true}, reading.Filter{}, "", 0)
	require.NoError(t, err)
	require.Empty(t, listed)
	claimed, err := s.Submissions.ClaimRegistrations(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, claimed)
	tampered, err := s.Record.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, tampered, "its number was given out and is accounted for")
}

// First review: C6.
func TestAnAddressHasNoMoreComplaintsThanItMayThoughTheyComeAtOnce(t *testing.T) {
	s := storetest.New(t)
	var all sync.WaitGroup
	var refused atomic.Int32
	for range 8 {
		r := storetest.Registration()
		r.By.Person, r.At, r.MostOnWeb, r.WebSince = complaint.Customer, time.Time{}, 3, time.Now().Add(-time.Hour)
		all.Go(func() {
			if _, err := s.Submissions.Register(t.Context(), r); err != nil {
				var tooMany *submission.TooMany
				require.ErrorAs(t, err, &tooMany)
				require.WithinDuration(t, time.Now(), tooMany.Oldest, time.Minute)
				refused.Add(1)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 5, refused.Load())
	require.Equal(t, "CS-2026-000004", s.Register(t).Number, "those that were refused took no number")
}
