package record_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store/record"
	"recourse/internal/store/storetest"
)

// A process beside a complaint reports by a signal, which has no submission of its own: it names
// the one whose step was taken.
func TestTheWordsOfAStepBesideTheComplaintAreSealedLikeAllOthers(t *testing.T) {
	for name, c := range map[string]struct {
		harm []string
		want []record.Tampered
	}{
		"nothing": {},
		"altered": {[]string{`UPDATE submissions SET body = '{"words": "nobody is to blame"}' WHERE step = 'note'`},
			[]record.Tampered{{Number: "CS-2026-000001", Sequence: 7, Finding: record.WordsAltered}}},
		"deleted": {[]string{`DELETE FROM submissions WHERE step = 'note'`},
			[]record.Tampered{{Number: "CS-2026-000001", Sequence: 7, Finding: record.WordsMissing}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.New(t)
			l, _ := s.Recorded(t)
			judgement, err := s.Submissions.Submit(t.Context(), storetest.Said(l.Number, "k", "he was told twice"))
			require.NoError(t, err)
			report := complaint.Step{Name: complaint.Report, Submission: "signal-1", By: complaint.Actor{Person: complaint.Procedure}, At: storetest.Friday,
				Facts: complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: complaint.SideDone, TakenBy: "wang-fang", Submission: judgement.ID}}}
			err = s.Writes.Commit(t.Context(), l.Write("step:signal-1", complaint.Event{Kind: complaint.StepTaken, At: storetest.Friday, By: complaint.Procedure, Step: &report}))
			require.NoError(t, err)

			s.SQL(t, c.harm...)
			found, err := s.Record.Verify(t.Context(), nil)
			require.NoError(t, err)
			require.Equal(t, c.want, places(found))
		})
	}
}
