package published_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestAProcedureIsPublishedAsTheNextVersion(t *testing.T) {
	s := storetest.New(t)
	stamp, err := s.Published.Stamp(t.Context())
	require.NoError(t, err)
	first, err := s.Published.Publish(t.Context(), published.Procedure, "courier-station", "procedure: courier-station", "admin")
	require.NoError(t, err)
	require.Equal(t, 1, first.Version)
	require.True(t, first.New)
	same, err := s.Published.Publish(t.Context(), published.Procedure, "courier-station", "procedure: courier-station", "somebody")
	require.NoError(t, err)
	require.Equal(t, 1, same.Version, "the same document is the same version")
	require.False(t, same.New)
	second, err := s.Published.Publish(t.Context(), published.Procedure, "courier-station", "procedure: courier-station # better", "admin")
	require.NoError(t, err)
	require.Equal(t, 2, second.Version)
	changed, err := s.Published.Stamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, stamp, changed)

	old, err := s.Published.Version(t.Context(), published.Procedure, "courier-station", 1)
	require.NoError(t, err)
	require.Equal(t, first.Body, old.Body)
	_, err = s.Published.Version(t.Context(), published.Procedure, "courier-station", 3)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = s.Published.Newest(t.Context(), published.Procedure, "restaurant")
	require.ErrorIs(t, err, store.ErrNotFound)

	_, err = s.Published.Publish(t.Context(), published.Calendar, "cn", "calendar: cn", "admin")
	require.NoError(t, err)
	_, err = s.Published.Publish(t.Context(), published.Directory, "courier-station", "people: []", "admin")
	require.NoError(t, err)
	newest, err := s.Published.All(t.Context(), published.Procedure)
	require.NoError(t, err)
	require.Equal(t, 2, newest[0].Version)
	calendars, err := s.Published.All(t.Context(), published.Calendar)
	require.NoError(t, err)
	require.Equal(t, "calendar: cn", calendars[0].Body)
	directories, err := s.Published.All(t.Context(), published.Directory)
	require.NoError(t, err)
	require.Equal(t, "courier-station", directories[0].ID)
}

func TestTwoWhoPublishAtOnceMakeOneVersion(t *testing.T) {
	s := storetest.New(t)
	var publishers sync.WaitGroup
	for range 5 {
		publishers.Go(func() {
			once, err := s.Published.Publish(t.Context(), published.Calendar, "cn", "calendar: cn", "admin")
			require.NoError(t, err)
			require.Equal(t, 1, once.Version)
		})
	}
	publishers.Wait()
}
