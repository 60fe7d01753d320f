package record_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/internal/store/record"
	"recourse/internal/store/storetest"
)

// meaningHarm runs statements as somebody who owns the tables and has learned how to get past the
// triggers.
func meaningHarm(t *testing.T, s *storetest.Database, statements ...string) {
	t.Helper()
	all := []string{}
	for _, table := range []string{"record", "writes", "seals", "sealed_heads"} {
		all = append(all, "ALTER TABLE "+table+" DISABLE TRIGGER append_only")
	}
	s.SQL(t, append(all, statements...)...)
}

func TestTamperingIsFoundByNumberAndRow(t *testing.T) {
	for name, c := range map[string]struct {
		harm []string
		want []record.Tampered
	}{
		"nothing": {},
		"a row altered": {
			[]string{`UPDATE record SET data = replace(data::text, 'operations', 'dispatch')::json WHERE number = 'CS-2026-000002' AND sequence = 4`},
			[]record.Tampered{{Number: "CS-2026-000002", Sequence: 4, Finding: record.RowAltered}},
		},
		"a row said to be somebody else's": {
			[]string{`UPDATE record SET by = 'wang-fang' WHERE number = 'CS-2026-000002' AND sequence = 1`},
			[]record.Tampered{{Number: "CS-2026-000002", Sequence: 1, Finding: record.RowAltered}},
		},
		"a row dated back": {
			[]string{`UPDATE record SET at = at - interval '1 hour' WHERE number = 'CS-2026-000003' AND sequence = 6`},
			[]record.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: record.RowAltered}},
		},
		"a row deleted": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002' AND sequence = 3`},
			[]record.Tampered{{Number: "CS-2026-000002", Sequence: 3, Finding: record.RowMissing}},
		},
		"a row deleted, and the others moved up": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002' AND sequence = 3`,
				`UPDATE record SET sequence = 3 WHERE number = 'CS-2026-000002' AND sequence = 4`},
			[]record.Tampered{{Number: "CS-2026-000002", Sequence: 3, Finding: record.RowAltered}, {Number: "CS-2026-000002", Sequence: 4, Finding: record.RowMissing}},
		},
		"two rows exchanged": {
			[]string{`UPDATE record SET sequence = 100 WHERE number = 'CS-2026-000002' AND sequence = 2`,
				`UPDATE record SET sequence = 2 WHERE number = 'CS-2026-000002' AND sequence = 3`,
				`UPDATE record SET sequence = 3 WHERE number = 'CS-2026-000002' AND sequence = 100`},
			[]record.Tampered{{Number: "CS-2026-000002", Sequence: 2, Finding: record.RowAltered}, {Number: "CS-2026-000002", Sequence: 3, Finding: record.RowAltered},
				{Number: "CS-2026-000002", Sequence: 4, Finding: record.RowAltered}},
		},
		"the last row cut off": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003' AND sequence = 6`},
			[]record.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: record.RowMissing}, {Number: "CS-2026-000003", Sequence: 6, Finding: record.SealedRowMissing}},
		},
		"the last row cut off, and the complaint made to fit": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003' AND sequence = 6`,
				`UPDATE complaints SET recorded = 5, head_hash = (SELECT hash FROM record r WHERE r.number = 'CS-2026-000003' AND sequence = 5) WHERE number = 'CS-2026-000003'`},
			[]record.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: record.SealedRowMissing}},
		},
		"a row added": {
			[]string{`INSERT INTO record SELECT number, 7, at, by, kind, deadline, round, submission, words_digest, data, hash FROM record WHERE number = 'CS-2026-000001' AND sequence = 6`},
			[]record.Tampered{{Number: "CS-2026-000001", Sequence: 7, Finding: record.RowAltered}, {Number: "CS-2026-000001", Sequence: 7, Finding: record.RowUnaccounted}},
		},
		"a record deleted": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002'`},
			[]record.Tampered{{Number: "CS-2026-000002", Sequence: 1, Finding: record.RowMissing}, {Number: "CS-2026-000002", Sequence: 6, Finding: record.SealedRowMissing}},
		},
		"a complaint deleted with all that points to it": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000002'`, `DELETE FROM writes WHERE number = 'CS-2026-000002'`,
				`DELETE FROM complaints WHERE number = 'CS-2026-000002'`, `DELETE FROM submissions WHERE number = 'CS-2026-000002'`},
			[]record.Tampered{{Number: "CS-2026-000002", Finding: record.ComplaintMissing}, {Number: "CS-2026-000002", Sequence: 6, Finding: record.SealedRowMissing}},
		},
		"the last complaint deleted, and its number given back": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003'`, `DELETE FROM complaints WHERE number = 'CS-2026-000003'`, `UPDATE number_sequences SET last = 2`},
			[]record.Tampered{{Number: "CS-2026-000003", Sequence: 6, Finding: record.SealedRowMissing}},
		},
		"and its seal adjusted": {
			[]string{`DELETE FROM record WHERE number = 'CS-2026-000003'`, `DELETE FROM complaints WHERE number = 'CS-2026-000003'`, `UPDATE number_sequences SET last = 2`,
				`DELETE FROM sealed_heads WHERE number = 'CS-2026-000003'`},
			[]record.Tampered{{Sequence: 1, Finding: record.SealBroken}},
		},
		"words altered": {
			[]string{`UPDATE submissions SET body = '{"narrative": "all was well"}' WHERE number = 'CS-2026-000001'`},
			[]record.Tampered{{Number: "CS-2026-000001", Sequence: 1, Finding: record.WordsAltered}},
		},
		"words deleted": {
			[]string{`DELETE FROM submissions WHERE number = 'CS-2026-000001'`},
			[]record.Tampered{{Number: "CS-2026-000001", Sequence: 1, Finding: record.WordsMissing}},
		},
		"a complaint that never was": {
			[]string{`INSERT INTO record SELECT 'CS-2026-000999', sequence, at, by, kind, deadline, round, NULL, words_digest, data, hash FROM record WHERE number = 'CS-2026-000001' AND sequence = 2`},
			[]record.Tampered{{Number: "CS-2026-000999", Finding: record.ComplaintMissing}, {Number: "CS-2026-000999", Sequence: 1, Finding: record.RowMissing}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.New(t)
			for range 3 {
				s.Recorded(t)
			}
			sealNow(t, s)
			meaningHarm(t, s, c.harm...)
			var last record.Verified
			found, err := s.Record.Verify(t.Context(), func(v record.Verified) { last = v })
			require.NoError(t, err)
			require.Equal(t, c.want, places(found))
			if name != "a complaint that never was" { // which no seal and no complaint leads to
				grown, _, err := s.Record.VerifyGrown(t.Context(), 0, 0, "", nil)
				require.NoError(t, err)
				require.Equal(t, c.want, places(grown))
			}
			if c.harm == nil {
				require.Equal(t, record.Verified{Complaints: 3, Rows: 18, TotalRows: 18}, last)
			}
		})
	}
}

func TestWhatWasSealedLongAgoIsVerifiedOnceInFourWeeks(t *testing.T) {
	s := storetest.New(t)
	for range 3 {
		s.Recorded(t)
	}
	old := sealNow(t, s)
	meaningHarm(t, s, `UPDATE record SET by = 'wang-fang' WHERE number = 'CS-2026-000002' AND sequence = 1`)
	s.Recorded(t)
	sealNow(t, s)
	times, complaints := 0, 0
	for share := range record.Shares {
		found, done, err := s.Record.VerifyGrown(t.Context(), old.ID, share, "", nil)
		require.NoError(t, err)
		require.GreaterOrEqual(t, done.Complaints, int64(1), "what grew is verified every time")
		complaints += int(done.Complaints)
		if len(found) > 0 {
			times++
			require.Equal(t, []record.Tampered{{Number: "CS-2026-000002", Sequence: 1, Finding: record.RowAltered}}, places(found))
		}
	}
	require.Equal(t, 1, times)
	require.Equal(t, record.Shares+3, complaints, "the other three once")

	t.Run("and goes on after the number at which it was broken off", func(t *testing.T) {
		found, done, err := s.Record.VerifyGrown(t.Context(), 0, 0, "CS-2026-000002", nil)
		require.NoError(t, err)
		require.Empty(t, found)
		require.EqualValues(t, 2, done.Complaints)
	})
}

// places are findings without what stands there instead.
func places(found []record.Tampered) []record.Tampered {
	for i := range found {
		found[i].Stands = nil
	}
	return found
}

// sealNow seals what was just written.
func sealNow(t *testing.T, s *storetest.Database) record.Seal {
	t.Helper()
	seal, err := s.Record.Seal(t.Context())
	require.NoError(t, err)
	return seal
}

func TestASealKeptElsewhereShowsADatabaseSetBack(t *testing.T) {
	s := storetest.New(t)
	_, err := s.Record.Seal(t.Context())
	require.ErrorIs(t, err, store.ErrNotFound, "nothing to seal yet")
	s.Recorded(t)
	first := sealNow(t, s)
	again, err := s.Record.Seal(t.Context())
	require.NoError(t, err)
	require.Equal(t, first.Hash, again.Hash, "nothing grew")
	s.Recorded(t)
	kept := sealNow(t, s)
	require.Equal(t, int64(2), kept.ID)
	require.Equal(t, fmt.Sprintf("2:%x", kept.Hash), kept.String())

	there, err := s.Record.HasSeal(t.Context(), kept)
	require.NoError(t, err)
	require.True(t, there)
	meaningHarm(t, s, "DELETE FROM seals WHERE id = 2", "DELETE FROM sealed_heads WHERE seal = 2")
	there, err = s.Record.HasSeal(t.Context(), kept)
	require.NoError(t, err)
	require.False(t, there)
}

// First review: D6.
func TestAFindingThatWasAcceptedIsFoundAnewWhenTheRowIsChangedAgain(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	alter := func(by string) {
		meaningHarm(t, s, `UPDATE record SET by = '`+by+`' WHERE sequence = 2`)
	}
	accepted := func() bool {
		t.Helper()
		found, err := s.Record.Verify(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, found, 1)
		return found[0].Accepted != nil
	}
	_, err := s.Record.Accept(t.Context(), l.Number+"/2", "auditor", "looked at")
	require.ErrorIs(t, err, store.ErrNotFound, "there is nothing to accept")
	alter("wang-fang")
	require.False(t, accepted())
	_, err = s.Record.Accept(t.Context(), l.Number+"/2", "auditor", "put right by hand after the disk failed")
	require.NoError(t, err)
	require.True(t, accepted())
	alter("zhao-lei")
	require.False(t, accepted(), "what was looked at is gone")
}
