package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
)

// meaningHarm runs statements as somebody who owns the tables and has learned how to get past the triggers.
func meaningHarm(t *testing.T, url string, statements ...string) {
	t.Helper()
	all := []string{}
	for _, table := range []string{"record", "writes", "seals", "sealed_heads"} {
		all = append(all, "ALTER TABLE "+table+" DISABLE TRIGGER append_only")
	}
	sql(t, url, append(all, statements...)...)
}

func TestTamperingIsFoundByNumberAndRow(t *testing.T) {
	for name, c := range map[string]struct {
		harm []string
		want []store.Tampered
	}{
		"nothing": {},
		"a row altered": {
			[]string{`UPDATE record SET data = replace(data::text, 'operations', 'dispatch')::json WHERE number = 'CS-2026-000002' AND sequence = 4`},
			[]store.Tampered{{Number: "CS-2026-000002", Sequence: 4, Finding: store.RowAltered}},
		},
		"a row said to be somebody else's": {
			[]string{`UPDATE record SET by = 'wang-fang' WHERE number = 'CS-2026-000002' AND sequence = 1`},
			[]store.Tampered{{Number: "CS-2026-000002", Sequence: 1, Finding: store.RowAltered}},
		},
		"a row dated back": {
			[]string{`UPDATE record SET at = at - interval '1 hour' WHERE number = 'CS-2026-000003' AND sequence = 6`},
			[]store.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: store.RowAltered}},
		},
		"a row deleted": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002' AND sequence = 3`},
			[]store.Tampered{{Number: "CS-2026-000002", Sequence: 3, Finding: store.RowMissing}},
		},
		"a row deleted, and the others moved up": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002' AND sequence = 3`,
				`UPDATE record SET sequence = 3 WHERE number = 'CS-2026-000002' AND sequence = 4`},
			[]store.Tampered{{Number: "CS-2026-000002", Sequence: 3, Finding: store.RowAltered}, {Number: "CS-2026-000002", Sequence: 4, Finding: store.RowMissing}},
		},
		"two rows exchanged": {
			[]string{`UPDATE record SET sequence = 100 WHERE number = 'CS-2026-000002' AND sequence = 2`,
				`UPDATE record SET sequence = 2 WHERE number = 'CS-2026-000002' AND sequence = 3`,
				`UPDATE record SET sequence = 3 WHERE number = 'CS-2026-000002' AND sequence = 100`},
			[]store.Tampered{{Number: "CS-2026-000002", Sequence: 2, Finding: store.RowAltered}, {Number: "CS-2026-000002", Sequence: 3, Finding: store.RowAltered},
				{Number: "CS-2026-000002", Sequence: 4, Finding: store.RowAltered}},
		},
		"the last row cut off": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003' AND sequence = 6`},
			[]store.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: store.RowMissing}, {Number: "CS-2026-000003", Sequence: 6, Finding: store.SealedRowMissing}},
		},
		"the last row cut off, and the complaint made to fit": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003' AND sequence = 6`,
				`UPDATE complaints SET recorded = 5, head_hash = (SELECT hash FROM record r WHERE r.number = 'CS-2026-000003' AND sequence = 5) WHERE number = 'CS-2026-000003'`},
			[]store.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: store.SealedRowMissing}},
		},
		"a row added": {
			[]string{`INSERT INTO record SELECT number, 7, at, by, kind, deadline, round, submission, words_digest, data, hash FROM record WHERE number = 'CS-2026-000001' AND sequence = 6`},
			[]store.Tampered{{Number: "CS-2026-000001", Sequence: 7, Finding: store.RowAltered}, {Number: "CS-2026-000001", Sequence: 7, Finding: store.RowUnaccounted}},
		},
		"a record deleted": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002'`},
			[]store.Tampered{{Number: "CS-2026-000002", Sequence: 1, Finding: store.RowMissing}, {Number: "CS-2026-000002", Sequence: 6, Finding: store.SealedRowMissing}},
		},
		"a complaint deleted with all that points to it": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002'`, `DELETE FROM writes WHERE number = 'CS-2026-000002'`,
				`DELETE FROM complaints WHERE number = 'CS-2026-000002'`, `DELETE FROM submissions WHERE number = 'CS-2026-000002'`},
			[]store.Tampered{{Number: "CS-2026-000002", Finding: store.ComplaintMissing}, {Number: "CS-2026-000002", Sequence: 6, Finding: store.SealedRowMissing}},
		},
		"the last complaint deleted, and its number given back": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003'`, `DELETE FROM complaints WHERE number = 'CS-2026-000003'`, `UPDATE number_sequences SET last = 2`},
			[]store.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: store.SealedRowMissing}},
		},
		"and its seal adjusted": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003'`, `DELETE FROM complaints WHERE number = 'CS-2026-000003'`, `UPDATE number_sequences SET last = 2`,
				`DELETE FROM sealed_heads WHERE number = 'CS-2026-000003'`},
			[]store.Tampered{{Sequence: 1, Finding: store.SealBroken}},
		},
		"words altered": {
			[]string{`UPDATE submissions SET body = '{"narrative": "all was well"}' WHERE number = 'CS-2026-000001'`},
			[]store.Tampered{{Number: "CS-2026-000001", Sequence: 1, Finding: store.WordsAltered}},
		},
		"words deleted": {
			[]string{`DELETE FROM submissions WHERE number = 'CS-2026-000001'`},
			[]store.Tampered{{Number: "CS-2026-000001", Sequence: 1, Finding: store.WordsMissing}},
		},
		"a complaint that never was": {
			[]string{`INSERT INTO record SELECT 'CS-2026-000999', sequence, at, by, kind, deadline, round, NULL, words_digest, data, hash FROM record WHERE number = 'CS-2026-000001' AND sequence = 2`},
			[]store.Tampered{{Number: "CS-2026-000999", Finding: store.ComplaintMissing}, {Number: "CS-2026-000999", Sequence: 1, Finding: store.RowMissing}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, url := database(t)
			for range 3 {
				recorded(t, s)
			}
			sealNow(t, s)
			meaningHarm(t, url, c.harm...)
			var last store.Verified
			found, err := s.Verify(t.Context(), func(v store.Verified) { last = v })
			require.NoError(t, err)
			require.Equal(t, c.want, found)
			if name != "a complaint that never was" { // which no seal and no complaint leads to
				grown, _, err := s.VerifyGrown(t.Context(), 0, 0, "", nil)
				require.NoError(t, err)
				require.Equal(t, c.want, grown)
			}
			if c.harm == nil {
				require.Equal(t, store.Verified{Complaints: 3, Rows: 18, TotalRows: 18}, last)
			}
		})
	}
}

func TestWhatWasSealedLongAgoIsVerifiedOnceInFourWeeks(t *testing.T) {
	s, url := database(t)
	for range 3 {
		recorded(t, s)
	}
	old := sealNow(t, s)
	meaningHarm(t, url, `UPDATE record SET by = 'wang-fang' WHERE number = 'CS-2026-000002' AND sequence = 1`)
	recorded(t, s)
	sealNow(t, s)
	times, complaints := 0, 0
	for share := range store.Shares {
		found, done, err := s.VerifyGrown(t.Context(), old.ID, share, "", nil)
		require.NoError(t, err)
		require.GreaterOrEqual(t, done.Complaints, int64(1), "what grew is verified every time")
		complaints += int(done.Complaints)
		if len(found) > 0 {
			times++
			require.Equal(t, []store.Tampered{{Number: "CS-2026-000002", Sequence: 1, Finding: store.RowAltered}}, found)
		}
	}
	require.Equal(t, 1, times)
	require.Equal(t, store.Shares+3, complaints, "the other three once")

	t.Run("and goes on after the number at which it was broken off", func(t *testing.T) {
		found, done, err := s.VerifyGrown(t.Context(), 0, 0, "CS-2026-000002", nil)
		require.NoError(t, err)
		require.Empty(t, found)
		require.EqualValues(t, 2, done.Complaints)
	})
}

// sealNow seals what was just written.
func sealNow(t *testing.T, s *store.Store) store.Seal {
	t.Helper()
	seal, err := s.SealOlderThan(t.Context(), 0)
	require.NoError(t, err)
	return seal
}

func TestASealKeptElsewhereShowsADatabaseSetBack(t *testing.T) {
	s, url := database(t)
	_, err := s.Seal(t.Context())
	require.ErrorIs(t, err, store.ErrNotFound, "nothing to seal yet")
	recorded(t, s)
	first := sealNow(t, s)
	again, err := s.Seal(t.Context())
	require.NoError(t, err)
	require.Equal(t, first.Hash, again.Hash, "nothing grew")
	recorded(t, s)
	kept := sealNow(t, s)
	require.Equal(t, int64(2), kept.ID)
	require.Equal(t, fmt.Sprintf("2:%x", kept.Hash), kept.String())

	there, err := s.HasSeal(t.Context(), kept)
	require.NoError(t, err)
	require.True(t, there)
	meaningHarm(t, url, "DELETE FROM seals WHERE id = 2", "DELETE FROM sealed_heads WHERE seal = 2")
	there, err = s.HasSeal(t.Context(), kept)
	require.NoError(t, err)
	require.False(t, there)
}

func TestErasureTakesTheWordsAndLeavesTheRecordWhole(t *testing.T) {
	s, url := database(t)
	l, stored := recorded(t, s)
	said, err := s.Submit(t.Context(), submission(l.Number, "k", "the customer lives at the red door"))
	require.NoError(t, err)
	err = s.Record(t.Context(), note(l, said))
	require.NoError(t, err)
	attached, err := s.AddAttachment(t.Context(), store.Attachment{Number: l.Number, Name: "door.jpg", MediaType: "image/jpeg", Content: []byte("red"), AddedBy: "li-na"})
	require.NoError(t, err)
	link, err := s.IssueLink(t.Context(), l.Number, "follow", 0, time.Now().Add(time.Hour))
	require.NoError(t, err)
	before, err := s.RecordPage(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)

	require.NoError(t, s.SaveCase(t.Context(), store.Case{Number: l.Number, Title: "The red door", Body: "Zhang Wei was not at home.", DraftedBy: "li-na"}))
	drawn, err := s.DrawSpotCheck(t.Context(), store.Draw{From: friday.AddDate(-1, 0, 0), To: friday.AddDate(1, 0, 0), Size: store.Exactly(1), By: "headquarters"})
	require.NoError(t, err)
	require.NoError(t, s.RecordSpotCheck(t.Context(), drawn[0].Draw, l.Number, "Zhang Wei was called twice.", "headquarters"))

	require.NoError(t, s.Erase(t.Context(), l.Number, "admin"))

	library, _, err := s.Cases(t.Context(), "headquarters", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, library)
	checked, _, err := s.SpotChecks(t.Context(), "headquarters", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, checked[0].Finding)
	require.NotNil(t, checked[0].CheckedAt, "that it was looked at stays")
	file, err := s.Complaint(t.Context(), l.Number)
	require.NoError(t, err)
	require.Nil(t, file.Words)
	require.Equal(t, store.Customer{Language: "zh-CN", Erased: true}, file.Customer)
	for _, id := range []string{stored.ID, said.ID} {
		submitted, err := s.Submission(t.Context(), id)
		require.NoError(t, err)
		require.Nil(t, submitted.Body)
		require.True(t, submitted.Erased)
	}
	gone, err := s.Attachment(t.Context(), l.Number, attached.ID)
	require.NoError(t, err)
	require.Empty(t, gone.Name)
	require.Nil(t, gone.Content)
	revoked, err := s.Link(t.Context(), link.ID)
	require.NoError(t, err)
	require.NotNil(t, revoked.RevokedAt)
	for _, words := range []string{"张伟", "8000", "AB12345678"} {
		found, _, err := s.List(t.Context(), store.Viewer{All: true}, store.Filter{Query: words}, "", 0)
		require.NoError(t, err)
		require.Empty(t, found, words)
	}
	found, _, err := s.List(t.Context(), store.Viewer{All: true}, store.Filter{Query: "000001"}, "", 0)
	require.NoError(t, err)
	require.Len(t, found, 1, "still found by its number")
	_, err = s.Submit(t.Context(), submission(l.Number, "k", "the customer lives at the red door"))
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch, "an old key doesn't bring the words back")

	after, err := s.RecordPage(t.Context(), l.Number, 0, 0)
	require.NoError(t, err)
	require.Equal(t, before, after)
	tampered, err := s.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, tampered)
	var left int
	require.NoError(t, queryRow(t, url, &left, `SELECT count(*) FROM submissions WHERE salt IS NOT NULL`))
	require.Zero(t, left, "without the salt nobody can try out what the words were")
	require.ErrorIs(t, s.Erase(t.Context(), "CS-2026-999999", "admin"), store.ErrNotFound)
}
