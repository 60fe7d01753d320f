package erasure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/store"
	"recourse/internal/store/attachment"
	"recourse/internal/store/learning"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestErasureTakesTheWordsAndLeavesTheRecordWhole(t *testing.T) {
	s := storetest.New(t)
	l, stored := s.Recorded(t)
	said, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "k", "the customer lives at the red door"))
	require.NoError(t, err)
	err = s.Writes.Commit(t.Context(), l.Note(said))
	require.NoError(t, err)
	attached, err := s.Attachments.Add(t.Context(), attachment.Attachment{Number: l.Number, Name: "door.jpg", MediaType: "image/jpeg", Content: []byte("red"), AddedBy: "li-na"})
	require.NoError(t, err)
	link, err := s.Links.Issue(t.Context(), l.Number, "follow", 0, time.Now().Add(time.Hour))
	require.NoError(t, err)
	s.Assess(t, l, "The red door", "Zhang Wei was not at home.")
	before, err := s.Record.Page(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)

	drawn, err := s.Learning.DrawSpotCheck(t.Context(), learning.Draw{From: storetest.Friday.AddDate(-1, 0, 0), To: storetest.Friday.AddDate(1, 0, 0), Size: learning.Exactly(1), By: "headquarters"})
	require.NoError(t, err)
	require.NoError(t, s.Learning.RecordSpotCheck(t.Context(), drawn[0].Draw, l.Number, "Zhang Wei was called twice.", "headquarters"))

	require.NoError(t, s.Erasure.Erase(t.Context(), l.Number, "admin"))

	library, _, err := s.Learning.Cases(t.Context(), "headquarters", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, library)
	checked, _, err := s.Learning.SpotChecks(t.Context(), "headquarters", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, checked[0].Finding)
	require.NotNil(t, checked[0].CheckedAt, "that it was looked at stays")
	file, err := s.Reading.Complaint(t.Context(), l.Number)
	require.NoError(t, err)
	require.Nil(t, file.Words)
	require.Equal(t, submission.Customer{Language: "zh-CN", Erased: true}, file.Customer)
	for _, id := range []string{stored.ID, said.ID} {
		submitted, err := s.Submissions.One(t.Context(), id)
		require.NoError(t, err)
		require.Nil(t, submitted.Body)
		require.True(t, submitted.Erased)
	}
	gone, err := s.Attachments.One(t.Context(), l.Number, attached.ID)
	require.NoError(t, err)
	require.Empty(t, gone.Name)
	require.Nil(t, gone.Content)
	revoked, err := s.Links.One(t.Context(), link.ID)
	require.NoError(t, err)
	require.NotNil(t, revoked.RevokedAt)
	for _, words := range []string{"张伟", "8000", "AB12345678"} {
		found, _, err := s.Reading.List(t.Context(), reading.Viewer{All: true}, reading.Filter{Query: words}, "", 0)
		require.NoError(t, err)
		require.Empty(t, found, words)
	}
	found, _, err := s.Reading.List(t.Context(), reading.Viewer{All: true}, reading.Filter{Query: "000001"}, "", 0)
	require.NoError(t, err)
	require.Len(t, found, 1, "still found by its number")
	_, err = s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "k", "the customer lives at the red door"))
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch, "an old key doesn't bring the words back")

	after, err := s.Record.Page(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)
	require.Equal(t, before, after)
	tampered, err := s.Record.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, tampered)
	var left int
	require.NoError(t, s.Pool.QueryRow(t.Context(), `SELECT count(*) FROM submissions WHERE salt IS NOT NULL`).Scan(&left))
	require.Zero(t, left, "without the salt nobody can try out what the words were")
	require.ErrorIs(t, s.Erasure.Erase(t.Context(), "CS-2026-999999", "admin"), store.ErrNotFound)
}
