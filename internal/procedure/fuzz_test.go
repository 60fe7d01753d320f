package procedure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/yamlfile"
	"recourse/procedures"
)

// Whatever a file holds, Parse gives a procedure that answers, or problems that
// each have a place.
func FuzzParse(f *testing.F) {
	for _, id := range []string{"courier-station", "real-estate-project"} {
		data, err := procedures.Files.ReadFile(id + ".yaml")
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add(small(f))
	people := people(f)
	calendars := calendars(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := procedure.Parse("fuzz.yaml", data)
		if err != nil {
			var problems yamlfile.Problems
			require.ErrorAs(t, err, &problems, "the error is a %T", err)
			require.NotEmpty(t, problems)
			for _, problem := range problems {
				require.Positive(t, problem.Line)
				require.Positive(t, problem.Column)
				require.NotEmpty(t, problem.Message)
			}
			return
		}
		c := proposed("12.50")
		c.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Category: p.CategoryCodes()[0]}
		p.Route(c)
		p.FollowUp(c)
		p.Approvers(complaint.MatterProposal, c)
		_ = p.Check(calendars, people)
	})
}
