package links_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/link"
	"recourse/internal/store"
	"recourse/internal/store/links"
	"recourse/internal/store/storetest"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestALinkIsGoodUntilItIsRevoked(t *testing.T) {
	s := storetest.New(t)
	link, err := s.Links.Issue(t.Context(), "CS-2026-000001", "answer", 2, storetest.Friday)
	require.NoError(t, err)
	found, err := s.Links.One(t.Context(), link.ID)
	require.NoError(t, err)
	require.Equal(t, link, found)
	require.ErrorIs(t, s.Links.Revoke(t.Context(), "CS-2026-000002", link.ID, "li-na"), store.ErrNotFound, "not of this complaint")
	require.NoError(t, s.Links.Revoke(t.Context(), "CS-2026-000001", link.ID, "li-na"))
	require.ErrorIs(t, s.Links.Revoke(t.Context(), "CS-2026-000001", link.ID, "li-na"), store.ErrNotFound)
	links, err := s.Links.Of(t.Context(), "CS-2026-000001")
	require.NoError(t, err)
	require.NotNil(t, links[0].RevokedAt)
	_, err = s.Links.One(t.Context(), "not an ID")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestALinkIsIssuedOnceForEachThingAndNotAgainAfterItWasRevoked(t *testing.T) {
	s := storetest.New(t)
	const number, month = "CS-2026-000001", 30 * 24 * time.Hour
	issue := func(purpose link.Purpose, subject int, now time.Time) (links.Link, error) {
		return s.Links.For(t.Context(), number, purpose, subject, now, 24*time.Hour, month)
	}
	first, err := issue("appeal", 0, storetest.Friday)
	require.NoError(t, err)
	require.Equal(t, storetest.Friday.Add(month), first.ExpiresAt)
	again, err := issue("appeal", 0, storetest.Friday.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID, "a reminder carries the same link")
	next, err := issue("appeal", 1, storetest.Friday)
	require.NoError(t, err)
	require.NotEqual(t, first.ID, next.ID, "the next closing has an appeal of its own")
	renewed, err := issue("appeal", 0, storetest.Friday.Add(month-time.Hour))
	require.NoError(t, err)
	require.NotEqual(t, first.ID, renewed.ID, "the first hardly holds any more")

	require.NoError(t, s.Links.Revoke(t.Context(), number, renewed.ID, "li-na"))
	_, err = issue("appeal", 0, storetest.Friday)
	require.ErrorIs(t, err, links.ErrRevoked)
	_, err = issue("appeal", 1, storetest.Friday)
	require.NoError(t, err, "which is another matter")
}
