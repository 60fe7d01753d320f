package published_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestAProcedureIsPublishedAsTheNextVersion(t *testing.T) {
	s := storetest.New(t)
	stamp, err := s.Published.Stamp(t.Context())
	require.NoError(t, err)
	first, err := s.Published.PublishProcedure(t.Context(), "courier-station", "procedure: courier-station", "admin")
	require.NoError(t, err)
	require.Equal(t, 1, first.Version)
	require.True(t, first.New)
	same, err := s.Published.PublishProcedure(t.Context(), "courier-station", "procedure: courier-station", "somebody")
	require.NoError(t, err)
	require.Equal(t, 1, same.Version, "the same document is the same version")
	require.False(t, same.New)
	second, err := s.Published.PublishProcedure(t.Context(), "courier-station", "procedure: courier-station # better", "admin")
	require.NoError(t, err)
	require.Equal(t, 2, second.Version)
	changed, err := s.Published.Stamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, stamp, changed)

	old, err := s.Published.Procedure(t.Context(), "courier-station", 1)
	require.NoError(t, err)
	require.Equal(t, first.Body, old.Body)
	_, err = s.Published.Procedure(t.Context(), "courier-station", 3)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = s.Published.NewestProcedure(t.Context(), "restaurant")
	require.ErrorIs(t, err, store.ErrNotFound)

	_, err = s.Published.PublishCalendar(t.Context(), "cn", "calendar: cn", "admin")
	require.NoError(t, err)
	_, err = s.Published.PublishDirectory(t.Context(), "courier-station", "people: []", "admin")
	require.NoError(t, err)
	newest, err := s.Published.Procedures(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, newest[0].Version)
	calendars, err := s.Published.Calendars(t.Context())
	require.NoError(t, err)
	require.Equal(t, "calendar: cn", calendars[0].Body)
	directories, err := s.Published.Directories(t.Context())
	require.NoError(t, err)
	require.Equal(t, "courier-station", directories[0].ID)
}

func TestTwoWhoPublishAtOnceMakeOneVersion(t *testing.T) {
	s := storetest.New(t)
	var publishers sync.WaitGroup
	for range 5 {
		publishers.Go(func() {
			published, err := s.Published.PublishCalendar(t.Context(), "cn", "calendar: cn", "admin")
			require.NoError(t, err)
			require.Equal(t, 1, published.Version)
		})
	}
	publishers.Wait()
}
