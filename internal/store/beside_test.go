package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store"
)

// A process beside a complaint reports by a signal, which has no submission of its own: it names the one whose step was taken.
func TestTheWordsOfAStepBesideTheComplaintAreSealedLikeAllOthers(t *testing.T) {
	for name, c := range map[string]struct {
		harm []string
		want []store.Tampered
	}{
		"nothing": {},
		"altered": {[]string{`UPDATE submissions SET body = '{"words": "nobody is to blame"}' WHERE step = 'note'`},
			[]store.Tampered{{Number: "CS-2026-000001", Sequence: 7, Finding: store.WordsAltered}}},
		"deleted": {[]string{`DELETE FROM submissions WHERE step = 'note'`},
			[]store.Tampered{{Number: "CS-2026-000001", Sequence: 7, Finding: store.WordsMissing}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, url := database(t)
			l, _ := recorded(t, s)
			judgement, err := s.Submit(t.Context(), submission(l.Number, "k", "he was told twice"))
			require.NoError(t, err)
			report := complaint.Step{Name: complaint.Report, Submission: "signal-1", By: complaint.Actor{Person: complaint.Procedure}, At: friday,
				Facts: complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: complaint.SideDone, TakenBy: "wang-fang", Submission: judgement.ID}}}
			err = s.Record(t.Context(), l.write("step:signal-1", complaint.Event{Kind: complaint.StepTaken, At: friday, By: complaint.Procedure, Step: &report}))
			require.NoError(t, err)

			sql(t, url, c.harm...)
			found, err := s.Verify(t.Context(), nil)
			require.NoError(t, err)
			require.Equal(t, c.want, found)
		})
	}
}
