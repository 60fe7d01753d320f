package away_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/away"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestAnAbsenceEndsWhenItsTimeComesOrEarlier(t *testing.T) {
	s := storetest.New(t)
	entered, err := s.Absences.Enter(t.Context(), away.Absence{Person: "zhao-lei", From: storetest.Friday, To: storetest.Friday.Add(48 * time.Hour), EnteredBy: "admin"})
	require.NoError(t, err)
	_, err = s.Absences.Enter(t.Context(), away.Absence{Person: "zhao-lei", From: storetest.Friday, To: storetest.Friday})
	require.ErrorContains(t, err, "must begin")
	those, err := s.Absences.Since(t.Context(), storetest.Friday.Add(47*time.Hour))
	require.NoError(t, err)
	require.Equal(t, []away.Absence{entered}, those)
	require.NoError(t, s.Absences.End(t.Context(), entered.Person, entered.ID, storetest.Friday.Add(24*time.Hour)))
	those, err = s.Absences.Since(t.Context(), storetest.Friday.Add(47*time.Hour))
	require.NoError(t, err)
	require.Empty(t, those)
	require.ErrorIs(t, s.Absences.End(t.Context(), entered.Person, entered.ID, storetest.Friday.Add(36*time.Hour)), store.ErrNotFound)
	ahead, err := s.Absences.Enter(t.Context(), away.Absence{Person: "zhao-lei", From: storetest.Friday.Add(time.Hour), To: storetest.Friday.Add(72 * time.Hour), EnteredBy: "admin"})
	require.NoError(t, err)
	require.ErrorIs(t, s.Absences.End(t.Context(), "sun-hao", ahead.ID, storetest.Friday), store.ErrNotFound, "another person's")
	require.NoError(t, s.Absences.End(t.Context(), ahead.Person, ahead.ID, storetest.Friday), "before it begins")
	those, err = s.Absences.Since(t.Context(), storetest.Friday)
	require.NoError(t, err)
	require.Len(t, those, 1, "only the first")
	all, err := s.Absences.Of(t.Context(), "zhao-lei")
	require.NoError(t, err)
	require.Len(t, all, 2)

	l, _ := s.Recorded(t)
	open, err := s.Reading.OpenComplaintsOf(t.Context(), complaint.Actor{Person: "zhao-lei"})
	require.NoError(t, err)
	require.Equal(t, []string{l.Number}, open)
}
